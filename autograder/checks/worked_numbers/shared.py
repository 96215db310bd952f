"""What the exercises of 01_worked_numbers share: how one is put together, and the laws that several obey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..exercise import Call, Check, Exercise, Fault
from ..judges import law
from .variable_types import WITHIN, Kind, Variables

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


def related(must: str, returned: Any, note: str = "") -> Fault:
    """A fault in how answers fit together: no number worked out of a student's own is shown for the right one."""
    return Fault(must, returned, note=note, relates=True)


def _rows(values: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[float]]]:
    """The rows of numbers of variables, and of the entries of a table, each with where it stands."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f'entry "{key}"', row) for key, row in value.items())
        else:
            yield f"`{name}`", value


def parts_add_up(values: Mapping[str, Any]) -> Fault | None:
    """Of each row of numbers the last is the sum of the others."""
    for name, (*parts, total) in _rows(values):
        if abs(sum(parts) - total) > LOOSE:
            told = f"Your own parts in {name} add up to {sum(parts):.6g}."
            return related("a total that is the sum of its parts", total, told)
    return None


def none_negative(values: Mapping[str, Any]) -> Fault | None:
    """No number of any row is below 0."""
    for name, row in _rows(values):
        if min(row) < -LOOSE:
            return Fault("0 or more", min(row), note=f"This number is in {name}.")
    return None


def all_different(words: Mapping[Any, str]) -> Fault | None:
    """No two entries hold the same word."""
    return None if len(set(words.values())) == len(words) else Fault("a word of its own for each", words)
