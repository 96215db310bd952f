"""The second part of each exercise: the same question in a setting of one's own, looked at by form and laws."""

from __future__ import annotations

import itertools
from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..exercise import Check, Fault
from ..judges import law
from . import settings
from .shared import LOOSE, asking, none_negative, parts_add_up, related
from .variable_types import WITHIN, Kind, Number, Ranking, Row, Share, Table, Whole, Word

MY_BETAS = (0.25, 2.0, 6.0)
MY_EPOCHS = (3.0, 9.0, 12.0, 40.0)
MY_RUNS = ("D", "E", "F")
MY_LINES = (4.0, 5.0, 6.0)
DIAGNOSES = ("posterior collapse", "memorising", "healthy")
REMEDIES = ("lower beta", "raise beta", "keep beta")
READINGS = ("organised", "empty gap", "crosses classes")
STATES = ("active", "collapsed", "borderline")
PARTS = ("reconstruction", "kl", "total")
_NUMERALS = ("i", "ii", "iii", "iv")
_LATENT = frozenset(range(1, 9))
_DIMENSIONS = (1.0, 2.0, 3.0, 4.0)
_CLOSE = Number(0.0, 0.02)


@dataclass(frozen=True)
class Typed:
    """The number that a student types into the first cell; whatever stands there is read as its digits."""

    def read(self, name: str, value: Any) -> int:
        """Return its digits as a whole number, 0 where there are none."""
        return settings.number_of(value)

    def near(self, one: int, other: int) -> bool:
        """Whose number it is makes no answer wrong by itself."""
        return True


NUMBER = "number"

KINDS: dict[str, dict[str, Kind]] = {
    "loss_by_numbers": {"my_loss": Row(PARTS, Number()), "my_equal_beta": _CLOSE},
    "kl_by_hand": {
        "my_kl_settings": Table(_NUMERALS[:3], Row(("shift", "spread", "total"), Number())),
        "my_sigmas_for_price": Row(("narrow", "wide"), _CLOSE),
    },
    "beta_balance": {"my_beta_losses": Table(MY_BETAS, Number()), "my_kl_share": Table(MY_BETAS, Share())},
    "reparameterise_by_hand": {"my_z": Number(), "my_dz_dmu": Number(), "my_dz_dsigma": Number()},
    "rank_by_kl": {"my_ranking": Ranking(_NUMERALS), "my_narrow_crossover": _CLOSE},
    "per_dimension_kl": {
        "my_dimension_kl": Row(_DIMENSIONS, Number()),
        "my_total_kl": Number(),
        "my_dimension_state": Row(_DIMENSIONS, Word(STATES)),
    },
    "count_active_units": {"my_active_dimensions": Whole(), "my_removable_dimensions": Whole()},
    "annealing_by_numbers": {"my_annealed_loss": Table(MY_EPOCHS, Number()), "my_crossover_epoch": _CLOSE},
    "diagnose_runs": {
        "my_diagnosis": Table(MY_RUNS, Word(DIAGNOSES)),
        "my_remedy": Table(MY_RUNS, Word(REMEDIES)),
    },
    "read_interpolations": {"my_reading": Table(MY_LINES, Word(READINGS))},
}


def with_number(*names: str) -> Callable[[Any], Any]:
    """The calls of a check that reads variables, and the student's number where that decides the setting."""
    return asking(*names, *([NUMBER] if settings.kind() == "student" else []))


def laws(exercise: str) -> tuple[Check, ...]:
    """The public checks of an exercise's second part: its laws, and that its form is good."""
    found = [_law(exercise, *one) for one in _LAWS.get(exercise, ())]
    names = tuple(KINDS[exercise])
    says = "Form and laws of your own numbers are looked at here; their values are looked at when grading."
    # Last, so that what breaks is told by the law it breaks.
    return (*found, law("your own numbers", says, lambda _, values: None, first=[names], calls=asking(*names)))


def _law(exercise: str, name: str, must: str, names: tuple[str, ...], broken: Callable[..., Fault | None]) -> Check:
    def judge(_: Any, values: Mapping[str, Any]) -> Fault | None:
        return broken(values, settings.setting(exercise, values.get(NUMBER, 0)))

    return law(f"your own: {name}", must, judge, first=[names], calls=with_number(*names))


def _every_row(broken: Callable[[Mapping[str, Any]], Fault | None], variable: str) -> Callable[..., Fault | None]:
    return lambda values, _: broken({variable: values[variable]})


def _one_narrow_one_wide(values: Any, _: Any) -> Fault | None:
    narrow, wide = values["my_sigmas_for_price"]
    return None if 0 < narrow < 1 < wide else related("one σ between 0 and 1, then one above 1", (narrow, wide))


def _in_proportion(values: Any, _: Any) -> Fault | None:
    low, middle, high = (values["my_beta_losses"][beta] for beta in MY_BETAS)
    steps = (MY_BETAS[2] - MY_BETAS[1]) / (MY_BETAS[1] - MY_BETAS[0])
    implied = middle + (middle - low) * steps
    slack = WITHIN * (2 + 2 * steps)
    note = f"Your own totals at {MY_BETAS[0]:g} and {MY_BETAS[1]:g} imply about {implied:.3g} at {MY_BETAS[2]:g}."
    return None if abs(high - implied) <= slack else related("totals on one line in beta", high, note)


def _shares(values: Any, _: Any) -> Fault | None:
    shares = list(values["my_kl_share"].values())
    good = all(0 <= share <= 1 for share in shares) and shares == sorted(shares) and shares[0] < shares[-1]
    return None if good else related("shares between 0 and 1 that rise with beta", values["my_kl_share"])


def _scales(values: Any, one: Any) -> Fault | None:
    implied = one["mu"] * values["my_dz_dmu"] + one["sigma"] * values["my_dz_dsigma"]
    slack = WITHIN * (1 + abs(one["mu"]) + one["sigma"])
    note = f"Your own derivatives imply {implied:.3g}."
    return None if abs(implied - values["my_z"]) <= slack else related("a z that fits them", values["my_z"], note)


def _narrow(values: Any, _: Any) -> Fault | None:
    sigma = values["my_narrow_crossover"]
    return None if 0 < sigma < 1 else related("a sigma between 0 and 1", sigma)


def _fits_the_ranking(values: Any, one: Any) -> Fault | None:
    ranking, cheaper = values["my_ranking"], values["my_narrow_crossover"] < one["posteriors"]["i"][1]
    if (ranking.index("i") < ranking.index("iv")) == cheaper:
        return None
    side, place = ("above", "before") if cheaper else ("below", "behind")
    note = f'The sigma of "i" lies {side} `my_narrow_crossover`, so your own crossover puts "i" {place} "iv".'
    return related("a ranking and a crossover that fit together", ranking, note)


def _sum_of_dimensions(values: Any, _: Any) -> Fault | None:
    implied = sum(values["my_dimension_kl"])
    note = f"Your own four numbers add up to {implied:.3f}."
    fits = abs(implied - values["my_total_kl"]) <= 5 * WITHIN
    return None if fits else related("the sum over the dimensions", values["my_total_kl"], note)


def _by_the_rule(values: Any, _: Any) -> Fault | None:
    by_price = ("collapsed", "borderline", "active")
    for price, state in zip(values["my_dimension_kl"], values["my_dimension_state"], strict=True):
        # A number that was rounded across a threshold leaves both states open.
        possible = {by_price[bisect((0.01, 0.1), price + off)] for off in (-WITHIN, 0, WITHIN)}
        if state not in possible:
            return related("states that follow from your own numbers by the printed rule", f"{price:.3g}: {state}")
    return None


def _one_or_the_other(values: Any, _: Any) -> Fault | None:
    active, removable = values["my_active_dimensions"], values["my_removable_dimensions"]
    odd = (active & removable) | (_LATENT ^ (active | removable))
    return None if not odd else related("every dimension from 1 to 8 in exactly one of the two sets", odd)


def _ramp(values: Any, _: Any) -> Fault | None:
    first, second, third, last = values["my_annealed_loss"].values()
    if any(after < before - LOOSE for before, after in itertools.pairwise((first, second, third, last))):
        return related("a loss that never falls", values["my_annealed_loss"])
    implied = first + (second - first) * 1.5
    note = f"Your own losses at epochs 3 and 9 imply about {implied:.3g} at 12."
    return None if abs(third - implied) <= 5 * WITHIN else related("a straight ramp", third, note)


def _different(variable: str) -> Callable[..., Fault | None]:
    def broken(values: Any, _: Any) -> Fault | None:
        words = values[variable]
        return None if len(set(words.values())) == len(words) else related("a word of its own for each", words)

    return broken


_Law = tuple[str, str, tuple[str, ...], Callable[..., Fault | None]]
_LAWS: dict[str, tuple[_Law, ...]] = {
    "loss_by_numbers": (
        ("total", "The total is the sum of its two parts.", ("my_loss",), _every_row(parts_add_up, "my_loss")),
        ("never negative", "Neither part is below 0.", ("my_loss",), _every_row(none_negative, "my_loss")),
    ),
    "kl_by_hand": (
        (
            "total",
            "Shift and spread add up to the total.",
            ("my_kl_settings",),
            _every_row(parts_add_up, "my_kl_settings"),
        ),
        (
            "never negative",
            "Neither part is below 0.",
            ("my_kl_settings",),
            _every_row(none_negative, "my_kl_settings"),
        ),
        (
            "two sigmas",
            "One σ is narrower than the prior, one is wider.",
            ("my_sigmas_for_price",),
            _one_narrow_one_wide,
        ),
    ),
    "beta_balance": (
        ("in proportion", "The total grows evenly with beta.", ("my_beta_losses",), _in_proportion),
        ("shares", "Shares lie between 0 and 1, and rise with beta.", ("my_kl_share",), _shares),
    ),
    "reparameterise_by_hand": (
        ("scales", "mu · dz/dmu + sigma · dz/dsigma is z itself.", ("my_z", "my_dz_dmu", "my_dz_dsigma"), _scales),
    ),
    "rank_by_kl": (
        ("narrow", "The narrow sigma lies between 0 and 1.", ("my_narrow_crossover",), _narrow),
        (
            "both fit",
            'Below the crossover a narrow posterior costs more than "iv", above it less.',
            ("my_ranking", "my_narrow_crossover"),
            _fits_the_ranking,
        ),
    ),
    "per_dimension_kl": (
        (
            "never negative",
            "No dimension's KL is below 0.",
            ("my_dimension_kl",),
            _every_row(none_negative, "my_dimension_kl"),
        ),
        ("total", "The KL is the sum over its dimensions.", ("my_dimension_kl", "my_total_kl"), _sum_of_dimensions),
        (
            "the printed rule",
            "Collapsed below 0.01, borderline from there to below 0.1, active from 0.1 on.",
            ("my_dimension_kl", "my_dimension_state"),
            _by_the_rule,
        ),
    ),
    "count_active_units": (
        (
            "one or the other",
            "A dimension from 1 to 8 is either active or removable.",
            ("my_active_dimensions", "my_removable_dimensions"),
            _one_or_the_other,
        ),
    ),
    "annealing_by_numbers": (
        ("ramp", "The loss never falls, and grows evenly on the ramp.", ("my_annealed_loss",), _ramp),
    ),
    "diagnose_runs": (
        ("three diagnoses", "Each run has a diagnosis of its own.", ("my_diagnosis",), _different("my_diagnosis")),
    ),
    "read_interpolations": (
        ("three readings", "Each line has a reading of its own.", ("my_reading",), _different("my_reading")),
    ),
}
