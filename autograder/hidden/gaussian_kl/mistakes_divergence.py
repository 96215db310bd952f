"""Mistakes in the divergence and its parts: readings of sigma, reductions, single floats, bounds, manners."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue, Function
from ..tells import bounded, in_place, with_something_added

CATALOGUE = Catalogue()

SLIP = 0.3
_LOWS = (-math.inf, *(10.0**-p for p in (0.5, 1, 1.5, 2, 2.5)), 0.05, 0.02, 0.005, 0.002)
_LOWS += tuple(math.exp(-half / 2) for half in range(1, 14))
_HIGHS = (math.inf, *(1.0 / low for low in _LOWS[1:]), 3.0, 30.0, 300.0)
_IN_PLACE = "The values are right, but the caller's arrays are different afterwards. Make new arrays."
_BOUNDED = "Beyond some bound sigma was replaced by the bound, so that extreme posteriors come out wrong. The formula needs none."


def _kl(name: str, says: str, share: float = 0.0, tell: Any = None) -> Callable[[Function], Function]:
    return CATALOGUE.mistake("gaussian_kl", name, says, share=share, tell=tell)


def _parts(name: str, says: str, share: float = 0.0, tell: Any = None) -> Callable[[Function], Function]:
    return CATALOGUE.mistake("kl_shift_spread", name, says, share=share, tell=tell)


def _off_by_one_number(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all answers are off by the same number."""
    pairs = [(answer.value, oracles.gaussian_kl(*call.args)) for call, answer in zip(calls, answers, strict=True)]
    off = float(np.median(np.concatenate([np.ravel(np.subtract(value, right)) for value, right in pairs])))
    return abs(off) > 1e-3 and all(close(value, right + off, 2e-5, 1e-5) for value, right in pairs)


def _parts_added(eps: float, power: int, call: Call) -> Any:
    mu, sigma = np.broadcast_arrays(*call.args)
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma**power + eps) / power


@_kl("sigma read as log sigma", "sigma stands in an exponent. It is the standard deviation itself, not its logarithm.")
def kl_sigma_as_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(2 * sigma) - 2 * sigma - 1)


@_kl(
    "sigma squared lost its one half",
    "The one half before mu squared belongs to sigma squared and to the constant as well: it stands before a bracket.",
)
def kl_half_at_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 + sigma**2 - np.log(sigma) - 1


@_kl(
    "summed over axis 1 although asked elementwise",
    "It was summed over the second axis, which not every argument has. Each pair (mu, sigma) keeps a KL of its own.",
    SLIP,
)
def kl_sum_axis_one(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=1)


@_kl(
    "averaged over the last axis although asked elementwise",
    "The last axis is gone: it was averaged over. Each pair (mu, sigma) keeps a KL of its own.",
    SLIP,
)
def kl_mean_last(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=-1)


@_kl(
    "one pair at a time",
    "`float`, and functions of `math`, take one number. Leave the one out and take numpy's for the others.",
)
def kl_float(mu: Any, sigma: Any) -> Any:
    return float(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma))


@_kl("`if` asks an array", "`if` takes one number and fails for an array of several. The formula needs no cases.")
def kl_if(mu: Any, sigma: Any) -> Any:
    if sigma <= 0:
        return np.inf
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@_kl(
    "`if` asks an array of means",
    "`if` takes one number and fails for an array of several. The formula needs no cases.",
)
def kl_if_prior(mu: Any, sigma: Any) -> Any:
    if mu == 0 and sigma == 1:
        return 0.0
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@_kl(
    "the result has the shape of mu alone",
    "The result was written into an array like mu. Where the shapes of mu and sigma differ, it has the broadcast shape.",
)
def kl_like_mu(mu: Any, sigma: Any) -> Any:
    kl = np.zeros_like(mu)
    kl[...] = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return kl


@_kl("mu and sigma are swapped", "Each stands where the other belongs: mu is the mean, sigma the standard deviation.")
def kl_swapped(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(mu)


@_kl(
    "mu is overwritten by +=",
    "mu was squared and added to in place: that changes the caller's array, and fails where sigma has another shape.",
)
def kl_plus_equals(mu: Any, sigma: Any) -> Any:
    mu **= 2
    mu += sigma**2 - np.log(sigma**2) - 1
    return 0.5 * mu


@_kl(
    "every value is off by the same number",
    "All values are too large or too small by one number. Look at the constants: those of the two densities cancel.",
    tell=_off_by_one_number,
)
def kl_with_two_pi(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma * np.sqrt(2 * np.pi))


@_kl("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.gaussian_kl))
def kl_sigma_in_place(mu: Any, sigma: Any) -> Any:
    sigma **= 2
    return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)


@_kl("sigma is kept within bounds", _BOUNDED, tell=bounded(oracles.gaussian_kl, 1, _LOWS, _HIGHS, 1.0))
def kl_bounded(mu: Any, sigma: Any) -> Any:
    sigma = np.clip(sigma, 1e-2, 1e2)
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@_parts(
    "the logarithm lost its one half", "The logarithm of the variance is taken away whole; half of it belongs there."
)
def parts_log_whole(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - 2 * np.log(sigma)


@_parts(
    "sigma where the variance belongs, outside the logarithm",
    "The logarithm is right, but beside it sigma stands where sigma squared belongs.",
)
def parts_sigma_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma - 1) - np.log(sigma)


@_parts("sigma read as a log variance", "sigma stands in an exponent. It is the standard deviation itself.")
def parts_sigma_as_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (np.exp(sigma) - sigma - 1)


@_parts("the constant has the wrong sign", "The constant of the spread was added. The spread is 0 at sigma = 1.")
def parts_plus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 + 1) - np.log(sigma)


@_parts(
    "the constant stands outside the bracket",
    "The constant of the spread is taken away whole; half of it belongs there.",
)
def parts_constant_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * sigma**2 - np.log(sigma) - 1


@_parts("the KL the other way round", "These are the parts of KL(prior || posterior): the order of the two matters.")
def parts_reversed(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu / sigma) ** 2, 0.5 * (sigma**-2.0 - 1) + np.log(sigma)


@_parts(
    "both parts have the wrong sign",
    "Both parts are the negative of what they should be. Neither is ever below 0.",
    SLIP,
)
def parts_negative(mu: Any, sigma: Any) -> Any:
    return -0.5 * mu**2, 0.5 * (1 + np.log(sigma**2) - sigma**2)


@_parts(
    "the spread is only its logarithm",
    "Sigma squared and the constant went to the shift. All that holds sigma is spread.",
)
def parts_square_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1), -np.log(sigma)


@_parts("a logarithm to base 10", "`log10` is the logarithm to base 10. In nats it is the natural one.")
def parts_base_ten(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log10(sigma)


@_parts(
    "the parts are summed over the last axis",
    "The last axis is gone: it was summed over. Each pair (mu, sigma) keeps parts of its own.",
    SLIP,
)
def parts_sum_last(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * mu**2, axis=-1), np.sum(0.5 * (sigma**2 - 1) - np.log(sigma), axis=-1)


@_parts(
    "a function for single floats",
    "It works for floats, but not for arrays: functions of `math` take one number. Those of numpy take both.",
)
def parts_by_math(mu: Any, sigma: Any) -> Any:
    import math

    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - math.log(sigma)


@_parts(
    "one pair at a time",
    "`float`, and functions of `math`, take one number. Leave the one out and take numpy's for the others.",
)
def parts_float(mu: Any, sigma: Any) -> Any:
    return float(0.5 * mu**2), float(0.5 * (sigma**2 - 1) - np.log(sigma))


@_parts("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.kl_shift_spread))
def parts_in_place(mu: Any, sigma: Any) -> Any:
    shift = 0.5 * mu**2
    sigma **= 2
    return shift + 0 * sigma, 0.5 * (sigma - np.log(sigma) - 1)


@_parts(
    "something is added in the logarithm",
    "A small number stands beside sigma, or its square, in the logarithm. sigma is never 0 here.",
    tell=with_something_added(_parts_added, oracles.kl_shift_spread),
)
def parts_eps(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma**2 + 1e-8) - 1)


@_parts("sigma is kept within bounds", _BOUNDED, tell=bounded(oracles.kl_shift_spread, 1, _LOWS, _HIGHS, 1.0))
def parts_bounded(mu: Any, sigma: Any) -> Any:
    sigma = np.maximum(sigma, 1e-2)
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)
