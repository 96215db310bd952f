"""Posteriors about which `active_units` is asked: uneven, narrowly above or below delta, and at ties."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np

from ...checks.strategies import arrays, hundredths
from .. import oracles


def _uneven(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors with some dimensions near the prior: the share of awake samples differs from dimension to dimension."""
    n, k = draw(st.integers(3, 9)), draw(st.integers(2, 5))
    awake = np.array([[draw(st.booleans()) for _ in range(k)] for _ in range(n)])
    mu = np.where(awake, draw(arrays((n, k), hundredths(0.5, 2))), draw(arrays((n, k), hundredths(-0.05, 0.05))))
    sigma = np.where(awake, draw(arrays((n, k), hundredths(0.3, 1.6))), 1.0)
    return mu, sigma


UNEVEN = st.composite(_uneven)()


def _width(spread: float, wide: bool) -> float:
    """The sigma on one side of 1 whose spread part is that large, by bisection, to five digits."""
    inner, outer = (1.0, 30.0) if wide else (1.0, 1e-9)
    for _ in range(60):
        middle = (inner + outer) / 2
        if oracles.gaussian_kl(0.0, middle) < spread:
            inner = middle
        else:
            outer = middle
    return float(f"{inner:.5g}")


def _narrowly(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, float]:
    """Posteriors whose KL lies 3 % above or below delta: a KL that is off by more puts them on the wrong side."""
    delta = draw(st.sampled_from([0.01, 0.05, 0.2, 0.8]))
    k = draw(st.integers(2, 4))
    mu, sigma = np.empty((2, k)), np.empty((2, k))
    for j in range(k):
        kl = delta * (1.03 if draw(st.booleans()) else 0.97)
        for i in range(2):
            mu[i, j] = float(f"{draw(hundredths(0, 0.9)) * np.sqrt(2 * kl):.5g}") * draw(st.sampled_from([1, -1]))
            sigma[i, j] = _width(kl - mu[i, j] ** 2 / 2, draw(st.booleans()))
    return mu, sigma, delta


NARROWLY = st.composite(_narrowly)()
MASKED = (np.array([[2.0, 0.0, 1.0], [1.5, 0.0, 0.0], [-2.0, 0.1, 0.0]]), np.ones((3, 3)))
FAINT = (np.array([[0.2, 0.2], [0.0, 0.2], [0.0, 0.0], [0.0, 0.2], [0.0, 0.0]]), np.ones((5, 2)))
QUARTERS = (
    np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0]]),
    np.ones((4, 4)),
)
