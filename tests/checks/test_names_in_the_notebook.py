"""Mistakes are named in the notebook as they are in the grade, and no law is broken for another law's reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables
from autograder.checks.examine import run
from autograder.checks.examples import bank
from autograder.checks.local_subject import LocalSubject
from autograder.checks.student.student_check import CHECK_SEED
from autograder.checks.verdict import Finding, Verdict
from autograder.course.layout import module_name
from tests.conftest import ROOT

DRAWN = (("04_reparameterisation", "sample_posterior"), ("05_latent_space", "sample_prior"))
STEMS = ("02_linear_autoencoder", "03_gaussian_kl", "04_reparameterisation", "05_latent_space", "06_linear_vae")
FUNCTIONS = [
    pytest.param(stem, one.name, id=one.name)
    for stem in STEMS
    for one in problems.public(stem).exercises
    if not one.variables
]
# Two names for one thing, which only other questions tell apart.
SAME = {
    # Python says so itself there, in a sentence for every exercise.
    "a tuple inside the shape": "a tuple inside the shape",
    "sigma is kept within bounds": "sigma is clipped",
    "an argument is changed in place": "epoch is changed in place",
}


def table(stem: str, name: str) -> dict[str, Any]:
    """What the release holds about the exercise."""
    return tables(stem)[name]


@cache
def tables(stem: str) -> dict[str, Any]:
    """What the release holds about all exercises of a notebook."""
    path = ROOT / "release" / "vae" / "checks" / "tables" / f"{module_name(stem)}{answer_tables.SUFFIX}"
    return answer_tables.unpacked(path.read_bytes())


def checked(stem: str, name: str, function: Callable[..., Any]) -> Verdict:
    """What the student's own check says."""
    exercise = problems.public(stem).exercise(name)
    one, examples = answer_tables.with_table(exercise, bank(exercise.checks, CHECK_SEED), table(stem, name))
    recognise = answer_tables.table_recogniser(exercise, table(stem, name))
    return run(one, LocalSubject({name: function}), examples, recognise=recognise, seed=CHECK_SEED, tries=0)


def finding(verdict: Verdict, check: str) -> Finding:
    """The finding of a check."""
    return next(one for one in verdict.findings if one.check == check)


@pytest.mark.parametrize(("stem", "name"), FUNCTIONS)
def test_known_mistakes_have_their_names_in_the_notebook(stem: str, name: str) -> None:
    """A known mistake that the student's check sees is called by its own name there, with its sentence."""
    called = {}
    for mistake in problems.mistakes(stem, name):
        verdict = checked(stem, name, mistake.function)
        said = {one.says for one in verdict.findings}
        own = (verdict.mistake == mistake.name and mistake.says in said) or verdict.mistake == SAME.get(mistake.name)
        if not verdict.passed and not own:
            called[mistake.name] = verdict.mistake
    assert called == {}


def test_the_table_of_draws_holds_no_right_answer() -> None:
    """Of exercises about draws the release holds names and sentences: no draws, right or wrong."""
    for stem, name in DRAWN:
        assert table(stem, name)["right"] == []
        assert all(row["answers"] == [] for row in table(stem, name)["mistakes"])


WRONG_SPREAD: dict[str, Callable[..., Any]] = {
    "a squared sigma": lambda mu, sigma, n, rng: rng.normal(mu, sigma**2, (n, *mu.shape)),
    "uniform noise": lambda mu, sigma, n, rng: mu + sigma * rng.uniform(-1, 1, (n, *mu.shape)),
    "a forgotten mu": lambda mu, sigma, n, rng: sigma * rng.standard_normal((n, *mu.shape)),
    "noise without a sign": lambda mu, sigma, n, rng: mu + sigma * np.abs(rng.standard_normal((n, *mu.shape))),
}


@pytest.mark.parametrize("function", WRONG_SPREAD.values(), ids=WRONG_SPREAD)
def test_a_wrong_spread_shares_nothing(function: Callable[..., Any]) -> None:
    """Draws with a wrong middle or spread break the law about those, and not the law that nothing is shared."""
    verdict = checked("04_reparameterisation", "sample_posterior", function)
    assert finding(verdict, "nothing shared").passed
    assert finding(verdict, "follows N(mu, sigma²)").broken


def one_for_all(mu: Any, sigma: Any, n: int, rng: Any) -> Any:
    """One draw for all samples, of a wrong spread besides."""
    return mu + 3 * sigma * np.repeat(rng.standard_normal((1, *mu.shape)), n, axis=0)


def each_with_the_sign_turned(mu: Any, sigma: Any, n: int, rng: Any) -> Any:
    """Every second sample mirrors the one before, with a wrong spread besides."""
    half = rng.standard_normal(((n + 1) // 2, *mu.shape))
    return mu + 3 * sigma * np.stack([half, -half], axis=1).reshape(-1, *mu.shape)[:n]


@pytest.mark.parametrize("function", [one_for_all, each_with_the_sign_turned])
def test_shared_noise_is_seen_whatever_its_spread(function: Callable[..., Any]) -> None:
    """Noise that is used twice breaks the law that nothing is shared, whatever spread it has."""
    assert finding(checked("04_reparameterisation", "sample_posterior", function), "nothing shared").broken
