from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import hypothesis.strategies as st
import numpy as np
import pytest

from autograder.checks import answer_form, formatting
from autograder.checks.diagnosis import NamedMistake, Recogniser
from autograder.checks.examine import run
from autograder.checks.examples import bank, hundredths
from autograder.checks.exercise import Answer, Call, Check, Exercise, Fault
from autograder.checks.judges import equals, law
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import message
from autograder.checks.student.notebook import todo
from autograder.checks.verdict import Finding, Verdict
from autograder.problems import examination

SEED = 3


def positive(example: Any, value: Any) -> Fault | None:
    """The law of the tiny exercise."""
    return None if value >= 0 else Fault("at least 0", value)


def value_check(name: str, points: float, *, earns: bool = True, first: Any = (), examples: Any = None) -> Check:
    """A hidden check of squares."""
    judge = equals(lambda x: x * x)
    return Check(
        name, f"{name} are squared.", lambda x: [Call(x)], judge, first, examples, 20, points, earns=earns, hidden=True
    )


DRAWN = st.tuples(hundredths(-9, 9))
LAW = law("never negative", "A square is at least 0.", positive, first=[(1.0,)], points=1.0)
SMALL = value_check("small numbers", 3.0, first=((1.0,), (2.0,)))
LARGE = value_check("large numbers", 1.0, first=((1000.0,), (2000.0,)))
SQUARE = Exercise(
    name="square",
    points=5.0,
    parameters=("x",),
    form=answer_form.one("y", answer_form.broadcast),
    checks=(LAW, SMALL, LARGE),
    read="“Squares”",
)


def verdict(
    function: Callable[..., Any],
    exercise: Exercise = SQUARE,
    *,
    recognise: Recogniser | None = None,
    tries: int = 60,
    seed: int = SEED,
) -> Verdict:
    """The verdict on a function of this process."""
    subject = LocalSubject({exercise.name: function})
    return run(exercise, subject, bank(exercise.checks, seed), recognise=recognise, seed=seed, tries=tries)


def naming(name: str, share: float) -> Recogniser:
    """What calls every failure by one name."""
    named = NamedMistake(name, "It says so.", share)
    return lambda seen, failed: named


def by_check(found: Verdict) -> dict[str, Finding]:
    """The findings by the names of their checks."""
    return {finding.check: finding for finding in found.findings}


def points_of(found: Verdict) -> list[float]:
    """The points of all findings in order."""
    return [finding.points for finding in found.findings]


def test_right_function_has_all_points() -> None:
    """A right function holds everywhere, has all points, and is told nothing about failures."""
    found = verdict(lambda x: x * x)
    assert found.passed
    assert points_of(found) == [0.0, 1.0, 3.0, 1.0]
    assert (found.points, found.max_points) == (5.0, 5.0)
    assert all(message(finding) == "" for finding in found.findings)


def test_findings_come_in_the_order_of_the_checks() -> None:
    """The form comes first, then the checks as the exercise has them, whatever failed."""
    for function in (lambda x: x * x, lambda x: x, lambda x: None, lambda x: [x, x]):
        names = [finding.check for finding in verdict(function).findings]
        assert names == ["form", "never negative", "small numbers", "large numbers"]


def test_laws_alone_are_worth_nothing() -> None:
    """A law that holds has points only in the proportion in which values were right: none for a constant."""
    found = verdict(lambda x: 0.0)
    assert by_check(found)["never negative"].passed
    assert found.points == 0.0
    assert found.max_points == 5.0


def test_laws_count_in_proportion() -> None:
    """With three quarters of the value points earned, a law that holds has three quarters of its points, and says so."""
    found = verdict(lambda x: x * x if x < 10 else 0.0)
    assert points_of(found) == [0.0, 0.75, 3.0, 0.0]
    assert message(by_check(found)["never negative"]) == "Holds; its points count as far as the values are right."


def test_a_broken_law_costs_its_own_points_alone() -> None:
    """Where all values are right but a law is broken, only the law's points are lost."""
    strict = law("never small", "Nothing is below 2.", lambda _, y: None if y >= 2 else Fault("2", y), first=[(1.0,)])
    exercise = Exercise("square", 4.0, ("x",), SQUARE.form, (SMALL, Check(**{**vars(strict), "points": 1.0})), "“S”")
    assert points_of(verdict(lambda x: x * x, exercise)) == [0.0, 3.0, 0.0]


def test_a_recognised_slip_keeps_its_share() -> None:
    """A recognised slip keeps its share of every failed value check, and laws count in the resulting proportion."""
    found = verdict(lambda x: 2 * x * x, recognise=naming("twice", 0.3))
    assert points_of(found) == [0.0, 0.3, 0.9, 0.3]
    assert {finding.mistake for finding in found.findings if not finding.passed} == {"twice"}


def test_a_law_broken_by_a_slip_gives_no_share() -> None:
    """The share of a slip is a share of values: a law broken by it gives nothing."""
    found = verdict(lambda x: -x * x, recognise=naming("sign", 0.3))
    assert points_of(found) == [0.0, 0.0, 0.9, 0.3]


def test_an_unnamed_mistake_has_no_share() -> None:
    """What is not recognised loses the failed check whole, and carries no name."""
    found = verdict(lambda x: 2 * x * x, recognise=lambda seen, failed: None)
    assert points_of(found) == [0.0, 0.0, 0.0, 0.0]
    assert all(finding.mistake is None for finding in found.findings)


def test_nobody_is_asked_for_a_name_when_all_holds() -> None:
    """The recogniser is not called for a right function."""

    def never(seen: Any, failed: Any) -> NamedMistake | None:
        raise AssertionError("was asked")

    assert verdict(lambda x: x * x, recognise=never).passed


def test_the_recogniser_learns_which_answers_failed() -> None:
    """The recogniser gets all answers, and the places of those of each failed check that earns."""
    told: list[Any] = []

    def remember(seen: Any, failed: Any) -> None:
        told.append(([one.call.args[0] for one in seen], list(failed)))

    verdict(lambda x: x * x if x < 10 else -1.0, recognise=remember)
    verdict(lambda x: -x * x, recognise=remember)
    asked = [1.0, 1.0, 2.0, 1000.0, 2000.0]
    assert told == [(asked, [slice(3, 5)]), (asked, [slice(1, 3), slice(3, 5)])]


def square(x: Any) -> Any:
    """Stand for an answer that is not written."""
    return todo()


@pytest.mark.parametrize(
    ("namespace", "note", "is_unwritten"),
    [
        ({"square": square}, "`square` is not written yet.", True),
        (
            {},
            "There is no `square` at the check cell: write it in the answer cell above, and run that cell.",
            True,
        ),
        ({"square": 3.0}, "`square` must be a function, called as square(x), but is of type float.", False),
        (
            {"square": lambda x: None},
            "`y` must be real numbers, but nothing came back (None): is there a `return`?",
            False,
        ),
    ],
    ids=["todo", "undefined", "uncallable", "None"],
)
def test_absent_answers_are_told_once(namespace: dict[str, Any], note: str, is_unwritten: bool) -> None:
    """Of a function that is not there, one sentence says so; nothing is earned, and no check is shown as looked at."""
    found = run(SQUARE, LocalSubject(namespace), bank(SQUARE.checks, SEED))
    assert found.findings[0].note == note
    assert found.unwritten is is_unwritten
    assert found.points == 0
    assert found.max_points == 5
    assert not any(finding.passed for finding in found.findings)
    assert {finding.note for finding in found.findings[1:]} == {"Not asked: there is no answer yet."}


def test_none_sometimes_is_no_absent_answer() -> None:
    """A function that returns None on some inputs only is checked, and keeps what it earned on the others."""
    found = verdict(lambda x: x * x if x < 10 else None)
    assert by_check(found)["small numbers"].passed
    large = by_check(found)["large numbers"]
    assert large.note == "`y` must be real numbers, but nothing came back (None): is there a `return`?"
    assert large.example == "square(x=1000)"


def raising(x: Any) -> Any:
    """Fail below another function of the student's own."""
    return helper(x)


def helper(x: Any) -> Any:
    """Fail."""
    return x / np.ones(2)[2]


def test_raising_is_told_with_the_students_frames() -> None:
    """What raised is told with its type, its message, and the lines of the student's functions, outermost first."""
    found = verdict(raising)
    note = found.findings[0].note
    assert note.startswith("It raised IndexError: index 2 is out of bounds for axis 0 with size 2\n")
    frames = note.splitlines()[1:]
    assert [re.sub(r"line \d+", "line N", frame) for frame in frames] == [
        "line N, in raising: return helper(x)",
        "line N, in helper: return x / np.ones(2)[2]",
    ]
    assert found.findings[0].example == "square(x=1)"
    assert found.points == 0


def test_no_message_holds_a_path() -> None:
    """Nothing that is said about a raising function names a file or a folder of this machine."""
    for finding in verdict(raising).findings:
        assert "/" not in message(finding).replace("x / np.ones", "")
        assert ".py" not in message(finding)


@dataclass
class Scripted:
    """A subject whose answers are written down, and that remembers what it was asked."""

    answer: Callable[[int, Call], Answer]
    asked: list[list[Call]] = field(default_factory=list)

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Answer by the script; it counts calls over all questions."""
        start = sum(map(len, self.asked))
        self.asked.append(list(calls))
        return [self.answer(start + place, call) for place, call in enumerate(calls)]

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Know no variables."""
        return [Answer("undefined", detail=name) for name in names]


def test_everything_is_asked_in_one_batch() -> None:
    """A right function is asked once, about every example of every check."""
    subject = Scripted(lambda place, call: Answer("returned", call.args[0] ** 2))
    assert run(SQUARE, subject, bank(SQUARE.checks, SEED)).passed
    assert [len(calls) for calls in subject.asked] == [5]


@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        ("timeout", "It did not come back within the time allowed."),
        ("died", "The process it ran in ended before it came back."),
        ("unreadable", "What came back is no number, array or plain collection of them: a module."),
    ],
)
def test_outcomes_without_a_value_are_told(outcome: Any, note: str) -> None:
    """A function that hangs, dies or returns no data fails the checks from there on, and keeps what it had."""

    def answer(place: int, call: Call) -> Answer:
        detail = "a module" if outcome == "unreadable" else ""
        return Answer("returned", call.args[0] ** 2) if place < 3 else Answer(outcome, detail=detail)

    found = run(SQUARE, Scripted(answer), bank(SQUARE.checks, SEED))
    assert by_check(found)["form"].note == note
    assert by_check(found)["large numbers"].note == note
    assert by_check(found)["small numbers"].passed
    assert points_of(found) == [0.0, 0.75, 3.0, 0.0]


def test_missing_answers_count_as_not_asked() -> None:
    """Answers that never came are no passes: the checks they belong to fail, and say that they were not asked."""

    class Short(Scripted):
        def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
            return super().ask(name, calls)[:4]

    subject = Short(lambda place, call: Answer("returned", call.args[0] ** 2))
    found = run(SQUARE, subject, bank(SQUARE.checks, SEED))
    assert by_check(found)["small numbers"].passed
    large = by_check(found)["large numbers"]
    assert large.note == "Not asked any more, because of what happened before."
    assert large.points == 0


def test_no_answers_at_all_are_no_pass() -> None:
    """A subject that answers nothing earns nothing."""

    class Silent(Scripted):
        def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
            return []

    found = run(SQUARE, Silent(lambda place, call: Answer("skipped")), bank(SQUARE.checks, SEED))
    assert found.points == 0
    assert not any(finding.passed for finding in found.findings)


DRAWING = Exercise("square", 4.0, ("x",), SQUARE.form, (value_check("any", 4.0, examples=DRAWN),), "“S”")


def test_a_hand_picked_example_is_shown_as_it_is() -> None:
    """Where a hand-picked example breaks a check, the first such example is shown, and nothing more is asked."""
    subject = Scripted(lambda place, call: Answer("returned", 7.0))
    check = value_check("any", 4.0, first=((5.0,), (4.0,)), examples=DRAWN)
    exercise = Exercise("square", 4.0, ("x",), SQUARE.form, (check,), "“S”")
    found = run(exercise, subject, bank(exercise.checks, SEED), seed=SEED)
    assert found.findings[1].example == "square(x=5)"
    assert (found.findings[1].returned, found.findings[1].expected) == ("7", "25")
    assert len(subject.asked) == 1


def test_a_drawn_example_is_made_small() -> None:
    """Where only drawn examples break a check, a smaller input is looked for: 3 for a function wrong from 3 on."""
    found = verdict(lambda x: x * x if x < 3 else 0.0, DRAWING)
    assert found.findings[1].example == "square(x=3)"
    assert (found.findings[1].returned, found.findings[1].expected) == ("0", "9")


def test_a_raising_function_is_shown_a_small_input() -> None:
    """A function that raises on drawn inputs is told a small one too, with what it raised."""

    def fails(x: Any) -> Any:
        return x * x if x < 3 else helper(x)

    found = verdict(fails, DRAWING)
    assert found.findings[1].example == "square(x=3)"
    assert found.findings[1].note.startswith("It raised IndexError")
    assert found.findings[1].returned == ""


def test_gaussian_kl_wrong_far_out_is_shown_a_short_input() -> None:
    """A KL that is wrong for |mu| > 2 alone is shown with one mean just beyond 2 and one sigma, not with an array of many."""

    def kl(mu: Any, sigma: Any) -> Any:
        return np.where(np.abs(mu) > 2, 0.0, 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma))

    one = examination("03_gaussian_kl", "gaussian_kl", SEED)
    found = run(one.exercise, LocalSubject({"gaussian_kl": kl}), one.bank, seed=SEED)
    failed = next(finding for finding in found.findings if finding.check == "ordinary inputs")
    assert not failed.passed
    told = re.fullmatch(r"gaussian_kl\(mu=\[\[(-?[\d.]+)\]\], sigma=\[\[([\d.]+)\]\]\)", failed.example)
    assert told, failed.example
    assert 2 < abs(float(told[1])) <= 2.1


@pytest.mark.parametrize("tries", [0, 1, 7, 60])
def test_the_search_keeps_to_its_budget(tries: int) -> None:
    """Looking for a smaller input asks at most the budget's number of examples, and once more to tell the last."""
    subject = Scripted(lambda place, call: Answer("returned", call.args[0] ** 2 + 1))
    run(DRAWING, subject, bank(DRAWING.checks, SEED), seed=SEED, tries=tries)
    further = subject.asked[1:]
    assert len(further) <= (tries + 1 if tries else 0)
    assert all(len(calls) == 1 for calls in further)
    assert bool(further) == bool(tries)


def test_only_the_first_failure_is_made_small() -> None:
    """The budget goes to the first check that fails; later ones show the bank's example."""
    first, later = value_check("first", 1.0, examples=DRAWN), value_check("later", 1.0, examples=DRAWN)
    exercise = Exercise("square", 2.0, ("x",), SQUARE.form, (first, later), "“S”")
    drawn = bank(exercise.checks, SEED)
    subject = Scripted(lambda place, call: Answer("returned", 100.0))
    found = run(exercise, subject, drawn, seed=SEED)
    assert found.findings[1].example == "square(x=0)"
    assert found.findings[2].example == f"square(x={drawn['later'][0][0]:.6g})"


@pytest.mark.parametrize("outcome", ["timeout", "died", "skipped"])
def test_who_hangs_or_dies_is_not_asked_again(outcome: Any) -> None:
    """After a timeout or a death no smaller input is looked for: each try would cost as much again."""
    subject = Scripted(lambda place, call: Answer(outcome))
    assert not run(DRAWING, subject, bank(DRAWING.checks, SEED), seed=SEED).passed
    assert len(subject.asked) == 1


def test_dying_during_the_search_leaves_the_known_example() -> None:
    """A function that dies while a smaller input is looked for keeps the example and the points it had."""
    drawn = bank(DRAWING.checks, SEED)
    count = len(drawn["any"])
    subject = Scripted(lambda place, call: Answer("returned", 1e6) if place < count else Answer("died"))
    found = run(DRAWING, subject, drawn, seed=SEED)
    assert found.findings[1].example == f"square(x={drawn['any'][0][0]:.6g})"
    assert found.findings[1].returned == "1e+06"


def test_answers_at_random_are_explained_without_falling_over() -> None:
    """A function whose answers cannot be repeated fails, and the search for a smaller input does not stumble over it."""
    draws = np.random.default_rng(11)
    for _ in range(20):
        found = verdict(lambda x: x * x + (draws.random() < 0.5), DRAWING)
        assert found.points in (0.0, 4.0)
        assert "ypothesis" not in message(found.findings[1])


def test_one_verdict_for_one_seed() -> None:
    """The same function under the same seed gets the same verdict, smaller input included."""
    verdicts = {repr(verdict(lambda x: x * x if x < 2.5 else x, DRAWING)) for _ in range(3)}
    assert len(verdicts) == 1


@dataclass(frozen=True)
class TwoNumbers:
    """The form of two variables: both real numbers."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return the numbers by name."""
        for name in call.args:
            if not isinstance(value[name], (int, float)):
                return None, f"`{name}` must be a number."
        return {name: float(value[name]) for name in call.args}, ""


def _is(name: str, right: float) -> Check:
    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        value = answers[0].value[name]
        return None if abs(value - right) < 0.01 else Fault(right, value)

    return Check(
        f"{name} is right", f"`{name}` is right.", lambda e: [Call(e)], judge, ((name,),), points=1, earns=True
    )


VARIABLES = Exercise(
    name="worked",
    points=2.0,
    parameters=(),
    form=TwoNumbers(),
    checks=(_is("shift", 1.5), _is("spread", 0.25)),
    read="“By hand”",
    variables=("shift", "spread"),
)


def read(namespace: dict[str, Any]) -> Verdict:
    """The verdict on variables."""
    return run(VARIABLES, LocalSubject(namespace), bank(VARIABLES.checks, SEED))


def test_variables_are_read_and_judged() -> None:
    """An exercise of variables gives points for each right one."""
    assert points_of(read({"shift": 1.5, "spread": 0.25})) == [0.0, 1.0, 1.0]
    found = read({"shift": 1.5, "spread": 0.5})
    assert points_of(found) == [0.0, 1.0, 0.0]
    failed = found.findings[2]
    assert (failed.example, failed.returned, failed.expected) == ("", "0.5", "0.25")


def test_unset_variables_are_not_written_yet() -> None:
    """While none of the variables is set, the exercise counts as not written."""
    found = read({})
    assert found.unwritten
    assert found.points == 0
    assert found.findings[0].must == "`shift`, `spread` are set, in the required form."


def test_one_missing_variable_costs_its_own_check_alone() -> None:
    """A variable that is missing is named, and the others are judged all the same."""
    found = read({"shift": 1.5})
    assert not found.unwritten
    assert points_of(found) == [0.0, 1.0, 0.0]
    assert found.findings[2].note.startswith("There is no `spread` at the check cell")


def test_a_variable_of_the_wrong_kind_is_told_by_its_form() -> None:
    """A variable in the wrong form is told so."""
    assert read({"shift": "1.5", "spread": 0.25}).findings[1].note == "`shift` must be a number."


def test_unread_variables_count_as_not_asked() -> None:
    """When a sandbox ends before all variables were read, the rest count as not asked, never as right."""

    class Short:
        def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
            return []

        def read(self, names: Sequence[str]) -> list[Answer]:
            return [Answer("returned", 1.5)]

    found = run(VARIABLES, Short(), bank(VARIABLES.checks, SEED))
    assert points_of(found) == [0.0, 1.0, 0.0]
    assert found.findings[2].note == "Not asked any more, because of what happened before."


def test_who_builds_on_an_unwritten_function_is_told_which() -> None:
    """A written function that calls an unwritten one is told the name of that one, not that itself is missing."""

    def multiply(x: Any) -> Any:
        return todo()

    found = verdict(lambda x: multiply(x))
    assert "`square` is not written yet" not in found.findings[0].note
    assert "multiply" in found.findings[0].note
    assert found.points == 0


def test_a_search_for_smaller_inputs_leaves_nothing_behind() -> None:
    """What a failing submission is asked while a smaller input is sought changes no plan: verdicts depend on no order."""
    from autograder import problems
    from autograder.checks.asking import plan_of
    from autograder.checks.judges import one_call

    one = problems.examination("05_latent_space", "nearest_code", 77)
    for turn in range(5000):
        one_call((np.array([[float(turn)]]), np.array([[0.0]])))
    asked = plan_of(one.exercise, one.bank)
    other = plan_of(one.exercise, dict(one.bank))
    assert other is not asked
    assert asked.order == other.order
    assert len(asked.calls) < len(asked.order)


@pytest.mark.parametrize(
    "thing",
    [
        np.zeros((4,) * 9, dtype=bool),
        [[[[[[0.5] * 12] * 12] * 12] * 12] * 12] * 12,
        {"a": [[[[["x" * 50] * 12] * 12] * 12] * 12] * 12},
    ],
)
def test_printing_is_short_work(thing: Any) -> None:
    """However many numbers an answer holds, only as many are printed as are shown."""
    with mock.patch.object(formatting, "_scalar", wraps=formatting._scalar) as printed:
        assert len(formatting.value(thing)) <= 400
    assert printed.call_count < 500


def test_each_finding_has_its_status() -> None:
    """Held, broken, not asked and not written: each finding says which, whatever its sentence is."""

    def statuses(found: Verdict) -> list[str]:
        return [finding.status for finding in found.findings]

    assert statuses(verdict(lambda x: x * x)) == ["holds"] * 4
    assert statuses(verdict(lambda x: x)) == ["holds", "holds", "breaks", "breaks"]
    assert statuses(verdict(lambda x: todo())) == ["unwritten", "unasked", "unasked", "unasked"]
    nothing = run(SQUARE, LocalSubject({}), bank(SQUARE.checks, SEED))
    assert statuses(nothing) == ["unwritten", "unasked", "unasked", "unasked"]
    constant = run(SQUARE, LocalSubject({"square": 4}), bank(SQUARE.checks, SEED))
    assert statuses(constant) == ["breaks", "unasked", "unasked", "unasked"]
    assert statuses(read({"spread": 0.25})) == ["breaks", "unwritten", "holds"]


def test_what_is_missing_is_a_field() -> None:
    """Who is not written yet is named in a field: the function itself, one that it uses, or nobody where it is not there."""

    def square(x: Any) -> Any:
        todo()

    def missing(namespace: dict[str, Any]) -> str:
        return run(SQUARE, LocalSubject(namespace), bank(SQUARE.checks, SEED)).findings[0].missing

    def other(x: Any) -> Any:
        todo()

    def unfinished(x: Any) -> Any:
        raise NotImplementedError("helper is not written yet")

    assert missing({"square": square}) == "square"
    assert missing({"square": unfinished}) == "square", "the sentence of an error is nobody's name"
    assert missing({"square": lambda x: other(x)}) == "other"
    assert missing({}) == ""
