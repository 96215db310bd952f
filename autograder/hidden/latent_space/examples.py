"""Paths, codes and labels about which the hidden checks ask: degenerate directions, ties, fine numbers, many codes."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np

from ...checks.latent_space.paths import INSIDE, NO_PLANE, STEPS, A, pairs
from ...checks.strategies import arrays

T = np.array([0.0, 0.2, 0.7, 1.0])
COPIES = st.tuples(
    pairs(1).map(lambda two: two[0]), st.sampled_from([0.5, 1.0, 2.0, 3.0]), st.one_of(INSIDE, STEPS)
).map(lambda drawn: (drawn[0], drawn[1] * drawn[0], drawn[2]))
AXES = st.tuples(st.integers(1, 5), st.integers(0, 4), st.sampled_from([-1.0, 1.0]), st.one_of(INSIDE, STEPS)).map(
    lambda drawn: (
        drawn[2] * np.eye(drawn[0])[drawn[1] % drawn[0]],
        -drawn[2] * np.eye(drawn[0])[drawn[1] % drawn[0]],
        drawn[3],
    )
)
# Copies whose cosine comes out above 1, however it is computed: the last digit is rounded up.
_ROUNDED_UP = np.array([0.1, 0.7])
STRAIGHT = [(*two, 0.3) for two in (*NO_PLANE, (_ROUNDED_UP, 3 * _ROUNDED_UP))] + [(*two, T) for two in NO_PLANE[:4]]
TIES = [
    (np.array([[0.0, 0.0], [2.0, 0.0], [5.0, 5.0]]), np.array([[9.0, 9.0], [1.0, 0.0], [-1.0, 0.0], [3.0, 0.0]])),
    (np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([[5.0, 5.0], [2.0, 2.0], [0.0, 0.0], [2.0, 2.0]])),
    (np.array([[0.0], [4.0]]), np.array([[3.0], [-2.0], [2.0], [5.0]])),
]
WHOLE = st.tuples(st.integers(1, 4), st.integers(2, 6), st.integers(1, 3)).flatmap(
    lambda s: st.tuples(*[arrays(shape, st.integers(-2, 2).map(float)) for shape in ((s[0], s[2]), (s[1], s[2]))])
)
METRICS = (np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.5, 1.5], [0.0, 2.0], [-1.8, -1.1], [3.2, 1.0]]))
# Many digits, and the nearest code behind ten others and by little: rounding, or looking at some codes only, shows.
FINE = (
    np.array([[0.123456, -1.654321], [2.718281, 0.577215]]),
    np.array([[2.345678, 1.414213], [0.314159, -1.732051], [-0.987654, 0.123456]]),
)
MANY = (
    np.array([[0.5, 0.25], [1.5, -1.0]]),
    np.array([*[[3.0 + j, 2.0] for j in range(11)], [0.87, 0.25], [0.5, 0.58], [1.25, -1.25]]),
)
# Half precision cannot tell the two codes apart, single precision can, however the distance is computed.
CLOSE = (np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[2.0, 0.0], [-1.9998, 0.0], [3.0, 0.0]]))
LONG_TAIL = (np.array([[0.123456, -1.654321], [2.718281, 0.577215]]), np.array([1, 0]), 3)
# The smallest that is asked: whoever goes straight from a cosine of 0.9995 on, as public code does, is right.
SMALL_ANGLE = (A, 2 * np.array([np.cos(0.06), np.sin(0.06)]), 0.5)
FAR_LABELS = (np.array([[0.5], [1.5]]), np.array([0, 1]), 6)
