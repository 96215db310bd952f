"""Building blocks of checks: comparing numbers, good manners, and laws over one call or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import formatting
from .exercise import Answer, Call, Check, Fault, Judge, Rng, Tolerance
from .identity_cache import of_bank

RTOL, ATOL = 1e-5, 1e-6

_LAW = "Students see it: it says what kind of thing is wrong, and gives no value away."
_CONDUCT = "Right values with bad manners lose these points and no others."


def contents(values: Iterable[Any]) -> tuple[Any, ...]:
    """Shapes and bytes of numbers and arrays, so that equal ones are found."""
    return tuple((np.shape(value), np.asarray(value, np.float64).tobytes()) for value in values)


def rounded(numbers: Any, digits: int) -> bool:
    """Whether no number has more than so many digits after the point."""
    return bool(np.allclose(numbers, np.round(numbers, digits), rtol=0, atol=1e-9))


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


def room(tolerance: Tolerance, exact: Any) -> Any:
    """How far an answer may lie from the right one, entry by entry; of a tuple part by part."""
    if isinstance(exact, tuple):
        return tuple(room(tolerance, part) for part in exact)
    size = np.abs(np.asarray(exact, dtype=np.float64))
    size = np.max(size, initial=0.0) if tolerance.of_largest else size
    return tolerance.rtol * size + tolerance.atol + 0 * np.asarray(exact, dtype=np.float64)


def within(tolerance: Tolerance, value: Any, exact: Any) -> bool:
    """Whether an answer is as near to the right one as the tolerance says, shapes being equal; tuples part by part."""
    if not tolerance.of_largest:
        return close(value, exact, tolerance.rtol, tolerance.atol)
    if isinstance(exact, tuple):
        return all(within(tolerance, one, other) for one, other in zip(value, exact, strict=True))
    return bool(np.all(np.abs(value - exact) <= room(tolerance, exact)))


def in_words(tolerance: Tolerance) -> str:
    """The tolerance as students read it: within 1e-5 of each number plus 1e-6."""
    of = "the largest number of its array" if tolerance.of_largest else "each number"
    rtol, atol = (f"{one:.0e}".replace("e-0", "e-") for one in (tolerance.rtol, tolerance.atol))
    return f"within {rtol} of {of} plus {atol}"


def difference(fault: Fault) -> str:
    """By how much two values differ that print alike, and how much is allowed, where they are furthest out of bounds."""
    allowed = room(Tolerance(), fault.expected) if fault.room is None else fault.room
    parts = [
        [np.ravel(one).astype(np.float64) for one in (part if isinstance(part, tuple) else (part,))]
        for part in (fault.expected, fault.returned, allowed)
    ]
    exact, value, bounds = map(np.concatenate, parts)
    with np.errstate(all="ignore"):
        off = np.abs(value - exact)
        worst = int(np.argmax(off / bounds))
    return f"They print alike, but differ by {off[worst]:.2g}; {bounds[worst]:.2g} is allowed there."


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
                return Fault(right, value, position, room=room(Tolerance(rtol, atol), right))
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
            return Fault(
                "the same answer as the first time",
                twice,
                1,
                f"Asked twice with the same arguments, it gave two answers. The first was {formatting.value(once)}.",
            )
        return None

    return Check(
        name="conduct",
        must="The function does not change its arguments, and the same arguments always give the same answer.",
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
