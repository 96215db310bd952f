"""Hidden checks of `active_units`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths
from ...checks.exercise import Check
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..values import values, with_large
from .shared import IN_PLACE, SLIP


def _uneven(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors with some dimensions near the prior: the share of awake samples differs from dimension to dimension."""
    n, k = draw(st.integers(3, 9)), draw(st.integers(2, 5))
    awake = np.array([[draw(st.booleans()) for _ in range(k)] for _ in range(n)])
    mu = np.where(awake, draw(arrays((n, k), hundredths(0.5, 2))), draw(arrays((n, k), hundredths(-0.05, 0.05))))
    sigma = np.where(awake, draw(arrays((n, k), hundredths(0.3, 1.6))), 1.0)
    return mu, sigma


_UNEVEN = st.composite(_uneven)()


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


_NARROWLY = st.composite(_narrowly)()
_MASKED = (np.array([[2.0, 0.0, 1.0], [1.5, 0.0, 0.0], [-2.0, 0.1, 0.0]]), np.ones((3, 3)))
_FAINT = (np.array([[0.2, 0.2], [0.0, 0.2], [0.0, 0.0], [0.0, 0.2], [0.0, 0.0]]), np.ones((5, 2)))
_WIDE = (np.zeros((2, 2)), np.array([[1.0, 3.0], [1.0, 0.2]]))
_QUARTERS = (
    np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0, 0.0]]),
    np.ones((4, 4)),
)


def _many(draw: np.random.Generator) -> tuple[Any, Any]:
    """Many samples and dimensions, each dimension used by another share of the samples, none by exactly half of them."""
    used = draw.random((151, 13)) < draw.uniform(0.2, 0.8, 13)
    mu = np.where(used, draw.uniform(0.5, 2, used.shape), draw.uniform(-0.05, 0.05, used.shape))
    return mu, np.where(used, draw.uniform(0.3, 0.9, used.shape), draw.uniform(0.98, 1.02, used.shape))


CHECKS: tuple[Check, ...] = (
    values(
        "ordinary inputs",
        "A dimension is active when its KL exceeds delta for the required fraction of samples.",
        oracles.active_units,
        points=1.25,
        first=[_MASKED, _FAINT, _WIDE],
        # Another default value costs the first ones alone, and hides nothing of these.
        examples=st.tuples(_UNEVEN, st.just(0.01), st.just(0.5)).map(lambda drawn: (*drawn[0], *drawn[1:])),
        count=16,
    ),
    values(
        "ties",
        "Exactly the required fraction is enough: at least, not more than.",
        oracles.active_units,
        points=0.75,
        first=[(*_QUARTERS, 0.01, fraction) for fraction in (0.25, 0.5, 0.75)],
    ),
    values(
        "narrowly",
        "A KL slightly above delta counts, one slightly below does not.",
        oracles.active_units,
        points=0.75,
        first=[(np.array([[0.2], [0.0]]), np.array([[0.95], [1.15]]), 0.02, 1.0)],
        examples=_NARROWLY.map(lambda drawn: (*drawn, 0.5)),
        count=12,
    ),
    values(
        "delta and fraction",
        "Other thresholds and fractions are obeyed.",
        oracles.active_units,
        points=0.75,
        first=[
            (*_MASKED, 0.01, 0.9),
            (*_MASKED, 0.6, 0.3),
            (*_MASKED, 3.0, 0.1),
            (np.array([[0.3, 0.0, 2.0]]), np.ones((1, 3)), 0.03, 0.6),
            # These show whether the default values are those that are asked for.
            (*_MASKED, 0.01, 0.5),
            (*_FAINT, 0.01, 0.5),
            (*_WIDE, 0.01, 0.5),
        ],
        examples=st.tuples(
            _UNEVEN, st.sampled_from([0.003, 0.03, 0.21, 0.9]), st.sampled_from([0.1, 0.35, 0.62, 0.97])
        ).map(lambda drawn: (*drawn[0], drawn[1], drawn[2])),
        count=16,
    ),
)
CHECKS = with_large(CHECKS, oracles.active_units, lambda draw: _many(draw), points=0.25)

BUILDS_ON = ("gaussian_kl", "kl_shift_spread")

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("active_units")


@variant
def mask_of_shares(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    above = kl > delta
    share = above.mean(axis=0)
    return share >= fraction


edited = CATALOGUE.edits("active_units", mask_of_shares)

edited(
    "the average KL is compared with delta",
    "The KL was averaged over the samples before comparing. Compare every sample, then count how many are above.",
    ("kl > delta", "kl"),
    ("share >= fraction", "share > delta"),
)
edited(
    "more than the fraction instead of at least",
    "A dimension with exactly the required fraction of samples above delta counts as active.",
    ("share >= fraction", "share > fraction"),
)
edited(
    "any one sample is enough",
    "One sample above delta made the dimension active; it takes the required fraction of them.",
    ("share >= fraction", "share > 0"),
)
edited(
    "every sample is required",
    "All samples had to be above delta; the required fraction of them is enough.",
    ("share >= fraction", "share >= 1"),
)
edited(
    "idle and active are swapped",
    "The mask marks the collapsed dimensions. True must mean active.",
    ("share >= fraction", "~(share >= fraction)"),
    share=SLIP,
)
edited(
    "counted along the wrong axis",
    "There is one answer per sample. Rows are samples, so the count runs down each column.",
    ("axis=0", "axis=1"),
)
edited("delta has no effect", "The threshold is always 0.01, whatever delta is.", ("> delta", "> 0.01"))
edited(
    "fraction has no effect", "Half of the samples are always enough, whatever fraction is.", (">= fraction", ">= 0.5")
)


@mistake(
    "judged by the variance of the means",
    "The spread of the means was compared with delta. The chapter's rule asks for the KL of each sample.",
)
def mask_variance(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return mu.var(axis=0) > delta


edited(
    "judged by the width alone",
    "Only sigma was looked at. A dimension whose means are spread out is active although its sigma is near 1.",
    ("mu**2 + ", "0 * mu + "),
)
edited(
    "numbers of the dimensions instead of a mask",
    "The numbers of the active dimensions came back. Return one True or False for each dimension.",
    ("share >= fraction", "np.flatnonzero(share >= fraction)"),
)
edited(
    "how many instead of which",
    "The number of active dimensions came back. Return one True or False for each dimension.",
    ("share >= fraction", "int(np.sum(share >= fraction))"),
)
edited(
    "the KL lost its one half",
    "The KL compared with delta is twice what it should be.",
    ("0.5 * (", "("),
    ("- np", "- 2 * np"),
)
edited(
    "sigma where the variance belongs",
    "The KL compared with delta uses sigma where the variance belongs.",
    ("sigma**2 - 1", "sigma - 1"),
    ("- np", "- 0.5 * np"),
)
edited(
    "log sigma where log variance belongs",
    "The KL compared with delta uses the logarithm of sigma where that of the variance belongs.",
    ("- np", "- 0.5 * np"),
)
edited(
    "the shift alone",
    "Only mu was looked at. A dimension can be active by its width as well.",
    ("0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)", "0.5 * mu**2"),
)
edited(
    "the KL summed over the dimensions",
    "The KL of all dimensions together was compared with delta. Each dimension has its own.",
    ("kl > delta", "kl.sum(axis=1, keepdims=True) + 0 * mu > delta"),
)
edited(
    "the KL of averages",
    "mu and sigma were averaged over the samples first. Means of opposite sign cancel: take each sample's KL, then count.",
    ("    kl =", "    mu, sigma = mu.mean(axis=0), sigma.mean(axis=0)\n    kl ="),
    ("above.mean(axis=0)", "above"),
    ("share >= fraction", "share"),
)


@mistake(
    "the KL of averaged squares",
    "The squares of mu and sigma were averaged first, as in the chapter's table. Here each sample's KL is compared, then counted.",
)
def mask_kl_of_squares(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    squared, variance = (mu**2).mean(axis=0), (sigma**2).mean(axis=0)
    return 0.5 * (squared + variance - np.log(variance) - 1) > delta


edited(
    "the KL of all samples together",
    "The KL was added up over the samples before comparing. Compare every sample, then count how many are above.",
    ("kl > delta", "kl.sum(axis=0) > delta"),
    ("above.mean(axis=0)", "above"),
    ("share >= fraction", "share"),
)
edited(
    "the fractions come back",
    "The share of samples above delta came back. Compare it with fraction, so that True or False is left.",
    ("share >= fraction", "share"),
)
edited(
    "the constant of the KL is missing",
    "The KL compared with delta is one half too large: the constant is missing in its bracket.",
    ("sigma**2 - 1", "sigma**2"),
)
edited(
    "one answer for each entry",
    "Every sample and dimension has its own True or False. Count down each column, so that one a dimension is left.",
    ("above.mean(axis=0)", "above"),
    ("share >= fraction", "share"),
)
edited(
    "one answer for all dimensions",
    "The count runs over all entries. Count down each column, so that one answer a dimension is left.",
    ("axis=0", ""),
)
edited(
    "a single dimension loses its axis",
    "For one dimension a bare True or False came back. One answer a dimension means shape (k,), which is (1,) there.",
    ("share >= fraction", "np.squeeze(share >= fraction)"),
)
edited(
    "the count is rounded down",
    "The number of samples that are needed was made whole by rounding down: 2 of 5 pass for a half. Compare without rounding.",
    ("above.mean(axis=0)", "above.sum(axis=0)"),
    ("share >= fraction", "share >= int(fraction * len(mu))"),
)
edited(
    "delta and fraction are swapped",
    "The KL is compared with fraction and the share of samples with delta. It is the other way round.",
    ("> delta", "> fraction"),
    (">= fraction", ">= delta"),
)
edited(
    "the last sample is left out",
    "The last sample was not counted, but the count was compared with the fraction of all samples.",
    ("above.mean(axis=0)", "above[:-1].sum(axis=0)"),
    ("share >= fraction", "share >= fraction * len(mu)"),
)


@mistake(
    "delta or fraction mean something else when left out",
    "Where they are left out, delta must mean 0.01 and fraction 0.5.",
    tell=left_out(oracles.active_units, np.array_equal),
)
def mask_default(mu: Any, sigma: Any, delta: Any = 0.1, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).mean(axis=0) >= fraction


edited(
    "sigma read as a log variance",
    "The KL compared with delta has sigma in an exponent. It is the standard deviation.",
    ("sigma**2 - 1", "np.exp(sigma) - 1"),
    ("np.log(sigma)", "0.5 * sigma"),
)
edited(
    "the KL the other way round",
    "The KL compared with delta is that of the prior from the posterior.",
    ("0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)", "np.log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5"),
)
edited(
    "the sum is divided by the number of dimensions",
    "The samples above delta were counted, but divided by k. Divide by n.",
    ("above.mean(axis=0)", "above.sum(axis=0) / mu.shape[1]"),
)
edited(
    "the average KL is compared with fraction",
    "The KL was averaged and compared with fraction. Compare each KL with delta, and count.",
    ("kl > delta", "kl"),
)
edited(
    "delta and fraction cannot be left out",
    "delta and fraction have no default values. Give them some in the first line.",
    ("delta: Any = 0.01, fraction: Any = 0.5", "delta: Any, fraction: Any"),
)
edited(
    "the axis is kept",
    "The mask has two axes, (1, k). One True or False for each dimension means shape (k,).",
    ("axis=0", "axis=0, keepdims=True"),
)


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.active_units, np.array_equal))
def mask_in_place(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    sigma **= 2
    return (0.5 * (mu**2 + sigma - np.log(sigma) - 1) > delta).mean(axis=0) >= fraction


@variant
def mask_mean(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) >= fraction


@variant
def mask_counts(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2) - 1)
    return np.sum(kl > delta, axis=0) >= fraction * mu.shape[0]


@variant
def mask_list(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    n, k = mu.shape
    mask = []
    for j in range(k):
        kl = [0.5 * (mu[i, j] ** 2 + sigma[i, j] ** 2 - 1) - np.log(sigma[i, j]) for i in range(n)]
        mask.append(bool(sum(value > delta for value in kl) / n >= fraction))
    return mask


@variant
def mask_quantile(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = np.sort(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=0)[::-1]
    needed = max(int(np.ceil(fraction * len(kl) - 1e-9)), 1)
    return kl[needed - 1] > delta


@variant
def mask_not_idle(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = (mu**2 + sigma**2 - 1) / 2 - np.log(sigma)
    idle = np.count_nonzero(kl <= delta, axis=0)
    return ~(idle > (1 - fraction) * len(mu))
