"""What a student reads under "expected" is true: known mistakes are walked through the student's own check."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables, broken, counterexample, formatting
from autograder.checks.asking import FormedAnswer
from autograder.checks.examine import run
from autograder.checks.examples import Bank, bank
from autograder.checks.exercise import Call, Check, Exercise, Fault, Mistake
from autograder.checks.judges import close
from autograder.checks.student.student_check import CHECK_SEED
from autograder.checks.verdict import OWN, TRUTH, Verdict
from autograder.course.layout import module_name
from autograder.problems.examination import answers_of, subject_of

STEMS = ("02_linear_autoencoder", "03_gaussian_kl", "04_reparameterisation", "05_latent_space", "06_linear_vae")
EXERCISES = [
    pytest.param(stem, exercise.name, id=exercise.name)
    for stem in STEMS
    for exercise in problems.public(stem).exercises
]
SLOW = 6
"""How many of the mistakes of an exercise are walked whose answers take long: of a fit, and of draws."""

Judged = list[tuple[Call, Fault]]
Walk = list[tuple[Mistake, Verdict, Judged]]


def solution(stem: str, name: str) -> Callable[..., Any]:
    """The reference function."""
    function: Callable[..., Any] = getattr(importlib.import_module(f"solutions.{module_name(stem)}"), name)
    return function


@cache
def as_students_have_it(stem: str, name: str) -> tuple[Exercise, Bank]:
    """The exercise with the check that compares with the tabled right answers."""
    plain = problems.public(stem).exercise(name)
    examples = bank(plain.checks, CHECK_SEED)
    if not plain.probes:
        return plain, examples
    digits = answer_tables.digits_of(plain)
    right = [answer_tables.encode(one.answer, digits) for one in answers_of(plain, solution(stem, name), plain.probes)]
    return answer_tables.with_table(plain, examples, {"right": right, "mistakes": []})


def known(stem: str, name: str) -> list[Mistake]:
    """The mistakes to walk: all of them, or of a slow exercise some, spread over the catalogue."""
    every = problems.mistakes(stem, name)
    exercise = problems.public(stem).exercise(name)
    return every[:: max(1, len(every) // SLOW)] if exercise.many or not exercise.probes else every


@cache
def walked(stem: str, name: str) -> Walk:
    """Each mistake with what the student's check says, and with every fault that was found and the call it is shown with."""
    exercise, examples = as_students_have_it(stem, name)
    plain, found = broken.judged, list[tuple[Call, Fault]]()

    def listening(exercise: Exercise, check: Check, example: Any, seen: Sequence[FormedAnswer]) -> Any:
        one = plain(exercise, check, example, seen)
        if one is not None and one.fault is not None:
            found.append((seen[one.fault.call].call, one.fault))
        return one

    walk = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broken, "judged", listening)
        patch.setattr(counterexample, "judged", listening)
        for mistake in known(stem, name):
            found.clear()
            subject = subject_of(exercise, mistake.function)
            walk.append((mistake, run(exercise, subject, examples, seed=CHECK_SEED, tries=15), list(found)))
    assert any(not verdict.passed for _, verdict, _ in walk)
    return walk


def parts(truth: Any) -> Iterator[Any]:
    """A right answer, its parts, and the first columns of a matrix, which a law may show alone."""
    yield truth
    if isinstance(truth, tuple):
        yield from truth
    elif np.ndim(truth) == 2:
        yield from (truth[:, :count] for count in range(1, truth.shape[1]))


@pytest.mark.parametrize(("stem", "name"), EXERCISES)
def test_expected_numbers_are_right_answers(stem: str, name: str) -> None:
    """Whatever known mistake is checked, every number shown as expected is what the reference answers to the call shown."""
    exercise, _ = as_students_have_it(stem, name)
    for mistake, verdict, faults in walked(stem, name):
        shown = {}
        for call, fault in faults:
            if isinstance(fault.expected, str):
                continue
            truth = answers_of(exercise, solution(stem, name), [call])[0].value
            assert any(close(fault.expected, part, 1e-5, 1e-5) for part in parts(truth)), (mistake.name, call, fault)
            shown[formatting.value(fault.expected)] = call
        for finding in verdict.findings:
            assert (finding.against == TRUTH) <= (finding.expected in shown), (mistake.name, finding)


@pytest.mark.parametrize(("stem", "name"), EXERCISES)
def test_contradictions_are_told_in_words(stem: str, name: str) -> None:
    """Where a student's answers contradict one another, what is expected is a relation: no number of theirs stands in it."""
    for mistake, verdict, _ in walked(stem, name):
        for finding in verdict.findings:
            if finding.against == OWN:
                numbers = re.findall(r"-?\d+\.?\d*", finding.expected)
                assert re.search("[a-z]{3}", finding.expected), (mistake.name, finding)
                assert {float(one) for one in numbers} <= {-3.0, -1.0, 1.0, 2.0, 3.0, 4.0, 9.0}, (mistake.name, finding)


@pytest.mark.parametrize(("stem", "name"), EXERCISES)
def test_a_right_value_is_shown_before_a_contradiction(stem: str, name: str) -> None:
    """A contradiction is what a student reads first only where no check shows a right value."""
    for mistake, verdict, _ in walked(stem, name):
        first = verdict.first_failed
        if first is not None and first.against == OWN:
            assert all(finding.against != TRUTH for finding in verdict.findings), mistake.name
