"""Laws of the KL divergence to the standard normal, and of its two parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import forms
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault
from .shared import PAIRS, SCALARS, at_least_zero, zero_at_prior


def _only_there(example: Any, kl: Any) -> Fault | None:
    return None if np.all(kl > 1e-6) else Fault("more than 0: this is not the prior", kl)


def _mirrored(example: Any, kl: Any, other: Any) -> Fault | None:
    return None if close(other, kl) else Fault(kl, other, 1, "The sign of mu changed the answer.")


def _elementwise(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.reshape(alone, together.shape)
    return (
        None
        if close(together, apart)
        else Fault(apart, together, 0, "Asked one pair at a time, it gives the expected numbers.")
    )


def _each_alone(pair: Any) -> list[Call]:
    mu, sigma = pair
    return [Call(pair), *[Call((np.array([m]), np.array([s]))) for m, s in zip(mu.flat, sigma.flat, strict=True)]]


def _mirror(pair: Any) -> list[Call]:
    return [Call(pair), Call((-pair[0], pair[1]))]


GAUSSIAN_KL = Exercise(
    name="gaussian_kl",
    points=6,
    parameters=("mu", "sigma"),
    form=forms.one("kl", forms.broadcast),
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
            "Each pair (mu, sigma) has its own KL, whatever stands beside it.",
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


def _own_or_broadcast(position: int) -> forms.Shapes:
    def shapes_of(*args: Any) -> list[tuple[int, ...]]:
        return [*forms.broadcast(*args), np.shape(args[position])]

    return shapes_of


def _parts_zero(example: Any, parts: Any) -> Fault | None:
    zeros = tuple(np.zeros(part.shape) for part in parts)
    return None if close(parts, zeros) else Fault(zeros, parts)


def _separate(example: Any, parts: Any, wider: Any, shifted: Any) -> Fault | None:
    if not close(wider[0], parts[0]):
        return Fault(parts[0], wider[0], 1, "The shift changed although only sigma did.")
    if not close(shifted[1], parts[1]):
        return Fault(parts[1], shifted[1], 2, "The spread changed although only mu did.")
    return None


KL_SHIFT_SPREAD = Exercise(
    name="kl_shift_spread",
    points=4,
    parameters=("mu", "sigma"),
    form=forms.Form((forms.Part("shift", _own_or_broadcast(0)), forms.Part("spread", _own_or_broadcast(1)))),
    read="“Exercise 2: shift and spread”",
    checks=(
        law(
            "zero at the prior",
            "At mu = 0, sigma = 1 both parts are 0.",
            _parts_zero,
            first=[(0.0, 1.0), (np.zeros(2), np.ones(2))],
        ),
        law(
            "separate",
            "The shift depends on mu alone, the spread on sigma alone.",
            _separate,
            calls=lambda pair: [Call(pair), Call((pair[0], pair[1] + 1.0)), Call((pair[0] + 1.0, pair[1]))],
            first=SCALARS,
            examples=PAIRS,
        ),
        conduct(0.5, first=[(1.0, 2.0), (np.array([0.0, 1.0]), np.array([1.0, 2.0]))], examples=PAIRS),
    ),
    probes=(
        Call((1.0, 2.0)),
        Call((-1.7, 0.3)),
        Call((np.array([[0.7, -1.3], [0.0, 2.1]]), np.array([[1.6, 0.4], [0.8, 3.0]]))),
        Call((np.array([0.5, -0.25, 1.5]), 0.7)),
        Call((40.0, 0.002)),
    ),
)
