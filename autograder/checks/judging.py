"""Building blocks of checks: comparing numbers, good manners, and laws over one call or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .memo import of_bank
from .problem import Answer, Call, Check, Fault, Judge, Rng

RTOL, ATOL = 1e-5, 1e-6

_LAW = "Students see it: it says what kind of thing is wrong, and gives no value away."
_CONDUCT = "Right values with bad manners lose these points and no others."


def close(value: Any, exact: Any, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether |value - exact| <= rtol * |exact| + atol in every element, shapes being equal; tuples part by part."""
    if isinstance(exact, tuple) or isinstance(value, tuple):
        paired = isinstance(exact, tuple) and isinstance(value, tuple) and len(exact) == len(value)
        return paired and all(close(one, other, rtol, atol) for one, other in zip(value, exact, strict=True))
    value, exact = np.asarray(value, dtype=np.float64), np.asarray(exact, dtype=np.float64)
    if value.shape != exact.shape:
        return False
    with np.errstate(all="ignore"):
        within = (np.abs(value - exact) <= rtol * np.abs(exact) + atol) & np.isfinite(exact)
        return bool(np.all(within | (value == exact)))


def equals(exact: Callable[..., Any], rtol: float = RTOL, atol: float = ATOL, part: int | None = None) -> Judge:
    """A judge that compares every answer (or one part of it) with `exact(*args, **kwargs)`.

    The example is a tuple of arguments or a Call.
    """
    oracle = remembered(exact)

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        rights = oracle(example)
        for position, (answer, right) in enumerate(zip(answers, rights, strict=True)):
            value = answer.value
            if part is not None:
                right, value = right[part], value[part]
            if not close(value, right, rtol, atol):
                return Fault(right, value, position)
        return None

    return judge


def remembered(exact: Callable[..., Any]) -> Callable[[Any], list[Any]]:
    """The right answers to an example's calls, worked out once for the examples of a bank, which every submission gets."""

    @of_bank
    def rights(example: Any) -> list[Any]:
        return [exact(*call.args, **call.kwargs) for call in one_call(example)]

    return rights


@of_bank
def one_call(example: Any) -> list[Call]:
    """The call that an example stands for: a Call, or a tuple of arguments; the same one each time for an example of a bank."""
    return [example if isinstance(example, Call) else Call(tuple(example))]


def again(call: Call) -> Call:
    """The same call with Generators that start anew."""

    def fresh(argument: Any) -> Any:
        return replace(argument, handle=argument.handle + "again") if isinstance(argument, Rng) else argument

    return Call(tuple(map(fresh, call.args)), {name: fresh(argument) for name, argument in call.kwargs.items()})


def conduct(points: float, first: Sequence[Any], examples: Any = None, count: int = 2) -> Check:
    """Good manners: arguments stay as they are, and the same arguments give the same answer."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        for position, answer in enumerate(answers):
            if answer.changed:
                return Fault(
                    "its arguments left as they were", answer.value, position, "It changed its arguments in place."
                )
        once, twice = answers[0].value, answers[1].value
        if not close(twice, once):
            return Fault(once, twice, 1, "Asked twice with the same arguments, it gave two answers.")
        return None

    return Check(
        name="conduct",
        must="The arguments are left unchanged, and the same arguments always give the same answer.",
        calls=lambda example: [one_call(example)[0], again(one_call(example)[0])],
        judge=judge,
        first=tuple(first),
        examples=examples,
        count=count,
        points=points,
        why=_CONDUCT,
    )


def law(
    name: str,
    must: str,
    broken: Callable[..., Fault | None],
    *,
    first: Sequence[Any] = (),
    examples: Any = None,
    calls: Callable[[Any], Sequence[Call]] = one_call,
    count: int = 5,
    points: float = 0.0,
) -> Check:
    """A public law: `broken(example, *values)` returns the fault, or None where the law holds."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        return broken(example, *[answer.value for answer in answers])

    return Check(name, must, calls, judge, tuple(first), examples, count, points, why=_LAW)
