"""Two wrong functions become one where they change a right text in places apart from each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
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


def by_numpy(x: float, y: float) -> float:
    powers = np.power([x, y], [2, 1])
    halves = np.divide(np.sum(powers, axis=0), 2)
    return float(halves) - x


def by_numpy_with_maximum(x: float, y: float) -> float:
    powers = np.power([x, y], [2, 1])
    halves = np.divide(np.max(powers, axis=0), 2)
    return float(halves) - x


def without_last(x: float, y: float) -> float:
    return 0.5 * (x**2 + y)


def carried(rights: list[Function], wrongs: list[Function]) -> Merges:
    """What can be merged after changes were made in other right texts too."""
    merges = Merges(rights, wrongs)
    questions = [(2.0, 3.0), (-1.0, 0.5), (0.3, 4.0)]
    merges.carry(lambda made, wrong: all(made(*one) == wrongs[wrong](*one) for one in questions))
    return merges


def test_a_change_is_made_in_another_right_text_too() -> None:
    """Two slips in right functions of different layout are made one: the words around a change say where it belongs."""
    wrongs: list[Function] = [by_numpy_with_maximum, without_last]
    merges = carried([right, by_numpy], wrongs)
    assert merges.carried == [(1, 0, 1)]
    assert list(merges.pairs()) == [(0, 1)]
    assert merges.together(0, 1)(2.0, 3.0) == 2.0


def test_a_change_that_does_otherwise_elsewhere_is_not_made_there() -> None:
    """Only what does as the wrong function counts as the same slip in another text."""
    merges = Merges([right, by_numpy], [by_numpy_with_maximum, without_last])
    merges.carry(lambda made, wrong: False)
    assert merges.carried == []


def test_what_was_carried_is_known_again() -> None:
    """Where changes were carried is plain data, from which the same merges come without asking any function."""
    rights: list[Function] = [right, by_numpy]
    wrongs: list[Function] = [by_numpy_with_maximum, without_last]
    again = Merges(rights, wrongs, (), carried(rights, wrongs).carried)
    assert list(again.pairs()) == [(0, 1)]
    assert again.together(0, 1)(2.0, 3.0) == 2.0


def with_default(x: float, y: float = np.e) -> float:
    return 0.5 * (x**2 + y) - x


def renamed(z: float, y: float) -> float:
    return 0.5 * (z**2 + y) - z


def test_what_makes_no_function_is_left_out() -> None:
    """Changes that fit as words and make no function that can be defined are no merge."""
    merges = carried([right, renamed], [with_default, without_last])
    assert all(merges.together(*pair)(2.0, 3.0) is not None for pair in merges.pairs())
