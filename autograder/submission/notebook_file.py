"""Read the cells of a notebook file that somebody else wrote: bounded, of any format, or a sentence why there are none."""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection
from typing import Any

from ..course.built_notebooks import text_of
from .folder import Contents

MAX_CELLS = 5_000
MAX_PIECES = 2_000_000

RawCells = list[dict[str, Any] | None]


class UnreadableNotebook(ValueError):
    """A file is no notebook; the message is the rest of the sentence that begins with its name."""


Parsed = dict[str, RawCells | UnreadableNotebook]


def read_notebooks(files: Contents, first: Collection[str]) -> Parsed:
    """The cells of all notebooks, or why there are none; those in `first` first, as long as there is room for pieces."""
    parsed: Parsed = {}
    left = MAX_PIECES
    for name in sorted(files, key=lambda name: (name not in first, name)):
        content = files[name]
        pieces = sum(map(content.count, (b"[", b"{", b","))) if isinstance(content, bytes) else 0
        try:
            if pieces > MAX_PIECES:
                raise UnreadableNotebook("is made of too many pieces; clear its outputs and hand it in again.")
            if pieces > left:
                raise UnreadableNotebook(
                    "was not read: all notebooks together are made of too many pieces; clear their outputs."
                )
            left -= pieces
            parsed[name] = [_needed(cell) for cell in parse_cells(content)]
        except UnreadableNotebook as error:
            parsed[name] = error
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
    source = text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
    return {**kept, "source": source, "metadata": named}


def parse_cells(content: bytes | str) -> list[Any]:
    """The raw cells of a notebook file of format 3, 4 or 5; raises UnreadableNotebook with the rest of a sentence."""
    if isinstance(content, str):
        raise UnreadableNotebook(content)
    if not content.strip():
        raise UnreadableNotebook("is an empty file; save the notebook and hand it in again.")
    try:
        data = json.loads(_text(content))
    except RecursionError as error:
        raise UnreadableNotebook("is nested too deeply to be a notebook.") from error
    except ValueError as error:
        raise UnreadableNotebook("is no notebook, or a damaged one: its JSON breaks off or is wrong.") from error
    if not isinstance(data, dict):
        raise UnreadableNotebook("is JSON, but no notebook.")
    cells = data.get("cells")
    if cells is None and isinstance(data.get("worksheets"), list):
        sheets = [sheet.get("cells", []) for sheet in data["worksheets"] if isinstance(sheet, dict)]
        cells = [_from_format_3(cell) for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise UnreadableNotebook("is JSON, but has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"has more than {MAX_CELLS} cells.")
    return cells


def _text(content: bytes) -> str:
    """The text of a file that may begin with a mark of its encoding; without one it is UTF-8. Raises ValueError."""
    # The mark of UTF-32 begins with that of UTF-16.
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding)
    return content.decode("utf-8-sig")


def _from_format_3(cell: Any) -> Any:
    """A cell of notebook format 3, which keeps its code under `input`."""
    return {**cell, "source": cell["input"]} if isinstance(cell, dict) and "input" in cell else cell
