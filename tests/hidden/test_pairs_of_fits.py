"""Two known mistakes of a fit at once are named as both, whatever right fit they were made in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.betrayed import OTHER_CHANCE
from autograder.checks.examine import run
from autograder.checks.exercise import Answer, Call, Rng
from autograder.checks.local_subject import LocalSubject

AUTOENCODER, VAE = ("02_linear_autoencoder", "fit_linear_autoencoder"), ("06_linear_vae", "fit_linear_vae")
IN_PLACE = "an argument is changed in place"


def grade(exercise: tuple[str, str], function: Callable[..., Any], seed: int = 1) -> tuple[str | None, float]:
    """The name that a grade gives, and the points."""
    one = problems.examination(*exercise, seed)
    subject = LocalSubject({exercise[1]: function})
    # As behind walls: what is drawn from elsewhere is the same each time.
    np.random.seed(20_210_504)
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)
    return found.mistake, found.points


def weakest_swapped(X: Any, k: int, rng: Any) -> Any:
    axes = np.linalg.eigh(np.cov(X.T, bias=True).reshape(X.shape[1], -1))[1][:, :k]
    return axes.T, axes


def standardised_in_place(X: Any, k: int, rng: Any) -> Any:
    X /= X.std(axis=0)
    axes = np.linalg.svd(X)[2][:k]
    return axes.T, axes


def right_in_place(X: Any, k: int, rng: Any) -> Any:
    X /= X.std()
    axes = np.linalg.svd(X)[2][:k]
    return axes.T, axes


def always_two_scaled(X: Any, k: int, rng: Any) -> Any:
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    return axes[:2].T * lengths[:2], axes[:2]


def twice_beta_and_variances(X: Any, k: int, rng: Any, beta: float = 1.0) -> Any:
    values, vectors = np.linalg.eigh(X.T @ X / len(X))
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    W_dec = (vectors * np.sqrt(np.clip(values - beta, 0, None))).T
    noisy = np.sum(W_dec**2, axis=1) + beta
    return W_dec.T / noisy, beta / noisy, W_dec


def shuffled_in_place(X: Any, k: int, rng: Any) -> Any:
    X[:] = X[rng.permutation(len(X))] @ np.linalg.qr(rng.standard_normal((X.shape[1], X.shape[1])))[0]
    axes = np.linalg.svd(X)[2][:k]
    return axes.T, axes


PAIRS: list[tuple[tuple[str, str], Callable[..., Any], str]] = [
    (
        AUTOENCODER,
        weakest_swapped,
        "the weakest directions instead of the strongest and the two matrices are swapped or lie on their side",
    ),
    (AUTOENCODER, standardised_in_place, f"the columns are standardised and {IN_PLACE}"),
    (
        AUTOENCODER,
        always_two_scaled,
        "always two latent dimensions and the right directions do not undo each other",
    ),
    (VAE, twice_beta_and_variances, "variances instead of their logarithms and twice beta"),
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("exercise", "function", "said"), PAIRS)
def test_both_are_named(exercise: tuple[str, str], function: Callable[..., Any], said: str, seed: int) -> None:
    """Each of the two has its name, and there are no points for them."""
    assert grade(exercise, function, seed) == (said, 0)


@pytest.mark.parametrize("exercise", [AUTOENCODER, VAE])
def test_right_fits_have_no_name(exercise: tuple[str, str]) -> None:
    """No right variant of a fit is a pair of mistakes."""
    one = problems.examination(*exercise, 1)
    pairs = one.mechanisms["pairs"]
    calls = [call for check in one.exercise.checks for example in one.bank[check.name] for call in check.calls(example)]
    for right in problems.variants(*exercise)[:3]:
        assert pairs(problems.answers_of(one.exercise, right, calls), []) is None


def test_a_right_fit_that_changes_its_data_has_that_name_alone() -> None:
    """Nothing is said of the directions where only the data were changed."""
    assert grade(AUTOENCODER, right_in_place)[0] == IN_PLACE


def test_a_wrong_fit_that_changes_its_data_has_that_name_at_least() -> None:
    """Where nothing else is recognised for certain, the changed argument is still named."""
    found = grade(AUTOENCODER, shuffled_in_place)[0]
    assert found is not None
    assert found.endswith(IN_PLACE)


def test_what_is_right_is_known_of_mirrored_data_alone() -> None:
    """The notebook's copy judges fits of samples that come with their negatives; of other data, and of ties, it says nothing."""
    betrays = problems.load(AUTOENCODER[0]).exercise(AUTOENCODER[1]).betrays
    assert betrays is not None
    rows = np.array([[1.0, 2.0], [-0.5, 0.25]])
    right = np.linalg.svd(rows)[2][:1]
    for X in (rows, np.array([[1.0, 2.0], [0.5, 0.5], [-1.5, -2.5]]), np.array([[1.0, 1], [1, -1], [-1, -1], [-1, 1]])):
        call = Call((X, 1, Rng(0)))
        wrong = Answer("returned", (np.array([[1.0], [0.0]]), np.array([[1.0, 0.0]])))
        assert betrays([call], [wrong], {}) != "a projection on other directions"
    call = Call((np.concatenate([rows, -rows]), 1, Rng(0)))
    assert (
        betrays([call], [Answer("returned", (right[:, ::-1].T, right[:, ::-1]))], {})
        == "a projection on other directions"
    )


def test_matrices_of_other_shapes_are_no_fit() -> None:
    """Of matrices that fit together in no question but those of k = d, nothing is said about directions."""

    def random_and_swapped(X: Any, k: int, rng: Any) -> Any:
        return rng.normal(size=(k, X.shape[1])), rng.normal(size=(X.shape[1], k))

    assert "directions" not in (grade(AUTOENCODER, random_and_swapped)[0] or "")


def test_without_right_fits_the_notebooks_copy_says_nothing() -> None:
    """Where no right fit is known of the same data, nothing is said of one that is neither right nor wrong there."""
    betrays = problems.load(VAE[0]).exercise(VAE[1]).betrays
    assert betrays is not None
    calls = [Call((np.eye(3) - 1 / 3, 1, Rng(0))), Call((np.eye(3) - 1 / 3, 1, Rng(1)))]
    answers = [Answer("returned", (np.full((3, 1), size), np.zeros(1), np.full((1, 3), size))) for size in (0.1, 0.2)]
    assert betrays(calls, answers, {}) == ""


def steps(X: Any, W_enc: Any, W_dec: Any, rate: float, count: int) -> tuple[Any, Any]:
    for _ in range(count):
        Z = X @ W_enc
        error = 2 / len(X) * (Z @ W_dec - X)
        W_enc, W_dec = W_enc - rate * X.T @ error @ W_dec.T, W_dec - rate * Z.T @ error
    return W_enc, W_dec


def start(draw: Callable[..., Any], d: int, k: int) -> tuple[Any, Any]:
    return 0.1 * draw(size=(d, k)), 0.1 * draw(size=(k, d))


def uphill_and_swapped(X: Any, k: int, rng: Any) -> Any:
    W_enc, W_dec = steps(X, *start(rng.normal, X.shape[1], k), -0.01, 400)
    return W_dec, W_enc


def short_and_not_from_rng(X: Any, k: int, rng: Any) -> Any:
    return steps(X, *start(np.random.normal, X.shape[1], k), 0.01, 30)


def beyond_all_numbers(X: Any, k: int, rng: Any) -> Any:
    return steps(X, *start(rng.normal, X.shape[1], k), 1e9, 40)


def right_but_not_from_rng(X: Any, k: int, rng: Any) -> Any:
    axes = np.linalg.svd(X, full_matrices=False)[2][:k]
    turned = np.linalg.qr(np.random.standard_normal((k, k)))[0]
    return axes.T @ turned, turned.T @ axes


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("function", "said"),
    [
        (uphill_and_swapped, "the training runs away and the two matrices are swapped or lie on their side"),
        (short_and_not_from_rng, f"the training stops short of the best fit and {OTHER_CHANCE}"),
        (beyond_all_numbers, "the training runs away"),
        (right_but_not_from_rng, OTHER_CHANCE),
    ],
)
def test_trainings_with_a_second_mistake(function: Callable[..., Any], said: str) -> None:
    """What a training shows is named beside another order of the parts, or random numbers that no rng decides."""
    assert grade(AUTOENCODER, function)[0] == said


def test_another_order_of_three_parts() -> None:
    """A VAE that is no better than silence and hands its parts back in another order is told both."""

    def silent(X: Any, k: int, rng: Any, beta: float = 1.0) -> Any:
        d = X.shape[1]
        return 0.01 * rng.standard_normal((d, k)), 0.01 * rng.standard_normal((k, d)), rng.uniform(-0.01, 0, k)

    assert grade(VAE, silent)[0] == "nothing is gained and the order W_enc, W_dec, log_var"
