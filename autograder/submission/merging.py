"""Lay a student's cells over the built notebook: what to run, in which order, and where to ask.

The student's code cells keep their order; locked cells are ours again; every check stands where the student has it, but
never before the answer it checks; what is missing is put back where the built notebook has it. Each of these is a step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from ..course.built_notebooks import (
    CHECK_PREFIX,
    WRITTEN_PROMPT,
    SourceCell,
    SourceNotebook,
    question_of,
    text_of,
    without_hidden,
    words_in,
)
from .answers import answer_names, defined_names, is_stub
from .notes import Note

MAX_CELL = 4_000_000
# Blanks, not all white space: a line of its own each, or a long run of empty lines would be read from each of them anew.
_CHECK_CALL = re.compile(r"^[ \t]*check\(\s*['\"](\w+)['\"]", re.MULTILINE)
_OURS = ("check", "locked", "draws")
# Of the cells that set a name, those that cannot fail.
_PLAIN_VALUE = re.compile(
    r"""\s*\w+[ \t]*=[ \t]*(?:0|[1-9]\d{0,40}|"[^"\\\n]{0,80}"|'[^'\\\n]{0,80}')[ \t]*(?:#[^\n]*)?\s*"""
)


@dataclass(frozen=True)
class MergedCell:
    """One cell of the merged notebook: the student's text (or ours, where locked) and the built cell it stands for.

    `number` counts the cells of the student's notebook from 1. An `idle` cell is a stub that is not run, because its
    answer stands elsewhere.
    """

    text: str
    cell_type: str
    source: SourceCell | None = None
    number: int = field(default=0, compare=False)
    idle: bool = False

    @property
    def kind(self) -> str:
        """What the cell is for: answer, check, locked, draws, written, free or text."""
        if self.source is not None:
            return self.source.kind
        return "free" if self.cell_type == "code" else "text"

    @property
    def grade_id(self) -> str:
        """The name of the built cell; empty for a cell of the student's own."""
        return self.source.grade_id if self.source is not None else ""

    @property
    def exercise(self) -> str:
        """The exercise that an answer or check cell belongs to; empty for a cell of the student's own."""
        return self.source.exercise if self.source is not None else ""


@dataclass(frozen=True)
class Merged:
    """A student's notebook made whole, with the facts about everything that had to be mended."""

    source: SourceNotebook
    cells: tuple[MergedCell, ...]
    notes: tuple[Note, ...] = ()

    @property
    def reordered(self) -> bool:
        """Whether the answer cells stand in another order than in the built notebook."""
        wanted = [cell.grade_id for cell in self.source.cells if cell.kind == "answer"]
        places = [wanted.index(cell.grade_id) for cell in self.cells if cell.kind == "answer"]
        return places != sorted(places)

    @property
    def answered(self) -> set[str]:
        """The exercises and questions that have an answer, in their cell or elsewhere."""
        answers = [cell for cell in self.cells if cell.kind == "answer"]
        in_words = {cell.grade_id for cell in self.cells if cell.kind == "written" and words_in(cell.text)}
        return in_words | {cell.exercise for cell in answers if cell.idle or not is_stub(cell.text)}

    @property
    def typed_into_checks(self) -> set[str]:
        """The exercises whose answer was typed into the check cell."""
        return {note.what for note in self.notes if note.code == "answer_in_check"}

    @property
    def missing(self) -> int:
        """How many answer and check cells the student's notebook does not have."""
        return sum(note.code in ("check_restored", "answer_missing") for note in self.notes)


@dataclass
class Draft:
    """A notebook on its way from the student's cells to the merged ones."""

    source: SourceNotebook
    cells: list[MergedCell]
    notes: list[Note] = field(default_factory=list)

    def note(self, note: Note) -> None:
        """Add a fact."""
        self.notes.append(note)


def merge(source: SourceNotebook, raw_cells: Sequence[Any], foreign: Collection[str] = ()) -> Merged:
    """Merge the raw cells of a student's notebook into the built one; never raises for what the cells hold.

    `foreign` are the names of locked cells of other notebooks, which are left out.
    """
    draft = recognise(source, raw_cells, foreign)
    for step in STEPS:
        step(draft)
    return Merged(source, tuple(draft.cells), tuple(dict.fromkeys(draft.notes)))


def recognise(source: SourceNotebook, raw_cells: Sequence[Any], foreign: Collection[str] = ()) -> Draft:
    """The student's cells as they are, each with the built cell that it stands for."""
    built = BuiltCells(source)
    readable = [(number, raw) for number, raw in enumerate(raw_cells, start=1) if isinstance(raw, dict)]
    draft = Draft(source, [])
    if len(readable) < len(raw_cells):
        draft.note(Note("unreadable_cells", str(len(raw_cells) - len(readable))))
    for number, raw in readable:
        found = built.find(raw)
        if found is None and foreign and grade_id_of(raw) in foreign:
            continue
        cell_type = raw.get("cell_type") if raw.get("cell_type") in ("code", "markdown", "raw") else "code"
        named = found if found is not None and found.kind not in ("free", "text") else None
        draft.cells.append(MergedCell(text_of(raw), str(cell_type), named, number))
    return draft


def grade_id_of(raw: dict[str, Any]) -> str:
    """The name that nbgrader gave a cell; empty where it has none."""
    metadata = raw.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = about.get("grade_id") if isinstance(about, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


class BuiltCells:
    """Finds the built cell that a student's cell stands for: by grade id, cell id, locked text, or check call."""

    def __init__(self, source: SourceNotebook) -> None:
        """Index the cells of `source`."""
        named = [cell for cell in source.cells if cell.grade_id]
        self._by_grade_id = {cell.grade_id: cell for cell in named}
        self._by_id = {cell.cell_id: cell for cell in source.cells if cell.cell_id}
        self._by_text = {cell.text.strip(): cell for cell in named if cell.kind not in ("answer", "written")}

    def find(self, raw: dict[str, Any]) -> SourceCell | None:
        """The built cell, or None for a cell of the student's own."""
        text = text_of(raw)[:MAX_CELL]
        by_name = self._by_grade_id.get(grade_id_of(raw))
        cell_id = raw.get("id")
        by_id = self._by_id.get(cell_id) if isinstance(cell_id, str) else None
        found = by_name or by_id or self._by_text.get(text.strip())
        if found is None and (call := _CHECK_CALL.search(text)):
            found = self._by_grade_id.get(f"{CHECK_PREFIX}{call.group(1)}")
            if found is not None and len(text.strip().splitlines()) > 1:
                return None
        return found


def answers_as_code(draft: Draft) -> None:
    """Read an answer cell as code, whatever type it has become; a written answer has the type that was built."""
    for place, cell in enumerate(draft.cells):
        if cell.source is not None and cell.kind == "written":
            draft.cells[place] = replace(cell, cell_type=cell.source.raw["cell_type"])
        elif cell.kind == "answer" and cell.cell_type != "code":
            draft.note(Note("answer_retyped", cell.exercise))
            draft.cells[place] = replace(cell, cell_type="code")


def join_written(draft: Draft) -> None:
    """Put an answer in words together that stands in several cells of its name: who copies or splits a cell gets such."""
    texts: dict[str, list[str]] = {}
    for cell in draft.cells:
        if cell.kind == "written":
            texts.setdefault(cell.grade_id, []).append(cell.text)
    kept: list[MergedCell] = []
    seen: set[str] = set()
    for cell in draft.cells:
        if cell.kind != "written" or len(texts[cell.grade_id]) == 1:
            kept.append(cell)
        elif cell.grade_id not in seen:
            seen.add(cell.grade_id)
            parts = dict.fromkeys(part for text in texts[cell.grade_id] if (part := words_in(text)))
            kept.append(replace(cell, text="\n\n".join(parts) or cell.text))
            if len(parts) > 1:
                draft.note(Note("written_joined", question_of(cell.grade_id)))
    draft.cells = kept


def drop_doubles(draft: Draft) -> None:
    """Keep the first of a locked cell; of an answer cell all run, but the first stands for the exercise."""
    kept: list[MergedCell] = []
    seen: set[str] = set()
    for cell in draft.cells:
        again = cell.source is not None and cell.grade_id in seen
        seen.add(cell.grade_id)
        if again and cell.kind in ("answer", "check"):
            draft.note(Note("answer_doubled" if cell.kind == "answer" else "check_doubled", cell.exercise))
        if not again:
            kept.append(cell)
        elif cell.kind not in _OURS:
            kept.append(replace(cell, source=None))
    draft.cells = kept


def restore_locked(draft: Draft) -> None:
    """Give locked cells our text again; an answer that was typed into a check stands below it, to be read by people."""
    asked = {cell.grade_id: answer_names(cell) for cell in draft.source.cells if cell.kind == "answer"}
    cells: list[MergedCell] = []
    for cell in draft.cells:
        if cell.source is None or cell.kind not in _OURS:
            cells.append(cell)
            continue
        cells.append(MergedCell(cell.source.text, "code", cell.source, cell.number))
        if cell.kind != "check" or without_hidden(cell.text).strip() == cell.source.text.strip():
            continue
        draft.note(Note("check_edited", cell.exercise))
        if asked.get(cell.exercise, set()) & defined_names(cell.text) and not is_stub(cell.text):
            draft.note(Note("answer_in_check", cell.exercise))
            cells.append(MergedCell(cell.text, "raw", None, cell.number))
    draft.cells = cells


def idle_stubs(draft: Draft) -> None:
    """Leave out an untouched answer cell whose answer the student wrote in another cell."""
    stubs = {place for place, cell in enumerate(draft.cells) if cell.kind == "answer" and is_stub(cell.text)}
    defined: dict[str, int] = {}
    for cell in [cell for place, cell in enumerate(draft.cells) if stubs and place not in stubs]:
        if cell.kind in ("answer", "free") and not is_stub(cell.text):
            for name in defined_names(cell.text):
                defined.setdefault(name, cell.number)
    for place in sorted(stubs):
        source = draft.cells[place].source
        numbers = [defined[name] for name in answer_names(source) if name in defined] if source is not None else []
        if numbers:
            draft.cells[place] = replace(draft.cells[place], idle=True)
            draft.note(Note("found_elsewhere", draft.cells[place].exercise, str(min(numbers))))


def empty_too_long(draft: Draft) -> None:
    """Run nothing in place of code that nobody wrote by hand."""
    for place, cell in enumerate(draft.cells):
        if cell.kind in ("answer", "free") and len(cell.text) > MAX_CELL:
            draft.note(Note("cell_too_long", f"{MAX_CELL:,}"))
            draft.cells[place] = replace(cell, text="")


def restore_missing(draft: Draft) -> None:
    """Insert missing locked cells after the nearest cell before them that is there; a check without answer comes last.

    The cell of an answer in words comes back with the prompt, so that a person has a place to give points for what stands
    elsewhere.
    """
    there = {cell.grade_id for cell in draft.cells}
    before: set[str] = set()
    for cell in draft.source.cells:
        if cell.grade_id and cell.grade_id not in there:
            _note_missing(draft, cell)
            if cell.kind in (*_OURS, "written"):
                at = max((place + 1 for place, one in enumerate(draft.cells) if one.grade_id in before), default=0)
                late = cell.kind == "check" and cell.exercise not in there
                text, cell_type = (cell.text, "code") if cell.kind in _OURS else (WRITTEN_PROMPT, cell.raw["cell_type"])
                draft.cells.insert(len(draft.cells) if late else at, MergedCell(text, cell_type, cell))
        if cell.grade_id:
            before.add(cell.grade_id)


def _note_missing(draft: Draft, cell: SourceCell) -> None:
    if cell.kind == "check":
        draft.note(Note("check_restored", cell.exercise))
    elif cell.kind == "answer":
        draft.note(Note("answer_missing", cell.exercise))
    elif cell.kind == "locked":
        draft.note(Note("locked_restored"))
    elif cell.kind == "written":
        draft.note(Note("written_missing", question_of(cell.grade_id)))


def setup_first(draft: Draft) -> None:
    """Let the cells that open the built notebook run before everything else, in its order.

    These are the locked ones, and between them what the student types in for them: the cells that set the same names.
    """
    end = next((place for place, cell in enumerate(draft.source.cells) if cell.kind == "answer"), 0)
    opening: list[MergedCell] = []
    for cell in draft.source.cells[:end]:
        if cell.kind == "locked":
            opening += [one for one in draft.cells if one.grade_id == cell.grade_id]
        elif cell.kind == "free":
            opening += _typed_in(draft, cell)
    code = [cell for cell in draft.cells if cell.kind not in ("text", "written")]
    if opening != code[: len(opening)]:
        draft.cells = [*opening, *[cell for cell in draft.cells if not any(cell is one for one in opening)]]


def _typed_in(draft: Draft, built: SourceCell) -> list[MergedCell]:
    """The student's cells before the first answer that set what an open cell sets; before them ours, unless they surely do."""
    names = defined_names(built.text)
    before = takewhile(lambda cell: cell.kind != "answer", draft.cells)
    own = [cell for cell in before if cell.kind == "free" and names & defined_names(cell.text)]
    sure = any(_PLAIN_VALUE.fullmatch(cell.text) for cell in own)
    return own if sure or not names else [MergedCell(built.text, built.raw["cell_type"]), *own]


def check_after_answer(draft: Draft) -> None:
    """Move a check that stands before its answer to right behind it."""
    for check in [cell for cell in draft.cells if cell.kind == "check"]:
        named = {cell.grade_id: place for place, cell in enumerate(draft.cells)}
        place, answer = named[check.grade_id], named.get(check.exercise, -1)
        if place < answer:
            draft.cells.insert(answer, draft.cells.pop(place))
            draft.note(Note("check_moved", check.exercise))


STEPS: tuple[Callable[[Draft], None], ...] = (
    answers_as_code,
    join_written,
    drop_doubles,
    restore_locked,
    empty_too_long,
    idle_stubs,
    restore_missing,
    setup_first,
    check_after_answer,
)
