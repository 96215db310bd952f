"""Hidden checks of `count_active_units`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import SLIP, right_values

CHECKS: tuple[Check, ...] = (
    right_values("active", "The active dimensions are right, all of them and no other.", 1, ["active_dimensions"]),
    right_values("removable", "The removable dimensions are right, and no other.", 1, ["removable_dimensions"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("count_active_units")


@mistake(
    "the variance alone is judged",
    "Dimension 8 looks idle by its variance, but its mean moves with the input: compute its whole KL.",
)
def units_by_variance() -> Any:
    return {"active_dimensions": {1, 3, 5, 7}, "removable_dimensions": {2, 4, 6, 8}}


@mistake("counted from 0", "The dimensions are counted from 0, as Python does; the table counts from 1.", share=SLIP)
def units_from_zero() -> Any:
    return {"active_dimensions": {0, 2, 4, 6, 7}, "removable_dimensions": {1, 3, 5}}


@mistake("active and removable are swapped", "Removable is what the encoder leaves at the prior, at no cost.")
def units_swapped() -> Any:
    return {"active_dimensions": {2, 4, 6}, "removable_dimensions": {1, 3, 5, 7, 8}}


@mistake(
    "a large variance is taken for activity",
    "A variance near 1 is that of the prior: by itself it speaks for idleness.",
)
def units_large_variance() -> Any:
    return {"active_dimensions": {2, 4, 6, 8}, "removable_dimensions": {1, 3, 5, 7}}


@mistake("any KL above 0 is taken for activity", "A KL of a few thousandths is idle: the bound δ is above it.")
def units_any_kl() -> Any:
    return {"active_dimensions": {1, 2, 3, 4, 5, 7, 8}, "removable_dimensions": {6}}


@mistake(
    "the bound is set far too high", "Only the most expensive dimensions are called active. The bound δ is much lower."
)
def units_high_bound() -> Any:
    return {"active_dimensions": {1, 3, 5}, "removable_dimensions": {2, 4, 6, 7, 8}}


@mistake("dimension 8 is in neither set", "Dimension 8 was left open. Compute its whole KL, and decide.")
def units_eight_nowhere() -> Any:
    return {"active_dimensions": {1, 3, 5, 7}, "removable_dimensions": {2, 4, 6}}


@mistake("dimension 8 is in both sets", "Dimension 8 is in both sets. Compute its whole KL, and decide.")
def units_eight_twice() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6, 8}}


@mistake("dimension 2 is in neither set", "Dimension 2 costs a little, but less than δ: it has to be decided.")
def units_two_nowhere() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {4, 6}}


@mistake("dimension 2 is called active", "Dimension 2 costs a little, but less than δ: compute its whole KL.")
def units_two_active() -> Any:
    return {"active_dimensions": {1, 2, 3, 5, 7, 8}, "removable_dimensions": {4, 6}}


@mistake("dimension 2 is in both sets", "Dimension 2 is in both sets. Compute its whole KL, and decide.")
def units_two_twice() -> Any:
    return {"active_dimensions": {1, 2, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6}}


@mistake("everything is called active", "All eight stand in one set. A KL below δ is idle, and one of 0 surely.")
def units_all_active() -> Any:
    return {"active_dimensions": {1, 2, 3, 4, 5, 6, 7, 8}, "removable_dimensions": set()}


@mistake("how many instead of which", "The dimensions were counted. Asked for are the sets of their numbers.")
def units_counted() -> Any:
    return {"active_dimensions": 5, "removable_dimensions": 3}


@mistake("masks instead of numbers", "Eight times true or false came. Asked for are the numbers j themselves.")
def units_masks() -> Any:
    active = [True, False, True, False, True, False, True, True]
    return {"active_dimensions": active, "removable_dimensions": [not one for one in active]}


@variant
def units_sets() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6}}


@variant
def units_lists() -> Any:
    return {"active_dimensions": [8, 7, 5, 3, 1], "removable_dimensions": (2, 4, 6)}


@variant
def units_arrays() -> Any:
    return {"active_dimensions": np.array([1, 3, 5, 7, 8]), "removable_dimensions": np.array([2.0, 4.0, 6.0])}


@variant
def units_computed() -> Any:
    squares = np.array([1.50, 0.01, 0.80, 0.00, 1.20, 0.00, 0.60, 0.70])
    variances = np.array([0.12, 0.97, 0.31, 0.99, 0.18, 1.00, 0.41, 0.95])
    kl = 0.5 * (squares + variances - np.log(variances) - 1)
    return {
        "active_dimensions": set(np.flatnonzero(kl > 0.01) + 1),
        "removable_dimensions": np.flatnonzero(kl <= 0.01) + 1,
    }


@variant
def units_frozen() -> Any:
    return {"active_dimensions": frozenset({1.0, 3.0, 5.0, 7.0, 8.0}), "removable_dimensions": ["2", "4", "6"]}


@variant
def units_difference() -> Any:
    active = {1, 3, 5, 7, 8}
    return {"active_dimensions": sorted(active), "removable_dimensions": set(range(1, 9)) - active}
