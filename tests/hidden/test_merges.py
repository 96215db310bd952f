"""Two wrong functions become one where they change a right text in places apart from each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.hidden.mistakes.merges import Merges

Function = Callable[..., Any]


def right(x: float, y: float) -> float:
    return 0.5 * (x**2 + y) - x


def without_half(x: float, y: float) -> float:
    return x**2 + y - x


def other_sign(x: float, y: float) -> float:
    return 0.5 * (x**2 + y) + x


def cubed(x: Any, y: Any) -> Any:
    """The same layout, whatever stands in types, decorators and docstrings."""
    return 0.5 * (x**3 + y) - x


def fourth_power(x: float, y: float) -> float:
    return 0.5 * (x**4 + y) - x


def quite_another(x: float, y: float) -> float:
    total = 0.0
    for one in (x, y):
        total += one
    return total


def enclosing() -> Function:
    """A function that does not stand alone."""
    factor = 3

    def enclosed(x: float, y: float) -> float:
        return factor * (x**2 + y) - x

    return enclosed


def is_right(function: Function) -> bool:
    return all(function(x, y) == right(x, y) for x, y in ((2.0, 3.0), (-1.0, 0.5), (0.0, 4.0)))


def found(rights: list[Function], wrongs: list[Function], is_right: Callable[[Function], bool]) -> list[Any]:
    """Where right texts are found between wrong functions."""
    merges = Merges(rights, wrongs)
    merges.look_between(is_right)
    return merges.between


def test_the_changes_of_both_are_made_together() -> None:
    """The merged function answers as the right text with both slips would."""
    merges = Merges([right], [other_sign, cubed])
    assert list(merges.pairs()) == [(0, 1)]
    assert merges.together(0, 1)(2.0, 3.0) == 0.5 * (2.0**3 + 3.0) + 2.0


def test_two_changes_of_one_place_are_not_merged() -> None:
    """Two slips in the same words cannot both be made; asking for them says so."""
    merges = Merges([right], [cubed, fourth_power])
    assert list(merges.pairs()) == []
    with pytest.raises(ValueError, match="same words"):
        merges.together(0, 1)


def test_what_is_written_otherwise_is_merged_with_nothing() -> None:
    """Another text altogether, a text that cannot be read, and a function that does not stand alone have no changes."""
    merges = Merges([right], [quite_another, max, enclosing(), other_sign])
    assert list(merges.pairs()) == []


def test_a_right_text_is_found_between_two_wrong_ones() -> None:
    """Where no right function is given in these words, one wrong function without what is wrong in it is taken."""
    wrongs: list[Function] = [other_sign, cubed, without_half]
    assert list(Merges([], wrongs).pairs()) == []
    between = found([], wrongs, is_right)
    assert between[0][:2] == (0, 1)
    merges = Merges([], wrongs, between)
    assert (0, 1) in list(merges.pairs())
    assert merges.together(0, 1)(2.0, 3.0) == 0.5 * (2.0**3 + 3.0) + 2.0


def test_a_known_right_text_is_not_found_again() -> None:
    """Texts of right functions that are given count as known."""
    assert found([right], [other_sign, cubed], is_right) == []


def test_nothing_is_found_where_no_mixture_is_right() -> None:
    """Between two wrong functions there is not always a right one."""
    assert found([], [other_sign, cubed], lambda function: False) == []
    assert found([], [cubed, fourth_power], is_right) == []


def looping(x: float, y: float) -> float:
    while x > 10:
        x /= 2
    return 0.5 * (x**2 + y) - x


def test_loops_that_may_not_end_are_merged_with_nothing() -> None:
    """What is merged is run by the grader: two changes of one such loop might leave it without an end."""
    assert list(Merges([looping], [looping, other_sign]).pairs()) == []
