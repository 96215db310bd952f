"""Recognise conduct that any exercise may meet: arguments changed in place, too few digits, another default value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...checks.exercise import Answer, Call
from ...checks.judges import RTOL, close
from .catalogue import Function, Tell


def in_place(exact: Function, same: Callable[[Any, Any], bool] = close) -> Tell:
    """Recognise answers that are all right, although some call changed an argument; `same` says what counts as right."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        return any(answer.changed for answer in answers) and all(
            same(answer.value, exact(*call.args, **call.kwargs)) for call, answer in zip(calls, answers, strict=True)
        )

    return tell


def imprecise(exact: Function, loose: float, tight: float = RTOL) -> Tell:
    """Recognise answers that are right to a few digits only: a float type too small, whatever the order of operations."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        pairs = [(answer.value, exact(*call.args, **call.kwargs)) for call, answer in zip(calls, answers, strict=True)]
        return all(close(value, right, loose, loose) for value, right in pairs) and not all(
            close(value, right, tight, 0.1 * tight) for value, right in pairs
        )

    return tell


def left_out(exact: Function, same: Callable[[Any, Any], bool] = close) -> Tell:
    """Recognise answers that are right wherever all arguments are given, and wrong where some are left out."""
    most = len(inspect.signature(exact).parameters)

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        def right(given: bool) -> Iterator[bool]:
            # One after another: right values take long, and most answers are wrong at the first.
            for call, answer in zip(calls, answers, strict=True):
                if given == (len(call.args) + len(call.kwargs) == most):
                    yield same(answer.value, exact(*call.args, **call.kwargs))

        return all(right(given=True)) and not all(right(given=False))

    return tell
