"""The append-only log of a batch: what is in it survives any end, and the results file is made from it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_BEGIN = b'{"event": "'


@dataclass(frozen=True)
class Entry:
    """The latest verdict on a student: its key and where it stands, stems of what was handed in, the mark of its pages."""

    key: str
    offset: int
    present: tuple[str, ...] = ()
    pages: str = ""


@dataclass(frozen=True)
class Line:
    """A verdict to be written down: the result, stems of what was handed in, how long it took, the mark of its pages.

    `spent` are the seconds of each exercise.
    """

    result: dict[str, Any]
    present: Sequence[str] = ()
    seconds: float = 0.0
    pages: str = ""
    spent: Mapping[str, float] = field(default_factory=dict)


class Journal:
    """The log of one assignment, open for appending; reading it back gives the latest verdict on each student.

    `damaged` counts the lines that could not be read: what stood in them is as if it had never been written.
    """

    def __init__(self, path: Path) -> None:
        """Open the log, mend a line cut off by a sudden end, and index the verdicts in it; raises OSError."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        self._file = path.open("a+b", buffering=0)
        if new:
            _sync_folder(path.parent)
        self.entries: dict[str, Entry] = {}
        self.damaged = 0
        self.origin: dict[str, Any] = {}
        self._end = 0
        self._index()

    def _index(self) -> None:
        alike: dict[tuple[str, ...], tuple[str, ...]] = {}
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    self._file.truncate(self._end)
                    break
                event = _read(line)
                verdict = _verdict(event)
                self.damaged += not event or (event.get("event") == "verdict" and verdict is None)
                if event.get("event") == "start":
                    self.origin = event
                if verdict is not None:
                    result, present = verdict
                    stems = alike.setdefault(tuple(present), tuple(present))
                    self.entries[result["student"]] = Entry(
                        result["key"], self._end, stems, str(event.get("pages", ""))
                    )
                self._end += len(line)

    def verdict(self, result: dict[str, Any], present: Iterable[str], seconds: float) -> None:
        """Append a verdict and wait until it is on the disk."""
        self.verdicts([Line(result, list(present), seconds)])

    def verdicts(self, lines: Iterable[Line]) -> None:
        """Append verdicts and wait until all of them are on the disk: one wait, however many there are."""
        written = []
        for line in lines:
            about = {"present": list(line.present), "seconds": round(line.seconds, 3), "pages": line.pages}
            offset = self._append("verdict", result=line.result, **about, spent=dict(line.spent))
            entry = Entry(line.result["key"], offset, tuple(line.present), line.pages)
            written.append((line.result["student"], entry))
        if written:
            os.fsync(self._file.fileno())
            self.entries.update(written)

    def note(self, event: str, **about: Any) -> None:
        """Append an event that is no verdict: a start, a retry, a failure, an end."""
        self._append(event, **about)

    def _append(self, event: str, **about: Any) -> int:
        """Append one line and return where it begins; a line that does not fit on the disk leaves no trace."""
        line = json.dumps({"event": event, "time": round(time.time(), 3), **about}, ensure_ascii=False)
        data = encoded(line) + b"\n"
        begin, left = self._end, memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) or 0 :]
        except BaseException as error:
            with contextlib.suppress(OSError):
                self._file.truncate(begin)
            if isinstance(error, OSError):
                error.filename = str(self.path)
            raise
        self._end += len(data)
        return begin

    def results(self, students: Iterable[str]) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """The latest verdict on each of these students that has one, with the stems of the notebooks handed in."""
        with self.path.open("rb") as handle:
            for student in students:
                if student in self.entries:
                    handle.seek(self.entries[student].offset)
                    verdict = _verdict(_read(handle.readline()))
                    if verdict is not None:
                        yield verdict

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def encoded(text: str) -> bytes:
    """JSON text as UTF-8, whatever is in it: names that are no UTF-8 are spelt as JSON escapes, and read back the same."""
    return text.encode("utf-8", "backslashreplace")


def _read(line: bytes) -> dict[str, Any]:
    """The event in a line, empty where there is none; what stands before a line that was begun anew is skipped."""
    for start in dict.fromkeys((0, max(0, line.rfind(_BEGIN)))):
        try:
            event = json.loads(line[start:].decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            return event
    return {}


def _verdict(event: dict[str, Any]) -> tuple[dict[str, Any], list[str]] | None:
    """Result and stems of a line that is a verdict and whole, None for any other."""
    result, present = event.get("result"), event.get("present")
    if event.get("event") != "verdict" or not isinstance(result, dict) or not isinstance(present, list):
        return None
    whole = all(isinstance(text, str) for text in [result.get("student"), result.get("key"), *present])
    return (result, present) if whole else None


def write_atomically(path: Path, chunks: Iterable[bytes], sync: bool = True) -> None:
    """Write a file so that readers see the old one or the new one, never a part; raises OSError when it cannot.

    With `sync` it is on the disk afterwards. The name of the part is always the same, so that a sudden end leaves
    nothing that the next time does not clear; two writers of one file must therefore exclude each other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as handle:
            for chunk in chunks:
                handle.write(chunk)
            if sync:
                handle.flush()
                os.fsync(handle.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if sync:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; not every file system can say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
