"""Hidden checks of 01_worked_numbers: each variable, or group of entries, against the closed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...checks.problem import Answer, Call, Check, Fault
from ...checks.worked_numbers import PROBLEM
from ...checks.worked_numbers.kinds import Kind, Number, Table
from ...checks.worked_numbers.shared import asking
from ..catalogue import by_regime, joined
from . import (
    mistakes_found,
    mistakes_kl,
    mistakes_losses,
    mistakes_sample,
    mistakes_told,
    mistakes_units,
    mistakes_words,
    variants_kl,
    variants_losses,
)
from .closed_forms import PRINTED, RIGHT

CATALOGUE = joined(
    mistakes_losses.CATALOGUE,
    mistakes_kl.CATALOGUE,
    mistakes_sample.CATALOGUE,
    mistakes_units.CATALOGUE,
    mistakes_words.CATALOGUE,
    mistakes_found.CATALOGUE,
    mistakes_told.CATALOGUE,
    variants_losses.CATALOGUE,
    variants_kl.CATALOGUE,
)

_KINDS: dict[str, Kind] = {
    name: kind
    for exercise in PROBLEM.exercises
    for name, kind in exercise.form.kinds.items()  # type: ignore[attr-defined]
}


def _as_exact(value: Any, printed: Any, exact: Any) -> Any:
    """The value with numbers that the chapter prints replaced by the exact ones they stand for."""
    if isinstance(printed, Mapping):
        return {key: _as_exact(one, printed.get(key), exact[key]) for key, one in value.items()}
    return exact if printed is not None and abs(value - printed) <= 1e-6 else value


def _right(
    name: str, must: str, points: float, variables: Sequence[str], entries: Sequence[Any] = (), *, earns: bool = True
) -> Check:
    """A check that variables, or these entries of a table, are right: within rounding, or as the chapter rounds."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        given = answers[0].value
        for variable in variables:
            kind, exact = _KINDS[variable], RIGHT[variable]
            if entries and isinstance(kind, Table):
                kind, exact = kind.only(entries), {key: exact[key] for key in entries}
            if not kind.near(_as_exact(given[variable], PRINTED.get(variable), exact), exact):
                return Fault(exact, given[variable], note=f"This is `{variable}`." if len(variables) > 1 else "")
        return None

    return _judged(name, must, points, asking(*variables, entries=entries), judge, earns)


def _where(
    name: str,
    must: str,
    points: float,
    variable: str,
    holds: Callable[[Any, Any], bool],
    entries: Sequence[Any] = (),
    *,
    earns: bool = True,
) -> Check:
    """A check that part of a variable is right: `holds` takes its value (of a table, these entries) and the right one."""
    exact = {key: RIGHT[variable][key] for key in entries} if entries else RIGHT[variable]

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        given = answers[0].value[variable]
        return None if holds(given, exact) else Fault(exact, given)

    return _judged(name, must, points, asking(variable, entries=entries), judge, earns)


def _judged(
    name: str,
    must: str,
    points: float,
    calls: Callable[[Any], Sequence[Call]],
    judge: Callable[[Any, Sequence[Answer]], Fault | None],
    earns: bool,
) -> Check:
    return Check(name, must, calls, judge, first=(name,), points=points, earns=earns, hidden=True)


def _told_apart(entry: Any) -> Callable[[Any, Any], bool]:
    """The entry has its right word, and no other entry has that word: one word for everything tells nothing."""
    return lambda given, right: given[entry] == right[entry] and list(given.values()).count(right[entry]) == 1


_CLEAR = frozenset(range(1, 8))
_NUMBER = Number()


CHECKS: dict[str, tuple[Check, ...]] = by_regime(
    {
        "loss_by_numbers": (
            _right("first configuration", "All three numbers of the first configuration are right.", 1, ["first_loss"]),
            _right("second configuration", "All three numbers of the second are right.", 1, ["second_loss"]),
        ),
        "kl_by_hand": (
            _right("a shifted mean", 'Settings "i" and "ii" are right.', 1, ["kl_settings"], ["i", "ii"]),
            _right("a wider spread", 'Settings "i" and "iii" are right.', 1, ["kl_settings"], ["i", "iii"]),
        ),
        "beta_balance": (
            _right("totals up to 1", "The totals at beta 0.5 and 1 are right.", 0.5, ["beta_losses"], [0.5, 1.0]),
            _right("totals from 1", "The totals at beta 1 and 4 are right.", 0.5, ["beta_losses"], [1.0, 4.0]),
            _right("shares up to 1", "The KL's shares at beta 0.5 and 1 are right.", 0.5, ["kl_share"], [0.5, 1.0]),
            _right("shares from 1", "The KL's shares at beta 1 and 4 are right.", 0.5, ["kl_share"], [1.0, 4.0]),
        ),
        "reparameterise_by_hand": (
            _right("the sample", "`z` is right.", 1, ["z"]),
            _right("the derivatives", "Both derivatives of z are right.", 1, ["dz_dmu", "dz_dsigma"]),
        ),
        "rank_by_kl": (
            _right("ranking", "The four posteriors stand in the order of their KL, cheapest first.", 1.5, ["ranking"]),
            _right("crossover", "The crossover is right within 2 %.", 1.5, ["narrow_crossover"]),
        ),
        "per_dimension_kl": (
            _where(
                "dimensions 1 and 2",
                "The first two numbers are right.",
                0.75,
                "dimension_kl",
                lambda given, right: _KINDS["dimension_kl"].near(given[:2], right[:2]),
            ),
            _where(
                "dimensions 3 and 4",
                "The last two numbers are right.",
                0.75,
                "dimension_kl",
                lambda given, right: _KINDS["dimension_kl"].near(given[2:], right[2:]),
            ),
            _right("the sum", "The KL of all four dimensions together is right.", 0.75, ["total_kl"]),
            _right("states", "Each dimension's state is right.", 0.75, ["dimension_state"]),
        ),
        "count_active_units": (
            _where(
                "active among 1 to 7",
                "Of dimensions 1 to 7, those with a KL above 0.01 are active.",
                0.5,
                "active_dimensions",
                lambda given, right: given & _CLEAR == right & _CLEAR,
            ),
            _where(
                "removable among 1 to 7",
                "Of dimensions 1 to 7, the others are removable.",
                0.5,
                "removable_dimensions",
                lambda given, right: given & _CLEAR == right & _CLEAR,
            ),
            _where(
                "the rest of the active",
                "What else is called active is.",
                0.5,
                "active_dimensions",
                lambda given, right: given - _CLEAR == right - _CLEAR,
                earns=False,
            ),
            _where(
                "the rest of the removable",
                "What else is called removable is.",
                0.5,
                "removable_dimensions",
                lambda given, right: given - _CLEAR == right - _CLEAR,
                earns=False,
            ),
        ),
        "annealing_by_numbers": (
            _right("during the ramp", "The losses at epochs 1 and 5 are right.", 0.75, ["annealed_loss"], [1.0, 5.0]),
            _where(
                "past the ramp",
                "The losses at epochs 10 and 20 are right, and not those of epoch 1.",
                0.5,
                "annealed_loss",
                lambda given, right: (
                    _NUMBER.near(given[10.0], right[10.0])
                    and _NUMBER.near(given[20.0], right[20.0])
                    and not _NUMBER.near(given[1.0], right[10.0])
                ),
                [1.0, 10.0, 20.0],
            ),
            _right("crossover", "The crossover is right within 2 %.", 0.75, ["crossover_epoch"]),
        ),
        "diagnose_runs": (
            _where("run A", "Run A, and no other, has its diagnosis.", 0.3, "diagnosis", _told_apart("A")),
            _where("run B", "Run B, and no other, has its diagnosis.", 0.3, "diagnosis", _told_apart("B")),
            _right("remedies", "Each of the two runs gets what helps it.", 0.4, ["remedy"]),
        ),
        "read_interpolations": (
            _where("line 1", "Line 1, and no other, has its reading.", 0.3, "reading", _told_apart(1.0)),
            _where("line 2", "Line 2, and no other, has its reading.", 0.3, "reading", _told_apart(2.0)),
            _where("line 3", "Line 3, and no other, has its reading.", 0.4, "reading", _told_apart(3.0)),
        ),
    }
)
