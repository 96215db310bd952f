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

from .journal import encoded
from .layout import Layout
from .worker import Done


def pack(done: Done) -> bytes:
    """What a worker reported as one line of JSON, its pages compressed."""
    pages = {
        name: None if content is None else base64.b64encode(zlib.compress(content, 1)).decode()
        for name, content in done.pages.items()
    }
    return encoded(json.dumps([done.result, done.present, done.seconds, pages, done.spent], ensure_ascii=False)) + b"\n"


def unpack(line: bytes) -> Done:
    """What was packed."""
    result, present, seconds, packed, spent = json.loads(line)
    pages = {name: None if text is None else zlib.decompress(base64.b64decode(text)) for name, text in packed.items()}
    return Done(result["student"], result, tuple(present), seconds, pages, spent)


class Spool:
    """Holds what workers reported without holding it in memory."""

    def __init__(self, layout: Layout) -> None:
        """Open an empty one; raises OSError."""
        self._file = tempfile.TemporaryFile(dir=layout.results)  # noqa: SIM115
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        """How many verdicts it holds."""
        return len(self._places)

    def add(self, done: Sequence[Done]) -> dict[str, str]:
        """Append verdicts; returns that none could not be kept. Raises OSError."""
        self._file.seek(0, os.SEEK_END)
        for one in done:
            self._places[one.student] = self._file.tell()
            self._file.write(pack(one))
        self._file.flush()
        return {}

    def __iter__(self) -> Iterator[Done]:
        """Go through them by student."""
        for _, place in sorted(self._places.items()):
            self._file.seek(place)
            yield unpack(self._file.readline())

    def __enter__(self) -> Self:
        """Return the spool itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        self._file.close()
