"""A right version of an exercise, as whatever builds on it may ask it for values."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np

MOST = 2_000_000
"""The product of all extents that one call may have: honest calls stay below a fiftieth of it."""


@dataclass(frozen=True)
class Served:
    """A right function with the shapes of its arguments: who asks is believed nothing, and no answer becomes large.

    `shapes` has one text an argument: "n d" is a matrix, "" a number, "..." whatever broadcasts; one letter is one
    extent. A call raises TypeError or ValueError for arguments of any other kind or shape, or for too many numbers.
    """

    function: Callable[..., Any]
    shapes: tuple[str, ...]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the right value for plain arguments."""
        signature = _signature(self.function)
        if kwargs or len(args) != len(self.shapes):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
        values = {name: _numbers(name, value) for name, value in zip(signature.parameters, args, strict=True)}
        self._measure(values)
        with np.errstate(all="ignore"):
            return self.function(*[value if value.ndim else value[()] for value in values.values()])

    def _measure(self, values: dict[str, Any]) -> None:
        extents: dict[str, int] = {}
        loose: list[tuple[int, ...]] = []
        for (name, value), shape in zip(values.items(), self.shapes, strict=True):
            if shape == "...":
                loose.append(value.shape)
                continue
            letters = shape.split()
            if len(letters) != value.ndim or any(
                extents.setdefault(letter, extent) != extent
                for letter, extent in zip(letters, value.shape, strict=True)
            ):
                raise ValueError(f"{name} must have the shape ({', '.join(letters)}), but has {value.shape}")
        if prod(extents.values()) * prod(np.broadcast_shapes(*loose)) > MOST:
            raise ValueError("these arguments are larger than any that are asked about")


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


def _numbers(name: str, value: Any) -> Any:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be numbers")
    return array.astype(np.float64)
