"""The workers of a dask.distributed cluster: submissions travel to them, verdicts and pages travel back.

A worker machine needs this package in the same version and, for the sandbox, bubblewrap; it needs no shared folder and
never sees the gradebook. Built notebooks and data travel once to each worker, also to those that join later.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import shutil
import signal
import tempfile
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "error")

try:
    from distributed import Client, Future, LocalCluster, WorkerPlugin, get_worker
except ImportError as error:
    raise ValueError(
        f"Grading on a cluster needs dask.distributed ({error}): install this package with its extra `cluster` (docs/scaling.md)."
    ) from error

from ..course.built_notebooks import load_sources
from ..course.layout import Layout
from ..course.own_checks import own_files, use_course_checks
from ..sandbox import Infrastructure, Refused
from ..submission.reading import read_submission
from .keys import grader_version
from .model import BatchAborted, BatchSpec, Failed, Graded
from .pending import pack, unpack
from .worker import Worker, cache_folder

_CONNECT_SECONDS = 10
_NOBODY_SECONDS = 120.0
_LEAVE_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_SLOW_SECONDS, _SLOW_FACTOR = 60.0, 10.0


@dataclass(frozen=True)
class WorkerReply:
    """What a worker answers: a packed verdict, or why there is none; `refused` where no submission would get one there."""

    packed: bytes = b""
    reason: str = ""
    refused: bool = False


class CourseOnWorker(WorkerPlugin):  # type: ignore[misc]
    """What a worker process keeps between submissions: the unpacked course, drawn examples, the sandbox."""

    def __init__(self, spec: BatchSpec, local: bool) -> None:
        """Pack what a worker needs of the course folder; a local worker lives and ends with this run."""
        layout = spec.layout
        self.name = f"autograder-{spec.base_key[:16]}"
        self._spec, self._local, self._version = spec, local, grader_version()
        paths = [*layout.source.glob("*.ipynb"), *(layout.release / "data").rglob("*"), *own_files(layout.course)]
        paths += cache_folder(layout).glob("[!.]*")
        self._files = {
            path.relative_to(layout.course).as_posix(): zlib.compress(path.read_bytes(), 1)
            for path in paths
            if path.is_file()
        }

    def setup(self, worker: Any) -> None:
        """Unpack it there."""
        if self._local:
            # Ctrl-C is for the process that started it. Every worker, also one that replaces a dead one, is set up in
            # the main thread of its process, as signals want it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._other_version = grader_version() != self._version
        self._folder = tempfile.mkdtemp(prefix="autograder-course-")
        for name, content in self._files.items():
            path = Path(self._folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zlib.decompress(content))
        # The sandbox's unprivileged user must get in.
        for folder, _, _ in os.walk(self._folder):
            Path(folder).chmod(0o755)
        self._files = {}
        use_course_checks(Path(self._folder))
        self._spec = replace(self._spec, layout=Layout(Path(self._folder), self._spec.layout.assignment))
        # What right answers are made from is for the grader alone.
        with contextlib.suppress(FileNotFoundError):
            cache_folder(self._spec.layout).chmod(0o700)
        # The sandbox ends with the thread that starts it, so it is always the same one.
        self._thread = ThreadPoolExecutor(1)
        self._worker = Worker(self._spec)

    def grade(self, student: str, packed: bytes) -> WorkerReply:
        """Grade one submission."""
        if self._other_version:
            return WorkerReply(
                reason="it runs another version of the autograder, Python, numpy or hypothesis", refused=True
            )
        # Packed by the grader that sent it: what a student wrote is bytes in it, which nothing unpacks.
        submission = pickle.loads(zlib.decompress(packed))
        try:
            report = self._thread.submit(self._worker.examine, student, submission).result()
        except Refused as error:
            return WorkerReply(reason=str(error), refused=True)
        return WorkerReply(pack(report)) if isinstance(report, Graded) else WorkerReply(reason=report.reason)

    def teardown(self, worker: Any) -> None:
        """End the sandbox, and leave nothing behind."""
        if self._local:
            _expect_broken_connections()
        with contextlib.suppress(Infrastructure, OSError):
            self._thread.submit(self._worker.close).result(20)
        self._thread.shutdown(wait=False)
        shutil.rmtree(self._folder, ignore_errors=True)


def _expect_broken_connections() -> None:
    """Keep this process from reporting connections that break while scheduler and workers end one after the other."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def parcel(layout: Layout, student: str) -> bytes:
    """A submission, read here, as it travels to a worker; raises OSError."""
    folder = layout.submitted / student / layout.assignment
    return zlib.compress(pickle.dumps(read_submission(student, folder, load_sources(layout.source))), 1)


def grade_there(name: str, student: str, packed: bytes) -> WorkerReply:
    """Grade one submission in a worker of the cluster."""
    reply: WorkerReply = get_worker().plugins[name].grade(student, packed)
    return replace(reply, reason=f"worker {get_worker().address}: {reply.reason}") if reply.refused else reply


@dataclass
class _Sent:
    """A submission under way, in how many futures, and since when."""

    since: float
    packed: bytes
    futures: list[Future] = field(default_factory=list)


class DaskPool:
    """The workers of a cluster; a submission that takes far longer than others is sent to a second one as well."""

    def __init__(self, spec: BatchSpec, scheduler: str, local: int) -> None:
        """Connect to a scheduler, or start one with so many processes here; raises BatchAborted."""
        self._spec, self._address = spec, scheduler or "the local cluster"
        self._sent: dict[str, _Sent] = {}
        self._finished: queue.SimpleQueue[tuple[str, Future]] = queue.SimpleQueue()
        self._unreadable: list[Graded | Failed] = []
        self._cluster = (
            None
            if scheduler
            else LocalCluster(
                n_workers=local, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
            )
        )
        try:
            self._client = Client(self._cluster or scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
            self._course = CourseOnWorker(spec, local=not scheduler)
            self._name = self._course.name
            self._client.register_plugin(self._course, name=self._name)
        except (OSError, TimeoutError) as error:
            if self._cluster is not None:
                self._cluster.close()
            raise BatchAborted(
                f"There is no scheduler at {self._address} ({error}): start one, or name its address."
            ) from error
        self._threads, self._seen, self._counted = 1, monotonic(), 0.0
        self._mean = 0.0
        self._count = 0

    @property
    def in_flight(self) -> int:
        """How many submissions are under way."""
        return len(self._sent) + len(self._unreadable)

    @property
    def has_capacity(self) -> bool:
        """Whether the cluster has use for another: for each thread one to do and one to come."""
        self._count_threads()
        return len(self._sent) < 2 * self._threads + 2

    def _count_threads(self) -> None:
        """Count the workers now and then; raises BatchAborted when there has been none for too long."""
        now = monotonic()
        if now - self._counted < _LOOK_SECONDS:
            return
        self._counted = now
        try:
            self._threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError) as error:
            raise BatchAborted(f"The scheduler at {self._address} is gone ({error}): {_AGAIN}") from error
        if self._threads:
            self._seen = now
        elif now - self._seen > _NOBODY_SECONDS:
            raise BatchAborted(
                f"The scheduler at {self._address} has had no worker for {_NOBODY_SECONDS:.0f} seconds: {_AGAIN}"
            )

    def submit(self, student: str) -> None:
        """Read a submission here, and send it."""
        try:
            sent = _Sent(monotonic(), parcel(self._spec.layout, student))
        except OSError as error:
            self._unreadable.append(Failed(student, f"{type(error).__name__}: {error}"))
            return
        self._sent[student] = sent
        self._send(student, sent)

    def _send(self, student: str, sent: _Sent, workers: list[str] | None = None) -> None:
        future = self._client.submit(grade_there, self._name, student, sent.packed, pure=False, workers=workers)
        sent.futures.append(future)
        future.add_done_callback(lambda finished: self._finished.put((student, finished)))

    def poll(self, patience: float) -> list[Graded | Failed]:
        """What has come back; of a submission sent twice, what came first."""
        reports, self._unreadable = self._unreadable, []
        wait = 0.0 if reports else patience
        while True:
            try:
                student, future = self._finished.get(timeout=wait) if wait else self._finished.get_nowait()
            except queue.Empty:
                break
            wait = 0.0
            sent = self._sent.get(student)
            if sent is None or future not in sent.futures:
                continue
            report = self._read(student, future)
            self._count += 1
            self._mean += (monotonic() - sent.since - self._mean) / self._count
            del self._sent[student]
            for one in sent.futures:
                one.cancel() if not one.done() else one.release()
            reports.append(report)
        if not reports:
            self._count_threads()
            self._hedge()
        return reports

    def _read(self, student: str, future: Future) -> Graded | Failed:
        if future.status != "finished":
            if self._client.status not in ("running", "connecting"):
                raise BatchAborted(f"The scheduler at {self._address} is gone: {_AGAIN}")
            error = future.exception(timeout=10) if future.status == "error" else None
            name = type(error).__name__ if error is not None else future.status
            return Failed(student, f"the cluster lost it ({name}{': ' + str(error) if error else ''})")
        answer: WorkerReply = future.result(timeout=60)
        if answer.refused:
            raise BatchAborted(f"{answer.reason}. {_AGAIN.capitalize()}")
        return unpack(answer.packed) if answer.packed else Failed(student, answer.reason)

    def _hedge(self) -> None:
        """Send what is very late to another worker as well: its own may be stuck, and the first answer counts."""
        limit = max(_SLOW_SECONDS, _SLOW_FACTOR * self._mean)
        late = [one for one in self._sent.items() if len(one[1].futures) == 1 and monotonic() - one[1].since > limit]
        if not late:
            return
        busy = self._client.processing()
        for student, sent in late:
            others = [worker for worker, keys in busy.items() if sent.futures[0].key not in keys]
            if others and len(others) < len(busy):
                self._send(student, sent, others)

    def close(self, at_once: bool) -> None:
        """Take back what is not needed any more; the cluster itself stays, unless it was started here."""
        # A worker that is stuck would keep everybody waiting here.
        leave = threading.Thread(target=self._leave, args=[at_once], daemon=True)
        leave.start()
        leave.join(_LEAVE_SECONDS)
        if self._cluster is not None:
            _expect_broken_connections()
        with contextlib.suppress(OSError, TimeoutError):
            self._client.close(timeout=5)
            if self._cluster is not None:
                self._cluster.close(timeout=10)

    def _leave(self, at_once: bool) -> None:
        with contextlib.suppress(Exception):
            self._client.cancel([one for sent in self._sent.values() for one in sent.futures], force=at_once)
            self._client.unregister_worker_plugin(self._name)


_AGAIN = "every verdict made so far is kept; mend this, and run the same command again."
