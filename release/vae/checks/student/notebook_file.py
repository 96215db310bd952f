"""A notebook's file as cells: what each is for, and the Python in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["answer", "check", "draws", "setup", "own"]

_CHECK = re.compile(r"""\s*check\(\s*["'](\w+)["']\s*\)\s*""")
_LINE_FOR_IPYTHON = re.compile(r"^([ \t]*)(?:[%!].*|\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)
_CELL_FOR_IPYTHON = re.compile(r"\s*%%(?!time\b|timeit\b|capture\b|prun\b)")


class Unreadable(Exception):
    """A file that cannot be read as a notebook; the message is a sentence for its owner."""


@dataclass(frozen=True)
class Cell:
    """A code cell; `name` is the exercise of an answer or a check cell."""

    kind: Kind
    name: str
    source: str

    @property
    def title(self) -> str:
        """What a student knows the cell by."""
        if self.kind == "answer":
            return f"the answer cell of `{self.name}`"
        if self.kind == "check":
            return f"the check of `{self.name}`"
        first = next((line.strip() for line in self.source.splitlines() if line.strip()), "")
        return f"the cell that begins with `{first[:60]}`"


def read(path: Path) -> list[Cell]:
    """The code cells of a notebook in order; raises Unreadable.

    An answer without a check cell gets one at the end.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Unreadable(f"{path.name} cannot be read: {why}.") from error
    try:
        cells = json.loads(text)["cells"]
        found = [_cell(cell) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            f"{path.name} is no notebook (any more): open it in Jupyter and save it again, or start from a fresh copy."
        ) from error
    checked = {cell.name for cell in found if cell.kind == "check"}
    answered = dict.fromkeys(cell.name for cell in found if cell.kind == "answer")
    return found + [Cell("check", name, f'check("{name}")') for name in answered if name not in checked]


def _cell(cell: dict[str, Any]) -> Cell:
    source = "".join(cell["source"])
    about = cell.get("metadata", {}).get("nbgrader", {})
    name = str(about.get("grade_id", ""))
    asked = _CHECK.fullmatch(source)
    if asked:
        return Cell("check", asked[1], source)
    if "draws" in cell.get("metadata", {}).get("tags", []):
        return Cell("draws", name, source)
    if about.get("solution"):
        return Cell("answer", name, source)
    return Cell("setup" if about.get("locked") else "own", name, source)


def python(source: str) -> str:
    """The source without what only IPython understands, its lines keeping their numbers."""
    try:
        compile(source, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return "" if _CELL_FOR_IPYTHON.match(source) else _LINE_FOR_IPYTHON.sub(r"\1pass", source)
    return source
