"""Where the problems are: the public half, the hidden half, and the two merged."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import checks, hidden
from ..checks import registry as public_registry
from ..checks.exercise import Check, Mistake, Problem
from ..course.layout import module_name
from ..course.own_checks import on_change
from ..hidden.mistakes.catalogue import Catalogue, Function, Undo
from ..hidden.mistakes.terms import Sum


class UnknownProblem(ValueError):
    """There are no checks for that stem: add them, or rename the text."""


@cache
def public(stem: str) -> Problem:
    """The problem as students have it; raise UnknownProblem when there is none."""
    problem: Problem = _module(checks, stem).PROBLEM
    return problem


@cache
def load(stem: str) -> Problem:
    """The problem as it is graded: each exercise with its public checks, then its hidden ones."""
    problem = public(stem)
    more: dict[str, tuple[Check, ...]] = hidden_half(stem).CHECKS
    merged = []
    for exercise in problem.exercises:
        merged_checks = (*exercise.checks, *more.get(exercise.name, ()))
        names = [check.name for check in merged_checks]
        if len(set(names)) < len(names):
            raise ValueError(f"Two checks of {exercise.name} have one name ({', '.join(names)}): rename one.")
        merged.append(replace(exercise, checks=merged_checks))
    return replace(problem, exercises=tuple(merged))


def catalogue(stem: str) -> Catalogue:
    """The known mistakes and right variants of a problem."""
    found: Catalogue = hidden_half(stem).CATALOGUE
    return found


def mistakes(stem: str, exercise: str) -> list[Mistake]:
    """The known mistakes of one exercise."""
    return [mistake for mistake in catalogue(stem).mistakes if mistake.exercise == exercise]


def variants(stem: str, exercise: str) -> list[Function]:
    """The right variants of one exercise."""
    return catalogue(stem).variants.get(exercise, [])


def sums(stem: str, exercise: str) -> list[Sum]:
    """The ways in which right answers to an exercise are sums of terms; mostly none."""
    return catalogue(stem).sums.get(exercise, [])


def undoings(stem: str, exercise: str) -> dict[str, Undo]:
    """What undoes known mistakes of form of one exercise, by the names of these; mostly none."""
    return catalogue(stem).undo.get(exercise, {})


def hidden_half(stem: str) -> Any:
    """The hidden module of a problem: checks, catalogue, what its exercises build on."""
    return _module(hidden, stem)


def _module(package: ModuleType, stem: str) -> Any:
    """The module of a problem: of the autograder's own, or of the course's that is in use."""
    name = f"{package.__name__}.{module_name(stem)}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        folder = Path(package.__path__[-1])
        raise UnknownProblem(
            f"There is no {folder.name}/{module_name(stem)}.py for {stem}: write it in {folder}, rename the text, or go to "
            "the course folder that has it."
        ) from error


def forget() -> None:
    """Load every problem anew the next time it is asked for."""
    for remembered in (public, load, public_registry.modules, public_registry.public_examination):
        remembered.cache_clear()


on_change(forget)
