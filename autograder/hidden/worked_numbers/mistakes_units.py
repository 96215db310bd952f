"""Known mistakes of per_dimension_kl and count_active_units, as students make them on paper."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3

EACH, UNITS = "per_dimension_kl", "count_active_units"


@mistake(
    EACH,
    "sigma where sigma squared belongs",
    "The formula holds the variance; here the standard deviation stands in it.",
)
def each_sigma() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma - np.log(sigma) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(
    EACH,
    "log sigma where log variance belongs",
    "The logarithm is that of sigma; the formula takes it of the variance.",
)
def each_log_sigma() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake(
    EACH, "the one half is missing", "Every number is twice what it should be: the factor ½ is missing.", share=SLIP
)
def each_double() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = mu**2 + sigma**2 - np.log(sigma**2) - 1
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(EACH, "a constant is missing", "The dimension that is the prior must cost 0: a constant is missing.")
def each_without_constant() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2))
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "active", "active", "active")}


@mistake(EACH, "the spread is left out", "Only the means are counted; their widths cost as well.")
def each_shift_only() -> Any:
    kl = 0.5 * np.array([1.5, 0, 0.2, -0.8]) ** 2
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(EACH, "the shift is left out", "Only the widths are counted; moving the mean costs as well.")
def each_spread_only() -> Any:
    sigma = np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (sigma**2 - np.log(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(EACH, "the spread has the wrong sign", "Narrow widths are taken off the price; they add to it.")
def each_negative_spread() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 - (sigma**2 - np.log(sigma**2) - 1))
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake(EACH, "the logarithm has base 10", "The key for the decimal logarithm was pressed; nats need the natural one.")
def each_log10() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log10(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake(EACH, "mu is not squared", "The means enter as they are; the formula squares them.")
def each_unsquared() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (np.abs(mu) + sigma**2 - np.log(sigma**2) - 1)
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "collapsed", "active", "active")}


@mistake(
    EACH, "the mean over dimensions", "The total is a quarter of what it should be: dimensions are summed.", share=SLIP
)
def each_mean() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952 / 4,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(
    EACH, "only active dimensions are summed", "The total leaves the borderline dimension out; every dimension counts."
)
def each_active_sum() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.4431 + 0.4217,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(EACH, "everything is called active", "One word stands for all four. The rule in the text has two bounds.")
def each_all_active() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "active", "active", "active"),
    }


@mistake(EACH, "active and collapsed are swapped", "Collapsed is what fell back on the prior and costs nothing.")
def each_swapped_states() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("collapsed", "active", "borderline", "collapsed"),
    }


@mistake(EACH, "what costs little is called collapsed", "Collapsed needs a KL below the lower of the two bounds.")
def each_low_is_collapsed() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "collapsed", "collapsed", "active"),
    }


@mistake(EACH, "what costs anything is called active", "Active needs a KL from the upper of the two bounds on.")
def each_low_is_active() -> Any:
    return {
        "dimension_kl": (1.4431, 0, 0.0304, 0.4217),
        "total_kl": 1.8952,
        "dimension_state": ("active", "collapsed", "active", "active"),
    }


@mistake(
    UNITS,
    "the variance alone is judged",
    "Dimension 8 looks idle by its variance, but its mean moves with the input: compute its whole KL.",
)
def units_by_variance() -> Any:
    return {"active_dimensions": {1, 3, 5, 7}, "removable_dimensions": {2, 4, 6, 8}}


@mistake(
    UNITS, "counted from 0", "The dimensions are counted from 0, as Python does; the table counts from 1.", share=SLIP
)
def units_from_zero() -> Any:
    return {"active_dimensions": {0, 2, 4, 6, 7}, "removable_dimensions": {1, 3, 5}}


@mistake(UNITS, "active and removable are swapped", "Removable is what the encoder leaves at the prior, at no cost.")
def units_swapped() -> Any:
    return {"active_dimensions": {2, 4, 6}, "removable_dimensions": {1, 3, 5, 7, 8}}


@mistake(
    UNITS,
    "a large variance is taken for activity",
    "A variance near 1 is that of the prior: by itself it speaks for idleness.",
)
def units_large_variance() -> Any:
    return {"active_dimensions": {2, 4, 6, 8}, "removable_dimensions": {1, 3, 5, 7}}


@mistake(UNITS, "any KL above 0 is taken for activity", "A KL of a few thousandths is idle: the bound δ is above it.")
def units_any_kl() -> Any:
    return {"active_dimensions": {1, 2, 3, 4, 5, 7, 8}, "removable_dimensions": {6}}


@mistake(
    UNITS, "the bound is set far too high", "Only the dearest dimensions are called active; the bound δ is much lower."
)
def units_high_bound() -> Any:
    return {"active_dimensions": {1, 3, 5}, "removable_dimensions": {2, 4, 6, 7, 8}}


@mistake(UNITS, "dimension 8 is in neither set", "Dimension 8 was left open. Compute its whole KL, and decide.")
def units_eight_nowhere() -> Any:
    return {"active_dimensions": {1, 3, 5, 7}, "removable_dimensions": {2, 4, 6}}


@mistake(UNITS, "dimension 8 is in both sets", "Dimension 8 stands in both sets. Compute its whole KL, and decide.")
def units_eight_twice() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6, 8}}


@mistake(UNITS, "dimension 2 is in neither set", "Dimension 2 costs a little, but less than δ: it has to be decided.")
def units_two_nowhere() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {4, 6}}
