"""One worker of a batch: grades one submission after another behind one sandbox, and writes nothing itself."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ..course.built_notebooks import load_sources
from ..course.layout import Layout
from ..output.student_files import Pages, make_pages
from ..problems import CourseCache, examination, use_built_numbers, use_cache
from ..problems.examination import work_out
from ..sandbox import Infrastructure, Refused, Sandbox, Session, open_sandbox
from ..submission.folder import SECRET, TIMESTAMP
from ..submission.reading import Submission, read_submission
from .keys import named_key, verdict_key
from .model import BatchSpec, Failed, Graded


def cache_folder(layout: Layout) -> Path:
    """Where a course folder keeps what was worked out for the course; nothing is lost with it."""
    return layout.results / f".{layout.assignment}.cache"


def load_course(spec: BatchSpec) -> CourseCache:
    """Take the numbers and the cache of a course into use."""
    use_built_numbers(spec.layout.source, spec.config)
    cache = CourseCache(cache_folder(spec.layout), spec.course_key)
    use_cache(cache)
    return cache


def load_banks(spec: BatchSpec) -> None:
    """Draw the examples of all exercises, or take those of the last batch: workers forked after it have them."""
    _each_exercise(spec, examination)


def fill_cache(spec: BatchSpec) -> None:
    """Work out what the cache lacks, answers of known mistakes too: for workers elsewhere, which then work out nothing."""
    _each_exercise(spec, work_out)


def _each_exercise(spec: BatchSpec, work: Callable[[str, str, int], object]) -> None:
    load_course(spec).sweep()
    for source in load_sources(spec.layout.source):
        for name in source.exercises:
            work(source.stem, name, spec.config.seed)


class Worker:
    """Grades one submission after another behind one sandbox."""

    def __init__(self, spec: BatchSpec, sandbox: Sandbox | None = None) -> None:
        """Prepare; the sandbox starts with the first submission that needs it, if none was started for this worker."""
        load_course(spec)
        self._spec = spec
        self._sources = load_sources(spec.layout.source)
        self._sandbox = sandbox

    def grade(self, student: str) -> Graded | Failed:
        """Read and grade a student's submission; raises Refused where the wall cannot be had."""
        return self.examine(student, None)

    def examine(self, student: str, submission: Submission | None) -> Graded | Failed:
        """Grade a submission that was read elsewhere, or else read it; raises Refused."""
        start = time.perf_counter()
        try:
            if submission is None:
                folder = self._spec.layout.submitted / student / self._spec.layout.assignment
                submission = read_submission(student, folder, self._sources)
            return self._examine(submission, start)
        except Refused:
            raise
        except (Infrastructure, OSError, MemoryError) as error:
            return Failed(student, f"{type(error).__name__}: {error}")
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(frame.filename).name}, line {frame.lineno}"
            return Failed(student, f"a fault of the grader ({type(error).__name__}: {error}; {where})")

    def _examine(self, submission: Submission, start: float) -> Graded:
        from ..grading.examiner import Context, grade_submission
        from ..grading.naming import with_names

        context = Context(self._spec.layout.assignment, self._spec.config.seed, self._spec.walls)
        key = verdict_key(self._spec.base_key, submission.digest)
        record = with_names(grade_submission(submission, self._open, context, key), self._spec.names)
        record = replace(record, key=named_key(key, record.groups, self._spec.names))
        present = tuple(one.stem for one in record.notebooks if one.present)
        # nbgrader compares copies of the first to tell a newer submission from the graded one, and releases feedback by both.
        pages: Pages = {TIMESTAMP: submission.timestamp, SECRET: submission.secret}
        pages |= make_pages(record, self._sources, self._spec.config.title)
        spent = {name: round(seconds, 4) for one in record.notebooks for name, seconds in one.spent.items()}
        written = {one.stem: dict(one.written) for one in record.notebooks if one.written}
        took = time.perf_counter() - start
        return Graded(submission.student, record.result(), present, took, pages, spent, written)

    def _open(self, files: Mapping[str, bytes]) -> Session:
        if self._sandbox is None:
            self._sandbox = open_sandbox(
                self._spec.layout.release, walls=self._spec.walls, limits=self._spec.config.limits
            )
        return self._sandbox.session(dict(files))

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
