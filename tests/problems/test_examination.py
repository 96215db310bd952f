"""What known mistakes answer: to the calls that are asked, whatever was asked before."""

from __future__ import annotations

import numpy as np

from autograder.checks.asking import plan_of
from autograder.checks.exercise import Call, Mistake
from autograder.problems import examination, mistakes
from autograder.problems.examination import AnswersOfKnown, answers_of

STEM, NAME = "03_gaussian_kl", "gaussian_kl"


def known() -> list[Mistake]:
    """A few known mistakes that are recognised by their answers."""
    return [one for one in mistakes(STEM, NAME) if one.tell is None][:3]


def test_known_mistakes_answer_what_is_asked() -> None:
    """Asked other calls, or the same in another order, known mistakes answer those, and not the first ones again."""
    one = examination(STEM, NAME, 5)
    exercise = one.exercise
    answering = AnswersOfKnown(exercise, known(), one.bank, lambda make: make())
    first, second = [Call((1.0, 2.0)), Call((0.5, 3.0))], [Call((2.0, 1.5))]
    for calls in (first, second, first[::-1], first, [*first, *second]):
        for mistake, answers in zip(known(), answering(calls), strict=True):
            right = answers_of(exercise, mistake.function, calls)
            assert [one.call for one in answers.answers] == calls
            assert np.allclose([one.value for one in answers.answers], [one.value for one in right])


def test_the_questions_of_a_bank_are_worked_out_once() -> None:
    """The same bank again, a class of submissions long, costs nothing."""
    one = examination(STEM, NAME, 5)
    answering = AnswersOfKnown(one.exercise, known(), one.bank, lambda make: make())
    plan = plan_of(one.exercise, one.bank)
    calls = [plan.calls[number] for number in plan.order]
    assert answering(calls) is answering(list(calls))
