"""Known mistakes of gaussian_kl, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "gaussian_kl",
    "sigma where the variance belongs",
    "The width enters as sigma in a place that needs sigma squared. Check what the second argument of N(., .) is.",
)
def kl_sigma_for_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "sigma where the variance belongs, outside the logarithm",
    "The logarithm treats sigma as a standard deviation, the term beside it treats it as a variance.",
)
def kl_sigma_not_squared(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "log sigma where log variance belongs",
    "One term uses the logarithm of sigma, but the formula speaks of the logarithm of the variance.",
)
def kl_log_sigma_for_log_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "sigma squared twice",
    "sigma is already a standard deviation: squared once it is the variance, squared twice it is too much.",
)
def kl_sigma_fourth(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**4 - np.log(sigma**4) - 1)


@mistake(
    "gaussian_kl",
    "sigma read as a log variance",
    "sigma arrives as a standard deviation here, not as a log variance; no exponential is needed.",
)
def kl_sigma_as_log_var(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(sigma) - sigma - 1)


@mistake(
    "gaussian_kl",
    "a factor of one half is missing",
    "Every value is twice what it should be. Look at the factor in front of the whole bracket.",
    share=SLIP,
)
def kl_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2 + sigma**2 - 2 * np.log(sigma) - 1


@mistake(
    "gaussian_kl",
    "a factor of one half too many",
    "Every value is half of what it should be. Look at the factors you multiply by.",
    share=SLIP,
)
def kl_quarter(mu: Any, sigma: Any) -> Any:
    return 0.25 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "the shift lost its one half",
    "The part that depends on mu is twice what it should be; the part that depends on sigma is right.",
)
def kl_shift_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2 + 0.5 * (sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "the constant is missing",
    "Every value is too large by the same amount, and the prior itself costs something. A constant is missing in the bracket.",
)
def kl_without_minus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma))


@mistake(
    "gaussian_kl",
    "the constant has the wrong sign or size",
    "Every value is off by the same amount. Put in the prior and see what must come out: 0.",
)
def kl_plus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) + 1)


@mistake(
    "gaussian_kl",
    "the constant stands outside the bracket",
    "The constant is subtracted whole, although the one half belongs to it as well.",
)
def kl_constant_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma)) - 1


@mistake(
    "gaussian_kl",
    "the sign is turned round",
    "Every value is the negative of what it should be. A KL divergence is never negative.",
    share=SLIP,
)
def kl_negative(mu: Any, sigma: Any) -> Any:
    return 0.5 * (1 + 2 * np.log(sigma) - mu**2 - sigma**2)


@mistake(
    "gaussian_kl",
    "the logarithm has the wrong sign",
    "The logarithm is added where it must be taken away: narrow posteriors must cost more, not less.",
)
def kl_plus_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 + 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "the KL the other way round",
    "This is KL(prior || posterior). The order of the two distributions matters: look which one the average is over.",
)
def kl_reversed(mu: Any, sigma: Any) -> Any:
    return np.log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5


@mistake(
    "gaussian_kl",
    "|mu| where mu squared belongs",
    "The cost of a shift grows like the shift itself here; it must grow like its square.",
)
def kl_absolute_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (np.abs(mu) + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "mu is not squared",
    "mu enters with its sign, so shifting left seems to earn something. It must enter by its square.",
)
def kl_plain_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu + sigma**2 - 2 * np.log(sigma) - 1)


@mistake("gaussian_kl", "a logarithm to another base", "The logarithm is to base 2. In nats it is the natural one.")
def kl_base_two(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log2(sigma) - 1)


@mistake("gaussian_kl", "a logarithm to base 10", "The logarithm is to base 10. In nats it is the natural one.")
def kl_base_ten(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log10(sigma) - 1)


@mistake("gaussian_kl", "bits instead of nats", "The whole KL is in bits. Here it is measured in nats.", share=SLIP)
def kl_in_bits(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1) / np.log(2)


@mistake(
    "gaussian_kl",
    "summed although asked elementwise",
    "The numbers were added up. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_summed(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1))


@mistake(
    "gaussian_kl",
    "averaged although asked elementwise",
    "The numbers were averaged. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_averaged(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1))


@mistake(
    "gaussian_kl",
    "summed over the last axis although asked elementwise",
    "The last axis is gone. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_summed_last(mu: Any, sigma: Any) -> Any:
    kl = 0.5 * (np.asarray(mu) ** 2 + np.asarray(sigma) ** 2 - 2 * np.log(sigma) - 1)
    return kl.sum(axis=-1) if kl.ndim else kl


@mistake(
    "gaussian_kl",
    "the shift is missing",
    "mu has no influence at all: a posterior far from 0 costs as much as one at 0.",
)
def kl_without_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (sigma**2 - 2 * np.log(sigma) - 1) + 0 * np.asarray(mu)


@mistake(
    "gaussian_kl",
    "the logarithm is missing",
    "sigma enters by its square alone: a posterior that gets ever narrower must get ever more costly.",
)
def kl_without_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) + 0 * np.asarray(sigma)


@mistake(
    "gaussian_kl",
    "a small number added inside the logarithm",
    "Something is added to sigma before the logarithm is taken. sigma is never 0 here, and narrow posteriors come out wrong.",
)
def kl_eps_in_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(np.asarray(sigma) + 1e-3) - 1)


@mistake(
    "gaussian_kl",
    "sigma is clipped",
    "sigma is pushed into a range before use, so that narrow or wide posteriors come out wrong.",
)
def kl_clipped(mu: Any, sigma: Any) -> Any:
    sigma = np.clip(sigma, 0.01, 10)
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
)
def kl_float16(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.float16(mu), np.float16(sigma)
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "mu is changed in place",
    "mu was squared in place, so that the caller's array is different afterwards. Make a new array.",
)
def kl_in_place(mu: Any, sigma: Any) -> Any:
    if np.ndim(mu) == 0 or np.shape(mu) != np.broadcast_shapes(np.shape(mu), np.shape(sigma)):
        return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)
    mu *= mu
    return 0.5 * (mu + sigma**2 - 2 * np.log(sigma) - 1)
