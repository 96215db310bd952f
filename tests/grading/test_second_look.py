"""Paid once, within one process: every pair of exercises, what may be asked, and what a second look must earn."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.asking import plan_of
from autograder.checks.examine import run
from autograder.checks.exercise import Rng
from autograder.checks.local_subject import LocalSubject
from autograder.checks.registry import modules
from autograder.checks.verdict import Finding, Verdict
from autograder.course.layout import module_name
from autograder.grading.in_kernel import ServedNamespace
from autograder.grading.second_look import better, right_versions, second_look
from autograder.hidden.served import MOST

SEED = 1
STEMS = [problem.stem for problem in modules().values()]
PAIRS = [
    (stem, exercise.name, below)
    for stem in STEMS
    for exercise in problems.public(stem).exercises
    for below in problems.earlier(stem, exercise.name)
]
CALLED = [
    ("02_linear_autoencoder", "loss_gradients", "encode"),
    ("02_linear_autoencoder", "loss_gradients", "decode"),
    ("02_linear_autoencoder", "train_step", "loss_gradients"),
    ("02_linear_autoencoder", "fit_linear_autoencoder", "train_step"),
    ("03_gaussian_kl", "active_units", "gaussian_kl"),
    ("05_latent_space", "slerp", "lerp"),
    ("06_linear_vae", "fit_linear_vae", "vae_gradients"),
]
"""What the reference solutions call of their own."""


def unwritten(*_: Any, **__: Any) -> Any:
    """A function that nobody wrote."""
    raise NotImplementedError


def namespace(stem: str, **instead: Any) -> dict[str, Any]:
    """The functions of the reference solutions, with some replaced for all that call them."""
    path = Path(importlib.import_module(f"solutions.{module_name(stem)}").__file__ or "")
    names: dict[str, Any] = {"__name__": "answers"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    names.update(instead)
    return names


def look(
    stem: str, name: str, names: dict[str, Any], below: str, points: float | None = None
) -> tuple[Verdict, Verdict]:
    """The first verdict on an exercise, and the one that counts when an earlier one has no points."""
    one = problems.examination_worth(stem, name, SEED, points)
    first = run(one.exercise, LocalSubject(names), one.bank, recognise=one.recognise, seed=SEED, tries=0)
    lost = {below: Verdict(below, (Finding("form", "", "breaks", max_points=1.0),))}
    instead = right_versions(stem, first, {"raised"}, lost)
    second = second_look(one, ServedNamespace(names, instead)) if instead else None
    return first, better(first, second, problems.handed_on(stem, name, SEED, points), lost)


@pytest.mark.parametrize(("stem", "name", "below"), CALLED)
def test_an_earlier_exercise_that_nobody_wrote_is_paid_once(stem: str, name: str, below: str) -> None:
    """A right exercise that calls an earlier one which is not there keeps all its points, and says what it was given."""
    names = namespace(stem, **{below: unwritten})
    first, counts = look(stem, name, names, below)
    assert first.points < first.max_points
    assert counts.points == counts.max_points
    assert counts.given == (below,)
    assert counts.passed
    assert names[below] is unwritten


@pytest.mark.parametrize(("stem", "name", "below"), CALLED)
def test_an_exercise_for_practice_is_right_given_an_earlier_one(stem: str, name: str, below: str) -> None:
    """Where an exercise gives no points, it is said to be right all the same, and what it was given."""
    first, counts = look(stem, name, namespace(stem, **{below: unwritten}), below, points=0.0)
    assert not first.passed
    assert counts.passed
    assert (counts.points, counts.given) == (0.0, (below,))


@pytest.mark.parametrize(("stem", "name"), dict.fromkeys((stem, name) for stem, name, _ in PAIRS))
def test_handing_on_earns_nothing(stem: str, name: str) -> None:
    """An exercise that only hands on what a right earlier one answers gets nothing by the second look."""
    for below in problems.earlier(stem, name):
        names = namespace(stem, **{below: unwritten})
        exec(f"def {name}(*args, **kwargs):\n    return {below}(*args, **kwargs)", names)
        assert look(stem, name, names, below)[1].points == 0


@pytest.mark.parametrize(("stem", "name", "below"), PAIRS)
def test_what_is_built_on_comes_before_and_can_be_asked(stem: str, name: str, below: str) -> None:
    """What an exercise builds on stands before it in the notebook, and there is a right version of it."""
    order = [exercise.name for exercise in problems.public(stem).exercises]
    assert order.index(below) < order.index(name)
    assert problems.served(stem, [below])


@pytest.mark.parametrize(("stem", "name"), dict.fromkeys((stem, below) for stem, _, below in PAIRS))
def test_what_is_asked_is_right(stem: str, name: str) -> None:
    """The version that is asked holds every check of its own exercise, whose judges are the oracles."""
    one = problems.examination(stem, name, SEED)
    right = problems.served(stem, [name])[name]
    assert run(one.exercise, LocalSubject({name: right}), one.bank, seed=SEED, tries=0).passed


@pytest.fixture(scope="module")
def asked() -> dict[str, Any]:
    """Right versions of four exercises."""
    return {
        **problems.served("03_gaussian_kl", ["gaussian_kl"]),
        **problems.served("02_linear_autoencoder", ["encode", "train_step"]),
        **problems.served("05_latent_space", ["lerp"]),
    }


def test_arguments_may_come_in_any_plain_form(asked: dict[str, Any]) -> None:
    """By name, as lists, as floats and as whole numbers: the same values."""
    exact = 0.5 * (1 + 4 - 1) - np.log(2)
    assert np.allclose(asked["gaussian_kl"](sigma=2, mu=[1.0, 1.0]), [exact, exact])
    assert np.isclose(asked["gaussian_kl"](1.0, 2.0), exact)
    assert asked["encode"]([[1, 2]], W_enc=[[1], [1]]).tolist() == [[3]]


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("gaussian_kl", (1.0,), "missing a required argument"),
        ("gaussian_kl", (1.0, 2.0, 3.0), "too many positional"),
        ("gaussian_kl", ("1", "2"), "mu must be numbers"),
        ("gaussian_kl", (np.ones(2), np.ones(3)), "broadcast"),
        ("gaussian_kl", (np.ones((2000, 1)), np.ones((1, 2000))), "larger than any"),
        ("encode", (np.ones((2000, 1)), np.ones((1, 2000))), "larger than any"),
        ("encode", (np.ones((2, 3)), np.ones((2, 3))), "W_enc must have the shape"),
        ("train_step", (np.ones((2, 3)), np.ones((3, 1)), np.ones((1, 3)), np.ones(2)), "learning_rate must have"),
        ("lerp", (1.0, 2.0, 0.5), "z_a must have the shape"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any], name: str, args: tuple[Any, ...], says: str) -> None:
    """Arguments of another kind, number, shape or size than the exercise promises raise, before anything is computed."""
    with pytest.raises((TypeError, ValueError), match=says):
        asked[name](*args)


def test_honest_arguments_are_far_from_the_bound() -> None:
    """What the banks ask is well below the largest that may be asked, for every exercise that is built on."""
    for stem, below in dict.fromkeys((stem, below) for stem, _, below in PAIRS):
        one = problems.examination(stem, below, SEED)
        for call in plan_of(one.exercise, one.bank).calls:
            arrays = [np.asarray(value) for value in call.args if not isinstance(value, Rng)]
            extents = {extent for array in arrays for extent in array.shape}
            assert np.prod([*extents, 1.0]) <= MOST / 50
