"""The engine of a batch: what must be graded goes to a crew of workers, and what comes back is kept, tried again, or told."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .finish import WAIT
from .journal import Journal
from .keys import verdict_key
from .notebooks import load_sources
from .pages import pages_stand
from .stopping import Stop
from .submission import digest_of

if TYPE_CHECKING:
    from .crew import Crew
    from .worker import Done, Job, Lost

    Keep = Callable[[Sequence[Done]], dict[str, str]]

TRIES = 2
_TICK = 0.5


class Stuck(RuntimeError):
    """The batch cannot go on, through no fault of a submission; the message says why. What has a verdict keeps it."""


@contextmanager
def named_errors(place: os.PathLike[str]) -> Iterator[None]:
    """Say of an error of the file system what it means for the batch and what to do: raises Stuck."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or place
        raise Stuck(
            f"{os.fsdecode(where)} cannot be written ({os.strerror(error.errno) if error.errno else error}). Every "
            "verdict made so far is kept in the log: mend this, and run the same command again."
        ) from error


@dataclass(frozen=True)
class Options:
    """What a grader may choose for a batch; `wait` is how many seconds a gradebook in use is waited for."""

    jobs: int = 1
    students: tuple[str, ...] = ()
    walls: bool = True
    force: bool = False
    wait: float = WAIT
    scheduler: str = ""
    local_cluster: int = 0


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
    """How a batch ended: verdicts by state, how many were made anew, who got none and why, and what else went wrong."""

    states: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    trouble: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """130 after Ctrl-C, 1 when some have no verdict or the gradebook could not be written, otherwise 0."""
        if self.interrupted:
            return 130
        return 1 if self.failures or self.trouble else 0

    def told(self) -> dict[str, Any]:
        """The same for programs to read."""
        unchanged = max(0, sum(self.states.values()) - self.fresh)
        return {
            "states": dict(self.states),
            "graded_now": self.fresh,
            "unchanged": unchanged,
            "failures": self.failures,
            "interrupted": self.interrupted,
            "trouble": [*self.notes, *self.trouble],
        }


class Batch:
    """Feeds a crew of workers, takes in what they tell, and gives those that are lost another try."""

    def __init__(
        self, job: Job, options: Options, journal: Journal, progress: Progress, private: Sequence[int]
    ) -> None:
        """Grade under `job` who has no verdict in the journal that holds; workers must not keep `private` descriptors."""
        self.job, self.options, self.journal, self.summary = job, options, journal, Summary()
        self._progress, self._private = progress, private
        self._waiting: deque[str] = deque()
        self._tries: Counter[str] = Counter()
        self._stems = [source.stem for source in load_sources(job.layout.source)]

    def grade(self, students: Sequence[str], stop: Stop, keep: Keep) -> None:
        """Have graded what is new or changed, and hand it to `keep`, which returns whom it could not keep, and why.

        Raises Refused, Stuck, StopNow.
        """
        self._progress.begin(len(students))
        for student in students:
            if stop.asked:
                break
            if self._stands(student):
                self._progress.done(student, "unchanged", False)
            else:
                self._waiting.append(student)
        if self._waiting and not stop.asked:
            with self._crew() as crew:
                self._work(crew, stop, keep)
        self.summary.interrupted = stop.asked

    def _stands(self, student: str) -> bool:
        """Whether the verdict in the log is that of the present submission, and its pages are there."""
        entry, layout = self.journal.entries.get(student), self.job.layout
        if entry is None or self.options.force:
            return False
        try:
            digest = digest_of(layout.submitted / student / layout.assignment)
        except OSError:
            return False  # whoever reads it next will say what is wrong with it
        if entry.key != verdict_key(self.job.base_key, digest):
            return False
        return pages_stand(layout, student, entry.pages, self._stems, entry.present)

    @contextmanager
    def _crew(self) -> Iterator[Crew]:
        """Workers for what waits; what they share is loaded before they start."""
        options = self.options
        if options.scheduler or options.local_cluster:
            from .cluster import ClusterCrew

            crew: Crew = ClusterCrew(self.job, options.scheduler, options.local_cluster)
        else:
            from .crew import LocalCrew, load_banks

            load_banks(self.job)
            crew = LocalCrew(self.job, min(options.jobs, len(self._waiting)), self._private)
        try:
            yield crew
        except BaseException:
            crew.close(at_once=True)
            raise
        crew.close(at_once=False)

    def _work(self, crew: Crew, stop: Stop, keep: Keep) -> None:
        self._feed(crew, stop)
        while crew.busy:
            told = crew.take(_TICK)
            # Work first, then the slow disk: no worker waits for it.
            self._feed(crew, stop)
            self._take(told, keep)
            self._feed(crew, stop)

    def _feed(self, crew: Crew, stop: Stop) -> None:
        while self._waiting and crew.room and not stop.asked:
            crew.give(self._waiting.popleft())

    def _take(self, told: Sequence[Done | Lost], keep: Keep) -> None:
        from .worker import Done

        done = [one for one in told if isinstance(one, Done)]
        lost = {one.student: one.reason for one in told if not isinstance(one, Done)}
        lost |= keep(done) if done else {}
        for student, reason in lost.items():
            self._lose(student, reason)
        for one in done:
            if one.student not in lost:
                self.summary.fresh += 1
                self._progress.done(one.student, one.result["state"], True)

    def _lose(self, student: str, reason: str) -> None:
        """Try a submission once more, or report it."""
        self._tries[student] += 1
        last = self._tries[student] >= TRIES
        with named_errors(self.journal.path):
            self.journal.note("failed" if last else "retry", student=student, reason=reason)
        if last:
            self.summary.failures[student] = reason
            self._progress.failed(student, reason)
        else:
            self._waiting.append(student)
