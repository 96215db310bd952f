"""The form of an answer: type, shape, dtype and finiteness, told in that order before any value is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .exercise import Call

Kind = Literal["real", "bool", "integer"]
Shape = tuple[int, ...]
Shapes = Callable[..., Sequence[Shape]]

_KINDS = {"real": "real numbers", "bool": "booleans (True or False)", "integer": "whole numbers"}


@dataclass(frozen=True)
class Part:
    """One array or number of an answer: its name, its permitted shapes for given arguments (first is canonical), its kind."""

    name: str
    shapes: Shapes
    kind: Kind = "real"

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return (array in the canonical shape, "") or (None, sentence)."""
        array, problem = self._array(value)
        if problem:
            return None, problem
        shapes = self.shapes(*call.args, **call.kwargs)
        if array.shape not in shapes:
            wanted = " or ".join(shape_words(shape) for shape in dict.fromkeys(shapes))
            return None, f"`{self.name}` must be {wanted}, but came as {shape_words(array.shape)}."
        if array.dtype.kind not in "biuf":
            return None, f"`{self.name}` must hold {_KINDS[self.kind]}, but holds {dtype_words(array)}."
        if array.dtype.kind == "f" and array.dtype.itemsize > 8:
            with np.errstate(over="ignore"):
                array = array.astype(np.float64)
        if not np.isfinite(array).all():
            bad = "nan (not a number)" if np.isnan(array).any() else "an infinite number"
            return None, f"`{self.name}` must be finite, but holds {bad}."
        return self._canonical(array, shapes[0])

    def _array(self, value: Any) -> tuple[Any, str]:
        if value is None:
            return (
                None,
                f"`{self.name}` must be {_KINDS[self.kind]}, but nothing came back (None): is there a `return`?",
            )
        if isinstance(value, (str, bytes, dict, set, frozenset)):
            return None, f"`{self.name}` must be an array or a number, but is {type_words(value)}."
        try:
            array = np.asarray(value)
        except (ValueError, TypeError, OverflowError):
            return None, f"`{self.name}` must be an array or a number, but is {type_words(value)} that makes no array."
        if array.dtype == object:
            return None, f"`{self.name}` must hold {_KINDS[self.kind]}, but holds Python objects of mixed kinds."
        return array, ""

    def _canonical(self, array: Any, shape: Shape) -> tuple[Any, str]:
        if self.kind != "real":
            whole = array.astype(np.float64)
            integers = (whole == np.round(whole)) & (np.abs(whole) < 2.0**63)
            allowed = np.isin(whole, (0.0, 1.0)) if self.kind == "bool" else integers
            if not np.all(allowed):
                return None, f"`{self.name}` must hold {_KINDS[self.kind]}, but holds {whole[~allowed].flat[0]:.6g}."
            array = whole.astype(bool if self.kind == "bool" else np.int64)
            return np.broadcast_to(array, shape), ""
        array = array.astype(np.float64, copy=False)
        return (array if array.shape == shape else np.broadcast_to(array, shape)), ""


@dataclass(frozen=True)
class Form:
    """An answer of one part (an array or a number) or of several (a tuple)."""

    parts: tuple[Part, ...]

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return (canonical array or tuple of arrays, "") or (None, what must hold and what arrived)."""
        if len(self.parts) == 1:
            return self.parts[0].normalise(call, value)
        names = ", ".join(part.name for part in self.parts)
        wanted = f"must return {len(self.parts)} things, ({names})"
        if value is None:
            return None, f"{wanted}, but nothing came back (None): is there a `return`?"
        items = unpacked(value, len(self.parts))
        if items is None:
            return None, f"{wanted}, but returned {type_words(value)}."
        canonical = []
        for part, item in zip(self.parts, items, strict=True):
            array, problem = part.normalise(call, item)
            if problem:
                return None, problem
            canonical.append(array)
        return tuple(canonical), ""


def unpacked(value: Any, count: int) -> list[Any] | None:
    """The `count` parts of a tuple, a list, or an array along its first axis; None where there are not so many."""
    parts = isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    return list(value) if parts and len(value) == count else None


def number(name: str) -> Part:
    """A part that is one real number."""
    return Part(name, lambda *_, **__: ((),))


def one(name: str, shapes: Shapes, kind: Kind = "real") -> Form:
    """A form of a single part."""
    return Form((Part(name, shapes, kind),))


def broadcast(*args: Any, **_: Any) -> list[Shape]:
    """The one permitted shape of an elementwise function: that of its broadcast arguments."""
    return [np.broadcast_shapes(*map(np.shape, args))]


def shape_words(shape: Shape) -> str:
    """A shape as students say it: a single number, or an array of shape (3, 2)."""
    return "a single number" if shape == () else f"an array of shape {shape}"


def dtype_words(array: Any) -> str:
    """A dtype as students say it."""
    words = {"c": "complex numbers", "U": "text", "S": "bytes", "O": "Python objects"}
    return words.get(array.dtype.kind, f"values of dtype {array.dtype}")


def type_words(value: Any) -> str:
    """The type of a plain value with its size, as students say it."""
    if isinstance(value, np.ndarray):
        return shape_words(value.shape)
    if isinstance(value, (tuple, list, set, frozenset, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    words = {"str": "text", "int": "a single number", "float": "a single number", "bool": "a single True or False"}
    return words.get(type(value).__name__, f"a {type(value).__name__}")


def encoder_and_decoder(X: Any, one: Any, other: Any) -> tuple[Any, Any] | None:
    """Two matrices as encoder (d, k) and decoder (k, d), whichever way round and in whichever order they came.

    Where shapes leave several ways open, it is the one that decodes closest to X, (n, d); None where they do not fit together.
    """
    ways = [
        (W_enc, W_dec)
        for W_enc, W_dec in ((one, other), (other, one), (one, other.T), (one.T, other))
        if W_enc.shape[0] == W_dec.shape[1] == X.shape[1] and W_enc.shape[1] == W_dec.shape[0]
    ]
    with np.errstate(all="ignore"):
        return min(ways, key=lambda way: float(np.linalg.norm(X - X @ (way[0] @ way[1]))), default=None)
