"""One worker of a batch: reads a submission, grades it behind its sandbox, writes its pages; all in one function."""

from __future__ import annotations

import atexit
import contextlib
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .autograded import autograded_notebook
from .config import Config
from .grading import Context, grade_submission
from .journal import write_atomically
from .keys import verdict_key
from .layout import Layout
from .notebooks import load_sources
from .record import Record
from .report.feedback import feedback_page
from .sandbox import Infrastructure, Sandbox, Session, open_sandbox
from .submission import Submission, read_submission


@dataclass(frozen=True)
class Job:
    """What every worker of a batch is told once."""

    layout: Layout
    config: Config
    base_key: str
    walls: bool


@dataclass(frozen=True)
class Done:
    """What a worker reports of one student: the verdict's result, None where the known one still holds."""

    student: str
    result: dict[str, Any] | None
    present: tuple[str, ...] = ()
    seconds: float = 0.0


class Worker:
    """Grades one submission after another behind one sandbox."""

    def __init__(self, job: Job) -> None:
        """Start the sandbox; raises Refused or Infrastructure."""
        self._job = job
        self._sources = load_sources(job.layout.source)
        self._sandbox: Sandbox | None = None

    def grade(self, student: str, known_key: str | None) -> Done:
        """Grade a student's submission unless the known verdict still holds; raises Infrastructure or OSError."""
        start = time.perf_counter()
        layout = self._job.layout
        folder = layout.submitted / student / layout.assignment
        submission = read_submission(student, folder, self._sources)
        key = verdict_key(self._job.base_key, submission.digest)
        present = tuple(one.source.stem for one in submission.notebooks if one.merged is not None)
        if key == known_key and self._written(student, present):
            return Done(student, None)
        record = self._record(submission, key)
        self._write(record)
        return Done(student, record.result(), present, time.perf_counter() - start)

    def _record(self, submission: Submission, key: str) -> Record:
        isolation = "bubblewrap" if self._job.walls else "none"
        context = Context(self._job.layout.assignment, self._job.config.seed, isolation)
        return grade_submission(submission, self._open, context, key)

    def _open(self, files: Mapping[str, bytes]) -> Session:
        if self._sandbox is None:
            self._sandbox = open_sandbox(
                self._job.layout.release, walls=self._job.walls, limits=self._job.config.limits
            )
        return self._sandbox.session(files)

    def _pages(self, student: str) -> Path:
        return self._job.layout.feedback / student / self._job.layout.assignment

    def _notebooks(self, student: str) -> Path:
        return self._job.layout.autograded / student / self._job.layout.assignment

    def _written(self, student: str, present: tuple[str, ...]) -> bool:
        pages, notebooks = self._pages(student), self._notebooks(student)
        return all((pages / f"{source.stem}.html").is_file() for source in self._sources) and all(
            (notebooks / f"{stem}.ipynb").is_file() for stem in present
        )

    def _write(self, record: Record) -> None:
        pages, notebooks = self._pages(record.student), self._notebooks(record.student)
        for notebook, source in zip(record.notebooks, self._sources, strict=True):
            page = feedback_page(record, notebook, self._job.config.title)
            write_atomically(pages / f"{notebook.stem}.html", [page.encode("utf-8", "replace")])
            path = notebooks / f"{notebook.stem}.ipynb"
            if notebook.present:
                text = autograded_notebook(record, notebook, source)
                write_atomically(path, [text.encode("utf-8", "replace")])
            else:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


_worker: Worker | None = None


def start(job: Job) -> None:
    """Make this process a worker; Ctrl-C is for the process that started it."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(job)
    atexit.register(_close)


def _close() -> None:
    if _worker is not None:
        with contextlib.suppress(Infrastructure, OSError):
            _worker.close()


def grade(student: str, known_key: str | None) -> Done:
    """Grade one student in this worker process."""
    if _worker is None:
        raise Infrastructure("the worker was not started")
    return _worker.grade(student, known_key)
