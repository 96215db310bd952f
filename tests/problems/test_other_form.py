"""A fit that came in another form is judged by what it would be in the right one: only right numbers keep a share of the points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.hidden.mistakes.composition import SOMETHING_ELSE

Fit = tuple[Any, ...]
LINEAR, VAE = ("02_linear_autoencoder", "fit_linear_autoencoder"), ("06_linear_vae", "fit_linear_vae")


def grade(exercise: tuple[str, str], function: Callable[..., Fit]) -> Verdict:
    one = problems.examination(*exercise, 1)
    subject = LocalSubject({exercise[1]: function})
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=1, tries=0)


def right(X: Any, k: int, beta: float) -> Fit:
    variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)
    W_dec = np.sqrt(np.maximum(variances - beta / 2, 0))[:, None] * np.linalg.svd(X, full_matrices=False)[2][:k]
    return W_dec.T / np.maximum(variances, beta / 2), np.log(np.minimum(1, beta / 2 / variances)), W_dec


def too_near(X: Any, k: int, beta: float) -> Fit:
    """The least that nobody would call trained, and no known mistake."""
    W_enc, log_var, W_dec = right(X, k, beta)
    return 0.6 * W_enc, log_var + 1, 0.7 * W_dec


def untrained(X: Any, k: int, beta: float) -> Fit:
    W_enc = np.random.default_rng(1).standard_normal((X.shape[1], k)) / np.sqrt(X.shape[1])
    return W_enc, np.full(k, -1.0), W_enc.T.copy()


def in_other_axes(X: Any, k: int) -> Fit:
    """A right fit as training ends: any invertible matrix stands between the two."""
    axes = np.linalg.svd(X, full_matrices=False)[2][:k]
    between = 2 * np.eye(k) + np.random.default_rng(1).standard_normal((k, k))
    return axes.T @ between, np.linalg.inv(between) @ axes


FORMS: dict[str, Callable[[Fit], Fit]] = {
    "log_var has an axis too many": lambda fit: (fit[0], fit[1][None], fit[2]),
    "the order W_enc, W_dec, log_var": lambda fit: (fit[0], fit[2], fit[1]),
    "the order W_dec, log_var, W_enc": lambda fit: fit[::-1],
    "log_var comes first": lambda fit: (fit[1], fit[0], fit[2]),
    "the decoder lies on its side": lambda fit: (fit[0], fit[1], fit[2].T),
}


@pytest.mark.parametrize("name", FORMS)
def test_right_numbers_in_another_form_keep_their_share(name: str) -> None:
    """Whoever trains well and returns the parts in another form loses the points of the form only."""
    found = grade(VAE, lambda X, k, rng, beta=1.0: FORMS[name](right(X, k, beta)))
    assert (found.mistake, found.points) == (name, pytest.approx(1.2))


@pytest.mark.parametrize("name", FORMS)
def test_wrong_numbers_in_another_form_have_none(name: str) -> None:
    """A form that is known gives no points for numbers that are wrong: what is wrong with these is said first."""
    found = grade(VAE, lambda X, k, rng, beta=1.0: FORMS[name](untrained(X, k, beta)))
    assert (found.mistake, found.points) == (f"one width for all, whatever the data and {name}", 0)


@pytest.mark.parametrize("name", FORMS)
def test_something_else_is_told_without_a_name(name: str) -> None:
    """Where nobody knows what is wrong with the numbers, the form is named, and that it is not all."""
    found = grade(VAE, lambda X, k, rng, beta=1.0: FORMS[name](too_near(X, k, beta)))
    assert (found.mistake, found.points) == (name, 0)
    assert all(one.says.endswith(SOMETHING_ELSE) for one in found.findings if one.mistake)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("the two matrices are swapped or lie on their side", lambda fit: fit[::-1]),
        ("the decoder lies on its side", lambda fit: (fit[0], fit[1].T)),
        ("the encoder lies on its side", lambda fit: (fit[0].T, fit[1])),
    ],
)
def test_square_matrices_do_not_hide_the_form(name: str, form: Callable[[Fit], Fit]) -> None:
    """With k = d no shape tells how the matrices lie; the fits of other data do, and right ones keep their share."""
    found = grade(LINEAR, lambda X, k, rng: form(in_other_axes(X, k)))
    assert (found.mistake, found.points) == (name, pytest.approx(1.8))


@pytest.mark.parametrize(
    "answer",
    [None, (), (1, 2), ("W_enc", "log_var", "W_dec"), ([[1.0], [2.0, 3.0]], np.zeros((1, 2)), np.zeros((2, 2))), {}],
    ids=["nothing", "no parts", "two numbers", "words", "ragged", "a dictionary"],
)
def test_what_is_no_fit_at_all_has_a_verdict(answer: Any) -> None:
    """Answers of any kind are judged, and none of them is taken for another form of a fit."""
    found = grade(VAE, lambda X, k, rng, beta=1.0: answer)
    assert found.points == 0
    assert found.mistake not in FORMS
