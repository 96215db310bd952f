"""One number for all that was answered, so that behaviours can be kept in little room and looked up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

WHOLE = 24
"""So many answers must be there where right ones are whole numbers, or yes and no."""

_FEW = 24
_DIFFERENT = 4
_WEIGHTS = np.random.default_rng(20).uniform(0.5, 1.5, 4096) * np.random.default_rng(21).choice([-1.0, 1.0], 4096)


def mark_of(values: Sequence[Any], *, whole: bool = False) -> float | None:
    """One number that moves little when the values do: shapes and all entries count; None where the values tell nothing.

    That is where an answer is no numbers, and where they hold neither two different numbers with digits nor many different
    whole ones: a few fit by accident, and a constant fits all. Where right answers are `whole`, many must be there, and
    not all alike.
    """
    try:
        parts = [
            np.asarray(part, float) for value in values for part in (value if isinstance(value, tuple) else (value,))
        ]
        numbers = np.concatenate([part.ravel() for part in parts])
    except (TypeError, ValueError, OverflowError):
        return None
    if not (_many_whole(numbers) if whole else _has_digits(numbers) or _different(numbers) >= _DIFFERENT):
        return None
    weights = _WEIGHTS[: len(numbers)] if len(numbers) <= len(_WEIGHTS) else np.resize(_WEIGHTS, len(numbers))
    total = float(weights @ np.arcsinh(numbers))
    if not np.isfinite(total):
        total = float(weights @ np.nan_to_num(np.arcsinh(numbers), nan=3.3, posinf=40.0, neginf=-40.0))
    return total + _shape_mark(tuple(part.shape for part in parts))


@cache
def _shape_mark(shapes: tuple[tuple[int, ...], ...]) -> float:
    sizes = (_WEIGHTS[-place] * axis * size for place, one in enumerate(shapes, 1) for axis, size in enumerate(one, 1))
    return 0.37 * float(sum(sizes))


def _has_digits(numbers: Any) -> bool:
    # Nearly always the first few tell.
    return any(_some_digits(some) for some in (numbers[:_FEW], numbers))


def _different(numbers: Any) -> int:
    return len(np.unique(numbers[np.isfinite(numbers)]))


def _some_digits(numbers: Any) -> bool:
    rounded = np.round(numbers[np.abs(numbers) < 1e9], 6)
    broken = rounded[rounded != np.round(rounded)]
    return len(broken) > 1 and bool(np.any(broken != broken[0]))


def _many_whole(numbers: Any) -> bool:
    return len(numbers) >= WHOLE and 0 < np.mean(numbers == numbers[0]) < 1
