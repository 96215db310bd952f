"""Recognise conduct that any exercise may meet: arguments changed in place, too few digits, another default value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ...checks.exercise import Answer, Call
from ...checks.judges import RTOL, close, contents
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
    """Recognise answers that are right wherever all arguments are given, and others where just these are left out."""
    parameters = inspect.signature(exact)

    def asked(call: Call) -> tuple[Any, ...]:
        bound = parameters.bind(*call.args, **call.kwargs)
        bound.apply_defaults()
        return contents(bound.args)

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        every = list(zip(calls, answers, strict=True))
        given = [one for one in every if len(one[0].args) + len(one[0].kwargs) == len(parameters.parameters)]
        # One after another: right values take long, and most answers are wrong at the first.
        if not all(same(answer.value, exact(*call.args, **call.kwargs)) for call, answer in given):
            return False
        told = {asked(call): answer for call, answer in given}
        left = [
            (told.get(asked(call)), answer)
            for call, answer in every
            if len(call.args) + len(call.kwargs) < len(parameters.parameters)
        ]
        return any(twin is not None and not same(answer.value, twin.value) for twin, answer in left)

    return tell
