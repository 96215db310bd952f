"""The child of one submission: runs cells, answers calls, reads variables; it holds nothing else."""

# Student code may have changed pathlib: no pathlib here.
# ruff: noqa: PTH103, PTH118, PTH120, PTH123

from __future__ import annotations

import contextlib
import os
import struct
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from ..codec.decode import Decoder
from ..codec.encode import Bounds, Encoder, Seeded, Unreadable, encode
from ..limits import QUESTION, Limits, answer_label
from .arguments import REQUEST_BOUNDS, SHORT, arguments, differs, merged
from .namespace import Notebook
from .notebook_shims import NotWritten, install
from .served import Served
from .timers import Budget, TimeUp, Watch

REQUEST = struct.Struct("<IBQ")
REPLY = struct.Struct("<IIQ")
FILES, RUN, FRESH, ASK, READ, ASK_SERVED, SERVED = 1, 2, 3, 4, 5, 6, 7
HEAD_BOUNDS = Bounds(size=4 << 20, depth=4, elements=10_000, text=1 << 20)
_TELLING_SECONDS = 0.5
Lines = tuple[int, ...]
Told = tuple[str, str, str, str, Lines]


class Child:
    """The serve loop and its state."""

    def __init__(self, descriptor: int, limits: Limits) -> None:
        """Serve on the socket `descriptor`."""
        self.descriptor = descriptor
        self.limits = limits
        self.watch = Watch()
        self.notebook = Notebook()
        self.stream = install(self.notebook.execute, limits.output_kb << 10)
        self.ident = 0
        self.size = self.elements = 0
        self.submission = self._whole()
        self.served = Served(self._exchange)
        sys.path.append(self.notebook.home)
        # Where forking is possible at all, only this process may speak to the grader.
        os.register_at_fork(after_in_child=self._mute)

    def serve(self) -> None:
        """Answer requests until the socket closes."""
        self._send(0, b"ready")
        actions = {
            FILES: self._files,
            RUN: self._run,
            FRESH: self._fresh,
            ASK: self._ask,
            READ: self._read,
            ASK_SERVED: self._ask_served,
        }
        while True:
            head = self._receive(REQUEST.size)
            if not head:
                return
            if not self.ident:
                # The child may have waited long for its submission.
                self.submission = self._whole()
            self.ident, kind, length = REQUEST.unpack(head)
            self.size = self.elements = 0
            actions[kind](Decoder(self._receive(length), REQUEST_BOUNDS, seeds=True))

    def _mute(self) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, self.descriptor)
        os.close(null)

    def _receive(self, length: int) -> bytes | bytearray:
        if length <= SHORT:
            data = os.read(self.descriptor, length) if length else b""
            if len(data) == length:
                return data
        else:
            data = b""
        buffer = bytearray(length)
        buffer[: len(data)] = data
        have, view = len(data), memoryview(buffer)
        while have < length:
            count = os.readv(self.descriptor, [view[have:]])
            if not count:
                return b""
            have += count
        return buffer

    def _send(self, index: int, *parts: bytes | memoryview) -> None:
        size = sum(map(len, parts))
        if size <= SHORT:
            parts = (REPLY.pack(self.ident, index, size) + b"".join(parts),)
        else:
            parts = (REPLY.pack(self.ident, index, size), *merged(parts))
        for part in parts:
            data = memoryview(part)
            while data:
                data = data[os.write(self.descriptor, data) :]

    def _time(self, seconds: float, batch: Budget | None = None) -> tuple[float, float]:
        """Return the CPU and wall time for something that may take so many seconds, within batch and submission."""
        times = [(seconds, self.limits.wall(seconds)), self.submission.left()]
        if batch is not None:
            times.append(batch.left())
        return min(cpu for cpu, _ in times), min(wall for _, wall in times)

    def _whole(self) -> Budget:
        return Budget(self.limits.submission_seconds, self.limits.wall(self.limits.submission_seconds))

    def _batch(self) -> Budget:
        seconds = self.limits.exercise_seconds
        return Budget(seconds, self.limits.wall(seconds))

    def _files(self, request: Decoder) -> None:
        for _ in range(request.value()):
            name, content = request.value(), request.value()
            path = os.path.join(self.notebook.home, name)
            # A file that does not fit is not there; the cell that wants it will say so.
            with contextlib.suppress(OSError):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content.tobytes())
        self._send(0, b"")

    def _fresh(self, request: Decoder) -> None:
        self.notebook.fresh()
        self._printed()
        self._send(0, b"")

    def _tell(self, error: BaseException, label: str) -> tuple[str, str, Lines]:
        """Return name, detail and lines in the cell `label` of a student's error.

        Its message is student code and runs under the watch.
        """
        watch = self.watch
        # Inside the wall time of what raised, or the grader would have to wait for it apart.
        wall = max(watch.ends - monotonic(), self.limits.grace_seconds / 2)
        try:
            told: tuple[str, str, Lines] = watch.run(_TELLING_SECONDS, wall, self.notebook.explain, error, label)
        except BaseException:
            watch.armed = False
            return "Exception", "(its message cannot be read)", ()
        return told

    def _run(self, request: Decoder) -> None:
        limits, watch = self.limits, self.watch
        for index in range(request.value()):
            label, source = request.value(), request.value()
            cpu, wall = self._time(limits.cell_seconds)
            status, error, detail = "ran", "", ""
            lines: Lines = ()
            if min(cpu, wall) <= 0:
                status, detail = "skipped", "the submission's time was spent"
            else:
                watch.listen()
                try:
                    watch.run(cpu, wall, self.notebook.run, label, source)
                except TimeUp:
                    watch.armed = False
                    status, detail = "timeout", _stopped(cpu, limits.cell_seconds)
                except BaseException as caught:
                    status, (error, detail, lines) = "raised", self._tell(caught, label)
                watch.off()
            printed = self._printed()
            self._send(index, encode((status, error, detail, printed, lines), HEAD_BOUNDS))

    def _encoder(self) -> Encoder:
        """Return an encoder for the next value, with what the values before it left of the batch's bounds."""
        limits = self.limits
        return Encoder(Bounds((limits.reply_mb << 20) - self.size, limits.depth, limits.elements - self.elements))

    def _spend(self, encoder: Encoder) -> None:
        self.size += encoder.size
        self.elements += encoder.elements

    def _ask(self, request: Decoder) -> None:
        name, count = request.value(), request.value()
        names, limits, watch = self.notebook.names, self.limits, self.watch
        function = names.get(name)
        outcome = "uncallable" if name in names else "undefined"
        if not callable(function):
            head = encode((outcome, "", "", "", (), ()), HEAD_BOUNDS) + b"N"
            for index in range(count):
                self._send(index, head)
            return
        watch.listen()
        batch, timeouts = self._batch(), 0
        shared: dict[Seeded, Any] = {}
        for index in range(count):
            args, kwargs, given = arguments(request, shared)
            cpu, wall = self._time(limits.call_seconds, batch)
            if timeouts >= 2 or min(cpu, wall) <= 0:
                detail = "the calls before it took too long"
                self._send(index, encode(("skipped", "", detail, "", (), ()), HEAD_BOUNDS) + b"N")
                continue
            encoder = self._encoder()
            told = self._answer(cpu, wall, answer_label(name), _call, function, args, kwargs, encoder)
            changed = tuple(position for position, array, raw in given if differs(array, raw))
            timeouts += told[0] == "timeout"
            payload = _RETURNED if told[0] == "returned" and not changed else encode((*told, changed), HEAD_BOUNDS)
            self._spend(encoder)
            self._send(index, payload, *(encoder.chunks if told[0] == "returned" else _NOTHING))
            if told[0] != "returned":
                watch.listen()
        watch.off()
        # What calls print is nobody's output, least of all the next cell's.
        self._printed()

    def _ask_served(self, request: Decoder) -> None:
        """Answer calls while some names stand for functions of the grader's."""
        for name in request.value():
            self.notebook.names[name] = self.served.function(name)
        self.served.open = True
        try:
            self._ask(request)
        finally:
            self.served.open = False

    def _exchange(self, question: list[bytes | memoryview]) -> bytes | bytearray:
        """Send a question and return its answer; the clock rings again after it, or half of an answer would be left."""
        armed, self.watch.armed = self.watch.armed, False
        try:
            self._send(QUESTION, *question)
            ident, kind, length = REQUEST.unpack(self._receive(REQUEST.size))
            if (ident, kind) != (self.ident, SERVED):
                raise RuntimeError("what arrived is no answer")
            return self._receive(length)
        finally:
            self.watch.armed = armed

    def _printed(self) -> str:
        try:
            return self.stream.take()
        except Exception:
            return ""

    def _read(self, request: Decoder) -> None:
        batch, names = self._batch(), self.notebook.names
        for index in range(request.value()):
            name = request.value()
            encoder = self._encoder()
            cpu, wall = self._time(self.limits.call_seconds, batch)
            if name not in names:
                told: Told = ("undefined", "", "", "", ())
            elif min(cpu, wall) <= 0:
                told = ("skipped", "", "the values before it took too long", "", ())
            else:
                self.watch.listen()
                told = self._answer(cpu, wall, "", encoder.answer, names[name])
            self._spend(encoder)
            head = encode((*told, ()), HEAD_BOUNDS)
            self._send(index, head, *(encoder.chunks if told[0] == "returned" else _NOTHING))
        self.watch.off()

    def _answer(self, cpu: float, wall: float, label: str, work: Callable[..., Any], *values: Any) -> Told:
        """Run `work`; return outcome, error, detail, the function whose `todo()` it met, and lines in the cell `label`."""
        try:
            self.watch.run(cpu, wall, work, *values)
        except TimeUp:
            self.watch.armed = False
            return "timeout", "", _stopped(cpu, self.limits.call_seconds), "", ()
        except Unreadable as error:
            return "unreadable", "", str(error), "", ()
        except BaseException as error:
            unwritten = str(error.unwritten) if type(error) is NotWritten else ""
            name, detail, lines = self._tell(error, label)
            return "raised", name, detail, unwritten, lines
        return "returned", "", "", "", ()


def _stopped(cpu: float, seconds: float) -> str:
    """Return what to say of something stopped: never a measured time, a verdict must read the same each time."""
    if cpu > 0.99 * seconds:
        return f"stopped: it took longer than the {seconds:g} s it may take"
    return "stopped: the time for all of it was spent"


_NOTHING = (b"N",)
_RETURNED = encode(("returned", "", "", "", (), ()), HEAD_BOUNDS)


def _call(function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any], encoder: Encoder) -> None:
    encoder.answer(function(*args, **kwargs))
