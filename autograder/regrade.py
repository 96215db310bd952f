"""Grade again after a change of checks, say whose points change and why, and write it only after a yes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .batch import finish, note_start, opened, store, students_of
from .changes import PARTS, Change, change_of
from .engine import Batch, Options, Progress, named_errors
from .keys import key_parts
from .layout import Layout
from .progress import one_line, print_summary
from .spool import Spool
from .stopping import Stop, StopNow

if TYPE_CHECKING:
    from rich.console import Console

_AT_ONCE = 50


def regrade(
    layout: Layout, options: Options, progress: Progress, to: Console, *, details: bool, yes: bool, as_json: bool
) -> int:
    """Run the whole of it and return the exit code; raises UsageError, Refused, Stuck."""
    students = students_of(layout, options.students)
    with opened(layout, options, progress) as (batch, stop), named_errors(layout.results), Spool(layout) as spool:
        because = _because(batch)
        note_start(batch, len(students), "regrade")
        try:
            batch.grade(students, stop, spool.add)
        except StopNow:
            batch.summary.interrupted = True
        if batch.summary.interrupted:
            to.print("Stopped before there was anything to say; nothing was rewritten.", highlight=False)
            return 130
        _end_display(progress)
        told = _Told(batch, spool, because)
        told.print(to, details)
        plain = told.plain() if as_json else {}
        agreed = bool(len(spool)) and (yes or _asked(stop))
        if agreed:
            _adopt(layout, batch, spool, students)
            print_summary(batch.summary, layout, to)
        else:
            for note in batch.summary.notes:
                to.print(note, highlight=False, markup=False)
            if len(spool):
                to.print("Nothing was rewritten. With --yes it is.", highlight=False)
        if as_json:
            print(json.dumps({**plain, "rewritten": agreed}, sort_keys=True))
        return batch.summary.exit_code


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


def _because(batch: Batch) -> list[str]:
    """What of the things that verdicts depend on is not what it was in the last batch."""
    before = batch.journal.origin.get("grader")
    if not isinstance(before, dict):
        return []
    isolation = "bubblewrap" if batch.options.walls else "none"
    now = key_parts(batch.job.layout, batch.job.config, isolation)
    return [words for name, words in PARTS.items() if before.get(name) != json.loads(json.dumps(now.get(name)))]


def _adopt(layout: Layout, batch: Batch, spool: Spool, students: list[str]) -> None:
    """Write what was proposed: pages and verdicts some at a time, then results and gradebook."""
    note_start(batch, len(students))
    waiting = []
    for one in spool:
        waiting.append(one)
        if len(waiting) == _AT_ONCE:
            batch.summary.failures |= store(layout, batch.journal, waiting)
            waiting = []
    batch.summary.failures |= store(layout, batch.journal, waiting)
    finish(layout, batch.journal, students, batch.options, batch.summary)
    with named_errors(batch.journal.path):
        batch.journal.note("end", fresh=len(spool), failed=len(batch.summary.failures), interrupted=False)


class _Told:
    """What a regrade has to say: counted while the spool is read, so that no cohort is held in memory."""

    def __init__(self, batch: Batch, spool: Spool, because: list[str]) -> None:
        self._batch, self._spool, self._because = batch, spool, because

    def changes(self) -> Iterator[Change]:
        """Every student whose verdict differs, by name."""
        for one in self._spool:
            before = next((result for result, _ in self._batch.journal.results([one.student])), None)
            change = change_of(before, one.result)
            if change is not None:
                yield change

    def print(self, to: Console, details: bool) -> None:
        """Say it to people: one line a student whose verdict differs, with details why, then the sums."""

        def say(text: str) -> None:
            to.print(text, markup=False, highlight=False, soft_wrap=True)

        if not len(self._spool):
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
        same = len(self._spool) - sum(kinds.values())
        say(
            f"{len(self._spool)} graded again: {kinds['more']} with more points, {kinds['less']} with less, "
            f"{kinds['findings']} with other findings for the same points, {kinds['new']} for the first time, {same} as before."
        )

    def plain(self) -> dict[str, Any]:
        """The same for programs to read."""
        return {
            "graded_again": len(self._spool),
            "because": self._because,
            "changed": [change.plain() for change in self.changes()],
            "failures": self._batch.summary.failures,
        }
