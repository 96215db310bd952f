"""More mistakes of `active_units`: what is averaged before it is compared, and what is counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake


@mistake(
    "active_units",
    "the KL of averages",
    "mu and sigma were averaged over the samples first. Means of opposite sign cancel: take each sample's KL, then count.",
)
def mask_kl_of_averages(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    mu, sigma = mu.mean(axis=0), sigma.mean(axis=0)
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta


@mistake(
    "active_units",
    "the KL of averaged squares",
    "The squares of mu and sigma were averaged first, as in the chapter's table. Here each sample's KL is compared, then counted.",
)
def mask_kl_of_squares(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    squared, variance = (mu**2).mean(axis=0), (sigma**2).mean(axis=0)
    return 0.5 * (squared + variance - np.log(variance) - 1) > delta


@mistake(
    "active_units",
    "the KL of all samples together",
    "The KL was added up over the samples before comparing. Compare every sample, then count how many are above.",
)
def mask_summed(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).sum(axis=0) > delta


@mistake(
    "active_units",
    "the fractions come back",
    "The share of samples above delta came back. Compare it with fraction, so that True or False is left.",
)
def mask_fractions(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).mean(axis=0)


@mistake(
    "active_units",
    "the constant of the KL is missing",
    "The KL compared with delta is one half too large: the constant is missing in its bracket.",
)
def mask_without_constant(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2) - np.log(sigma) > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "one answer for each entry",
    "Every sample and dimension has its own True or False. Count down each column, so that one a dimension is left.",
)
def mask_entries(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta


@mistake(
    "active_units",
    "one answer for all dimensions",
    "The count runs over all entries. Count down each column, so that one answer a dimension is left.",
)
def mask_all(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).mean() >= fraction


@mistake(
    "active_units",
    "a single dimension loses its axis",
    "For one dimension a bare True or False came back. One answer a dimension means shape (k,), which is (1,) there.",
)
def mask_squeezed(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return np.squeeze((0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).mean(axis=0) >= fraction)


@mistake(
    "active_units",
    "the count is rounded down",
    "The number of samples that are needed was made whole by rounding down: 2 of 5 pass for a half. Compare without rounding.",
)
def mask_rounded_down(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).sum(axis=0) >= int(fraction * len(mu))


@mistake(
    "active_units",
    "delta and fraction are swapped",
    "The KL is compared with fraction and the share of samples with delta. It is the other way round.",
)
def mask_thresholds_swapped(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > fraction).mean(axis=0) >= delta


@mistake(
    "active_units",
    "the last sample is left out",
    "The last sample was not counted, but the count was compared with the fraction of all samples.",
)
def mask_without_last(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta)[:-1].sum(axis=0) >= fraction * len(mu)
