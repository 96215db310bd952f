"""Recognise bad manners: arguments changed in place, too few digits; `tell` of several problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
