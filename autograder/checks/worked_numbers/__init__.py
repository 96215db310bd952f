"""Public checks of 01_worked_numbers: form, laws that join the variables, and the chapter's numbers confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..diagnosis import Recogniser
from ..exercise import Exercise, Problem
from . import confirmation, own, settings
from .divergence import COUNT_ACTIVE_UNITS, KL_BY_HAND, PER_DIMENSION_KL, RANK_BY_KL
from .losses import ANNEALING_BY_NUMBERS, BETA_BALANCE, LOSS_BY_NUMBERS
from .readings import DIAGNOSE_RUNS, READ_INTERPOLATIONS, REPARAMETERISE_BY_HAND
from .variable_types import Variables

CHAPTER = Problem(
    "01_worked_numbers",
    "The chapter's numbers, by hand",
    (
        LOSS_BY_NUMBERS,
        KL_BY_HAND,
        BETA_BALANCE,
        REPARAMETERISE_BY_HAND,
        RANK_BY_KL,
        PER_DIMENSION_KL,
        COUNT_ACTIVE_UNITS,
        ANNEALING_BY_NUMBERS,
        DIAGNOSE_RUNS,
        READ_INTERPOLATIONS,
    ),
)

# A third of each, or less, is for the chapter's numbers; twelve in all.
POINTS = {
    "loss_by_numbers": 1.0,
    "kl_by_hand": 1.5,
    "beta_balance": 1.5,
    "reparameterise_by_hand": 1.0,
    "rank_by_kl": 1.5,
    "per_dimension_kl": 1.5,
    "count_active_units": 1.0,
    "annealing_by_numbers": 1.5,
    "diagnose_runs": 1.0,
    "read_interpolations": 0.5,
}


def __getattr__(name: str) -> Any:
    """`PROBLEM` follows what the course sets: with the chapter's numbers alone there is no second part."""
    if name == "PROBLEM":
        return replace(CHAPTER, exercises=tuple(map(_asked, CHAPTER.exercises)))
    raise AttributeError(name)


def _asked(exercise: Exercise) -> Exercise:
    exercise = replace(exercise, points=POINTS[exercise.name])
    if settings.kind() == "chapter":
        return exercise
    kinds = {**exercise.form.kinds, **own.KINDS[exercise.name]}  # type: ignore[attr-defined]
    # The student's number is read beside them, but nobody is asked for it as an answer.
    form = Variables({**kinds, own.NUMBER: own.Typed()})
    checks = (*exercise.checks, *own.laws(exercise.name))
    return replace(exercise, form=form, checks=checks, variables=tuple(kinds), alike=form.alike)


def confirmed(exercise: Exercise, sealed: Mapping[str, Any]) -> tuple[Exercise, Recogniser]:
    """The exercise as a release has it: with the sealed table it says of each of the chapter's variables if it is right."""
    kinds = CHAPTER.exercise(exercise.name).form.kinds  # type: ignore[attr-defined]
    return confirmation.confirmed(exercise, kinds, sealed)
