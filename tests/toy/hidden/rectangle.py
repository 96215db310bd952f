"""Hidden checks, mistakes and variants of 01_rectangle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..checks.exercise import Answer, Check, Fault
from ..checks.rectangle import NAMES, asking
from .mistakes.catalogue import Catalogue

CATALOGUE = Catalogue()
RIGHT = {"area": 12.0, "diagonal": 5.0}


def _right(name: str, points: float) -> Check:
    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        value = answers[0].value[name]
        return None if abs(value - RIGHT[name]) < 1e-6 else Fault(RIGHT[name], value)

    return Check(
        name, f"`{name}` is right.", asking, judge, (NAMES,), points=points, earns=True, hidden=True, why="Each."
    )


CHECKS = {"rectangle": (_right("area", 1), _right("diagonal", 2))}


@CATALOGUE.mistake("rectangle", "the root is missing", "This is the square of the diagonal.")
def no_root() -> Any:
    return {"area": 12, "diagonal": 25}


@CATALOGUE.mistake("rectangle", "the circumference for the area", "The area is length times width.")
def circumference() -> Any:
    return {"area": 14, "diagonal": 5}


@CATALOGUE.mistake("rectangle", "below 0", "Lengths and areas are positive.")
def negative() -> Any:
    return {"area": -12, "diagonal": -5}


@CATALOGUE.variant("rectangle")
def plain() -> Any:
    return {"area": 12.0, "diagonal": 5}
