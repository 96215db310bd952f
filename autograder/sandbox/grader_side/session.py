"""The grader's side of the sandbox: one warm process, one child a submission; whatever arrives is only values."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from time import monotonic
from types import TracebackType
from typing import Any, Self

import numpy as np

from ...checks.exercise import Answer, Call, Rng
from ...checks.identity_cache import by_identity
from ..codec.decode import Decoder, decode
from ..codec.encode import Bounds, Encoder, Malformed, Seeded
from ..limits import QUESTION_BYTES, Cell, Infrastructure, Limits, Outcome, Status
from .channel import Channel, Forged, Gone, Late
from .fork_server_client import Host
from .replies import STATUSES, answer, clean, name_of, numbers, signal_name, texts
from .serving import Serving

_FILES, _RUN, _FRESH, _ASK, _READ, _ASK_SERVED, _SERVED = 1, 2, 3, 4, 5, 6, 7
_REQUEST = Bounds(size=512 << 20, depth=100, elements=50_000_000, text=50_000_000)
_HEAD = 1 << 16
_START_SECONDS = 60.0
_PRINTED = 32


class Session:
    """One child: runs cells, answers calls. Nothing the student's code does raises here."""

    def __init__(self, host: Host, limits: Limits) -> None:
        """Ask for the child, and do not wait for it; raises Infrastructure when it cannot be asked for."""
        self.limits = limits
        self.alive = False
        self._host = host
        self._ident = 0
        self._process = -1
        self._pid = 0
        self._told: dict[str, Any] = {}
        self._pending = b""
        self._closed = False
        self._room = _PRINTED * (limits.output_kb << 10)
        self._sock, serving = socket.socketpair()
        self._status, reporting = socket.socketpair()
        try:
            with serving, reporting:
                host.submit(limits, serving.fileno(), reporting.fileno())
        except Infrastructure:
            self.close()
            raise
        self._channel = Channel(self._sock, self._status)
        self._until = 0.0

    def begin(self, files: Mapping[str, bytes]) -> Self:
        """Wait until the child stands behind its walls, and hand it the files; raises Infrastructure if it does not."""
        until = monotonic() + _START_SECONDS
        try:
            self._hear(until, "pid")
            self._channel.receive(0, 0, 16, until)
            self.alive = True
            self._until = monotonic() + self.limits.wall(self.limits.submission_seconds)
            if files:
                self._give(files)
        except (Late, Gone, Forged, OSError) as error:
            with contextlib.suppress(Late, Gone, OSError):
                self._hear(monotonic() + 1.0, "failed")
            self.close()
            reason = self._told.get("failed") or f"no child ({type(error).__name__}) {self._host.said()}"
            raise Infrastructure(str(reason)) from None
        return self

    def run(self, cells: Sequence[Cell]) -> list[Outcome]:
        """Run the cells in order in one namespace of names; one outcome each."""
        if not cells:
            return []
        request = Encoder(_REQUEST)
        request.add(len(cells))
        for cell in cells:
            request.add(cell.label)
            request.add(cell.source)
        each = self.limits.wall(self.limits.cell_seconds)
        largest = 4 * (self.limits.output_kb << 10) + _HEAD
        outcomes: list[Outcome] = []
        bounds = Bounds(largest, 3, 20, largest)
        end: Status = "skipped"
        told = ""
        try:
            for payload in self._replies(_RUN, request, len(cells), each, each * len(cells), largest):
                head = decode(payload, bounds)
                if type(head) is not tuple or len(head) != 5:
                    raise Malformed("a reply has another form")
                (status, error, detail, printed), lines = texts(head[:4], 4), numbers(head[4])
                if status not in STATUSES:
                    raise Malformed("no such status")
                said = (name_of(error), self._kept(detail, 4_000, 300), self._kept(printed, largest))
                outcomes.append(Outcome(status, *said, lines))  # type: ignore[arg-type]
        except (Late, Gone, Forged, Malformed) as error:
            end, told = self._end(error)
        missing = len(cells) - len(outcomes)
        if missing and told:
            outcomes.append(Outcome(end, detail=told))
        return outcomes + [Outcome("skipped", detail=_AFTER)] * (len(cells) - len(outcomes))

    def _kept(self, text: str, longest: int, least: int = 0) -> str:
        """Return text made clean; all cells share one room, so that many of them do not fill the grader's memory."""
        kept = clean(text, max(least, min(longest, self._room)))
        self._room = max(0, self._room - len(kept))
        return kept

    def fresh(self) -> None:
        """Begin a new, empty namespace of names (the next notebook)."""
        try:
            for _ in self._replies(_FRESH, Encoder(_REQUEST), 1, 10.0, 10.0, 0):
                pass
        except (Late, Gone, Forged) as error:
            self._end(error)

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call the function `name` once per call, in order; one answer each."""
        # A tuple is the same bank again, which every submission is asked.
        request = _known_request(name, calls) if isinstance(calls, tuple) else _request(name, calls)
        limits = self.limits
        return self._answers(_ASK, request, len(calls), limits.wall(limits.call_seconds))

    def ask_served(
        self, name: str, calls: Sequence[Call], functions: Mapping[str, Callable[..., Any]]
    ) -> tuple[list[Answer], set[str]]:
        """Ask as `ask` does while the names of `functions` stand for these; their names that were asked come along.

        The child gets values of them alone, and nothing of them once this has returned. `functions` raise TypeError or
        ValueError for arguments they are not made for.
        """
        request = Encoder(_REQUEST)
        request.add(tuple(functions))
        request.chunks += _request(name, calls).chunks
        serving = Serving(functions, self.limits)
        each = self.limits.wall(self.limits.call_seconds)
        return self._answers(_ASK_SERVED, request, len(calls), each, serving), serving.asked

    def hurry(self, seconds: float) -> None:
        """Let all that this session still does end within so many seconds of the wall clock."""
        self._until = min(self._until, monotonic() + seconds)

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Return the present values of the variables `names`, one answer each."""
        request = Encoder(_REQUEST)
        request.add(len(names))
        for name in names:
            request.add(name)
        return self._answers(_READ, request, len(names), self.limits.wall(self.limits.call_seconds))

    def _answers(
        self, kind: int, request: Encoder, count: int, each: float, serving: Serving | None = None
    ) -> list[Answer]:
        limits = self.limits
        left = limits.elements
        answers: list[Answer] = []
        end: Status = "skipped"
        told = ""
        total = limits.wall(limits.exercise_seconds)
        try:
            largest = limits.reply_mb << 20
            for payload in self._replies(kind, request, count, each, total, largest, serving) if count else ():
                decoder = Decoder(payload, Bounds(limits.reply_mb << 20, limits.depth, max(left, 0) + 1_000))
                answers.append(answer(decoder))
                left -= decoder.elements
        except (Late, Gone, Forged, Malformed) as error:
            end, told = self._end(error)
        if told and len(answers) < count:
            answers.append(Answer("timeout" if end == "timeout" else "died", detail=told))
        return answers + [Answer("skipped", detail=_AFTER)] * (count - len(answers))

    def _replies(
        self,
        kind: int,
        request: Encoder,
        count: int,
        each: float,
        total: float,
        largest: int,
        serving: Serving | None = None,
    ) -> Iterator[bytes | bytearray]:
        """Send one request and yield its replies; raises Late, Gone or Forged."""
        if not self.alive:
            return
        self._ident += 1
        grace = self.limits.grace_seconds
        limit = min(monotonic() + total, self._until) + grace
        if not self._channel.idle():
            raise Forged
        self._channel.send(self._ident, kind, request.chunks, limit)
        # Every cell may print as much as any; the values of one batch share their bound.
        most = count * (largest + _HEAD) if kind == _RUN else largest + count * _HEAD
        size = 0
        for index in range(count):
            until = min(monotonic() + each + grace, limit)
            if serving:
                payload = self._served(index, largest + _HEAD, until, serving)
            else:
                payload = self._channel.receive(self._ident, index, largest + _HEAD, until)
            size += len(payload)
            if size > most:
                raise Forged
            yield payload

    def _served(self, index: int, largest: int, until: float, serving: Serving) -> bytes | bytearray:
        """Return the next reply, after the answers to all that the child asks before it."""
        while True:
            asked, payload = self._channel.receive_or_question(self._ident, index, largest, until, QUESTION_BYTES)
            if not asked:
                return payload
            self._channel.send(self._ident, _SERVED, serving.answer(payload).chunks, until)

    def _give(self, files: Mapping[str, bytes]) -> None:
        request = Encoder(_REQUEST)
        kept = [(name, content) for name, content in files.items() if _harmless(name)]
        request.add(len(kept))
        for name, content in kept:
            request.add(name)
            request.add(np.frombuffer(content, np.uint8))
        for _ in self._replies(_FILES, request, 1, 30.0, 30.0, 0):
            pass

    def _hear(self, until: float, wanted: str) -> None:
        """Take in what the process above the child says, until `wanted` is among it, the deadline, or its end."""
        self._status.setblocking(False)
        while wanted not in self._told:
            if not select.select([self._status], [], [], max(0.0, until - monotonic()))[0]:
                raise Late
            data, handles, _, _ = socket.recv_fds(self._status, 1 << 16, 1)
            if handles:
                self._process = handles[0]
            if not data:
                raise Gone
            *lines, self._pending = (self._pending + data).split(b"\n")
            for line in lines:
                self._told.update(json.loads(line))
            self._pid = int(self._told.get("pid", 0))

    def _end(self, error: Exception) -> tuple[Status, str]:
        """Kill the child, and return what that makes of the cell or call it was at; Infrastructure if not its doing."""
        self.alive = False
        hung_up = False
        if isinstance(error, Gone):
            with contextlib.suppress(Late, Gone):
                self._hear(monotonic() + 5.0, "exit")
            if "exit" not in self._told:
                # Gone, but not ended: it may have closed the connection and lived on.
                hung_up = self._kill()
                with contextlib.suppress(Late, Gone):
                    self._hear(monotonic() + 5.0, "exit")
        self.close()
        if isinstance(error, Late):
            return "timeout", "it did not stop when its time was up, and was ended"
        if isinstance(error, (Forged, Malformed)):
            return "died", "it disturbed the connection to the grader"
        if "exit" not in self._told:
            if self._host.walls or not self._host.alive(0.3):
                raise Infrastructure("the sandbox was lost while a submission ran") from None
            return "died", "its process ended"
        if hung_up:
            return "died", "it closed the connection to the grader"
        number, code = int(self._told["signal"]), int(self._told["exit"])
        if float(self._told["cpu"]) >= self.limits.submission_seconds:
            return "timeout", "the submission's time was spent"
        if number:
            return "died", f"its process was ended by a signal ({signal_name(number)})"
        return "died", f"its process ended itself (exit code {code})"

    def _kill(self) -> bool:
        """Kill the child if there is a handle on it; returns whether there is."""
        if self._process >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
        return self._process >= 0

    def close(self) -> None:
        """Kill the child with everything it started; what the kernel has left to clear does not hold up the next."""
        self.alive = False
        if self._closed:
            return
        self._closed = True
        if self._kill():
            os.close(self._process)
            self._process = -1
        elif self._pid and "exit" not in self._told and not self._host.walls:
            with contextlib.suppress(OSError):
                os.killpg(self._pid, signal.SIGKILL)
        self._pid = 0
        self._sock.close()
        self._host.retire(self._status)

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


_AFTER = "not asked: what came before it did not end well"


def _request(name: str, calls: Sequence[Call]) -> Encoder:
    request = Encoder(_REQUEST)
    request.add(name)
    request.add(len(calls))
    for call in calls:
        request.add(len(call.args))
        request.add(len(call.args) + len(call.kwargs))
        for value in call.args:
            request.add(_sent(value))
        for key, value in call.kwargs.items():
            request.add(key)
            request.add(_sent(value))
    return request


_known_request = by_identity(64)(_request)


def _sent(value: Any) -> Any:
    return Seeded(value.seed, value.handle) if isinstance(value, Rng) else value


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    parts = path.parts
    return bool(parts) and not path.is_absolute() and ".." not in parts and parts[0] != "data" and "\0" not in name
