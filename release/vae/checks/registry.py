"""Find an exercise by its name among the modules that lie beside this one."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from . import tables
from .problem import Exercise, Problem
from .running import Recogniser
from .strategies import Bank, bank

LEFT_OUT = "left_out.json"
"""A file beside this one with the names of exercises that this assignment does not ask; none where it asks all."""


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
    """The problem without the exercises that this assignment leaves out, which the build writes down for students."""
    path = Path(__file__).with_name(LEFT_OUT)
    gone = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else ()
    if not gone:
        return problem
    return replace(problem, exercises=tuple(one for one in problem.exercises if one.name not in gone))


@cache
def public_examination(name: str, seed: int) -> PublicExamination:
    """Prepare the exercise `name`; raises ValueError when there is none of that name."""
    for module, problem in modules().items():
        for exercise in problem.exercises:
            if exercise.name == name:
                return _prepared(module, exercise, seed)
    names = ", ".join(exercise.name for problem in modules().values() for exercise in problem.exercises)
    raise ValueError(f"There is no exercise called {name!r}. The exercises are: {names}.")


def _prepared(module: str, exercise: Exercise, seed: int) -> PublicExamination:
    examples = bank(exercise.checks, seed)
    table = tables.load(module, exercise.name)
    if table is None:
        return PublicExamination(exercise, examples, None)
    recognise = tables.table_recogniser(exercise, table)
    return PublicExamination(*tables.with_table(exercise, examples, table), recognise)
