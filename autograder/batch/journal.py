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

from ..files.atomic import encoded, sync_folder

_BEGIN = b'{"event": "'


@dataclass(frozen=True)
class LogIndex:
    """The latest verdict on a student: its key and where it stands, stems of what was handed in, the mark of its pages.

    `groups` are the marks of behaviour that the grader has no name for.
    """

    key: str
    offset: int
    present: tuple[str, ...] = ()
    pages: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoggedVerdict:
    """A verdict to be written down: the result, stems of what was handed in, how long it took, the mark of its pages.

    `spent` are the seconds of each exercise, `written` the fingerprints of answers in words by notebook and cell.
    """

    result: dict[str, Any]
    present: Sequence[str] = ()
    seconds: float = 0.0
    pages: str = ""
    spent: Mapping[str, float] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Journal:
    """The log of one assignment, open for appending; reading it back gives the latest verdict on each student.

    `damaged` counts the lines that could not be read: what stood in them is as if it had never been written.
    `isolations` names the walls behind which any of the verdicts came about, those that were replaced included.
    """

    def __init__(self, path: Path) -> None:
        """Open the log, mend a line cut off by a sudden end, and index the verdicts in it; raises OSError."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        self._file = path.open("a+b", buffering=0)
        if new:
            sync_folder(path.parent)
        self.entries: dict[str, LogIndex] = {}
        self.damaged = 0
        self.origin: dict[str, Any] = {}
        self.isolations: set[str] = set()
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
                if not event or (event.get("event") == "verdict" and verdict is None):
                    self.damaged += 1
                if event.get("event") == "start":
                    self.origin = event
                if verdict is not None:
                    result, present = verdict
                    self.isolations.add(str(result.get("isolation", "bubblewrap")))
                    stems = alike.setdefault(tuple(present), tuple(present))
                    self.entries[result["student"]] = LogIndex(
                        result["key"], self._end, stems, str(event.get("pages", "")), _groups(result)
                    )
                self._end += len(line)

    def verdicts(self, lines: Iterable[LoggedVerdict]) -> None:
        """Append verdicts and wait until all of them are on the disk: one wait, however many there are."""
        written = []
        for line in lines:
            about: dict[str, Any] = {
                "present": list(line.present),
                "seconds": round(line.seconds, 3),
                "pages": line.pages,
            }
            about |= {"written": {stem: dict(one) for stem, one in line.written.items()}} if line.written else {}
            offset = self._append("verdict", result=line.result, **about, spent=dict(line.spent))
            entry = LogIndex(line.result["key"], offset, tuple(line.present), line.pages, _groups(line.result))
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
        for result, present, _ in self.with_written(students):
            yield result, present

    def with_written(
        self, students: Iterable[str]
    ) -> Iterator[tuple[dict[str, Any], list[str], dict[str, dict[str, str]]]]:
        """The same, with the fingerprints of answers in words by notebook and cell."""
        with self.path.open("rb") as handle:
            for student in students:
                if student in self.entries:
                    handle.seek(self.entries[student].offset)
                    event = _read(handle.readline())
                    verdict = _verdict(event)
                    if verdict is not None:
                        yield (*verdict, _written(event))

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


def _groups(result: Mapping[str, Any]) -> tuple[str, ...]:
    exercises = result.get("exercises")
    there = [one for one in exercises if isinstance(one, dict)] if isinstance(exercises, list) else []
    return tuple(one["group"] for one in there if isinstance(one.get("group"), str))


def _written(event: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The fingerprints in a line; what is none is left out, and then nothing is known of that answer."""
    books = event.get("written")
    pairs = books.items() if isinstance(books, dict) else ()
    return {
        stem: {name: mark for name, mark in cells.items() if isinstance(mark, str)}
        for stem, cells in pairs
        if isinstance(cells, dict)
    }


def _verdict(event: dict[str, Any]) -> tuple[dict[str, Any], list[str]] | None:
    """Result and stems of a line that is a verdict and whole, None for any other."""
    result, present = event.get("result"), event.get("present")
    if event.get("event") != "verdict" or not isinstance(result, dict) or not isinstance(present, list):
        return None
    whole = all(isinstance(text, str) for text in [result.get("student"), result.get("key"), *present])
    return (result, present) if whole else None
