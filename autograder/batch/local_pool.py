"""The workers of this machine: forked processes, one submission each at a time, replaced when they are lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from time import monotonic
from typing import TYPE_CHECKING

from ..sandbox import Infrastructure, Refused, open_sandbox
from .interrupts import SIGNALS
from .model import BatchSpec, Failed, Graded

if TYPE_CHECKING:
    from .worker import Worker

_LEAVE_SECONDS = 20.0
# Times the sandbox's bound of a whole submission: only a fault of our own can take so long.
_FACTOR = 8.0


@dataclass
class _Process:
    """One worker process, the pipe to it, and whose submission it has since when."""

    process: ForkProcess
    pipe: Connection
    student: str | None = None
    since: float = 0.0


class LocalPool:
    """So many forked processes; they share what was loaded before, and end with this process whatever ends it.

    concurrent.futures.ProcessPoolExecutor does not do: one worker that dies breaks that pool and fails everything under
    way, and one that hangs cannot be ended. Here each worker has its own pipe, and only its own submission fails.
    """

    def __init__(self, spec: BatchSpec, size: int, private: Sequence[int] = (), *, loaded: bool = True) -> None:
        """Start nothing yet; `private` are descriptors that must not live on in a worker.

        Where the examples are not `loaded` here, a worker loads them itself while its sandbox starts.
        """
        self._spec, self._size, self._private, self._loaded = spec, size, private, loaded
        self._processes: list[_Process] = []
        limits = spec.config.limits
        self._patience = _FACTOR * limits.wall(limits.submission_seconds)

    @property
    def has_capacity(self) -> bool:
        """Whether a worker is idle, or another may be started."""
        return len(self._processes) < self._size or any(one.student is None for one in self._processes)

    @property
    def in_flight(self) -> int:
        """How many submissions are being graded."""
        return sum(one.student is not None for one in self._processes)

    def submit(self, student: str) -> None:
        """Hand a student to an idle worker, or to a new one."""
        worker = next((one for one in self._processes if one.student is None), None) or self._spawn()
        worker.student, worker.since = student, monotonic()
        # A worker that is gone already is noticed when its report is received.
        with contextlib.suppress(OSError):
            worker.pipe.send(student)

    def _spawn(self) -> _Process:
        context = multiprocessing.get_context("fork")
        pipe, theirs = context.Pipe()
        others = [one.pipe.fileno() for one in self._processes]
        arguments = (self._spec, theirs, os.getpid(), [*self._private, *others, pipe.fileno()], self._loaded)
        process = context.Process(target=_serve, args=arguments, daemon=True)
        # A signal that met the child before it knows what to do with it would be heard twice.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        except BaseException:
            pipe.close()
            raise
        finally:
            theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        worker = _Process(process, pipe)
        self._processes.append(worker)
        return worker

    def poll(self, patience: float) -> list[Graded | Failed]:
        """Receive from every worker that has something to report."""
        working = {one.pipe: one for one in self._processes if one.student is not None}
        ready = wait(list(working), patience)
        reports = [self._receive(one) for pipe, one in working.items() if pipe in ready]
        for worker in self._processes[:]:
            if worker.student is not None and monotonic() - worker.since > self._patience:
                reports.append(self._reap(worker, "did not come to an end and was ended"))
        return reports

    def _receive(self, worker: _Process) -> Graded | Failed:
        try:
            report: Graded | Failed | Exception = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(1.0)
            code = worker.process.exitcode
            how = f"was ended by signal {-code}" if code is not None and code < 0 else "ended"
            return self._reap(worker, how)
        worker.student = None
        if isinstance(report, Exception):
            raise report
        return report

    def _reap(self, worker: _Process, how: str) -> Failed:
        """Part with a worker that is lost; the next student gets a new one."""
        self._processes.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        return Failed(worker.student or "", f"the worker process that graded it {how}")

    def close(self, at_once: bool) -> None:
        """Let the workers leave; kill those that do not, or all of them at once."""
        workers, self._processes = self._processes, []
        for worker in workers:
            if at_once:
                worker.process.kill()
            worker.pipe.close()
        until = monotonic() + _LEAVE_SECONDS
        for worker in workers:
            worker.process.join(max(0.0, until - monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def _serve(spec: BatchSpec, pipe: Connection, parent: int, foreign: Sequence[int], loaded: bool) -> None:
    """Be a worker: grade whom the pipe names until it closes; Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for descriptor in foreign:
        # Otherwise the lock would outlive the batch, and no worker would see its pipe close.
        os.close(descriptor)
    if sys.platform == "linux":
        from ..sandbox.confined.kernel import die_with_parent

        die_with_parent()
    if os.getppid() != parent:
        return
    try:
        worker = _ready(spec) if loaded else _loading(spec)
    except Exception as error:
        # What is wrong with the course is no fault of the submission: said as if it had been found before this process began.
        with contextlib.suppress(EOFError, OSError):
            pipe.recv()
            pipe.send(error)
        return
    try:
        while True:
            student = pipe.recv()
            try:
                report: Graded | Failed | Refused = worker.grade(student)
            except Refused as error:
                report = error
            pipe.send(report)
    except (EOFError, OSError):
        return
    finally:
        with contextlib.suppress(Infrastructure, OSError):
            worker.close()


def _ready(spec: BatchSpec) -> Worker:
    from .worker import Worker

    return Worker(spec)


def _loading(spec: BatchSpec) -> Worker:
    """A worker whose sandbox starts while the examples are loaded: each takes as long as the other, on a core of its own."""

    def load() -> None:
        from .worker import load_banks

        load_banks(spec)

    with ThreadPoolExecutor(1) as aside:
        loading = aside.submit(load)
        # Here, since the sandbox ends with the thread that starts it. What is wrong with it is said when it is needed.
        sandbox = None
        with contextlib.suppress(Refused, Infrastructure):
            sandbox = open_sandbox(spec.layout.release, walls=spec.walls, limits=spec.config.limits)
    try:
        loading.result()
    except BaseException:
        if sandbox is not None:
            sandbox.close()
        raise
    from .worker import Worker

    return Worker(spec, sandbox)
