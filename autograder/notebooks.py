"""The built notebooks as the grader needs them: which cell is an answer, a check, a locked cell, a picture."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Kind = Literal["answer", "check", "locked", "draws", "written", "free", "text"]

_BEGIN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS", re.MULTILINE)
_END = re.compile(r"### END HIDDEN TESTS[ \t]*\n?")


@dataclass(frozen=True)
class SourceCell:
    """A cell of a built notebook: its id, what it is for, its text as students have it, and its raw form."""

    cell_id: str
    grade_id: str
    kind: Kind
    text: str
    raw: dict[str, Any]

    @property
    def exercise(self) -> str:
        """The exercise that an answer or check cell belongs to."""
        return self.grade_id.removeprefix("test_") if self.kind == "check" else self.grade_id

    @property
    def points(self) -> float:
        """The points of a check cell."""
        return float(self.raw["metadata"]["nbgrader"].get("points", 0))


@dataclass(frozen=True)
class SourceNotebook:
    """A built notebook: its stem, its cells in order, its metadata."""

    stem: str
    cells: tuple[SourceCell, ...]
    metadata: dict[str, Any]

    @property
    def exercises(self) -> list[str]:
        """The graded exercises in order."""
        return [cell.exercise for cell in self.cells if cell.kind == "check"]

    @property
    def points(self) -> dict[str, float]:
        """The points of each graded exercise."""
        return {cell.exercise: cell.points for cell in self.cells if cell.kind == "check"}


class NoSources(ValueError):
    """The built notebooks of the assignment are missing: run `autograder build`."""


@cache
def load_sources(folder: Path) -> tuple[SourceNotebook, ...]:
    """Read all built notebooks of an assignment; raises NoSources when there are none."""
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise NoSources(f"There are no built notebooks in {folder}: run `autograder build` in the course folder first.")
    return tuple(_load(path) for path in paths)


def _load(path: Path) -> SourceNotebook:
    data = json.loads(path.read_text(encoding="utf-8"))
    return SourceNotebook(path.stem, tuple(map(_cell, data["cells"])), data["metadata"])


def text_of(raw: dict[str, Any]) -> str:
    """The source of a cell, which notebooks keep as one string or as a list of lines; empty when it is neither."""
    source = raw.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def without_hidden(text: str) -> str:
    """The text of a check cell as students have it."""
    kept, place = [], 0
    # One expression for both marks would look for the end again from every beginning: too long on a student's text.
    while (begin := _BEGIN.search(text, place)) and (end := _END.search(text, begin.end())):
        kept.append(text[place : begin.start()])
        place = end.end()
    return "".join([*kept, text[place:]]).rstrip("\n")


def _cell(raw: dict[str, Any]) -> SourceCell:
    about = raw["metadata"].get("nbgrader", {})
    if about.get("grade") and about.get("locked"):
        kind: Kind = "check"
    elif about.get("solution"):
        # A written answer is read by people: it is neither run nor asked.
        kind = "written" if about.get("grade") else "answer"
    elif about.get("locked"):
        kind = "draws" if "draws" in raw["metadata"].get("tags", []) else "locked"
    else:
        kind = "free" if raw["cell_type"] == "code" else "text"
    return SourceCell(raw.get("id", ""), about.get("grade_id", ""), kind, without_hidden(text_of(raw)), raw)
