"""Whatever comes back, a verdict is given: nothing that looks for a name stumbles over answers that nobody thought of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import registry
from autograder.checks.asking import FormedAnswer
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject

FUNCTIONS, VARIABLES = (
    [
        (problem.stem, exercise.name)
        for problem in registry.modules().values()
        for exercise in problem.exercises
        if bool(exercise.variables) is variables
    ]
    for variables in (False, True)
)
RAGGED, OBJECTS = [[1.0], [2.0, 3.0]], np.array([None, "a"], object)
ODD: tuple[Any, ...] = (
    None,
    (),
    {},
    {1, 2},
    True,
    "words",
    (1, 2),
    (1, 2, 3),
    ("a", "b"),
    ("a", "b", "c"),
    ((1, (2, 3)), ((4,), 5)),
    RAGGED,
    (RAGGED, np.zeros((1, 2))),
    (RAGGED, np.zeros((1, 2)), np.zeros((2, 2))),
    OBJECTS,
    (OBJECTS, OBJECTS, OBJECTS),
    10**400,
    (10**400, 1.0),
    float("nan"),
    np.full((3, 2), np.nan),
    np.array([1j, 2]),
    np.array(["a", "b"]),
    np.zeros((1, 1, 1, 1, 1)),
    np.zeros((0, 3)),
)


def graded(stem: str, name: str, namespace: dict[str, Any]) -> float:
    """The points, after every mechanism by itself was asked for a name."""
    one = problems.examination(stem, name, 3)

    def every(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> None:
        for mechanism in one.mechanisms.values():
            mechanism(seen, failed)

    return run(one.exercise, LocalSubject(namespace), one.bank, recognise=every, seed=3, tries=0).points


@pytest.mark.parametrize(("stem", "name"), FUNCTIONS)
def test_odd_answers_of_functions(stem: str, name: str) -> None:
    """A function that returns the same odd thing always, or every second time, has no full points and breaks nothing."""
    one = problems.examination(stem, name, 3)
    right = problems.variants(stem, name)[0]
    count = 0

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        return odd if count % 2 else right(*args, **kwargs)

    for number, odd in enumerate(ODD):
        assert graded(stem, name, {name: lambda *args, **kwargs: odd}) < one.exercise.points  # noqa: B023
        # Fewer: half of the answers are looked at by more mechanisms, which takes longer.
        if number % 4 == 0:
            assert graded(stem, name, {name: sometimes}) < one.exercise.points


@pytest.mark.parametrize(("stem", "name"), VARIABLES)
def test_odd_answers_of_variables(stem: str, name: str) -> None:
    """Variables that hold odd things have no points and break nothing."""
    one = problems.examination(stem, name, 3)
    for odd in ODD:
        assert graded(stem, name, dict.fromkeys(one.exercise.variables, odd)) < one.exercise.points


def test_a_mechanism_that_stumbles_costs_nobody_a_verdict() -> None:
    """Where looking for a name fails, the next mechanism is asked."""
    one = problems.examination("03_gaussian_kl", "gaussian_kl", 3)

    def stumbling(seen: Any, failed: Any) -> None:
        raise KeyError("nobody thought of it")

    broken = replace(one, mechanisms={"first": stumbling, **one.mechanisms})
    subject = LocalSubject({"gaussian_kl": lambda mu, sigma: mu**2 + sigma**2 - 1 - np.log(sigma**2)})
    found = run(broken.exercise, subject, broken.bank, recognise=broken.recognise, seed=3, tries=0)
    assert found.mistake == "a factor of one half is missing"
