"""Merging: each step mends one thing and says so; whatever is done to the cells, checks stand where they can be asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.built_notebooks import WRITTEN_PROMPT, SourceNotebook, words_in
from autograder.submission import merging
from autograder.submission.merging import Draft, Merged, MergedCell, merge, recognise
from autograder.submission.notes import Note, sentence
from tests.helpers.small_notebook import EXERCISES, built, code, handed_in, small_notebook

SOURCE = small_notebook()
CELLS = {cell.grade_id: cell for cell in SOURCE.cells if cell.grade_id}


def whole() -> list[dict[str, Any]]:
    return handed_in(SOURCE)


def draft(*names: str) -> Draft:
    """A draft of built cells by name; what has no such name is a cell of the student's own."""
    cells = [
        MergedCell(CELLS[name].text, "code", CELLS[name]) if name in CELLS else MergedCell(name, "code")
        for name in names
    ]
    return Draft(SOURCE, cells)


def order(made: Draft | Merged) -> list[str]:
    return [cell.grade_id or cell.text for cell in made.cells if cell.kind != "text"]


def test_a_whole_notebook_is_left_as_it_is() -> None:
    """Where nothing is odd there is nothing to say, and the student's order stays."""
    merged = merge(SOURCE, whole())
    assert merged.notes == ()
    assert order(merged) == [cell.grade_id for cell in SOURCE.cells if cell.grade_id]


@pytest.mark.parametrize(
    "raw",
    [
        {"metadata": {"nbgrader": {"grade_id": "test_one"}}, "source": "x"},
        {"id": "id-test_one", "source": "x"},
        {"source": ' check("one")\n'},
        {"source": "\n  check( 'one', 3)"},
    ],
    ids=["grade id", "cell id", "text", "call"],
)
def test_a_cell_is_known_by_any_of_its_names(raw: dict[str, Any]) -> None:
    """Grade id, cell id, locked text or check call: one is enough, or editors that lose the others would cost points."""
    assert [cell.grade_id for cell in recognise(SOURCE, [raw]).cells] == ["test_one"]


def test_what_is_no_cell_is_counted() -> None:
    """Things that are no cells are left out, with their number."""
    made = recognise(SOURCE, [None, 3, {"source": "x"}])
    assert ([cell.text for cell in made.cells], made.notes) == (["x"], [Note("unreadable_cells", "2")])


def test_an_answer_that_became_text_is_code() -> None:
    """The type of an answer cell is not the student's to change; that of a cell of their own is."""
    made = Draft(SOURCE, [MergedCell("x", "markdown", CELLS["one"]), MergedCell("y", "markdown")])
    merging.answers_as_code(made)
    assert [cell.cell_type for cell in made.cells] == ["code", "markdown"]
    assert made.notes == [Note("answer_retyped", "one")]


def test_of_doubles_the_first_counts() -> None:
    """A second check or locked cell goes; a second answer runs as a cell of the student's own."""
    made = draft("imports", "one", "test_one", "one", "test_one", "imports")
    merging.drop_doubles(made)
    assert [cell.kind for cell in made.cells] == ["locked", "answer", "check", "free"]
    assert made.notes == [Note("answer_doubled", "one"), Note("check_doubled", "one")]


def test_locked_cells_are_ours_again() -> None:
    """What was written into locked cells never runs; of a check cell it is said, of an answer nothing is touched."""
    made = Draft(SOURCE, [MergedCell("mine", "markdown", CELLS[name]) for name in ("imports", "one", "test_one")])
    merging.restore_locked(made)
    assert [cell.text for cell in made.cells] == ["import numpy as np", "mine", 'check("one")']
    assert made.notes == [Note("check_edited", "one")]


def test_too_long_code_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code beyond the bound does not run and is named; text is not code, and what has the bound's length runs."""
    monkeypatch.setattr(merging, "MAX_CELL", 3)
    made = Draft(SOURCE, [MergedCell("1234", "code"), MergedCell("123", "code"), MergedCell("1234", "markdown")])
    merging.empty_too_long(made)
    assert [cell.text for cell in made.cells] == ["", "123", "1234"]
    assert made.notes == [Note("cell_too_long", "3")]


def test_missing_cells_are_put_back_where_they_stood() -> None:
    """A locked cell returns behind its neighbour; a check whose answer cell is gone waits for the end."""
    made = draft("one", "two", "test_two", "three", "extra")
    merging.restore_missing(made)
    assert order(made) == ["imports", "one", "test_one", "two", "test_two", "data", "three", "test_three", "extra"]
    made = draft("imports", "one", "test_one", "data", "three", "extra")
    merging.restore_missing(made)
    assert order(made) == ["imports", "one", "test_one", "data", "three", "extra", "test_two", "test_three"]
    assert made.notes == [Note("answer_missing", "two"), Note("check_restored", "two"), Note("check_restored", "three")]


def test_the_setup_runs_first() -> None:
    """A setup cell below code goes up; locked cells further down in the built notebook stay where they are."""
    made = draft("mine", "one", "data", "imports")
    merging.setup_first(made)
    assert order(made) == ["imports", "mine", "one", "data"]


def test_a_check_is_asked_after_its_answer() -> None:
    """A check that stands before its answer moves right behind it; one that stands later stays."""
    made = draft("test_one", "one", "mine", "two", "three", "test_two")
    merging.check_after_answer(made)
    assert order(made) == ["one", "test_one", "mine", "two", "three", "test_two"]
    assert made.notes == [Note("check_moved", "one")]


def test_an_edited_check_is_not_a_missing_one() -> None:
    """All cells present and every check edited: nothing is missing, or a renamed copy would lose to an emptier one."""
    raw = whole()
    for cell in raw:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_"):
            cell["source"] = "print('full marks, please')"
    merged = merge(SOURCE, raw)
    assert merged.missing == 0
    assert {note.code for note in merged.notes} == {"check_edited"}
    assert merge(SOURCE, []).missing == 2 * len(EXERCISES)


def test_a_fact_has_a_sentence() -> None:
    """Every code can be said, with what it is about."""
    assert sentence(Note("check_restored", "one")) == "The check cell of `one` was missing; it was put back."


@st.composite
def mishandled(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The student's notebook after any deletion, doubling and permutation of cells, with cells of their own between."""
    own = [code(f"mine = {number}") for number in range(draw(st.integers(0, 4)))]
    cells = draw(st.lists(st.sampled_from([*whole(), *own]), max_size=30))
    kept = draw(st.permutations([*whole(), *own])) if draw(st.booleans()) else cells
    for cell in (kept := [dict(cell) for cell in kept]):
        if draw(st.booleans()):
            lost = draw(st.sampled_from(["id", "metadata", "cell_type", "source"]))
            cell.pop(lost, None)
    return kept


@given(mishandled())
def test_any_mishandled_notebook_can_be_graded(raw: list[dict[str, Any]]) -> None:
    """Each check and locked cell once and ours, no check before its answer, the student's code in the student's order."""
    merged = merge(SOURCE, raw)
    cells = merged.cells
    for one in SOURCE.cells:
        stands = [place for place, cell in enumerate(cells) if cell.grade_id and cell.grade_id == one.grade_id]
        if one.kind in ("check", "locked"):
            assert [cells[place].text for place in stands] == [one.text]
        if one.kind == "answer":
            assert len(stands) <= 1
            check = next(place for place, cell in enumerate(cells) if cell.grade_id == f"test_{one.grade_id}")
            assert all(place < check for place in stands)
    ran = [cell.text for cell in cells if cell.kind in ("free", "answer")]
    written = [cell.text for cell in recognise(SOURCE, raw).cells if cell.kind == "answer" or _own(cell)]
    assert ran == written


def _own(cell: MergedCell) -> bool:
    return cell.source is None and cell.cell_type == "code"


# Answers in words


def _asked() -> SourceNotebook:
    """The small notebook with a question that is answered in words behind the first exercise."""
    cells = list(SOURCE.cells)
    cells.insert(5, built("written", "written_03_2", "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"))
    return replace(SOURCE, cells=tuple(cells))


def _words(*cells: dict[str, Any]) -> Merged:
    """A whole notebook with these cells in place of the one of the answer in words."""
    asked = _asked()
    raw = handed_in(asked)
    place = next(at for at, one in enumerate(raw) if one["id"] == "id-written_03_2")
    named = [raw[place] | one for one in cells]
    return merge(asked, [*raw[:place], *named, *raw[place + 1 :]])


def _texts(merged: Merged) -> list[str]:
    return [cell.text for cell in merged.cells if cell.kind == "written"]


def test_an_answer_in_words_is_kept_as_it_is() -> None:
    """It is no code: whatever type its cell has become, it stays a text cell with the student's text, and is an answer."""
    merged = _words({"cell_type": "code", "source": "import os\nos._exit(3)"})
    assert _texts(merged) == ["import os\nos._exit(3)"]
    assert [cell.cell_type for cell in merged.cells if cell.kind == "written"] == ["markdown"]
    assert merged.notes == ()
    assert "written_03_2" in merged.answered


@pytest.mark.parametrize("text", ["", " \n", WRITTEN_PROMPT, f"{WRITTEN_PROMPT}\n", "YOUR ANSWER HERE"])
def test_nothing_in_words_is_no_answer(text: str) -> None:
    """An empty cell, and one that holds only the prompt, answer nothing."""
    assert words_in(text) == ""
    assert "written_03_2" not in _words({"source": text}).answered


def test_words_below_the_prompt_are_an_answer() -> None:
    """Who leaves the prompt and writes below it has answered."""
    assert words_in(f"{WRITTEN_PROMPT}\n\nIt collapses.") == "It collapses."


def test_an_answer_in_words_in_two_cells_is_one() -> None:
    """Cells that were copied or split are put together in order, without the prompt, each text once."""
    merged = _words({"source": WRITTEN_PROMPT}, {"source": "First."}, {"source": "Second."}, {"source": "First."})
    assert _texts(merged) == ["First.\n\nSecond."]
    assert merged.notes == (Note("written_joined", "Question 2"),)
    copied = _words({"source": WRITTEN_PROMPT}, {"source": "Only."})
    assert (_texts(copied), copied.notes) == (["Only."], ())


def test_a_deleted_answer_in_words_comes_back_with_the_prompt() -> None:
    """So that a person has a place to give points; checks and answers stand where they stood."""
    merged = _words()
    assert _texts(merged) == [WRITTEN_PROMPT]
    assert merged.notes == (Note("written_missing", "Question 2"),)
    assert order(merged) == [cell.grade_id for cell in _asked().cells if cell.grade_id]
    assert merged.missing == 0
