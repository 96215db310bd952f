"""The mark of an answer that is wrong in a way nobody has named: equal where two answers behave alike."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..checks.asking import FormedAnswer, plan_of
from ..checks.examples import Bank
from ..checks.exercise import Exercise

LENGTH = 10
_DIGITS = 4
_TINY = 1e-9
_ENTRIES = 1000
# Answers to round inputs are often round themselves, and would lie where rounding goes up or down by their last digit.
_OFF_TIES = 1 + 3.1416e-5


def group_of(exercise: Exercise, bank: Bank, seen: Sequence[FormedAnswer]) -> str:
    """Hash of the rounded answers to the hand-picked examples, which are the same under every seed of a course.

    `seen` are the answers in the order of the bank's plan. Empty where variables are asked, whose numbers are the course's
    own, and where a call did not end by itself: another run may stop elsewhere.
    """
    fixed = [] if exercise.variables else list(_fixed(exercise, bank, seen))
    if not fixed or any(one.answer.outcome not in ("returned", "raised") for one in fixed):
        return ""
    total = hashlib.sha256(exercise.name.encode())
    for one in fixed:
        answer = one.answer
        total.update(repr((answer.outcome, answer.error, sorted(answer.changed), one.problem)).encode())
        if not one.problem:
            _add(total, one.value)
    return total.hexdigest()[:LENGTH]


def _fixed(exercise: Exercise, bank: Bank, seen: Sequence[FormedAnswer]) -> Iterator[FormedAnswer]:
    firsts = {check.name: len(check.first) for check in exercise.checks}
    asked: Counter[str] = Counter()
    for name, _, place in plan_of(exercise, bank).asked:
        asked[name] += 1
        if asked[name] <= firsts[name]:
            yield from seen[place]


def _add(total: Any, value: Any) -> None:
    """Add a canonical value: numbers with four digits, since the last ones differ between machines."""
    if isinstance(value, tuple | list):
        total.update(f"({len(value)}".encode())
        for one in value:
            _add(total, one)
    elif isinstance(value, dict):
        _add(total, sorted(map(str, value)))
        _add(total, [value[name] for name in sorted(value, key=str)])
    elif isinstance(value, np.ndarray | np.generic | int | float) and np.asarray(value).dtype.kind in "biuf":
        array = np.asarray(value, dtype=float)
        total.update(repr(array.shape).encode())
        # One text for both zeros and for what is noise beside them.
        rounded = (0.0 if abs(one) < _TINY else one * _OFF_TIES for one in array.ravel()[:_ENTRIES].tolist())
        total.update(" ".join(f"{one:.{_DIGITS}g}" for one in rounded).encode())
    else:
        total.update(repr(value).encode("utf-8", "surrogatepass"))
