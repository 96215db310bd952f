"""The checks of 02_linear_autoencoder: known mistakes are named, trivial answers earn nothing, right answers keep all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables
from autograder.checks.answer_form import Form
from autograder.checks.examine import run
from autograder.checks.examples import draw
from autograder.checks.exercise import Call, Rng
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.hidden import oracles
from autograder.hidden.linear_autoencoder import fit_judging, shared
from solutions import linear_autoencoder as solution

STEM = "02_linear_autoencoder"
EXERCISES = [exercise.name for exercise in problems.load(STEM).exercises]
Function = Callable[..., Any]


def verdict(name: str, function: Function, seed: int = 1) -> Verdict:
    """The verdict on a function as the answer to an exercise, without the search for a smaller example."""
    one = problems.examination(STEM, name, seed)
    return run(one.exercise, LocalSubject({name: function}), one.bank, recognise=one.recognise, seed=seed, tries=0)


def test_probes_tell_all_mistakes_apart() -> None:
    """The fingerprints can be baked: no two mistakes, and none and the right answer, look the same."""
    right = {name: getattr(solution, name) for name in EXERCISES}
    (content,) = problems.tables([STEM], right).values()
    assert set(answer_tables.unpacked(content)) == set(EXERCISES)


def shapes_of(name: str, args: tuple[Any, ...]) -> list[tuple[int, ...]]:
    """The shapes of a right answer to a call."""
    X = args[0]
    if name == "fit_linear_autoencoder":
        return [(X.shape[1], args[1]), (args[1], X.shape[1])]
    if name in ("loss_gradients", "train_step"):
        return [args[1].shape, args[2].shape]
    return [(len(X), args[1].shape[1])] if name in ("encode", "decode") else [()]


def test_loss_oracle_against_loops() -> None:
    """The oracle of the loss adds squares over dimensions and averages over samples."""
    rng = np.random.default_rng(0)
    X, X_hat = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    squares = [[(a - b) ** 2 for a, b in zip(x, y, strict=True)] for x, y in zip(X, X_hat, strict=True)]
    assert math.isclose(oracles.reconstruction_loss(X, X_hat), sum(map(sum, squares)) / 5, rel_tol=1e-12)


@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (4, 3, 2), (2, 2, 4), (7, 4, 1)])
def test_gradient_oracle_against_algebra(n: int, d: int, k: int) -> None:
    """The oracle's central differences equal the derivative of trace((1 - P)' S (1 - P)) with P = W_enc W_dec."""
    rng = np.random.default_rng(n)
    X, W_enc, W_dec = rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=(k, d))
    lacking = 2 * (X.T @ X / n) @ (W_enc @ W_dec - np.eye(d))
    d_enc, d_dec = oracles.loss_gradients(X, W_enc, W_dec)
    np.testing.assert_allclose(d_enc, lacking @ W_dec.T, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(d_dec, W_enc.T @ lacking, rtol=1e-10, atol=1e-12)


def test_pca_oracle_is_the_least_loss() -> None:
    """The oracle's PCA loss is reached by projecting on the oracle's axes, and no random subspace does better."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(12, 4)) @ rng.normal(size=(4, 4)) + 3
    centred = X - X.mean(axis=0)
    for k in range(1, 4):
        axes, least = oracles.principal_axes(centred, k), oracles.pca_reconstruction_loss(X, k)
        assert math.isclose(oracles.linear_loss(centred, axes.T, axes), least, rel_tol=1e-9)
        for _ in range(50):
            basis = np.linalg.qr(rng.normal(size=(4, k)))[0]
            assert oracles.linear_loss(centred, basis, basis.T) >= least
    assert math.isclose(oracles.pca_reconstruction_loss(X, 0), X.var(axis=0).sum(), rel_tol=1e-12)
    assert oracles.pca_reconstruction_loss(X, 4) == 0


def test_angle_oracle() -> None:
    """The oracle of the angle sees the one turned direction, however the rows are mixed and scaled."""
    for angle in (0.0, 0.05, 0.3, 1.2):
        rows = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(angle), np.sin(angle)]])
        mixed = np.array([[2.0, -1.0], [300.0, 0.5]]) @ rows
        assert math.isclose(oracles.largest_angle_sine(mixed, np.eye(3)[:2]), abs(np.sin(angle)), abs_tol=1e-9)


@pytest.mark.parametrize("strategy", ["ORDINARY", "ENDS", "HARD"])
def test_fits_asked_for_keep_the_contract(strategy: str) -> None:
    """Drawn data are centred, their eigenvalues lie between 0.05 and 3, n <= 200, d <= 20, 1 <= k <= min(d, n - 1)."""
    for task in draw(getattr(shared, strategy), 60, seed=4):
        X, k = task.call().args[:2]
        n, d = X.shape
        eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2 / n
        assert n <= 200
        assert d <= 20
        assert 1 <= k <= min(d, n - 1)
        assert np.abs(X).max() <= 10
        assert np.abs(X.mean(axis=0)).max() < 1e-12
        assert len(eigenvalues) == d
        assert eigenvalues.min() >= 0.05
        assert eigenvalues.max() <= 3


def test_all_fits_asked_for_by_hand_keep_the_contract() -> None:
    """So do the hand-picked data, of students' checks and of the fingerprints too."""
    exercise = problems.load(STEM).exercise("fit_linear_autoencoder")
    calls = [call for check in exercise.checks for example in check.first for call in check.calls(example)]
    for call in (*calls, *exercise.probes):
        X, k = call.args[:2]
        eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2 / len(X)
        assert np.abs(X.mean(axis=0)).max() < 1e-12
        assert 0.05 <= eigenvalues.min() <= eigenvalues.max() <= 3
        assert 1 <= k <= min(X.shape[1], len(X) - 1)


def test_conduct_meets_fresh_generators() -> None:
    """The Generators of the two questions that must agree serve one call each: calls with one handle share one."""
    one = problems.examination(STEM, "fit_linear_autoencoder", 1)
    asked = [
        (check.name, call)
        for check in one.exercise.checks
        for example in one.bank[check.name]
        for call in check.calls(example)
    ]
    theirs = {call.args[2] for name, call in asked if name == "conduct"}
    assert len(theirs) == 2
    assert len({id(call) for _, call in asked if call.args[2] in theirs}) == 2


def line_up(eigenvalues: list[float]) -> Any:
    """Centred data whose covariance is diagonal with these eigenvalues."""
    d = len(eigenvalues)
    half = np.diag(np.sqrt(np.array(eigenvalues) * d))
    return np.concatenate([half, -half])


def turned(k: int, d: int, sine: float) -> tuple[Any, Any]:
    """The projection on the first k axes, the last of them turned towards the next one."""
    axes = np.eye(d)[:k]
    axes[-1, k - 1], axes[-1, k] = np.sqrt(1 - sine**2), sine
    return axes.T, axes


def fault(X: Any, k: int, weights: tuple[Any, Any]) -> Any:
    """What the judge of fits has to say."""
    return fit_judging.fault_of(Call((X, k, Rng(0))), weights)


def test_fit_bound_of_the_loss() -> None:
    """A fit is right just below 1.01 optimum + 0.001 total variance, and wrong just above."""
    X, k = line_up([2.0, 1.0, 0.5]), 2
    most = 1.01 * 0.5 + 0.001 * 3.5
    assert math.isclose(fit_judging.bound(X, k), most, rel_tol=1e-12)
    for factor, wrong in ((0.999, False), (1.001, True)):
        missing = np.sqrt((factor * most - 0.5) / 3.0)
        axes = np.eye(3)[:2]
        assert (fault(X, k, ((1 - missing) * axes.T, axes)) is not None) == wrong


def test_fit_bound_of_the_angle() -> None:
    """Where the gap is at least a quarter, a sine just below 0.1 is right and one just above is wrong."""
    X = line_up([2.0, 1.0, 0.74, 0.7])
    assert fault(X, 2, turned(2, 4, 0.099)) is None
    assert "sine" in fault(X, 2, turned(2, 4, 0.101)).note


def test_fit_without_a_gap_may_have_another_subspace() -> None:
    """Where the gap is below a quarter, only the loss counts."""
    X = line_up([2.0, 1.0, 0.76, 0.7])
    assert 0.2 < fit_judging.gap(X, 2) < 0.25
    assert oracles.linear_loss(X, *turned(2, 4, 0.25)) <= fit_judging.bound(X, 2)
    assert fault(X, 2, turned(2, 4, 0.25)) is None


def test_fit_of_all_dimensions_needs_no_subspace() -> None:
    """With k = d any pair that undoes itself is right."""
    mix = np.array([[2.0, 1.0], [0.5, -1.0]])
    assert fault(line_up([2.0, 0.1]), 2, (mix, np.linalg.inv(mix))) is None


def test_shapes_of_a_fit_are_told_before_its_loss() -> None:
    """A wrong shape or a number that is not finite is what the finding speaks of."""
    X = line_up([2.0, 1.0])
    assert "(2, 1)" in fault(X, 1, (np.zeros((1, 2)), np.zeros((2, 1)))).note
    assert "finite" in fault(X, 1, (np.full((2, 1), np.inf), np.zeros((1, 2)))).note


@pytest.mark.parametrize(
    ("name", "dress"),
    [
        ("encode", lambda Z: Z.tolist()),
        ("decode", lambda Z: Z.astype(np.float32)),
        ("reconstruction_loss", lambda loss: np.array(loss)),
        ("pca_reconstruction_loss", lambda loss: np.float32(loss)),
        ("loss_gradients", lambda parts: [part.tolist() for part in parts]),
        ("train_step", lambda parts: [np.asfortranarray(part) for part in parts]),
        ("fit_linear_autoencoder", lambda parts: [part.astype(np.float32).tolist() for part in parts]),
    ],
)
def test_fair_to_other_dress(name: str, dress: Function) -> None:
    """Lists for arrays and tuples, float32 results and 0-d arrays are read as meant."""
    right = next(iter(problems.variants(STEM, name)))

    def dressed(*args: Any) -> Any:
        answer = right(*args)
        parts = isinstance(answer, tuple)
        return dress(tuple(map(np.asarray, answer)) if parts else np.asarray(answer)[()])

    found = verdict(name, dressed)
    assert found.points == found.max_points, found.first_failed


def test_gradients_are_judged_by_their_largest_entry() -> None:
    """An error of 0.9e-5 of the largest entry is right, however small the entry it stands in; 2e-5 is not."""

    def off(by: float) -> Function:
        def loss_gradients(X: Any, W_enc: Any, W_dec: Any) -> Any:
            return tuple(part + by * np.abs(part).max() for part in solution.loss_gradients(X, W_enc, W_dec))

        return loss_gradients

    assert verdict("loss_gradients", off(0.9e-5)).points == 7
    assert verdict("loss_gradients", off(2e-5)).points < 1


def test_forgotten_centring_keeps_the_points_for_centred_data() -> None:
    """One slip does not cost the exercise: who forgets to centre loses the data that are not centred."""
    mistake = next(one for one in problems.mistakes(STEM, "pca_reconstruction_loss") if "centred" in one.name)
    found = verdict("pca_reconstruction_loss", mistake.function)
    assert 1 < found.points < 2


def test_forms_name_what_comes_back() -> None:
    """A tuple of the wrong length is told in words."""
    form = problems.load(STEM).exercise("loss_gradients").form
    assert isinstance(form, Form)
    call = Call((np.ones((2, 2)), np.ones((2, 1)), np.ones((1, 2))))
    assert "2 things" in form.normalise(call, (np.ones((2, 1)),))[1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("size", [1e155, 1e300, 1e308, 5e-324])
def test_weights_of_any_size_get_a_verdict(size: float) -> None:
    """Finite weights with which nothing can be computed are wrong weights, and no fault of the grader."""
    found = verdict(
        "fit_linear_autoencoder", lambda X, k, rng: (np.full((X.shape[1], k), size), np.full((k, X.shape[1]), size))
    )
    assert found.points == 0
