from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks.exercise import Answer, Call, Fault, Rng
from autograder.checks.judges import again, close, conduct, equals, law, one_call
from autograder.checks.local_subject import LocalSubject


def returned(*values: Any) -> list[Answer]:
    """Answers that came back with these values."""
    return [Answer("returned", value) for value in values]


@pytest.mark.parametrize("exact", [0.0, 1e-9, 0.1, 1.0, -1.0, 3.7, -250.0, 1e6, -1e12, 1e300])
@pytest.mark.parametrize("side", [1, -1])
def test_tolerance_ends_where_the_notebook_says(exact: float, side: int) -> None:
    """An answer just within 1e-5 relative plus 1e-6 is right, one just beyond it is wrong, on either side."""
    room = 1e-5 * abs(exact) + 1e-6
    assert close(exact + side * 0.999 * room, exact)
    assert not close(exact + side * 1.001 * room, exact)


@pytest.mark.parametrize(
    ("value", "exact", "right"),
    [
        (0.0, 0.0, True),
        (-0.0, 0.0, True),
        (9.9e-7, 0.0, True),
        (1.1e-6, 0.0, False),
        (1e308, 1e308, True),
        (-1e308, 1e308, False),
        (1.7e308, -1.7e308, False),
        (5e-324, 0.0, True),
        (np.inf, np.inf, True),
        (np.inf, 1.0, False),
        (np.nan, 1.0, False),
        (np.nan, np.nan, False),
        (1.0, np.nan, False),
    ],
)
def test_extreme_numbers(value: float, exact: float, right: bool) -> None:
    """Zero, the largest floats, infinity and nan are compared without a warning, and nan is never right."""
    assert close(value, exact) is right


def test_nothing_finite_is_close_to_infinity() -> None:
    """Where the exact value is infinite, a relative tolerance is no excuse: a finite answer is wrong."""
    assert not close(5.0, np.inf)
    assert not close([1.0, 5.0], [1.0, -np.inf])
    assert not close(-np.inf, np.inf)


def test_one_wrong_element_is_enough() -> None:
    """Every element must be right."""
    exact = np.arange(1.0, 7.0).reshape(2, 3)
    assert close(exact + 1e-6, exact)
    for index in np.ndindex(2, 3):
        wrong = exact.copy()
        wrong[index] += 1e-4
        assert not close(wrong, exact)


def test_shapes_must_be_equal() -> None:
    """Values that would broadcast are not close."""
    assert not close(1.0, [1.0])
    assert not close(np.ones((1, 2)), np.ones(2))
    assert not close([1.0, 1.0], 1.0)


def test_tuples_are_compared_part_by_part() -> None:
    """Tuples are close when they have as many parts, each close, whatever the shapes of the others."""
    exact = (np.ones(2), np.array(3.0))
    assert close((np.ones(2), 3.0), exact)
    assert not close((np.ones(2), 3.1), exact)
    assert not close((np.ones(2),), exact)
    assert not close(np.ones(2), exact)
    assert not close(exact, np.ones(2))


@settings(deadline=None, derandomize=True, database=None)
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_closeness_is_the_stated_inequality(value: float, exact: float) -> None:
    """Closeness is |value - exact| <= 1e-5 |exact| + 1e-6, for whatever finite numbers."""
    assert close(value, exact) == (abs(value - exact) <= 1e-5 * abs(exact) + 1e-6)


def test_value_judge_shows_both_sides() -> None:
    """A judge of values passes the right value and otherwise shows what was expected and what came."""
    judge = equals(lambda x, scale=1.0: x * scale)
    assert judge((2.0,), returned(2.0)) is None
    fault = judge(Call((2.0,), {"scale": 3.0}), returned(2.0))
    assert isinstance(fault, Fault)
    assert (fault.expected, fault.returned, fault.call) == (6.0, 2.0, 0)


def test_value_judge_of_a_part_ignores_the_other() -> None:
    """A judge of one part of an answer does not look at the other part."""
    judge = equals(lambda x: (x, -x), part=1)
    assert judge((2.0,), returned((99.0, -2.0))) is None
    fault = judge((2.0,), returned((2.0, 2.0)))
    assert fault is not None
    assert (fault.expected, fault.returned) == (-2.0, 2.0)


def test_value_judge_has_the_tolerance_it_is_given() -> None:
    """Where an exercise states another tolerance, that one counts."""
    loose, tight = equals(lambda x: x, rtol=1e-2, atol=0), equals(lambda x: x, rtol=1e-9, atol=1e-12)
    assert loose((1.0,), returned(1.009)) is None
    assert loose((1.0,), returned(1.011)) is not None
    assert tight((1.0,), returned(1.0 + 0.9e-9)) is None
    assert tight((1.0,), returned(1.0 + 1.1e-9)) is not None


def test_examples_are_calls_or_arguments() -> None:
    """An example is a tuple of arguments, or a Call where names matter."""
    call = Call((1.0,), {"beta": 2.0})
    assert one_call(call) == [call]
    assert one_call((1.0, 2.0)) == [Call((1.0, 2.0))]


def test_a_repeated_call_has_its_generators_anew() -> None:
    """Asking again changes nothing but the handles of Generators, so that they start from their seeds once more."""
    call = Call((1.0, Rng(7, "a")), {"rng": Rng(8), "k": 2})
    repeated = again(call)
    assert repeated.args == (1.0, Rng(7, "aagain"))
    assert repeated.kwargs == {"rng": Rng(8, "again"), "k": 2}
    assert again(Call((1.0,), {"k": 2})) == Call((1.0,), {"k": 2})


TWO = (np.array([1.0, 2.0]),)
MANNERS = conduct(0.5, first=[(np.array([1.0, 2.0]),)])


def manners_of(function: Any, example: Any = TWO) -> Fault | None:
    """What good manners have to say about a function."""
    answers = LocalSubject({"f": function}).ask("f", MANNERS.calls(example))
    assert [answer.outcome for answer in answers] == ["returned", "returned"]
    return MANNERS.judge(example, answers)


def test_conduct_allows_a_plain_function() -> None:
    """A function that leaves its arguments alone and answers alike has good manners."""
    assert manners_of(lambda x: x + 1) is None


def test_conduct_sees_changed_arguments() -> None:
    """A function that changes an argument in place is told so."""

    def shifted(x: Any) -> Any:
        x += 1
        return x

    fault = manners_of(shifted)
    assert fault is not None
    assert fault.note == "It changed its arguments in place."
    assert fault.expected == "its arguments left as they were"


def test_conduct_sees_another_answer() -> None:
    """A function that gives another answer to the same question is told so, and both answers are shown."""
    count = iter(range(10))
    fault = manners_of(lambda x: x + next(count))
    assert fault is not None
    assert fault.note == "Asked twice with the same arguments, it gave two answers. The first was [1, 2]."
    assert fault.expected == "the same answer as the first time"
    assert list(fault.returned) == [2.0, 3.0]
    assert fault.call == 1


def test_conduct_gives_both_calls_the_same_draws() -> None:
    """A function that draws from its rng gives one answer twice; one that draws from elsewhere does not."""
    example = (np.zeros(3), Rng(5, "x"))
    assert manners_of(lambda x, rng: x + rng.standard_normal(3), example) is None
    elsewhere = np.random.default_rng(3)
    fault = manners_of(lambda x, rng: x + elsewhere.standard_normal(3), example)
    assert fault is not None
    assert "two answers" in fault.note


def test_conduct_alone_earns_nothing() -> None:
    """Good manners have points, but earn none by themselves."""
    assert MANNERS.points == 0.5
    assert not MANNERS.earns


def test_a_law_sees_the_values_of_all_its_calls() -> None:
    """A law is given the example and one value per call, and its fault is passed on."""

    def odd(example: Any, value: Any, mirrored: Any) -> Fault | None:
        return None if close(mirrored, -value) else Fault(-value, mirrored, 1)

    check = law("odd", "f(-x) = -f(x).", odd, calls=lambda x: [Call((x,)), Call((-x,))], first=[1.0], points=0.25)
    assert check.calls(2.0) == [Call((2.0,)), Call((-2.0,))]
    assert check.judge(2.0, returned(8.0, -8.0)) is None
    assert check.judge(2.0, returned(4.0, 4.0)) == Fault(-4.0, 4.0, 1)
    assert (check.earns, check.hidden, check.points) == (False, False, 0.25)
