"""Public checks of `kl_shift_spread`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import PAIRS, SCALARS


def _own_or_broadcast(position: int) -> answer_form.Shapes:
    def shapes_of(*args: Any) -> list[tuple[int, ...]]:
        return [*answer_form.broadcast(*args), np.shape(args[position])]

    return shapes_of


def _parts_zero(example: Any, parts: Any) -> Fault | None:
    zeros = tuple(np.zeros(part.shape) for part in parts)
    return None if close(parts, zeros) else Fault(zeros, parts)


def _separate(example: Any, parts: Any, wider: Any, shifted: Any) -> Fault | None:
    if not close(wider[0], parts[0]):
        return implied("the shift before", parts[0], wider[0], 1, "The shift changed although only sigma did.")
    if not close(shifted[1], parts[1]):
        return implied("the spread before", parts[1], shifted[1], 2, "The spread changed although only mu did.")
    return None


EXERCISE = Exercise(
    name="kl_shift_spread",
    points=3,
    parameters=("mu", "sigma"),
    form=answer_form.Form(
        (answer_form.Part("shift", _own_or_broadcast(0)), answer_form.Part("spread", _own_or_broadcast(1)))
    ),
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
