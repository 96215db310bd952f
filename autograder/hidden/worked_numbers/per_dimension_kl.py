"""Hidden checks of `per_dimension_kl`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import KINDS, SLIP, right_part, right_values

CHECKS: tuple[Check, ...] = (
    right_part(
        "dimensions 1 and 2",
        "The first two numbers are right.",
        0.75,
        "dimension_kl",
        lambda given, right: KINDS["dimension_kl"].near(given[:2], right[:2]),
    ),
    right_part(
        "dimensions 3 and 4",
        "The last two numbers are right.",
        0.75,
        "dimension_kl",
        lambda given, right: KINDS["dimension_kl"].near(given[2:], right[2:]),
    ),
    right_values("the sum", "The KL of all four dimensions together is right.", 0.75, ["total_kl"]),
    right_values("states", "Each dimension's state is right.", 0.75, ["dimension_state"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("per_dimension_kl")


@mistake("sigma where sigma squared belongs", "The formula needs the variance. Here it has the standard deviation.")
def each_sigma() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma - np.log(sigma) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(
    "log sigma where log variance belongs", "The logarithm is that of sigma; the formula takes it of the variance."
)
def each_log_sigma() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake("the one half is missing", "Every number is twice what it should be: the factor ½ is missing.", share=SLIP)
def each_double() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = mu**2 + sigma**2 - np.log(sigma**2) - 1
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("a constant is missing", "The dimension that is the prior must cost 0: a constant is missing.")
def each_without_constant() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2))
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "active", "active", "active")}


@mistake("the spread is left out", "Only the means are counted; their widths cost as well.")
def each_shift_only() -> Any:
    kl = 0.5 * np.array([1.5, 0, 0.2, -0.8]) ** 2
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("the shift is left out", "Only the widths are counted; moving the mean costs as well.")
def each_spread_only() -> Any:
    sigma = np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (sigma**2 - np.log(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("the spread has the wrong sign", "Narrow widths are taken off the price; they add to it.")
def each_negative_spread() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 - (sigma**2 - np.log(sigma**2) - 1))
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake("the logarithm has base 10", "The key for the decimal logarithm was pressed; nats need the natural one.")
def each_log10() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log10(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake("mu is not squared", "The means enter as they are; the formula squares them.")
def each_unsquared() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (np.abs(mu) + sigma**2 - np.log(sigma**2) - 1)
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "collapsed", "active", "active")}


@mistake("the mean over dimensions", "The total is a quarter of what it should be: dimensions are summed.", share=SLIP)
def each_mean() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952 / 4,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("only active dimensions are summed", "The total leaves the borderline dimension out; every dimension counts.")
def each_active_sum() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.4431 + 0.4217,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("everything is called active", "All four have the same word. The rule in the text has two bounds.")
def each_all_active() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "active", "active", "active"),
    }


@mistake("active and collapsed are swapped", "Collapsed is what fell back on the prior and costs nothing.")
def each_swapped_states() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("collapsed", "active", "borderline", "collapsed"),
    }


@mistake("what costs little is called collapsed", "Collapsed needs a KL below the lower of the two bounds.")
def each_low_is_collapsed() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake("what costs anything is called active", "Active needs a KL from the upper of the two bounds on.")
def each_low_is_active() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "collapsed", "active", "active"),
    }


@mistake("the logarithm has base 2", "The logarithm is taken to base 2; nats need the natural one.")
def each_log2() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log2(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake("the logarithm is added", "The logarithm is added where it is taken away.")
def each_log_added() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 + np.log(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("borderline", "collapsed", "collapsed", "collapsed"),
    }


@mistake("mu enters with its sign", "The means enter as they are, sign and all; the formula squares them.")
def each_signed() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu + sigma**2 - np.log(sigma**2) - 1)
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "collapsed", "active", "collapsed")}


@mistake("the one half is before the mean alone", "The factor ½ belongs to the spread as well.")
def each_half_of_first() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * mu**2 + sigma**2 - np.log(sigma**2) - 1
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@variant
def each_literal() -> Any:
    return {
        "dimension_kl": (1.44, 0, 0.03, 0.42),
        "total_kl": 1.89,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@variant
def each_computed() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2) - 1)
    states = np.where(kl < 0.01, "collapsed", np.where(kl < 0.1, "borderline", "active"))
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": states}


@variant
def each_lists() -> Any:
    return {
        "dimension_kl": [1.4431, 0.0, 0.0304, 0.4217],
        "total_kl": np.float32(1.8952),
        "dimension_state": ["Active", "Collapsed", "Borderline", "Active"],
    }


@variant
def each_by_number() -> Any:
    return {
        "dimension_kl": {1: 1.443, 2: 0, 3: 0.030, 4: 0.422},
        "total_kl": [1.895],
        "dimension_state": {1: " active", 2: "collapsed ", 3: "BORDERLINE", 4: "active"},
    }


@variant
def each_column() -> Any:
    return {
        "dimension_kl": np.array([[1.4431], [0], [0.0304], [0.4217]]),
        "total_kl": np.array(1.9),
        "dimension_state": np.array(["active", "collapsed", "borderline", "active"]),
    }
