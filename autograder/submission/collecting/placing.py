"""Put what was collected into submitted/: each submission whole or not at all, and never over another one."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...course.layout import Layout
from ..folder import is_notebook
from .sorting import Pile, same

Outcome = Literal["taken", "replaced", "unchanged", "kept", "failed"]
PART, EARLIER = ".collecting", ".replaced"


@dataclass(frozen=True)
class Placed:
    """What became of a pile: the folder it is or would be in, and in a sentence why it was not taken.

    `others` is how many files beside notebooks are taken.
    """

    pile: Pile
    outcome: Outcome
    folder: Path
    why: str = ""
    others: int = 0


def place(layout: Layout, pile: Pile, *, replace: bool = False, dry: bool = False) -> Placed:
    """Write a pile into the student's folder; raises OSError where this machine fails.

    Another submission that is there already stays, or with `replace` is moved into submitted/.replaced.
    """
    folder = _folder(layout, pile.student)
    if pile.fault:
        return Placed(pile, "failed", folder, pile.fault)
    try:
        contents = {name: source.read() for name, source in pile.files.items()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        return Placed(pile, "failed", folder, f"cannot be unpacked ({error}): download it again")
    contents = {name: one for name, one in contents.items() if is_notebook(name) or not _released(layout, name, one)}
    if not contents:
        return Placed(pile, "failed", folder, "there is nothing but what was handed out")
    there, others = _contents(folder), sum(not is_notebook(name) for name in contents)
    if there == contents:
        return Placed(pile, "unchanged", folder, "", others)
    if there and not replace:
        return Placed(pile, "kept", folder, "another submission is there already, and stays: --replace takes this one")
    if not dry:
        _write(layout, folder, contents, bool(there))
    return Placed(pile, "replaced" if there else "taken", folder, "", others)


def _released(layout: Layout, name: str, content: bytes) -> bool:
    """Whether a file is one of the release as it was handed out, like a picture or the README."""
    path = layout.release / name
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _folder(layout: Layout, student: str) -> Path:
    """The student's folder: one that is there in another spelling of the same name, or a new one."""
    known = [path for path in layout.submitted.iterdir() if path.is_dir()] if layout.submitted.is_dir() else []
    alike = [path for path in known if same(path.name) == same(student)]
    exact = [path for path in alike if path.name == student]
    return (exact or alike or [layout.submitted / student])[0] / layout.assignment


def _contents(folder: Path) -> dict[str, bytes]:
    """What is in a folder that is there already."""
    paths = [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()] if folder.is_dir() else []
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_symlink() else path.read_bytes() for path in sorted(paths)
    }


def _write(layout: Layout, folder: Path, contents: dict[str, bytes], earlier: bool) -> None:
    part = layout.submitted / PART
    shutil.rmtree(part, ignore_errors=True)
    for name, content in contents.items():
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if earlier:
        folder.rename(_free(layout.submitted / EARLIER / folder.parent.name, layout.assignment))
    elif folder.is_dir():
        shutil.rmtree(folder)
    part.rename(folder)


def _free(folder: Path, name: str) -> Path:
    """A name with a number that is not taken yet."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (folder / f"{name}-{number}").exists():
        number += 1
    return folder / f"{name}-{number}"
