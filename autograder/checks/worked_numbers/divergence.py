"""Laws of the exercises about the KL divergence: by hand, ranked, per dimension, and the units it counts."""

from __future__ import annotations

from bisect import bisect
from typing import Any

from ..exercise import Fault
from .shared import LOOSE, about, exercise, none_negative, parts_add_up, related
from .variable_types import Number, Ranking, Row, Table, Whole, Word

SETTINGS = ("i", "ii", "iii")
DIMENSIONS = (1.0, 2.0, 3.0, 4.0)
STATES = ("active", "collapsed", "borderline")
_BOUNDS, _BY_PRICE = (0.01, 0.1), ("collapsed", "borderline", "active")
_NARROW = 0.3
_LATENT = frozenset(range(1, 9))


def _each_alone(values: Any) -> Fault | None:
    rows = values["kl_settings"]
    if abs(rows["i"][0] - rows["iii"][0]) > LOOSE:
        note = f'"i" and "iii" have the same mu. Your own shift in "i" is {rows["i"][0]:.6g}.'
        return related('the same shift in "i" and "iii"', rows["iii"][0], note)
    if abs(rows["i"][1] - rows["ii"][1]) > LOOSE:
        note = f'"i" and "ii" have the same sigma. Your own spread in "i" is {rows["i"][1]:.6g}.'
        return related('the same spread in "i" and "ii"', rows["ii"][1], note)
    return None


KL_BY_HAND = exercise(
    "kl_by_hand",
    2,
    {"kl_settings": Table(SETTINGS, Row(("shift", "spread", "total"), Number()))},
    "“Exercise 2: the KL divergence by hand”",
    (
        about(
            "total",
            "In each setting, shift and spread add up to the total.",
            ("kl_settings",),
            parts_add_up,
        ),
        about(
            "never negative",
            "Neither part of the divergence is ever below 0.",
            ("kl_settings",),
            none_negative,
        ),
        about("separate", "The shift depends on mu alone, the spread on sigma alone.", ("kl_settings",), _each_alone),
    ),
)


def _narrow(values: Any) -> Fault | None:
    sigma = values["narrow_crossover"]
    return None if 0 < sigma < 1 else Fault("a sigma between 0 and 1", sigma)


def _fits_the_ranking(values: Any) -> Fault | None:
    ranking, cheaper = values["ranking"], values["narrow_crossover"] < _NARROW
    before = ranking.index("ii") < ranking.index("iv")
    if before == cheaper:
        return None
    side, place = ("above", "before") if cheaper else ("below", "behind")
    note = f'The sigma of "ii" lies {side} `narrow_crossover`, so your own crossover puts "ii" {place} "iv".'
    return related("a ranking and a crossover that fit together", ranking, note)


RANK_BY_KL = exercise(
    "rank_by_kl",
    3,
    {"ranking": Ranking((*SETTINGS, "iv")), "narrow_crossover": Number(0.0, 0.02)},
    "“Exercise 5: ranking four posteriors”",
    (
        about(
            "narrow", "A posterior narrower than the prior has a sigma between 0 and 1.", ("narrow_crossover",), _narrow
        ),
        about(
            "both fit",
            'Below the crossover a narrow posterior costs more than "iv", above it less; "ii" has a sigma of 0.3.',
            ("ranking", "narrow_crossover"),
            _fits_the_ranking,
        ),
    ),
)


def _sum_of_dimensions(values: Any) -> Fault | None:
    implied = sum(values["dimension_kl"])
    note = f"Your own four numbers add up to {implied:.6g}."
    fits = abs(implied - values["total_kl"]) <= 2 * LOOSE
    return None if fits else related("the sum over the dimensions", values["total_kl"], note)


def _by_the_rule(values: Any) -> Fault | None:
    numbers, states = values["dimension_kl"], values["dimension_state"]
    expected = tuple(_BY_PRICE[bisect(_BOUNDS, price)] for price in numbers)
    return None if states == expected else related("states that follow from your own `dimension_kl`", states)


PER_DIMENSION_KL = exercise(
    "per_dimension_kl",
    3,
    {
        "dimension_kl": Row(DIMENSIONS, Number()),
        "total_kl": Number(),
        "dimension_state": Row(DIMENSIONS, Word(STATES)),
    },
    "“Exercise 6: the KL of each dimension”",
    (
        about("never negative", "No dimension's KL is below 0.", ("dimension_kl",), none_negative),
        about(
            "total",
            "The KL of a sample is the sum over its dimensions.",
            ("dimension_kl", "total_kl"),
            _sum_of_dimensions,
        ),
        about(
            "the printed rule",
            "Collapsed below 0.01, borderline from there to below 0.1, active from 0.1 on.",
            ("dimension_kl", "dimension_state"),
            _by_the_rule,
        ),
    ),
)


def _numbered(values: Any) -> Fault | None:
    named = values["active_dimensions"] | values["removable_dimensions"]
    return None if named <= _LATENT else Fault("numbers from 1 to 8", named - _LATENT)


def _one_or_the_other(values: Any) -> Fault | None:
    active, removable = values["active_dimensions"], values["removable_dimensions"]
    if active & removable:
        return Fault("every dimension in one of the two sets", active & removable, note="These stand in both sets.")
    if _LATENT - active - removable:
        left = _LATENT - active - removable
        return Fault("every dimension in one of the two sets", left, note="These stand in neither set.")
    return None


COUNT_ACTIVE_UNITS = exercise(
    "count_active_units",
    2,
    {"active_dimensions": Whole(), "removable_dimensions": Whole()},
    "“Exercise 7: counting active units”",
    (
        about(
            "numbered", "Dimensions are numbered from 1 to 8.", ("active_dimensions", "removable_dimensions"), _numbered
        ),
        about(
            "one or the other",
            "A dimension is either active or removable.",
            ("active_dimensions", "removable_dimensions"),
            _one_or_the_other,
        ),
    ),
)
