"""One grader at a time in a course folder: the lock, and who holds it."""

from __future__ import annotations

import fcntl
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..course.layout import Layout


class Busy(ValueError):
    """Another process grades this assignment in this course folder right now."""


@contextmanager
def course_lock(layout: Layout) -> Iterator[int]:
    """Hold the assignment's lock and yield its descriptor; raises Busy, naming the process that has it, or OSError.

    The kernel drops the lock with the process that holds it, so a dead grader never blocks the next one.
    """
    layout.results.mkdir(parents=True, exist_ok=True)
    with (layout.results / f".{layout.assignment}.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            who = handle.read(200).strip() or "a process that has not said which"
            raise Busy(
                f"Another `autograder` is at work on {layout.assignment} in {layout.course}: {who}. "
                "Wait until it ends, or end it; then run the same command again."
            ) from error
        handle.seek(0)
        handle.truncate()
        handle.write(f"process {os.getpid()} on {platform.node()} since {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
        handle.flush()
        yield handle.fileno()
