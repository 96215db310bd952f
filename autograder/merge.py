"""Lay a student's cells over the built notebook: what to run, in which order, and where to ask.

The student's code cells keep their order; locked cells are ours again; every check stands where the student has it, but
never before the answer it checks; what is missing is put back where the built notebook has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .notebooks import SourceCell, SourceNotebook, text_of, without_hidden

MAX_CELL = 4_000_000
# Blanks, not all white space: a line of its own each, or a long run of empty lines would be read from each of them anew.
_CHECK_CALL = re.compile(r"^[ \t]*check\(\s*['\"](\w+)['\"]", re.MULTILINE)


@dataclass(frozen=True)
class MergedCell:
    """One cell of the merged notebook: the student's text (or ours, where locked) and the built cell it stands for."""

    text: str
    cell_type: str
    source: SourceCell | None = None

    @property
    def kind(self) -> str:
        """What the cell is for: answer, check, locked, draws, free or text."""
        if self.source is not None:
            return self.source.kind
        return "free" if self.cell_type == "code" else "text"


@dataclass(frozen=True)
class Merged:
    """A student's notebook made whole, with sentences about everything that had to be mended."""

    source: SourceNotebook
    cells: tuple[MergedCell, ...]
    notes: tuple[str, ...] = ()

    @property
    def reordered(self) -> bool:
        """Whether the answer cells stand in another order than in the built notebook."""
        wanted = [cell.grade_id for cell in self.source.cells if cell.kind == "answer"]
        places = [wanted.index(cell.source.grade_id) for cell in self.cells if cell.kind == "answer" and cell.source]
        return places != sorted(places)


def merge(source: SourceNotebook, raw_cells: Sequence[Any]) -> Merged:
    """Merge the raw cells of a student's notebook into the built one; never raises for what the cells hold."""
    notes: list[str] = []
    cells: list[MergedCell] = []
    seen: set[str] = set()
    index = _Index(source)
    unreadable = sum(not isinstance(raw, dict) for raw in raw_cells)
    if unreadable:
        notes.append(f"{unreadable} of its cells could not be read and were left out.")
    for raw in raw_cells:
        if isinstance(raw, dict):
            _take(index, raw, cells, seen, notes)
    _put_back(source, cells, seen, notes)
    ordered = _checks_after_answers(_setup_first(source, cells), notes)
    return Merged(source, tuple(ordered), tuple(dict.fromkeys(notes)))


def _code_of(raw: dict[str, Any], notes: list[str]) -> str:
    """The text of a cell that is to run; none in place of one that nobody wrote by hand."""
    text = text_of(raw)
    if len(text) <= MAX_CELL:
        return text
    notes.append(f"A code cell of more than {MAX_CELL:,} characters was not read.")
    return ""


class _Index:
    """Finds the built cell that a student's cell stands for: by grade id, cell id, locked text, or check call."""

    def __init__(self, source: SourceNotebook) -> None:
        named = [cell for cell in source.cells if cell.grade_id]
        self._by_grade_id = {cell.grade_id: cell for cell in named}
        self._by_id = {cell.cell_id: cell for cell in source.cells if cell.cell_id}
        self._by_text = {cell.text.strip(): cell for cell in named if cell.kind != "answer"}

    def find(self, raw: dict[str, Any]) -> SourceCell | None:
        """The built cell, or None for a cell of the student's own."""
        metadata = raw.get("metadata")
        about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = about.get("grade_id") if isinstance(about, dict) else None
        text = text_of(raw)[:MAX_CELL]
        by_name = self._by_grade_id.get(grade_id) if isinstance(grade_id, str) else None
        cell_id = raw.get("id")
        by_id = self._by_id.get(cell_id) if isinstance(cell_id, str) else None
        found = by_name or by_id or self._by_text.get(text.strip())
        if found is None and (call := _CHECK_CALL.search(text)):
            found = self._by_grade_id.get(f"test_{call.group(1)}")
            if found is not None and len(text.strip().splitlines()) > 1:
                return None
        return found


def _take(index: _Index, raw: dict[str, Any], cells: list[MergedCell], seen: set[str], notes: list[str]) -> None:
    found = index.find(raw)
    cell_type = raw.get("cell_type") if raw.get("cell_type") in ("code", "markdown", "raw") else "code"
    if found is None or found.kind in ("free", "text"):
        text = _code_of(raw, notes) if cell_type == "code" else text_of(raw)
        cells.append(MergedCell(text, str(cell_type)))
        return
    again = found.grade_id in seen
    seen.add(found.grade_id)
    if found.kind == "answer":
        if again:
            notes.append(f"The answer cell of `{found.exercise}` is there more than once; all of them ran, in order.")
        if cell_type != "code":
            notes.append(f"The answer cell of `{found.exercise}` had become a text cell; it was read as code.")
        cells.append(MergedCell(_code_of(raw, notes), "code", None if again else found))
        return
    if found.kind == "written":
        cells.append(MergedCell(text_of(raw), found.raw["cell_type"], None if again else found))
        return
    if again:
        if found.kind == "check":
            notes.append(f"The check cell of `{found.exercise}` is there more than once; the first one counts.")
        return
    if found.kind == "check" and without_hidden(text_of(raw)).strip() != found.text.strip():
        notes.append(f"The check cell of `{found.exercise}` was changed; it was put back as it was.")
    cells.append(MergedCell(found.text, "code", found))


def _put_back(source: SourceNotebook, cells: list[MergedCell], seen: set[str], notes: list[str]) -> None:
    """Insert missing cells after the nearest cell before them that is there."""
    for position, missing in enumerate(source.cells):
        if not missing.grade_id or missing.grade_id in seen:
            continue
        if missing.kind == "check":
            notes.append(f"The check cell of `{missing.exercise}` was missing; it was put back.")
        elif missing.kind == "answer":
            notes.append(
                f"There is no answer cell for `{missing.exercise}`; its answer was looked for in the other cells."
            )
        elif missing.kind == "locked":
            notes.append("A locked cell was missing; it was put back.")
        if missing.kind in ("answer", "written"):
            continue
        before = {cell.grade_id for cell in source.cells[:position] if cell.grade_id}
        at = max(
            (place + 1 for place, cell in enumerate(cells) if cell.source and cell.source.grade_id in before),
            default=0,
        )
        late = missing.kind == "check" and missing.exercise not in seen
        cells.insert(len(cells) if late else at, MergedCell(missing.text, "code", missing))
        seen.add(missing.grade_id)


def _setup_first(source: SourceNotebook, cells: Iterable[MergedCell]) -> list[MergedCell]:
    """Let the locked cells that open the built notebook run before everything else."""
    first = next((place for place, cell in enumerate(source.cells) if cell.kind == "answer"), 0)
    leading = {cell.grade_id for cell in source.cells[:first] if cell.kind == "locked"}
    cells = list(cells)
    opening = [cell for cell in cells if cell.source and cell.source.grade_id in leading]
    late = {
        id(cell)
        for place, cell in enumerate(cells)
        if cell in opening and any(earlier.kind in ("answer", "check", "free") for earlier in cells[:place])
    }
    if not late:
        return cells
    return [*opening, *[cell for cell in cells if cell not in opening]]


def _checks_after_answers(cells: list[MergedCell], notes: list[str]) -> list[MergedCell]:
    """Move a check that stands before its answer to right behind it."""
    for check in [cell for cell in cells if cell.kind == "check"]:
        exercise = check.source.exercise if check.source else ""
        answers = [
            place
            for place, cell in enumerate(cells)
            if cell.kind == "answer" and cell.source and cell.source.exercise == exercise
        ]
        if answers and cells.index(check) < answers[0]:
            cells.remove(check)
            cells.insert(answers[0], check)
            notes.append(f"The check cell of `{exercise}` stood before its answer; it was asked after it.")
    return cells
