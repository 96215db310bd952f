"""Public checks of `lerp`: its form, its laws, its probes."""

from __future__ import annotations

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise
from ..judges import conduct, law
from .shared import (
    INSIDE,
    LONG,
    STEPS,
    A,
    B,
    T,
    back_calls,
    end_calls,
    ends,
    even,
    even_calls,
    one_by_one,
    pairs,
    points,
    t_calls,
    there_and_back,
    with_t,
)

EXERCISE = Exercise(
    name="lerp",
    points=1,
    parameters=("z_a", "z_b", "t"),
    form=answer_form.one("z", points),
    read="“Exercise 1: the straight path”",
    checks=(
        law(
            "ends",
            "The path begins at z_a (t = 0) and ends at z_b (t = 1).",
            ends,
            calls=end_calls,
            first=[(A, B), LONG],
        ),
        law(
            "even pace",
            "Equal steps of t give equal steps along the path.",
            even,
            calls=even_calls,
            first=[(A, B), LONG],
            examples=pairs(),
        ),
        law(
            "there and back",
            "From z_b to z_a it is the same path.",
            there_and_back,
            calls=back_calls,
            first=[(A, B, t) for t in T],
            examples=with_t(pairs(), STEPS),
        ),
        law(
            "one t or many",
            "An array of t gives one row for each.",
            one_by_one,
            calls=t_calls,
            first=[(A, B, T[1])],
            examples=with_t(pairs(), STEPS),
        ),
        conduct(0.25, first=[(A, B, t) for t in T], examples=with_t(pairs(), INSIDE)),
    ),
    probes=(
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), 0.3)),
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), np.array([0.0, 0.2, 0.9, 1.0]))),
        Call((np.array([0.7, 1.1]), np.array([-1.4, 0.6]), np.array([0.15, 0.65]))),
        Call((np.array([0.7]), np.array([-1.4]), np.array([0.15, 0.65]))),
        Call((np.array([0.7, 1.1]), np.array([-0.7, -1.1]), 0.5)),
    ),
)
