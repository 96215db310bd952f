"""What a grader sees while a batch runs, and when it ends."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from .batch import Summary
from .layout import Layout

HELP = {
    "graded": "every notebook ran to its end",
    "crashed": "a process of the submission ended; the rest was graded",
    "timeout": "something did not end in time; the rest was graded",
    "malformed": "a notebook could not be read; the rest was graded",
    "missing": "no notebook was handed in",
}


class Shown:
    """A progress bar on a terminal, a line now and then elsewhere; both without a thread of their own."""

    def __init__(self, console: Console, verbose: bool = False) -> None:
        """Show on `console`; `verbose` adds a line for every submission."""
        self._console, self._verbose = console, verbose
        self._bar = Bar(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            auto_refresh=False,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("grading", total=0, rate="")
        self._count = self._fresh = self._total = 0
        self._begun = self._said = time.monotonic()

    def begin(self, total: int) -> None:
        """Start the bar."""
        self._total = total
        self._bar.update(self._task, total=total)
        self._bar.start()

    def done(self, student: str, state: str, fresh: bool) -> None:
        """Advance the bar."""
        self._count += 1
        self._fresh += fresh
        if self._verbose:
            self._console.print(f"{student}: {state}", markup=False, highlight=False)
        self._advance()

    def failed(self, student: str, reason: str) -> None:
        """Say at once who got no verdict, and why."""
        self._console.print(f"{student}: no verdict ({reason})", markup=False, highlight=False, style="red")
        self._count += 1
        self._advance()

    def _advance(self) -> None:
        now = time.monotonic()
        rate = f"{self._fresh / max(now - self._begun, 1e-9):.1f}/s"
        self._bar.update(self._task, completed=self._count, rate=rate)
        self._bar.refresh()
        if not self._console.is_terminal and now - self._said > 10:
            self._said = now
            self._console.print(f"{self._count} of {self._total} submissions, {rate}", highlight=False)

    def end(self) -> None:
        """Stop the bar."""
        self._bar.stop()


def console() -> Console:
    """The console for people: standard error, so that standard output stays clean."""
    return Console(stderr=True, soft_wrap=True, file=sys.stderr)


def print_summary(summary: Summary, layout: Layout, to: Console) -> None:
    """Print how a batch ended: a row for each state, then where to look."""
    table = Table("state", "submissions", "meaning", box=None, pad_edge=False)
    for state, meaning in HELP.items():
        if summary.states[state]:
            table.add_row(state, str(summary.states[state]), meaning)
    to.print(table)
    kept = sum(summary.states.values()) - summary.fresh
    kept_words = f", {kept} unchanged since the last time" if kept > 0 else ""
    to.print(f"{summary.fresh} graded now{kept_words}.", highlight=False)
    for student, reason in summary.failures.items():
        to.print(f"No verdict on {student}: {reason}. Run the same command again.", markup=False, highlight=False)
    if summary.interrupted:
        to.print("Stopped. Whole results are kept; run the same command again to go on.", highlight=False)
    to.print(f"Results: {layout.results / layout.assignment}.jsonl", markup=False, highlight=False, soft_wrap=True)
    to.print(f"Feedback: {layout.feedback}", markup=False, highlight=False, soft_wrap=True)
