"""What the tests of submissions share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.course.settings import Config
from autograder.grading.examiner import Context, grade_submission
from autograder.grading.record import Record
from autograder.problems import use_built_numbers
from autograder.sandbox import Sandbox
from autograder.submission.reading import read_submission
from tests.helpers.submissions import STEM, Change, Grade


@pytest.fixture(scope="session")
def two(committed: Layout, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The built folders with two notebooks, one of variables and one of functions: enough to tell one from all."""
    few = Layout(tmp_path_factory.mktemp("two"), "vae")
    for whole, part in ((committed.source, few.source), (committed.release, few.release)):
        shutil.copytree(whole, part)
        for path in part.glob("*.ipynb"):
            if path.stem not in ("01_worked_numbers", STEM):
                path.unlink()
    return few


def _grade(layout: Layout, sandbox: Sandbox, folder: Path) -> Grade:
    def graded(change: Change) -> Record:
        notebooks = released(layout.release)
        fill(notebooks, reference_answers(layout.source))
        folder.mkdir(parents=True)
        change(folder, notebooks)
        write_submission(folder, notebooks)
        submission = read_submission("someone", folder, load_sources(layout.source))
        use_built_numbers(layout.source, Config())
        return grade_submission(submission, sandbox.session, Context("vae", 7), "key")

    return graded


@pytest.fixture
def grade(two: Layout, walled: Sandbox, tmp_path: Path) -> Grade:
    """Grade the reference solutions of two notebooks after a change to the files or to the notebooks."""
    return _grade(two, walled, tmp_path / "submitted" / "someone" / "vae")


@pytest.fixture
def grade_all(committed: Layout, walled: Sandbox, tmp_path: Path) -> Grade:
    """Grade the reference solutions of all notebooks after such a change."""
    return _grade(committed, walled, tmp_path / "submitted" / "someone" / "vae")
