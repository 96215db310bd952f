"""What holds of paths between two latent vectors, straight or on the sphere."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import forms
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault
from ..strategies import arrays, hundredths

NUMBERS = hundredths(-3, 3)
INSIDE = hundredths(0.05, 0.95)
STEPS = st.lists(hundredths(0, 1), min_size=1, max_size=5).map(lambda steps: np.array([*steps, 0.35]))


def pairs(smallest: int = 1, largest: int = 5) -> Any:
    """Two latent vectors of one length."""
    return st.integers(smallest, largest).flatmap(lambda k: st.tuples(arrays((k,), NUMBERS), arrays((k,), NUMBERS)))


def apart(drawn: Any) -> bool:
    """Whether two vectors are neither short nor nearly parallel nor nearly opposite."""
    a, b = drawn[:2]
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return bool(min(np.linalg.norm(a), np.linalg.norm(b)) >= 0.5 and abs(a @ b) <= 0.95 * lengths)


def with_t(two: Any, t: Any) -> Any:
    """The arguments (z_a, z_b, t)."""
    return st.tuples(two, t).map(lambda drawn: (*drawn[0], drawn[1]))


ANGLED = pairs(2).filter(apart)
UNIT = ANGLED.map(lambda two: tuple(one / np.linalg.norm(one) for one in two))
A, B = np.array([1.0, 0.0]), np.array([0.0, 1.0])
LONG = (np.array([3.0, 0.0, 0.5]), np.array([0.5, 1.0, -1.0]))


def _points(z_a: Any, z_b: Any, t: Any) -> list[tuple[int, ...]]:
    return [(*np.shape(t), len(z_a))]


def _ends(example: Any, start: Any, end: Any, both: Any) -> Fault | None:
    for place, z, right in ((0, start, example[0]), (1, end, example[1]), (2, both, np.stack(example[:2]))):
        if not close(z, right, 1e-9, 1e-9):
            told = f"The path must begin at z_a and end at z_b; it misses by {np.max(np.abs(z - right)):.2g}."
            return Fault(right, z, place, told)
    return None


def _end_calls(example: Any) -> list[Call]:
    return [Call((*example[:2], t)) for t in (0.0, 1.0, np.array([0.0, 1.0]))]


def _there_and_back(example: Any, there: Any, back: Any) -> Fault | None:
    told = "Walked from z_b to z_a, the path must be the same."
    return None if close(back, there) else Fault(there, back, 1, told)


def _back_calls(example: Any) -> list[Call]:
    z_a, z_b, t = example
    return [Call(example), Call((z_b, z_a, 1.0 - t))]


def _one_by_one(example: Any, together: Any, *alone: Any) -> Fault | None:
    told = "Asked for one t at a time, it gives the expected points."
    return None if close(together, np.stack(alone)) else Fault(np.stack(alone), together, 0, told)


def _t_calls(example: Any) -> list[Call]:
    return [Call(example), *[Call((*example[:2], float(t))) for t in example[2]]]


def _scaled(example: Any, z: Any, larger: Any) -> Fault | None:
    told = "With both ends three times as far out, every point must be."
    return None if close(larger, 3 * z, 1e-5, 1e-5) else Fault(3 * z, larger, 1, told)


def _scale_calls(example: Any) -> list[Call]:
    z_a, z_b, t = example
    return [Call(example), Call((3 * z_a, 3 * z_b, t))]


def _even(example: Any, path: Any) -> Fault | None:
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    told = "The steps between neighbouring points should be equally long."
    return None if close(steps, np.full(4, steps.mean()), 1e-4, 1e-4) else Fault("equal steps", path, 0, told)


def _even_calls(example: Any) -> list[Call]:
    return [Call((*example[:2], np.array([0.0, 0.25, 0.5, 0.75, 1.0])))]


def _unit_length(example: Any, path: Any) -> Fault | None:
    lengths = np.linalg.norm(path, axis=1)
    told = f"The shortest point has length {lengths.min():.3g}, the longest {lengths.max():.3g}."
    return None if close(lengths, np.ones(len(path)), 1e-5, 1e-5) else Fault("points of length 1", path, 0, told)


def _no_plane(example: Any, path: Any) -> Fault | None:
    ahead = np.diff(path @ (example[1] - example[0]))
    return None if np.all(ahead >= -1e-6) else Fault("a path straight from z_a to z_b", path)


_T = (0.25, np.array([0.0, 0.3, 0.5, 1.0]))
NO_PLANE = ((A, 2 * A), (np.zeros(2), B), (A, np.zeros(2)), (A, -A), (B, B), (np.zeros(3), np.zeros(3)))

LERP = Exercise(
    name="lerp",
    points=2,
    parameters=("z_a", "z_b", "t"),
    form=forms.one("z", _points),
    read="“Exercise 1: the straight path”",
    checks=(
        law(
            "ends",
            "The path begins at z_a (t = 0) and ends at z_b (t = 1).",
            _ends,
            calls=_end_calls,
            first=[(A, B), LONG],
        ),
        law(
            "even pace",
            "Equal steps of t give equal steps along the path.",
            _even,
            calls=_even_calls,
            first=[(A, B), LONG],
            examples=pairs(),
        ),
        law(
            "there and back",
            "From z_b to z_a it is the same path.",
            _there_and_back,
            calls=_back_calls,
            first=[(A, B, t) for t in _T],
            examples=with_t(pairs(), STEPS),
        ),
        law(
            "one t or many",
            "An array of t gives one row for each.",
            _one_by_one,
            calls=_t_calls,
            first=[(A, B, _T[1])],
            examples=with_t(pairs(), STEPS),
        ),
        conduct(0.25, first=[(A, B, t) for t in _T], examples=with_t(pairs(), INSIDE)),
    ),
    probes=(
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), 0.3)),
        Call((np.array([1.0, -2.0, 0.5]), np.array([0.4, 1.6, 2.5]), np.array([0.0, 0.2, 0.9, 1.0]))),
        Call((np.array([0.7, 1.1]), np.array([-1.4, 0.6]), np.array([0.15, 0.65]))),
        Call((np.array([0.7]), np.array([-1.4]), np.array([0.15, 0.65]))),
        Call((np.array([0.7, 1.1]), np.array([-0.7, -1.1]), 0.5)),
    ),
)

SLERP = Exercise(
    name="slerp",
    points=5,
    parameters=("z_a", "z_b", "t"),
    form=forms.one("z", _points),
    read="“Exercise 2: the path on the sphere”",
    checks=(
        law(
            "ends",
            "The path begins at z_a and ends at z_b, within 1e-9.",
            _ends,
            calls=_end_calls,
            first=[(A, B), LONG],
            examples=ANGLED,
        ),
        law(
            "stays on the sphere",
            "Between two vectors of length 1, every point has length 1.",
            _unit_length,
            calls=_even_calls,
            first=[(A, B), (A, np.array([0.6, 0.8]))],
            examples=UNIT,
        ),
        law(
            "even pace",
            "Between two vectors of length 1, equal steps of t give equal steps.",
            _even,
            calls=_even_calls,
            first=[(A, B), (A, np.array([-0.6, 0.8]))],
            examples=UNIT,
        ),
        law(
            "there and back",
            "From z_b to z_a it is the same path.",
            _there_and_back,
            calls=_back_calls,
            first=[(A, B, t) for t in _T],
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
            _one_by_one,
            calls=_t_calls,
            first=[(A, B, _T[1])],
            examples=with_t(ANGLED, STEPS),
        ),
        law(
            "no plane",
            "Where the two directions span no plane, the path goes straight.",
            _no_plane,
            calls=_even_calls,
            first=NO_PLANE,
        ),
        conduct(0.25, first=[(A, B, t) for t in _T], examples=with_t(ANGLED, INSIDE)),
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
