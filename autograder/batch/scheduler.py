"""The scheduler of a batch: what must be graded goes to a pool of workers, and what comes back is kept or tried again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ..course.built_notebooks import load_sources
from ..output.student_files import pages_stand
from ..submission.folder import digest_of
from .interrupts import Stop
from .journal import Journal
from .keys import named_key, verdict_key
from .model import BatchSpec, Failed, Graded, Pool, Progress, Summary, named_errors

Keep = Callable[[Sequence[Graded]], dict[str, str]]

TRIES = 2
_TICK = 0.5


class Scheduler:
    """Feeds a pool of workers, takes in what they report, and gives submissions without a verdict another try."""

    def __init__(
        self, spec: BatchSpec, journal: Journal, progress: Progress, open_pool: Callable[[int], Pool], force: bool
    ) -> None:
        """Grade under `spec` who has no verdict in the journal that holds, everybody with `force`.

        `open_pool` makes the workers for so many submissions; it is called only where something must be graded.
        """
        self.spec, self.journal, self.summary = spec, journal, Summary()
        # Done once, in this order: at once beside the first submissions, or when nothing has been reported for a while.
        self.meanwhile: list[Callable[[], None]] = []
        self.when_idle: list[Callable[[], None]] = []
        self._progress, self._open_pool, self._force = progress, open_pool, force
        self._waiting: deque[str] = deque()
        self._tries: Counter[str] = Counter()
        self._stems = [source.stem for source in load_sources(spec.layout.source)]

    def grade(self, students: Sequence[str], stop: Stop, keep: Keep) -> None:
        """Have graded what is new or changed, and hand it to `keep`, which returns whom it could not keep, and why.

        Raises Refused, BatchAborted, StopNow.
        """
        self._progress.begin(len(students))
        for student in students:
            if stop.asked:
                break
            if self._is_current(student):
                self._progress.unchanged(student)
            else:
                self._waiting.append(student)
        if self._waiting and not stop.asked:
            with self._pool() as pool:
                self._work(pool, stop, keep)
        self.summary.interrupted = stop.asked

    def _is_current(self, student: str) -> bool:
        """Whether the verdict in the log is that of the present submission, and its pages are there."""
        entry, layout = self.journal.entries.get(student), self.spec.layout
        if entry is None or self._force:
            return False
        try:
            digest = digest_of(layout.submitted / student / layout.assignment)
        except OSError:
            return False  # whoever reads it next will say what is wrong with it
        if entry.key != named_key(verdict_key(self.spec.base_key, digest), entry.groups, self.spec.names):
            return False
        return pages_stand(layout, student, entry.pages, self._stems, entry.present)

    @contextmanager
    def _pool(self) -> Iterator[Pool]:
        pool = self._open_pool(len(self._waiting))
        try:
            yield pool
        except BaseException:
            pool.close(at_once=True)
            raise
        pool.close(at_once=False)

    def _work(self, pool: Pool, stop: Stop, keep: Keep) -> None:
        self._feed(pool, stop)
        for work in self.meanwhile:
            work()
        while pool.in_flight:
            reports = pool.poll(_TICK)
            if not reports and self.when_idle:
                self.when_idle.pop(0)()
            # Work first, then the slow disk: no worker waits for it.
            self._feed(pool, stop)
            self._take_in(reports, keep)
            self._feed(pool, stop)
        for work in self.when_idle:
            work()

    def _feed(self, pool: Pool, stop: Stop) -> None:
        while self._waiting and pool.has_capacity and not stop.asked:
            pool.submit(self._waiting.popleft())

    def _take_in(self, reports: Sequence[Graded | Failed], keep: Keep) -> None:
        graded = [one for one in reports if isinstance(one, Graded)]
        failed = {one.student: one.reason for one in reports if isinstance(one, Failed)}
        failed |= keep(graded) if graded else {}
        for student, reason in failed.items():
            self._retry(student, reason)
        for one in graded:
            if one.student not in failed:
                self.summary.fresh += 1
                self._progress.graded(one.student, one.result["state"])

    def _retry(self, student: str, reason: str) -> None:
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
