"""What all answers have in common beside right ones is named from the answers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.hidden.mistakes.regularities import regularity

RIGHT = [np.round(np.random.default_rng(place).normal(0, 3, (4, 3)), 5) for place in range(5)]

LARGEST = max(one.max() for one in RIGHT)


def said_of(change: Callable[[Any], Any], right: list[Any] = RIGHT) -> str:
    """The name for answers that are changed right ones; empty where there is none."""
    found = regularity(["value"], right, [change(one) for one in right])
    return found.name if found else ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x.astype(np.float16), "has the digits of float16"),
        (lambda x: np.round(x, 1), "is rounded to 1 digit after the point"),
        (np.round, "is rounded to whole numbers"),
        (lambda x: np.round(x, 4), "is rounded to 4 digits after the point"),
        (lambda x: np.minimum(x, 1.5), "is never above 1.5"),
        (lambda x: np.maximum(x, -1.5), "is never below -1.5"),
        (lambda x: np.clip(x, -2, 2.5), "is kept between -2 and 2.5"),
        (lambda x: np.where(np.abs(x) < 0.5, 0, x), "is 0 where it should be small"),
        (lambda x: 0.7321 * x, "is 0.7321 times what it should be"),
        (lambda x: -3 * x, "is -3 times what it should be"),
        (lambda x: x + 0.001, "is 0.001 too large, whatever it should be"),
        (lambda x: x - 12.5, "is 12.5 too small, whatever it should be"),
    ],
)
def test_what_all_answers_share_is_named(change: Callable[[Any], Any], words: str) -> None:
    """Half precision, few digits, bounds, dropped small numbers, one factor and one distance have their sentences."""
    assert said_of(change) == f"the answer {words}"


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x,
        lambda x: x + 1e-9,
        lambda x: np.ones_like(x),
        np.sign,
        lambda x: x + 0.01 * np.random.default_rng(int(abs(x.sum()) * 1e4)).normal(size=x.shape),
        lambda x: 1.5 * x + 0.25,
        lambda x: x * (1 + 0.001 * (x > 0)),
        lambda x: np.where(x == x.max(), 2.0, x),
        # The one number that is wrong is still the largest.
        lambda x: np.where(x == LARGEST, x - 1e-3, x),
        lambda x: np.full_like(x, np.nan),
        lambda x: np.where(x > 1, np.inf, x),
        lambda x: x[:1],
        lambda x: x.T,
    ],
)
def test_of_what_has_nothing_simple_in_common_nothing_is_said(change: Callable[[Any], Any]) -> None:
    """Right answers, constants, noise, two changes at once, other shapes and infinite numbers have no name."""
    assert said_of(change) == ""


def test_of_a_few_numbers_nothing_is_said() -> None:
    """A factor of two or three numbers says nothing: something always fits."""
    assert said_of(lambda x: 3 * x, [np.array([1.5, 2.5]), np.array([0.5])]) == ""


def test_parts_are_spoken_of_by_their_names() -> None:
    """The one part that is wrong is named, all of them are every part, and two of three that differ have no name."""
    right = [(one, one + 1, one * one) for one in RIGHT]

    def name(change: Callable[..., Any]) -> str:
        found = regularity(["a", "b", "c"], right, [change(*one) for one in right])
        return found.name if found else ""

    assert name(lambda a, b, c: (a, 5 * b, c)) == "`b` is 5 times what it should be"
    assert name(lambda a, b, c: (5 * a, 5 * b, 5 * c)) == "every part is 5 times what it should be"
    assert name(lambda a, b, c: (5 * a, 5 * b, c)) == ""
    assert name(lambda a, b, c: (5 * a, 6 * b, 7 * c)) == ""
    assert name(lambda a, b, c: (a, b, np.sign(c))) == ""


def test_the_sentence_says_where_to_look() -> None:
    """The name says what was found, the sentence only where to look; it shows no formula and gives no points."""
    found = regularity(["value"], RIGHT, [3 * one for one in RIGHT])
    assert found is not None
    assert (found.says, found.share) == ("Look at the factors.", 0.0)
