"""The files of a zip archive that somebody else packed: bounded, read in memory, nothing written or followed."""

from __future__ import annotations

import io
import stat
import struct
import zlib
from typing import TYPE_CHECKING

from .folder import HANDED_OUT, MAX_COUNT, MAX_FILE, MAX_NOTEBOOK, MAX_TOTAL, Contents, is_notebook

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_ENTRY = b"PK\x01\x02"
_SKIPPED = (*HANDED_OUT, "__MACOSX")
_BROKEN = (NotImplementedError, RuntimeError, OSError, ValueError, LookupError, EOFError, OverflowError)


class UnreadableArchive(ValueError):
    """An archive cannot be looked into; the message is the rest of the sentence that begins with its name."""


def is_archive(name: str) -> bool:
    """Whether a file's name says that it is a zip archive."""
    return name.lower().endswith(".zip")


def read_archive(content: bytes | str) -> Contents:
    """The files in a zip archive by relative name; raises UnreadableArchive.

    Links, absolute names and names that lead out of it are left out; an encrypted archive is refused. All together is
    bounded as a folder's files are, by what is unpacked and not by what the archive claims.
    """
    import zipfile

    if isinstance(content, str):
        raise UnreadableArchive(content)
    if content.count(_ENTRY) > 5 * MAX_COUNT:
        raise UnreadableArchive("holds too many files; hand in the notebooks alone.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive)
    except UnreadableArchive:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, *_BROKEN) as error:
        raise UnreadableArchive("is no zip file that can be opened; hand in the notebooks themselves.") from error


def _files(archive: ZipFile) -> Contents:
    found: Contents = {}
    left = MAX_TOTAL
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if not _is_wanted(info, name) or len(found) >= MAX_COUNT:
            continue
        if info.flag_bits & 1:
            raise UnreadableArchive("is encrypted; hand in the notebooks themselves.")
        limit = min(left, MAX_NOTEBOOK if is_notebook(name) else MAX_FILE)
        with archive.open(info) as handle:
            data = handle.read(limit + 1)
        if len(data) > limit:
            raise UnreadableArchive(
                f"unpacks to more than {limit // 2**20} MB; clear the outputs and hand it in again."
            )
        found[name] = data
        left -= len(data)
    return found


def _is_wanted(info: ZipInfo, name: str) -> bool:
    """Whether an entry is a regular file of the student's at a relative place inside."""
    parts = name.split("/")
    inside = not name.startswith("/") and ".." not in parts and ":" not in parts[0]
    regular = not info.is_dir() and stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
    return inside and regular and not any(part in _SKIPPED for part in parts) and not parts[-1].startswith("._")
