"""Known mistakes of kl_shift_spread, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "kl_shift_spread",
    "the two parts are swapped",
    "The first part must be the one that depends on mu, the second the one that depends on sigma.",
    share=SLIP,
)
def parts_swapped(mu: Any, sigma: Any) -> Any:
    return 0.5 * (sigma**2 - 1) - np.log(sigma), 0.5 * mu**2


@mistake("kl_shift_spread", "both parts lost their one half", "Both parts are twice what they should be.", share=SLIP)
def parts_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2, sigma**2 - 2 * np.log(sigma) - 1


@mistake("kl_shift_spread", "the shift lost its one half", "The shift is twice what it should be; the spread is right.")
def parts_shift_double(mu: Any, sigma: Any) -> Any:
    return mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake(
    "kl_shift_spread", "the spread lost its one half", "The spread is twice what it should be; the shift is right."
)
def parts_spread_double(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, sigma**2 - 2 * np.log(sigma) - 1


@mistake(
    "kl_shift_spread", "sigma where the variance belongs", "The spread uses sigma in places that need sigma squared."
)
def parts_sigma_for_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma - np.log(sigma) - 1)


@mistake(
    "kl_shift_spread",
    "log sigma where log variance belongs",
    "The spread uses the logarithm of sigma where the logarithm of the variance belongs.",
)
def parts_log_sigma(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma) - 1)


@mistake(
    "kl_shift_spread",
    "the constant is missing in the spread",
    "The spread of the prior itself must be 0: a constant is missing.",
)
def parts_without_constant(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * sigma**2 - np.log(sigma)


@mistake(
    "kl_shift_spread",
    "the spread has the wrong sign",
    "The spread comes out as the negative of what it should be; no part of a KL is below 0 here.",
)
def parts_negative_spread(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (1 - sigma**2) + np.log(sigma)


@mistake(
    "kl_shift_spread", "|mu| where mu squared belongs", "The shift grows like mu itself; it must grow like its square."
)
def parts_absolute(mu: Any, sigma: Any) -> Any:
    return 0.5 * np.abs(mu), 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake(
    "kl_shift_spread",
    "the second part is the total",
    "The second number is the whole KL. The two parts must add up to it.",
)
def parts_total(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "kl_shift_spread",
    "one number instead of two parts",
    "The whole KL came back as one number or array. Return the two parts as a pair.",
)
def parts_only_total(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "kl_shift_spread",
    "the parts are summed up",
    "Each part was added up to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    share=SLIP,
)
def parts_summed(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * mu**2), np.sum(0.5 * (sigma**2 - 1) - np.log(sigma))
