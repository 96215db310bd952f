"""Remember what was worked out for the very same objects: banks and their calls live as long as a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from operator import is_
from typing import Any, TypeVar, TypeVarTuple

Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def by_identity(most: int) -> Callable[[Callable[[*Ts], T]], Callable[[*Ts], T]]:
    """Remember a function's results for the last `most` different lists of arguments, told apart by identity.

    For arguments that are never changed but cannot be hashed, such as arrays.
    """

    def decorate(function: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
        known: dict[tuple[int, ...], tuple[tuple[Any, ...], T]] = {}

        @wraps(function)
        def remembering(*args: *Ts) -> T:
            place = tuple(map(id, args))
            if place in known:
                return known[place][1]
            made = function(*args)
            if len(known) >= most:
                del known[next(iter(known))]
            # Keeping the arguments keeps their ids from being given to others.
            known[place] = (args, made)
            return made

        return remembering

    return decorate


_lasting: dict[int, Any] = {}


def keep(things: Iterable[Any]) -> None:
    """Say that these live as long as the process: the examples of banks, unlike those that a search tries and drops."""
    _lasting.update((id(thing), thing) for thing in things)


def of_bank(function: Callable[[Any], T]) -> Callable[[Any], T]:
    """Remember a function's results for the examples of banks, told apart by identity, and for no others."""
    known: dict[int, T] = {}

    @wraps(function)
    def remembering(example: Any) -> T:
        place = id(example)
        if place in known:
            return known[place]
        made = function(example)
        if place in _lasting:
            known[place] = made
        return made

    return remembering


def latest(function: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
    """Remember a function's result for the very objects it was last asked about: many ask the same, one after another."""
    last: list[tuple[tuple[Any, ...], T]] = []

    @wraps(function)
    def remembering(*args: *Ts) -> T:
        if not (last and len(args) == len(last[0][0]) and all(map(is_, args, last[0][0]))):
            last[:] = [(args, function(*args))]
        return last[0][1]

    return remembering
