"""Clocks in the child: a budget of CPU and wall time, and what interrupts the code that overspends it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from signal import ITIMER_PROF, ITIMER_REAL, getsignal, pthread_sigmask, setitimer
from time import monotonic, process_time
from typing import Any

# Taken now: student code may replace what the modules hold later.
_set_handler = signal.signal
_RING_AGAIN = 0.05


class Budget:
    """CPU and wall seconds that run down from the moment it is made."""

    def __init__(self, cpu: float, wall: float) -> None:
        """Begin now."""
        self._cpu = process_time() + cpu
        self._wall = monotonic() + wall

    def left(self) -> tuple[float, float]:
        """Return the CPU and wall seconds that are left; either may be negative."""
        return self._cpu - process_time(), self._wall - monotonic()


class TimeUp(BaseException):
    """The budget is spent; not an Exception, so that `except Exception` does not swallow it."""


class Watch:
    """A stop watch of CPU and wall time that interrupts what runs under it."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self.armed = False
        self.rang = False
        self.ends = 0.0

    def _ring(self, *_: Any) -> None:
        if self.armed:
            self.rang = True
            raise TimeUp

    def listen(self) -> None:
        """Take the two signals (again): student code may have taken or blocked them."""
        for number in (signal.SIGPROF, signal.SIGALRM):
            if getsignal(number) != self._ring:
                _set_handler(number, self._ring)
        pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGPROF, signal.SIGALRM))

    def run(self, cpu: float, wall: float, work: Callable[..., Any], *values: Any) -> Any:
        """Return work(*values), or raise TimeUp; also when `work` swallowed the interruption and went on."""
        self.rang = False
        self.ends = monotonic() + wall
        try:
            self.armed = True
            # An interval, too: one interruption may be lost in a destructor or a bare except.
            setitimer(ITIMER_PROF, max(cpu, 0.001), _RING_AGAIN)
            setitimer(ITIMER_REAL, max(wall, 0.001), _RING_AGAIN)
            result = work(*values)
        finally:
            self.armed = False
        if self.rang:
            raise TimeUp
        return result

    def off(self) -> None:
        """Stop the clocks."""
        self.armed = False
        setitimer(ITIMER_PROF, 0)
        setitimer(ITIMER_REAL, 0)
