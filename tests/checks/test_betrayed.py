"""What answers betray by themselves is named in the notebook: other shapes, another order, trainings that end anywhere."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.asking import ask_and_check_form, plan_of
from autograder.checks.examples import bank
from autograder.checks.local_subject import LocalSubject
from autograder.checks.student.student_check import CHECK_SEED

STEMS = {
    "kl_from_log_var": "03_gaussian_kl",
    "sample_posterior": "04_reparameterisation",
    "sample_prior": "05_latent_space",
    "loss_gradients": "02_linear_autoencoder",
    "fit_linear_autoencoder": "02_linear_autoencoder",
    "vae_gradients": "06_linear_vae",
    "fit_linear_vae": "06_linear_vae",
}


def reference(name: str) -> Callable[..., Any]:
    """The reference answer of an exercise."""
    function: Callable[..., Any] = getattr(importlib.import_module(f"solutions.{STEMS[name][3:]}"), name)
    return function


def betrayed(name: str, function: Callable[..., Any]) -> str:
    """What the exercise says about a function's answers to everything that its public checks and probes ask."""
    exercise = problems.public(STEMS[name]).exercise(name)
    assert exercise.betrays is not None
    calls = [*plan_of(exercise, bank(exercise.checks, CHECK_SEED)).calls, *exercise.probes]
    formed = ask_and_check_form(exercise, LocalSubject({name: function}), calls)
    answers = [one.answer if one.problem else replace(one.answer, value=one.value) for one in formed]
    subject = LocalSubject({name: reference(name)})
    right = {id(one.call): one.value for one in ask_and_check_form(exercise, subject, exercise.probes)}
    return exercise.betrays(calls, answers, right)


def descended(steps: int, rate: float) -> Callable[..., Any]:
    """A fit by so many plain steps of gradient descent."""

    def fit_linear_autoencoder(X: Any, k: Any, rng: Any) -> Any:
        W_enc, W_dec = 0.1 * rng.standard_normal((X.shape[1], k)), 0.1 * rng.standard_normal((k, X.shape[1]))
        for _ in range(steps):
            error = 2 * (X @ W_enc @ W_dec - X) / len(X)
            W_enc, W_dec = W_enc - rate * X.T @ error @ W_dec.T, W_dec - rate * (X @ W_enc).T @ error
        return W_enc, W_dec

    return fit_linear_autoencoder


def of_global_chance(X: Any, k: Any, rng: Any) -> Any:
    """A right fit whose weights are turned at random."""
    axes, turn = np.linalg.svd(X)[2][:k], np.random.default_rng().standard_normal((k, k)) + 3 * np.eye(k)
    return axes.T @ np.linalg.inv(turn), turn @ axes


def of_global_chance_vae(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    """A right fit of a VAE whose signs are drawn elsewhere."""
    W_enc, log_var, W_dec = reference("fit_linear_vae")(X, k, rng, beta)
    sign = np.random.default_rng().uniform(0.999, 1.001, size=k)
    return W_enc * sign, log_var, W_dec / sign[:, None]


def gradients_in(order: tuple[int, ...], name: str, factor: float) -> Callable[..., Any]:
    """The right gradients times a factor, in another order."""

    def gradients(*given: Any, **named: Any) -> Any:
        found = reference(name)(*given, **named)
        return tuple(factor * found[place] for place in order)

    return gradients


@pytest.mark.parametrize(
    ("name", "function", "said"),
    [
        (
            "kl_from_log_var",
            lambda mu, log_var: np.sum(0.5 * (mu**2 + log_var - 1) - np.log(np.sqrt(log_var)), axis=1),
            "the logarithm of log_var",
        ),
        ("sample_prior", lambda n, k, rng: rng.uniform(size=(k, n)), "rows and columns are exchanged"),
        ("sample_prior", lambda n, k, rng: 2 * rng.standard_normal(n * k), "one long row"),
        ("sample_prior", lambda n, k, rng: rng.normal(n, k), "the shape is given as the mean and the spread"),
        ("sample_prior", lambda n, k, rng: rng.randn(n, k), "rng has no such method"),
        ("sample_prior", lambda n, k, rng: rng.standard_normal(n, k), "the shape must be one tuple"),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: np.moveaxis(mu + sigma**2 * rng.standard_normal((n, *mu.shape)), 0, -1),
            "the samples lie along the last axis",
        ),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: (mu + rng.standard_normal((n, *mu.shape))).reshape(n, -1),
            "the axes of mu are flattened",
        ),
        ("sample_posterior", lambda mu, sigma, n, rng: rng.normal(mu, sigma**2), "one draw only"),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: rng.normal(mu, sigma, (n, *mu.shape)).mean(axis=0),
            "the mean of the draws comes back",
        ),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: mu + sigma * rng.standard_normal((n, mu.shape[0], mu.shape[1])),
            "two axes only",
        ),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: mu + 2 * sigma * rng.standard_normal(n),
            "only n_samples numbers are drawn",
        ),
        ("sample_posterior", lambda mu, sigma, n, rng: rng.normal(mu, sigma, n), "only n_samples numbers are drawn"),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: mu + rng.uniform(-sigma[0], sigma[0], (n, len(mu))),
            "only the first axis of mu is counted",
        ),
        ("sample_posterior", lambda mu, sigma, n, rng: 1 / 0, ""),
        ("loss_gradients", gradients_in((1, 0), "loss_gradients", 0.5), "the two gradients are swapped"),
        ("loss_gradients", gradients_in((0, 1), "loss_gradients", 0.5), ""),
        ("vae_gradients", gradients_in((0, 2, 1), "vae_gradients", -1.0), "the order W_enc, W_dec, log_var"),
        ("fit_linear_autoencoder", descended(60, 0.05), "the training stops short of the best fit"),
        ("fit_linear_autoencoder", descended(400, 0.05), "the training stops short of the best fit"),
        ("fit_linear_autoencoder", descended(300, 2.0), "the training runs away"),
        ("fit_linear_autoencoder", of_global_chance, "random numbers from elsewhere"),
        ("fit_linear_vae", of_global_chance_vae, "random numbers from elsewhere"),
    ],
)
def test_what_the_answers_betray(name: str, function: Callable[..., Any], said: str) -> None:
    """With another slip besides, or after any number of steps, the name is the one that the grader knows."""
    assert betrayed(name, function) == said
    assert not said or said in {one.name for one in problems.mistakes(STEMS[name], name)}


@pytest.mark.parametrize("name", STEMS)
def test_right_answers_betray_nothing(name: str) -> None:
    """The answers of the reference show no known mistake."""
    assert betrayed(name, reference(name)) == ""
