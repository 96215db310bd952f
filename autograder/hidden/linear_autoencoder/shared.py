"""What hidden checks of several exercises of linear_autoencoder ask about, and what several of their mistakes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.exercise import Call, Rng
from ...checks.linear_autoencoder.shared import of_size

WIDE = (
    np.array([[1.0, 2.0, -1.0]]),
    np.array([[0.5, 1.0], [-1.0, 0.5], [1.0, 0.0]]),
    np.array([[1.0, 0.0, 0.5], [-0.5, 1.0, 1.0]]),
)
SHAPES = st.one_of(*[of_size(*size) for size in ((1, 3, 2), (5, 1, 2), (4, 3, 1), (2, 2, 4), (7, 4, 2), (3, 3, 3))])
LOWEST, HIGHEST = 0.051, 2.95
"""Aimed at, so that after rounding every eigenvalue of XᵀX/n still lies between 0.05 and 3."""


@dataclass(frozen=True)
class Task:
    """A fit to ask for: the kind of spectrum, the sizes, and the seed of all that is random in it."""

    kind: str
    n: int
    d: int
    k: int
    seed: int

    def call(self, handle: str = "fit") -> Call:
        """The question, with a Generator that no other task shares."""
        return Call((_samples(self), self.k, Rng(self.seed, f"{handle} {self}")))


@cache
def _samples(task: Task) -> Any:
    rng = np.random.default_rng(task.seed)
    return centred(task.n, spectrum(task, rng), rng)


def spectrum(task: Task, rng: np.random.Generator) -> Any:
    """The eigenvalues aimed at, largest first.

    ordinary: a clear gap after k. any: as it comes. flat: all equal. near: a gap too small for the subspace to be
    judged. steep: each a fixed part of the one before. bright: a few close to the largest allowed, the rest faint.
    edge: from the largest allowed down to one that differs from the least allowed by hardly more than a quarter.
    """
    d, k = task.d, task.k
    if task.kind == "flat":
        return np.full(d, rng.uniform(0.3, 2))
    if task.kind == "steep":
        return np.maximum(2.8 * rng.uniform(0.35, 0.7) ** np.arange(d), LOWEST)
    if task.kind == "near":
        first = rng.uniform(1, 2)
        return np.concatenate([np.sort(rng.uniform(first, HIGHEST, k))[::-1], first * np.linspace(0.96, 0.6, d - k)])
    if task.kind == "bright":
        return np.concatenate(
            [np.sort(rng.uniform(1.5, HIGHEST, k))[::-1], np.sort(rng.uniform(LOWEST, 0.3, d - k))[::-1]]
        )
    if task.kind == "edge":
        return np.concatenate([np.geomspace(HIGHEST, 1.4 * LOWEST, k), np.full(d - k, LOWEST)])
    if task.kind == "any":
        return np.sort(rng.uniform(0.1, 2.7, d))[::-1]
    strong = np.sort(rng.uniform(0.7, 2.7, k))[::-1]
    return np.concatenate([strong, np.sort(rng.uniform(LOWEST, 0.5 * strong[-1], d - k))[::-1]])


def centred(n: int, eigenvalues: Sequence[float] | Any, rng: np.random.Generator) -> Any:
    """Samples (n, d) of three decimals, with columns of mean 0 and, but for rounding, these eigenvalues of XᵀX/n."""
    d = len(eigenvalues)
    cloud = rng.standard_normal((n, d))
    basis = np.linalg.qr(cloud - cloud.mean(axis=0))[0]
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
    thousandths = np.round(1000 * (basis * np.sqrt(n * np.asarray(eigenvalues))) @ turn.T)
    # What rounding moved the mean by goes into the last sample: columns of whole thousandths that sum to 0.
    thousandths[-1] -= thousandths.sum(axis=0)
    return thousandths / 1000


def _tasks(kind: str, d: tuple[int, int], more: tuple[int, int], inside: bool = True) -> st.SearchStrategy[Task]:
    """Tasks of one kind, with n = d + 1 and up to `more`; k is below d where it is to lie `inside`."""

    def of(size: tuple[int, int, int]) -> st.SearchStrategy[Task]:
        dimensions, extra, seed = size
        last = dimensions - 1 if inside else dimensions
        n = min(dimensions + 1 + extra, 200)
        return st.integers(1, last).map(lambda k: Task(kind, n, dimensions, k, seed))

    return st.tuples(st.integers(*d), st.integers(*more), st.integers(0, 9999)).flatmap(of)


ORDINARY = _tasks("ordinary", (2, 6), (0, 30))
ENDS = st.one_of(
    _tasks("ordinary", (2, 5), (0, 20)).map(lambda task: Task(task.kind, task.n, task.d, 1, task.seed)),
    _tasks("any", (1, 5), (0, 20), inside=False).map(lambda task: Task(task.kind, task.n, task.d, task.d, task.seed)),
)
HARD = st.one_of(
    _tasks("flat", (2, 5), (0, 10)),
    _tasks("near", (3, 6), (0, 20)),
    _tasks("steep", (2, 5), (0, 30)),
    _tasks("any", (8, 15), (0, 60)),
    st.tuples(st.integers(3, 6), st.integers(0, 30), st.integers(0, 9999)).flatmap(
        lambda drawn: st.integers(2, drawn[0] - 1).map(
            lambda k: Task("edge", sum(drawn[:2]) + 1, drawn[0], k, drawn[2])
        )
    ),
    st.tuples(st.integers(2, 6), st.integers(0, 9999)).map(lambda drawn: Task("bright", 200, 20, *drawn)),
)
# Six columns whose variances all count, so that keeping 4 or 5 directions is not the same as keeping 3.
SIX = np.array(
    [
        [3.0, 1.0, 0.0, 2.0, 1.0, 0.5],
        [1.0, 1.0, 2.0, 0.0, 2.0, 1.5],
        [2.0, 4.0, 1.0, 1.0, 0.0, 2.0],
        [0.0, 2.0, 3.0, 1.5, 1.0, 0.0],
        [1.5, 0.0, 1.0, 3.0, 2.5, 1.0],
        [2.5, 1.0, 0.5, 1.0, 3.0, 3.0],
        [0.5, 3.0, 2.0, 2.0, 0.5, 2.5],
        [1.0, 2.5, 0.0, 0.5, 1.5, 0.0],
    ]
)


SQUARE = Call((np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]), 1, Rng(11, "fit by hand")))
"""Both directions have the same variance."""
NEARLY = (np.array([[0.5, -0.3], [1.2, 0.7]]), np.array([[0.504, -0.306], [1.208, 0.705]]))
CROSS = (np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), 1)
BLOCK = np.array([[3.0, 1.0, 0.0], [1.0, 1.0, 2.0], [2.0, 4.0, 1.0]])
# What lies off the long direction has a variance of 0.005, which is not nothing.
FLAT = (np.array([[1.0, 0.05], [-1.0, 0.05], [0.0, -0.1]]), 1)
# Three samples tell n from n - 1, and a sum from an average.
THREE_SAMPLES = (
    np.array([[1.0, 2.0], [0.0, 1.0], [2.0, -1.0]]),
    np.array([[1.0], [0.5]]),
    np.array([[1.0, -1.0]]),
)
# Whole numbers keep float32 exact, so that only the method is judged where values are large.
WHOLE = st.integers(-10, 10).map(float)


def gradients(X: Any, W_enc: Any, W_dec: Any) -> tuple[Any, Any]:
    """The gradients in closed form, as a fit can ask for them thousands of times: the oracle differentiates."""
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ (error @ W_dec.T), Z.T @ error


SLIP = 0.3
