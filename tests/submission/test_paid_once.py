"""A mistake is paid once, whatever it is: through the walls, in the same bytes each time, and free of charge for right work."""

from __future__ import annotations

import copy
import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.checks.verdict import Verdict
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.course.settings import Config
from autograder.grading.examiner import Context, Examiner, grade_submission
from autograder.grading.process import SubmissionProcess
from autograder.grading.record import Record
from autograder.output.feedback.page import feedback_page
from autograder.problems import use_built_numbers
from autograder.sandbox import Sandbox
from autograder.submission.reading import read_submission
from tests.helpers.submissions import STEM, Change, Grade, Notebooks, lost

RIGHT_KL = "0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)"
MASK = "def active_units(mu, sigma, delta=0.01, fraction=0.5):\n    return "


def answers(**code: str) -> Change:
    """A submission with these answer cells in place of the right ones, and nothing else but its notebook."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        for cell in notebooks[STEM]["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = code.get(name, cell["source"])

    return change


def kl(*lines: str) -> str:
    """An answer cell of `gaussian_kl` with that body."""
    return "def gaussian_kl(mu, sigma):\n" + "\n".join(f"    {line}" for line in lines)


@pytest.fixture
def grade(two: Layout, walled: Sandbox, tmp_path: Path) -> Grade:
    """Grade the reference solutions of one notebook after a change, as often as a test likes."""
    one = [source for source in load_sources(two.source) if source.stem == STEM]
    right = {STEM: released(two.release)[STEM]}
    fill(right, reference_answers(two.source))
    places = (tmp_path / str(number) for number in count())

    def graded(change: Change) -> Record:
        folder, notebooks = next(places), copy.deepcopy(right)
        folder.mkdir()
        change(folder, notebooks)
        write_submission(folder, notebooks)
        use_built_numbers(two.source, Config())
        submission = read_submission("someone", folder, one)
        return grade_submission(submission, walled.session, Context("vae", 7), "key")

    return graded


def on(record: Record, exercise: str = "active_units") -> Verdict:
    """The verdict on one exercise."""
    return next(one for book in record.notebooks for one in book.verdicts if one.exercise == exercise)


MISTAKES = {
    "unwritten": kl("todo()"),
    "left to be implemented": kl("raise NotImplementedError"),
    "never heard of": kl("return np.cos(mu) + sigma**3"),
    "raises": kl("raise ValueError('no')"),
    "ends the process": kl("import os", "os._exit(1)"),
    "no Python": "def gaussian_kl(mu, sigma:\n    return 0",
    "another name": "def kl(mu, sigma):\n    return 0",
    "changes its arguments": kl("mu *= mu", f"return {RIGHT_KL}"),
    "nothing comes back": kl(RIGHT_KL),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_whatever_the_mistake_it_is_paid_once(grade: Grade, mistake: str) -> None:
    """Right active units keep all points whatever `gaussian_kl` is, and say that they were given a right one."""
    record = grade(answers(gaussian_kl=MISTAKES[mistake]))
    found = on(record)
    assert on(record, "gaussian_kl").points < on(record, "gaussian_kl").max_points
    assert (found.points, found.passed, found.given) == (found.max_points, True, ("gaussian_kl",))


def test_a_right_answer_of_another_type_is_not_paid_at_all(grade: Grade) -> None:
    """A right `gaussian_kl` that returns lists costs nothing, also where later code compares it with a number."""
    record = grade(answers(gaussian_kl=kl(f"return np.asarray({RIGHT_KL}).tolist()")))
    assert lost(record).keys().isdisjoint({"gaussian_kl", "active_units"})


def test_a_mistake_of_its_own_is_still_paid(grade: Grade) -> None:
    """With a wrong `gaussian_kl` and "more than" for "at least", the ties are lost, under their own name, and no more."""
    strict = f"{MASK}np.mean(gaussian_kl(mu, sigma) > delta, axis=0) > fraction"
    alone = on(grade(answers(active_units=strict)))
    both = on(grade(answers(active_units=strict, gaussian_kl=MISTAKES["never heard of"])))
    assert 0 < alone.points == both.points < both.max_points
    assert both.mistake == alone.mistake
    failed = next(one for one in both.findings if one.check == "ties")
    assert (failed.passed, failed.given) == (False, "gaussian_kl")


def test_no_number_comes_through(grade: Grade) -> None:
    """What the right version answers stands neither in results nor on the page, whatever a function does with it."""
    tell = "    value = gaussian_kl(1.25, 2.5)\n"
    wrong = kl("return 0 * (mu + sigma)")
    ways = [
        f"{tell}    return np.mean(gaussian_kl(mu, sigma) > delta, axis=0) > fraction + 0 * print(value)",
        f"{tell}    return np.full(3, value)",
        f"{tell}    raise ValueError(f'{{value}}')",
        f"{tell}    return f'{{value}}'",
        f"{tell}    if np.shape(mu) == (5, 2):\n        raise ValueError(f'{{value}}')\n"
        "    return np.mean(gaussian_kl(mu, sigma) > delta, axis=0) >= fraction",
    ]
    for way in ways:
        code = f"def active_units(mu, sigma, delta=0.01, fraction=0.5):\n{way}"
        record = grade(answers(gaussian_kl=wrong, active_units=code))
        page = feedback_page(record, record.notebooks[0], "VAE")
        assert "2.4899" not in json.dumps(record.result()) + page


def test_the_same_bytes_twice(grade: Grade) -> None:
    """A second look gives the same verdict each time."""
    change = answers(gaussian_kl=MISTAKES["never heard of"])
    assert json.dumps(grade(change).result()) == json.dumps(grade(change).result())


def test_right_work_costs_no_second_look(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right submission opens no other process at all, and one whose wrong exercises build on right ones none for this."""

    def never(*_: Any) -> None:
        raise AssertionError("was opened")

    monkeypatch.setattr(SubmissionProcess, "aside", never)
    assert lost(grade(answers())) == {}
    monkeypatch.undo()
    monkeypatch.setattr(Examiner, "_second", never)
    assert "active_units" in lost(grade(answers(active_units=f"{MASK}np.ones(mu.shape[1], bool)")))
    assert "active_units" in lost(grade(answers(active_units=f"{MASK}todo()", gaussian_kl=MISTAKES["raises"])))


def test_the_page_says_it_in_a_sentence(grade: Grade) -> None:
    """Results and pages say "given a right `gaussian_kl`" where the exercise stands."""
    record = grade(answers(gaussian_kl=MISTAKES["raises"]))
    told = [check for one in record.result()["exercises"] for check in one["checks"] if check.get("given")]
    assert told
    assert {check["given"] for check in told} == {"gaussian_kl"}
    assert all("Right, given a right `gaussian_kl`." in check["message"] for check in told)
    assert "checks hold, given a right <code>gaussian_kl</code>" in feedback_page(record, record.notebooks[0], "VAE")
    assert Record.from_result(json.loads(json.dumps(record.result()))).result() == record.result()
