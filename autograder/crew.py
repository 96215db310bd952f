"""The workers of this machine: forked processes, one submission each at a time, replaced when they are lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from time import monotonic
from typing import Protocol

from .notebooks import load_sources
from .problems import examination
from .sandbox import Infrastructure, Refused
from .stopping import SIGNALS
from .worker import Done, Job, Lost, Worker

_LEAVE_SECONDS = 20.0
# Times the sandbox's bound of a whole submission: only a fault of our own can take so long.
_FACTOR = 8.0


class Crew(Protocol):
    """Who grades: takes students, and tells in any order what became of them; every one taken is told of once."""

    @property
    def room(self) -> bool:
        """Whether another student can be given."""
        ...

    @property
    def busy(self) -> int:
        """How many students were given and not yet told of."""
        ...

    def give(self, student: str) -> None:
        """Have a student's submission graded."""
        ...

    def take(self, patience: float) -> list[Done | Lost]:
        """What has become of some, after at most so many seconds; raises Refused where the wall cannot be had."""
        ...

    def close(self, at_once: bool) -> None:
        """End the workers: when they have ended what they do, or at once."""
        ...


@dataclass
class _Hand:
    """One worker process, the line to it, and whose submission it has since when."""

    process: ForkProcess
    line: Connection
    student: str | None = None
    since: float = 0.0


def load_banks(job: Job) -> None:
    """Draw the examples of all exercises, which takes seconds: workers forked after it have them."""
    for source in load_sources(job.layout.source):
        for name in source.exercises:
            examination(source.stem, name, job.config.seed)


class LocalCrew:
    """So many forked processes; they share what was loaded before, and end with this process whatever ends it."""

    def __init__(self, job: Job, size: int, ours: Sequence[int] = ()) -> None:
        """Start nothing yet; `ours` are descriptors that must not live on in a worker."""
        self._job, self._size, self._ours = job, size, ours
        self._hands: list[_Hand] = []
        limits = job.config.limits
        self._patience = _FACTOR * limits.wall(limits.submission_seconds)

    @property
    def room(self) -> bool:
        """Whether a worker is idle, or another may be started."""
        return len(self._hands) < self._size or any(hand.student is None for hand in self._hands)

    @property
    def busy(self) -> int:
        """How many submissions are being graded."""
        return sum(hand.student is not None for hand in self._hands)

    def give(self, student: str) -> None:
        """Hand a student to an idle worker, or to a new one."""
        idle = [hand for hand in self._hands if hand.student is None]
        hand = idle[0] if idle else self._hire()
        hand.student, hand.since = student, monotonic()
        # A worker that is gone already is noticed when it is heard.
        with contextlib.suppress(OSError):
            hand.line.send(student)

    def _hire(self) -> _Hand:
        context = multiprocessing.get_context("fork")
        line, theirs = context.Pipe()
        others = [hand.line.fileno() for hand in self._hands]
        arguments = (self._job, theirs, os.getpid(), [*self._ours, *others, line.fileno()])
        process = context.Process(target=_serve, args=arguments, daemon=True)
        # A signal that met the child before it knows what to do with it would be heard twice.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        except BaseException:
            line.close()
            raise
        finally:
            theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        hand = _Hand(process, line)
        self._hands.append(hand)
        return hand

    def take(self, patience: float) -> list[Done | Lost]:
        """Hear every worker that has something to say."""
        by_line = {hand.line: hand for hand in self._hands if hand.student is not None}
        told = [self._hear(by_line[line]) for line in wait(list(by_line), patience) if isinstance(line, Connection)]
        for hand in self._hands[:]:
            if hand.student is not None and monotonic() - hand.since > self._patience:
                told.append(self._dismiss(hand, "did not come to an end and was ended"))
        return told

    def _hear(self, hand: _Hand) -> Done | Lost:
        try:
            said: Done | Lost | Refused = hand.line.recv()
        except (EOFError, OSError):
            hand.process.join(1.0)
            code = hand.process.exitcode
            how = f"was ended by signal {-code}" if code is not None and code < 0 else "ended"
            return self._dismiss(hand, how)
        hand.student = None
        if isinstance(said, Refused):
            raise said
        return said

    def _dismiss(self, hand: _Hand, how: str) -> Lost:
        """Part with a worker that is lost; the next student gets a new one."""
        self._hands.remove(hand)
        hand.process.kill()
        hand.process.join()
        hand.line.close()
        return Lost(hand.student or "", f"the worker process that graded it {how}")

    def close(self, at_once: bool) -> None:
        """Let the workers leave; kill those that do not, or all of them at once."""
        hands, self._hands = self._hands, []
        for hand in hands:
            if at_once:
                hand.process.kill()
            hand.line.close()
        until = monotonic() + _LEAVE_SECONDS
        for hand in hands:
            hand.process.join(max(0.0, until - monotonic()))
            if hand.process.is_alive():
                hand.process.kill()
                hand.process.join()


def _serve(job: Job, line: Connection, parent: int, foreign: Sequence[int]) -> None:
    """Be a worker: grade whom the line names until it closes; Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for descriptor in foreign:
        # Otherwise the lock would outlive the batch, and no worker would see its line close.
        os.close(descriptor)
    if sys.platform == "linux":
        from .sandbox.walls import die_with_parent

        die_with_parent()
    if os.getppid() != parent:
        return
    worker = Worker(job)
    try:
        while True:
            student = line.recv()
            try:
                said: Done | Lost | Refused = worker.grade(student)
            except Refused as error:
                said = error
            line.send(said)
    except (EOFError, OSError):
        return
    finally:
        with contextlib.suppress(Infrastructure, OSError):
            worker.close()
