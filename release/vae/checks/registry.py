"""Find an exercise by its name among the modules that lie beside this one."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from . import answer_tables
from .diagnosis import Recogniser
from .examples import Bank, bank
from .exercise import Exercise, Problem

LEFT_OUT = "left_out.json"
"""A file beside this one with the names of exercises that this assignment does not ask; none where it asks all."""
POINTS = "points.json"
"""A file beside this one with the points of exercises that this assignment gives other points than their own, by name."""


@dataclass(frozen=True)
class PublicExamination:
    """An exercise as students check it: its laws, its table of numbers, its examples, and what names mistakes."""

    exercise: Exercise
    bank: Bank
    recognise: Recogniser | None


@cache
def modules() -> dict[str, Problem]:
    """The problem of every module here that has one, by the module's name."""
    found = {}
    here = sys.modules[str(__package__)].__path__
    for path in sorted(path for folder in here for path in Path(folder).glob("[a-z]*")):
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            problem = getattr(importlib.import_module(f"{__package__}.{path.stem}"), "PROBLEM", None)
            if problem is not None:
                found[path.stem] = _asked(problem)
    return found


def _asked(problem: Problem) -> Problem:
    """The problem as this assignment asks it: exercises left out, other points; the build writes both down for students."""
    gone, points = _written(LEFT_OUT, ()), _written(POINTS, {})
    if not gone and not points:
        return problem
    asked = (one for one in problem.exercises if one.name not in gone)
    return replace(problem, exercises=tuple(replace(one, points=points.get(one.name, one.points)) for one in asked))


def _written(name: str, without: Any) -> Any:
    """What the build wrote into a file beside this one; `without` where there is none."""
    path = Path(__file__).with_name(name)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else without


@cache
def public_examination(name: str, seed: int) -> PublicExamination:
    """Prepare the exercise `name`; raises ValueError when there is none of that name."""
    found = _found(name)
    if found:
        return _prepared(*found, seed)
    names = ", ".join(exercise.name for problem in modules().values() for exercise in problem.exercises)
    raise ValueError(f"There is no exercise called {name!r}. The exercises are: {names}.")


def names_of(name: str) -> tuple[str, ...]:
    """What an exercise asks to be set in the notebook: its variables, or the function of its name."""
    found = _found(name)
    return (found[1].variables or (name,)) if found else ()


def _found(name: str) -> tuple[str, Exercise] | None:
    """The module of an exercise, and the exercise; None where there is none of that name."""
    every = ((module, exercise) for module, problem in modules().items() for exercise in problem.exercises)
    return next(((module, exercise) for module, exercise in every if exercise.name == name), None)


def _prepared(module: str, exercise: Exercise, seed: int) -> PublicExamination:
    table = answer_tables.load(module, exercise.name)
    if table and answer_tables.SEALED in table:
        confirmed = importlib.import_module(f"{__package__}.{module}").confirmed
        exercise, recogniser = confirmed(exercise, table[answer_tables.SEALED])
        return PublicExamination(exercise, bank(exercise.checks, seed), recogniser)
    examples = bank(exercise.checks, seed)
    if table is None:
        return PublicExamination(exercise, examples, None)
    recognise = answer_tables.table_recogniser(exercise, table)
    return PublicExamination(*answer_tables.with_table(exercise, examples, table), recognise)
