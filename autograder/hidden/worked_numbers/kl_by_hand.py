"""Hidden checks of `kl_by_hand`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import SLIP, right_values

CHECKS: tuple[Check, ...] = (
    right_values("a shifted mean", 'Settings "i" and "ii" are right.', 1, ["kl_settings"], ["i", "ii"]),
    right_values("a wider spread", 'Settings "i" and "iii" are right.', 1, ["kl_settings"], ["i", "iii"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("kl_by_hand")


@mistake("sigma where sigma squared belongs", "The formula needs the variance. Here it has the standard deviation.")
def hand_sigma() -> Any:
    spread = 0.5 * (2 - np.log(2) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(
    "log sigma where log variance belongs", "The logarithm is that of sigma; the formula takes it of the variance."
)
def hand_log_sigma() -> Any:
    spread = 0.5 * (4 - np.log(2) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("the one half is missing", "Everything is twice what it should be: both parts have a factor ½.", share=SLIP)
def hand_double() -> Any:
    spread = 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, 0, 0), "ii": (1, 0, 1), "iii": (0, spread, spread)}}


@mistake("the spread lost its one half", "The spread is twice what it should be; the shift is right.", share=SLIP)
def hand_double_spread() -> Any:
    spread = 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("the shift lost its one half", "The shift is twice what it should be; the spread is right.", share=SLIP)
def hand_double_shift() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (1, 0, 1), "iii": (0, spread, spread)}}


@mistake("a constant is missing", "The prior itself must cost 0: the spread misses its constant.")
def hand_without_constant() -> Any:
    spread = 0.5 * (4 - np.log(4))
    return {"kl_settings": {"i": (0, 0.5, 0.5), "ii": (0.5, 0.5, 1.0), "iii": (0, spread, spread)}}


@mistake("the spread has the wrong sign", "The spread came out below 0, which no part of a divergence can be here.")
def hand_negative() -> Any:
    spread = -0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("the logarithm has base 10", "The key for the decimal logarithm was pressed; nats need the natural one.")
def hand_log10() -> Any:
    spread = 0.5 * (4 - np.log10(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("the logarithm has base 2", "The logarithm is taken to base 2; nats need the natural one.")
def hand_log2() -> Any:
    spread = 0.5 * (4 - np.log2(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("the logarithm is forgotten", "The spread has no logarithm, so that narrowing would earn something.")
def hand_without_log() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 1.5, 1.5)}}


@mistake("the logarithm is added", "The logarithm is added where it is taken away.")
def hand_log_added() -> Any:
    spread = 0.5 * (4 + np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("shift and spread are swapped", "First comes what the mean costs, then what the width costs.", share=SLIP)
def hand_swapped_parts() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0, 0.5, 0.5), "iii": (spread, 0, spread)}}


@mistake("the total comes first", "The numbers are in another order: the total comes last.", share=SLIP)
def hand_total_first() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0.5, 0), "iii": (spread, 0, spread)}}


@mistake(
    "two settings are swapped", "The numbers of the second setting stand under the third, and the other way round."
)
def hand_swapped_settings() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0, spread, spread), "iii": (0.5, 0, 0.5)}}


@mistake("the total is the shift alone", "The total leaves the spread out: the two parts add up to it.")
def hand_total_shift() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, 0)}}


@mistake(
    "the one half is before sigma squared alone",
    "The factor ½ belongs to the whole bracket: to the logarithm and to the constant as well.",
)
def hand_half_of_first() -> Any:
    spread = 0.5 * 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, -0.5, -0.5), "ii": (0.5, -0.5, 0), "iii": (0, spread, spread)}}


@mistake("sigma is not squared", "The logarithm is that of the variance, but the term beside it has sigma itself.")
def hand_unsquared() -> Any:
    spread = 0.5 * (2 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake("rounded to one decimal", "One decimal is too few: give two at least.")
def hand_coarse() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 0.8, 0.8)}}


@mistake(
    "posterior and prior are exchanged",
    "This is the divergence of the prior from the posterior. It goes the other way, and is not the same both ways.",
)
def hand_reverse() -> Any:
    spread = np.log(2) + 1 / 8 - 0.5
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@variant
def hand_literal() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 0.81, 0.81)}}


@variant
def hand_computed() -> Any:
    def parts(mu: float, sigma: float) -> Any:
        shift, spread = mu**2 / 2, (sigma**2 - np.log(sigma**2) - 1) / 2
        return shift, spread, shift + spread

    return {"kl_settings": {"i": parts(0, 1), "ii": parts(1, 1), "iii": parts(0, 2)}}


@variant
def hand_bracketed_keys() -> Any:
    return {"kl_settings": {"(i)": [0, 0, 0], "(ii)": [0.5, 0, 0.5], "(iii)": [0, 0.807, 0.807]}}


@variant
def hand_capital_keys() -> Any:
    return {
        "kl_settings": {
            "I": np.zeros(3),
            "II": np.array([0.5, 0, 0.5]),
            " III ": np.array([0, 0.8069, 0.8069], np.float32),
        }
    }


@variant
def hand_number_keys() -> Any:
    return {"kl_settings": {3: (0, 1.5 - np.log(2), 1.5 - np.log(2)), 2: (0.5, 0, 0.5), 1: (0, 0, 0)}}


@variant
def hand_named_parts() -> Any:
    return {
        "kl_settings": {
            "i": {"shift": 0, "spread": 0, "total": 0},
            "ii": {"shift": 0.5, "spread": 0, "total": 0.5},
            "iii": {"spread": 0.8069, "shift": 0, "total": 0.8069},
        }
    }
