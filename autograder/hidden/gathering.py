"""The hidden half of a problem, gathered from one module an exercise."""

from __future__ import annotations

import importlib
from typing import NamedTuple

from ..checks.exercise import Check, Problem
from .mistakes.catalogue import Catalogue, joined
from .served import Served
from .values import by_regime


class HiddenHalf(NamedTuple):
    """Hidden checks by exercise, known mistakes and right variants, what each builds on, what may be asked for values."""

    checks: dict[str, tuple[Check, ...]]
    catalogue: Catalogue
    builds_on: dict[str, tuple[str, ...]]
    served: dict[str, Served]


def gathered(package: str, problem: Problem) -> HiddenHalf:
    """Read `CHECKS`, `CATALOGUE` and, where they are, `BUILDS_ON` and `SERVED` from the module of each exercise.

    `BUILDS_ON` of an exercise names the earlier exercises whose functions it calls, as its text says it may; `SERVED`
    of an earlier one is the right version that is asked in place of a wrong one. Raises ModuleNotFoundError without
    such a module.
    """
    modules = {one.name: importlib.import_module(f"{package}.{one.name}") for one in problem.exercises}
    return HiddenHalf(
        by_regime({name: module.CHECKS for name, module in modules.items()}),
        joined(*(module.CATALOGUE for module in modules.values())),
        {name: module.BUILDS_ON for name, module in modules.items() if hasattr(module, "BUILDS_ON")},
        {name: module.SERVED for name, module in modules.items() if hasattr(module, "SERVED")},
    )
