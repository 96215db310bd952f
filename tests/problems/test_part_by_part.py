"""Mistakes in several parts of an answer are named part by part, and not where they are one mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.asking import FormedAnswer
from autograder.checks.diagnosis import NamedMistake
from autograder.checks.examine import run
from autograder.checks.exercise import Answer, Call
from autograder.checks.local_subject import LocalSubject
from autograder.problems.beside import Parts

CALLS = [Call((float(number),)) for number in range(1, 5)]


def answers(function: Callable[[float], Any], problem: str = "") -> list[FormedAnswer]:
    values = [function(call.args[0]) for call in CALLS]
    return [
        FormedAnswer(call, Answer("returned", value), value, problem) for call, value in zip(CALLS, values, strict=True)
    ]


RIGHT = answers(lambda x: (x, x**2, x**3))


def alike(one: FormedAnswer, other: FormedAnswer) -> bool:
    return bool(one.value == other.value)


def told(seen: Sequence[FormedAnswer]) -> NamedMistake | None:
    """Name a doubled first part and a negative second part, each alone."""
    if seen == answers(lambda x: (2 * x, x**2, x**3)):
        return NamedMistake("doubled", "It is doubled.", 0.5)
    if seen == answers(lambda x: (x, -(x**2), x**3)):
        return NamedMistake("negative", "It is negative.", 0.5)
    return None


PARTS = Parts(told, lambda calls: RIGHT, alike)


def test_each_wrong_part_has_its_name() -> None:
    """Two parts that are wrong in two known ways are named as both, and the name gives no points."""
    assert PARTS.recognise(answers(lambda x: (2 * x, -(x**2), x**3))) == NamedMistake(
        "doubled and negative", "It is doubled. It is negative.", 0.0
    )


def test_a_part_without_a_name_is_told() -> None:
    """Where one of two wrong parts is known, that one is named, and that another is wrong as well."""
    found = PARTS.recognise(answers(lambda x: (2 * x, x**2, x**3 + 1)))
    assert found == NamedMistake("doubled", "It is doubled. Another part of the answer is wrong as well.", 0.0)


@pytest.mark.parametrize(
    "seen",
    [
        answers(lambda x: (2 * x, x**2, x**3)),
        RIGHT,
        answers(lambda x: (x, x**2 + 1, x**3 + 1)),
        answers(lambda x: (2 * x, -(x**2), x**3), "two are wanted"),
        answers(lambda x: x),
        [],
    ],
    ids=["one part", "no part", "unknown parts", "bad form", "no parts", "nothing"],
)
def test_nothing_is_said_of_other_answers(seen: list[FormedAnswer]) -> None:
    """One wrong part is no matter of parts; answers in a bad form and unknown parts have no name."""
    assert PARTS.recognise(seen) is None


def test_the_grade_names_both_parts() -> None:
    """In an exercise: two slips in two parts, each of two steps, are named though no table has the four steps together."""
    one = problems.examination("03_gaussian_kl", "kl_shift_spread", 1)

    def wrong(mu: Any, sigma: Any) -> Any:
        return 0.5 * (np.abs(mu) - 1), 0.5 * (sigma**2 - np.log(sigma))

    found = run(
        one.exercise, LocalSubject({"kl_shift_spread": wrong}), one.bank, recognise=one.recognise, seed=1, tries=0
    )
    assert found.mistake == (
        "|mu| where mu squared belongs and `shift` is a half too small and "
        "log sigma where log variance belongs and `spread` is a half too large"
    )
    assert found.points == 0
