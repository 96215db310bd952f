"""The append-only log of a batch: what is in it survives any end, and the results file is made from it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Entry:
    """Where the latest verdict on a student stands in the log, and the key it was made under."""

    key: str
    offset: int


class Journal:
    """The log of one assignment, open for appending; reading it back gives the latest verdict on each student."""

    def __init__(self, path: Path) -> None:
        """Open the log, mend a line cut off by a sudden end, and index the verdicts in it."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        self.entries: dict[str, Entry] = {}
        self._index()

    def _index(self) -> None:
        self._file.seek(0)
        end = offset = 0
        for line in self._file:
            offset = end
            end += len(line)
            if not line.endswith(b"\n"):
                self._file.truncate(offset)
                break
            entry = _read(line)
            if entry.get("event") == "verdict":
                self.entries[entry["result"]["student"]] = Entry(entry["result"]["key"], offset)
        self._file.seek(0, os.SEEK_END)

    def verdict(self, result: dict[str, Any], present: Iterable[str], seconds: float) -> None:
        """Append a verdict and wait until it is on the disk."""
        student = result["student"]
        offset = self._file.seek(0, os.SEEK_END)
        self._append("verdict", result=result, present=list(present), seconds=round(seconds, 3))
        os.fsync(self._file.fileno())
        self.entries[student] = Entry(result["key"], offset)

    def note(self, event: str, **about: Any) -> None:
        """Append an event that is no verdict: a start, a retry, a failure, an end."""
        self._append(event, **about)

    def _append(self, event: str, **about: Any) -> None:
        line = json.dumps({"event": event, "time": round(time.time(), 3), **about}, ensure_ascii=False)
        self._file.write(line.encode("utf-8", "surrogateescape") + b"\n")
        self._file.flush()

    def results(self, students: Iterable[str]) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """The latest verdict on each of these students that has one, with the stems of the notebooks handed in."""
        with self.path.open("rb") as handle:
            for student in students:
                if student in self.entries:
                    handle.seek(self.entries[student].offset)
                    entry = _read(handle.readline())
                    yield entry["result"], entry["present"]

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
    try:
        entry = json.loads(line.decode("utf-8", "surrogateescape"))
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def write_atomically(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file so that readers see the old one or the new one, never a part; raises OSError when it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as handle:
            for chunk in chunks:
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
