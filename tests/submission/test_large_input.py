"""What is made to be slow or large is read at once: every bound costs what lies beyond it alone, and says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import answer_cell, fill, reference_answers, released
from autograder.course.built_notebooks import SourceNotebook, load_sources, without_hidden
from autograder.course.layout import Layout
from autograder.submission import matching
from autograder.submission.matching import MAX_RENAMED
from autograder.submission.merging import MAX_CELL, Merged, merge
from autograder.submission.notebook_file import MAX_PIECES, read_notebooks
from autograder.submission.notes import Note, sentences
from autograder.submission.reading import Submission, read_submission
from tests.helpers.submissions import STEM, Grade, Notebooks


@pytest.fixture
def sources(committed: Layout) -> tuple[SourceNotebook, ...]:
    return load_sources(committed.source)


@pytest.fixture
def notebooks(committed: Layout) -> Notebooks:
    books = released(committed.release)
    fill(books, reference_answers(committed.source))
    return books


def named(sources: tuple[SourceNotebook, ...], stem: str = STEM) -> SourceNotebook:
    return next(source for source in sources if source.stem == stem)


def code(text: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": metadata, "source": text, "outputs": []}


def book(*cells: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("filling", ["\n", " ", "\t\n", "check(\n", "check('a\n"])
def test_a_cell_of_blank_lines_is_merged_at_once(sources: tuple[SourceNotebook, ...], filling: str) -> None:
    """A million characters without a check call in them are found to be a cell of the student's own."""
    text = (filling * 1_000_000)[:1_000_000] + "x = 1"
    merged = merge(named(sources), [code(text)])
    assert [cell.text for cell in merged.cells if cell.kind == "free"] == [text]


def test_an_indented_check_call_below_blank_lines_is_still_a_check(sources: tuple[SourceNotebook, ...]) -> None:
    """A check cell that lost its metadata is known by its call, blank lines and spaces before it or not."""
    merged = merge(named(sources), [code("\n" * 1_000_000 + "  \tcheck( 'kl_weight' )")])
    assert Note("check_restored", "kl_weight") not in merged.notes


@pytest.mark.parametrize(
    ("mark", "end"),
    [
        ("### BEGIN HIDDEN TESTS\n", ""),
        ("### END HIDDEN TESTS\n", ""),
        ("a ### BEGIN HIDDEN TESTS ", "### END HIDDEN TESTS"),
        ("\n", ""),
        (" ", ""),
    ],
)
def test_marks_that_hide_nothing_are_left_alone(mark: str, end: str) -> None:
    """A mark of hidden tests without its other one, or within a line, stays, be it there half a million times."""
    text = mark * 500_000 + end + "x"
    assert without_hidden(text) == text


def test_hidden_tests_are_taken_out() -> None:
    """What stands from the line of one mark to the end of the other's is no part of what students have."""
    hidden = "  ### BEGIN HIDDEN TESTS\nx\n### BEGIN HIDDEN TESTS\ny\n  ### END HIDDEN TESTS \t\n"
    kept = "a ### BEGIN HIDDEN TESTS\n"
    assert without_hidden(f"{hidden}{hidden}{kept}{hidden}b\n\n") == f"{kept}b"
    assert without_hidden(f"a\n{hidden}### BEGIN HIDDEN TESTS\nb") == "a\n### BEGIN HIDDEN TESTS\nb"


def test_a_huge_answer_that_became_a_text_cell_costs_itself_alone(grade: Grade) -> None:
    """What is read as code is bounded as code, whatever its cell says it is: all the rest is graded."""

    def change(_folder: Path, notebooks: Notebooks) -> None:
        answer = answer_cell(notebooks[STEM], "kl_weight")
        assert answer is not None
        answer.update(cell_type="markdown", source=answer["source"] + "#" * 51_000_000)

    record = grade(change)
    verdicts = [verdict for one in record.notebooks for verdict in one.verdicts]
    assert {verdict.exercise for verdict in verdicts if verdict.points != verdict.max_points} == {"kl_weight"}
    notes = " ".join(note for one in record.notebooks for note in one.notes)
    assert f"A code cell of more than {MAX_CELL:,} characters was not read." in notes


def test_a_cell_of_the_largest_size_is_kept(sources: tuple[SourceNotebook, ...]) -> None:
    """The bound is for what is beyond it, and for code alone."""
    largest, text = "#" * MAX_CELL, {**code("*" * (MAX_CELL + 1)), "cell_type": "markdown"}
    merged = merge(named(sources), [code(largest), text])
    assert [cell.text for cell in merged.cells if cell.kind in ("free", "text")] == [largest, text["source"]]
    assert "cell_too_long" not in {note.code for note in merged.notes}


def pieces(count: int) -> dict[str, Any]:
    return book(code("x = 1", junk=[0] * count))


def write(folder: Path, books: Notebooks) -> None:
    for stem, one in books.items():
        (folder / f"{stem}.ipynb").write_text(json.dumps(one), encoding="utf-8")


def unread(submission: Submission) -> dict[str, str]:
    """Why a notebook was not read, by stem."""
    return {one.source.stem: " ".join(sentences(one.notes)) for one in submission.notebooks if one.merged is None}


def test_a_notebook_of_too_many_pieces_costs_itself_alone(
    sources: tuple[SourceNotebook, ...], notebooks: Notebooks, tmp_path: Path
) -> None:
    """A file that would take all the memory is not read and says so; the others are."""
    write(tmp_path, {**notebooks, STEM: pieces(MAX_PIECES)})
    found = unread(read_submission("someone", tmp_path, sources))
    assert set(found) == {STEM}
    assert "is made of too many pieces; clear its outputs" in found[STEM]


def test_all_notebooks_share_one_room_for_pieces(
    sources: tuple[SourceNotebook, ...], notebooks: Notebooks, tmp_path: Path
) -> None:
    """Many files do not get what one may not have, and those nobody asked for are read last."""
    stems = sorted(notebooks)
    crowd = {f"00_{place}": pieces(MAX_PIECES * 3 // 4) for place in range(3)}
    write(tmp_path, {**notebooks, **crowd})
    assert unread(read_submission("someone", tmp_path, sources)) == {}
    write(tmp_path, {stem: pieces(MAX_PIECES * 3 // 4) for stem in stems[:2]})
    found = unread(read_submission("someone", tmp_path, sources))
    assert set(found) == {stems[1]}
    assert "all notebooks together are made of too many pieces" in found[stems[1]]


def test_no_outputs_or_other_metadata_are_kept(tmp_path: Path, sources: tuple[SourceNotebook, ...]) -> None:
    """Of a cell what is kept is its text, its type and its names, whatever they are made of."""
    metadata = {"nbgrader": {"grade_id": "kl_weight", "points": [1]}, "junk": [{}]}
    odd = {"cell_type": [{}], "id": [{}], "source": ["a", {}, "b"], "metadata": {"nbgrader": {"grade_id": [{}]}}}
    whole = {**code("x"), "id": "i", "metadata": metadata, "outputs": [{}], "attachments": {"a": "b"}}
    content = json.dumps(book(whole, odd, [{}])).encode()
    parsed = read_notebooks({"a.ipynb": content}, set())["a.ipynb"]
    assert parsed == [
        {"cell_type": "code", "id": "i", "source": "x", "metadata": {"nbgrader": {"grade_id": "kl_weight"}}},
        {"source": "ab", "metadata": {}},
        None,
    ]


def test_few_notebooks_are_looked_at_in_place_of_a_missing_one(
    monkeypatch: pytest.MonkeyPatch, sources: tuple[SourceNotebook, ...], notebooks: Notebooks, tmp_path: Path
) -> None:
    """Odd notebooks are merged a handful of times, those named like the missing one first, and the bound is said."""
    merged: list[str] = []

    def counted(source: SourceNotebook, raw_cells: Sequence[Any]) -> Merged:
        merged.append(source.stem)
        return merge(source, raw_cells)

    monkeypatch.setattr(matching, "merge", counted)
    books = {f"odd {place:03}": book() for place in range(100)}
    write(tmp_path, {**books, f"old {STEM} (1)": notebooks[STEM]})
    submission = read_submission("someone", tmp_path, sources)
    assert len(merged) <= len(sources) * MAX_RENAMED + 1
    notes = {one.source.stem: " ".join(sentences(one.notes)) for one in submission.notebooks}
    assert f"`old {STEM} (1).ipynb` was read instead of `{STEM}.ipynb`." in notes[STEM]
    assert all(f"Only {MAX_RENAMED} of the other notebooks were looked at" in note for note in notes.values())
