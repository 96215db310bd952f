"""Each student has numbers of their own: typed into the notebook's first cell, asked and graded by that number."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from autograder.authoring.sample_submissions import Notebook, fill, reference_answers, released, write_submission
from autograder.course.layout import Layout
from tests.conftest import copy_course, needs_bubblewrap
from tests.helpers.small_course import run

STEM = "01_worked_numbers"
NUMBER = 1234567
CELLS = {
    "typed": f"number = {NUMBER}",
    "as-text": f'number = "{NUMBER}"  # mine',
    "with-more": f"name = 'x'\nnumber = int('{NUMBER}')",
    "left": "number = 0  # your matriculation number",
    "fails": "number = matriculation",
    "no-python": "number = 0123",
    "gone": None,
}
NONE_TYPED = "No number was typed into the first cell: the first setting of each exercise counts."


def place_of_number(cells: list[dict[str, Any]]) -> int:
    """Where students type their number in."""
    return next(place for place, cell in enumerate(cells) if "".join(cell["source"]).startswith("number = 0"))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The right answers, which compute from the tables that the notebook shows, under each way to type a number in."""
    needs_bubblewrap()
    layout = copy_course(tmp_path_factory.mktemp("own") / "course")
    settings = layout.texts / "assignment.toml"
    text = re.sub(r"(?m)^numbers = .*$", 'numbers = "student"', settings.read_text(encoding="utf-8"))
    settings.write_text(re.sub(r"(?m)^seed = .*$", "seed = 4711", text), encoding="utf-8")
    run("build", course=layout).check_returncode()
    answers = reference_answers(layout.source)
    for student, source in CELLS.items():
        hand_in(layout, student, answers, source)
    run("grade", course=layout).check_returncode()
    lines = (layout.results / "vae.jsonl").read_text(encoding="utf-8").splitlines()
    found = {one["student"]: one for one in map(json.loads, lines)}
    for student, one in found.items():
        one["page"] = (layout.feedback / student / "vae" / f"{STEM}.html").read_text(encoding="utf-8")
    return found


def hand_in(layout: Layout, student: str, answers: dict[str, str], number: str | None) -> None:
    """Hand in the notebook of numbers with these answers and that cell."""
    notebook: Notebook = released(layout.release)[STEM]
    fill({STEM: notebook}, answers)
    place = place_of_number(notebook["cells"])
    if number is None:
        del notebook["cells"][place]
    else:
        notebook["cells"][place]["source"] = number
    write_submission(layout.submitted / student / layout.assignment, {STEM: notebook})


@pytest.mark.parametrize("student", CELLS)
def test_answers_are_judged_by_the_tables_that_were_shown(graded: dict[str, dict[str, Any]], student: str) -> None:
    """Whatever the first cell is, the notebook's tables and the grader's are those of one number: right is right."""
    assert graded[student]["score"] == 12


@pytest.mark.parametrize("student", CELLS)
def test_no_number_is_said_where_none_is_known(graded: dict[str, dict[str, Any]], student: str) -> None:
    """Who typed none in, or what is none, reads so, and nobody else."""
    assert (NONE_TYPED in graded[student]["page"]) == (student in ("left", "fails", "no-python", "gone"))
