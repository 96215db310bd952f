"""Say whether a function answers as was seen: in all questions, in all where it has a number, or in nearly all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...checks.asking import FormedAnswer
from ...checks.diagnosis import gist
from ...checks.exercise import Call
from .operations import Function

_FIRST, _FEW, _NEARLY = 5, 24, 0.97
_NO_NUMBER = ("ZeroDivisionError", "OverflowError", "FloatingPointError", "LinAlgError")


@dataclass(frozen=True)
class Matching:
    """How functions of an exercise are compared with answers.

    `answers` says what a function answers to calls, in the form of the exercise, and `alike` whether two answers are one.
    """

    answers: Callable[[Function, Sequence[Call]], list[FormedAnswer]]
    alike: Callable[[FormedAnswer, FormedAnswer], bool]

    def exact(self, seen: Sequence[FormedAnswer], function: Function) -> bool:
        """Whether a function answers every question so: the first answer that differs ends it, most functions differ in any one."""
        groups = (seen[:1], seen[1:8], seen[8:])
        return all(
            all(map(self._alike, self.answers(function, [one.call for one in group]), group)) for group in groups
        )

    def with_guards(self, right: Function, seen: Sequence[FormedAnswer], ours: Sequence[FormedAnswer]) -> bool:
        """Whether `ours` of a wrong function, from `compared`, are as seen wherever they hold a number, half of them at least.

        Elsewhere students return what they like: `if n > 1`, or a clip of what goes into a logarithm.
        """
        good = [one for one in ours if not _no_number(one)]
        if 2 * len(good) < len(seen):
            return False
        if not all(_no_number(one) or self._alike(one, other) for one, other in zip(ours, seen, strict=False)):
            return False
        # Who is right wherever there is a number made no mistake that these show.
        return not self.exact(good, right)

    def nearly(self, seen: Sequence[FormedAnswer], ours: Sequence[FormedAnswer]) -> bool:
        """Whether `ours`, from `compared`, are as seen in nearly all questions: what is done in the others is something else."""
        return sum(self._alike(one, other) for one, other in zip(ours, seen, strict=False)) >= _NEARLY * len(seen)

    def compared(self, seen: Sequence[FormedAnswer], function: Function) -> list[FormedAnswer]:
        """What a function answers to the same; only to the first few where a quarter of these differ."""
        ours: list[FormedAnswer] = []
        for group in (seen[:1], seen[1:_FIRST], seen[_FIRST:_FEW], seen[_FEW:]):
            ours += self.answers(function, [one.call for one in group])
            alike = sum(_no_number(one) or self._alike(one, other) for one, other in zip(ours, seen, strict=False))
            if 4 * alike < 3 * len(ours):
                break
        return ours

    def _alike(self, ours: FormedAnswer, seen: FormedAnswer) -> bool:
        """Whether two answers are one; two errors of one type may be two mistakes, and say different things."""
        return gist(ours.answer.detail) == gist(seen.answer.detail) and self.alike(ours, seen)


def _no_number(one: FormedAnswer) -> bool:
    """Whether an answer holds no number, or one that is not finite: what a division by 0 or the logarithm of 0 leads to."""
    if one.answer.outcome != "returned":
        return one.answer.error in _NO_NUMBER
    parts = one.answer.value if isinstance(one.answer.value, tuple) else (one.answer.value,)
    arrays = [np.asarray(part) for part in parts if isinstance(part, (float, np.ndarray, np.floating))]
    return bool(one.problem) and any(part.dtype.kind == "f" and not np.all(np.isfinite(part)) for part in arrays)
