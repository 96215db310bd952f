"""Give a group of the class report a name, or take it away."""

from __future__ import annotations

from pathlib import Path

from ..course.layout import Layout
from ..course.named_groups import NamesError, group_name, load_names, names_path, save_names
from ..problems.registry import mistakes
from .results import read_results


def give_name(layout: Layout, group: str, name: str, says: str) -> Path:
    """Write the name into the course's file and return where; raises NamesError, NoResults, OSError."""
    names = load_names(layout)
    there = (one for submission in read_results(layout) for one in submission.exercises.values())
    found = next((one for one in there if one.group == group), None)
    if found is None:
        raise NamesError(
            f"The group must be one of the present results, but is {group!r}, which no answer has. Copy it from the class "
            "report (`autograder report`)."
        )
    exercise = found.verdict.exercise
    named = group_name(exercise, name, says)
    if any(one.name.casefold() == named.name.casefold() for one in mistakes(found.notebook, exercise)):
        raise NamesError(
            f"The name must be a new one, but {named.name!r} is a mistake in {exercise} that the grader knows already. "
            "Give another one."
        )
    save_names(layout, {**names, group: named})
    return names_path(layout)


def take_name(layout: Layout, group: str) -> None:
    """Take the name of a group out of the course's file; raises NamesError, OSError."""
    names = load_names(layout)
    if group not in names:
        raise NamesError(
            f"The group must have a name in {names_path(layout)}, but {group!r} has none there. Names are in: "
            f"{', '.join(names) or 'no group'}."
        )
    save_names(layout, {one: named for one, named in names.items() if one != group})
