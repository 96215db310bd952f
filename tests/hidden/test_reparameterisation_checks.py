"""The checks of 04_reparameterisation: known mistakes are named, unknown ones lose points, right answers keep them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables, random_draws
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.registry import public_examination
from autograder.checks.rendering import message
from autograder.checks.verdict import Verdict
from autograder.hidden import oracles
from solutions import reparameterisation as solution

STEM = "04_reparameterisation"
EXERCISES = [exercise.name for exercise in problems.load(STEM).exercises]


def verdict(name: str, function: Callable[..., Any], seed: int = 1) -> Verdict:
    """The verdict on a function as the answer to an exercise."""
    one = problems.examination(STEM, name, seed)
    subject = LocalSubject({name: function})
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)


def named(found: Verdict) -> str | None:
    """The first mistake named in a verdict."""
    return next((finding.mistake for finding in found.findings if finding.mistake), None)


TRIVIAL: dict[str, Callable[..., Any]] = {
    "None": lambda *_, **__: None,
    "zero": lambda *_, **__: 0,
    "one": lambda *_, **__: 1.0,
    "first": lambda *args, **__: args[0],
    "second": lambda *args, **__: args[1],
    "third": lambda *args, **__: args[2],
    "first two": lambda *args, **__: args[:2],
    "twice the first": lambda *args, **__: (args[0], args[0]),
    "zeros": lambda *args, **__: np.zeros(np.shape(args[0])),
    "ones": lambda *args, **__: np.ones(np.shape(args[0])),
    "zero pair": lambda *args, **__: (np.zeros(np.shape(args[0])), np.zeros(np.shape(args[0]))),
    "first and zeros": lambda *args, **__: (args[0], np.zeros(np.shape(args[0]))),
    "mu again and again": lambda *args, **__: np.repeat(args[0][None], args[2], axis=0),
    "zero draws": lambda *args, **__: np.zeros((args[2], *np.shape(args[0]))),
    "random draws": lambda *args, **__: np.random.default_rng().normal(size=(args[2], *np.shape(args[0]))),
    "standard normal draws": lambda *args, **__: args[3].standard_normal((args[2], *np.shape(args[0]))),
    "random": lambda *args, **__: np.random.default_rng().normal(size=np.broadcast_shapes(*map(np.shape, args))),
    "random pair": lambda *args, **__: tuple(np.random.default_rng().normal(size=(2, *np.shape(args[0])))),
    "random number": lambda *args, **__: float(np.random.default_rng().normal()),
}


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("trivial", TRIVIAL)
def test_trivial_answers_earn_nothing(name: str, trivial: str) -> None:
    """Constants, zeros, arguments handed back and random numbers are worth 0 points."""
    assert verdict(name, TRIVIAL[trivial]).points == 0


def _with_noise(noise: Callable[..., Any]) -> Callable[..., Any]:
    return lambda mu, sigma, n_samples, rng: mu + sigma * noise(rng, (n_samples, *mu.shape))


def _reject(border: float) -> Callable[..., Any]:
    def cut(rng: Any, shape: Any) -> Any:
        noise = rng.standard_normal(shape)
        while (far := np.abs(noise) > border).any():
            noise[far] = rng.standard_normal(int(far.sum()))
        return noise

    return cut


UNSEEN = {
    "uniform of unit variance": (
        "uniform instead of normal noise",
        lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape),
    ),
    "uniform from -1 to 1": ("uniform instead of normal noise", lambda rng, shape: rng.uniform(-1, 1, shape)),
    "Laplace": ("noise with heavy tails", lambda rng, shape: rng.laplace(size=shape)),
    "Student's t, 3": ("noise with heavy tails", lambda rng, shape: rng.standard_t(3, shape)),
    "Student's t, 5, unit variance": ("noise with heavy tails", lambda rng, shape: rng.standard_t(5, shape) * 0.6**0.5),
    "logistic": ("noise with heavy tails", lambda rng, shape: rng.logistic(size=shape)),
    "cut at 2": ("large noise is thrown away", _reject(2)),
    "cut at 3": ("large noise is thrown away", _reject(3)),
    "clipped at 3": ("the noise is clipped", lambda rng, shape: np.clip(rng.standard_normal(shape), -3, 3)),
    "whole numbers": ("only a few different values of noise", lambda rng, shape: np.round(rng.standard_normal(shape))),
    "exponential": ("the noise is never negative", lambda rng, shape: rng.exponential(size=shape)),
    "legacy": ("the random numbers do not come from rng", lambda rng, shape: np.random.normal(size=shape)),
    "a fixed old seed": (
        "a generator of its own with a fixed seed",
        lambda rng, shape: np.random.RandomState(42).standard_normal(shape),
    ),
    "turned round from sample to sample": (
        "every draw comes with its mirror image",
        lambda rng, shape: np.stack(
            [s * e for e in rng.standard_normal(((shape[0] + 1) // 2, *shape[1:])) for s in (1, -1)]
        )[: shape[0]],
    ),
    "twice the same": (
        "noise is used more than once",
        lambda rng, shape: np.repeat(rng.standard_normal(((shape[0] + 1) // 2, *shape[1:])), 2, 0)[: shape[0]],
    ),
    "one number a sample": (
        "one number of noise for each sample",
        lambda rng, shape: rng.normal(size=(shape[0], *[1] * (len(shape) - 1))) * np.ones(shape),
    ),
    "columns share": (
        "noise is used more than once",
        lambda rng, shape: rng.normal(size=(*shape[:-1], 1)) * np.ones(shape),
    ),
    "a random walk": (None, lambda rng, shape: np.cumsum(rng.standard_normal(shape), axis=0)),
    "hangs on the sample before": (None, lambda rng, shape: _chain(rng.standard_normal(shape))),
}


def _chain(noise: Any) -> Any:
    for i in range(1, len(noise)):
        noise[i] = 0.6 * noise[i - 1] + 0.8 * noise[i]
    return noise


@pytest.mark.parametrize("case", UNSEEN)
def test_unseen_noise_is_caught(case: str) -> None:
    """Noise that is not in the catalogue loses points, whatever it does with the rng, and keeps its kind's name."""
    name, noise = UNSEEN[case]
    found = verdict("sample_posterior", _with_noise(noise))
    assert found.points < found.max_points
    assert named(found) == name


def test_the_same_draws_pass_for_many_seeds() -> None:
    """No seed of a thousand brings normal draws near a bound: statistics stay a factor away, as the sums promise."""
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        noise = rng.standard_normal((300, 6))
        assert random_draws.misfit(noise) == ""
        assert random_draws.dependence(noise[:150], noise[150:]) == ""


def test_normal_cdf_is_right() -> None:
    """The distribution function agrees with known quantiles."""
    assert np.allclose(
        random_draws.normal_cdf(np.array([-1.959963985, 0.0, 1.644853627])), [0.025, 0.5, 0.95], atol=1e-9
    )


@cache
def _tables() -> dict[str, bytes]:
    return problems.tables([STEM], {name: getattr(oracles, name, None) for name in EXERCISES})


def test_probes_tell_all_mistakes_apart() -> None:
    """On the probes, every two mistakes and the right answer differ, and of random functions no answer is tabled."""
    told = answer_tables.unpacked(next(iter(_tables().values())))
    assert "reparameterise_backward" in told
    assert told["sample_posterior"]["right"] == []


@pytest.mark.parametrize("name", EXERCISES)
def test_own_check_holds_for_right_answers(name: str) -> None:
    """The student's own check has nothing to say against the reference, and the laws alone give no points."""
    one = public_examination(name, 1)
    found = run(one.exercise, LocalSubject({name: getattr(solution, name)}), one.bank)
    assert found.passed, found.first_failed
    assert found.points == 0


def test_oracles_and_reference_agree() -> None:
    """Reference and oracle, written independently, give the same gradients and losses."""
    rng = np.random.default_rng(0)
    dz, log_var, eps = rng.normal(size=(3, 4, 3))
    for one, other in zip(
        solution.reparameterise_backward(dz, log_var, eps),
        oracles.reparameterise_backward(dz, log_var, eps),
        strict=True,
    ):
        assert np.allclose(one, other, rtol=1e-9)
    X, X_hat = rng.normal(size=(2, 4, 5))
    assert math.isclose(
        solution.negative_elbo(X, X_hat, dz, log_var, 2.0),
        oracles.negative_elbo(X, X_hat, dz, log_var, 2.0),
        rel_tol=1e-12,
    )


def test_findings_read_well() -> None:
    """A failed statistical check says what was measured, in words and short numbers."""
    found = verdict("sample_posterior", _with_noise(lambda rng, shape: 2 * rng.standard_normal(shape)))
    failed = found.first_failed
    assert failed is not None
    assert "spread of 2" in failed.note or "spread of 1.9" in failed.note
    assert len(message(failed)) < 2500
