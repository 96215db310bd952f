"""Name mistakes by what any answer shows of them: draws in another shape, parts in another order, other chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from .exercise import Answer, Betrays, Call
from .judges import close, contents

ONE_A_SAMPLE, ONE_AXIS = "only n_samples numbers are drawn", "only the first axis of mu is counted"
NO_METHOD, CALLED = "rng has no such method", "rng is called like a function"
OTHER_CHANCE = "random numbers from elsewhere"
_ALIGNED = 0.99999
_RAISED = (-1,)


def prior_draws(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
    """The mistake that the shapes of draws of `sample_prior` show; "" where none does."""
    raised = _rng_misused(answers)
    if raised:
        return raised
    shapes: dict[str, Callable[[int, int], tuple[int, ...]]] = {
        "rows and columns are exchanged": lambda n, k: (k, n),
        "one row only": lambda n, k: (k,),
        "one long row": lambda n, k: (n * k,),
        "the shape is given as the mean and the spread": lambda n, k: (),
        "one number a row": lambda n, k: (n,),
    }
    came = _shapes(answers)
    asked = [call.args[:2] for call in calls]
    return next((name for name, of in shapes.items() if came == [of(n, k) for n, k in asked]), "")


def posterior_draws(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
    """The mistake that the shapes of draws of `sample_posterior` show; "" where none does."""
    raised = _rng_misused(answers)
    if raised:
        return raised
    axes = [call.args[0].ndim for call in calls]
    if all((answer.outcome == "raised") == (axis == 1) for answer, axis in zip(answers, axes, strict=True)):
        return "two axes only" if all(_unpacks(one) for one in answers if one.outcome == "raised") else ""
    came = _shapes(answers)
    asked = [(call.args[2], call.args[0].shape) for call in calls]
    if came == [(*shape, n) for n, shape in asked]:
        return "the samples lie along the last axis"
    if came == [(n, int(np.prod(shape))) for n, shape in asked]:
        return "the axes of mu are flattened"
    if any(shape != _RAISED for shape in came):
        for name, of in _SIZES:
            if came == [of(n, shape) for n, shape in asked]:
                return name
    if came != [shape for _, shape in asked]:
        return ""
    off = [
        np.abs((answer.value - call.args[0]) / call.args[1]).max()
        for call, answer in zip(calls, answers, strict=True)
        if call.args[2] > 1000
    ]
    # The mean of thousands of draws hardly leaves mu.
    return "the mean of the draws comes back" if off and max(off) < 0.1 else "one draw only"


def ran_away(shapes: Callable[[Call], Sequence[tuple[int, ...]]]) -> Callable[[Sequence[Call], Sequence[Answer]], bool]:
    """What says of trainings whether some numbers are not finite, the shapes of their parts being right."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        shaped = all(
            [part.shape for part in answer.value] == list(shapes(call))
            for call, answer in zip(calls, answers, strict=True)
        )
        return shaped and not all(np.all(np.isfinite(part)) for answer in answers for part in answer.value)

    return tell


def varying(name: str) -> Betrays:
    """What gives a name to answers that change though the same is asked: noise is drawn that should come from outside."""

    def betrays(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
        if any(answer.outcome != "returned" for answer in answers):
            return ""
        return name if varies(calls, answers) else ""

    return betrays


def varies(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the same arguments got two answers, and no argument was changed."""
    if any(answer.changed for answer in answers):
        return False
    first: dict[Any, Any] = {}
    return any(
        not close(answer.value, first.setdefault(_asked(call), answer.value))
        for call, answer in zip(calls, answers, strict=True)
    )


def _asked(call: Call) -> Any:
    return contents([*call.args, *(value for _, value in sorted(call.kwargs.items()))]), tuple(sorted(call.kwargs))


def first_of(*ways: Betrays) -> Betrays:
    """The first name that one of several ways gives."""

    def betrays(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
        return next((name for way in ways if (name := way(calls, answers, right))), "")

    return betrays


def other_order(parts: Mapping[str, Sequence[int]]) -> Betrays:
    """What names answers of several parts that came in another order, a factor being no matter.

    `parts` says by name which of the right parts came at each place.
    """

    def betrays(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
        known = [
            (right[id(call)], answer.value) for call, answer in zip(calls, answers, strict=True) if id(call) in right
        ]
        # Where a part is 0, or has a single entry, it lies along everything.
        telling = [(one, other) for one, other in known if all(np.size(part) > 1 and np.any(part) for part in one)]
        orders = [
            order
            for order in permutations(range(len(telling[0][0])))
            if all(
                len(came) == len(order) and all(map(_along, [one[place] for place in order], came))
                for one, came in telling
            )
        ]
        return next((name for name, order in parts.items() if orders == [tuple(order)]), "")

    return betrays


def repeats_differ(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the same question, asked again with an rng of the same seed, got another answer, both finite."""
    asked = list(zip(calls, answers, strict=True))
    again = ((one.value, other.value) for call, one in asked for before, other in asked if _again(call, before))
    return any(_finite(one) and _finite(other) and not close(one, other) for one, other in again)


def _finite(parts: Any) -> bool:
    return all(np.all(np.isfinite(part)) for part in parts)


def _again(call: Call, before: Call) -> bool:
    rng, other = call.args[2], before.args[2]
    return bool(call.args[1] == before.args[1] and rng.seed == other.seed and rng.handle == other.handle + "again")


def _along(one: Any, other: Any) -> bool:
    """Whether two arrays have one shape and one direction, up to the sign."""
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if one.shape != other.shape:
        return False
    product = abs(float(np.sum(one * other)))
    return product > 0 and product >= _ALIGNED * float(np.linalg.norm(one) * np.linalg.norm(other))


def _shapes(answers: Sequence[Answer]) -> list[tuple[int, ...]]:
    return [np.shape(answer.value) if answer.outcome == "returned" else _RAISED for answer in answers]


def _together(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of what arrays of these shapes make together, _RAISED where they do not fit."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return _RAISED


# What comes of noise of another size: added to mu, or drawn around it (where the size must be that of the answer).
_SIZES: tuple[tuple[str, Callable[[int, tuple[int, ...]], tuple[int, ...]]], ...] = (
    (ONE_AXIS, lambda n, shape: _together(shape, (n, shape[0])) if shape else _RAISED),
    (ONE_A_SAMPLE, lambda n, shape: _together(shape, (n,))),
    (ONE_A_SAMPLE, lambda n, shape: (n,) if _together(shape, (n,)) == (n,) else _RAISED),
)


def _rng_misused(answers: Sequence[Answer]) -> str:
    """What all answers show that raised because a Generator was not used as one."""
    told = [answer.detail for answer in answers if answer.outcome == "raised"]
    if len(told) < len(answers):
        return ""
    if all("Generator' object has no attribute" in one for one in told):
        return NO_METHOD
    if all("Generator' object is not callable" in one for one in told):
        return CALLED
    return "the shape must be one tuple" if all("as a data type" in one for one in told) else ""


def _unpacks(answer: Answer) -> bool:
    return "values to unpack" in answer.detail or "tuple index out of range" in answer.detail
