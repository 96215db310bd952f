"""Values in short print: six digits, arrays cut to what a reader can take in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .exercise import Call, Exercise, Rng

_LONGEST = 400
_DEEPEST = 6
_MOST = 2_000
_COLLECTIONS = (dict, set, frozenset, tuple, list)


class AsTyped:
    """Mixed into a value that was read as it was meant (0.73 of 73 %): it is printed as it was typed."""

    typed: Any


def value(thing: Any) -> str:
    """Print a plain value shortly: numbers to six digits, long arrays with their middle left out."""
    return _cut(_plain(thing, [_LONGEST]))


def call(exercise: Exercise, asked: Call) -> str:
    """Print a call as a student would type it: gaussian_kl(mu=1, sigma=[1, 2])."""
    named = list(zip(exercise.parameters, asked.args, strict=False)) + list(asked.kwargs.items())
    shown = ", ".join(f"{name}={value(argument)}" for name, argument in named)
    return f"{exercise.name}({shown.replace(chr(10), '')})"


def _plain(thing: Any, room: list[int], depth: int = 0) -> str:
    """Print a value; `room` holds how many characters are still wanted, so that nobody prints what is cut away."""
    if depth > _DEEPEST or room[0] <= 0:
        return "..."
    if isinstance(thing, AsTyped):
        thing = thing.typed
    text = _collection(thing, room, depth) if isinstance(thing, _COLLECTIONS) else _single(thing)
    room[0] -= len(text)
    return text


def _single(thing: Any) -> str:
    if isinstance(thing, str):
        return repr(thing) if len(thing) <= 80 else repr(thing[:77] + "...")
    if isinstance(thing, (bool, np.bool_)) or thing is None:
        return str(thing)
    if isinstance(thing, Rng):
        return f"numpy.random.default_rng({thing.seed})"
    if isinstance(thing, int):
        about = f"about {'-' if thing < 0 else ''}10^"
        return str(thing) if abs(thing) < 10**12 else f"{about}{round(math.log10(abs(thing)))}"
    if isinstance(thing, (float, complex, np.number)):
        return _scalar(thing)
    if isinstance(thing, np.ndarray):
        return _array(thing)
    return f"a {type(thing).__name__}"


def _collection(thing: Any, room: list[int], depth: int) -> str:
    def part(item: Any) -> str:
        return _plain(item, room, depth + 1)

    if isinstance(thing, dict):
        return "{" + ", ".join(f"{part(key)}: {part(item)}" for key, item in list(thing.items())[:12]) + "}"
    if isinstance(thing, (set, frozenset)):
        # Each for itself: what is shown of a set must not depend on its order.
        whole = sorted(_plain(item, [_LONGEST], depth + 1) for item in list(thing)[:_MOST])
        return "{" + ", ".join(whole[:12]) + "}"
    left, right = "()" if isinstance(thing, tuple) else "[]"
    return left + ", ".join(map(part, thing[:12])) + (", ..." if len(thing) > 12 else "") + right


def _scalar(number: Any) -> str:
    text = f"{number:.6g}"
    return "0" if text == "-0" else text


def _array(array: np.ndarray) -> str:
    if array.shape == ():
        return _single(array.item())
    if array.size == 0:
        return f"an empty array of shape {array.shape}"
    if array.dtype.kind == "O":
        return f"an array of Python objects of shape {array.shape}"
    if array.ndim > 3 and array.size > 24:
        # numpy leaves out the middle of long axes only, and many short ones hold millions of numbers.
        return f"an array of shape {array.shape}"
    formatter: Any = {"float_kind": _scalar, "complex_kind": _scalar}
    text = np.array2string(array, formatter=formatter, separator=", ", threshold=24, edgeitems=2, max_line_width=88)
    return f"{text} (shape {array.shape})" if array.size > 24 else text


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."
