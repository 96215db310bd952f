"""Two things that are wrong with draws are named as two where one is not the cause of the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.draw_diagnosis import MIRRORED, ONE_DRAW
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject

POSTERIOR, PRIOR = ("04_reparameterisation", "sample_posterior"), ("05_latent_space", "sample_prior")
Draws = Callable[[Any, Any, int, Any], Any]


def grade(function: Callable[..., Any], seed: int, exercise: tuple[str, str] = POSTERIOR) -> tuple[str | None, float]:
    """The name that a grade gives, and the points."""
    one = problems.examination(*exercise, seed)
    subject = LocalSubject({exercise[1]: function})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)
    return found.mistake, found.points


def own() -> Any:
    return np.random.default_rng(0)


FIXED, PER_SAMPLE = "a generator of its own with a fixed seed", "one number of noise for each sample"
PAIRS: list[tuple[str, str, Draws]] = [
    ("sigma is squared", FIXED, lambda mu, sigma, n, rng: own().normal(mu, sigma**2, (n, *mu.shape))),
    (
        "uniform instead of normal noise",
        FIXED,
        lambda mu, sigma, n, rng: mu + sigma * own().uniform(-1, 1, (n, *mu.shape)),
    ),
    ("mu is missing", PER_SAMPLE, lambda mu, sigma, n, rng: sigma * rng.standard_normal((n,) + (1,) * mu.ndim)),
    (
        "sigma read as log sigma",
        PER_SAMPLE,
        lambda mu, sigma, n, rng: mu + np.exp(sigma) * rng.standard_normal((n,) + (1,) * mu.ndim),
    ),
    (
        "sigma is squared",
        "the rows share their noise",
        lambda mu, sigma, n, rng: mu + sigma**2 * rng.standard_normal((n, 1, *mu.shape[1:])),
    ),
    (
        "sigma is squared",
        "the draws are rounded",
        lambda mu, sigma, n, rng: np.round(rng.normal(mu, sigma**2, (n, *mu.shape)), 1),
    ),
    (
        "sigma is missing",
        "the random numbers do not come from rng",
        lambda mu, sigma, n, rng: mu + np.random.standard_normal((n, *mu.shape)),
    ),
]


LAST = "the samples lie along the last axis"
PAIRS += [
    ("mu is missing", "sigma is squared", lambda mu, sigma, n, rng: sigma**2 * rng.standard_normal((n, *mu.shape))),
    (
        "mu is missing",
        "uniform instead of normal noise",
        lambda mu, sigma, n, rng: sigma * rng.uniform(-1, 1, (n, *mu.shape)),
    ),
    (
        "the square root of sigma is taken",
        LAST,
        lambda mu, sigma, n, rng: np.moveaxis(mu + np.sqrt(sigma) * rng.standard_normal((n, *mu.shape)), 0, -1),
    ),
    (
        "sigma is squared",
        "the axes of mu are flattened",
        lambda mu, sigma, n, rng: (mu + sigma**2 * rng.standard_normal((n, *mu.shape))).reshape(n, -1),
    ),
    (
        "sigma is squared",
        "an argument is changed in place",
        lambda mu, sigma, n, rng: squared_in_place(mu, sigma, n, rng),
    ),
]


def one_draw(mu: Any, n: int, rng: Any) -> Any:
    return np.repeat(rng.standard_normal((1, *mu.shape)), n, axis=0)


def mirrored(mu: Any, n: int, rng: Any) -> Any:
    half = rng.standard_normal(((n + 1) // 2, *mu.shape))
    return np.concatenate([half, -half])[:n]


PAIRS += [
    ("mu is missing", ONE_DRAW, lambda mu, sigma, n, rng: sigma * one_draw(mu, n, rng)),
    ("sigma is squared", ONE_DRAW, lambda mu, sigma, n, rng: mu + sigma**2 * one_draw(mu, n, rng)),
    (
        "the square root of sigma is taken",
        MIRRORED,
        lambda mu, sigma, n, rng: mu + np.sqrt(sigma) * mirrored(mu, n, rng),
    ),
]


def squared_in_place(mu: Any, sigma: Any, n: int, rng: Any) -> Any:
    sigma *= sigma
    return mu + sigma * rng.standard_normal((n, *mu.shape))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("one", "other", "function"), PAIRS)
def test_both_are_named(one: str, other: str, function: Draws, seed: int) -> None:
    """What was made of mu and sigma, and where the noise comes from or who shares it, have each their name, and no points."""
    assert grade(function, seed) == (f"{one} and {other}", 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_one_alone_stays_one(seed: int) -> None:
    """Where only one of them is wrong, only that one is said."""
    assert grade(lambda mu, sigma, n, rng: rng.normal(mu, sigma**2, (n, *mu.shape)), seed)[0] == "sigma is squared"
    assert grade(lambda mu, sigma, n, rng: own().normal(mu, sigma, (n, *mu.shape)), seed)[0] == FIXED
    shared = grade(lambda mu, sigma, n, rng: mu + sigma * rng.standard_normal((n,) + (1,) * mu.ndim), seed)
    assert shared[0] == PER_SAMPLE
    assert grade(lambda mu, sigma, n, rng: mu + sigma * one_draw(mu, n, rng), seed)[0] == ONE_DRAW
    assert grade(lambda mu, sigma, n, rng: mu + sigma * mirrored(mu, n, rng), seed)[0] == MIRRORED


def on_sphere(z: Any) -> Any:
    return np.sqrt(z.shape[1]) * z / np.linalg.norm(z, axis=1, keepdims=True)


def prior(function: Callable[[int, int, Any], Any], seed: int) -> str | None:
    """The name that a grade gives to draws of the prior."""
    return grade(function, seed, PRIOR)[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_draws_of_the_prior_have_both_names(seed: int) -> None:
    """Where the numbers come from, and how they are spread, are two things in the prior, too."""
    assert prior(lambda n, k, rng: own().uniform(-1, 1, (n, k)), seed) == f"uniform instead of normal noise and {FIXED}"
    elsewhere = prior(lambda n, k, rng: 3 * np.random.standard_normal((n, k)), seed)
    assert elsewhere == "the spread is not 1 and the random numbers do not come from rng"
    assert prior(lambda n, k, rng: own().standard_normal((n, k)), seed) == FIXED
    turned = "rows and columns are exchanged"
    assert prior(lambda n, k, rng: rng.uniform(size=(k, n)), seed) == f"uniform instead of normal noise and {turned}"
    assert prior(lambda n, k, rng: rng.standard_normal((k, n)), seed) == turned
    assert prior(lambda n, k, rng: rng.normal(1, 2, (n, k)), seed) == "the middle is not 0 and the spread is not 1"
    assert prior(lambda n, k, rng: rng.normal(1, 1, n * k), seed) == "the middle is not 0 and one long row"
    assert prior(lambda n, k, rng: rng.standard_normal(n * k), seed) == "one long row"
    repeated = prior(lambda n, k, rng: np.repeat(3 * rng.standard_normal((n, 1)), k, axis=1), seed)
    assert repeated == f"the spread is not 1 and {PER_SAMPLE}"
    copied = prior(lambda n, k, rng: np.tile(rng.normal(0, 0.1, k), (n, 1)), seed)
    assert copied == f"the spread is not 1 and {ONE_DRAW}"
    assert prior(lambda n, k, rng: np.tile(rng.standard_normal(k), (n, 1)), seed) == ONE_DRAW
    sphere = prior(lambda n, k, rng: on_sphere(own().standard_normal((n, k))), seed)
    assert sphere == f"every row has the length √k and {FIXED}"
    assert prior(lambda n, k, rng: on_sphere(rng.standard_normal((n, k))), seed) == "every row has the length √k"


@pytest.mark.parametrize("seed", [1, 2])
def test_entries_that_are_mixed_up_are_no_other_noise(seed: int) -> None:
    """Draws whose axes are mixed up have heavy tails, and nothing is said of the noise."""

    def mixed(mu: Any, sigma: Any, n: int, rng: Any) -> Any:
        z = mu + sigma * rng.standard_normal((n, *mu.shape))
        return np.moveaxis(z, 0, -1).reshape(z.shape)

    assert "noise" not in (grade(mixed, seed)[0] or "")


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_rounded_draws_are_not_used_again(digits: int) -> None:
    """On a grid numbers meet that were drawn apart: what is said is that they were rounded, the draws or their noise."""
    said = "the draws are rounded"
    assert grade(lambda n, k, rng: rng.standard_normal((n, k)).round(digits), 3, PRIOR)[0] == said
    assert grade(lambda n, k, rng: rng.standard_normal((n, k)).round(digits).T, 3, PRIOR)[0] == (
        f"{said} and rows and columns are exchanged"
    )
    rounded = lambda mu, sigma, n, rng: mu + sigma * rng.standard_normal((n, *mu.shape)).round(digits)  # noqa: E731
    assert grade(rounded, 3)[0] == said
