"""Inputs of the hidden checks: weights of all sizes, clouds of samples, and data to fit with chosen variances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths
from ...checks.exercise import Call, Rng
from ...checks.linear_vae import inputs
from . import oracles

WHOLE = st.integers(-2, 2).map(float)
UNROUND = st.integers(-3000, 3000).map(lambda number: number / 1000)
BETAS = st.integers(200, 4000).map(lambda number: number / 1000)


def with_beta(drawn: st.SearchStrategy[Any], betas: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Arguments with a beta behind them."""
    return st.tuples(drawn, betas).map(lambda pair: (*pair[0], pair[1]))


def by_name(example: Any) -> Call:
    """A call that gives its last argument, beta, by name."""
    return Call(tuple(example[:-1]), {"beta": example[-1]})


def big(n: int, d: int, k: int, seed: int, size: float = 3.0, widths: tuple[float, float] = (-3, 2)) -> Any:
    """(X, W_enc, log_var, W_dec) with entries up to `size`, three decimals each."""
    rng = np.random.default_rng(seed)

    def spread(*shape: int) -> Any:
        return np.round(rng.uniform(-size, size, shape), 3)

    return spread(n, d), spread(d, k), np.round(rng.uniform(*widths, k), 3), spread(k, d)


def noise_for(one: Any, seed: int) -> Any:
    """The same with standard normal noise of three decimals behind it."""
    eps = np.random.default_rng(seed).standard_normal((one[0].shape[0], one[2].size))
    return (*one, np.round(eps, 3))


SIZES = ((1, 1, 1), (1, 3, 2), (5, 1, 2), (4, 3, 1), (2, 2, 4), (7, 4, 2), (3, 3, 3))
ROUND = inputs.weights(3, 2, 2, WHOLE, st.integers(-1, 1).map(float))
ORDINARY = inputs.weights(5, 4, 3, UNROUND, UNROUND)
SHAPES = st.one_of(*[inputs.weights_of(*size) for size in SIZES])
WIDE = st.tuples(st.integers(2, 200), st.integers(1, 10), st.integers(1, 10), st.integers(0, 9999)).map(
    lambda drawn: big(*drawn, size=10.0, widths=(-20, 8))
)


# Some processors flag matrix products of sound numbers in single precision as invalid, and warn of nothing.
@np.errstate(all="ignore")
def sound(example: Any) -> bool:
    """Whether float32 is enough for gradients here: no entry is the small rest of terms that nearly cancel."""
    X, W_enc, log_var, W_dec, eps = example[:5]
    single = [part.astype(np.float32) for part in (X, W_enc, log_var, W_dec, eps)]
    mu = single[0] @ single[1]
    noise = np.exp(single[2] / 2) * single[4]
    residual = (mu + noise) @ single[3] - single[0]
    size = np.abs(mu) + np.abs(noise)
    error = size @ np.abs(single[3]) + np.abs(single[0])
    n = len(X)
    terms = (
        np.abs(single[0]).T @ (2 * error @ np.abs(single[3]).T + np.abs(mu)) / n,
        np.sum(error @ np.abs(single[3]).T * np.abs(noise), axis=0) / n + np.exp(single[2]) + 1,
        2 * size.T @ error / n,
    )
    dz = residual @ single[3].T
    gradients = (
        single[0].T @ (2 * dz + mu) / n,
        np.sum(dz * noise, axis=0) / n + (np.exp(single[2]) - 1) / 2,
        2 * (mu + noise).T @ residual / n,
    )
    # Float32 keeps seven digits, the tolerance asks for five of the largest entry.
    return all(np.max(term) <= 12 * np.max(np.abs(part)) for term, part in zip(terms, gradients, strict=True))


def clear(example: Any) -> bool:
    """Whether no variance lies so close to half of beta that rounding would decide."""
    X, k, *rest = example
    floor = (rest[0] if rest else 1.0) / 2
    return bool(np.all(np.abs(oracles.eigenvalues(X)[:k] - floor) > 0.02 * floor))


def clouds(rows: tuple[int, int], columns: tuple[int, int], entries: Any = UNROUND) -> st.SearchStrategy[Any]:
    """Data (n, d) with a number k of latent dimensions from 1 to d."""
    sizes = st.tuples(st.integers(*rows), st.integers(*columns))
    return sizes.flatmap(lambda size: st.tuples(arrays(size, entries), st.integers(1, size[1])))


def _mirrored(example: Any) -> Any:
    return np.concatenate([example[0], -example[0]]), example[1]


def _shifted(example: Any) -> st.SearchStrategy[Any]:
    X, k = example
    return arrays((1, X.shape[1]), hundredths(-7, 7)).map(lambda mean: (X + mean, k))


CENTRED = clouds((2, 4), (2, 4)).map(_mirrored)
SHIFTED = clouds((6, 9), (2, 4)).flatmap(_shifted)
FEW = clouds((2, 3), (3, 5))


def cloud(n: int, d: int, seed: int, shift: float = 0.0) -> Any:
    """Samples (n, d) of three decimals with unequal variances, around a mean of their own."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.geomspace(1.8, 0.4, d) @ np.linalg.qr(rng.standard_normal((d, d)))[0]
    return np.round(X + shift * rng.uniform(-1, 1, d), 3)


CROSS = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
BLOCK = np.array([[3.0, 1.0, 0.0], [1.0, 1.0, 2.0], [2.0, 4.0, 1.0]])
# Sixteen samples whose variances are 1 and 1/4 exactly, whichever way they are computed: all roots are whole.
SIXTEEN = np.zeros((16, 2))
SIXTEEN[:4, 0] = (2.0, -2.0, 2.0, -2.0)
SIXTEEN[4:8, 1] = (1.0, -1.0, 1.0, -1.0)


@dataclass(frozen=True)
class Task:
    """A fit to ask for: the variances, the sizes, beta, and the seed of all that is random in it."""

    kind: str
    n: int
    d: int
    k: int
    beta: float
    seed: int

    def call(self) -> Call:
        """The question, with a Generator that no other task shares."""
        return Call((samples(self), self.k, Rng(self.seed, f"fit {self}"), self.beta))


@cache
def samples(task: Task) -> Any:
    """The data of a task."""
    return inputs.centred(task.n, _SPECTRA[task.kind](task, np.random.default_rng(task.seed)), task.seed)


def _active(task: Task, rng: np.random.Generator) -> Any:
    """All k strongest directions are worth their price, and each differs clearly from the next."""
    low = max(1.5 * task.beta / 2, 0.3)
    strong = np.geomspace(3.8, low, task.k + 1)[: task.k] * rng.uniform(0.95, 1.0, task.k)
    return np.concatenate([strong, np.geomspace(max(0.6 * low, 0.06), 0.055, task.d - task.k)])


def _partly(task: Task, rng: np.random.Generator) -> Any:
    """Only some of the k strongest directions are worth their price; at least one is."""
    floor, used = task.beta / 2, max(1, task.k // 2)
    strong = np.geomspace(3.8, 1.6 * floor, used + 1)[:used] * rng.uniform(0.95, 1.0, used)
    return np.concatenate([strong, np.geomspace(0.65 * floor, 0.055, task.d - used)])


def _nothing(task: Task, rng: np.random.Generator) -> Any:
    """No direction is worth its price."""
    return np.geomspace(rng.uniform(0.55, 0.7) * task.beta / 2, 0.055, task.d)


def _equal(task: Task, rng: np.random.Generator) -> Any:
    """All directions are alike, so that none of them is the right one."""
    return np.full(task.d, rng.uniform(1.6, 2.0) * task.beta / 2)


def _edge(task: Task, rng: np.random.Generator) -> Any:
    """A few directions close to the largest variance allowed, the rest faint: at a small beta their order is hard to find."""
    return np.concatenate([[3.95, 3.6, rng.uniform(3.2, 3.3)], np.geomspace(0.3, 0.055, task.d - 3)])


_SPECTRA: dict[str, Callable[[Task, np.random.Generator], Any]] = {
    "active": _active,
    "edge": _edge,
    "partly": _partly,
    "nothing": _nothing,
    "equal": _equal,
}


def _tasks(kind: str, betas: tuple[float, ...], d: tuple[int, int] = (3, 6)) -> st.SearchStrategy[Task]:
    def of(drawn: tuple[int, int, float, int]) -> st.SearchStrategy[Task]:
        dimensions, more, beta, seed = drawn
        n = dimensions + 1 + more
        return st.integers(2, dimensions - 1).map(lambda k: Task(kind, n, dimensions, k, beta, seed))

    return st.tuples(st.integers(*d), st.integers(8, 60), st.sampled_from(betas), st.integers(0, 9999)).flatmap(of)


ALL_ACTIVE = _tasks("active", (0.8, 1.3, 2.0), (3, 4))
SOME_ACTIVE = _tasks("partly", (1.2, 2.0, 3.1))
ENDS = st.tuples(st.integers(2, 4), st.sampled_from([0.4, 1.0, 1.7]), st.integers(0, 9999)).map(
    lambda drawn: Task("active", drawn[0] + 1, drawn[0], 1, drawn[1], drawn[2])
)
EDGES = st.one_of(
    _tasks("nothing", (2.0, 3.0, 4.0)),
    _tasks("equal", (0.6, 1.5, 3.0)),
    st.tuples(st.integers(3, 5), st.integers(0, 9999)).map(lambda one: Task("edge", 200, 10, 3, 0.2, one[1])),
    st.tuples(st.integers(3, 8), st.integers(0, 9999)).map(lambda one: Task("partly", 200, 10, one[0], 4.0, one[1])),
)
