"""Public checks of `gaussian_kl`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import PAIRS, SCALARS, at_least_zero, zero_at_prior


def _only_there(example: Any, kl: Any) -> Fault | None:
    return None if np.all(kl > 1e-6) else Fault("more than 0: this is not the prior", kl)


def _mirrored(example: Any, kl: Any, other: Any) -> Fault | None:
    return (
        None
        if close(other, kl)
        else implied("the answer for the other sign of mu", kl, other, 1, "The sign of mu changed the answer.")
    )


def _elementwise(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.reshape(alone, together.shape)
    return None if close(together, apart) else implied("the numbers that come out one pair at a time", apart, together)


def _each_alone(pair: Any) -> list[Call]:
    mu, sigma = pair
    return [Call(pair), *[Call((np.array([m]), np.array([s]))) for m, s in zip(mu.flat, sigma.flat, strict=True)]]


def _mirror(pair: Any) -> list[Call]:
    return [Call(pair), Call((-pair[0], pair[1]))]


EXERCISE = Exercise(
    name="gaussian_kl",
    points=4,
    parameters=("mu", "sigma"),
    form=answer_form.one("kl", answer_form.broadcast),
    read="“Exercise 1: the divergence”, and the box on conventions",
    checks=(
        law(
            "zero at the prior",
            "The KL of N(0, 1) from itself is 0.",
            zero_at_prior,
            first=[(0.0, 1.0), (np.zeros(3), np.ones(3))],
        ),
        law("never negative", "A KL divergence is at least 0.", at_least_zero, first=SCALARS, examples=PAIRS),
        law("zero only there", "Any other Gaussian costs more than 0.", _only_there, first=SCALARS[1:]),
        law(
            "even in mu",
            "Shifting left costs what shifting right costs.",
            _mirrored,
            calls=_mirror,
            first=SCALARS[1:],
            examples=PAIRS,
        ),
        law(
            "elementwise",
            "Each pair (mu, sigma) has its own KL, and does not depend on the others.",
            _elementwise,
            calls=_each_alone,
            first=[(np.array([0.0, 1.0]), np.array([1.0, 2.0]))],
            examples=PAIRS,
        ),
        conduct(0.5, first=[(1.0, 2.0), (np.array([0.0, 1.0]), np.array([1.0, 2.0]))], examples=PAIRS),
    ),
    probes=(
        Call((1.0, 1.0)),
        Call((0.0, 2.0)),
        Call((np.array([[0.7, -1.3], [0.0, 2.1]]), np.array([[1.6, 0.4], [0.8, 3.0]]))),
        Call((np.array([0.5, -0.25, 1.5]), 0.7)),
        Call((40.0, 0.002)),
        Call((np.array([[0.5], [-0.25]]), np.array([0.7, 1.9]))),
    ),
)
