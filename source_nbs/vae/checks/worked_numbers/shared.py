"""What the exercises of 01_worked_numbers share: how one is put together, and the laws that several obey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..judging import law
from ..problem import Call, Check, Exercise, Fault
from .kinds import WITHIN, Kind, Variables

# A law joins several numbers, each of which may have been rounded.
LOOSE = 3 * WITHIN


def exercise(name: str, points: float, kinds: Mapping[str, Kind], read: str, checks: Sequence[Check] = ()) -> Exercise:
    """An exercise whose answer is the variables `kinds`, each read as its kind."""
    form = Variables(kinds)
    return Exercise(name, points, (), form, tuple(checks), read, variables=tuple(kinds), alike=form.alike)


def asking(*names: str, entries: Sequence[Any] = ()) -> Callable[[Any], list[Call]]:
    """The calls of a check that reads variables together, of tables the given entries alone."""
    kwargs = {"entries": tuple(entries)} if entries else {}
    return lambda _: [Call(names, kwargs)]


def about(name: str, must: str, names: Sequence[str], broken: Callable[[Any], Fault | None]) -> Check:
    """A public law about variables: `broken` takes their values by name."""
    return law(name, must, lambda _, values: broken(values), first=[names], calls=asking(*names))


def parts_add_up(rows: Mapping[str, Sequence[float]]) -> Fault | None:
    """Of each row of numbers the last is the sum of the others."""
    for name, (*parts, total) in rows.items():
        if abs(sum(parts) - total) > LOOSE:
            return Fault(sum(parts), total, note=f"The last number of {name} is not the sum of the others.")
    return None


def none_negative(rows: Mapping[str, Sequence[float]]) -> Fault | None:
    """No number of any row is below 0."""
    for name, row in rows.items():
        if min(row) < -LOOSE:
            return Fault("0 or more", min(row), note=f"That number stands in {name}.")
    return None


def all_different(words: Mapping[Any, str]) -> Fault | None:
    """No two entries hold the same word."""
    return None if len(set(words.values())) == len(words) else Fault("a word of its own for each", dict(words))
