"""Which answers in words the gradebook was written with, so that a later one is told from the one that a person graded."""

from __future__ import annotations

import json
from typing import Any

from ...course.layout import Layout
from ...files.atomic import encoded, write_atomically


class BookedWords:
    """Fingerprints of answers in words by student and cell, in a file in results/ beside the log.

    The gradebook itself keeps no texts. Where the file is lost, an answer that has manual points is marked for review once:
    whether it is still the same, nobody knows. Whoever has no submission any more is not kept.
    """

    def __init__(self, layout: Layout) -> None:
        """Read what was kept last; a file that is not there or cannot be read holds nothing."""
        self._path = layout.results / f".{layout.assignment}.written"
        self._before = _read(self._path.read_bytes() if self._path.is_file() else b"")
        self._now: dict[str, dict[str, str]] = {}

    def changed(self, student: str, cell: str, mark: str | None) -> bool:
        """Take note of an answer's fingerprint (None where there is none to compare); whether it differs from the last one."""
        if mark is None:
            return False
        self._now.setdefault(student, {})[cell] = mark
        return self._before.get(student, {}).get(cell) != mark

    def keep(self) -> None:
        """Write the file, once the gradebook has what it says; raises OSError."""
        if self._now != self._before:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, [encoded(json.dumps(self._now, ensure_ascii=False, sort_keys=True))])


def _read(data: bytes) -> dict[str, dict[str, str]]:
    try:
        found: Any = json.loads(data.decode("utf-8", "surrogateescape"))
    except ValueError:
        return {}
    students = found.items() if isinstance(found, dict) else ()
    return {
        student: {cell: mark for cell, mark in cells.items() if isinstance(mark, str)}
        for student, cells in students
        if isinstance(cells, dict)
    }
