"""Known mistakes of kl_from_log_var, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import oracles
from ..catalogue import Catalogue, imprecise

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "kl_from_log_var",
    "log_var read as log sigma",
    "exp(log_var) is the variance already; it was squared once more, as if log_var were log sigma.",
)
def rows_log_sigma(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(2 * log_var) - 2 * log_var - 1, axis=1)


@mistake(
    "kl_from_log_var", "sigma where the variance belongs", "exp(log_var / 2) is sigma; the KL needs the variance there."
)
def rows_sigma(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(0.5 * log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "half of log_var where all of it belongs",
    "The term beside the exponential is half of what it should be: log_var is the logarithm of the variance.",
)
def rows_half_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - 0.5 * log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "log_var read as the variance",
    "log_var was used as if it were the variance itself. Take its exponential where the variance is meant.",
)
def rows_as_variance(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + log_var - np.log(np.abs(log_var) + 1e-300) - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "averaged over the dimensions",
    "The dimensions were averaged. The KL of a sample is their sum.",
    share=SLIP,
)
def rows_mean(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "summed over samples and dimensions",
    "Everything was added up. Each sample keeps one number.",
    share=SLIP,
)
def rows_all(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "kl_from_log_var",
    "averaged over the samples as well",
    "The samples were averaged. Each sample keeps one number.",
    share=SLIP,
)
def rows_batch_mean(mu: Any, log_var: Any) -> Any:
    return np.mean(0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))


@mistake(
    "kl_from_log_var",
    "summed over the wrong axis",
    "The samples were added up, the dimensions kept. Rows are samples: the sum runs along each row.",
    share=SLIP,
)
def rows_wrong_axis(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=0)


@mistake(
    "kl_from_log_var",
    "not summed over the dimensions",
    "There is one number per sample and dimension; add the dimensions of each sample.",
    share=SLIP,
)
def rows_elementwise(mu: Any, log_var: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "kl_from_log_var",
    "the axis is kept",
    "The result has shape (n, 1); one number a sample means shape (n,).",
    share=SLIP,
)
def rows_keepdims(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1, keepdims=True)


@mistake("kl_from_log_var", "a factor of one half is missing", "Every value is twice what it should be.", share=SLIP)
def rows_without_half(mu: Any, log_var: Any) -> Any:
    return np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "the constant is missing",
    "Each dimension adds the same amount too much, and the prior itself costs something.",
)
def rows_without_constant(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var, axis=1)


@mistake(
    "kl_from_log_var",
    "the constant is taken away once a sample",
    "The constant belongs to every dimension; here it was subtracted once, after the sum.",
)
def rows_constant_once(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.sum(mu**2 + np.exp(log_var) - log_var, axis=1) - 1)


@mistake(
    "kl_from_log_var",
    "log_var with the wrong sign",
    "log_var is added where it must be taken away: narrow posteriors must cost more, not less.",
)
def rows_plus_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) + log_var - 1, axis=1)


@mistake("kl_from_log_var", "the sign is turned round", "Every value is the negative of what it should be.", share=SLIP)
def rows_negative(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1)


@mistake(
    "kl_from_log_var",
    "the KL the other way round",
    "This is KL(prior || posterior): the order of the two distributions matters.",
)
def rows_reversed(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(log_var + (1 + mu**2) * np.exp(-log_var) - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "log_var recovered from the variance",
    "exp and then log loses log_var where the variance is too small for a float: -800 comes back as -inf. Use log_var itself.",
)
def rows_through_sigma(mu: Any, log_var: Any) -> Any:
    variance = np.exp(log_var)
    return 0.5 * np.sum(mu**2 + variance - np.log(variance) - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "a small number added to the variance",
    "Something is added before the logarithm is taken, so narrow posteriors come out wrong. log_var needs no such help.",
)
def rows_eps(mu: Any, log_var: Any) -> Any:
    variance = np.exp(log_var)
    return 0.5 * np.sum(mu**2 + variance - np.log(variance + 1e-8) - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "log_var is clipped",
    "log_var is pushed into a range before use, so that extreme posteriors come out wrong.",
)
def rows_clipped(mu: Any, log_var: Any) -> Any:
    log_var = np.clip(log_var, -10, 10)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "about seven digits are right",
    "float32, or rounding, loses the rest. This KL is asked for in float64, to nine digits. Leave the arrays as they come.",
    tell=imprecise(oracles.kl_from_log_var, 1e-4, 1e-9),
)
def rows_float32(mu: Any, log_var: Any) -> Any:
    mu, log_var = mu.astype(np.float32), log_var.astype(np.float32)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake("kl_from_log_var", "log_var is changed in place", "log_var is different after the call. Make a new array.")
def rows_in_place(mu: Any, log_var: Any) -> Any:
    kl = mu**2 - log_var - 1
    np.exp(log_var, out=log_var)
    return 0.5 * np.sum(kl + log_var, axis=1)
