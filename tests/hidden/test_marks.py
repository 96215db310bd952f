"""Marks tell answers apart, and are not there where answers tell nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.hidden.mistakes.marks import WHOLE, mark_of


@pytest.mark.parametrize(
    "values",
    [
        [np.array([0.5, 1.25])],
        [np.array([1.0, 2.0]), np.array([3.0, 5.0])],
        [(np.array([0.5]), 0.75)],
    ],
    ids=["digits", "four whole numbers", "several parts"],
)
def test_there_is_a_mark(values: list[Any]) -> None:
    """Two numbers with digits or four different whole ones are enough; other values and shapes have other marks."""
    mark = mark_of(values)
    assert mark is not None
    assert mark_of([*values, 1.5]) != pytest.approx(mark)


@pytest.mark.parametrize(
    "values",
    [
        [np.full(30, 0.5)],
        [np.array([1.0, 2.0, 3.0] * 10)],
        [np.full(30, np.nan)],
        ["words"],
        [[1, [2, 3]]],
    ],
    ids=["a constant", "few whole numbers", "no numbers", "words", "no array"],
)
def test_there_is_none(values: list[Any]) -> None:
    """A constant, few whole numbers, nothing finite and what is no array of numbers tell nothing."""
    assert mark_of(values) is None


def test_whole_answers_need_many() -> None:
    """Where right answers are whole numbers, a mark needs many, and not all alike."""
    many = [float(number % 2) for number in range(WHOLE)]
    assert mark_of(many, whole=True) is not None
    assert mark_of(many[:-1], whole=True) is None
    assert mark_of([1.0] * WHOLE, whole=True) is None
