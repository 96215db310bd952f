"""Name what all answers have in common beside right ones: one factor, one distance, a bound, few digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.diagnosis import NamedMistake
from ...checks.judges import ATOL, RTOL

Array = Any
Told = tuple[str, str]
"""What is said of a part of the answer behind its name, and where to look."""

_FEW, _MOST_DIGITS = 6, 6


def regularity(names: Sequence[str], right: Sequence[Any], found: Sequence[Any]) -> NamedMistake | None:
    """Say what holds of every answer of a function beside the right ones; None where nothing simple does.

    `names` are those of the parts of an answer; answers are numbers, arrays, or tuples of so many of them. Parts that are
    right are not spoken of; those that are wrong must be wrong in one way.
    """
    several = len(names) > 1
    told: dict[str, Told] = {}
    for place, name in enumerate(names):
        pairs = [
            (one[place], other[place]) if several else (one, other) for one, other in zip(right, found, strict=True)
        ]
        with np.errstate(all="ignore"):
            said = _of_part([(np.asarray(one, float), np.asarray(other, float)) for one, other in pairs])
        if said is None:
            return None
        if said[0]:
            told[name] = said
    if len(set(told.values())) != 1:
        return None
    words, look = next(iter(told.values()))
    what = (
        "the answer"
        if not several
        else f"`{next(iter(told))}`"
        if len(told) == 1
        else "every part"
        if len(told) == len(names)
        else ""
    )
    return NamedMistake(f"{what} {words}", look, 0.0) if what else None


def _of_part(pairs: Sequence[tuple[Array, Array]]) -> Told | None:
    """What holds of one part of all answers; empty words where it is right, None where nothing simple holds."""
    if any(one.shape != other.shape for one, other in pairs):
        return None
    x, y = (np.concatenate([pair[side].ravel() for pair in pairs]) for side in (0, 1))
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y))):
        return None
    sound = np.abs(y - x) <= RTOL * np.abs(x) + ATOL
    if np.all(sound):
        return "", ""
    if len(np.unique(y)) < _FEW:
        return None
    return next((told for way in _WAYS if (told := way(x, y, sound))), None)


def _half_precision(x: Array, y: Array, sound: Array) -> Told | None:
    telling = np.unique(y[y != np.round(y, 2)])
    if len(telling) < _FEW or np.any(y.astype(np.float16) != y) or np.any(np.abs(y - x) > 0.05 * np.max(np.abs(x))):
        return None
    return (
        "has the digits of float16",
        "That is half precision, with three digits. NumPy takes float64 where nothing is said.",
    )


def _digits(x: Array, y: Array, sound: Array) -> Told | None:
    for digits in range(_MOST_DIGITS + 1):
        off = np.abs(y - np.round(y, digits)) > 1e-12 * np.abs(y)
        if not np.any(off) and np.all(np.abs(y - x) <= 0.500001 * 10.0**-digits):
            kept = f"{digits} digit{'' if digits == 1 else 's'} after the point" if digits else "whole numbers"
            return f"is rounded to {kept}", "Look for a step that rounds."
    return None


def _bounds(x: Array, y: Array, sound: Array) -> Told | None:
    low, high = np.min(y), np.max(y)
    above, below = ~sound & (y == high) & (x > high), ~sound & (y == low) & (x < low)
    # One number that is wrong lies at an end of the others by chance.
    if np.any(~(sound | above | below)) or np.count_nonzero(above | below) < 2 or np.count_nonzero(sound) < _FEW:
        return None
    if np.any(above) and np.any(below):
        return f"is kept between {low:.6g} and {high:.6g}", "Look for bounds that nobody asked for."
    words = f"is never above {high:.6g}" if np.any(above) else f"is never below {low:.6g}"
    return words, "Look for a bound that nobody asked for."


def _nothing_small(x: Array, y: Array, sound: Array) -> Told | None:
    kept = np.abs(x[sound & (y != 0)])
    if len(kept) < _FEW or np.any(y[~sound] != 0) or np.max(np.abs(x[~sound])) >= np.min(kept):
        return None
    return "is 0 where it should be small", "Look for a step that drops small numbers."


def _factor(x: Array, y: Array, sound: Array) -> Told | None:
    largest = np.argmax(np.abs(x))
    factor = y[largest] / x[largest]
    if abs(factor) < 1e-9 or np.any(np.abs(y - factor * x) > 1e-6 * np.abs(factor * x) + 1e-9 * abs(factor)):
        return None
    return f"is {factor:.4g} times what it should be", "Look at the factors."


def _distance(x: Array, y: Array, sound: Array) -> Told | None:
    distance = np.median(y - x)
    if np.any(np.abs(y - x - distance) > 1e-6 * abs(distance) + 1e-10 * np.abs(x)):
        return None
    size = f"{abs(distance):.4g} too {'large' if distance > 0 else 'small'}"
    return f"is {size}, whatever it should be", "Look for a number that is added or left out."


_WAYS: tuple[Callable[[Array, Array, Array], Told | None], ...] = (
    _half_precision, _digits, _bounds, _nothing_small, _factor, _distance,
)  # fmt: skip
