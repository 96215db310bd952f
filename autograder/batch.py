"""Grade many submissions: several at once, resumable after any end, one writer of results and gradebook."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from . import worker
from .config import Config, load_config
from .journal import Journal, write_atomically
from .keys import base_key
from .layout import Layout
from .notebooks import load_sources
from .problems import examination
from .record import Record
from .sandbox import Infrastructure, Refused
from .worker import Done, Job

TRIES = 2


class UsageError(ValueError):
    """The command cannot do what was asked; the message says what must hold and what to do."""


class Busy(UsageError):
    """Another process grades this assignment in this course folder right now."""


@dataclass(frozen=True)
class Options:
    """What a grader may choose for a batch."""

    jobs: int = 1
    students: tuple[str, ...] = ()
    walls: bool = True
    force: bool = False


class Progress(Protocol):
    """Who is told how a batch goes on."""

    def begin(self, total: int) -> None:
        """So many submissions are to be looked at."""
        ...

    def done(self, student: str, state: str, fresh: bool) -> None:
        """One submission has its verdict."""
        ...

    def failed(self, student: str, reason: str) -> None:
        """One submission got no verdict this time."""
        ...


@dataclass
class Summary:
    """How a batch ended: verdicts by state, how many were made anew, and who got none and why."""

    states: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0 when every submission has a verdict, 130 after Ctrl-C, 1 when some have none."""
        if self.interrupted:
            return 130
        return 1 if self.failures else 0


def students_of(layout: Layout, asked: Sequence[str] = ()) -> list[str]:
    """The students with a folder in submitted/, or those asked for; raises UsageError for one who has none."""
    if not layout.submitted.is_dir():
        raise UsageError(
            f"There is no folder {layout.submitted}. Put submissions into submitted/<student>/{layout.assignment}/, "
            "or name the course folder with --course."
        )
    there = sorted(path.name for path in layout.submitted.iterdir() if path.is_dir() and not path.name.startswith("."))
    unknown = sorted(set(asked) - set(there))
    if unknown:
        raise UsageError(f"There is no folder for {', '.join(unknown)} in {layout.submitted}.")
    return sorted(set(asked)) if asked else there


def grade_batch(layout: Layout, options: Options, progress: Progress) -> Summary:
    """Grade what is new or changed in submitted/, write results and gradebook; raises UsageError, Refused, OSError."""
    students = students_of(layout, options.students)
    sources = load_sources(layout.source)
    config = load_config(layout)
    for source in sources:
        for name in source.exercises:
            examination(source.stem, name, config.seed)
    isolation = "bubblewrap" if options.walls else "none"
    job = Job(layout, config, base_key(layout, config, isolation), options.walls)
    layout.results.mkdir(parents=True, exist_ok=True)
    log = layout.results / f"{layout.assignment}.log.jsonl"
    with _alone(layout), Journal(log) as journal:
        journal.note("start", students=len(students), jobs=options.jobs, isolation=isolation)
        summary = _Batch(job, options, journal, progress).grade(students)
        _finish(layout, config, journal, students, summary)
        journal.note("end", fresh=summary.fresh, failed=len(summary.failures), interrupted=summary.interrupted)
    return summary


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Hold the assignment's lock; raises Busy when another process has it."""
    path = layout.results / f".{layout.assignment}.lock"
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                f"Another `autograder grade` is at work on {layout.assignment} in {layout.course}; wait until it ends."
            ) from error
        yield


def _finish(layout: Layout, config: Config, journal: Journal, students: Sequence[str], summary: Summary) -> None:
    """Write the results file and the gradebook from the log, for every student who still has a folder."""
    everyone = students_of(layout)
    lines = (
        (json.dumps(result, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape")
        for result, _ in journal.results(everyone)
    )
    write_atomically(layout.results / f"{layout.assignment}.jsonl", lines)
    for result, _ in journal.results(students):
        summary.states[result["state"]] += 1
    from .course import write_gradebook

    write_gradebook(layout, (Record.from_result(result, present) for result, present in journal.results(everyone)))


class _Batch:
    """Feeds a pool of workers and takes in what they report."""

    def __init__(self, job: Job, options: Options, journal: Journal, progress: Progress) -> None:
        self._job, self._options, self._journal, self._progress = job, options, journal, progress
        self._summary = Summary()
        self._waiting: deque[str] = deque()
        self._tries: Counter[str] = Counter()
        self._stop = False

    def grade(self, students: Sequence[str]) -> Summary:
        self._waiting.extend(students)
        self._progress.begin(len(students))
        with self._interruptible():
            while self._waiting and not self._stop:
                self._with_pool()
        self._summary.interrupted = self._stop
        return self._summary

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let a first Ctrl-C finish what runs, and a second one end at once; both leave whole results behind."""

        def interrupt(number: int, frame: FrameType | None) -> None:
            if self._stop:
                for child in multiprocessing.active_children():
                    child.kill()
                raise KeyboardInterrupt
            self._stop = True

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        except KeyboardInterrupt:
            self._stop = True
        finally:
            signal.signal(signal.SIGINT, before)

    def _with_pool(self) -> None:
        """Grade with one pool until nothing waits, or until the pool breaks and leaves the rest for the next one."""
        context = multiprocessing.get_context("fork")
        running: dict[Future[Done], str] = {}
        pool = ProcessPoolExecutor(self._options.jobs, context, initializer=worker.start, initargs=(self._job,))
        try:
            while (self._waiting and not self._stop) or running:
                while self._waiting and len(running) < 2 * self._options.jobs and not self._stop:
                    student = self._waiting.popleft()
                    running[pool.submit(worker.grade, student, self._known(student))] = student
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._take(running.pop(future), future)
        except BrokenProcessPool:
            for student in running.values():
                self._retry(student, "the worker process that graded it was lost")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _known(self, student: str) -> str | None:
        entry = self._journal.entries.get(student)
        return entry.key if entry and not self._options.force else None

    def _take(self, student: str, future: Future[Done]) -> None:
        try:
            done = future.result()
        except BrokenProcessPool:
            self._retry(student, "the worker process that graded it was lost")
            raise
        except (Refused, Infrastructure, OSError, MemoryError) as error:
            if isinstance(error, Refused):
                raise
            self._retry(student, f"{type(error).__name__}: {error}")
            return
        if done.result is not None:
            self._journal.verdict(done.result, done.present, done.seconds)
            self._summary.fresh += 1
        state = done.result["state"] if done.result else "unchanged"
        self._progress.done(student, state, done.result is not None)

    def _retry(self, student: str, reason: str) -> None:
        self._tries[student] += 1
        self._journal.note("retry" if self._tries[student] < TRIES else "failed", student=student, reason=reason)
        if self._tries[student] < TRIES:
            self._waiting.append(student)
        else:
            self._summary.failures[student] = reason
            self._progress.failed(student, reason)


def default_jobs() -> int:
    """As many workers as this process may use cores."""
    return max(1, len(os.sched_getaffinity(0)))
