"""What Python itself reports has a name in every exercise, and only that."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checks.asking import FormedAnswer
from autograder.checks.exercise import Answer, Call
from autograder.checks.local_subject import LocalSubject
from autograder.checks.python_errors import KINDS, by_error, kind_of

ONE, ROW, TABLE = 2.5, np.array([1.0, 2.0, 3.0]), np.arange(6.0).reshape(2, 3)


def answer(function: Callable[..., Any], *args: Any) -> Answer:
    """What a function answers, as the grader sees it."""
    (found,) = LocalSubject({"f": function}).ask("f", [Call(args)])
    return found


def none() -> Any:
    return None


def unset(x: Any) -> Any:
    if x is None:
        value = 1
    return value


def endless(x: Any) -> Any:
    return endless(x)


def asserting(x: Any) -> Any:
    assert np.ndim(x) == 2
    return x


SNIPPETS: list[tuple[str, str, Any]] = [
    ("a name that is not defined", "log(x)", ONE),
    ("a variable is read before it is set", "unset(x)", ONE),
    ("a function that the module does not have", "np.randn(x)", ONE),
    ("a number is used like an array", "x.shape", ONE),
    ("a number is used like an array", "[v for v in x]", ONE),
    ("a number is used like an array", "x[0]", ONE),
    ("a number is used like an array", "len(x)", ONE),
    ("a number is used like an array", "len(np.asarray(x))", ONE),
    ("a number is used like an array", "list(np.asarray(x))", ONE),
    ("a number is used like an array", "np.asarray(x)[0]", ONE),
    ("a number is used like an array", "np.float64(x)[0]", ONE),
    ("`^` is taken for a power", "x ^ 2", ONE),
    ("`^` is taken for a power", "x ^ 2", ROW),
    ("something that is None is used", "none() * 2", ONE),
    ("something that is None is used", "x + none()", ONE),
    ("something that is None is used", "none().shape", ONE),
    ("something that is None is used", "none()[0]", ONE),
    ("a function is used without being called", "x * math.log", ONE),
    ("a function is used without being called", "math.log[x]", ONE),
    ("a function is used without being called", "np.exp * x", ONE),
    ("a list or a tuple is used in arithmetic", "[x, x] / 2", ONE),
    ("a list or a tuple is used in arithmetic", "[x, x] * 0.5", ONE),
    ("a list or a tuple is used in arithmetic", "x.shape + [1]", ROW),
    ("a list or a tuple is used in arithmetic", "2 + x.shape", ROW),
    ("a list or a tuple is used in arithmetic", "[x, x] >= x", ONE),
    ("a list or a tuple is used in arithmetic", "[x, x].mean()", ONE),
    ("an attribute that arrays do not have", "x.dim()", ROW),
    ("something is called that is no function", "0.5(x)", ONE),
    ("something is called that is no function", "x(0)", ROW),
    ("an array is used like a number", "math.exp(x)", ROW),
    ("an array is used like a number", "float(x)", ROW),
    ("the shape must be one tuple", "np.zeros(2, 3)", ONE),
    ("a tuple inside the shape", "np.zeros((2, x.shape))", ROW),
    ("a tuple inside the shape", "[0 for _ in range(x.shape)]", ROW),
    ("a whole number is expected", "np.zeros(x)", ONE),
    ("a whole number is expected", "[0 for _ in range(x)]", ONE),
    ("a whole number is expected", "np.concatenate(x, x)", ROW),
    ("a whole number is expected", "x[1.0]", ROW),
    ("a whole number is expected", "[1, 2][1.0]", ROW),
    ("too many arguments for a function of NumPy", "np.log(x, 2)", ONE),
    ("the number of arguments does not fit", "(lambda: 1)(x)", ONE),
    ("the number of arguments does not fit", "(lambda x, y: 1)(x)", ONE),
    ("the number of arguments does not fit", "np.sum(x, axes=0)", ROW),
    ("the number of arguments does not fit", "np.hstack(x, x)", ROW),
    ("the number of arguments does not fit", "np.random.default_rng(0).normal(1, 2, 3, 4)", ROW),
    ("the shapes of a matrix product do not fit", "x @ x", TABLE),
    ("the shapes of a matrix product do not fit", "np.dot(x, x)", TABLE),
    ("the shapes of a matrix product do not fit", "x @ 2.0", TABLE),
    ("the letters of einsum do not fit", 'np.einsum("ij,ij->i", x, x)', ROW),
    ("the shapes do not fit together", "x + x.T", TABLE),
    ("the shapes do not fit together", "np.random.default_rng(0).normal(x, x, (5, 7))", ROW),
    ("the shapes do not fit together", "x[np.array([True])]", ROW),
    ("a whole array is asked for one yes or no", "1 if x > 1 else 2", ROW),
    ("a whole array is asked for one yes or no", "max(x, 0)", ROW),
    ("a whole array is asked for one yes or no", "x > 1 and x < 3", ROW),
    ("the arrays cannot be joined", "np.concatenate([x, x[0]], axis=1)", TABLE),
    ("the arrays cannot be joined", "np.stack([x, x[:1]])", TABLE),
    ("the arrays cannot be joined", "np.concatenate([x, x.T])", TABLE),
    ("more or fewer things are expected", "[n for n, k in [x.shape]]", ROW),
    ("more or fewer things are expected", "[a for a, b in [x]]", ROW),
    ("an index beyond the end", "x[3]", ROW),
    ("an index beyond the end", "[1, 2][2]", ROW),
    ("an axis that the array does not have", "x.sum(axis=1)", ROW),
    ("an axis that the array does not have", "x[0, 1]", ROW),
    ("an axis that the array does not have", "x.shape[1]", ROW),
    ("the new shape has another size", "x.reshape(2, 2)", ROW),
    ("a function for matrices is given another array", "np.linalg.inv(x)", TABLE),
    ("a function for matrices is given another array", "np.linalg.inv(x)", ROW),
    ("a function for matrices is given another array", "np.diag(np.stack([x, x]))", TABLE),
    ("a matrix that has no inverse", "np.linalg.inv(0 * x.T @ x)", TABLE),
    ("a division by 0", "x / 0", ONE),
    ("a root or a logarithm that does not exist", "math.log(-x)", ONE),
    ("a root or a logarithm that does not exist", "math.sqrt(-x)", ONE),
    ("a number is too large", "math.exp(1000 * x)", ONE),
    ("a number is too large", "x**10000", ONE),
    ("a function calls itself without end", "endless(x)", ONE),
    ("a module that is not there", '__import__("no_such_module")', ONE),
    ("an `assert` in the answer fails", "asserting(x)", ONE),
    ("a key that the dictionary does not have", "{}[x]", ONE),
]


def written(expression: str) -> Callable[..., Any]:
    """A function of x as a student may write it, of which Python warns at times."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made: Callable[..., Any] = eval(f"lambda x: {expression}", {**globals(), "math": math})
    return made


@pytest.mark.parametrize(("name", "expression", "given"), SNIPPETS)
def test_an_error_has_its_name(name: str, expression: str, given: Any) -> None:
    """The message of this Python and this NumPy is known, and by no other name."""
    raised = answer(written(expression), given)
    assert raised.outcome == "raised"
    kind = kind_of(raised)
    assert kind is not None, (raised.error, raised.detail)
    assert kind.name == name, (raised.error, raised.detail)


def test_every_kind_is_met() -> None:
    """No kind of error stands in the list that none of these snippets raises; no two have one name."""
    names = [kind.name for kind in KINDS]
    assert {name for name, _, _ in SNIPPETS} == set(names)
    assert len(names) == len(set(names))


def own_words(x: Any) -> Any:
    raise ValueError("my own words")


def test_other_errors_have_no_name() -> None:
    """What students raise in words of their own, what is not written yet, and what came back are none of these."""
    assert kind_of(answer(own_words, ONE)) is None
    assert kind_of(answer(lambda x: x, ONE)) is None
    assert kind_of(Answer("raised", error="NotImplementedError", detail="name 'f' is not defined")) is None


def formed(function: Callable[..., Any], *given: Any) -> list[FormedAnswer]:
    """The answers to these inputs, those that raised being in no good form."""
    found = [answer(function, one) for one in given]
    return [FormedAnswer(Call((one,)), told, told.value, told.error) for one, told in zip(given, found, strict=True)]


def test_a_name_needs_the_error_in_every_failed_check() -> None:
    """The first error is named where each failed check meets one of a known kind; none where a check failed otherwise."""
    both = formed(lambda x: x.reshape(3), ONE, ROW, ONE)
    assert [one.answer.outcome for one in both] == ["raised", "returned", "raised"]
    named = by_error(both, [slice(0, 1), slice(1, 3)])
    assert named is not None
    assert named.name == "a number is used like an array"
    assert named.says
    assert named.share == 0
    assert by_error(both, [slice(0, 1), slice(1, 2)]) is None
    two_kinds = by_error(formed(lambda x: x.sum(axis=1)[0], ONE, ROW), [slice(0, 1), slice(1, 2)])
    assert two_kinds is not None
    assert two_kinds.name == "a number is used like an array"
    assert by_error(formed(own_words, ONE), [slice(0, 1)]) is None
    assert by_error(formed(lambda x: x, ONE), [slice(0, 1)]) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_sentences_tell_what_to_do(kind: Any) -> None:
    """Names begin in small letters and end without a full stop; what is said is whole sentences."""
    assert not kind.name.endswith(".")
    assert kind.name[0].islower() or kind.name[0] == "`"
    assert kind.says[0].isupper() or kind.says[0] == "`"
    assert kind.says[-1] in ".?"
