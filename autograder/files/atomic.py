"""Files that are written whole or not at all, and text that is written whatever is in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def encoded(text: str) -> bytes:
    """JSON text as UTF-8, whatever is in it: names that are no UTF-8 are spelt as JSON escapes, and read back the same."""
    return text.encode("utf-8", "backslashreplace")


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
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; not every file system can say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
