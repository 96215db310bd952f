"""Why a check does not hold: its first example that fails, judged, with what to say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import formatting
from .asking import FormedAnswer
from .exercise import Answer, Check, Exercise, Fault

_STUCK = ("timeout", "died", "skipped")


@dataclass(frozen=True)
class Broken:
    """The first example of a check that fails, with what to say about it."""

    example: Any
    shown: str
    fault: Fault | None
    problem: str
    outcome: str = "returned"
    lines: tuple[int, ...] = ()

    @property
    def stuck(self) -> bool:
        """Whether asking again would cost as much again."""
        return self.outcome in _STUCK

    @property
    def formless(self) -> bool:
        """Whether there was an answer, but none in the required form, so that nothing could be judged."""
        return self.fault is None and self.outcome != "undefined"


def first_broken(exercise: Exercise, check: Check, group: Sequence[tuple[Any, list[FormedAnswer]]]) -> Broken | None:
    """The first of a check's examples that fails, each with the answers to its calls; None where the check holds.

    One that could be judged comes before one whose answers had no good form.
    """
    formless = None
    for example, seen in group:
        broken = judged(exercise, check, example, seen)
        if broken is not None and broken.fault is not None:
            return broken
        formless = formless or broken
    return formless


def judged(exercise: Exercise, check: Check, example: Any, seen: Sequence[FormedAnswer]) -> Broken | None:
    """What is wrong with the answers to an example's calls; None where nothing is."""
    bad = next((one for one in seen if one.problem), None)
    if bad is not None:
        shown = "" if exercise.variables else formatting.call(exercise, bad.call)
        return Broken(example, shown, None, bad.problem, bad.answer.outcome, bad.answer.lines)
    try:
        fault = check.judge(example, [_canonical(one) for one in seen])
    except (ArithmeticError, np.linalg.LinAlgError):
        fault = Fault("numbers that can be computed with", seen[0].value, note="These are too large to compute with.")
    if fault is None:
        return None
    shown = "" if exercise.variables else formatting.call(exercise, seen[fault.call].call)
    return Broken(example, shown, fault, "")


def _canonical(one: FormedAnswer) -> Answer:
    """The answer as judges see it."""
    answer = one.answer
    return Answer(answer.outcome, one.value, answer.error, answer.detail, answer.changed)
