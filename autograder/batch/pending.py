"""Verdicts that nobody has agreed to yet: on disk beside the results, in a file without a name that ends with the process."""

from __future__ import annotations

import base64
import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from ..course.layout import Layout
from ..files.atomic import encoded
from .model import Graded


def pack(done: Graded) -> bytes:
    """What a worker reported as one line of JSON, its pages compressed."""
    pages = {
        name: None if content is None else base64.b64encode(zlib.compress(content, 1)).decode()
        for name, content in done.pages.items()
    }
    line = [done.result, done.present, done.seconds, pages, done.spent, done.written]
    return encoded(json.dumps(line, ensure_ascii=False)) + b"\n"


def unpack(line: bytes) -> Graded:
    """What was packed."""
    result, present, seconds, packed, spent, written = json.loads(line)
    pages = {name: None if text is None else zlib.decompress(base64.b64decode(text)) for name, text in packed.items()}
    return Graded(result["student"], result, tuple(present), seconds, pages, spent, written)


class PendingVerdicts:
    """Holds what workers reported without holding it in memory."""

    def __init__(self, layout: Layout) -> None:
        """Open an empty one; raises OSError."""
        self._file = tempfile.TemporaryFile(dir=layout.results)  # noqa: SIM115
        self._offsets: dict[str, int] = {}

    def __len__(self) -> int:
        """How many verdicts it holds."""
        return len(self._offsets)

    def add(self, done: Sequence[Graded]) -> dict[str, str]:
        """Append verdicts; returns that none could not be kept. Raises OSError."""
        self._file.seek(0, os.SEEK_END)
        for one in done:
            self._offsets[one.student] = self._file.tell()
            self._file.write(pack(one))
        self._file.flush()
        return {}

    def __iter__(self) -> Iterator[Graded]:
        """Go through them by student."""
        for _, offset in sorted(self._offsets.items()):
            self._file.seek(offset)
            yield unpack(self._file.readline())

    def __enter__(self) -> Self:
        """Return the verdicts themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        self._file.close()
