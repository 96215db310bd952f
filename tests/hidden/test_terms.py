"""Wrong sums are explained by their terms: what is said is what was done, and nothing is said where that is not certain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from autograder import problems
from autograder.checks.asking import FormedAnswer, plan_of
from autograder.checks.examine import run
from autograder.checks.exercise import Answer, Call
from autograder.checks.local_subject import LocalSubject
from autograder.hidden.mistakes.terms import Sum
from autograder.problems.registry import sums

SUMS = {
    name: stem
    for stem in ("03_gaussian_kl", "04_reparameterisation", "06_linear_vae")
    for name in (exercise.name for exercise in problems.public(stem).exercises)
    if sums(stem, name)
}
EACH = [
    pytest.param(name, one, id=f"{name} {place}") for name in SUMS for place, one in enumerate(sums(SUMS[name], name))
]
Function = Callable[..., Any]


@cache
def calls_of(name: str) -> tuple[Call, ...]:
    """What the grader asks."""
    one = problems.examination(SUMS[name], name, 1)
    return plan_of(one.exercise, one.bank).calls


def answered(name: str, function: Function) -> list[FormedAnswer]:
    """The answers of a function to all that the grader asks."""
    with np.errstate(all="ignore"):
        values = [np.asarray(function(*call.args, **call.kwargs), float) for call in calls_of(name)]
    return [
        FormedAnswer(call, Answer("returned", value), value, "")
        for call, value in zip(calls_of(name), values, strict=True)
    ]


def total(one: Sum, counts: Any) -> Function:
    """A function that counts each term so often."""

    def function(*args: Any, **kwargs: Any) -> Any:
        return sum(
            count * np.asarray(term.value(*args, **kwargs)) for term, count in zip(one.terms, counts, strict=True)
        )

    return function


@pytest.mark.parametrize(("name", "one"), EACH)
def test_one_term_that_counts_otherwise_is_named(name: str, one: Sum) -> None:
    """Whichever term counts twice, half, with the wrong sign or not at all: that is what is said, in one sentence about it."""
    ways = {2.0: "counts twice", 0.5: "counts half", -1.0: "has the wrong sign", 0.0: "is missing"}
    for place, term in enumerate(one.terms):
        for count, words in ways.items():
            counts = np.ones(len(one.terms))
            counts[place] = count
            named = one.recognise(answered(name, total(one, counts)))
            assert named is not None, (term.name, count)
            assert (named.name, named.share) == (f"{term.name} {words}", 0.0)


@pytest.mark.parametrize(("name", "one"), EACH)
# Whichever test is first in its process draws the examples within this one.
@settings(max_examples=12, suppress_health_check=[HealthCheck.nested_given])
@given(data=st.data())
def test_two_terms_are_named_as_two(name: str, one: Sum, data: st.DataObject) -> None:
    """Two terms that count otherwise are both named, each with how often it counts, whatever else could be fitted."""
    first, second = sorted(data.draw(st.permutations(range(len(one.terms))))[:2])
    ways = {3.0: "counts 3 times", 0.5: "counts half", -1.0: "has the wrong sign", 2.0: "counts twice"}
    a, b = data.draw(st.sampled_from([(a, b) for a in ways for b in ways if len(one.terms) > 2 or a != b]))
    counts = np.ones(len(one.terms))
    counts[[first, second]] = a, b
    named = one.recognise(answered(name, total(one, counts)))
    assert named is not None
    assert named.name == f"{one.terms[first].name} {ways[a]} and {one.terms[second].name} {ways[b]}"


@pytest.mark.parametrize(("name", "one"), EACH)
def test_nothing_is_said_of_what_is_no_sum_of_these_terms(name: str, one: Sum) -> None:
    """Right answers, constants, noise, right answers with some noise, with three slips or odd factors have no name."""
    draws = np.random.default_rng(3)
    right = total(one, np.ones(len(one.terms)))

    def shape(*args: Any, **kwargs: Any) -> tuple[int, ...]:
        return np.shape(right(*args, **kwargs))

    silent: dict[str, Function] = {
        "right": right,
        "zeros": lambda *args, **kwargs: np.zeros(shape(*args, **kwargs)),
        "a constant": lambda *args, **kwargs: np.full(shape(*args, **kwargs), 3.0),
        "noise": lambda *args, **kwargs: draws.standard_normal(shape(*args, **kwargs)),
        "a little noise": lambda *a, **k: right(*a, **k) * (1 + 1e-3 * draws.standard_normal(shape(*a, **k))),
        "an odd factor": total(one, np.full(len(one.terms), 0.7321)),
        "not finite": lambda *args, **kwargs: np.full(shape(*args, **kwargs), np.nan),
    }
    if len(one.terms) > 3:
        silent["three slips"] = total(one, [2.0, 3.0, -1.0, *np.ones(len(one.terms) - 3)])
    said = {label: one.recognise(answered(name, function)) for label, function in silent.items()}
    assert {label: named for label, named in said.items() if named} == {}


@pytest.mark.parametrize(("name", "one"), EACH)
def test_few_good_answers_show_nothing(name: str, one: Sum) -> None:
    """Where most answers have no good form, nothing is said of the others."""
    seen = answered(name, total(one, np.full(len(one.terms), 2.0)))
    bad = [FormedAnswer(one.call, one.answer, None, "no") for one in seen[len(seen) // 3 :]]
    assert one.recognise([*seen[: len(seen) // 3], *bad]) is None


UNLISTED: list[tuple[str, Function, str]] = [
    (
        "gaussian_kl",
        lambda mu, sigma: 0.5 * (mu**2 + sigma**2 + 1) - 3 * np.log(sigma),
        "the term in log sigma counts 3 times and the constant term has the wrong sign",
    ),
    (
        "gaussian_kl",
        lambda mu, sigma: 0.5 * ((mu / sigma) ** 2 + sigma**2 - 1) - np.log(sigma),
        "a term in (mu/sigma)² stands where the term in mu² belongs",
    ),
    (
        "gaussian_kl",
        lambda mu, sigma: 0.5 * (mu**2 + sigma - 1) - 2 * np.log(sigma),
        "a term in sigma stands where the term in sigma² belongs and the term in log sigma counts twice",
    ),
    ("beta_vae_loss", lambda reconstruction, kl, beta=1.0: reconstruction + beta * kl + beta, "beta is added"),
    ("reparameterise", lambda mu, sigma, eps: mu + sigma * eps + sigma, "sigma alone is added"),
    (
        "reparameterise",
        lambda mu, sigma, eps: mu - sigma**2 * eps,
        "sigma² times eps stands where sigma times eps belongs, with the wrong sign",
    ),
    (
        "gaussian_kl",
        lambda mu, sigma: 0.5 * (mu**2 + sigma**4 - 1) - np.log(sigma),
        "a term in sigma⁴ stands where the term in sigma² belongs",
    ),
]


@pytest.mark.parametrize(("name", "function", "said"), UNLISTED)
def test_the_grade_names_what_is_in_no_list(name: str, function: Function, said: str) -> None:
    """A slip that nobody wrote down has a name in the grade, in words without the formula, and gives no share of points."""
    one = problems.examination(SUMS[name], name, 1)
    found = run(one.exercise, LocalSubject({name: function}), one.bank, recognise=one.recognise, seed=1, tries=0)
    assert found.mistake == said
    assert said not in {mistake.name for mistake in problems.mistakes(SUMS[name], name)}
    assert found.points == 0
