"""Grade again after a change of checks, say whose points change and why, and write it only after a yes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..course.layout import Layout
from ..grading.record import Record
from .changes import PARTS, Change, change_of
from .console import one_line, print_summary
from .interrupts import Stop, StopNow
from .model import Options, Progress, named_errors
from .pending import PendingVerdicts
from .run import finish, note_start, opened, store, students_of
from .scheduler import Scheduler

if TYPE_CHECKING:
    from rich.console import Console

_AT_ONCE = 50


def regrade(
    layout: Layout, options: Options, progress: Progress, to: Console, *, details: bool, yes: bool, as_json: bool
) -> int:
    """Run the whole of it and return the exit code; raises UsageError, Refused, BatchAborted."""
    students = students_of(layout, options.students, options.excepted)
    with (
        opened(layout, options, progress) as (scheduler, stop),
        named_errors(layout.results),
        PendingVerdicts(layout) as pending,
    ):
        because = _because(scheduler)
        note_start(scheduler, options, len(students), "regrade")
        try:
            scheduler.grade(students, stop, pending.add)
        except StopNow:
            scheduler.summary.interrupted = True
        if scheduler.summary.interrupted:
            to.print("Stopped before there was anything to say; nothing was rewritten.", highlight=False)
            return 130
        _end_display(progress)
        report = RegradeSummary(scheduler, pending, because)
        report.print(to, details)
        plain = report.as_dict() if as_json else {}
        agreed = bool(len(pending)) and (yes or _asked(stop))
        if agreed:
            _write(layout, scheduler, options, pending, students)
            print_summary(scheduler.summary, layout, to)
        else:
            for note in scheduler.summary.notes:
                to.print(note, highlight=False, markup=False)
            if len(pending):
                to.print("Nothing was rewritten. With --yes it is.", highlight=False)
        if as_json:
            print(json.dumps({**plain, "rewritten": agreed}, sort_keys=True))
        return scheduler.summary.exit_code


def _end_display(progress: Progress) -> None:
    end = getattr(progress, "end", None)
    if end is not None:
        end()


def _asked(stop: Stop) -> bool:
    """Whether the person at the terminal says yes; without a terminal there is nobody to say it."""
    if not sys.stdin.isatty():
        return False
    try:
        stop.asked = True  # so that the first Ctrl-C counts: it means no
        print("Rewrite results, feedback and gradebook? [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except StopNow:
        return False
    finally:
        stop.asked = False


def _because(scheduler: Scheduler) -> list[str]:
    """What of the things that verdicts depend on is not what it was in the last batch."""
    before = scheduler.journal.origin.get("grader")
    if not isinstance(before, dict):
        return []
    now = scheduler.spec.parts
    return [words for name, words in PARTS.items() if before.get(name) != json.loads(json.dumps(now.get(name)))]


def _write(
    layout: Layout, scheduler: Scheduler, options: Options, pending: PendingVerdicts, students: list[str]
) -> None:
    """Write what was proposed: pages and verdicts some at a time, then results and gradebook."""
    note_start(scheduler, options, len(students))
    waiting = []
    for one in pending:
        waiting.append(one)
        if len(waiting) == _AT_ONCE:
            scheduler.summary.failures |= store(layout, scheduler.journal, waiting)
            waiting = []
    scheduler.summary.failures |= store(layout, scheduler.journal, waiting)
    finish(layout, scheduler.journal, students, options, scheduler.summary)
    with named_errors(scheduler.journal.path):
        scheduler.journal.note("end", fresh=len(pending), failed=len(scheduler.summary.failures), interrupted=False)


class RegradeSummary:
    """What a regrade has to say: counted while the pending verdicts are read, so that no cohort is held in memory."""

    def __init__(self, scheduler: Scheduler, pending: PendingVerdicts, because: list[str]) -> None:
        self._journal, self._failures = scheduler.journal, scheduler.summary.failures
        self._pending, self._because = pending, because

    def changes(self) -> Iterator[Change]:
        """Every student whose verdict differs, by name."""
        for one in self._pending:
            before = next((Record.from_result(result) for result, _ in self._journal.results([one.student])), None)
            change = change_of(before, Record.from_result(one.result))
            if change is not None:
                yield change

    def print(self, to: Console, details: bool) -> None:
        """Say it to people: one line a student whose verdict differs, with details why, then the sums."""

        def say(text: str) -> None:
            to.print(text, markup=False, highlight=False, soft_wrap=True)

        if not len(self._pending):
            say("Nothing to grade again: every verdict is of the present checks, seed, points and submissions.")
            return
        kinds: Counter[str] = Counter()
        for change in self.changes():
            kinds[change.kind] += 1
            if details or change.kind != "findings":
                say(f"{one_line(change.student)}: {change.summary}")
            for line in change.lines if details else ():
                say(f"    {one_line(line)}")
        if self._because:
            say(f"Different since the last batch: {', '.join(self._because)}.")
        same = len(self._pending) - sum(kinds.values())
        say(
            f"{len(self._pending)} graded again: {kinds['more']} with more points, {kinds['less']} with less, "
            f"{kinds['findings']} with other findings for the same points, {kinds['new']} for the first time, {same} as before."
        )

    def as_dict(self) -> dict[str, Any]:
        """The same for programs to read."""
        return {
            "graded_again": len(self._pending),
            "because": self._because,
            "changed": [change.as_dict() for change in self.changes()],
            "failures": self._failures,
        }
