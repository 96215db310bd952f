"""The warm process: imports what notebooks need once, then forks one child a submission. It holds nothing hidden."""

# Descriptors and paths of the kernel: no pathlib here.
# ruff: noqa: PTH208

from __future__ import annotations

import array
import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..limits import Limits
from . import kernel
from .confinement import Confinement, confinement
from .runner import Child

_EXIT_CLEAN = 0
_LOOK_MILLISECONDS = 50
_SEED = 20_210_504  # any constant: what a child draws from global random state is the same each time


def warm_up(modules: Sequence[str]) -> None:
    """Import `modules` (those that are there), and let numpy's libraries set themselves up."""
    import random  # noqa: F401

    import numpy.random

    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    matrix = numpy.random.default_rng(0).standard_normal((32, 32))
    np.linalg.svd(matrix @ matrix)
    plot = sys.modules.get("matplotlib.pyplot")
    if plot is not None:
        plot.close(plot.figure())


def main(control: int, kind: str, modules: Sequence[str]) -> None:
    """Serve forks on the socket `control` until it closes."""
    # Imports make much that stays: looking for garbage among it takes a tenth of their time.
    gc.disable()
    warm_up(modules)
    kernel.measure()
    gc.collect()
    gc.freeze()
    gc.enable()
    if sys.platform == "linux":
        kernel.hide_memory(True)
        if len(os.listdir("/proc/self/task")) > 1:
            raise RuntimeError("a thread runs in the warm process: forking it could hang")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=control) as server:
        server.sendall(b"ready\n")
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 2)
        os.close(null)
        while True:
            job, descriptors = _receive(server)
            if not job or len(descriptors) != 2:
                return
            if os.fork() == 0:
                server.close()
                _foster(json.loads(job), descriptors[0], descriptors[1], confinement(kind))
            for descriptor in descriptors:
                os.close(descriptor)


def _receive(server: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next job and the two descriptors sent with it."""
    numbers = array.array("i")
    data, ancillary, _, _ = server.recvmsg(1 << 16, socket.CMSG_SPACE(2 * numbers.itemsize))
    for _level, _kind, content in ancillary:
        numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    while data and not data.endswith(b"\n"):
        more = server.recv(1 << 16)
        if not more:
            return b"", []
        data += more
    return data, list(numbers)


def _foster(job: dict[str, Any], serving: int, reporting: int, walls: Confinement) -> None:
    """Be the process between warm parent and child: fork it, watch over it, report its end; never return."""
    status = socket.socket(fileno=reporting)
    limits = Limits.of(job["limits"])
    pid = 0
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        walls.prepare(job)
        pid = os.fork()
        if pid == 0:
            _be_child(limits, job, serving, status, walls)
        os.close(serving)
        _watch_over(pid, status, walls, limits)
    except BaseException as error:
        _say(status, {"failed": f"{error}" or type(error).__name__})
    finally:
        _end(pid)
        walls.clean()
        os._exit(_EXIT_CLEAN)


def _end(pid: int) -> None:
    """Kill the child where it is still there: nothing may be written any more to what is about to be removed."""
    with contextlib.suppress(OSError):
        # Its number is another process's as soon as its end was read: then this is refused.
        if pid and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED)


def _say(status: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        status.sendall(json.dumps(message).encode() + b"\n")


def _watch_over(pid: int, status: socket.socket, walls: Confinement, limits: Limits) -> None:
    """Hand out the child's pidfd, wait for its end (where it could leave others behind, also for the grader's), report it."""
    message = json.dumps({"pid": pid}).encode() + b"\n"
    handle = -1
    try:
        handle = os.pidfd_open(pid)
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [handle]))]
        status.sendmsg([message], rights)
    except (AttributeError, OSError):
        if walls.alone:
            os.kill(pid, signal.SIGKILL)
            raise
        status.sendall(message)
    if not walls.alone:
        _wait_for_either(pid, handle, status, lambda: walls.overdrawn(limits))
        # Not reaped yet, so the number still belongs to this child: its whole group goes with it.
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    _, state, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(state)
    _say(status, {"exit": max(code, 0), "signal": max(-code, 0), "cpu": usage.ru_utime + usage.ru_stime})


def _wait_for_either(pid: int, handle: int, status: socket.socket, overdrawn: Callable[[], bool]) -> None:
    """Return when the child has ended, when the grader has, or when the child holds more than it may."""
    poll = select.poll()
    poll.register(status, select.POLLIN | select.POLLHUP)
    if handle >= 0:
        poll.register(handle, select.POLLIN)
    while not poll.poll(_LOOK_MILLISECONDS):
        if overdrawn() or os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return


def _be_child(limits: Limits, job: dict[str, Any], serving: int, status: socket.socket, walls: Confinement) -> None:
    """Confine this process, step by step, then serve; never return."""
    # Out of the way first: either may sit where the other goes.
    moved = fcntl.fcntl(serving, fcntl.F_DUPFD, 10), fcntl.fcntl(status.fileno(), fcntl.F_DUPFD, 10)
    os.dup2(moved[0], 3)
    # The report stays open until the last wall stands, to name the wall that does not.
    os.dup2(moved[1], 4)
    try:
        # A session of its own: a signal to "the group" would reach the warm process through all namespaces.
        os.setsid()
        if sys.platform == "linux":
            kernel.die_with_parent()
        home = walls.enclose(limits, job)
        tempfile.tempdir = None
        os.chdir(home)
        kernel.close_descriptors({3, 4})
        walls.seal(limits)
        os.close(4)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(4, json.dumps({"failed": str(error)}).encode() + b"\n")
        os._exit(1)
    try:
        import random

        random.seed(_SEED)
        np.random.seed(_SEED)
        Child(3, limits).serve()
    finally:
        os._exit(_EXIT_CLEAN)
