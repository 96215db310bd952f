"""The files of a folder or a zip file of a whole class, by relative name: nothing written, no link followed."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..archive import is_archive
from ..folder import MAX_FILE, MAX_NOTEBOOK, is_notebook

HIDDEN = (".git", "__MACOSX", "__pycache__", ".ipynb_checkpoints", ".hypothesis")
MOST = 500_000


class CollectError(ValueError):
    """What was named is nothing to collect from; the message says what to do."""


@dataclass(frozen=True)
class Source:
    """One file: its size, and how to read it. `why` says why it cannot be taken, where it cannot."""

    size: int
    read: Callable[[], bytes]
    why: str = ""


Files = dict[str, Source]
"""Files by relative name, in the one spelling of accents that Unicode calls composed."""


@contextmanager
def files_of(place: Path) -> Iterator[tuple[Files, list[str]]]:
    """The files of a folder or a zip file, and sentences on what cannot be taken; raises CollectError, OSError.

    A folder that holds one zip file alone is that zip file: as a download lies in a folder of its own.
    """
    if not place.exists():
        raise CollectError(
            f"There is no {place}: name the folder of repositories, or the zip file that was downloaded."
        )
    inside = [path for path in sorted(place.iterdir()) if not path.name.startswith(".")] if place.is_dir() else [place]
    if len(inside) == 1 and is_archive(inside[0].name) and inside[0].is_file():
        try:
            with zipfile.ZipFile(inside[0]) as archive:
                yield _sorted(_packed(archive))
        except zipfile.BadZipFile as error:
            raise CollectError(f"{inside[0]} is no zip file that can be opened: download it again.") from error
    elif place.is_dir():
        yield _sorted(_lying(place))
    else:
        raise CollectError(f"{place} is neither a folder nor a zip file.")


def _sorted(found: Iterator[tuple[str, Source]]) -> tuple[Files, list[str]]:
    files: Files = {}
    told = []
    for name, source in found:
        name = unicodedata.normalize("NFC", name)
        if name in files:
            told.append(f"{name} is there twice, in two spellings that look alike. The second was left out.")
        else:
            files[name] = source
        if len(files) > MOST:
            raise CollectError(f"There are more than {MOST} files: name the folder of this assignment alone.")
    return files, told


def _lying(folder: Path) -> Iterator[tuple[str, Source]]:
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in HIDDEN)
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        for name in sorted([*names, *linked]):
            path = Path(root) / name
            about = path.lstat()
            why = "" if stat.S_ISREG(about.st_mode) else "is a link or no regular file"
            source = Source(about.st_size, path.read_bytes, why or _too_large(name, about.st_size))
            yield path.relative_to(folder).as_posix(), source


def _packed(archive: zipfile.ZipFile) -> Iterator[tuple[str, Source]]:
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        parts = name.split("/")
        if info.is_dir() or any(part in HIDDEN for part in parts):
            continue
        if name.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in name:
            continue
        regular = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
        why = "" if regular else "is a link or no regular file"
        why = why or ("is encrypted" if info.flag_bits & 1 else "") or _too_large(name, info.file_size)
        yield name, Source(info.file_size, _reader(archive, info), why)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        # The size that an archive claims is not a bound; reading is.
        with archive.open(info) as handle:
            return handle.read(info.file_size)

    return read


def _too_large(name: str, size: int) -> str:
    limit = MAX_NOTEBOOK if is_notebook(name) else MAX_FILE
    return f"is larger than {limit // 2**20} MB" if size > limit else ""
