"""Lateness in the gradebook: due dates, extensions and plug-ins of nbgrader, applied to what nbgrader did not grade."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from autograder.course.layout import Layout
from autograder.output.gradebook import GradebookError, assign_penalties, write_gradebook
from tests.conftest import ROOT
from tests.output.test_gradebook import FULL, gradebook, record, rows, write_sources

pytestmark = pytest.mark.filterwarnings("ignore")

TIMES = {"early": "2026-02-28 23:00:00 UTC", "late": "2026-03-02 12:30:00 UTC", "third": "2026-03-02 12:00:00 UTC"}
PLUGIN = """
from nbgrader.plugins import BasePlugin


class {}(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {}
"""


@pytest.fixture
def course(tmp_path: Path) -> Layout:
    """A graded class of four: handed in early, late, late with an extension, at no known time."""
    layout = Layout(tmp_path / "course", "vae")
    sources = write_sources(layout)
    shutil.copy(ROOT / "nbgrader_config.py", layout.course)
    for student, time in TIMES.items():
        (layout.submitted / student / "vae").mkdir(parents=True)
        (layout.submitted / student / "vae" / "timestamp.txt").write_text(time)
    write_gradebook(layout, [record(student, sources, FULL) for student in (*TIMES, "timeless")])
    with gradebook(layout) as book:
        book.grant_extension("vae", "third", days=2)
    return layout


def due(layout: Layout, when: datetime | None = datetime(2026, 3, 1, 12)) -> None:
    """Set the due date in the gradebook."""
    with gradebook(layout) as book:
        book.find_assignment("vae").duedate = when
        book.db.commit()


def settings(layout: Layout, line: str) -> None:
    """Add a line to nbgrader's settings."""
    path = layout.course / "nbgrader_config.py"
    path.write_text(f"{(ROOT / 'nbgrader_config.py').read_text()}\n{line}\n")


def plugin(layout: Layout, name: str, result: str) -> None:
    """Write a plug-in into the course folder, under a name of its own because modules stay imported."""
    (layout.course / f"{name.lower()}.py").write_text(PLUGIN.format(name, result))
    settings(layout, f"c.AssignLatePenalties.plugin_class = '{name.lower()}.{name}'")


def penalties(layout: Layout) -> dict[str, list[float | None]]:
    """The penalties of each student's notebooks."""
    query = """select a.student_id, n.late_submission_penalty from submitted_notebook n
               join submitted_assignment a on a.id = n.assignment_id order by n.late_submission_penalty"""
    found: dict[str, list[float | None]] = {}
    for student, penalty in rows(layout, query):
        found.setdefault(student, []).append(penalty)
    return found


NONE: dict[str, list[float | None]] = {name: [None, None] for name in (*TIMES, "timeless")}


def test_the_points_of_who_is_late(course: Layout) -> None:
    """With the method “zero” a late submission loses its points, one with an extension or without a time does not."""
    due(course)
    settings(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    assert assign_penalties(course) == 1
    assert assign_penalties(course) == 1
    assert penalties(course) == {**NONE, "late": [3.0, 6.5]}
    due(course, datetime(2026, 4, 1))
    assert assign_penalties(course) == 0
    assert penalties(course) == NONE


def test_without_a_method_nothing_is_taken(course: Layout) -> None:
    """nbgrader's default takes nothing, and takes back what another setting took before."""
    due(course)
    settings(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    assign_penalties(course)
    settings(course, "")
    assert assign_penalties(course) == 1
    assert penalties(course) == NONE


def test_without_a_due_date_nothing_is_touched(course: Layout) -> None:
    """Where nothing is due nobody is late, and what somebody set stays."""
    with gradebook(course) as book:
        book.find_submission_notebook("01_alpha", "vae", "early").late_submission_penalty = 1.0
        book.db.commit()
    assert assign_penalties(course) == 0
    assert penalties(course)["early"] == [None, 1.0]


@pytest.mark.parametrize(("name", "result", "expected"), [("Much", "99", [3.0, 6.5]), ("Gift", "-1", [0.0, 0.0])])
def test_penalties_are_bounded(course: Layout, name: str, result: str, expected: list[float]) -> None:
    """A plug-in of the course folder is used, and takes no more than the points and gives none, as in nbgrader."""
    due(course)
    plugin(course, name, result)
    assert assign_penalties(course) == 1
    assert penalties(course)["late"] == expected


@pytest.mark.parametrize(
    ("name", "result", "said"),
    [
        ("Fails", "1 / 0", r"failed on late \(ZeroDivisionError: division by zero\)"),
        ("Odd", "'much'", r"failed on late \(TypeError"),
        ("Broken", "1 +", r"cannot be used \(SyntaxError"),
    ],
)
def test_a_plug_in_that_fails_is_named(course: Layout, name: str, result: str, said: str) -> None:
    """What a plug-in raises is one sentence with the student's name; no penalty of that time is written."""
    due(course)
    plugin(course, name, result)
    with pytest.raises(GradebookError, match=said):
        assign_penalties(course)
    assert penalties(course) == NONE


def test_as_nbgrader_itself_does(course: Layout) -> None:
    """Notebook by notebook the penalties are those of nbgrader's own step."""
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config import Config

    due(course)
    settings(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    assign_penalties(course)
    ours = penalties(course)
    config = Config()
    config.LateSubmissionPlugin.penalty_method = "zero"
    for student in NONE:
        for stem in ("01_alpha", "02_beta"):
            about = {
                "notebook": stem,
                "assignment": "vae",
                "student": student,
                "db_url": f"sqlite:///{course.gradebook}",
            }
            from nbformat.v4 import new_notebook

            AssignLatePenalties(config=config).preprocess(new_notebook(), {"nbgrader": about})
    assert penalties(course) == ours
