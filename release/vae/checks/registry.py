"""Find an exercise by its name among the modules that lie beside this one."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import tables
from .problem import Exercise, Problem
from .running import Recogniser
from .strategies import Bank, bank


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
    for path in sorted(Path(__file__).parent.glob("[a-z]*")):
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            problem = getattr(importlib.import_module(f"{__package__}.{path.stem}"), "PROBLEM", None)
            if problem is not None:
                found[path.stem] = problem
    return found


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
