"""Remember what was worked out for the very same objects: banks and their calls live as long as a batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def by_identity(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember a function's results for the first `most` different lists of arguments, told apart by identity.

    For arguments that are never changed but cannot be hashed, such as arrays.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        known: dict[tuple[int, ...], tuple[tuple[Any, ...], T]] = {}

        @wraps(function)
        def remembering(*args: P.args, **kwargs: P.kwargs) -> T:
            place = tuple(map(id, args))
            if place in known:
                return known[place][1]
            made = function(*args, **kwargs)
            if len(known) < most:
                # Keeping the arguments keeps their ids from being given to others.
                known[place] = (args, made)
            return made

        return remembering

    return decorate
