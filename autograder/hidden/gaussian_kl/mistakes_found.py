"""More mistakes in the divergences of 03_gaussian_kl, met in submissions that nobody had foreseen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.problem import Call
from .. import oracles
from ..catalogue import Catalogue, imprecise
from ..tells import LOG_VAR_BOUNDS, bounded, with_something_added

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


def _added(eps: float, power: int, call: Call) -> Any:
    mu, sigma = call.args
    return 0.5 * (np.square(mu) + np.square(sigma) - 2 / power * np.log(np.power(sigma, power) + eps) - 1)


@mistake(
    "gaussian_kl",
    "the spread lost its one half",
    "The part that depends on sigma is twice what it should be; the part that depends on mu is right.",
)
def kl_spread_without_half(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + sigma**2 - 2 * np.log(sigma) - 1


@mistake(
    "gaussian_kl",
    "the logarithm lost its one half",
    "The logarithm of the variance is taken away whole; the one half before the bracket belongs to it as well.",
)
def kl_log_without_half(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - 2 * np.log(sigma)


@mistake(
    "gaussian_kl",
    "mu squared has the wrong sign",
    "A posterior far from 0 seems to earn something. mu squared is a cost and must be added.",
)
def kl_minus_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (-(mu**2) + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "gaussian_kl", "the spread is missing", "sigma has no influence: every width costs as much as that of the prior."
)
def kl_without_spread(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + 0 * np.asarray(sigma)


@mistake(
    "gaussian_kl",
    "the logarithm is squared",
    "The logarithm of sigma was squared. What is meant is the logarithm of sigma squared, which is twice that of sigma.",
)
def kl_squared_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma) ** 2 - 1)


@mistake(
    "gaussian_kl",
    "a function for single floats",
    "It works for floats, but not for arrays: functions of `math` and `if` take one number. Those of numpy take both.",
)
def kl_by_math(mu: Any, sigma: Any) -> Any:
    import math

    return 0.5 * (mu**2 + sigma**2 - 2 * math.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "both arguments are changed in place",
    "mu and sigma were squared in place, so that the caller's arrays are different afterwards. Make new arrays.",
)
def kl_both_in_place(mu: Any, sigma: Any) -> Any:
    mu **= 2
    sigma **= 2
    return 0.5 * (mu + sigma - np.log(sigma) - 1)


@mistake(
    "gaussian_kl",
    "something is added in the logarithm",
    "A small number stands beside sigma, or its square, in the logarithm. sigma is never 0 here, and narrow posteriors come out wrong.",
    tell=with_something_added(_added, oracles.gaussian_kl),
)
def kl_eps_beside_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma**2 + 1e-6) - 1)


@mistake(
    "gaussian_kl",
    "only the first digits are right",
    "The numbers are near the right ones, but not equal: rounding, or an average over draws, loses digits. Use the formula as it is.",
    tell=imprecise(oracles.gaussian_kl, 0.05),
)
def kl_rounded(mu: Any, sigma: Any) -> Any:
    return np.round(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1), 3)


@mistake(
    "kl_shift_spread",
    "the constant stands in the shift",
    "The constant was put to the wrong part: at mu = 0 the shift is not 0, and at sigma = 1 the spread is not.",
)
def parts_constant_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 - 1), 0.5 * sigma**2 - np.log(sigma)


@mistake(
    "kl_shift_spread",
    "the constant is shared out",
    "Each part got half of the constant. It belongs to the part that is not 0 at the prior without it.",
)
def parts_constant_shared(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 - 0.5), 0.5 * (sigma**2 - 0.5) - np.log(sigma)


@mistake("kl_shift_spread", "the total comes back as well", "Three things came back. Return the two parts alone.")
def parts_with_total(mu: Any, sigma: Any) -> Any:
    shift, spread = 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)
    return shift, spread, shift + spread


@mistake(
    "kl_shift_spread",
    "the parts are averaged",
    "Each part was averaged to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    share=SLIP,
)
def parts_averaged(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * mu**2), np.mean(0.5 * (sigma**2 - 1) - np.log(sigma))


@mistake(
    "kl_shift_spread",
    "the logarithm has the wrong sign",
    "The logarithm is added in the spread where it must be taken away: narrow posteriors must cost more, not less.",
)
def parts_plus_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) + np.log(sigma)


@mistake(
    "kl_shift_spread",
    "the logarithm is missing",
    "The spread holds sigma squared alone: a posterior that gets ever narrower must get ever more costly.",
)
def parts_without_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1)


@mistake("kl_shift_spread", "mu is not squared", "The shift has the sign of mu. It must grow like the square of mu.")
def parts_plain_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu, 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake("kl_shift_spread", "the logarithm stands in the shift", "The logarithm of sigma belongs to the spread.")
def parts_log_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 - np.log(sigma), 0.5 * (sigma**2 - 1)


@mistake("kl_shift_spread", "a logarithm to another base", "The logarithm is to base 2. In nats it is the natural one.")
def parts_base_two(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log2(sigma)


@mistake(
    "kl_shift_spread",
    "the logarithm is squared",
    "The logarithm of sigma was squared. What is meant is the logarithm of sigma squared, which is twice that of sigma.",
)
def parts_squared_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma) ** 2 - 1)


@mistake(
    "kl_from_log_var",
    "averaged over samples and dimensions",
    "Everything was averaged. Each sample keeps one number, the sum over its dimensions.",
    share=SLIP,
)
def rows_mean_all(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "kl_from_log_var",
    "a single sample loses its axis",
    "For one sample a bare number came back. One number a sample means shape (n,), which is (1,) there.",
)
def rows_squeezed(mu: Any, log_var: Any) -> Any:
    return np.squeeze(0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1))


@mistake(
    "kl_from_log_var", "the variance is squared", "exp(log_var) is the variance already; it was squared once more."
)
def rows_variance_squared(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) ** 2 - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "the logarithm of log_var",
    "A logarithm was taken of log_var, which may be negative. log_var is a logarithm already.",
)
def rows_log_of_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + log_var - np.log(log_var) - 1, axis=1)


@mistake("kl_from_log_var", "mu is not squared", "mu enters with its sign. It must enter by its square.")
def rows_plain_mu(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var",
    "log_var is kept within bounds",
    "Beyond some bound log_var was replaced by the bound, so that extreme posteriors come out wrong. The formula needs no bounds.",
    tell=bounded(oracles.kl_from_log_var, 1, [-bound for bound in LOG_VAR_BOUNDS], LOG_VAR_BOUNDS, 0.0, 1e-9, 1e-12),
)
def rows_bounded(mu: Any, log_var: Any) -> Any:
    log_var = np.clip(log_var, -30, 20)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "kl_from_log_var", "only the first sample", "The loop returned in its first round. Collect all samples' numbers."
)
def rows_first(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu[0] ** 2 + np.exp(log_var[0]) - log_var[0] - 1)
