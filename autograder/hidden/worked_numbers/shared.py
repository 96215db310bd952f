"""What the hidden checks of several exercises of worked_numbers are made of, and what several of their mistakes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...checks.exercise import Answer, Call, Check, Fault
from ...checks.worked_numbers import CHAPTER
from ...checks.worked_numbers.shared import asking
from ...checks.worked_numbers.variable_types import Kind, Table
from .closed_forms import AS_PRINTED, PRINTED, RIGHT

SLIP = 0.3

KINDS: dict[str, Kind] = {
    name: kind
    for exercise in CHAPTER.exercises
    for name, kind in exercise.form.kinds.items()  # type: ignore[attr-defined]
}


def _as_exact(value: Any, printed: Any, exact: Any) -> Any:
    """The value with numbers that the chapter prints replaced by the exact ones they stand for."""
    if isinstance(printed, Mapping):
        return {key: _as_exact(one, printed.get(key), exact[key]) for key, one in value.items()}
    return exact if printed is not None and abs(value - printed) <= AS_PRINTED else value


def right_values(name: str, must: str, points: float, variables: Sequence[str], entries: Sequence[Any] = ()) -> Check:
    """A check that variables, or these entries of a table, are right: within rounding, or as the chapter rounds."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        given = answers[0].value
        for variable in variables:
            kind, exact = KINDS[variable], RIGHT[variable]
            if entries and isinstance(kind, Table):
                kind, exact = kind.only(entries), {key: exact[key] for key in entries}
            if not kind.near(_as_exact(given[variable], PRINTED.get(variable), exact), exact):
                return Fault(exact, given[variable], note=f"This is `{variable}`." if len(variables) > 1 else "")
        return None

    return _judged(name, must, points, asking(*variables, entries=entries), judge)


def right_part(
    name: str,
    must: str,
    points: float,
    variable: str,
    holds: Callable[[Any, Any], bool],
    entries: Sequence[Any] = (),
) -> Check:
    """A check that part of a variable is right: `holds` takes its value (of a table, these entries) and the right one."""
    exact = {key: RIGHT[variable][key] for key in entries} if entries else RIGHT[variable]

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        given = answers[0].value[variable]
        return None if holds(given, exact) else Fault(exact, given)

    return _judged(name, must, points, asking(variable, entries=entries), judge)


def _judged(
    name: str,
    must: str,
    points: float,
    calls: Callable[[Any], Sequence[Call]],
    judge: Callable[[Any, Sequence[Answer]], Fault | None],
) -> Check:
    return Check(name, must, calls, judge, first=(name,), points=points, earns=True, hidden=True)


def told_apart(entry: Any) -> Callable[[Any, Any], bool]:
    """The entry has its right word, and no other entry has that word: one word for everything tells nothing."""
    return lambda given, right: given[entry] == right[entry] and list(given.values()).count(right[entry]) == 1
