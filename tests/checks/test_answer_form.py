from __future__ import annotations

from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

from autograder.checks import answer_form
from autograder.checks.exercise import Call

CALL = Call(())
NUMBER = answer_form.Form((answer_form.number("loss"),))
PAIR = answer_form.one("z", lambda *_: [(2,)])
TABLE = answer_form.one("z", lambda *_: [(2, 2)])
BOTH = answer_form.Form((answer_form.Part("a", lambda *_: [(2,)]), answer_form.number("b")))
MASK = answer_form.one("mask", lambda *_: [(3,)], "bool")
PLACES = answer_form.one("places", lambda *_: [(3,)], "integer")


def problem_of(form: Any, value: Any) -> str:
    """The sentence about a value that must not pass."""
    canonical, problem = form.normalise(CALL, value)
    assert canonical is None
    assert isinstance(problem, str)
    return problem


def passes(form: Any, value: Any) -> Any:
    """The canonical form of a value that must pass."""
    canonical, problem = form.normalise(CALL, value)
    assert problem == ""
    return canonical


@pytest.mark.parametrize(
    "value",
    [2, 2.0, True + 1, np.float32(2), np.float16(2), np.int8(2), np.uint64(2), np.array(2.0), np.array(2)],
    ids=lambda value: type(value).__name__ + str(getattr(value, "dtype", "")),
)
def test_a_number_may_be_of_any_real_kind(value: Any) -> None:
    """A number may be an int, a float, a numpy scalar or a 0-d array: all are read as one float64 0-d array."""
    found = passes(NUMBER, value)
    assert found.shape == ()
    assert found.dtype == np.float64
    assert found == 2.0


@pytest.mark.parametrize(
    "value",
    [
        [1.0, 2.0],
        (1, 2),
        range(1, 3),
        [np.float32(1), 2],
        [np.array(1.0), np.array(2.0)],
        np.array([1, 2], dtype=np.int16),
        np.array([1, 2], dtype=np.float16),
        np.array([1, 2], dtype=">f8"),
        np.array([9, 1, 9, 2])[1::2],
    ],
    ids=["list", "tuple", "range", "mixed list", "list of 0-d arrays", "int16", "float16", "big-endian", "view"],
)
def test_an_array_may_be_a_list_or_of_any_real_dtype(value: Any) -> None:
    """A list, a tuple or an array of any real dtype or layout is read as the same float64 array."""
    found = passes(PAIR, value)
    assert found.dtype == np.float64
    assert found.tolist() == [1.0, 2.0]


def test_nested_lists_make_a_matrix() -> None:
    """A list of lists counts for a two-dimensional array."""
    assert passes(TABLE, [[1, 2], (3, 4)]).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("value", [([1, 2], 3), [[1, 2], 3], [np.array([1, 2]), np.array(3)], ((1, 2), np.float32(3))])
def test_a_list_counts_for_a_tuple(value: Any) -> None:
    """Several parts may come as a tuple or as a list, each in any form that it may have alone."""
    first, second = passes(BOTH, value)
    assert first.tolist() == [1, 2]
    assert second == 3.0


def test_an_array_unpacks_like_a_tuple() -> None:
    """Where two things are asked for, an array with two rows is two things; with three rows it is not."""
    call, two = Call(()), answer_form.Form((answer_form.number("a"), answer_form.number("b")))
    assert two.normalise(call, np.array([1.0, 2.0])) == ((1.0, 2.0), "")
    assert problem_of(BOTH, np.zeros((2, 2))) == "`b` must be a single number, but came as an array of shape (2,)."
    assert problem_of(BOTH, np.zeros((3, 2))) == "must return 2 things, (a, b), but returned an array of shape (3, 2)."
    assert problem_of(BOTH, np.array(1.0)) == "must return 2 things, (a, b), but returned a single number."


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "must return 2 things, (a, b), but nothing came back (None): is there a `return`?"),
        (1.0, "must return 2 things, (a, b), but returned a single number."),
        ((1.0,), "must return 2 things, (a, b), but returned a tuple of 1."),
        ([1.0, 2.0, 3.0], "must return 2 things, (a, b), but returned a list of 3."),
        ({"a": 1, "b": 2}, "must return 2 things, (a, b), but returned a dict of 2."),
        ("ab", "must return 2 things, (a, b), but returned text."),
        (([1, 2], None), "`b` must be real numbers, but nothing came back (None): is there a `return`?"),
        (([1, 2, 3], None), "`a` must be an array of shape (2,), but came as an array of shape (3,)."),
    ],
)
def test_several_parts_are_refused_in_words(value: Any, sentence: str) -> None:
    """A wrong number of parts is told before the parts, and of the parts the first wrong one."""
    assert problem_of(BOTH, value) == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "`z` must be real numbers, but nothing came back (None): is there a `return`?"),
        ("1.5", "`z` must be an array or a number, but is text."),
        (b"12", "`z` must be an array or a number, but is a bytes."),
        ({"z": 1.0}, "`z` must be an array or a number, but is a dict of 1."),
        ({1.0, 2.0}, "`z` must be an array or a number, but is a set of 2."),
        (frozenset({1.0}), "`z` must be an array or a number, but is a frozenset of 1."),
        ([[1.0], [1.0, 2.0]], "`z` must be an array or a number, but is a list of 2 that makes no array."),
        ([1.0, None], "`z` must hold real numbers, but holds Python objects of mixed kinds."),
        ([Fraction(1, 2), Fraction(1)], "`z` must hold real numbers, but holds Python objects of mixed kinds."),
        (np.array([1.0, {}]), "`z` must hold real numbers, but holds Python objects of mixed kinds."),
        (1.0, "`z` must be an array of shape (2,), but came as a single number."),
        ([1.0], "`z` must be an array of shape (2,), but came as an array of shape (1,)."),
        ([], "`z` must be an array of shape (2,), but came as an array of shape (0,)."),
        ([[1.0, 2.0]], "`z` must be an array of shape (2,), but came as an array of shape (1, 2)."),
        (["1", "2"], "`z` must hold real numbers, but holds text."),
        ([1.0, 2j], "`z` must hold real numbers, but holds complex numbers."),
        ([1.0, complex(2.0, 0.0)], "`z` must hold real numbers, but holds complex numbers."),
        (np.array([b"1", b"2"]), "`z` must hold real numbers, but holds bytes."),
        (np.zeros(2, "M8[D]"), "`z` must hold real numbers, but holds values of dtype datetime64[D]."),
        ([1.0, np.nan], "`z` must be finite, but holds nan (not a number)."),
        ([np.inf, 1.0], "`z` must be finite, but holds an infinite number."),
        ([-np.inf, np.nan], "`z` must be finite, but holds nan (not a number)."),
        (np.array([np.inf, 1.0], np.float16), "`z` must be finite, but holds an infinite number."),
    ],
)
def test_refusals_say_what_must_hold_and_what_came(value: Any, sentence: str) -> None:
    """What is no array of finite real numbers of the right shape is refused with one fixed sentence."""
    assert problem_of(PAIR, value) == sentence


@pytest.mark.parametrize(
    ("value", "first"),
    [
        ("nan", "is text"),
        ([["1", "nan"]], "came as an array of shape (1, 2)"),
        ([[1j, np.nan]], "came as an array of shape (1, 2)"),
        ([[np.nan, np.inf]], "came as an array of shape (1, 2)"),
        ([complex(np.nan), 1.0], "holds complex numbers"),
        ([[1.0], [np.nan, 2.0]], "makes no array"),
        ([[None]], "Python objects of mixed kinds"),
    ],
)
def test_only_the_first_fault_is_told(value: Any, first: str) -> None:
    """Of several faults the first in the order None, type, shape, dtype, finiteness is told."""
    assert first in problem_of(PAIR, value)


@pytest.mark.parametrize(
    "value",
    [[True, False, True], np.array([True, False, True]), [1, 0, 1], [1.0, 0.0, 1.0], np.array([1, 0, 1], np.uint8)],
)
def test_a_mask_may_hold_booleans_or_zeros_and_ones(value: Any) -> None:
    """Booleans may come as such or as zeros and ones of any real dtype."""
    found = passes(MASK, value)
    assert found.dtype == np.bool_
    assert found.tolist() == [True, False, True]


def test_a_mask_holds_nothing_else() -> None:
    """A number other than 0 and 1 in a mask is shown."""
    assert problem_of(MASK, [1, 0, 0.5]) == "`mask` must hold booleans (True or False), but holds 0.5."
    assert problem_of(MASK, [2, 0, 3]) == "`mask` must hold booleans (True or False), but holds 2."


def test_whole_numbers_may_be_floats() -> None:
    """Whole numbers may come as floats, and a number between them is shown."""
    found = passes(PLACES, [0.0, 2.0, -1.0])
    assert found.dtype == np.int64
    assert found.tolist() == [0, 2, -1]
    assert problem_of(PLACES, [0, 1, 2.25]) == "`places` must hold whole numbers, but holds 2.25."


@pytest.mark.parametrize("value", [1e300, 2.0**63, np.uint64(2**64 - 1)])
def test_enormous_whole_numbers_warn_nobody(value: Any) -> None:
    """A whole number too large for int64 is refused or kept, but raises no warning: standard error costs points."""
    canonical, problem = PLACES.normalise(CALL, [value, 0, 0])
    assert problem or canonical[0] > 0


@pytest.mark.skipif(np.finfo(np.longdouble).maxexp <= 1024, reason="here a long double is no wider than a float64")
def test_numbers_beyond_float64_are_not_finite() -> None:
    """A long double that no float64 can hold is refused as infinite, without a warning."""
    assert problem_of(NUMBER, np.longdouble("1e4000")) == "`loss` must be finite, but holds an infinite number."


def test_several_shapes_may_be_permitted() -> None:
    """An answer in any permitted shape becomes one of the first, and a refusal names each shape once."""
    form = answer_form.one("shift", lambda *_: [(2, 3), (3,), (2, 3)])
    assert passes(form, [1, 2, 3]).tolist() == [[1, 2, 3], [1, 2, 3]]
    assert problem_of(form, 1.0) == (
        "`shift` must be an array of shape (2, 3) or an array of shape (3,), but came as a single number."
    )


def test_elementwise_shape_follows_the_arguments() -> None:
    """The form of an elementwise function asks for the shape of its broadcast arguments, a number for floats."""
    form = answer_form.one("kl", answer_form.broadcast)
    column_and_row = Call((np.zeros((3, 1)), np.zeros(2)))
    assert form.normalise(column_and_row, np.zeros((3, 2)))[1] == ""
    assert "shape (3, 2)" in form.normalise(column_and_row, np.zeros(3))[1]
    assert form.normalise(Call((1.0, 2.0)), np.float32(0.5))[0].shape == ()
    assert form.normalise(Call((1.0, 2.0)), [0.5])[1] == (
        "`kl` must be a single number, but came as an array of shape (1,)."
    )


@settings(deadline=None, derandomize=True, database=None)
@given(
    hnp.arrays(
        st.sampled_from(["f2", "f4", "f8", "i1", "i4", "u2", "?"]),
        (2, 2),
        elements=None,
        fill=st.nothing(),
    )
)
def test_reading_keeps_every_number(array: Any) -> None:
    """An array of finite numbers keeps each of them exactly, as an array and as nested lists."""
    finite = bool(np.isfinite(array).all())
    for value in (array, array.tolist()):
        canonical, problem = TABLE.normalise(CALL, value)
        assert (problem == "") == finite
        if finite:
            assert np.array_equal(canonical, array.astype(np.float64))


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), st.binary()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=5,
)


@settings(deadline=None, derandomize=True, database=None)
@given(PLAIN, st.sampled_from([NUMBER, PAIR, TABLE, BOTH, MASK]))
def test_any_plain_value_gets_a_sentence_or_passes(value: Any, form: Any) -> None:
    """Whatever plain data comes back, looking at its form raises nothing, and a refusal is a sentence."""
    canonical, problem = form.normalise(CALL, value)
    assert (canonical is None) == bool(problem)
    assert not problem or problem.endswith((".", "?"))
