"""Submissions written from the contract and the released folder alone, without sight of the hidden checks and the catalogue.

`right` and `wrong` register one implementation of an exercise, as a decorator or with a function. `what` is how it is
written, or what a fair teaching assistant would call its mistake. A wrong one is `common` when students often do that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Unseen:
    """One implementation of an exercise."""

    exercise: str
    is_right: bool
    what: str
    function: Function
    common: bool = False


COLLECTED: list[Unseen] = []


def right(exercise: str, what: str, function: Function | None = None) -> Any:
    """Register a right implementation."""
    return _register(exercise, True, what, function, False)


def wrong(exercise: str, what: str, function: Function | None = None, *, common: bool = False) -> Any:
    """Register a wrong implementation."""
    return _register(exercise, False, what, function, common)


def _register(exercise: str, is_right: bool, what: str, function: Function | None, common: bool) -> Any:
    def keep(one: Function) -> Function:
        COLLECTED.append(Unseen(exercise, is_right, what, one, common))
        return one

    return keep if function is None else keep(function)
