"""Answers in words from handing in to the export: kept, shown, graded by people, and never lost by grading again."""

from __future__ import annotations

import contextlib
import csv
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.course.built_notebooks import WRITTEN_PROMPT, load_sources
from autograder.course.layout import Layout
from autograder.output.class_report.page import write_report
from tests.helpers.toy_course import cells, hand_in, points, results, run, settings, toy_course

SECTION = """
## Think it over

- Why the mean of distances?

<details><summary>An answer</summary>

Distances have no sign.

</details>
"""
CELL = "written_02_1"
FAIR = "Since **signs** cancel <script>alert(1)</script>"
RIGHT = {
    "rectangle": "area, diagonal = 12, 5",
    "centre": "def centre(x):\n    return x.mean()",
    "deviation": "def deviation(x):\n    return abs(x - x.mean()).mean()",
}


def answer(layout: Layout, student: str, text: str) -> None:
    """Hand in right functions, and this text as the answer in words."""
    shutil.rmtree(layout.submitted / student, ignore_errors=True)
    hand_in(layout, student, RIGHT | {CELL: text})


def without_the_cell(layout: Layout, student: str) -> None:
    """Take the cell of the answer in words out of what a student handed in."""
    path = layout.submitted / student / layout.assignment / "02_spread.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != CELL]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def grade(layout: Layout, *words: str) -> str:
    """Run `autograder grade` or another command without walls; returns what it said."""
    done = run(layout, *(words or ("grade",)), "--no-sandbox")
    assert done.returncode == 0, done.stderr
    return done.stderr


def sql(layout: Layout, text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement on the gradebook."""
    with contextlib.closing(sqlite3.connect(layout.gradebook)) as book, book:
        return book.execute(text, values).fetchall()


def standing(layout: Layout) -> dict[str, tuple[Any, ...]]:
    """Automatic points, points given by hand, and whether a person must look, of the answer in words by student."""
    query = """select a.student_id, g.auto_score, g.manual_score, g.needs_manual_grade from grade g
               join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
               join submitted_assignment a on a.id = n.assignment_id where c.name = ?"""
    return {student: tuple(rest) for student, *rest in sql(layout, query, CELL)}


def give(layout: Layout, student: str, score: float) -> None:
    """Give points as the form grader does."""
    query = """update grade set manual_score = ?, needs_manual_grade = 0 where id in (select g.id from grade g
               join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
               join submitted_assignment a on a.id = n.assignment_id where c.name = ? and a.student_id = ?)"""
    sql(layout, query, score, CELL, student)


def exported(layout: Layout, *words: str) -> dict[str, dict[str, str]]:
    """What `autograder export` writes, by student."""
    out = layout.course / "points.csv"
    done = run(layout, "export", "--format", "csv", "--out", str(out), *words)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8") as handle:
        return {row["student"]: row for row in csv.DictReader(handle)}


def report(layout: Layout) -> str:
    """The class report."""
    load_sources.cache_clear()
    return write_report(layout).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A graded class of five: an answer, nothing, an emptied cell, a deleted one, and no notebook. Only to be read."""
    layout = toy_course(tmp_path_factory.mktemp("words") / "course")
    text = layout.texts / "02_spread.md"
    text.write_text(text.read_text(encoding="utf-8").rstrip() + "\n" + SECTION, encoding="utf-8")
    settings(layout, 'title = "Toy"\nseed = 7\n[written]\n"02_spread.1" = 2\n[limits]\ncell_seconds = 5\n')
    done = run(layout, "build")
    assert (done.returncode, done.stderr) == (0, "")
    answer(layout, "ann", f"{WRITTEN_PROMPT}\n\n{FAIR}")
    answer(layout, "bob", WRITTEN_PROMPT)
    answer(layout, "cleo", "")
    answer(layout, "dan", "In vain.")
    without_the_cell(layout, "dan")
    answer(layout, "eve", "Gone.")
    (layout.submitted / "eve" / layout.assignment / "02_spread.ipynb").unlink()
    grade(layout)
    return layout


@pytest.fixture
def course(graded: Layout, tmp_path: Path) -> Layout:
    """A copy of that course to change."""
    shutil.copytree(graded.course, tmp_path / "course", symlinks=True)
    return Layout(tmp_path / "course", graded.assignment)


def test_points_of_checks_are_what_results_hold(graded: Layout) -> None:
    """Results keep to what was checked: no answer in words is run or judged, and one that is missing costs only itself."""
    told = results(graded)
    assert {student: (one["state"], one["max_score"]) for student, one in told.items()} == dict.fromkeys(
        ("ann", "bob", "cleo", "dan", "eve"), ("graded", 10.0)
    )
    assert {student: one["score"] for student, one in told.items()} == {
        **dict.fromkeys(("ann", "bob", "cleo", "dan"), 10.0),
        "eve": 3.0,
    }
    assert CELL not in points(told["ann"])


def test_who_waits_for_a_person(graded: Layout) -> None:
    """An answer waits, and so does a deleted cell; where nothing is written, or no notebook is there, it is 0 at once."""
    assert standing(graded) == {
        "ann": (None, None, 1),
        "bob": (0.0, None, 0),
        "cleo": (0.0, None, 0),
        "dan": (None, None, 1),
        "eve": (0.0, None, 0),
    }


def test_the_text_is_kept_and_shown_as_text(graded: Layout) -> None:
    """The graded notebook has it for the form grader; the feedback page shows it escaped, as graded by a person."""
    kept = cells(graded.autograded / "ann" / "spread" / "02_spread.ipynb")
    assert kept[CELL]["source"].startswith(f"{WRITTEN_PROMPT}\n\nSince **signs** cancel")
    assert cells(graded.autograded / "dan" / "spread" / "02_spread.ipynb")[CELL]["source"] == WRITTEN_PROMPT
    page = (graded.feedback / "ann" / "spread" / "02_spread.html").read_text(encoding="utf-8")
    assert "<h3>Question 1</h3>" in page
    assert "Graded by a person; the most is 2 points." in page
    assert ">Since **signs** cancel &lt;script&gt;alert(1)&lt;/script&gt;</pre>" in page
    assert "Nothing is written there: 0 of 2 points." in _page(graded, "bob")
    assert "The cell of this answer was not in your notebook. A person looks for the answer" in _page(graded, "dan")
    assert "Answers in words" not in (graded.feedback / "ann" / "spread" / "01_rectangle.html").read_text(
        encoding="utf-8"
    )


def _page(layout: Layout, student: str) -> str:
    return (layout.feedback / student / "spread" / "02_spread.html").read_text(encoding="utf-8")


def test_the_report_says_how_many_wait(course: Layout) -> None:
    """By question, with whose they are; what is given by hand no longer waits."""
    page = report(course)
    assert '<a href="#human">2 answers in words</a> wait for a person.' in page
    assert "Question 1 of <code>02_spread</code> waits to be read." in page
    assert "3 of 5 need nobody" in page
    give(course, "ann", 1.5)
    give(course, "dan", 0)
    page = report(course)
    assert "in words</a>" not in page
    assert "waits to be read" not in page


def test_points_given_by_hand_survive_and_count(course: Layout) -> None:
    """`grade --force` and `regrade --yes` leave them, unmarked; exports hold the sum, results the points of the checks."""
    give(course, "ann", 1.5)
    grade(course, "grade", "--force")
    assert standing(course)["ann"] == (None, 1.5, 0)
    text = (course.texts / "assignment.toml").read_text(encoding="utf-8")
    settings(course, text.replace("seed = 7", "seed = 8"))
    assert "graded again" in grade(course, "regrade", "--yes")
    assert standing(course)["ann"] == (None, 1.5, 0)
    told = exported(course)
    assert (told["ann"]["score"], told["ann"]["max_score"], told["ann"]["by_hand"]) == ("11.5", "12", "yes")
    assert told["ann"][CELL] == "1.5"
    assert (told["bob"]["score"], told["dan"]["score"]) == ("10", "10")
    assert exported(course, "--points", "results")["ann"]["score"] == "10"


def test_another_answer_is_looked_at_again(course: Layout) -> None:
    """Handed in anew with other words, the points given stay and count, and a person is asked to look; once, not for ever."""
    give(course, "ann", 1.5)
    grade(course)
    answer(course, "ann", f"  {FAIR}  \n")
    grade(course)
    assert standing(course)["ann"] == (None, 1.5, 0)
    answer(course, "ann", "Something else.")
    grade(course)
    assert standing(course)["ann"] == (None, 1.5, 1)
    assert exported(course)["ann"]["score"] == "11.5"
    give(course, "ann", 1)
    grade(course, "grade", "--force")
    assert standing(course)["ann"] == (None, 1.0, 0)
    answer(course, "ann", WRITTEN_PROMPT)
    grade(course)
    assert standing(course)["ann"] == (0.0, 1.0, 1)


def test_who_knows_nothing_of_the_answer_asks_again(course: Layout) -> None:
    """Without the file of what was booked nobody knows whether it is the same answer: the points stay, a person looks."""
    give(course, "ann", 1.5)
    (course.results / ".spread.written").unlink()
    grade(course)
    assert standing(course)["ann"] == (None, 1.5, 1)
    assert standing(course)["bob"] == (0.0, None, 0)


def test_what_is_not_built_is_said(course: Layout) -> None:
    """Settings that name other questions than the built notebooks ask are told when grading."""
    text = (course.texts / "assignment.toml").read_text(encoding="utf-8")
    settings(course, text.replace('"02_spread.1" = 2', '"02_spread.1" = 3'))
    assert "do not follow assignment.toml in written 02_spread.1: graded was what is built" in " ".join(
        grade(course).split()
    )
