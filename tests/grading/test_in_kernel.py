"""Plain nbgrader in the course folder: the same points for honest submissions, and `validate` that behaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import as_answer, fill, reference_answers, released, write_submission
from autograder.batch.run import Options, grade_batch
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.output.gradebook import register_assignment
from autograder.problems import mistakes, public
from tests.conftest import ROOT, copy_course

pytestmark = pytest.mark.slow


class Silent:
    """Nobody watches."""

    def begin(self, total: int) -> None:
        """Say nothing."""

    def unchanged(self, student: str) -> None:
        """Say nothing."""

    def graded(self, student: str, state: str) -> None:
        """Say nothing."""

    def failed(self, student: str, reason: str) -> None:
        """Fail at once: these submissions are honest."""
        pytest.fail(f"{student}: {reason}")


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a course folder as an instructor does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=1200, check=False
    )


def without_pictures(layout: Layout) -> None:
    """Leave out the cells that only draw: plain nbgrader runs them, and they have no points."""
    for path in (*layout.source.glob("*.ipynb"), *layout.release.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if "draws" not in cell["metadata"].get("tags", [])]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def answers(layout: Layout) -> dict[str, dict[str, str]]:
    """Right answers, wrong ones, and a mixture of right, otherwise wrong and unwritten ones, by student."""
    right = reference_answers(layout.source)
    known = {
        exercise.name: mistakes(stem, exercise.name) for stem in layout.stems() for exercise in public(stem).exercises
    }
    wrong, otherwise = (
        {name: as_answer(known[name][turn % len(known[name])].function, name) for name in right} for turn in (0, 3)
    )
    mixed = {name: (text, otherwise[name])[turn % 3] for turn, (name, text) in enumerate(right.items()) if turn % 3 < 2}
    return {"right": right, "wrong": wrong, "mixed": mixed}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, float]]]:
    """Points by road, student and exercise, of the same submissions graded by our batch and by plain nbgrader."""
    points: dict[str, dict[str, dict[str, float]]] = {}
    for road in ("ours", "plain"):
        layout = copy_course(tmp_path_factory.mktemp(road))
        without_pictures(layout)
        for student, given in answers(layout).items():
            notebooks = released(layout.release)
            fill(notebooks, given)
            write_submission(layout.submitted / student / "vae", notebooks)
        points[road] = by_batch(layout) if road == "ours" else by_nbgrader(layout)
    return points


def by_batch(layout: Layout) -> dict[str, dict[str, float]]:
    grade_batch(layout, Options(walls="none"), Silent())
    lines = (layout.results / "vae.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        result["student"]: {exercise["name"]: exercise["points"] for exercise in result["exercises"]}
        for result in map(json.loads, lines)
    }


def by_nbgrader(layout: Layout) -> dict[str, dict[str, float]]:
    register_assignment(layout, load_sources(layout.source))
    done = nbgrader(layout.course, "autograde", "vae")
    assert done.returncode == 0, done.stderr[-3000:]
    from nbgrader.api import Gradebook

    points: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{layout.gradebook}") as book:
        for submission in book.assignment_submissions("vae"):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    assert grade.needs_manual_grade is False
                    name = grade.cell.name.removeprefix("test_")
                    points.setdefault(submission.student.id, {})[name] = float(grade.auto_score)
    return points


@pytest.mark.parametrize("student", ["right", "wrong", "mixed"])
def test_both_roads_give_the_same_points(graded: dict[str, dict[str, dict[str, float]]], student: str) -> None:
    """Cell by cell, plain nbgrader gives an honest submission the points that our batch gives."""
    assert graded["plain"][student] == pytest.approx(graded["ours"][student])


def test_the_reference_solutions_get_everything(graded: dict[str, dict[str, dict[str, float]]]) -> None:
    """On both roads the reference solutions get the full 100 points of the five notebooks."""
    assert [sum(graded[road]["right"].values()) for road in ("ours", "plain")] == [100, 100]


def test_wrong_answers_lose_points_in_every_exercise(
    graded: dict[str, dict[str, dict[str, float]]], committed: Layout
) -> None:
    """On both roads a known mistake in an exercise loses points there."""
    most = {exercise.name: exercise.points for stem in committed.stems() for exercise in public(stem).exercises}
    for road in ("ours", "plain"):
        kept = [name for name, points in graded[road]["wrong"].items() if points >= most[name]]
        assert kept == []


def test_validate_fails_on_a_wrong_answer_and_passes_on_a_right_one(course: Layout) -> None:
    """`nbgrader validate` on a released notebook says in one sentence what is wrong, and nothing when all is right."""
    without_pictures(course)
    folder, name = course.release, "04_reparameterisation"
    unwritten = nbgrader(folder, "validate", f"{name}.ipynb")
    assert "`negative_elbo` is not written yet." in " ".join(unwritten.stdout.split())
    assert "Traceback" not in unwritten.stdout
    notebooks = {name: released(folder)[name]}
    fill(notebooks, reference_answers(course.source))
    write_submission(folder, notebooks)
    right = nbgrader(folder, "validate", f"{name}.ipynb")
    assert "Success! Your notebook passes all the tests." in right.stdout, right.stdout + right.stderr


def test_points_are_those_of_the_built_notebook(course: Layout) -> None:
    """Points that are set and not built do not count: plain nbgrader gives what its cell, and the batch, give."""
    settings = course.texts / "assignment.toml"
    said = settings.read_text(encoding="utf-8")
    assert "\n[points]\n" in said
    settings.write_text(said.replace("\n[points]\n", "\n[points]\ngaussian_kl = 12\n"), encoding="utf-8")
    built = {name: points for one in load_sources(course.source) for name, points in one.points.items()}
    place = course.course / "autograded" / "someone" / course.assignment
    place.mkdir(parents=True)
    answer = reference_answers(course.source)["gaussian_kl"]
    script = f"import numpy as np\n{answer}\nfrom autograder import grade\nprint('points', grade('gaussian_kl'))\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"points {built['gaussian_kl']}"
    assert built["gaussian_kl"] != 12
