"""Public checks of 02_spread."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..examples import arrays, hundredths, shapes
from ..exercise import Call, Exercise, Fault, Problem
from ..judges import close, conduct, law

NUMBERS = arrays(shapes(1, 5), hundredths(-3, 3)).map(lambda x: (x,))
FEW = ((np.array([1.0, 2.0, 6.0]),), (np.array([-3.0]),))


def _inside(example: Any, centre: Any) -> Fault | None:
    low, high = example[0].min(), example[0].max()
    return None if low - 1e-6 <= centre <= high + 1e-6 else Fault(f"between {low:g} and {high:g}", centre)


def _stays(example: Any, here: Any, moved: Any) -> Fault | None:
    return None if close(moved, here) else Fault(here, moved, 1, "Moved numbers deviate as much as before.")


def _moved(example: Any) -> list[Call]:
    return [Call(example), Call((example[0] + 2,))]


def exercise(name: str, points: float, read: str, *checks: Any) -> Exercise:
    """An exercise whose answer is one number."""
    probes = tuple(Call((np.array(x),)) for x in ([1.0, 2.0, 6.0], [-3.0], [0.5, -1.5], [4.0, 4.0, -1.0, 0.2]))
    return Exercise(name, points, ("x",), answer_form.one(name, lambda x: [()]), tuple(checks), read, probes)


CENTRE = exercise(
    "centre",
    2,
    "“Exercise 1: the centre”",
    law("inside", "It lies among the numbers.", _inside, first=FEW, examples=NUMBERS),
)
DEVIATION = exercise(
    "deviation",
    5,
    "“Exercise 2: the deviation”",
    law("stays", "It does not change when all numbers move.", _stays, first=FEW, examples=NUMBERS, calls=_moved),
    conduct(1, first=FEW),
)
PROBLEM = Problem("02_spread", "Spread", (CENTRE, DEVIATION))
