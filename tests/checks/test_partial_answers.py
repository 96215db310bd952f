"""Right answers to most questions, and none to some: every exercise has a verdict, whichever questions those are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder import problems
from autograder.checks import registry
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject

ASKED = [
    (problem.stem, exercise.name)
    for problem in registry.modules().values()
    for exercise in problem.exercises
    if not exercise.variables
]


def silent_at(right: Callable[..., Any], which: Callable[[int], bool]) -> Callable[..., Any]:
    """The function, which raises at those calls whose number is chosen."""
    count = 0

    def answer(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if which(count):
            raise MemoryError("too much for me")
        return right(*args, **kwargs)

    return answer


@pytest.mark.parametrize(("stem", "name"), ASKED)
def test_who_answers_only_some_questions_has_a_verdict(stem: str, name: str) -> None:
    """Whether the first, the last, every second or third answer is missing: no fault of ours, and no full points for few answers."""
    one = problems.examination(stem, name, 3)
    mistaken = problems.mistakes(stem, name)[0].function
    for function in (problems.variants(stem, name)[0], mistaken):
        for which in (
            lambda n: n == 1,
            lambda n: n > 3,
            lambda n: n % 2 == 0,
            lambda n: n % 3 == 0,
            lambda n: n % 5 == 4,
        ):
            subject = LocalSubject({name: silent_at(function, which)})
            found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=one.seed, tries=0)
            assert not found.passed
            assert found.points < found.max_points or (function is not mistaken and which(1))
