"""The mark of behaviour that nobody has named."""

from __future__ import annotations

from collections.abc import Callable

from autograder.checks.asking import plan_of
from autograder.grading.behaviour import group_of
from autograder.problems import examination
from autograder.problems.examination import answers_of

STEM, NAME = "03_gaussian_kl", "kl_weight"


def _group(function: Callable[..., float], seed: int) -> str:
    one = examination(STEM, NAME, seed)
    plan = plan_of(one.exercise, one.bank)
    answered = answers_of(one.exercise, function, plan.calls)
    return group_of(one.exercise, one.bank, [answered[number] for number in plan.order])


def _odd(epoch: float, warmup: float = 10) -> float:
    return 0.37 + 0.011 * epoch


def _noisy(epoch: float, warmup: float = 10) -> float:
    return (0.37 + 0.011 * epoch) * (1 + 1e-13)


def _other(epoch: float, warmup: float = 10) -> float:
    return 0.37 + 0.012 * epoch


def _raises(epoch: float, warmup: float = 10) -> float:
    raise KeyError(epoch)


def test_one_mark_for_one_behaviour() -> None:
    """A seed, and the last digits of an answer, change no mark; another behaviour and an error have their own."""
    assert _group(_odd, 1) == _group(_odd, 2) == _group(_noisy, 1)
    assert len({_group(_odd, 1), _group(_other, 1), _group(_raises, 1)}) == 3
