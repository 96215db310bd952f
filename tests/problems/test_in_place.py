"""Arguments that are changed in place are named together with what else is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject

NAME = "an argument is changed in place"


def grade(stem: str, name: str, function: Callable[..., Any]) -> tuple[str | None, float, set[str]]:
    """The name that a grade gives, the points, and what is said."""
    one = problems.examination(stem, name, 1)
    subject = LocalSubject({name: function})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=1, tries=0)
    return found.mistake, found.points, {one.says for one in found.findings if one.mistake}


def half_log_in_place(mu: Any, sigma: Any) -> Any:
    mu *= mu
    return 0.5 * (mu + sigma**2 - np.log(sigma) - 1)


def row_means_in_place(Z: Any, W_dec: Any) -> Any:
    Z -= Z.mean(axis=0)
    return Z @ W_dec


def no_constant_in_place(mu: Any, sigma: Any) -> Any:
    mu **= 2
    return 0.5 * (mu + sigma**2) - np.log(sigma)


def odd_in_place(X: Any, W_enc: Any) -> Any:
    X -= X**3 / 7
    return np.sin(X @ W_enc) + 3.3


@pytest.mark.parametrize(
    ("stem", "name", "function", "other"),
    [
        ("03_gaussian_kl", "gaussian_kl", half_log_in_place, "log sigma where log variance belongs"),
        ("02_linear_autoencoder", "decode", row_means_in_place, "the average sample is subtracted"),
        ("03_gaussian_kl", "gaussian_kl", no_constant_in_place, "the constant is missing"),
    ],
)
def test_both_are_named(stem: str, name: str, function: Callable[..., Any], other: str) -> None:
    """The mistake in the values has its own name and sentence, as if nothing were changed; there are no points for it."""
    named, points, says = grade(stem, name, function)
    assert (named, points) == (f"{other} and {NAME}", 0)
    assert all("Make a new array" in one for one in says)


def test_where_the_other_is_not_known_it_is_told() -> None:
    """Values that nobody recognises leave the one name, and a sentence that there is more."""
    named, points, says = grade("02_linear_autoencoder", "encode", odd_in_place)
    assert (named, points) == (NAME, 0)
    assert all(one.endswith("Something else is wrong as well.") for one in says)


def test_right_values_leave_one_name() -> None:
    """Right values with a changed argument are that one mistake, in every exercise of values."""

    def in_place(Z: Any, W_dec: Any) -> Any:
        answer = Z @ W_dec
        Z += 1
        return answer

    named, _, says = grade("02_linear_autoencoder", "decode", in_place)
    assert named == NAME
    assert not any("Something else" in one for one in says)
