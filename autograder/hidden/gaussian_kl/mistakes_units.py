"""Known mistakes of `active_units`, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "active_units",
    "the average KL is compared with delta",
    "The KL was averaged over the samples before comparing. Compare every sample, then count how many are above.",
)
def mask_mean_kl(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return kl.mean(axis=0) > delta


@mistake(
    "active_units",
    "more than the fraction instead of at least",
    "A dimension with exactly the asked fraction of samples above delta counts as active.",
)
def mask_strict(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) > fraction


@mistake(
    "active_units",
    "any one sample is enough",
    "One sample above delta made the dimension active; it takes the asked fraction of them.",
)
def mask_any(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).any(axis=0)


@mistake(
    "active_units",
    "every sample is required",
    "All samples had to be above delta; the asked fraction of them is enough.",
)
def mask_all(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).all(axis=0)


@mistake(
    "active_units",
    "idle and active are swapped",
    "The mask marks the collapsed dimensions. True must mean active.",
    share=SLIP,
)
def mask_inverted(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return ~((kl > delta).mean(axis=0) >= fraction)


@mistake(
    "active_units",
    "counted along the wrong axis",
    "There is one answer per sample. Rows are samples, so the count runs down each column.",
)
def mask_axis(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=1) >= fraction


@mistake("active_units", "delta has no effect", "The threshold is always 0.01, whatever delta is.")
def mask_fixed_delta(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > 0.01).mean(axis=0) >= fraction


@mistake("active_units", "fraction has no effect", "Half of the samples are always enough, whatever fraction is.")
def mask_fixed_fraction(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) >= 0.5


@mistake(
    "active_units",
    "judged by the variance of the means",
    "The spread of the means was compared with delta. The chapter's rule asks for the KL of each sample.",
)
def mask_variance(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return mu.var(axis=0) > delta


@mistake(
    "active_units",
    "judged by the width alone",
    "Only sigma was looked at. A dimension whose means are spread out is active although its sigma is near 1.",
)
def mask_width(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (sigma**2 - 1) - np.log(sigma) + 0 * mu
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "numbers of the dimensions instead of a mask",
    "The numbers of the active dimensions came back. Return one True or False for each dimension.",
)
def mask_indices(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return np.flatnonzero((kl > delta).mean(axis=0) >= fraction)


@mistake(
    "active_units",
    "how many instead of which",
    "The number of active dimensions came back. Return one True or False for each dimension.",
)
def mask_count(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return int(np.sum((kl > delta).mean(axis=0) >= fraction))


@mistake("active_units", "the KL lost its one half", "The KL compared with delta is twice what it should be.")
def mask_double_kl(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = mu**2 + sigma**2 - 1 - 2 * np.log(sigma)
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "sigma where the variance belongs",
    "The KL compared with delta uses sigma where the variance belongs.",
)
def mask_sigma_for_variance(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma - np.log(sigma) - 1)
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "log sigma where log variance belongs",
    "The KL compared with delta uses the logarithm of sigma where that of the variance belongs.",
)
def mask_log_sigma(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)
    return (kl > delta).mean(axis=0) >= fraction


@mistake("active_units", "the shift alone", "Only mu was looked at. A dimension can be active by its width as well.")
def mask_shift_alone(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * mu**2 > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "the KL summed over the dimensions",
    "The KL of all dimensions together was compared with delta. Each dimension has its own.",
)
def mask_summed(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).sum(axis=1, keepdims=True) + 0 * mu
    return (kl > delta).mean(axis=0) >= fraction
