"""What known mistakes answer: to the calls that are asked, whatever was asked before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.checks.asking import plan_of
from autograder.checks.examine import run
from autograder.checks.exercise import Call, Mistake
from autograder.checks.local_subject import LocalSubject
from autograder.problems import examination, examination_worth, load, mistakes
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
    """The same bank again, or some questions of it in another order, costs nothing: a class of submissions asks them."""
    one = examination(STEM, NAME, 5)
    made = []
    answering = AnswersOfKnown(one.exercise, known(), one.bank, lambda make: made.append(make()) or made[-1])
    plan = plan_of(one.exercise, one.bank)
    calls = [plan.calls[number] for number in plan.order]
    for asked in (calls, list(plan.calls), calls[::-3]):
        for mistake, answers in zip(known(), answering(asked), strict=True):
            assert [one.call for one in answers.answers] == asked
            right = answers_of(one.exercise, mistake.function, asked[:5])
            assert np.allclose(np.sum(answers.answers[0].value), np.sum(right[0].value))
            assert np.allclose(np.sum(answers.answers[:5][-1].value), np.sum(right[-1].value))
    assert len(made) == 1


@pytest.mark.parametrize("stem", [STEM, "06_linear_vae"])
def test_other_points_ask_the_same_questions(stem: str) -> None:
    """An exercise that an assignment gives other points is asked the very calls whose known answers are kept."""
    for exercise in load(stem).exercises:
        plain = examination(stem, exercise.name, 5)
        other = examination_worth(stem, exercise.name, 5, 2 * exercise.points)
        assert other.exercise.points == 2 * plain.exercise.points
        assert plan_of(other.exercise, other.bank) is plan_of(plain.exercise, plain.bank)


@pytest.mark.parametrize("points", [None, 7.5])
def test_a_mistake_has_its_name_whatever_its_exercise_is_worth(points: float | None) -> None:
    """Two slips together, which are in no list, are named for any points that an assignment gives the exercise."""
    one = examination_worth(STEM, "kl_from_log_var", 5, points)

    def wrong(mu: Any, log_var: Any) -> Any:
        sigma = np.exp(log_var)
        return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).mean(axis=1)

    subject = LocalSubject({"kl_from_log_var": wrong})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=5, tries=0)
    assert found.mistake == "log_var read as log sigma and the answer is divided by the number of columns"


def test_a_plan_outlives_many_others() -> None:
    """Hundreds of other plans later, a bank still asks the same calls: names are told by them."""
    one = examination(STEM, NAME, 5)
    plan = plan_of(one.exercise, one.bank)
    for _ in range(600):
        plan_of(replace(one.exercise), dict(one.bank))
    assert plan_of(one.exercise, one.bank) is plan
