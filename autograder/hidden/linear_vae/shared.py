"""What several exercises' mistakes of linear_vae share: the share of a slip, and recognising another default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...checks.exercise import Answer, Call
from ...checks.judges import close
from ..mistakes.catalogue import Function, Tell

SLIP = 0.3


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
