"""Judge random draws: bounds that a right function oversteps with a computed probability, whatever way it uses its rng.

Every bound below is one of these, for N independent standard normal numbers and `RISK` = exp(-30) < 1e-13:

- mean: P(|mean| > sqrt(2 * 30 / N)) <= 2 RISK (Gaussian tail);
- mean square: P(> 1 + 2 sqrt(30 / N) + 60 / N) <= RISK and P(< 1 - 2 sqrt(30 / N)) <= RISK (chi-square tails, Laurent
  and Massart 2000, lemma 1);
- distance of the distribution function: P(D > sqrt((30 + log 2) / (2 N))) <= RISK (Dvoretzky-Kiefer-Wolfowitz with
  Massart's constant);
- cosine of two independent rows of N numbers: P(|cos| > sqrt(2 (30 + log 2) / N)) <= RISK (spherical cap);
- largest of N numbers: P(> 8) <= 1.3e-15 N; for N >= 20000 P(no |u| > 3.2) <= 0.998625^20000 < 1.2e-12;
- coincidences, see `repeated`: below 1e-20 for N <= 6000;
- a mean of 0 to the last digit: P(|mean| sqrt(N) < 1e-12) < 8e-13; in four columns or more, P(all < 1e-4) < 5e-17.

`misfit` on 5000 samples of 6 numbers makes at most 7 * 5 comparisons of the first three kinds and looks at the largest
of 30000: 35 * 1e-13 + 4e-11 + 1e-12 < 5e-11. An examination asks for at most four such calls and forty smaller ones
(up to 3000 numbers each: 35 * 1e-13 + 4e-12 < 8e-12), with at most a hundred cosines and fifty such means: 2e-10 + 3.2e-10
+ 1e-11 + 4e-11 < 6e-10 in all.
Results in float32 move no statistic by more than 1e-5, which is nothing beside bounds above 0.02.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from .exercise import Call, Rng

Array = Any
_X = 30.0
LARGEST, TAIL, MANY = 8.0, 3.2, 20_000
SAME = 1e-6


def standardised(z: Array, mu: Array, sigma: Array) -> Array:
    """The noise behind draws of shape (n, *mu.shape), as an array (n, size of mu)."""
    return ((z - mu) / sigma).reshape(len(z), -1)


def misfit(u: Array, what: str = "Measured from mu in units of sigma, the draws") -> str:
    """What is wrong with numbers (n, m) that should be independent standard normal ones; "" when nothing is."""
    columns = [(f" in entry {place + 1}", column) for place, column in enumerate(u.T)] if len(u) >= 300 else []
    for where, one in [("", u.ravel()), *columns]:
        told = _moments(one) or _shape(one)
        if told:
            return f"{what}{where} {told}."
    if centred(u):
        return f"{what} average 0 to the last digit. The mean of draws misses 0 by a little, each time otherwise."
    return ""


def centred(u: Array) -> bool:
    """Whether numbers (n, m) average 0 as closely as only subtracting their mean brings about, all of them or in every column."""
    if u.size == 1:
        return False
    columns = np.abs(u.mean(axis=0)) * math.sqrt(len(u))
    exactly = abs(float(u.mean())) * math.sqrt(u.size) < 1e-12
    return bool(exactly or (len(columns) >= 4 and columns.max() < 1e-4))


def _moments(u: Array) -> str:
    mean, square, size = float(u.mean()), float(np.mean(u * u)), u.size
    if abs(mean) > math.sqrt(2 * _X / size):
        return f"average {mean:.3g}, which is too far from 0"
    if not 1 - 2 * math.sqrt(_X / size) <= square <= 1 + 2 * math.sqrt(_X / size) + 2 * _X / size:
        return f"have a spread of {math.sqrt(square):.3g}, which is too far from 1"
    return ""


def _shape(u: Array) -> str:
    largest = float(np.abs(u).max())
    if largest > LARGEST:
        return f"reach out to {largest:.3g}, which normal draws practically never do"
    if u.size >= MANY and largest < TAIL:
        return f"never leave ±{largest:.3g}, although normal draws have no border"
    if distance(u, normal_cdf(np.sort(u))) > math.sqrt((_X + math.log(2)) / (2 * u.size)):
        return "have about the right middle and spread, but not the shape of the bell curve"
    return ""


@cache
def _cdf_table() -> tuple[Array, Array]:
    grid = np.linspace(-LARGEST, LARGEST, 16_001)
    return grid, np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in grid.tolist()])


def normal_cdf(ordered: Array) -> Array:
    """The distribution function of N(0, 1), interpolated: off by less than 4e-8, where distances above 0.02 matter."""
    return np.interp(ordered, *_cdf_table())


def distance(u: Array, at_ordered: Array) -> float:
    """The Kolmogorov-Smirnov distance between numbers and a distribution function, given at the ordered numbers."""
    steps = np.arange(u.size + 1) / u.size
    return float(max((steps[1:] - at_ordered).max(), (at_ordered - steps[:-1]).max()))


def coincidences(u: Array) -> int:
    """How many neighbours among the ordered numbers are the same (in units of their size, where that is below 1)."""
    size = min(1.0, float(np.sqrt(np.mean(u * u))))
    return int(np.count_nonzero(np.diff(np.sort(u, axis=None)) <= SAME * size))


def repeated(u: Array) -> bool:
    """Whether more than a tenth of all N numbers coincide with another one or with another's negative.

    Standardised float32 results lie on a grid of at most 1e-6 (for |mu| <= 4 sigma), so the i-th number falls within
    2e-6 of an earlier one's size with probability below 3.2e-6 (i - 1), given the earlier ones. Ordered neighbours that
    coincide are at most twice as many as numbers that do. Chernoff, with L = 1.6e-6 N^2 <= 58 for N <= 6000:
    P(more than m = N / 20 of them) <= exp(-L) (e L / m)^m < 1e-20 for 600 <= N <= 6000.
    """
    return coincidences(np.abs(u)) > int(u.size) / 10


def dependence(u: Array, later: Array) -> str:
    """How numbers (n, m) and those of a successive call hang together; "" when they do not."""
    both = np.concatenate([u, later])
    if repeated(both):
        return (
            "Some noise was used more than once, as it is or with its sign turned: measured in units of sigma, "
            "many draws are equal."
        )
    pairs = [("two calls", u, later), ("neighbouring samples", both[0::2], both[1::2])]
    pairs += [("two entries", both[:, i], both[:, j]) for i, j in combinations(range(u.shape[1]), 2)]
    for what, one, other in pairs:
        cosine = float(np.vdot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other)))
        if abs(cosine) > math.sqrt(2 * (_X + math.log(2)) / one.size):
            return f"The noise of {what} goes together (correlation {cosine:.2g}); it must be independent."
    return ""


def dependence_whatever_spread(u: Array, later: Array) -> str:
    """What `dependence` says when numbers with a wrong middle or spread are brought to 0 and 1 first, entry by entry.

    Numbers without such a fault stay as they are, so that the bounds are those of `dependence` for right answers.
    """
    if not any(_moments(column) for one in (u, later) for column in one.T):
        return dependence(u, later)
    spread = np.concatenate([u, later]).std(axis=0)
    # A column without any spread shares all its noise, and must be seen to.
    moves = spread > SAME
    centred = [(one - one.mean(axis=0) * moves) / np.where(moves, spread, 1.0) for one in (u, later)]
    return dependence(*centred)


def alike(one: Array, other: Array) -> bool:
    """Whether two arrays hold the same draws."""
    return bool(np.allclose(one, other, rtol=1e-5, atol=1e-6))


def calls_alone(arguments: tuple[Any, ...], seed: int, handle: str) -> list[Call]:
    """Five calls for `not_alone`: two in a row with one rng, both with a fresh rng of that seed, one of another."""
    rngs = [
        Rng(seed, handle),
        Rng(seed, handle),
        Rng(seed, handle + " anew"),
        Rng(seed, handle + " anew"),
        Rng(seed + 1, handle + " other"),
    ]
    return [Call((*arguments, rng)) for rng in rngs]


def not_alone(draws: Sequence[Array]) -> tuple[int, str]:
    """Which answer to `calls_alone` shows that the draws do not come from the rng alone, and how; (0, "") when none."""
    for place, other in ((2, 0), (3, 1)):
        if not alike(draws[place], draws[other]):
            return place, "An rng that starts anew from the same seed gave other draws: they come from somewhere else."
    for place, other, told in (
        (1, 0, "Asked twice in a row with one rng, it gave the same draws twice."),
        (4, 0, "An rng of another seed gave the same draws."),
    ):
        if np.mean(np.isclose(draws[place], draws[other], rtol=0, atol=SAME)) > 0.1:
            return place, told
    return 0, ""
