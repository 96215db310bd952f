"""A wrong default value is named together with what is wrong where all arguments are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject

BETA, WARMUP = "beta means something else when left out", "warmup means something else when left out"


def grade(stem: str, name: str, function: Callable[..., Any], seed: int = 1) -> tuple[str | None, set[str]]:
    """The name that a grade gives, and what is said with it."""
    one = problems.examination(stem, name, seed)
    subject = LocalSubject({name: function})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)
    return found.mistake, {one.says for one in found.findings if one.mistake}


def half_of_the_error(reconstruction: Any, kl: Any, beta: Any = 0.5) -> Any:
    return 0.5 * reconstruction + beta * kl


def beta_squared_and_required(reconstruction: Any, kl: Any, beta: Any) -> Any:
    return reconstruction + beta**2 * kl


def below_zero(epoch: Any, warmup: Any = 20) -> Any:
    return np.minimum(epoch / warmup, 1) if warmup else np.ones(np.shape(epoch))


def one_a_sample(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 4.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1)
    return np.sum((X - X_hat) ** 2, axis=1) + beta * kl


def no_noise(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 0.5) -> Any:
    mu = X @ W_enc
    kl = 0.5 * np.mean(np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))
    return float(np.mean(np.sum((X - mu @ W_dec) ** 2, axis=1)) + beta * kl)


@pytest.mark.parametrize(
    ("stem", "name", "function", "said"),
    [
        ("03_gaussian_kl", "beta_vae_loss", half_of_the_error, f"one half on the reconstruction and {BETA}"),
        (
            "03_gaussian_kl",
            "beta_vae_loss",
            beta_squared_and_required,
            "beta is squared and beta cannot be left out",
        ),
        ("03_gaussian_kl", "kl_weight", below_zero, f"the ramp is not stopped at 0 and {WARMUP}"),
        ("04_reparameterisation", "negative_elbo", one_a_sample, f"a loss for each sample and {BETA}"),
        ("06_linear_vae", "expected_vae_loss", no_noise, f"the noise costs nothing and {BETA}"),
    ],
)
def test_a_default_beside_another_mistake(stem: str, name: str, function: Callable[..., Any], said: str) -> None:
    """What explains all questions with all arguments is named, and that it does not explain the others."""
    assert grade(stem, name, function)[0] == said


def test_the_sentence_says_what_must_be_meant() -> None:
    """Who left a default value away, or has another one, is told which one is asked."""
    assert any("it must mean 1.0" in one for one in grade("03_gaussian_kl", "beta_vae_loss", half_of_the_error)[1])
    required = grade("03_gaussian_kl", "beta_vae_loss", beta_squared_and_required)[1]
    assert any("Write in the first line: beta=1.0." in one for one in required)


def test_yes_and_no_tell_the_other_mistake_too() -> None:
    """Enough questions give all arguments, so that masks tell one mistake from others beside another default value."""

    def shifts_alone(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.25) -> Any:
        return (0.5 * mu**2 > delta).mean(axis=0) >= fraction

    for seed in (1, 2, 7):
        named, says = grade("03_gaussian_kl", "active_units", shifts_alone, seed)
        assert named == "the shift alone and delta or fraction mean something else when left out"
        assert all(one.endswith("they must mean 0.01 and 0.5.") for one in says)


def test_where_the_other_mistake_is_not_known_it_is_told() -> None:
    """A default value that differs has its name in any case, and a sentence that there is more."""

    def odd(reconstruction: Any, kl: Any, beta: Any = 4.0) -> Any:
        return reconstruction + beta * np.sin(kl) ** 3 + 0.1 * reconstruction**2

    named, says = grade("03_gaussian_kl", "beta_vae_loss", odd)
    assert named == BETA
    assert all(one.endswith("it must mean 1.0. Something else is wrong as well.") for one in says)


def test_a_default_alone_keeps_its_own_name() -> None:
    """Where everything else is right the list knows the mistake, which costs the checks of the default value only."""

    def four(reconstruction: Any, kl: Any, beta: Any = 4.0) -> Any:
        return reconstruction + beta * kl

    assert grade("03_gaussian_kl", "beta_vae_loss", four)[0] == BETA
