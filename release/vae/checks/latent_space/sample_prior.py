"""Public checks of `sample_prior`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

from .. import answer_form, betrayed, draw_diagnosis, random_draws
from ..exercise import Call, Exercise, Fault, Rng
from ..judges import conduct, law


def _rows(n: int, k: int, rng: Rng) -> list[tuple[int, ...]]:
    return [(n, k)]


def in_a_row(n: int, k: int, seed: int, handle: str, count: int = 1) -> list[Call]:
    """The example of `count` successive calls with one rng."""
    return [Call((n, k, Rng(seed, handle)))] * count


def asked(example: Any) -> list[Call]:
    """The calls of an example that is a list of them."""
    return list(example)


def standard(example: Any, *several: Any) -> Fault | None:
    """The fault of answers that are not standard normal."""
    for place, z in enumerate(several):
        told = random_draws.misfit(z, "The draws")
        if told:
            return Fault("draws from N(0, I)", z, place, told)
    return None


def independent(example: Any, once: Any, later: Any) -> Fault | None:
    """The fault of two successive answers that share noise or are not standard normal."""
    told = random_draws.dependence(once, later)
    if told:
        return Fault("a draw of its own for every number", later, 1, told)
    return standard(example, once, later)


def nothing_shared(example: Any, once: Any, later: Any) -> Fault | None:
    """The fault of two successive answers that share noise, whatever middle and spread it has."""
    told = random_draws.dependence_whatever_spread(once, later)
    return Fault("a draw of its own for every number", later, 1, told) if told else None


def alone(example: Any, *several: Any) -> Fault | None:
    """The fault of answers to `draws.calls_alone` that depend on more than the rng, or not on it."""
    place, told = random_draws.not_alone(several)
    return Fault("draws that the rng alone decides", several[place], place, told) if told else None


EXERCISE = Exercise(
    name="sample_prior",
    points=1,
    parameters=("n", "k", "rng"),
    form=answer_form.one("z", _rows),
    read="“Exercise 3: sample from the prior”",
    checks=(
        law(
            "from the rng alone",
            "The same rng state gives the same draws; every other call gives new ones.",
            alone,
            calls=asked,
            first=[random_draws.calls_alone((50, 6), 7, "alone")],
        ),
        law(
            "nothing shared",
            "Every number is drawn for itself, in every call.",
            nothing_shared,
            calls=asked,
            first=[in_a_row(500, 6, 11, "nothing shared", 2)],
        ),
        law(
            "follows N(0, I)",
            "Many draws have the mean, the standard deviation and the shape of N(0, 1).",
            standard,
            calls=asked,
            first=[in_a_row(5000, 6, 5, "follows")],
        ),
        conduct(0.25, first=[(3, 2, Rng(3, "conduct"))]),
    ),
    diagnose=draw_diagnosis.prior,
    betrays=betrayed.prior_draws,
)
