"""Read what a student handed in, whatever it is: never raises for bad input, never follows a link."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .merge import Merged, merge
from .notebooks import SourceNotebook, text_of

_TIME = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,9})?( ?(UTC|Z|[+-]\d\d:?\d\d))?\s{0,2}")
MAX_NOTEBOOK = 64 * 2**20
MAX_FILES = 20 * 2**20
MAX_COUNT = 200
MAX_TOTAL = 256 * 2**20
MAX_CELLS = 5_000
MAX_PIECES = 2_000_000
MAX_PATH = 3_000
MAX_RENAMED = 8
_OURS = ("checks", "data", "extras", ".ipynb_checkpoints", "__pycache__", ".hypothesis")


class Unreadable(ValueError):
    """A file is no notebook; the message is the sentence for the student."""


@dataclass(frozen=True)
class ReadNotebook:
    """What became of one expected notebook: merged cells, or the sentence why there are none."""

    source: SourceNotebook
    merged: Merged | None
    malformed: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One student's folder as read: notebooks in the order of the built ones, further files, and the hash of all bytes."""

    student: str
    notebooks: tuple[ReadNotebook, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""
    notes: tuple[str, ...] = ()

    @property
    def timestamp(self) -> bytes | None:
        """What `timestamp.txt` says, if that is a time: anything else would break nbgrader's lists of submissions."""
        said = self.files.get("timestamp.txt", b"")
        return said if _TIME.fullmatch(said) and _is_time(said[:19].decode()) else None

    @property
    def empty(self) -> bool:
        """Whether there is no notebook at all, readable or not."""
        return all(one.merged is None and not one.malformed for one in self.notebooks)


def _is_time(text: str) -> bool:
    """Whether there is such a day and such a second."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_submission(student: str, folder: Path, sources: Sequence[SourceNotebook]) -> Submission:
    """Read `folder` (submitted/<student>/<assignment>); raises OSError only where this machine fails, not the student."""
    listed = _listing(folder)
    contents = _contents(listed)
    digest = _digest(contents)
    books = {name: content for name, content in contents.items() if name.endswith(".ipynb") and "/" not in name}
    expected = {f"{source.stem}.ipynb" for source in sources}
    parsed = _parsed(books, expected)
    taken = expected & set(parsed)
    found = [_notebook(source, parsed, taken) for source in sources]
    extra = sorted(set(parsed) - taken)
    notes = [f"`{name}` is none of the notebooks asked for, and was left alone." for name in extra]
    astray = [name for name in contents if name.endswith(".zip") or (name.endswith(".ipynb") and "/" in name)]
    if astray and not books:
        notes.append(f"`{astray[0]}` was not looked into: notebooks must lie in the submission's folder itself.")
    files = {
        name: content
        for name, content in contents.items()
        if isinstance(content, bytes) and not name.endswith(".ipynb") and name.split("/")[0] not in _OURS
    }
    return Submission(student, tuple(found), files, digest, tuple(notes))


def digest_of(folder: Path) -> str:
    """The hash of all bytes of a submission, without reading its notebooks."""
    return _digest(_contents(_listing(folder)))


def _listing(folder: Path) -> dict[str, tuple[Path, int]]:
    """All files below the folder by relative name, links included but not followed, at most MAX_COUNT of them."""
    found: dict[str, tuple[Path, int]] = {}
    if folder.is_symlink() or not folder.is_dir():
        return found
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _OURS and len(os.fsencode(root)) < MAX_PATH)
        for name in sorted(names):
            path = Path(root) / name
            about = path.lstat()
            relative = path.relative_to(folder).as_posix()
            found[relative] = (path, about.st_size if stat.S_ISREG(about.st_mode) else -1)
    notebooks = [name for name in found if name.endswith(".ipynb")]
    others = [name for name in found if not name.endswith(".ipynb")][:MAX_COUNT]
    return {name: found[name] for name in sorted([*notebooks[:MAX_COUNT], *others])}


def _contents(listed: dict[str, tuple[Path, int]]) -> dict[str, bytes | str]:
    """What all files hold, notebooks first, as long as there is room: sparse files take none where they lie."""
    contents: dict[str, bytes | str] = {}
    room = MAX_TOTAL
    for name in sorted(listed, key=lambda name: (not name.endswith(".ipynb"), name)):
        path, size = listed[name]
        contents[name] = content = _content(path, size, room)
        room -= len(content) if isinstance(content, bytes) else 0
    return contents


def _content(path: Path, size: int, room: int = MAX_TOTAL) -> bytes | str:
    """The bytes of a regular file, or the sentence why it was not read."""
    limit = MAX_NOTEBOOK if path.suffix == ".ipynb" else MAX_FILES
    if size < 0:
        return "is a link or no regular file; hand in the notebook itself."
    if size > limit:
        return f"is larger than {limit // 2**20} MB; clear its outputs and hand it in again."
    if size > room:
        return f"was not read: all files together are larger than {MAX_TOTAL // 2**20} MB."
    with path.open("rb") as handle:
        return handle.read(limit + 1)


def _digest(contents: dict[str, bytes | str]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(contents.items()):
        data = content if isinstance(content, bytes) else content.encode()
        encoded = name.encode("utf-8", "surrogateescape")
        total.update(len(encoded).to_bytes(8, "big") + encoded + len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def _parsed(books: dict[str, bytes | str], expected: set[str]) -> dict[str, list[Any] | Unreadable]:
    """The cells of all notebooks, or why there are none; those asked for first, as long as there is room for pieces."""
    parsed: dict[str, list[Any] | Unreadable] = {}
    room = MAX_PIECES
    for name in sorted(books, key=lambda name: (name not in expected, name)):
        content = books[name]
        pieces = sum(map(content.count, (b"[", b"{", b","))) if isinstance(content, bytes) else 0
        try:
            if pieces > MAX_PIECES:
                raise Unreadable("is made of too many pieces; clear its outputs and hand it in again.")
            if pieces > room:
                raise Unreadable(
                    "was not read: all notebooks together are made of too many pieces; clear their outputs."
                )
            room -= pieces
            parsed[name] = [_needed(cell) for cell in _parse_cells(content)]
        except Unreadable as error:
            parsed[name] = Unreadable(f"`{name}` {error}")
    return parsed


def _needed(cell: Any) -> dict[str, Any] | None:
    """What merging looks at, None for what is no cell: outputs and other metadata of all files would fill the memory."""
    if not isinstance(cell, dict):
        return None
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = about.get("grade_id") if isinstance(about, dict) else None
    kept = {key: cell[key] for key in ("cell_type", "id") if isinstance(cell.get(key), str)}
    named = {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}
    return {**kept, "source": text_of(cell), "metadata": named}


def _parse_cells(content: bytes | str) -> list[Any]:
    """The raw cells of a notebook file of format 3, 4 or 5; raises Unreadable with the rest of a sentence."""
    if isinstance(content, str):
        raise Unreadable(content)
    if not content.strip():
        raise Unreadable("is an empty file; save the notebook and hand it in again.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise Unreadable("is nested too deeply to be a notebook.") from error
    except ValueError as error:
        raise Unreadable("is no notebook, or a damaged one: its JSON breaks off or is wrong.") from error
    if not isinstance(data, dict):
        raise Unreadable("is JSON, but no notebook.")
    cells = data.get("cells")
    if cells is None and isinstance(data.get("worksheets"), list):
        sheets = [sheet.get("cells", []) for sheet in data["worksheets"] if isinstance(sheet, dict)]
        cells = [_from_format_3(cell) for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise Unreadable("is JSON, but has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"has more than {MAX_CELLS} cells.")
    return cells


def _from_format_3(cell: Any) -> Any:
    """A cell of notebook format 3, which keeps its code under `input`."""
    return {**cell, "source": cell["input"]} if isinstance(cell, dict) and "input" in cell else cell


def _notebook(source: SourceNotebook, parsed: dict[str, Any], taken: set[str]) -> ReadNotebook:
    expected = f"{source.stem}.ipynb"
    own = parsed.get(expected)
    if isinstance(own, list):
        return ReadNotebook(source, merge(source, own))
    others = [name for name in set(parsed) - taken if isinstance(parsed[name], list)]
    others.sort(key=lambda name: (source.stem not in name, name))
    bound = (f"Only {MAX_RENAMED} of the other notebooks were looked at in its place.",)
    bounded = bound if len(others) > MAX_RENAMED else ()
    other = _renamed(source, parsed, others[:MAX_RENAMED])
    if other is not None:
        taken.add(other)
        what = f"{own} " if own is not None else ""
        notes = (f"{what}`{other}` was read instead of `{expected}`.",)
        return ReadNotebook(source, merge(source, parsed[other]), False, (*notes, *bounded))
    if own is None:
        return ReadNotebook(source, None, False, (f"`{expected}` was not handed in.", *bounded))
    return ReadNotebook(source, None, True, (str(own), *bounded))


def _renamed(source: SourceNotebook, parsed: dict[str, Any], others: Sequence[str]) -> str | None:
    """Which of the other notebooks holds most of this one's cells."""
    known = {cell.grade_id for cell in source.cells if cell.kind in ("answer", "check")}
    best, most = None, 0
    for name in others:
        merged = merge(source, parsed[name])
        restored = sum("put back" in note or "no answer cell" in note for note in merged.notes)
        shared = len(known) - restored
        if shared > most:
            best, most = name, shared
    return best
