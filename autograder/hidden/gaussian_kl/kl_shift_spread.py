"""Hidden checks of `kl_shift_spread`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Call, Check
from ...checks.gaussian_kl.shared import EXTREMES, PAIRS
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place
from ..mistakes.regimes import bounded, with_something_added
from ..served import Served
from ..values import values, with_large
from .shared import BESIDE, BOUNDED, BROADCAST, CORNERS, HIGHS, IN_PLACE, LOWS, ROW_COLUMN, SLIP, THREE

CHECKS: tuple[Check, ...] = (
    values(
        "shift",
        "The shift part is right.",
        oracles.kl_shift_spread,
        points=0.88,
        part=0,
        first=[(np.array([1.0]), np.array([2.0]))],
        examples=PAIRS,
    ),
    values(
        "spread",
        "The spread part is right.",
        oracles.kl_shift_spread,
        points=0.87,
        part=1,
        first=[(np.array([1.0]), np.array([2.0]))],
        examples=PAIRS,
    ),
    values(
        "floats and broadcasting",
        "Floats and arrays that broadcast give the same parts.",
        oracles.kl_shift_spread,
        points=0.5,
        first=[(1.0, 2.0), ROW_COLUMN, THREE, BESIDE],
        examples=BROADCAST,
    ),
    values(
        "extreme inputs",
        "Both parts are right for |mu| up to 100 and sigma from 0.001 to 1000.",
        oracles.kl_shift_spread,
        points=0.25,
        first=CORNERS,
        examples=EXTREMES,
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.kl_shift_spread,
    lambda draw: (draw.uniform(-3, 3, (150, 12)), draw.uniform(0.2, 3, (150, 12))),
    points=0.25,
)

SERVED = Served(oracles.kl_shift_spread, ("...", "..."))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("kl_shift_spread")


def _parts_added(eps: float, power: int, call: Call) -> Any:
    mu, sigma = np.broadcast_arrays(*call.args)
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma**power + eps) / power


@mistake(
    "the two parts are swapped",
    "The first part must be the one that depends on mu, the second the one that depends on sigma.",
    share=SLIP,
)
def parts_swapped(mu: Any, sigma: Any) -> Any:
    return 0.5 * (sigma**2 - 1) - np.log(sigma), 0.5 * mu**2


@mistake("both parts lost their one half", "Both parts are twice what they should be.", share=SLIP)
def parts_without_half(mu: Any, sigma: Any) -> Any:
    return mu**2, sigma**2 - 2 * np.log(sigma) - 1


@mistake("the shift lost its one half", "The shift is twice what it should be.")
def parts_shift_double(mu: Any, sigma: Any) -> Any:
    return mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake("the spread lost its one half", "The spread is twice what it should be.")
def parts_spread_double(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, sigma**2 - 2 * np.log(sigma) - 1


@mistake("sigma where the variance belongs", "The spread uses sigma in places that need sigma squared.")
def parts_sigma_for_variance(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma - np.log(sigma) - 1)


@mistake(
    "log sigma where log variance belongs",
    "The spread uses the logarithm of sigma where the logarithm of the variance belongs.",
)
def parts_log_sigma(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma) - 1)


@mistake("the constant is missing in the spread", "The spread of the prior itself must be 0: a constant is missing.")
def parts_without_constant(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * sigma**2 - np.log(sigma)


@mistake(
    "the spread has the wrong sign",
    "The spread comes out as the negative of what it should be; no part of a KL is below 0 here.",
)
def parts_negative_spread(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (1 - sigma**2) + np.log(sigma)


@mistake("|mu| where mu squared belongs", "The shift grows like mu itself; it must grow like its square.")
def parts_absolute(mu: Any, sigma: Any) -> Any:
    return 0.5 * np.abs(mu), 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake("the second part is the total", "The second number is the whole KL. The two parts must add up to it.")
def parts_total(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "one number instead of two parts", "The whole KL came back as one number or array. Return the two parts as a pair."
)
def parts_only_total(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


@mistake(
    "the parts are summed up",
    "Each part was added up to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    share=SLIP,
)
def parts_summed(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * mu**2), np.sum(0.5 * (sigma**2 - 1) - np.log(sigma))


@mistake(
    "the constant stands in the shift",
    "The constant was put to the wrong part: at mu = 0 the shift is not 0, and at sigma = 1 the spread is not.",
)
def parts_constant_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 - 1), 0.5 * sigma**2 - np.log(sigma)


@mistake(
    "the constant is shared out",
    "Each part got half of the constant. It belongs to the part that is not 0 at the prior without it.",
)
def parts_constant_shared(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 - 0.5), 0.5 * (sigma**2 - 0.5) - np.log(sigma)


@mistake("the total comes back as well", "Three things came back. Return the two parts alone.")
def parts_with_total(mu: Any, sigma: Any) -> Any:
    shift, spread = 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)
    return shift, spread, shift + spread


@mistake(
    "the parts are averaged",
    "Each part was averaged to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    share=SLIP,
)
def parts_averaged(mu: Any, sigma: Any) -> Any:
    return np.mean(0.5 * mu**2), np.mean(0.5 * (sigma**2 - 1) - np.log(sigma))


@mistake(
    "the logarithm has the wrong sign",
    "The logarithm is added in the spread where it must be taken away: narrow posteriors must cost more, not less.",
)
def parts_plus_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) + np.log(sigma)


@mistake(
    "the logarithm is missing",
    "The spread holds sigma squared alone: a posterior that gets ever narrower must get ever more costly.",
)
def parts_without_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1)


@mistake("mu is not squared", "The shift has the sign of mu. It must grow like the square of mu.")
def parts_plain_mu(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu, 0.5 * (sigma**2 - 1) - np.log(sigma)


@mistake("the logarithm stands in the shift", "The logarithm of sigma belongs to the spread.")
def parts_log_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2 - np.log(sigma), 0.5 * (sigma**2 - 1)


@mistake("a logarithm to another base", "The logarithm is to base 2. In nats it is the natural one.")
def parts_base_two(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log2(sigma)


@mistake(
    "the logarithm is squared",
    "The logarithm of sigma was squared. What is meant is the logarithm of sigma squared, which is twice that of sigma.",
)
def parts_squared_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma) ** 2 - 1)


@mistake(
    "the logarithm lost its one half", "The logarithm of the variance is taken away whole; half of it belongs there."
)
def parts_log_whole(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - 2 * np.log(sigma)


@mistake(
    "sigma where the variance belongs, outside the logarithm",
    "Next to the logarithm sigma is used where sigma squared belongs.",
)
def parts_sigma_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma - 1) - np.log(sigma)


@mistake("sigma read as a log variance", "sigma is in an exponent. It is the standard deviation itself.")
def parts_sigma_as_log(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (np.exp(sigma) - sigma - 1)


@mistake("the constant has the wrong sign", "The constant of the spread was added. The spread is 0 at sigma = 1.")
def parts_plus_one(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 + 1) - np.log(sigma)


@mistake(
    "the constant stands outside the bracket",
    "The constant of the spread is taken away whole; half of it belongs there.",
)
def parts_constant_outside(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * sigma**2 - np.log(sigma) - 1


@mistake("the KL the other way round", "These are the parts of KL(prior || posterior): the order of the two matters.")
def parts_reversed(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu / sigma) ** 2, 0.5 * (sigma**-2.0 - 1) + np.log(sigma)


@mistake(
    "both parts have the wrong sign",
    "Both parts are the negative of what they should be. Neither is ever below 0.",
    SLIP,
)
def parts_negative(mu: Any, sigma: Any) -> Any:
    return -0.5 * mu**2, 0.5 * (1 + np.log(sigma**2) - sigma**2)


@mistake(
    "the spread is only its logarithm",
    "Sigma squared and the constant went to the shift. All that holds sigma is spread.",
)
def parts_square_in_shift(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1), -np.log(sigma)


@mistake("a logarithm to base 10", "`log10` is the logarithm to base 10. In nats it is the natural one.")
def parts_base_ten(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log10(sigma)


@mistake(
    "the parts are summed over the last axis",
    "The last axis is gone: it was summed over. Each pair (mu, sigma) keeps parts of its own.",
    SLIP,
)
def parts_sum_last(mu: Any, sigma: Any) -> Any:
    return np.sum(0.5 * mu**2, axis=-1), np.sum(0.5 * (sigma**2 - 1) - np.log(sigma), axis=-1)


@mistake(
    "a function for single floats",
    "It works for floats, but not for arrays: functions of `math` take one number. Those of numpy take both.",
)
def parts_by_math(mu: Any, sigma: Any) -> Any:
    import math

    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - math.log(sigma)


@mistake(
    "one pair at a time",
    "`float`, and functions of `math`, take one number. Leave the one out and take numpy's for the others.",
)
def parts_float(mu: Any, sigma: Any) -> Any:
    return float(0.5 * mu**2), float(0.5 * (sigma**2 - 1) - np.log(sigma))


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.kl_shift_spread))
def parts_in_place(mu: Any, sigma: Any) -> Any:
    shift = 0.5 * mu**2
    sigma **= 2
    return shift + 0 * sigma, 0.5 * (sigma - np.log(sigma) - 1)


@mistake(
    "something is added in the logarithm",
    "A small number is added to sigma, or to its square, in the logarithm. sigma is never 0 here.",
    tell=with_something_added(_parts_added, oracles.kl_shift_spread),
)
def parts_eps(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - np.log(sigma**2 + 1e-8) - 1)


@mistake("sigma is kept within bounds", BOUNDED, tell=bounded(oracles.kl_shift_spread, 1, LOWS, HIGHS, 1.0))
def parts_bounded(mu: Any, sigma: Any) -> Any:
    sigma = np.maximum(sigma, 1e-2)
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)


@variant
def parts_own_shapes(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)


@variant
def parts_broadcast(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.broadcast_arrays(mu, sigma)
    return [mu * mu / 2, (sigma * sigma - np.log(sigma * sigma) - 1) / 2]


@variant
def parts_by_subtraction(mu: Any, sigma: Any) -> Any:
    shift = np.square(mu) / 2
    total = shift + np.square(sigma) / 2 - np.log(sigma) - 0.5
    return shift, total - shift


@variant
def parts_stacked(mu: Any, sigma: Any) -> Any:
    def spread(s: Any) -> Any:
        variance = s**2
        return -0.5 * (1 + np.log(variance) - variance)

    return (np.asarray(mu) ** 2 * 0.5, spread(np.asarray(sigma)))


@variant
def parts_as_lists(mu: Any, sigma: Any) -> Any:
    return (np.asarray(mu) ** 2 / 2).tolist(), ((np.asarray(sigma) ** 2 - 1) / 2 - np.log(sigma)).tolist()
