"""Public checks of `slerp`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
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


def apart(drawn: Any) -> bool:
    """Whether two vectors are neither short nor nearly parallel nor nearly opposite."""
    a, b = drawn[:2]
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return bool(min(np.linalg.norm(a), np.linalg.norm(b)) >= 0.5 and abs(a @ b) <= 0.95 * lengths)


ANGLED = pairs(2).filter(apart)
UNIT = ANGLED.map(lambda two: tuple(one / np.linalg.norm(one) for one in two))


def _scaled(example: Any, z: Any, larger: Any) -> Fault | None:
    told = "With both ends three times as far out, every point must be."
    return None if close(larger, 3 * z, 1e-5, 1e-5) else implied("3 times the point before", 3 * z, larger, 1, told)


def _scale_calls(example: Any) -> list[Call]:
    z_a, z_b, t = example
    return [Call(example), Call((3 * z_a, 3 * z_b, t))]


def _unit_length(example: Any, path: Any) -> Fault | None:
    lengths = np.linalg.norm(path, axis=1)
    told = f"The shortest point has length {lengths.min():.3g}, the longest {lengths.max():.3g}."
    return None if close(lengths, np.ones(len(path)), 1e-5, 1e-5) else Fault("points of length 1", path, 0, told)


def _no_plane(example: Any, path: Any) -> Fault | None:
    ahead = np.diff(path @ (example[1] - example[0]))
    return None if np.all(ahead >= -1e-6) else Fault("a path straight from z_a to z_b", path)


NO_PLANE = ((A, 2 * A), (np.zeros(2), B), (A, np.zeros(2)), (A, -A), (B, B), (np.zeros(3), np.zeros(3)))
EXERCISE = Exercise(
    name="slerp",
    points=5,
    parameters=("z_a", "z_b", "t"),
    form=answer_form.one("z", points),
    read="“Exercise 2: the path on the sphere”",
    checks=(
        law(
            "ends",
            "The path begins at z_a and ends at z_b, within 1e-9.",
            ends,
            calls=end_calls,
            first=[(A, B), LONG],
            examples=ANGLED,
        ),
        law(
            "stays on the sphere",
            "Between two vectors of length 1, every point has length 1.",
            _unit_length,
            calls=even_calls,
            first=[(A, B), (A, np.array([0.6, 0.8]))],
            examples=UNIT,
        ),
        law(
            "even pace",
            "Between two vectors of length 1, equal steps of t give equal steps.",
            even,
            calls=even_calls,
            first=[(A, B), (A, np.array([-0.6, 0.8]))],
            examples=UNIT,
        ),
        law(
            "there and back",
            "From z_b to z_a it is the same path.",
            there_and_back,
            calls=back_calls,
            first=[(A, B, t) for t in T],
            examples=with_t(ANGLED, STEPS),
        ),
        law(
            "larger sphere",
            "Three times as far out, the path is three times as large.",
            _scaled,
            calls=_scale_calls,
            first=[(A, B, 0.25), (*LONG, 0.25)],
            examples=with_t(ANGLED, INSIDE),
        ),
        law(
            "one t or many",
            "An array of t gives one row for each.",
            one_by_one,
            calls=t_calls,
            first=[(A, B, T[1])],
            examples=with_t(ANGLED, STEPS),
        ),
        law(
            "no plane",
            "Where the two directions span no plane, the path goes straight.",
            _no_plane,
            calls=even_calls,
            first=NO_PLANE,
        ),
        conduct(0.25, first=[(A, B, t) for t in T], examples=with_t(ANGLED, INSIDE)),
    ),
    probes=(
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), 0.3)),
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), np.array([0.0, 0.2, 0.9, 1.0]))),
        Call((np.array([0.7, 1.1]), np.array([-1.4, -0.6]), np.array([0.15, 0.65]))),
        Call((np.array([0.6, -0.8]), np.array([1.2, -1.6]), 0.3)),
        Call((np.array([0.0, 1.0]), np.array([0.0, -1.0]), 0.3)),
        Call((np.zeros(2), np.array([1.0, 2.0]), 0.3)),
        # Parallel vectors whose cosine comes out as 1, a little less or a little more, depending on how it is computed.
        Call((np.array([0.1, 0.2]), np.array([0.2, 0.4]), 0.3)),
        Call((np.array([0.1, 0.7]), np.array([0.2, 1.4]), 0.3)),
        Call((np.array([1.0, 0.0]), 2 * np.array([np.cos(0.1), np.sin(0.1)]), 0.3)),
    ),
)
