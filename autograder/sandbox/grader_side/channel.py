"""The grader's end of the wire: one deadline a message, sizes checked first, descriptors never taken."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TypeVar

from ..limits import QUESTION

REQUEST = struct.Struct("<IBQ")
REPLY = struct.Struct("<IIQ")
_CHUNK = 1 << 18
_AT_ONCE = 4_096
_T = TypeVar("_T")


class Late(Exception):
    """The deadline passed."""


class Gone(Exception):
    """The other side is no longer there."""


class Forged(Exception):
    """What arrived is no answer to what was asked."""


class Channel:
    """Frames to and from one child, and one eye on the socket that reports its end."""

    def __init__(self, sock: socket.socket, status: socket.socket) -> None:
        """Take over `sock`; `status` is only watched."""
        sock.setblocking(False)
        self._sock = sock
        self._buffer = bytearray()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self._poll.register(status, select.POLLIN)
        self._writing = select.poll()
        self._writing.register(sock, select.POLLOUT)
        self._status = status.fileno()

    def send(self, ident: int, kind: int, chunks: Sequence[bytes | memoryview], until: float) -> None:
        """Send one request."""
        size = sum(map(len, chunks))
        waiting: list[bytes | memoryview] = [REQUEST.pack(ident, kind, size), *chunks]
        for start in range(0, len(waiting), _AT_ONCE):
            parts = waiting[start : start + _AT_ONCE]
            if sum(map(len, parts)) > _CHUNK:
                for part in parts:
                    self._send(memoryview(part), until)
            else:
                self._send(memoryview(b"".join(parts)), until)

    def _send(self, view: memoryview, until: float) -> None:
        while view:
            try:
                view = view[self._sock.send(view) :]
            except BlockingIOError:
                if not self._writing.poll(max(0.0, until - monotonic()) * 1000) and monotonic() >= until:
                    raise Late from None
            except OSError:
                # It may still have answered something before it went; receiving tells.
                return

    def receive(self, ident: int, index: int, largest: int, until: float) -> bytes | bytearray:
        """Return the payload of the reply `index` to the request `ident`."""
        return self._frame(ident, {index: largest}, until)[1]

    def receive_or_question(
        self, ident: int, index: int, largest: int, until: float, question: int
    ) -> tuple[bool, bytes | bytearray]:
        """Return whether the child asks something itself, in at most `question` bytes, and the question or the reply."""
        got, payload = self._frame(ident, {index: largest, QUESTION: question}, until)
        return got == QUESTION, payload

    def _frame(self, ident: int, allowed: dict[int, int], until: float) -> tuple[int, bytes | bytearray]:
        """Return the number and the payload of the next frame; `allowed` has the most bytes of each number."""
        while len(self._buffer) < REPLY.size:
            self._buffer += self._some(until)
        got_ident, got_index, length = REPLY.unpack_from(self._buffer)
        if got_ident != ident or length > allowed.get(got_index, -1):
            raise Forged
        end = REPLY.size + length
        if len(self._buffer) >= end:
            payload = self._buffer[REPLY.size : end]
            del self._buffer[:end]
            return got_index, payload
        whole = bytearray(length)
        have = len(self._buffer) - REPLY.size
        whole[:have] = self._buffer[REPLY.size :]
        self._buffer.clear()
        view = memoryview(whole)
        while have < length:
            have += self._wait(partial(self._sock.recv_into, view[have:]), until)
        return got_index, whole

    def idle(self) -> bool:
        """Return whether nothing has arrived that was not asked for."""
        return not self._buffer

    def _some(self, until: float) -> bytes:
        return self._wait(partial(self._sock.recv, _CHUNK), until)

    def _wait(self, take: Callable[[], _T], until: float) -> _T:
        """Return what `take` finds as soon as it finds something."""
        while True:
            left = until - monotonic()
            if left <= 0:
                raise Late
            ready = {number for number, _ in self._poll.poll(left * 1000)}
            if not ready:
                continue
            try:
                taken = take()
            except BlockingIOError:
                if self._status in ready:
                    raise Gone from None
                continue
            except OSError:
                raise Gone from None
            if not taken:
                raise Gone
            return taken
