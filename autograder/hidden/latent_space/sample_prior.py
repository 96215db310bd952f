"""Hidden checks of `sample_prior`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks import draw_diagnosis as draws
from ...checks import random_draws
from ...checks.exercise import Call, Check, Fault
from ...checks.latent_space.sample_prior import alone, in_a_row, independent, standard
from ..mistakes.catalogue import Catalogue, Function, tells
from .shared import SLIP, drawn

_SEEDS = st.integers(0, 2**31)


def _prior(n: int, k: int, handle: str, count: int = 1) -> Any:
    return _SEEDS.map(lambda seed: in_a_row(n, k, seed, f"hidden {handle}", count))


def _shaped(seed: int) -> list[Any]:
    """One row of many numbers, one column, something between, and one number."""
    sizes = ((1, 1200), (1200, 1), (150, 8), (1, 1))
    return [call for n, k in sizes for call in in_a_row(n, k, seed, f"hidden {n} rows of {k}")]


def _any_shape(example: Any, *several: Any) -> Fault | None:
    for place, z in enumerate(several):
        if random_draws.repeated(z):
            return Fault("a draw of its own for every number", z, place, "Some draws are equal.")
    return standard(example, *several)


def _alone_and_standard(example: Any, *several: Any) -> Fault | None:
    fault = alone(example, *several)
    if fault:
        return fault
    told = random_draws.misfit(np.concatenate(several[:2]), "The draws")
    return Fault("draws from N(0, I)", several[0], 0, told) if told else None


CHECKS: tuple[Check, ...] = (
    drawn(
        "middle, spread and shape",
        "The draws follow N(0, 1) in every column.",
        standard,
        0.25,
        _prior(5000, 6, "many"),
    ),
    drawn(
        "independent",
        "No draw is shared, repeated or used with the opposite sign, neither within a call nor in the next one.",
        independent,
        0.2,
        _prior(500, 6, "two calls", 2),
    ),
    drawn("any shape", "One row or one column is no special case.", _any_shape, 0.1, _SEEDS.map(_shaped)),
    drawn(
        "rng alone",
        "The draws come from the rng that is given, and only from it.",
        _alone_and_standard,
        0.2,
        _SEEDS.map(lambda seed: random_draws.calls_alone((150, 6), seed, "hidden alone")),
    ),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("sample_prior")


@CATALOGUE.undoes("sample_prior", "rows and columns are exchanged")
def _in_rows(call: Call, z: Any) -> Any:
    n, k = call.args[:2]
    return np.transpose(z) if np.shape(z) == (k, n) else None


@CATALOGUE.undoes("sample_prior", "one long row")
def _in_a_table(call: Call, z: Any) -> Any:
    return np.reshape(z, call.args[:2]) if np.ndim(z) == 1 else None


def told(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_prior` that is recognised by what it does to the draws."""
    return CATALOGUE.mistake("sample_prior", name, says, share=share, tell=tells(name, draws.prior))


@told(draws.UNIT_ROWS, "Every row was scaled to length 1. Draws from the prior have lengths of their own.")
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


@told(draws.NO_NOISE, "Only zeros came back: the mean of the prior, not draws from it.")
def prior_zeros(n: Any, k: Any, rng: Any) -> Any:
    return np.zeros((n, k))


@told(draws.ONE_FOR_ALL, "A single random number fills all places. Each needs a number of its own.")
def prior_one_number(n: Any, k: Any, rng: Any) -> Any:
    return np.full((n, k), rng.standard_normal())


@told(draws.ONE_DRAW, "One row was drawn and copied. Each row must be drawn for itself.")
def prior_copied(n: Any, k: Any, rng: Any) -> Any:
    return np.tile(rng.standard_normal(k), (n, 1))


@told(draws.ONE_PER_SAMPLE, "One random number fills a whole row. Each dimension needs a number of its own.")
def prior_one_per_row(n: Any, k: Any, rng: Any) -> Any:
    return np.tile(rng.standard_normal((n, 1)), (1, k))


@told(draws.MIRRORED, "Numbers were used twice, once with the opposite sign. Such pairs are not independent draws.")
def prior_mirrored(n: Any, k: Any, rng: Any) -> Any:
    half = rng.standard_normal(((n + 1) // 2, k))
    return np.concatenate([half, -half])[:n]


@told(draws.REUSED, "The same numbers appear again and again. Each must be drawn for itself.")
def prior_recycled(n: Any, k: Any, rng: Any) -> Any:
    return np.resize(rng.standard_normal((min(n, 100), k)), (n, k))


@told(
    draws.NO_RNG,
    "An rng that starts again from the same seed gave other draws: some other source of random numbers, such as `np.random`, was used.",
)
def prior_global(n: Any, k: Any, rng: Any) -> Any:
    return np.random.randn(n, k)


@told(
    draws.FIXED,
    "The draws are the same for every rng and in every call: the seed is fixed inside the function, or the first draws are kept.",
)
def prior_fixed(n: Any, k: Any, rng: Any) -> Any:
    return np.random.default_rng(0).standard_normal((n, k))


@told(
    draws.REWOUND, "A copy of rng was used, so that rng itself does not move on and the next call gives the same draws."
)
def prior_copy_of_rng(n: Any, k: Any, rng: Any) -> Any:
    import copy

    return copy.deepcopy(rng).standard_normal((n, k))


@told(
    draws.UNIFORM,
    "The numbers are spread evenly between two borders. They must follow the bell curve: look at what rng offers.",
)
def prior_uniform(n: Any, k: Any, rng: Any) -> Any:
    return rng.random((n, k))


@told(draws.HEAVY, "Numbers far out are much too frequent: the tails are heavier than those of the bell curve.")
def prior_laplace(n: Any, k: Any, rng: Any) -> Any:
    return rng.laplace(size=(n, k))


@told(draws.FEW, "Only a few different values appear, such as whole numbers. Normal draws take any value.")
def prior_integers(n: Any, k: Any, rng: Any) -> Any:
    return rng.integers(-1, 2, (n, k)).astype(float)


@told(draws.CLIPPED, "Large numbers were set back to a border, where draws now pile up. Normal draws have no border.")
def prior_clipped(n: Any, k: Any, rng: Any) -> Any:
    return np.clip(rng.standard_normal((n, k)), -2, 2)


@told(draws.CUT, "No number lies further out than a border: large ones were drawn again. Normal draws have no border.")
def prior_cut(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    while np.any(np.abs(z) > 2):
        z = np.where(np.abs(z) > 2, rng.standard_normal((n, k)), z)
    return z


@told(draws.POSITIVE, "No number lies below 0: they lost their sign.")
def prior_positive(n: Any, k: Any, rng: Any) -> Any:
    return np.abs(rng.standard_normal((n, k)))


@told(draws.HALF, "Half precision has three digits, so that draws fall on a coarse grid.")
def prior_float16(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k)).astype(np.float16)


@told(draws.ROUNDED, "The draws have few digits. Look for a step that rounds: normal draws take any value.")
def prior_rounded(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k)).round(2)


@mistake("rows and columns are exchanged", "Samples are rows: n rows of k numbers are required.", SLIP)
def prior_transposed(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((k, n))


@mistake("one row only", "A single vector came back, however many were asked for.")
def prior_single(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(k)


@mistake("one long row", "All numbers came in one row. They must come as n rows of k.", SLIP)
def prior_flat(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n * k)


@mistake(
    "the shape is given as the mean and the spread",
    "n and k arrived where a mean and a standard deviation are expected, so that one number came back. Name the "
    "argument "
    "`size`.",
)
def prior_normal(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(n, k)


@mistake(
    "rng has no such method",
    "rng is a Generator, the new interface of numpy.random: it has no `randn`. See its "
    "page for "
    "what draws normal numbers.",
)
def prior_randn(n: Any, k: Any, rng: Any) -> Any:
    return rng.randn(n, k)


@mistake(
    "the shape must be one tuple",
    "The shape goes in as one argument, a tuple; here the second number arrived as the dtype.",
)
def prior_two_sizes(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n, k)


@told(
    draws.SCALED,
    "The numbers lie too far out, or too near. Each has standard deviation 1, which a standard normal has already.",
)
def prior_scaled(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(0, 2, (n, k))


@told(draws.MOVED, "The numbers lie around another value than 0, the mean of the prior.")
def prior_moved(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(1, 1, (n, k))


@told(
    draws.STANDARDISED,
    "Mean and spread of the draws were made exactly 0 and 1. Those of a sample vary, and the draws must not depend on each other.",
)
def prior_standardised(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return (z - z.mean(axis=0)) / (z.std(axis=0) + 1e-8)


@told(
    draws.CENTRED,
    "The mean of the draws was made exactly 0. The mean of a sample varies, and the draws must not depend on each other.",
)
def prior_centred(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return z - z.mean(axis=0) if n > 1 else z


@mistake("one number a row", "k is not used: n numbers came back. Ask the rng for the shape (n, k).")
def prior_column(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n)


@told(
    draws.SHELL,
    "The draws were pushed onto the shell. Draws of N(0, I) lie near it, not on it: their lengths differ.",
)
def prior_shell(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return np.sqrt(k) * z / np.linalg.norm(z, axis=1, keepdims=True)


@variant
def prior_by_normal(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(size=(n, k))


@variant
def prior_rows(n: Any, k: Any, rng: Any) -> Any:
    return np.array([rng.standard_normal(k) for _ in range(n)])


@variant
def prior_multivariate(n: Any, k: Any, rng: Any) -> Any:
    if k > 50:
        return rng.standard_normal((k, n)).T.tolist()
    return rng.multivariate_normal(np.zeros(k), np.eye(k), size=n)


@variant
def prior_float32(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k), dtype=np.float32)


@variant
def prior_box_muller(n: Any, k: Any, rng: Any) -> Any:
    u, v = rng.random((2, n, k))
    return np.sqrt(-2 * np.log1p(-u)) * np.sin(2 * np.pi * v)


@variant
def prior_columns(n: Any, k: Any, rng: Any) -> Any:
    return np.column_stack([rng.normal(0, 1, n) for _ in range(k)])
