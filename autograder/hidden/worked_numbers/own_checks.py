"""Hidden checks of the second part: each `my_` variable against the closed form with the setting that counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...checks.exercise import Answer, Check, Fault
from ...checks.worked_numbers import settings
from ...checks.worked_numbers.own import KINDS, NUMBER, with_number
from ...checks.worked_numbers.variable_types import WITHIN
from .own_answers import right, slips

# What the variables of an exercise weigh among each other.
WEIGHTS: dict[str, dict[str, float]] = {
    "loss_by_numbers": {"my_loss": 2, "my_equal_beta": 1},
    "kl_by_hand": {"my_kl_settings": 3, "my_sigmas_for_price": 2},
    "beta_balance": {"my_beta_losses": 1, "my_kl_share": 1},
    "reparameterise_by_hand": {"my_z": 1, "my_dz_dsigma": 1},
    "rank_by_kl": {"my_ranking": 1, "my_narrow_crossover": 1},
    "per_dimension_kl": {"my_dimension_kl": 2, "my_total_kl": 1, "my_dimension_state": 1},
    "count_active_units": {"my_active_dimensions": 1, "my_removable_dimensions": 1},
    "annealing_by_numbers": {"my_annealed_loss": 1, "my_crossover_epoch": 1},
    "diagnose_runs": {"my_diagnosis": 2, "my_remedy": 1},
    "read_interpolations": {"my_reading": 1},
}


def checks(exercise: str) -> list[Check]:
    """The checks of one exercise, each with its weight as points."""
    return [_check(exercise, variable, weight) for variable, weight in WEIGHTS[exercise].items()]


def _check(exercise: str, variable: str, weight: float) -> Check:
    kind = KINDS[exercise][variable]

    def judge(_: Any, answers: Sequence[Answer]) -> Fault | None:
        one = settings.setting(exercise, answers[0].value.get(NUMBER, 0))
        given, exact = answers[0].value[variable], right(exercise, one)[variable]
        if kind.near(given, exact):
            # That z moves as mu does is the same in every setting: by itself it shows nothing.
            slope = answers[0].value.get("my_dz_dmu", 1.0)
            return None if abs(slope - 1.0) <= WITHIN else Fault(1.0, slope, note="This is `my_dz_dmu`.")
        for name, says, share, wrong in slips(exercise, one):
            if variable in wrong and not kind.near(wrong[variable], exact) and kind.near(given, wrong[variable]):
                return Fault(exact, given, named=(name, says, share))
        return Fault(exact, given)

    return Check(
        f"your own: {variable}",
        f"`{variable}` is right for your own numbers.",
        with_number(variable, *(["my_dz_dmu"] if variable == "my_dz_dsigma" else [])),
        judge,
        first=(variable,),
        points=weight,
        earns=True,
        hidden=True,
    )
