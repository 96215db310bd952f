"""Recognise where answers go wrong: beyond bounds of an argument, or where a small number was added; `tell` of several problems."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call
from ...checks.judges import ATOL, RTOL, close
from .catalogue import Function, Tell

# 708.4: where the smallest normal float stands in for variances below it.
LOG_VAR_BOUNDS = (*range(1, 21), 25, 30, 40, 50, 60, 70, 100, 200, 500, 600, 700, 708.3964185322641, 745, math.inf)


def bounded(
    exact: Function,
    place: int,
    lows: Sequence[float],
    highs: Sequence[float],
    middle: float = 0.0,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Tell:
    """Recognise answers that are right for the argument at `place` pushed into one range, and some of them wrong.

    `lows` are below `middle` and hold -inf, `highs` above it and hold inf.
    """

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        asked = [
            (call, answer.value, close(answer.value, exact(*call.args, **call.kwargs), rtol, atol))
            for call, answer in zip(calls, answers, strict=True)
        ]
        if all(right for *_, right in asked):
            return False
        # Wrong ones first: most bounds fail at them at once.
        asked.sort(key=lambda one: one[2])

        def fits(call: Call, value: Any, right: bool, low: float, high: float) -> bool:
            given = call.args[place]
            if low <= np.min(given) and np.max(given) <= high:
                return right
            args = [*call.args[:place], np.clip(given, low, high), *call.args[place + 1 :]]
            return close(value, exact(*args, **call.kwargs), rtol, atol)

        below = [one for one in asked if np.max(one[0].args[place]) <= middle]
        above = [one for one in asked if np.min(one[0].args[place]) >= middle]
        fitting = [high for high in highs if all(fits(*one, -math.inf, high) for one in above)]
        return any(
            all(fits(*one, low, high) for one in asked)
            for low in lows
            if all(fits(*one, low, math.inf) for one in below)
            for high in fitting
        )

    return tell


def with_something_added(added: Callable[..., Any], exact: Function, rtol: float = RTOL, atol: float = ATOL) -> Tell:
    """Recognise answers that are right for one small number `added(eps, power, call)` puts in, and not without it.

    `power` says whether it stands beside sigma (1) or beside its square (2).
    """

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        pairs = [(call, answer.value) for call, answer in zip(calls, answers, strict=True)]
        if all(close(value, exact(*call.args, **call.kwargs), rtol, atol) for call, value in pairs):
            return False
        return any(
            all(close(value, added(10.0**-digits, power, call), rtol, atol) for call, value in pairs)
            for digits in range(1, 13)
            for power in (1, 2)
        )

    return tell
