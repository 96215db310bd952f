"""Public checks of `sample_posterior`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form, betrayed, draw_diagnosis, random_draws
from ..exercise import Call, Exercise, Fault, Rng
from ..judges import conduct, law

MU = np.array([[1.0, -2.0, 0.5], [3.0, -4.0, 0.75]])
SIGMA = np.array([[0.4, 2.5, 0.6], [1.7, 3.0, 0.25]])


def sampled(mu: Any, sigma: Any, n_samples: int, rng: Rng) -> list[tuple[int, ...]]:
    """The shape of the draws: one draw of the shape of mu for each sample."""
    return [(n_samples, *np.shape(mu))]


def follows(example: Any, *several: Any) -> Fault | None:
    """The fault of answers to `several` calls whose standardised numbers are not standard normal."""
    for place, z in enumerate(several):
        told = random_draws.misfit(random_draws.standardised(z, *one_of(example, place).args[:2]))
        if told:
            return Fault("draws from N(mu, sigma²)", z, place, told)
    return None


def one_of(example: Any, place: int) -> Call:
    """The call at a place of an example that is a Call or a list of them."""
    call: Call = example if isinstance(example, Call) else example[place]
    return call


def independent(example: Any, once: Any, later: Any) -> Fault | None:
    """The fault of two successive answers whose noise is not independent, or not standard normal."""
    noise = [random_draws.standardised(z, *one_of(example, 0).args[:2]) for z in (once, later)]
    told = random_draws.dependence(*noise)
    return Fault("noise of its own for every number", later, 1, told) if told else follows(example, once, later)


def nothing_shared(example: Any, once: Any, later: Any) -> Fault | None:
    """The fault of two successive answers whose noise is not independent, whatever middle and spread it has."""
    noise = [random_draws.standardised(z, *one_of(example, 0).args[:2]) for z in (once, later)]
    told = random_draws.dependence_whatever_spread(*noise)
    return Fault("noise of its own for every number", later, 1, told) if told else None


def alone(example: Any, *several: Any) -> Fault | None:
    """The fault of answers to `draws.calls_alone` that depend on more than the rng, or not on it."""
    place, told = random_draws.not_alone(several)
    return Fault("draws that the rng alone decides", several[place], place, told) if told else None


def calls_of(example: Any) -> list[Call]:
    """The calls of an example that is a Call or a list of them."""
    return [example] if isinstance(example, Call) else list(example)


def posterior_calls(mu: Any, sigma: Any, n_samples: int, seed: int, handle: str, count: int = 1) -> Any:
    """The example of `count` successive calls with one rng."""
    return [Call((mu, sigma, n_samples, Rng(seed, handle)))] * count


EXERCISE = Exercise(
    name="sample_posterior",
    points=4,
    parameters=("mu", "sigma", "n_samples", "rng"),
    form=answer_form.one("z", sampled),
    read="“Exercise 3: draw from posteriors”",
    checks=(
        law(
            "from the rng alone",
            "The same rng state gives the same draws; every other call gives new ones.",
            alone,
            calls=calls_of,
            first=[random_draws.calls_alone((MU, SIGMA, 50), 7, "alone")],
        ),
        law(
            "nothing shared",
            "Every sample and every entry has noise of its own, in every call.",
            nothing_shared,
            calls=calls_of,
            first=[posterior_calls(MU, SIGMA, 500, 11, "nothing shared", 2)],
        ),
        law(
            "follows N(mu, sigma²)",
            "Many draws have the mean, the standard deviation and the shape of N(mu, sigma²).",
            follows,
            calls=calls_of,
            first=[posterior_calls(MU, SIGMA, 5000, 5, "follows")],
        ),
        conduct(0.25, first=[(np.array([1.0, -1.0]), np.array([0.5, 2.0]), 2, Rng(3, "conduct"))]),
    ),
    diagnose=draw_diagnosis.posterior,
    betrays=betrayed.posterior_draws,
)
