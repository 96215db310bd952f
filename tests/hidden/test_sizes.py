"""Answers that are right for a few small inputs only lose points, in every exercise that is judged by its values."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.course.layout import module_name

STEMS = ("02_linear_autoencoder", "03_gaussian_kl", "04_reparameterisation", "05_latent_space", "06_linear_vae")
# Draws and fits are judged by what they do, and 06 asks about data of ten columns at most.
OTHERWISE = ("fit_linear_autoencoder", "fit_linear_vae", "sample_posterior", "sample_prior")
VALUES = [
    pytest.param(stem, one.name, id=one.name)
    for stem in STEMS
    for one in problems.public(stem).exercises
    if not one.variables and one.name not in OTHERWISE
]


def wrong_for(large: Callable[[Any], bool], stem: str, name: str) -> Callable[..., Any]:
    """The reference solution, but for arguments among which one is large: there each number is off, each truth value turned."""
    right = getattr(importlib.import_module(f"solutions.{module_name(stem)}"), name)

    def off(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(off, value))
        array = np.asarray(value)
        return ~array if array.dtype == bool else array + 1

    def function(*args: Any, **kwargs: Any) -> Any:
        value = right(*args, **kwargs)
        return off(value) if any(large(one) for one in (*args, *kwargs.values())) else value

    return function


def points(stem: str, name: str, function: Callable[..., Any]) -> tuple[float, float]:
    """What the grader gives, and the most there is."""
    one = problems.examination(stem, name, 1)
    found = run(one.exercise, LocalSubject({name: function}), one.bank, seed=1, tries=0)
    return found.points, found.max_points


@pytest.mark.parametrize(("stem", "name"), VALUES)
def test_right_for_at_most_a_hundred_numbers_is_not_right(stem: str, name: str) -> None:
    """Who is wrong wherever an argument holds more than a hundred numbers loses points, and not all of them."""
    earned, most = points(stem, name, wrong_for(lambda one: np.size(one) > 100, stem, name))
    assert 0 < earned < most


@pytest.mark.parametrize(("stem", "name"), [one for one in VALUES if one.values[0] != "06_linear_vae"])
def test_right_for_at_most_ten_columns_is_not_right(stem: str, name: str) -> None:
    """Who is wrong wherever an argument has more than ten columns, or more than ten entries, loses points."""
    earned, most = points(stem, name, wrong_for(lambda one: np.shape(one)[-1:] > (10,), stem, name))
    assert 0 < earned < most


def test_indices_are_whole_numbers_of_any_size() -> None:
    """Places of codes that do not fit into eight bits lose points."""
    right = importlib.import_module("solutions.latent_space").nearest_code

    def short(z_e: Any, codebook: Any) -> Any:
        places, z_q = right(z_e, codebook)
        return places.astype(np.int8), z_q

    earned, most = points("05_latent_space", "nearest_code", short)
    assert 0 < earned < most
