"""Hidden checks of `active_directions`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.exercise import Call
from ..mistakes.catalogue import Catalogue
from ..values import values
from . import data, oracles
from .shared import slips_of_spectrum

_LINE = np.array([[2.0], [-2.0], [2.0], [-2.0]])
_MANY = data.cloud(200, 10, 31)
_ORDINARY = data.with_beta(data.CENTRED, data.BETAS).filter(data.clear)
_SHIFTED = data.with_beta(data.SHIFTED, data.BETAS).filter(data.clear)

CHECKS = (
    values(
        "centred data",
        "The number is right where the columns have mean 0.",
        oracles.active_directions,
        points=0.5,
        first=[
            (data.CROSS, 2, 1.6),
            (data.CROSS, 2, 0.8),
            Call((data.CROSS, 2), {"beta": 5.0}),
            *((_MANY - _MANY.mean(axis=0), 9, beta) for beta in (0.5, 1.7, 3.9)),
        ],
        examples=_ORDINARY,
    ),
    values(
        "data as they come",
        "The number is right wherever the data lie.",
        oracles.active_directions,
        points=0.25,
        first=[(data.BLOCK, 3, 2.4), (data.cloud(200, 8, 32, 7.0), 7, 2.1), (data.cloud(30, 8, 33, 7.0), 7, 0.9)],
        examples=_SHIFTED,
    ),
    values(
        "few samples, one dimension",
        "Fewer samples than dimensions, d = 1 and k = 1 are no special cases.",
        oracles.active_directions,
        points=0.15,
        first=[
            (data.cloud(5, 10, 34), 9, 0.2),
            (data.cloud(5, 10, 34), 9, 2.0),
            (_LINE, 1, 3.0),
            (_LINE, 1, 9.0),
            (data.CROSS, 1, 0.7),
        ],
        examples=data.with_beta(data.FEW, st.sampled_from([0.05, 0.7, 3.1])).filter(data.clear),
        count=5,
    ),
    values(
        "a tie",
        "A variance that equals half of beta exactly is not worth its price.",
        oracles.active_directions,
        points=0.1,
        first=[
            (data.SIXTEEN, 2, 2.0),
            (data.SIXTEEN, 2, 1.9),
            (data.SIXTEEN, 2, 0.5),
            (_LINE, 1, 8.0),
            (_LINE, 1, 7.9),
        ],
    ),
    values(
        "beta left out",
        "Where beta is not given, it is 1.",
        oracles.active_directions,
        points=0.25,
        first=[(0.6 * data.CROSS, 2), (data.CROSS * 1.2, 2), (0.7 * data.cloud(40, 6, 35), 5), (2 * data.CROSS, 1)],
        examples=data.CENTRED.filter(data.clear),
        count=4,
    ),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("active_directions")


def active_by_eigenvalues(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    variances = np.sort(np.linalg.eigvalsh(centred.T @ centred / len(X)))[::-1].clip(0)
    floor = beta / 2
    return int(np.sum(variances[:k] > floor))


edited = CATALOGUE.edits("active_directions", active_by_eigenvalues)

edited(
    "the places instead of their number",
    "The places of the active directions came back. How many there are is asked: one whole number.",
    ("int(np.sum(variances[:k] > floor))", "np.flatnonzero(variances[:k] > floor)"),
)


slips_of_spectrum(edited, oracles.active_directions)

edited(
    "all directions are counted, not the first k",
    "There are only k latent dimensions: no more than k directions can be used.",
    ("variances[:k]", "variances"),
)

edited(
    "the weakest directions are counted",
    "The k smallest variances were looked at. See in which order your eigenvalues come.",
    ("variances[:k]", "variances[::-1][:k]"),
)

edited("the collapsed directions are counted", "This is how many are not used.", ("> floor", "<= floor"))

edited(
    "a tie counts as active",
    "A variance that equals the threshold exactly is not worth its price.",
    ("> floor", ">= floor * (1 - 1e-12)"),
)

edited(
    "one too few",
    "The number is one too small. Counting starts at 0.",
    ("int(np.sum(variances[:k] > floor))", "max(int(np.sum(variances[:k] > floor)) - 1, 0)"),
)

edited(
    "one too many",
    "The number is one too large. Counting starts at 0.",
    ("int(np.sum(variances[:k] > floor))", "int(np.sum(variances[:k] > floor)) + 1"),
)

edited(
    "k minus one",
    "Only the first k - 1 directions were looked at. See where your slice ends.",
    ("variances[:k]", "variances[: k - 1]"),
)

edited(
    "a threshold of one",
    "The variances were compared with 1. When a direction is worth its price depends on beta.",
    ("floor = beta", "beta"),
    ("> floor", "> 1"),
)

edited(
    "everything that varies is counted",
    "Every direction with some variance was counted: that is the rank of the data. A VAE pays for what it keeps.",
    ("floor = beta", "beta"),
    ("> floor", "> 1e-12"),
)

edited(
    "the root of half of beta",
    "Standard deviations and variances were mixed: one side of the comparison is a root.",
    ("> floor", "> np.sqrt(floor)"),
)

edited(
    "the square of beta", "beta itself takes the place of a variance: it is not squared.", ("beta / 2", "beta**2 / 2")
)

edited("one over beta", "A larger beta makes fewer directions worth their price.", ("beta / 2", "1 / (2 * beta)"))

edited(
    "variances relative to the largest",
    "The variances were divided by the largest one. The threshold is one for variances as they are.",
    ("> floor", "> floor * variances[0]"),
)

edited(
    "shares of the total variance",
    "The variances were divided by their sum. The threshold is one for variances as they are.",
    ("> floor", "> floor * np.sum(variances)"),
)

edited(
    "a mask instead of a number",
    "One answer for each direction came back. Their number is asked.",
    ("int(np.sum(variances[:k] > floor))", "np.append(variances[:k] > floor, False)"),
    also=[
        [("int(np.sum(variances[:k] > floor))", "variances[:k] > floor")],
        [("int(np.sum(variances[:k] > floor))", "variances[: min(X.shape)][:k] > floor")],
    ],
)


@variant
def active_loop(X: Any, k: Any, beta: Any = 1.0) -> Any:
    values = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / X.shape[0]
    count = 0
    for value in values[:k]:
        if 2 * value > beta:
            count += 1
    return count


@variant
def active_least(X: Any, k: Any, beta: Any = 1.0) -> Any:
    values = np.linalg.eigvalsh(np.cov(X.T, bias=True).reshape(X.shape[1], X.shape[1]))
    return min(k, int(np.count_nonzero(values > beta / 2)))


@variant
def active_by_widths(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    values = np.sort(np.linalg.eigvalsh(centred.T @ centred / len(X)))[::-1][:k]
    return np.sum(np.maximum(values, 1e-300) / (beta / 2) > 1)


@variant
def active_float(X: Any, k: Any, beta: Any = 1.0) -> Any:
    lengths = np.linalg.svd((X - X.mean(axis=0)) / np.sqrt(len(X)))[1]
    return float(sum(lengths[:k] ** 2 > 0.5 * beta))


@variant
def active_gram(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    values = np.linalg.eigvalsh(centred @ centred.T) / len(X)
    return np.array(np.sum(values[::-1][:k] > beta / 2))
