"""Ctrl-C: once to finish what runs and stop, twice to stop now; a request to terminate stops now."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_FINISHING = b"\nStopping when the submissions that run now are graded; Ctrl-C once more stops at once.\n"


class StopNow(KeyboardInterrupt):
    """Nothing more is to be done, not even what runs."""


class Stop:
    """Whether the person in front of the machine wants the batch to end."""

    def __init__(self) -> None:
        self.asked = False
        self._now = False

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Take one signal; raises StopNow at the second one, and nothing at those that follow it."""
        if self._now:
            return
        if self.asked or number == signal.SIGTERM:
            self.asked = self._now = True
            raise StopNow
        self.asked = True
        # No console here: the signal may have come in the middle of one of its methods.
        os.write(2, _FINISHING)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Listen to Ctrl-C while the block runs; in any thread but the first, nothing is listened to."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.on_signal) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
