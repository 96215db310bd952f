"""Hidden checks of `gaussian_kl`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call, Check
from ...checks.gaussian_kl.shared import EXTREMES, PAIRS
from ...checks.judges import close
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import imprecise, in_place
from ..mistakes.regimes import bounded, with_something_added
from ..mistakes.terms import Term
from ..served import Served
from ..values import values, with_large
from .shared import BESIDE, BOUNDED, BROADCAST, CORNERS, HIGHS, IN_PLACE, LOWS, ROW_COLUMN, SLIP, THREE

CHECKS: tuple[Check, ...] = (
    values(
        "worked numbers",
        "The chapter's KL values come out.",
        oracles.gaussian_kl,
        points=0.5,
        earns=False,
        first=[(1.0, 1.0), (0.0, 2.0), (0.0, 0.3), (1.5, 1.0), (0.0, 3.0)],
    ),
    values(
        "ordinary inputs",
        "The KL divergence in nats, within 1e-5 relative.",
        oracles.gaussian_kl,
        points=1.75,
        first=[(np.array([1.0]), np.array([2.0]))],
        examples=PAIRS,
    ),
    values(
        "floats and broadcasting",
        "Floats and arrays that broadcast give the same KL.",
        oracles.gaussian_kl,
        points=0.75,
        first=[(1.0, 2.0), ROW_COLUMN, THREE, BESIDE],
        examples=BROADCAST,
    ),
    values(
        "extreme inputs",
        "The KL is right for |mu| up to 100 and sigma from 0.001 to 1000.",
        oracles.gaussian_kl,
        points=0.5,
        first=CORNERS,
        examples=EXTREMES,
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.gaussian_kl,
    lambda draw: (draw.uniform(-3, 3, (150, 12)), draw.uniform(0.2, 3, (150, 12))),
    points=0.25,
)

SERVED = Served(oracles.gaussian_kl, ("...", "..."))

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "gaussian_kl",
    Term("the term in mu²", lambda mu, sigma: np.square(mu) / 2),
    Term("the term in sigma²", lambda mu, sigma: np.square(sigma) / 2),
    Term("the term in log sigma", lambda mu, sigma: -np.log(sigma)),
    Term("the constant term", lambda mu, sigma: -0.5),
    tempting=[
        Term("a term in mu", lambda mu, sigma: np.divide(mu, 2)),
        Term("a term in |mu|", lambda mu, sigma: np.abs(mu) / 2),
        Term("a term in sigma", lambda mu, sigma: np.divide(sigma, 2)),
        Term("a term in sigma⁴", lambda mu, sigma: np.power(sigma, 4.0) / 2),
        Term("a term in 1/sigma", lambda mu, sigma: np.divide(0.5, sigma)),
        Term("a term in 1/sigma²", lambda mu, sigma: 0.5 / np.square(sigma)),
        Term("a term in mu/sigma", lambda mu, sigma: np.divide(mu, sigma) / 2),
        Term("a term in (mu/sigma)²", lambda mu, sigma: np.square(np.divide(mu, sigma)) / 2),
        Term("a term in mu·sigma", lambda mu, sigma: np.multiply(mu, sigma)),
        Term("a term in sigma·log sigma", lambda mu, sigma: -np.multiply(sigma, np.log(sigma))),
    ],
)
mistake, variant = CATALOGUE.of("gaussian_kl")


def _added(eps: float, power: int, call: Call) -> Any:
    mu, sigma = call.args
    return 0.5 * (np.square(mu) + np.square(sigma) - 2 / power * np.log(np.power(sigma, power) + eps) - 1)


def _off_by_one_number(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all answers are off by the same number."""
    pairs = [(answer.value, oracles.gaussian_kl(*call.args)) for call, answer in zip(calls, answers, strict=True)]
    off = float(np.median(np.concatenate([np.ravel(np.subtract(value, right)) for value, right in pairs])))
    return abs(off) > 1e-3 and all(close(value, right + off, 2e-5, 1e-5) for value, right in pairs)


@mistake(
    "sigma where the variance belongs",
    "The width enters as sigma in a place that needs sigma squared. Check what the second argument of N(., .) is.",
)
def kl_sigma_for_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)


@mistake(
    "sigma where the variance belongs, outside the logarithm",
    "The logarithm treats sigma as a standard deviation, the term beside it treats it as a variance.",
)
def kl_sigma_not_squared(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma - 2 * np.log(sigma) - 1)


@mistake(
    "log sigma where log variance belongs",
    "One term uses the logarithm of sigma, but the formula speaks of the logarithm of the variance.",
)
def kl_log_sigma_for_log_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)


@mistake(
    "sigma squared twice",
    "sigma is already a standard deviation: squared once it is the variance, squared twice it is too much.",
)
def kl_sigma_fourth(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**4 - np.log(sigma**4) - 1)


@mistake(
    "sigma read as a log variance",
    "sigma arrives as a standard deviation here, not as a log variance; no exponential is needed.",
)
def kl_sigma_as_log_var(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(sigma) - sigma - 1)


@mistake(
    "a factor of one half is missing",
    "Every value is twice what it should be. Look at the factor in front of the whole bracket.",
    share=SLIP,
)
def kl_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2 + sigma**2 - 2 * np.log(sigma) - 1


@mistake(
    "a factor of one half too many",
    "Every value is half of what it should be. Look at the factors you multiply by.",
    share=SLIP,
)
def kl_quarter(mu: Any, sigma: Any) -> Any:
    return 0.25 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "the shift lost its one half",
    "The part that depends on mu is twice what it should be.",
)
def kl_shift_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2 + 0.5 * (sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "the constant is missing",
    "Every value is too large by the same amount, and the prior itself costs something. A constant is missing in the bracket.",
)
def kl_without_minus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma))


@mistake(
    "the constant has the wrong sign or size",
    "Every value is off by the same amount. Put in the prior and see what must come out: 0.",
)
def kl_plus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) + 1)


@mistake(
    "the constant stands outside the bracket",
    "The constant is subtracted whole, although the one half belongs to it as well.",
)
def kl_constant_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma)) - 1


@mistake(
    "the sign is turned round",
    "Every value is the negative of what it should be. A KL divergence is never negative.",
    share=SLIP,
)
def kl_negative(mu: Any, sigma: Any) -> Any:
    return 0.5 * (1 + 2 * np.log(sigma) - mu**2 - sigma**2)


@mistake(
    "the logarithm has the wrong sign",
    "The logarithm is added where it must be taken away: narrow posteriors must cost more, not less.",
)
def kl_plus_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 + 2 * np.log(sigma) - 1)


@mistake(
    "the KL the other way round",
    "This is KL(prior || posterior). The order of the two distributions matters: look which one the average is over.",
)
def kl_reversed(mu: Any, sigma: Any) -> Any:
    return np.log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5


@mistake(
    "|mu| where mu squared belongs",
    "The cost of a shift grows like the shift itself here; it must grow like its square.",
)
def kl_absolute_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (np.abs(mu) + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "mu is not squared",
    "mu enters with its sign, so shifting left seems to earn something. It must enter by its square.",
)
def kl_plain_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu + sigma**2 - 2 * np.log(sigma) - 1)


@mistake("a logarithm to another base", "The logarithm is to base 2. In nats it is the natural one.")
def kl_base_two(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log2(sigma) - 1)


@mistake("a logarithm to base 10", "The logarithm is to base 10. In nats it is the natural one.")
def kl_base_ten(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log10(sigma) - 1)


@mistake("bits instead of nats", "The whole KL is in bits. Here it is measured in nats.", share=SLIP)
def kl_in_bits(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1) / np.log(2)


@mistake(
    "summed although asked elementwise",
    "The numbers were added up. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_summed(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1))


@mistake(
    "averaged although asked elementwise",
    "The numbers were averaged. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_averaged(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1))


@mistake(
    "summed over the last axis although asked elementwise",
    "The last axis is gone. Here every pair (mu, sigma) keeps a KL of its own.",
    share=SLIP,
)
def kl_summed_last(mu: Any, sigma: Any) -> Any:
    kl = 0.5 * (np.asarray(mu) ** 2 + np.asarray(sigma) ** 2 - 2 * np.log(sigma) - 1)
    return kl.sum(axis=-1) if kl.ndim else kl


@mistake("the shift is missing", "mu has no influence at all: a posterior far from 0 costs as much as one at 0.")
def kl_without_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (sigma**2 - 2 * np.log(sigma) - 1) + 0 * np.asarray(mu)


@mistake(
    "the logarithm is missing",
    "sigma enters by its square alone: a posterior that gets ever narrower must get ever more costly.",
)
def kl_without_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) + 0 * np.asarray(sigma)


@mistake(
    "a small number added inside the logarithm",
    "Something is added to sigma before the logarithm is taken. sigma is never 0 here, and narrow posteriors come out wrong.",
)
def kl_eps_in_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(np.asarray(sigma) + 1e-3) - 1)


@mistake(
    "sigma is clipped", "sigma is pushed into a range before use, so that narrow or wide posteriors come out wrong."
)
def kl_clipped(mu: Any, sigma: Any) -> Any:
    sigma = np.clip(sigma, 0.01, 10)
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "computed in float16", "Half precision has three digits and overflows above 65504. Leave the arrays as they come."
)
def kl_float16(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.float16(mu), np.float16(sigma)
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "mu is changed in place",
    "mu was squared in place, so that the caller's array is different afterwards. Make a new array.",
)
def kl_in_place(mu: Any, sigma: Any) -> Any:
    if np.ndim(mu) == 0 or np.shape(mu) != np.broadcast_shapes(np.shape(mu), np.shape(sigma)):
        return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)
    mu *= mu
    return 0.5 * (mu + sigma**2 - 2 * np.log(sigma) - 1)


@mistake(
    "the spread lost its one half",
    "The part that depends on sigma is twice what it should be.",
)
def kl_spread_without_half(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + sigma**2 - 2 * np.log(sigma) - 1


@mistake(
    "the logarithm lost its one half",
    "The logarithm of the variance is taken away whole; the one half before the bracket belongs to it as well.",
)
def kl_log_without_half(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - 2 * np.log(sigma)


@mistake(
    "mu squared has the wrong sign",
    "A posterior far from 0 seems to earn something. mu squared is a cost and must be added.",
)
def kl_minus_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * (-(mu**2) + sigma**2 - 2 * np.log(sigma) - 1)


@mistake("the spread is missing", "sigma has no influence: every width costs as much as that of the prior.")
def kl_without_spread(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + 0 * np.asarray(sigma)


@mistake(
    "the logarithm is squared",
    "The logarithm of sigma was squared. What is meant is the logarithm of sigma squared, which is twice that of sigma.",
)
def kl_squared_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma) ** 2 - 1)


@mistake(
    "a function for single floats",
    "It works for floats, but not for arrays: functions of `math` and `if` take one number. Those of numpy take both.",
)
def kl_by_math(mu: Any, sigma: Any) -> Any:
    import math

    return 0.5 * (mu**2 + sigma**2 - 2 * math.log(sigma) - 1)


@mistake(
    "both arguments are changed in place",
    "mu and sigma were squared in place, so that the caller's arrays are different afterwards. Make new arrays.",
)
def kl_both_in_place(mu: Any, sigma: Any) -> Any:
    mu **= 2
    sigma **= 2
    return 0.5 * (mu + sigma - np.log(sigma) - 1)


@mistake(
    "something is added in the logarithm",
    "A small number is added to sigma, or to its square, in the logarithm. sigma is never 0 here, and narrow posteriors come out wrong.",
    tell=with_something_added(_added, oracles.gaussian_kl),
)
def kl_eps_beside_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - np.log(sigma**2 + 1e-6) - 1)


@mistake(
    "only the first digits are right",
    "The numbers are near the right ones, but not equal: rounding, or an average over draws, loses digits. Use the formula as it is.",
    tell=imprecise(oracles.gaussian_kl, 0.05),
)
def kl_rounded(mu: Any, sigma: Any) -> Any:
    return np.round(0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1), 3)


@mistake("sigma read as log sigma", "sigma is in an exponent. It is the standard deviation itself, not its logarithm.")
def kl_sigma_as_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(2 * sigma) - 2 * sigma - 1)


@mistake(
    "sigma squared lost its one half",
    "The one half before mu squared belongs to sigma squared and to the constant as well: it multiplies a bracket.",
)
def kl_half_at_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + sigma**2 - np.log(sigma) - 1


@mistake(
    "summed over axis 1 although asked elementwise",
    "It was summed over the second axis, which not every argument has. Each pair (mu, sigma) keeps a KL of its own.",
    SLIP,
)
def kl_sum_axis_one(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=1)


@mistake(
    "averaged over the last axis although asked elementwise",
    "The last axis is gone: it was averaged over. Each pair (mu, sigma) keeps a KL of its own.",
    SLIP,
)
def kl_mean_last(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


@mistake(
    "one pair at a time",
    "`float`, and functions of `math`, take one number. Leave the one out and take numpy's for the others.",
)
def kl_float(mu: Any, sigma: Any) -> Any:
    return float(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma))


@mistake("`if` asks an array", "`if` takes one number and fails for an array of several. The formula needs no cases.")
def kl_if(mu: Any, sigma: Any) -> Any:
    if sigma <= 0:
        return np.inf
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "`if` asks an array of means",
    "`if` takes one number and fails for an array of several. The formula needs no cases.",
)
def kl_if_prior(mu: Any, sigma: Any) -> Any:
    if mu == 0 and sigma == 1:
        return 0.0
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "the result has the shape of mu alone",
    "The result was written into an array like mu. Where the shapes of mu and sigma differ, it has the broadcast shape.",
)
def kl_like_mu(mu: Any, sigma: Any) -> Any:
    kl = np.zeros_like(mu)
    kl[...] = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return kl


@mistake(
    "mu and sigma are swapped", "Each is used where the other belongs: mu is the mean, sigma the standard deviation."
)
def kl_swapped(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(mu)


@mistake(
    "mu is overwritten by +=",
    "mu was squared and added to in place: that changes the caller's array, and fails where sigma has another shape.",
)
def kl_plus_equals(mu: Any, sigma: Any) -> Any:
    mu **= 2
    mu += sigma**2 - np.log(sigma**2) - 1
    return 0.5 * mu


@mistake(
    "every value is off by the same number",
    "All values are too large or too small by one number. Look at the constants: those of the two densities cancel.",
    tell=_off_by_one_number,
)
def kl_with_two_pi(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma * np.sqrt(2 * np.pi))


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.gaussian_kl))
def kl_sigma_in_place(mu: Any, sigma: Any) -> Any:
    sigma **= 2
    return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)


@mistake("sigma is kept within bounds", BOUNDED, tell=bounded(oracles.gaussian_kl, 1, LOWS, HIGHS, 1.0))
def kl_bounded(mu: Any, sigma: Any) -> Any:
    sigma = np.clip(sigma, 1e-2, 1e2)
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@variant
def kl_by_ratio(mu: Any, sigma: Any) -> Any:
    return -np.log(sigma) + (np.square(sigma) + np.square(mu)) / 2 - 0.5


@variant
def kl_with_log_of_variance(mu: Any, sigma: Any) -> Any:
    var = np.asarray(sigma) ** 2
    return 0.5 * (np.asarray(mu) ** 2 + var - np.log(var) - 1)


@variant
def kl_by_loop(mu: Any, sigma: Any) -> Any:
    import math

    mu, sigma = np.broadcast_arrays(mu, sigma)
    out = np.zeros(mu.shape)
    for index in np.ndindex(mu.shape):
        m, s = float(mu[index]), float(sigma[index])
        out[index] = 0.5 * (m * m + s * s - 1) - math.log(s)
    return out


@variant
def kl_as_list(mu: Any, sigma: Any) -> Any:
    kl = 0.5 * (np.asarray(mu) ** 2 + np.asarray(sigma) ** 2 - 2 * np.log(sigma) - 1)
    return kl.tolist()


@variant
def kl_in_float32(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.float64(mu), np.float64(sigma)
    return np.float32(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma))
