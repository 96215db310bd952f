"""The warm process as seen from the grader: started, asked for children, restarted when lost, ended."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import IO, Any

from ..backend import Backend
from ..limits import Infrastructure, Limits, Refused
from ..tiers import warm_process

_READY_SECONDS = 120.0
_GONE_SECONDS = 5.0
_LEAVING = 4


class Host:
    """One warm process, started at once."""

    def __init__(self, release: Path, backend: Backend, modules: tuple[str, ...]) -> None:
        """Start it; raises Refused when a wall cannot be had, Infrastructure when it fails otherwise."""
        self.backend = backend
        self.walls = backend.name != "none"
        self._release = release
        self._modules = (*warm_process.MODULES, *modules)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._errors: IO[bytes] | None = None
        self._owner = os.getpid()
        self._leaving: list[socket.socket] = []
        self._job: Mapping[str, Any] = {}
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            try:
                start = self.backend.start(self._release, theirs.fileno(), self._modules)
                self._job = start.job
                self._errors = tempfile.TemporaryFile()  # noqa: SIM115
                self._process = subprocess.Popen(
                    start.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._errors, cwd="/",
                    env=dict(start.environment), pass_fds=(theirs.fileno(),), start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                self.close()
                raise Infrastructure(f"the sandbox could not be started: {error}") from None
            except BaseException:
                self.close()
                raise
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(warm_process.runtime())
        until = monotonic() + _READY_SECONDS
        heard = select.select([self._control], [], [], until - monotonic())[0]
        if not heard or self._control.recv(16) != b"ready\n":
            self._process.kill()
            self._process.wait()
            told = self.said()
            self.close()
            raise Refused(self.backend.refusal(told))

    def submit(self, limits: Limits, serving: int, reporting: int) -> None:
        """Ask for one child that serves on one descriptor and is reported about on the other."""
        self._reap(_LEAVING)
        if self._control is None:
            raise Infrastructure("the sandbox is closed")
        job = json.dumps({**self._job, "limits": limits.plain()}).encode() + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [serving, reporting]))]
        try:
            self._control.sendmsg([job], rights)
        except OSError as error:
            raise Infrastructure(f"the sandbox was lost ({error})") from None

    def retire(self, status: socket.socket) -> None:
        """Take over the status socket of a child that was killed: its end of file is the end of all below it."""
        self._leaving.append(status)
        self._reap(_LEAVING)

    def _reap(self, most: int) -> None:
        """Drop the sockets of children that are gone; wait for the oldest while there are more than `most`."""
        until = monotonic() + _GONE_SECONDS
        while self._leaving:
            patience = max(0.0, until - monotonic()) if len(self._leaving) > most else 0.0
            ready, _, _ = select.select(self._leaving, [], [], patience)
            if not ready and (patience == 0.0 or monotonic() >= until):
                return
            for status in ready:
                with contextlib.suppress(BlockingIOError):
                    if not status.recv(1 << 16):
                        status.close()
                        self._leaving.remove(status)

    def alive(self, patience: float = 0.0) -> bool:
        """Return whether the warm process still runs, and goes on running for `patience` seconds."""
        if self._process is None:
            return False
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return True
        return False

    def restart(self) -> None:
        """Replace the warm process by a new one."""
        self.close()
        self._start()

    def said(self) -> str:
        """Return what the starting programs wrote to their standard error."""
        if self._errors is None or self._errors.closed:
            return ""
        self._errors.seek(0)
        return self._errors.read(1 << 16).decode("utf-8", "replace")

    def close(self) -> None:
        """End the warm process; everything below it goes with it."""
        self._reap(0)
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._owner == os.getpid():
            try:
                self._process.wait(2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        for status in self._leaving:
            status.close()
        self._leaving.clear()
        if self._errors is not None:
            self._errors.close()
