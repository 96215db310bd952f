"""Naming a group of equal unnamed behaviour: from the class report by `autograder name` and `regrade` to the pages of students."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.course.layout import Layout
from autograder.course.named_groups import load_names, names_path
from tests.helpers.small_course import commands, grade, results, set_seed, small_course, sql, states

ODD = "def kl_weight(epoch, warmup=10):\n    return 0.37 + 0.011 * epoch"
ODD_AGAIN = "def kl_weight(e, warmup=10):\n    slope = 0.022 / 2\n    return slope * e + 0.37"
OTHER = "def kl_weight(epoch, warmup=10):\n    return 0.83 - 0.017 * epoch"
NAME, SAYS = "a line of its own", "The weight is a line that does not know where the <b>warm-up</b> ends."


def hand_in(layout: Layout, student: str, answer: str) -> None:
    """Write a submission with this answer to `kl_weight`, and right ones beside it."""
    notebooks = released(layout.release)
    fill(notebooks, {**reference_answers(layout.source), "kl_weight": answer})
    write_submission(layout.submitted / student / layout.assignment, notebooks)


def run(layout: Layout, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `autograder`."""
    return commands().run(*words, course=layout)


def groups(layout: Layout) -> dict[str, str]:
    """The group of each student's `kl_weight`, empty where it has none."""
    return {
        student: next(one.get("group", "") for one in result["exercises"] if one["name"] == "kl_weight")
        for student, result in results(layout).items()
    }


def mistakes(layout: Layout) -> dict[str, set[str]]:
    """The names in each student's `kl_weight`."""
    return {
        student: {
            check["mistake"]
            for one in result["exercises"]
            if one["name"] == "kl_weight"
            for check in one["checks"]
            if check["mistake"]
        }
        for student, result in results(layout).items()
    }


@pytest.fixture
def named_class(small: Layout) -> Layout:
    """Two who behave alike, one who does not, and one who is right; all graded."""
    for student, answer in {"ada": ODD, "bob": ODD_AGAIN, "cyd": OTHER}.items():
        hand_in(small, student, answer)
    notebooks = released(small.release)
    fill(notebooks, reference_answers(small.source))
    write_submission(small.submitted / "dan" / small.assignment, notebooks)
    grade(small)
    return small


def test_named_once(named_class: Layout, tmp_path: Path) -> None:
    """`name` and `regrade` bring a name to those who share the behaviour and to nobody else, and a later course has it."""
    found = groups(named_class)
    assert found["ada"] == found["bob"]
    assert re.fullmatch("[0-9a-f]{10}", found["ada"])
    assert found["cyd"] not in ("", found["ada"])
    assert found["dan"] == ""
    before, keys = states(named_class), {student: one["key"] for student, one in results(named_class).items()}
    assert run(named_class, "report").returncode == 0
    assert f"group <code>{found['ada']}</code>" in (named_class.course / "report" / "index.html").read_text()
    assert run(named_class, "name", found["ada"], NAME, SAYS).returncode == 0
    done = run(named_class, "regrade", "--no-sandbox", "--diff", "--yes")
    assert "2 graded again" in done.stderr
    assert f"mistake now named: {NAME}" in done.stderr
    assert mistakes(named_class) == {"ada": {NAME}, "bob": {NAME}, "cyd": set(), "dan": set()}
    assert states(named_class) == before
    changed = {student for student, one in results(named_class).items() if one["key"] != keys[student]}
    assert changed == {"ada", "bob"}
    page = "".join(path.read_text() for path in (named_class.feedback / "ada").rglob("*.html"))
    assert "&lt;b&gt;warm-up&lt;/b&gt;" in page
    assert "<b>warm-up</b>" not in page
    assert "0 graded now, 4 unchanged" in grade(named_class).stderr

    following = small_course(tmp_path / "next", seed=77)
    shutil.copy(names_path(named_class), names_path(following))
    hand_in(following, "eve", ODD)
    grade(following)
    assert mistakes(following) == {"eve": {NAME}}

    assert run(named_class, "name", found["ada"], "another name", SAYS).returncode == 0
    assert "2 graded now, 2 unchanged" in grade(named_class).stderr
    assert mistakes(named_class)["bob"] == {"another name"}
    assert run(named_class, "name", found["ada"], "--remove").returncode == 0
    assert load_names(named_class) == {}
    assert "2 graded now, 2 unchanged" in grade(named_class).stderr
    assert {student: one["key"] for student, one in results(named_class).items()} == keys


def test_points_by_hand_stay(named_class: Layout) -> None:
    """Naming a group keeps the points that a person gave to one who shares it."""
    sql(named_class, "UPDATE grade SET manual_score = 0.5, needs_manual_grade = 0")
    given = sql(named_class, "SELECT id, manual_score FROM grade ORDER BY id")
    assert given
    assert run(named_class, "name", groups(named_class)["ada"], NAME, SAYS).returncode == 0
    assert run(named_class, "regrade", "--no-sandbox", "--yes").returncode == 0
    assert sql(named_class, "SELECT id, manual_score FROM grade ORDER BY id") == given


def test_what_cannot_be_named(named_class: Layout) -> None:
    """An unknown group, an empty name, a name that is known, and half a command are told in a sentence; nothing is written."""
    from autograder.problems.registry import mistakes as known

    group = groups(named_class)["ada"]
    taken = known("03_gaussian_kl", "kl_weight")[0].name
    for words, said in (
        (("0123456789", NAME, SAYS), "which no answer has"),
        ((group, " ", SAYS), "The name must be one line"),
        ((group, NAME, ""), "The sentence must be one line"),
        ((group, NAME, "one\ntwo"), "The sentence must be one line"),
        ((group, taken.upper(), SAYS), "that the grader knows already"),
        ((group, NAME), "The command must be"),
        ((group, NAME, SAYS, "--remove"), "The command must be"),
        ((group, "--remove"), "none there"),
    ):
        told = run(named_class, "name", *words)
        assert (told.returncode, said in " ".join(told.stderr.split())) == (2, True), told.stderr
    assert not names_path(named_class).exists()


def test_same_group_under_every_seed(named_class: Layout) -> None:
    """The mark of a behaviour stays when the seed of the course changes."""
    before = groups(named_class)
    set_seed(named_class, 6)
    grade(named_class)
    assert groups(named_class) == before
