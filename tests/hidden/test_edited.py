"""Known mistakes that are edits of a right function."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from autograder import problems
from autograder.checks import registry
from autograder.checks.examine import run
from autograder.hidden.mistakes.edited import Edited
from autograder.problems.examination import subject_of

EDITED = {
    f"{stem} {mistake.exercise} {mistake.name}": (stem, mistake.exercise, mistake.function)
    for stem, problem in registry.modules().items()
    for exercise in problem.exercises
    for mistake in problems.mistakes(stem, exercise.name)
    if isinstance(mistake.function, Edited)
}
RIGHT = {(stem, exercise, one.right) for stem, exercise, one in EDITED.values()}


def area(width: Any, height: Any) -> Any:
    """Any function."""
    return width * height


@pytest.mark.parametrize(
    ("stem", "exercise", "right"), sorted(RIGHT, key=str), ids=lambda one: getattr(one, "__name__", one)
)
def test_what_is_edited_is_right(stem: str, exercise: str, right: Any) -> None:
    """The function that mistakes are edits of has full points."""
    one = problems.examination(stem, exercise, 11)
    assert run(one.exercise, subject_of(one.exercise, right), one.bank, seed=11, tries=0).passed


@pytest.mark.parametrize("name", EDITED)
def test_every_edit_is_another_function(name: str) -> None:
    """All texts that are exchanged stand in the function once, and what comes of them is other Python."""
    one = EDITED[name][2]
    assert compile(one.source, name, "exec")
    assert one.source != inspect.getsource(one.right)


def test_an_edited_function_is_a_function_with_a_source() -> None:
    """It answers by its edited text, has the parameters of that text, and its source can be read."""
    one = Edited(area, [("width * height", "2 * (width + height)"), ("height: Any", "height: Any = 3")])
    assert one(2, 5) == 14
    assert one(2) == 10
    assert inspect.getsource(one) == one.source
    assert list(inspect.signature(one).parameters) == ["width", "height"]


@pytest.mark.parametrize(("text", "times"), [("depth", 0), ("height", 2)])
def test_a_text_that_does_not_stand_once_is_said(text: str, times: int) -> None:
    """An edit that cannot be made names the text, the function, and how often it stands there."""
    with pytest.raises(ValueError, match=f"'{text}' must stand once in area, but stands {times} times"):
        Edited(area, [(text, "x")])(1, 2)
