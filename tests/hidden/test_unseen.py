"""Submissions that the checks' authors had not seen: right ones keep their points, wrong ones lose some, most have names."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import pytest

from autograder import problems
from autograder.checks import registry
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from tests.unseen.collected import COLLECTED, Unseen

SEED = 3
NAMED_AT_LEAST = 0.9

for _path in sorted((Path(__file__).parents[1] / "unseen").glob("*.py")):
    importlib.import_module(f"tests.unseen.{_path.stem}")

STEM_OF = {exercise.name: problem.stem for problem in registry.modules().values() for exercise in problem.exercises}
EXERCISES = sorted({one.exercise for one in COLLECTED}, key=list(STEM_OF).index)
each_exercise = pytest.mark.parametrize("name", EXERCISES)


@cache
def verdicts(name: str) -> tuple[tuple[Unseen, Verdict], ...]:
    """What the grader says to every unseen answer to an exercise; no smaller examples are looked for."""
    one = problems.examination(STEM_OF[name], name, SEED)

    def verdict(answer: Unseen) -> Verdict:
        subject = LocalSubject({name: answer.function})
        return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=SEED, tries=0)

    return tuple((answer, verdict(answer)) for answer in COLLECTED if answer.exercise == name)


@each_exercise
def test_right_ones_keep_full_points(name: str) -> None:
    """Every right answer, however it is written, has full points, and no check fails."""
    found = [(answer.what, verdict.first_failed) for answer, verdict in verdicts(name) if answer.is_right]
    assert len(found) >= 6
    assert [one for one in found if one[1] is not None] == []


@each_exercise
def test_wrong_ones_lose_points(name: str) -> None:
    """Every wrong answer, however subtle, loses points."""
    found = [(answer.what, verdict) for answer, verdict in verdicts(name) if not answer.is_right]
    assert len(found) >= 12
    assert [what for what, verdict in found if verdict.points >= verdict.max_points] == []


def test_common_mistakes_have_names() -> None:
    """Of the mistakes that students often make, nine in ten or more are told by name."""
    found = {
        (name, answer.what): verdict.mistake
        for name in EXERCISES
        for answer, verdict in verdicts(name)
        if answer.common
    }
    nameless = sorted(where for where, mistake in found.items() if mistake is None)
    assert len(nameless) <= (1 - NAMED_AT_LEAST) * len(found), nameless


@each_exercise
def test_all_wrong_ones_are_told_what_must_hold(name: str) -> None:
    """Every verdict on a wrong answer says what must hold, and shows an input, an answer or an error."""
    for answer, verdict in verdicts(name):
        failed = verdict.first_failed
        if not answer.is_right:
            assert failed is not None, answer.what
            assert failed.must, answer.what
            assert failed.example or failed.note, answer.what
