"""Public checks of 01_rectangle."""

from __future__ import annotations

from typing import Any

from .exercise import Call, Exercise, Fault, Problem
from .judges import law

NAMES = ("area", "diagonal")


class Numbers:
    """Variables that each hold one number."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return the variables as floats."""
        try:
            return {name: float(one) for name, one in value.items()}, ""
        except (TypeError, ValueError):
            return None, "Each variable must be a number."


def asking(_: Any) -> list[Call]:
    """Read both variables."""
    return [Call(NAMES)]


def _positive(_: Any, values: Any) -> Fault | None:
    return None if min(values.values()) > 0 else Fault("more than 0", min(values.values()))


PROBLEM = Problem(
    "01_rectangle",
    "A rectangle",
    (
        Exercise(
            name="rectangle",
            points=3,
            parameters=(),
            form=Numbers(),
            read="“Exercise 1: area and diagonal”",
            checks=(law("positive", "Both are positive.", _positive, first=[NAMES], calls=asking),),
            variables=NAMES,
            alike=lambda call, one, other: one == other,
        ),
    ),
)
