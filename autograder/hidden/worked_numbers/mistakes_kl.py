"""Known mistakes of kl_by_hand and rank_by_kl, as students make them on paper."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3

HAND, RANK = "kl_by_hand", "rank_by_kl"


@mistake(
    HAND,
    "sigma where sigma squared belongs",
    "The formula holds the variance; here the standard deviation stands in it.",
)
def hand_sigma() -> Any:
    spread = 0.5 * (2 - np.log(2) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(
    HAND,
    "log sigma where log variance belongs",
    "The logarithm is that of sigma; the formula takes it of the variance.",
)
def hand_log_sigma() -> Any:
    spread = 0.5 * (4 - np.log(2) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(
    HAND, "the one half is missing", "Everything is twice what it should be: both parts have a factor ½.", share=SLIP
)
def hand_double() -> Any:
    spread = 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, 0, 0), "ii": (1, 0, 1), "iii": (0, spread, spread)}}


@mistake(HAND, "the spread lost its one half", "The spread is twice what it should be; the shift is right.", share=SLIP)
def hand_double_spread() -> Any:
    spread = 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(HAND, "the shift lost its one half", "The shift is twice what it should be; the spread is right.", share=SLIP)
def hand_double_shift() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (1, 0, 1), "iii": (0, spread, spread)}}


@mistake(HAND, "a constant is missing", "The prior itself must cost 0: the spread misses its constant.")
def hand_without_constant() -> Any:
    spread = 0.5 * (4 - np.log(4))
    return {"kl_settings": {"i": (0, 0.5, 0.5), "ii": (0.5, 0.5, 1.0), "iii": (0, spread, spread)}}


@mistake(
    HAND, "the spread has the wrong sign", "The spread came out below 0, which no part of a divergence can be here."
)
def hand_negative() -> Any:
    spread = -0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(HAND, "the logarithm has base 10", "The key for the decimal logarithm was pressed; nats need the natural one.")
def hand_log10() -> Any:
    spread = 0.5 * (4 - np.log10(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(HAND, "the logarithm has base 2", "The logarithm is taken to base 2; nats need the natural one.")
def hand_log2() -> Any:
    spread = 0.5 * (4 - np.log2(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(HAND, "the logarithm is forgotten", "The spread has no logarithm, so that narrowing would earn something.")
def hand_without_log() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 1.5, 1.5)}}


@mistake(HAND, "the logarithm is added", "The logarithm is added where it is taken away.")
def hand_log_added() -> Any:
    spread = 0.5 * (4 + np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(
    HAND, "shift and spread are swapped", "First comes what the mean costs, then what the width costs.", share=SLIP
)
def hand_swapped_parts() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0, 0.5, 0.5), "iii": (spread, 0, spread)}}


@mistake(HAND, "the total stands first", "The numbers are in another order: the total comes last.", share=SLIP)
def hand_total_first() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0.5, 0), "iii": (spread, 0, spread)}}


@mistake(
    HAND,
    "two settings are swapped",
    "The numbers of the second setting stand under the third, and the other way round.",
)
def hand_swapped_settings() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0, spread, spread), "iii": (0.5, 0, 0.5)}}


@mistake(HAND, "the total is the shift alone", "The total leaves the spread out: the two parts add up to it.")
def hand_total_shift() -> Any:
    spread = 0.5 * (4 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, 0)}}


@mistake(
    RANK,
    "the order that is printed in the chapter",
    "You are in good company: the chapter's page prints this order, and the page errs. The formula decides. At σ = 0.3 a narrow posterior "
    "is still cheap, because a logarithm grows so slowly: put the numbers in, and see where “ii” falls.",
)
def rank_printed() -> Any:
    return {"ranking": ("i", "iii", "iv", "ii"), "narrow_crossover": 0.0333}


@mistake(RANK, "the dearest stands first", "The order is turned round: the cheapest comes first.")
def rank_reversed() -> Any:
    return {"ranking": ("iv", "iii", "ii", "i"), "narrow_crossover": 0.0333}


@mistake(
    RANK,
    "sigma where sigma squared belongs",
    "This is the order when the standard deviation stands where the variance belongs: a width of 3 is dearer than that.",
)
def rank_sigma() -> Any:
    return {"ranking": ("i", "ii", "iv", "iii"), "narrow_crossover": 0.1786}


@mistake(RANK, "the shift is not counted", "The means were left out: moving costs as well.")
def rank_spread_only() -> Any:
    return {"ranking": ("i", "iii", "ii", "iv"), "narrow_crossover": 0.0333}


@mistake(
    RANK, "ordered by sigma", "This is the order of the widths. The prior's width costs nothing, a narrower one does."
)
def rank_by_sigma() -> Any:
    return {"ranking": ("ii", "i", "iii", "iv"), "narrow_crossover": 0.0333}


@mistake(
    RANK,
    "the wide one before the narrow one",
    "Widening to 3 is taken for cheaper than narrowing to 0.3; compute both.",
)
def rank_wide_before_narrow() -> Any:
    return {"ranking": ("i", "iv", "ii", "iii"), "narrow_crossover": 0.0333}


@mistake(
    RANK,
    "the crossover with “iii” instead of “iv”",
    "Below that σ a narrow posterior costs more than the shifted one. Asked for is where it overtakes the wide one, σ = 3.",
)
def rank_other_crossover() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.2009}


@mistake(
    RANK,
    "narrowing by 3 taken for as dear as widening by 3",
    "One third of the prior's width is far cheaper than three times it: the price is not even in log σ.",
)
def rank_third() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 1 / 3}


@mistake(
    RANK,
    "the variance at the crossover",
    "That is the variance where the prices meet. Asked for is its root, σ.",
    share=SLIP,
)
def rank_variance() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.03334552**2}


@mistake(
    RANK,
    "log sigma where log variance belongs",
    "The crossover is far too small: the formula takes the logarithm of the variance, which is twice that of σ.",
)
def rank_log_sigma() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.0003702}


@mistake(RANK, "the logarithm has base 10", "The crossover is far too small: nats need the natural logarithm.")
def rank_log10() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.00009487}


@mistake(
    RANK,
    "the price instead of the sigma",
    "That is what N(0, 3²) costs. Asked for is the narrow σ that costs the same.",
)
def rank_price() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 2.9014}
