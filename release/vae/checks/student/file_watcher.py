"""Run a notebook in a process of its own, and bring its report home whatever the process does."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..verdict import Finding, Verdict
from .notebook_file import Cell, read

LIMIT = 60.0
_QUIET = 5.0
_PACKAGE = str(__package__)
# The folder from which the package is imported by its whole name.
_ROOT = Path(__file__).resolve().parents[_PACKAGE.count(".") + 1]


class Listener(Protocol):
    """Who is told while a notebook runs."""

    def verdict(self, verdict: Verdict) -> None:
        """A check came to its end."""

    def note(self, sentence: str) -> None:
        """Something happened that its owner should know."""

    def wait(self, title: str) -> None:
        """A cell takes long."""


@dataclass
class NotebookRun:
    """What came of a notebook: verdicts by exercise in the order of its check cells, and what else was said.

    `stopped` are the exercises whose answer cell did not run to its end.
    """

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)


def watch(path: Path, folder: Path, listener: Listener, seconds: float = LIMIT) -> NotebookRun:
    """Run the notebook's cells in `folder` and tell what comes of them; no cell takes longer than `seconds`.

    A cell that does not end, or that ends the process, is left out in a further attempt, so that the others are still
    checked. Raises Unreadable.
    """
    watched = _Watched(path, folder, listener, seconds, read(path))
    while watched.attempt():
        pass
    return watched.report


@dataclass
class _Watched:
    path: Path
    folder: Path
    listener: Listener
    seconds: float
    cells: list[Cell]
    report: NotebookRun = field(default_factory=NotebookRun)
    seen: set[int] = field(default_factory=set)
    without: set[int] = field(default_factory=set)

    def attempt(self) -> bool:
        """Run the notebook once; return whether it must be run again without the cell it was lost in."""
        with _Child(self.path, self.folder, self.without) as child:
            place: int | None = None
            while True:
                line = self._next(child, place)
                event = json.loads(line) if line else {}
                if event.get("end"):
                    return False
                if not event:
                    return self._lost(place, _endless(self.seconds) if line is None else child.how_it_ended())
                place = int(event["at"])
                self._hear(place, event)

    def _next(self, child: _Child, place: int | None) -> bytes | None:
        """The next line, empty at the end, None when none comes in time; says so once when it takes long."""
        # Python and numpy start slowly on a busy machine, and that is nobody's loop.
        seconds = self.seconds if place is not None else max(self.seconds, LIMIT)
        line = child.line(min(_QUIET, seconds))
        if line is not None or seconds <= _QUIET:
            return line
        self.listener.wait("the start" if place is None else self.cells[place].title)
        return child.line(seconds - _QUIET)

    def _hear(self, place: int, event: dict[str, Any]) -> None:
        if place in self.seen or len(event) == 1:
            return
        self.seen.add(place)
        if "verdict" in event:
            verdict = _verdict(event["verdict"])
            self.report.verdicts[verdict.exercise] = verdict
            self.listener.verdict(verdict)
        else:
            self._stopped(place, f"stopped with {event['error']}.")

    def _lost(self, place: int | None, why: str) -> bool:
        if place is None or place in self.without:
            self._say(f"The notebook could not be run: Python {why}.")
            return False
        self.without.add(place)
        self._stopped(place, f"{why}, and was left out.")
        return True

    def _stopped(self, place: int, why: str) -> None:
        cell = self.cells[place]
        if cell.kind == "answer":
            self.report.stopped.add(cell.name)
        self._say(f"{_begun(cell.title)} {why}")

    def _say(self, sentence: str) -> None:
        self.report.notes.append(sentence)
        self.listener.note(sentence)


class _Child:
    """The process of one attempt; leaving the context ends it."""

    def __init__(self, path: Path, folder: Path, without: set[int]) -> None:
        command = [sys.executable, "-m", f"{_PACKAGE}.isolated_check", str(path.resolve()), *map(str, sorted(without))]
        paths = [str(folder), str(_ROOT), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "MPLBACKEND": "Agg"}
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=folder, env=environment, **pipes)
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._thread = threading.Thread(target=self._pour, daemon=True)
        self._thread.start()

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join(1)
        for pipe in (self._process.stdout, self._process.stderr):
            # A process that the student's code began may still hold the other end.
            if pipe is not None and not self._thread.is_alive():
                pipe.close()

    def line(self, seconds: float) -> bytes | None:
        """The next line, empty when the process has ended, None when nothing comes in time."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def how_it_ended(self) -> str:
        """What is known about an end that came too early."""
        code = self._process.wait()
        told = self._process.stderr.read().decode(errors="replace").strip() if self._process.stderr else ""
        last = f"; the last it said: {told.splitlines()[-1][:300]}" if told else ""
        return f"ended the process ({f'exit code {code}' if code >= 0 else f'signal {-code}'}{last})"

    def _pour(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put(b"")


def _endless(seconds: float) -> str:
    return f"did not end within {seconds:g} seconds (is there a loop that never ends?)"


def _begun(words: str) -> str:
    return words[0].upper() + words[1:]


def _verdict(told: dict[str, Any]) -> Verdict:
    findings = tuple(Finding(**finding) for finding in told["findings"])
    return Verdict(told["exercise"], findings)
