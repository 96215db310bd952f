"""What a grader sees while a batch runs, and when it ends."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from ..course.layout import Layout
from ..files.text import clean
from .model import Summary

HELP = {
    "graded": "every notebook ran to its end",
    "crashed": "a process of the submission ended; the rest was graded",
    "timeout": "something did not end in time; the rest was graded",
    "malformed": "a notebook could not be read; the rest was graded",
    "missing": "no notebook was handed in",
}
_EVERY = 10.0
_SHOWN_FAILURES = 20


class ProgressBar:
    """A progress bar on a terminal, a line now and then elsewhere; both without a thread of their own."""

    def __init__(self, console: Console, verbose: bool = False) -> None:
        """Show on `console`; `verbose` adds a line for every submission."""
        self._console, self._verbose = console, verbose
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=console,
            auto_refresh=False,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("grading", total=0, pace="")
        self._count = self._fresh = self._total = 0
        self._begun = self._said = self._drawn = time.monotonic()

    def begin(self, total: int) -> None:
        """Start the bar."""
        self._total = total
        self._begun = self._said = time.monotonic()
        self._bar.update(self._task, total=total)
        self._bar.start()

    def unchanged(self, student: str) -> None:
        """Advance the bar by one that was not graded."""
        self._advance_by(student, "unchanged")

    def graded(self, student: str, state: str) -> None:
        """Advance the bar by one that was graded now."""
        self._fresh += 1
        self._advance_by(student, state)

    def _advance_by(self, student: str, state: str) -> None:
        if self._verbose:
            self._console.print(f"{one_line(student)}: {state}", markup=False, highlight=False)
        self._advance()

    def failed(self, student: str, reason: str) -> None:
        """Say at once who got no verdict, and why."""
        self._console.print(
            f"{one_line(student)}: no verdict ({one_line(reason)})", markup=False, highlight=False, style="red"
        )
        self._advance()

    def _advance(self) -> None:
        self._count += 1
        now = time.monotonic()
        if self._console.is_terminal:
            self._bar.update(self._task, completed=self._count, pace=self._pace(now))
            if now - self._drawn > 0.1 or self._count == self._total:
                self._drawn = now
                self._bar.refresh()
        elif now - self._said > _EVERY:
            self._said = now
            self._console.print(f"{self._count} of {self._total} submissions, {self._pace(now)}", highlight=False)

    def _pace(self, now: float) -> str:
        """How many a second, and how long the rest will take at that."""
        passed = now - self._begun
        if not self._fresh or passed <= 0:
            return ""
        rate = self._fresh / passed
        left = (self._total - self._count) / rate
        return f"{rate:.1f}/s, {duration(left)} left"

    def end(self) -> None:
        """Stop the bar."""
        self._bar.stop()


def duration(seconds: float) -> str:
    """A time to wait, in the two units that matter."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def one_line(text: str) -> str:
    """A text that comes from outside, fit for a terminal: no line ends, no control characters."""
    return clean(text).replace("\n", "�").replace("\t", " ")


def console() -> Console:
    """The console for people: standard error, so that standard output stays clean."""
    return Console(stderr=True, soft_wrap=True, file=sys.stderr)


def print_summary(summary: Summary, layout: Layout, to: Console) -> None:
    """Print how a batch ended: a row for each state, then where to look."""

    def say(text: str) -> None:
        to.print(text, markup=False, highlight=False, soft_wrap=True)

    if summary.states:
        table = Table("state", "submissions", "meaning", box=None, pad_edge=False)
        for state, meaning in HELP.items():
            if summary.states[state]:
                table.add_row(state, str(summary.states[state]), meaning)
        to.print(table)
    kept = sum(summary.states.values()) - summary.fresh
    say(f"{summary.fresh} graded now" + (f", {kept} unchanged since the last time." if kept > 0 else "."))
    for student, reason in list(summary.failures.items())[:_SHOWN_FAILURES]:
        say(f"No verdict on {one_line(student)}: {one_line(reason)}. Run the same command again.")
    if len(summary.failures) > _SHOWN_FAILURES:
        say(f"No verdict on {len(summary.failures) - _SHOWN_FAILURES} more; the log names them.")
    for text in [*summary.notes, *summary.trouble]:
        say(text)
    if summary.interrupted:
        say("Stopped. Whole results are kept; run the same command again to go on.")
    say(f"Results: {layout.results / layout.assignment}.jsonl")
    say(f"Feedback: {layout.feedback}")
