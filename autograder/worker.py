"""One worker of a batch: grades one submission after another behind one sandbox, and writes nothing itself."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .config import Config
from .keys import verdict_key
from .layout import Layout
from .notebooks import load_sources
from .pages import Pages, make_pages
from .sandbox import Infrastructure, Refused, Sandbox, Session, open_sandbox
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
    """What a worker reports of one student: the verdict's result, the files that go with it, and seconds by exercise."""

    student: str
    result: dict[str, Any]
    present: tuple[str, ...] = ()
    seconds: float = 0.0
    pages: Pages = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Lost:
    """A submission got no verdict for want of something on our side: it can be tried again."""

    student: str
    reason: str


class Worker:
    """Grades one submission after another behind one sandbox."""

    def __init__(self, job: Job) -> None:
        """Prepare; the sandbox starts with the first submission that needs it."""
        self._job = job
        self._sources = load_sources(job.layout.source)
        self._sandbox: Sandbox | None = None

    def grade(self, student: str) -> Done | Lost:
        """Read and grade a student's submission; raises Refused where the wall cannot be had."""
        return self.examine(student, None)

    def examine(self, student: str, submission: Submission | None) -> Done | Lost:
        """Grade a submission that was read elsewhere, or else read it; raises Refused."""
        start = time.perf_counter()
        try:
            if submission is None:
                folder = self._job.layout.submitted / student / self._job.layout.assignment
                submission = read_submission(student, folder, self._sources)
            return self._examine(submission, start)
        except Refused:
            raise
        except (Infrastructure, OSError, MemoryError) as error:
            return Lost(student, f"{type(error).__name__}: {error}")
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(frame.filename).name}, line {frame.lineno}"
            return Lost(student, f"a fault of the grader ({type(error).__name__}: {error}; {where})")

    def _examine(self, submission: Submission, start: float) -> Done:
        from .grading import Context, grade_submission

        isolation = "bubblewrap" if self._job.walls else "none"
        context = Context(self._job.layout.assignment, self._job.config.seed, isolation)
        key = verdict_key(self._job.base_key, submission.digest)
        record = grade_submission(submission, self._open, context, key)
        present = tuple(one.stem for one in record.notebooks if one.present)
        pages = make_pages(record, self._sources, self._job.config.title)
        # nbgrader compares this file's copies to tell a newer submission from the graded one.
        pages["timestamp.txt"] = submission.timestamp
        spent = {name: round(seconds, 4) for one in record.notebooks for name, seconds in one.spent.items()}
        return Done(submission.student, record.result(), present, time.perf_counter() - start, pages, spent)

    def _open(self, files: Mapping[str, bytes]) -> Session:
        if self._sandbox is None:
            self._sandbox = open_sandbox(
                self._job.layout.release, walls=self._job.walls, limits=self._job.config.limits
            )
        return self._sandbox.session(dict(files))

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
