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


@variant
def parts_one_by_one(mu: Any, sigma: Any) -> Any:
    shift = 0.5 * mu**2
    spread = 0.5 * (sigma**2 - 1) - np.log(sigma)
    return shift, spread


edited = CATALOGUE.edits("kl_shift_spread", parts_one_by_one)


def _parts_added(eps: float, power: int, call: Call) -> Any:
    mu, sigma = np.broadcast_arrays(*call.args)
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma**power + eps) / power


edited(
    "the two parts are swapped",
    "The first part must be the one that depends on mu, the second the one that depends on sigma.",
    ("return shift, spread", "return spread, shift"),
    share=SLIP,
)
edited(
    "both parts lost their one half",
    "Both parts are twice what they should be.",
    ("0.5 * mu", "mu"),
    ("0.5 * (", "("),
    ("- np", "- 2 * np"),
    share=SLIP,
)
edited("the shift lost its one half", "The shift is twice what it should be.", ("0.5 * mu", "mu"))
edited("the spread lost its one half", "The spread is twice what it should be.", ("0.5 * (", "("), ("- np", "- 2 * np"))


edited(
    "sigma where the variance belongs",
    "The spread uses sigma in places that need sigma squared.",
    ("sigma**2 - 1", "sigma - 1"),
    ("- np", "- 0.5 * np"),
)
edited(
    "log sigma where log variance belongs",
    "The spread uses the logarithm of sigma where the logarithm of the variance belongs.",
    ("- np", "- 0.5 * np"),
)
edited(
    "the constant is missing in the spread",
    "The spread of the prior itself must be 0: a constant is missing.",
    ("sigma**2 - 1", "sigma**2"),
)
edited(
    "the spread has the wrong sign",
    "The spread comes out as the negative of what it should be; no part of a KL is below 0 here.",
    ("sigma**2 - 1", "1 - sigma**2"),
    ("- np", "+ np"),
)
edited(
    "|mu| where mu squared belongs",
    "The shift grows like mu itself; it must grow like its square.",
    ("mu**2", "np.abs(mu)"),
)
edited(
    "the first part is the total",
    "The first number is the whole KL. The two parts must add up to it.",
    ("return shift, spread", "return shift + spread, spread"),
)
edited(
    "the second part is the total",
    "The second number is the whole KL. The two parts must add up to it.",
    ("return shift, spread", "return shift, shift + spread"),
)
edited(
    "one number instead of two parts",
    "The whole KL came back as one number or array. Return the two parts as a pair.",
    ("return shift, spread", "return shift + spread"),
)
edited(
    "the parts are summed up",
    "Each part was added up to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    ("return shift, spread", "return np.sum(shift), np.sum(spread)"),
    share=SLIP,
)
edited(
    "the constant stands in the shift",
    "The constant was put to the wrong part: at mu = 0 the shift is not 0, and at sigma = 1 the spread is not.",
    ("mu**2", "(mu**2 - 1)"),
    ("sigma**2 - 1", "sigma**2"),
)
edited(
    "the constant is shared out",
    "Each part got half of the constant. It belongs to the part that is not 0 at the prior without it.",
    ("mu**2", "(mu**2 - 0.5)"),
    ("sigma**2 - 1", "sigma**2 - 0.5"),
)
edited(
    "the total comes back as well",
    "Three things came back. Return the two parts alone.",
    ("return shift, spread", "return shift, spread, shift + spread"),
)
edited(
    "the parts are averaged",
    "Each part was averaged to a single number. Here every pair (mu, sigma) keeps parts of its own.",
    ("return shift, spread", "return np.mean(shift), np.mean(spread)"),
    share=SLIP,
)
edited(
    "the logarithm has the wrong sign",
    "The logarithm is added in the spread where it must be taken away: narrow posteriors must cost more, not less.",
    ("- np", "+ np"),
)
edited(
    "the logarithm is missing",
    "The spread holds sigma squared alone: a posterior that gets ever narrower must get ever more costly.",
    (" - np.log(sigma)", ""),
)
edited("mu is not squared", "The shift has the sign of mu. It must grow like the square of mu.", ("mu**2", "mu"))
edited(
    "the logarithm stands in the shift",
    "The logarithm of sigma belongs to the spread.",
    ("mu**2", "mu**2 - np.log(sigma)"),
    ("1) - np.log(sigma)", "1)"),
)
edited(
    "a logarithm to another base", "The logarithm is to base 2. In nats it is the natural one.", ("np.log(", "np.log2(")
)
edited(
    "the logarithm is squared",
    "The logarithm of sigma was squared. What is meant is the logarithm of sigma squared, which is twice that of sigma.",
    ("np.log(sigma)", "0.5 * np.log(sigma) ** 2"),
)
edited(
    "the logarithm lost its one half",
    "The logarithm of the variance is taken away whole; half of it belongs there.",
    ("- np", "- 2 * np"),
)
edited(
    "sigma where the variance belongs, outside the logarithm",
    "Next to the logarithm sigma is used where sigma squared belongs.",
    ("sigma**2", "sigma"),
)
edited(
    "sigma read as a log variance",
    "sigma is in an exponent. It is the standard deviation itself.",
    ("sigma**2 - 1", "np.exp(sigma) - 1"),
    ("np.log(sigma)", "0.5 * sigma"),
)
edited(
    "the constant has the wrong sign",
    "The constant of the spread was added. The spread is 0 at sigma = 1.",
    ("sigma**2 - 1", "sigma**2 + 1"),
)
edited(
    "the constant stands outside the bracket",
    "The constant of the spread is taken away whole; half of it belongs there.",
    ("(sigma**2 - 1)", "sigma**2"),
    ("np.log(sigma)", "np.log(sigma) - 1"),
)
edited(
    "the KL the other way round",
    "These are the parts of KL(prior || posterior): the order of the two matters.",
    ("mu**2", "(mu / sigma) ** 2"),
    ("sigma**2 - 1", "sigma**-2.0 - 1"),
    ("- np", "+ np"),
)
edited(
    "both parts have the wrong sign",
    "Both parts are the negative of what they should be. Neither is ever below 0.",
    ("return shift, spread", "return -shift, -spread"),
    share=SLIP,
)
edited(
    "the spread is only its logarithm",
    "Sigma squared and the constant went to the shift. All that holds sigma is spread.",
    ("mu**2", "(mu**2 + sigma**2 - 1)"),
    ("0.5 * (sigma**2 - 1) - np", "-np"),
)
edited(
    "a logarithm to base 10",
    "`log10` is the logarithm to base 10. In nats it is the natural one.",
    ("np.log(", "np.log10("),
)
edited(
    "the parts are summed over the last axis",
    "The last axis is gone: it was summed over. Each pair (mu, sigma) keeps parts of its own.",
    ("return shift, spread", "return np.sum(shift, axis=-1), np.sum(spread, axis=-1)"),
    share=SLIP,
)


@mistake(
    "a function for single floats",
    "It works for floats, but not for arrays: functions of `math` take one number. Those of numpy take both.",
)
def parts_by_math(mu: Any, sigma: Any) -> Any:
    import math

    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - math.log(sigma)


edited(
    "one pair at a time",
    "`float`, and functions of `math`, take one number. Leave the one out and take numpy's for the others.",
    ("return shift, spread", "return float(shift), float(spread)"),
)


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
