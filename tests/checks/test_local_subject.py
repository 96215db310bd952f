from __future__ import annotations

import io
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

from autograder.checks.exercise import Answer, Call, Rng
from autograder.checks.local_subject import LocalSubject


def ask(function: Any, *calls: Call) -> list[Answer]:
    """Ask a function that is called f."""
    return LocalSubject({"f": function}).ask("f", calls)


def test_one_answer_for_each_call() -> None:
    """Every call gets its answer, in order, by place and by name."""
    answers = ask(lambda x, beta=1.0: x * beta, Call((2.0,)), Call((2.0,), {"beta": 3.0}), Call((5.0, 2.0)))
    assert [answer.value for answer in answers] == [2.0, 6.0, 10.0]
    assert {answer.outcome for answer in answers} == {"returned"}


def test_the_namespace_is_looked_up_anew() -> None:
    """A function that was defined again is the one that is asked."""
    namespace: dict[str, Any] = {"f": lambda x: 1}
    subject = LocalSubject(namespace)
    assert subject.ask("f", [Call((0.0,))])[0].value == 1
    namespace["f"] = lambda x: 2
    assert subject.ask("f", [Call((0.0,))])[0].value == 2


def test_what_is_not_there_is_undefined() -> None:
    """A name that does not exist is undefined for every call, and named."""
    assert LocalSubject({}).ask("f", [Call(()), Call(())]) == [Answer("undefined", detail="f")] * 2


@pytest.mark.parametrize(
    ("value", "kind"), [(3.0, "float"), (None, "NoneType"), ("f", "str"), (np.zeros(2), "ndarray")]
)
def test_what_is_no_function_is_uncallable(value: Any, kind: str) -> None:
    """A name that holds something else than a function is told with its type."""
    assert ask(value, Call(())) == [Answer("uncallable", detail=kind)]


def test_lambdas_classes_and_methods_are_functions() -> None:
    """Whatever can be called counts as a function."""

    class Callable:
        def __call__(self, x: float) -> float:
            return x + 1

        def method(self, x: float) -> float:
            return x + 2

    assert [ask(one, Call((1.0,)))[0].value for one in (lambda x: x, Callable(), Callable().method)] == [1.0, 2.0, 3.0]


def test_each_call_has_arguments_of_its_own() -> None:
    """Changing an argument in place is seen and told, and changes neither the question nor the next one."""
    question = np.array([1.0, 2.0])

    def add_one(x: Any, y: Any) -> Any:
        y += 1
        return y

    answers = ask(add_one, Call((0.0, question)), Call((0.0, question)))
    assert [answer.value.tolist() for answer in answers] == [[2.0, 3.0], [2.0, 3.0]]
    assert [answer.changed for answer in answers] == [(1,), (1,)]
    assert question.tolist() == [1.0, 2.0]


def test_an_answer_is_a_copy() -> None:
    """A function that returns one buffer again and again does not change its earlier answers."""
    buffer = np.zeros(1)

    def count(x: float) -> Any:
        buffer[0] += x
        return buffer

    assert [answer.value.tolist() for answer in ask(count, Call((1.0,)), Call((1.0,)))] == [[1.0], [2.0]]


def test_nan_in_an_argument_is_no_change() -> None:
    """An argument with nan that was left alone does not count as changed."""
    assert ask(lambda x: 0.0, Call((np.array([np.nan, 1.0]),)))[0].changed == ()


def test_changing_a_keyword_argument_is_seen() -> None:
    """Arguments given by name are watched too, counted after those given by place."""

    def clear(x: Any, y: Any) -> Any:
        y[:] = 0
        return x

    assert ask(clear, Call((1.0,), {"y": np.ones(2)}))[0].changed == (1,)


def test_prints_and_warnings_do_not_show() -> None:
    """Prints, standard error, warnings and numpy's complaints of a function reach nobody and cost nothing."""

    def noisy(x: Any) -> Any:
        print("here I am")
        print("and here", file=sys.stderr)
        warnings.warn("careful", UserWarning, stacklevel=1)
        return np.log(x)

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = ask(noisy, Call((np.zeros(1),)))[0]
    assert answer.outcome == "returned"
    assert answer.value[0] == -np.inf
    assert (out.getvalue(), err.getvalue()) == ("", "")


def test_a_function_cannot_leave_numpys_complaints_off() -> None:
    """What a function sets about warnings and numpy's errors ends with the call."""

    def quiet(x: Any) -> Any:
        np.seterr(all="raise")
        warnings.simplefilter("ignore")
        return x

    before, filters = np.geterr(), list(warnings.filters)
    ask(quiet, Call((1.0,)))
    assert np.geterr() == before
    assert list(warnings.filters) == filters


@pytest.mark.parametrize(
    ("error", "name"),
    [(ValueError("bad"), "ValueError"), (SystemExit("bad"), "SystemExit"), (KeyError("bad"), "KeyError")],
)
def test_raising_and_leaving_are_answers(error: BaseException, name: str) -> None:
    """An exception, and an attempt to leave Python, are answers with their type and message; the next call is asked."""

    def once(x: float) -> float:
        if x == 0:
            raise error
        return x

    first, second = ask(once, Call((0.0,)), Call((1.0,)))
    assert (first.outcome, first.error) == ("raised", name)
    assert first.detail.splitlines()[0].strip("'") == "bad"
    assert second.value == 1.0


def test_a_student_may_interrupt() -> None:
    """Ctrl-C is not swallowed."""

    def interrupted(x: float) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(interrupted, Call((0.0,)))


def test_a_call_with_wrong_arguments_raises() -> None:
    """A function that takes other arguments raises a TypeError that says so."""
    answer = ask(lambda x: x, Call((1.0, 2.0)))[0]
    assert (answer.outcome, answer.error) == ("raised", "TypeError")
    assert "positional argument" in answer.detail


def inner(x: Any) -> Any:
    """Fail."""
    return np.linalg.inv(x)


def outer(x: Any) -> Any:
    """Fail below."""
    return inner(x)


def test_frames_are_the_students_own() -> None:
    """Of a traceback the student's own lines are told, outermost first, without library frames and without paths."""
    lines = ask(outer, Call((np.zeros((2, 2)),)))[0].detail.splitlines()
    assert lines[0] == "Singular matrix"
    assert [line.split(", ", 1)[1] for line in lines[1:]] == [
        "in outer: return inner(x)",
        "in inner: return np.linalg.inv(x)",
    ]
    assert not any(".py" in line or "site-packages" in line for line in lines)


def test_endless_recursion_is_told_shortly() -> None:
    """A function that calls itself for ever is told in a few lines."""

    def again(x: Any) -> Any:
        return again(x)

    answer = ask(again, Call((1.0,)))[0]
    assert answer.error == "RecursionError"
    assert len(answer.detail.splitlines()) <= 5


def test_a_long_message_is_cut() -> None:
    """A message longer than a page is cut."""

    def long(x: Any) -> Any:
        raise ValueError("x" * 10_000)

    assert len(ask(long, Call((1.0,)))[0].detail.splitlines()[0]) <= 400


def test_generators_of_one_handle_go_on() -> None:
    """Calls with one seed and handle share one advancing Generator; other handles and later batches start anew."""

    def draw(rng: Any) -> float:
        return float(rng.random())

    expected = np.random.default_rng(7)
    first, second = float(expected.random()), float(expected.random())
    calls = [Call((Rng(7, "a"),)), Call((Rng(7, "a"),)), Call((Rng(7, "b"),)), Call((), {"rng": Rng(7, "a")})]
    values = [answer.value for answer in ask(draw, *calls)]
    assert values == [first, second, first, float(expected.random())]
    assert ask(draw, calls[0])[0].value == first


def test_a_generator_is_what_arrives() -> None:
    """In the place of an Rng the function gets a numpy Generator, and using it is no change of an argument."""
    answer = ask(lambda x, rng: type(rng).__name__ + str(rng.integers(1, 2)), Call((1.0, Rng(3))))[0]
    assert (answer.value, answer.changed) == ("Generator1", ())


def test_variables_are_read_as_copies() -> None:
    """Variables are read as they are now, as copies, and missing ones are undefined."""
    values = {"z": [1.0, 2.0]}
    found, missing = LocalSubject(values).read(["z", "w"])
    assert found == Answer("returned", [1.0, 2.0])
    assert found.value is not values["z"]
    assert missing == Answer("undefined", detail="w")


@pytest.mark.parametrize(
    "make", [lambda: (x for x in [1.0]), lambda: sys, lambda: open], ids=["generator", "module", "open"]
)
def test_what_is_no_data_is_no_accident(make: Any) -> None:
    """A generator or a module, returned or set as a variable, is an answer of some outcome and no traceback of ours."""
    assert ask(lambda x: make(), Call((1.0,)))[0].outcome in ("returned", "unreadable", "raised")
    assert LocalSubject({"z": make()}).read(["z"])[0].outcome in ("returned", "unreadable")


def test_an_error_that_cannot_be_printed_is_still_an_answer() -> None:
    """An exception whose own text fails is told by its type."""

    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError("no text")

    def fails(x: float) -> float:
        raise Silent

    assert ask(fails, Call((1.0,)))[0].error == "Silent"
