"""Known mistakes of `sample_prior`, as students and public code make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.memo import latest
from ...checks.problem import Answer, Call
from ..catalogue import Catalogue, Function
from ..reparameterisation import telling

CATALOGUE = Catalogue()

SLIP = 0.3
UNIT_ROWS = "every row has length 1"
SCALED, MOVED, STANDARDISED = "the spread is not 1", "the middle is not 0", "the draws are standardised"


@latest
def prior(calls: Sequence[Call], answers: Sequence[Answer]) -> str:
    """The diagnosis of what `sample_prior` answered to the public calls; "" where none fits."""
    found = telling.by_handle(calls, answers)
    z = found["follows"][0][1]
    lengths = np.linalg.norm(z, axis=1)
    if np.ptp(lengths) < 1e-4 and np.ptp(z, axis=0).max() > 1e-4:
        return UNIT_ROWS if abs(lengths[0] - 1) < 1e-4 else ""
    if np.abs(z.mean(axis=0)).max() < 1e-6 and np.abs(z.std(axis=0) - 1).max() < 1e-3:
        return STANDARDISED
    k = z.shape[1]
    folded = z.reshape(len(z), 2, -1)
    about = telling.diagnosis(folded, np.zeros((2, k // 2)), np.ones((2, k // 2)), telling.alone_of(found))
    # Of means and spreads the other notebook's names tell, where both depend on mu and sigma.
    known = any(about == one.name for one in CATALOGUE.mistakes)
    return about if known else _placed(float(z.mean()), float(z.std()), k)


def _placed(middle: float, spread: float, k: int) -> str:
    if abs(middle) > 0.2 * spread:
        return MOVED
    if _near(spread * np.sqrt(k), k):
        return "divided by the number of dimensions or its root"
    return SCALED if abs(spread - 1) > 0.2 else ""


def _near(factor: float, k: int) -> bool:
    return bool(min(abs(factor - 1), abs(factor * np.sqrt(k) - 1)) < 0.1)


def told(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_prior` that is recognised by what it does to the draws."""
    return CATALOGUE.mistake("sample_prior", name, says, share=share, tell=telling.tells(name, prior))


def shown(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_prior` that is recognised by equal answers or errors."""
    return CATALOGUE.mistake("sample_prior", name, says, share=share)


@told(UNIT_ROWS, "Every row was scaled to length 1. Draws from the prior have lengths of their own.")
def prior_unit(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return z / np.linalg.norm(z, axis=1, keepdims=True)


@told(
    "divided by the number of dimensions or its root",
    "The spread is too small by a factor that depends on k. Every number has standard deviation 1, however many "
    "there are.",
)
def prior_divided(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k)) / np.sqrt(k)


@told(telling.NO_NOISE, "Only zeros came back: the middle of the prior, not draws from it.")
def prior_zeros(n: Any, k: Any, rng: Any) -> Any:
    return np.zeros((n, k))


@told(telling.ONE_FOR_ALL, "A single random number fills all places. Each needs a number of its own.")
def prior_one_number(n: Any, k: Any, rng: Any) -> Any:
    return np.full((n, k), rng.standard_normal())


@told(telling.ONE_DRAW, "One row was drawn and copied. Each row must be drawn for itself.")
def prior_copied(n: Any, k: Any, rng: Any) -> Any:
    return np.tile(rng.standard_normal(k), (n, 1))


@told(telling.ONE_PER_SAMPLE, "One random number fills a whole row. Each dimension needs a number of its own.")
def prior_one_per_row(n: Any, k: Any, rng: Any) -> Any:
    return np.tile(rng.standard_normal((n, 1)), (1, k))


@told(
    telling.MIRRORED, "Numbers were used twice, once with the sign turned round. Such pairs are not independent draws."
)
def prior_mirrored(n: Any, k: Any, rng: Any) -> Any:
    half = rng.standard_normal(((n + 1) // 2, k))
    return np.concatenate([half, -half])[:n]


@told(telling.REUSED, "The same numbers appear again and again. Each must be drawn for itself.")
def prior_recycled(n: Any, k: Any, rng: Any) -> Any:
    return np.resize(rng.standard_normal((min(n, 100), k)), (n, k))


@told(
    telling.NO_RNG,
    "An rng that starts anew from the same seed gave other draws: some other source of random "
    "numbers, such "
    "as `np.random`, was used.",
)
def prior_global(n: Any, k: Any, rng: Any) -> Any:
    return np.random.randn(n, k)


@told(
    telling.FIXED,
    "The draws are the same for every rng and in every call: the seed is fixed inside the function, or the first draws are kept.",
)
def prior_fixed(n: Any, k: Any, rng: Any) -> Any:
    return np.random.default_rng(0).standard_normal((n, k))


@told(
    telling.REWOUND, "A copy of rng was used, so that rng itself stands still and the next call gives the same draws."
)
def prior_copy_of_rng(n: Any, k: Any, rng: Any) -> Any:
    import copy

    return copy.deepcopy(rng).standard_normal((n, k))


@told(
    telling.UNIFORM,
    "The numbers are spread evenly between two borders. They must follow the bell curve: look at what rng offers.",
)
def prior_uniform(n: Any, k: Any, rng: Any) -> Any:
    return rng.random((n, k))


@told(telling.HEAVY, "Numbers far out are much too frequent: the tails are heavier than those of the bell curve.")
def prior_laplace(n: Any, k: Any, rng: Any) -> Any:
    return rng.laplace(size=(n, k))


@told(telling.FEW, "Only a few different values appear, such as whole numbers. Normal draws take any value.")
def prior_integers(n: Any, k: Any, rng: Any) -> Any:
    return rng.integers(-1, 2, (n, k)).astype(float)


@told(telling.CLIPPED, "Large numbers were set back to a border, where draws now pile up. Normal draws have no border.")
def prior_clipped(n: Any, k: Any, rng: Any) -> Any:
    return np.clip(rng.standard_normal((n, k)), -2, 2)


@told(telling.CUT, "No number lies further out than a border: large ones were drawn anew. Normal draws have no border.")
def prior_cut(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    while np.any(np.abs(z) > 2):
        z = np.where(np.abs(z) > 2, rng.standard_normal((n, k)), z)
    return z


@told(telling.POSITIVE, "No number lies below 0: they lost their sign.")
def prior_positive(n: Any, k: Any, rng: Any) -> Any:
    return np.abs(rng.standard_normal((n, k)))


@told(telling.HALF, "Half precision has three digits, so that draws fall on a coarse grid.")
def prior_float16(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k)).astype(np.float16)


@shown("rows and columns are exchanged", "Samples are rows: n rows of k numbers are asked for.", SLIP)
def prior_transposed(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((k, n))


@shown("one row only", "A single vector came back, however many were asked for.")
def prior_single(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(k)


@shown("one long row", "All numbers came in one row. They must come as n rows of k.", SLIP)
def prior_flat(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n * k)


@shown(
    "the shape is given as the mean and the spread",
    "n and k arrived where a mean and a standard deviation are expected, so that one number came back. Name the "
    "argument "
    "`size`.",
)
def prior_normal(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(n, k)


@shown(
    "rng has no such method",
    "rng is a Generator, the new interface of numpy.random: it has no `randn`. See its "
    "page for "
    "what draws normal numbers.",
)
def prior_randn(n: Any, k: Any, rng: Any) -> Any:
    return rng.randn(n, k)


@shown(
    "the shape must be one tuple",
    "The shape goes in as one argument, a tuple; here the second number arrived as the dtype.",
)
def prior_two_sizes(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n, k)


@told(
    SCALED,
    "The numbers lie too far out, or too near. Each has standard deviation 1, which a standard normal has already.",
)
def prior_scaled(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(0, 2, (n, k))


@told(MOVED, "The numbers lie around another value than 0, the mean of the prior.")
def prior_moved(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(1, 1, (n, k))


@told(
    STANDARDISED,
    "Mean and spread of the draws were made exactly 0 and 1. Those of a sample vary, and the draws must not depend on each other.",
)
def prior_standardised(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return (z - z.mean(axis=0)) / (z.std(axis=0) + 1e-8)
