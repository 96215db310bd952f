"""What several exercises' mistakes of linear_vae share: recognising answers that go by chance, or by another default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call
from ...checks.judges import close
from ..mistakes.catalogue import Function, Tell

SLIP = 0.3


def _key(call: Call) -> Any:
    """What a call asks: the bytes of its arguments."""
    given = [*call.args, *(value for _, value in sorted(call.kwargs.items()))]
    return tuple((np.shape(value), np.asarray(value, np.float64).tobytes()) for value in given), tuple(call.kwargs)


def chance(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the same arguments got two answers, and no argument was changed."""
    if any(answer.changed for answer in answers):
        return False
    first: dict[Any, Any] = {}
    return any(
        not close(answer.value, first.setdefault(_key(call), answer.value))
        for call, answer in zip(calls, answers, strict=True)
    )


def default(exact: Function, given: int = 0, same: Callable[[Any, Any], bool] = close) -> Tell:
    """Recognise answers that are right wherever beta is given, and wrong where it is left out.

    `given` is the number of positional arguments before beta; 0 stands for one less than the most that any call has.
    """

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        before = given or max(len(call.args) for call in calls) - 1
        said = [len(call.args) > before or "beta" in call.kwargs for call in calls]

        def right(told: bool) -> Iterator[bool]:
            # One after another: right values take long, and most answers are wrong at the first.
            for call, answer, one in zip(calls, answers, said, strict=True):
                if one == told:
                    yield same(answer.value, exact(*call.args, **call.kwargs))

        return all(right(told=True)) and not all(right(told=False))

    return tell
