from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checks import answer_form
from autograder.checks.asking import FormedAnswer, ask_and_check_form
from autograder.checks.diagnosis import NamedMistake, Recogniser, known_answers, recogniser, recogniser_by_checks
from autograder.checks.examine import run
from autograder.checks.examples import bank
from autograder.checks.exercise import Answer, Call, Check, Exercise, Mistake
from autograder.checks.judges import conduct, equals, one_call
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict

SEED = 1


def right(x: Any) -> Any:
    """The row sums of squares."""
    return np.sum(x * x, axis=1)


def value_check(name: str, *first: Any) -> Check:
    """A check of values that earns."""
    return Check(name, f"{name} are right.", one_call, equals(right), first, points=1.0, earns=True)


ORDINARY = np.array([[1.0, -2.0], [0.5, 3.0]])
LARGE = np.array([[10.0, 20.0], [-30.0, 40.0]])
EXERCISE = Exercise(
    name="sums",
    points=2.5,
    parameters=("x",),
    form=answer_form.one("sums", lambda x: [(len(x),)]),
    checks=(value_check("ordinary", (ORDINARY,)), value_check("large", (LARGE,)), conduct(0.5, first=[(ORDINARY,)])),
    read="“Sums”",
)


def doubled(x: Any) -> Any:
    """Twice as much."""
    return 2 * right(x)


def without_square(x: Any) -> Any:
    """The sums of the numbers themselves."""
    return np.sum(np.abs(x), axis=1)


def wrong_axis(x: Any) -> Any:
    """The column sums: of the right shape for square x only."""
    return np.sum(x * x, axis=0)


def one_sum(x: Any) -> Any:
    """One number: of the wrong shape always."""
    return np.sum(x * x)


def in_place(x: Any) -> Any:
    """Right, but the argument is changed."""
    x *= x
    return np.sum(x, axis=1)


def too_narrow(x: Any) -> Any:
    """Raise for every input."""
    return x[:, 2]


def broken_at_large(x: Any) -> Any:
    """Doubled for large numbers only."""
    return doubled(x) if np.abs(x).max() > 5 else right(x)


KNOWN = {
    "doubled": doubled,
    "without the square": without_square,
    "wrong axis": wrong_axis,
    "one sum": one_sum,
    "in place": in_place,
    "too narrow": too_narrow,
}


def known_to(functions: dict[str, Callable[..., Any]]) -> Recogniser:
    """A recogniser of these mistakes."""
    listed = [Mistake("sums", name, f"That is {name}.", function) for name, function in functions.items()]

    def behaviours(calls: Sequence[Call]) -> list[Any]:
        return [
            known_answers(one, ask_and_check_form(EXERCISE, LocalSubject({"sums": one.function}), calls))
            for one in listed
        ]

    by_all, by_checks = recogniser(EXERCISE, behaviours), recogniser_by_checks(EXERCISE, behaviours)
    return lambda seen, failed: by_all(seen, failed) or by_checks(seen, failed)


def verdict(function: Callable[..., Any], known: dict[str, Callable[..., Any]] = KNOWN) -> Verdict:
    """The verdict on a function where these mistakes are known."""
    examples = bank(EXERCISE.checks, SEED)
    return run(EXERCISE, LocalSubject({"sums": function}), examples, recognise=known_to(known), seed=SEED)


def names(found: Verdict) -> set[str | None]:
    """Which mistakes the failed findings name."""
    return {finding.mistake for finding in found.findings if not finding.passed}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_mistake_is_named_in_every_failed_finding(name: str) -> None:
    """A mistake that answers everything as the catalogued one does is named, with its sentence, wherever it fails."""
    found = verdict(KNOWN[name])
    assert names(found) == {name}
    assert {finding.says for finding in found.findings if not finding.passed} == {f"That is {name}."}
    assert all(finding.mistake is None for finding in found.findings if finding.passed)


def test_another_way_to_the_same_mistake_is_named() -> None:
    """Not the code but its answers are compared: another program with the same mistake gets the same name."""
    assert names(verdict(lambda x: [2.0 * sum(v * v for v in row) for row in x])) == {"doubled"}
    assert names(verdict(lambda x: np.float32(2) * right(x).astype(np.float32))) == {"doubled"}


def test_a_right_function_is_not_named() -> None:
    """A function that holds everywhere gets no name."""
    found = verdict(right)
    assert found.passed
    assert all(finding.mistake is None for finding in found.findings)


def test_a_mistake_in_one_regime_is_named_by_that_check() -> None:
    """Where only one failed check's answers are those of one known mistake, that mistake is named."""
    assert names(verdict(broken_at_large)) == {"doubled"}


THREE = replace(EXERCISE, checks=(*EXERCISE.checks, value_check("small", (0.1 * ORDINARY,))))
SHARED = NamedMistake("doubled", "That is doubled.", 0.5)


def recognised(exercise: Exercise, function: Callable[..., Any]) -> NamedMistake | None:
    """What is named of a function where doubling is known and gives half of the points."""
    heard: list[NamedMistake | None] = [None]

    def behaviours(calls: Sequence[Call]) -> list[Any]:
        known = Mistake("sums", SHARED.name, SHARED.says, doubled, SHARED.share)
        return [known_answers(known, ask_and_check_form(exercise, LocalSubject({"sums": doubled}), calls))]

    by_all, by_checks = recogniser(exercise, behaviours), recogniser_by_checks(exercise, behaviours)

    def hear(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        heard.append(by_all(seen, failed) or by_checks(seen, failed))
        return heard[-1]

    run(exercise, LocalSubject({"sums": function}), bank(exercise.checks, SEED), recognise=hear, seed=SEED)
    return heard[-1]


def test_one_check_of_several_that_fail_is_no_evidence() -> None:
    """A name needs two of the failed checks, and gives no points where others fail in another way."""

    def otherwise(size: float) -> Callable[..., Any]:
        return lambda x: doubled(x) if np.abs(x).max() > size else right(x) + 1

    assert recognised(THREE, doubled) == SHARED
    assert recognised(THREE, otherwise(5)) is None
    assert recognised(THREE, otherwise(1)) == replace(SHARED, share=0.0)


def test_answers_that_are_one_of_many_right_ones_are_not_compared_check_by_check() -> None:
    """Where an exercise has many right answers, answers to some checks alone name nothing."""
    assert recognised(replace(THREE, many=True), lambda x: doubled(x) if np.abs(x).max() > 1 else right(x) + 1) is None


def test_one_check_names_nothing_when_two_mistakes_fit() -> None:
    """Where the answers to one failed check fit two known mistakes, neither is named."""

    def doubled_here_only(x: Any) -> Any:
        return doubled(x) if np.abs(x).max() > 5 else right(x) + 1

    two = {"doubled": doubled, "doubled for large ones": doubled_here_only}
    assert names(verdict(broken_at_large, two)) == {None}
    assert names(verdict(doubled_here_only, two)) == {"doubled for large ones"}


def test_two_mistakes_at_once_are_not_recognised() -> None:
    """Two known mistakes in one function are called by neither's name."""
    assert names(verdict(lambda x: 2 * without_square(x))) == {None}
    assert names(verdict(lambda x: 2 * wrong_axis(x))) == {None}


def test_in_place_and_wrong_is_not_recognised() -> None:
    """A wrong function that also changes its argument is neither the one mistake nor the other."""

    def both(x: Any) -> Any:
        x *= x
        return 2 * np.sum(x, axis=1)

    found = verdict(both)
    assert names(found) == {None}
    assert found.points == 0


def test_raising_is_named_by_its_kind() -> None:
    """A mistake that raises is named where the same calls raise the same error, whatever the message says."""

    def other_message(x: Any) -> Any:
        raise IndexError("somewhere else")

    def other_error(x: Any) -> Any:
        raise ValueError("something else")

    assert names(verdict(other_message)) == {"too narrow"}
    assert names(verdict(other_error)) == {None}


def test_an_error_of_a_common_kind_is_known_by_what_it_says() -> None:
    """Where a mistake always raises a TypeError or the like, the message counts, but for its names and numbers."""
    known = {"no method": lambda x: x.summed(axis=1), "called": lambda x: x(1)}
    assert names(verdict(lambda x: x.adds(), known)) == {"no method"}
    assert names(verdict(lambda x: (x * x)(2, 3), known)) == {"called"}
    assert names(verdict(lambda x: np.summed(x), known)) == {None}
    assert names(verdict(lambda x: x + None, known)) == {None}


def test_malformed_answers_are_named_by_their_numbers() -> None:
    """A mistake whose answers have the wrong shape is named by what they hold; other numbers of that shape are not."""
    found = verdict(lambda x: float(np.sum(x * x)))
    assert names(found) == {"one sum"}
    assert found.points == 0
    assert names(verdict(lambda x: 1 + np.sum(x * x))) == {None}
    assert names(verdict(lambda x: [np.sum(x * x)] * 3)) == {None}


def test_malformed_answers_of_any_kind_are_compared_without_falling_over() -> None:
    """Known answers and given ones may be text, sets, dicts or nested lists: equal ones are named, others are not."""
    odd: dict[str, Callable[..., Any]] = {
        "text": lambda x: "sums",
        "a set": lambda x: {1.0, 2.0},
        "a dict of arrays": lambda x: {"sums": np.ones(2), "n": 2},
        "ragged": lambda x: [[1.0], [1.0, 2.0]],
        "complex": lambda x: right(x) + 1j,
    }
    for name, function in odd.items():
        assert names(verdict(function, odd)) == {name}
    for other in (lambda x: "other", lambda x: {1.0}, lambda x: {"sums": np.zeros(2)}, lambda x: [[1.0], [2.0, 2.0]]):
        assert names(verdict(other, odd)) == {None}


def test_the_share_of_a_slip_reaches_the_points() -> None:
    """A catalogued slip keeps its share of the value points."""
    slip = Mistake("sums", "doubled", "Twice.", doubled, share=0.2)

    def behaviours(calls: Sequence[Call]) -> list[Any]:
        return [known_answers(slip, ask_and_check_form(EXERCISE, LocalSubject({"sums": doubled}), calls))]

    examples = bank(EXERCISE.checks, SEED)
    subject = LocalSubject({"sums": doubled})
    found = run(EXERCISE, subject, examples, recognise=recogniser(EXERCISE, behaviours))
    assert [finding.points for finding in found.findings] == [0.0, 0.2, 0.2, 0.1]


def test_a_teller_goes_by_the_answers_alone() -> None:
    """A mistake that tells itself is named when it says so; it is asked about answers in good form, if most of them are."""
    asked: list[int] = []

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        asked.append(len(answers))
        return all(np.all(answer.value < 0) for answer in answers)

    negative = Mistake("sums", "negative", "It is negative.", doubled, tell=tell)
    examples = bank(EXERCISE.checks, SEED)

    def named(function: Callable[..., Any]) -> set[str | None]:
        recognise = recogniser(EXERCISE, lambda calls: [known_answers(negative, [])])
        return names(run(EXERCISE, LocalSubject({"sums": function}), examples, recognise=recognise))

    assert named(lambda x: -right(x)) == {"negative"}
    assert named(lambda x: 1 + right(x)) == {None}
    assert asked == [4, 4]
    assert named(lambda x: "text") == {None}
    assert named(lambda x: -right(x) if np.all(x == LARGE) else "text") == {None}
    assert asked == [4, 4]
    assert named(lambda x: "text" if np.all(x == LARGE) else -right(x)) == {"negative"}
    assert asked == [4, 4, 3]


def test_a_teller_that_stumbles_names_nothing() -> None:
    """Whatever a teller raises over answers that it did not expect, there is a verdict, without a name."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        raise KeyError("follows")

    stumbling = Mistake("sums", "stumbling", "It stumbles.", doubled, tell=tell)
    recognise = recogniser(EXERCISE, lambda calls: [known_answers(stumbling, [])])
    found = run(EXERCISE, LocalSubject({"sums": doubled}), bank(EXERCISE.checks, SEED), recognise=recognise)
    assert names(found) == {None}
    assert found.points == 0.0


def test_an_exercise_may_say_what_counts_as_alike() -> None:
    """Where an exercise has a sharper measure of likeness, a nearly equal mistake is not named."""
    sharp = Exercise(**{**vars(EXERCISE), "alike": lambda call, one, other: bool(np.all(one == other))})
    known = Mistake("sums", "doubled", "Twice.", doubled)

    def named(function: Callable[..., Any], exercise: Exercise) -> set[str | None]:
        def behaviours(calls: Sequence[Call]) -> list[Any]:
            return [known_answers(known, ask_and_check_form(exercise, LocalSubject({"sums": doubled}), calls))]

        subject = LocalSubject({"sums": function})
        recognise = recogniser(exercise, behaviours)
        return names(run(exercise, subject, bank(exercise.checks, SEED), recognise=recognise))

    def nearly(x: Any) -> Any:
        return doubled(x) * (1 + 1e-7)

    assert named(nearly, EXERCISE) == {"doubled"}
    assert named(nearly, sharp) == {None}
    assert named(doubled, sharp) == {"doubled"}
