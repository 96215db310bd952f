"""The checks of 06_linear_vae: known mistakes are named, trivial answers earn nothing, right answers keep all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables
from autograder.checks.examine import run
from autograder.checks.examples import draw
from autograder.checks.exercise import Call, Rng
from autograder.checks.linear_vae.fit_linear_vae import CHEAPEST, FEW, KINDS
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.hidden.linear_vae import data, fit_judging, oracles
from solutions import linear_vae as solution

STEM = "06_linear_vae"
EXERCISES = [exercise.name for exercise in problems.load(STEM).exercises]
POINTS = {
    "expected_vae_loss": 3,
    "vae_gradients": 4,
    "fit_linear_vae": 4,
    "best_vae_loss": 2.5,
    "active_directions": 1.5,
}
SEEDS = (1, 2, 3)
Function = Callable[..., Any]


def verdict(name: str, function: Function, seed: int = 1) -> Verdict:
    """The verdict on a function as the answer to an exercise, without the search for a smaller example."""
    one = problems.examination(STEM, name, seed)
    return run(one.exercise, LocalSubject({name: function}), one.bank, recognise=one.recognise, seed=seed, tries=0)


def test_points_are_those_of_the_contract() -> None:
    """The five exercises are worth 15 points; those of the checks add up, and some of each exercise's earn."""
    exercises = problems.load(STEM).exercises
    assert {exercise.name: exercise.points for exercise in exercises} == POINTS
    assert sum(POINTS.values()) == 15
    for exercise in exercises:
        assert math.isclose(sum(check.points for check in exercise.checks), exercise.points)
        assert any(check.earns for check in exercise.checks)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_reference_is_right(name: str, seed: int) -> None:
    """The reference solution gets full points."""
    found = verdict(name, getattr(solution, name), seed)
    assert found.passed, found.first_failed
    assert found.points == found.max_points


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_probes_tell_all_mistakes_apart() -> None:
    """The fingerprints can be baked: no two mistakes, and none and the right answer, look the same."""
    right = {name: getattr(solution, name) for name in EXERCISES}
    (content,) = problems.tables([STEM], right).values()
    assert set(answer_tables.unpacked(content)) == set(EXERCISES)


def shapes_of(name: str, args: tuple[Any, ...]) -> list[tuple[int, ...]]:
    """The shapes of a right answer to a call."""
    if name == "fit_linear_vae":
        d, k = args[0].shape[1], args[1]
        return [(d, k), (k,), (k, d)]
    return [args[1].shape, args[2].shape, args[3].shape] if name == "vae_gradients" else [()]


def filled(name: str, make: Callable[[tuple[int, ...]], Any]) -> Function:
    """A function that answers with arrays of the right shapes, whatever it is asked."""

    def answer(*args: Any, **_: Any) -> Any:
        parts = [make(shape) for shape in shapes_of(name, args)]
        return parts[0] if len(parts) == 1 else tuple(parts)

    return answer


@pytest.mark.parametrize("strategy", ["ALL_ACTIVE", "SOME_ACTIVE", "ENDS", "EDGES"])
def test_drawn_fits_keep_the_contract(strategy: str) -> None:
    """Drawn data are centred and of promised sizes, their eigenvalues lie between 0.05 and 4, none near half of beta."""
    for task in draw(getattr(data, strategy), 60, seed=4):
        keeps_the_contract(task.call())


def test_fits_asked_by_hand_keep_the_contract() -> None:
    """So do the hand-picked data, of students' checks and of the fingerprints too."""
    exercise = problems.load(STEM).exercise("fit_linear_vae")
    calls = [call for check in exercise.checks for example in check.first for call in check.calls(example)]
    for call in (*calls, *exercise.probes):
        keeps_the_contract(call)


def keeps_the_contract(call: Call) -> None:
    """Fail where a fit is asked about data that the text does not promise."""
    X, k = call.args[:2]
    beta = fit_judging.beta_of(call)
    n, d = X.shape
    eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2 / n
    assert n <= 200
    assert d <= 10
    assert 1 <= k < d
    assert 0.2 <= beta <= 4
    assert len(eigenvalues) == d
    assert np.abs(X).max() <= 10
    assert np.abs(X.mean(axis=0)).max() < 1e-12
    assert 0.05 <= eigenvalues.min() <= eigenvalues.max() <= 4
    assert np.all(np.abs(eigenvalues[:k] - beta / 2) > 0.2 * beta / 2)


def test_public_fits_are_of_every_kind_that_grading_asks() -> None:
    """Students meet data where all, some and no directions are active, k = 1, few samples, and the ends of the range."""
    counts = [(solution.active_directions(X, k, beta), k) for X, k, beta in KINDS]
    assert any(count == k for count, k in counts)
    assert any(0 < count < k for count, k in counts)
    assert any(count == 0 for count, _ in counts)
    assert any(k == 1 for _, k in counts)
    assert any(X.shape == (200, 10) and beta == 0.2 for X, _, beta in KINDS)
    assert any(len(X) <= X.shape[1] + 2 for X, _, _ in KINDS)
    assert any(beta == 4 for _, _, beta in KINDS)


def test_no_variance_is_asked_near_its_threshold_but_for_ties() -> None:
    """Counts are asked where rounding cannot decide, or where the variance and half of beta are equal exactly."""
    one = problems.examination(STEM, "active_directions", 1)
    for check in one.exercise.checks:
        for example in one.bank[check.name] if check.hidden and check.name != "a tie" else ():
            for call in check.calls(example):
                beta = call.args[2:] or tuple(call.kwargs.values())
                assert data.clear((*call.args[:2], *beta)), check.name


@pytest.mark.parametrize("beta", [2.0, 0.5])
def test_ties_are_exact_whichever_way_they_are_computed(beta: float) -> None:
    """The variance of the tie that is asked equals half of beta to the last bit in every usual way to compute it."""
    X = data.SIXTEEN - data.SIXTEEN.mean(axis=0)
    for variances in (
        np.linalg.svd(X, compute_uv=False) ** 2 / 16,
        np.linalg.svd(X / 4, compute_uv=False) ** 2,
        np.linalg.eigvalsh(X.T @ X / 16),
        np.linalg.eigvalsh(np.cov(X.T, bias=True)),
        np.var(X, axis=0),
        np.linalg.eigvalsh(X.T @ X) / 16,
    ):
        assert beta / 2 in variances


def best(X: Any, k: int, beta: float) -> tuple[Any, Any, Any]:
    """The best weights in closed form."""
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    variances, floor = lengths[:k] ** 2 / len(X), beta / 2
    W_dec = np.sqrt(np.maximum(variances - floor, 0))[:, None] * axes[:k]
    return W_dec.T / np.maximum(variances, floor), np.log(np.minimum(1, floor / variances)), W_dec


def line_up(eigenvalues: list[float]) -> Any:
    """Centred data whose covariance is diagonal with these eigenvalues."""
    d = len(eigenvalues)
    half = np.diag(np.sqrt(np.array(eigenvalues) * d))
    return np.concatenate([half, -half])


def fault(X: Any, k: int, beta: float, weights: Any) -> Any:
    """What the judge of fits has to say."""
    return fit_judging.fault_of(Call((X, k, Rng(0), beta)), weights)


def test_bound_of_the_loss() -> None:
    """A fit is right just below 1.02 times the best loss plus 0.001 of the total variance, and wrong just above."""
    X, k, beta = line_up([2.0, 1.0, 0.3]), 2, 1.0
    W_enc, log_var, W_dec = best(X, k, beta)
    least = oracles.best_vae_loss(X, k, beta)
    most = 1.02 * least + 0.001 * 3.3

    def loss(scale: float) -> float:
        return oracles.expected_vae_loss(X, scale * W_enc, log_var, W_dec, beta)

    scales = np.linspace(1, 1.5, 50001)
    edge = scales[np.argmax([loss(float(scale)) > most for scale in scales[::50]]) * 50]
    assert fault(X, k, beta, ((edge - 0.002) * W_enc, log_var, W_dec)) is None
    found = fault(X, k, beta, ((edge + 0.002) * W_enc, log_var, W_dec))
    assert "averaged over the noise" in found.note
    assert f"{most:.6g}" in found.expected


@pytest.mark.parametrize(("factor", "wrong"), [(1.14, False), (1.16, True), (0.86, False), (0.84, True)])
def test_bound_of_the_widths(factor: float, wrong: bool) -> None:
    """A posterior variance may be 15 % off, not more, although the loss hardly feels it."""
    X, k, beta = line_up([2.0, 1.0, 0.3]), 2, 0.5
    W_enc, log_var, W_dec = best(X, k, beta)
    found = fault(X, k, beta, (W_enc, log_var + np.array([np.log(factor), 0]), W_dec))
    assert (found is not None) == wrong
    assert found is None or "posterior variances" in found.note


@pytest.mark.parametrize(("sine", "wrong"), [(0.145, False), (0.155, True)])
def test_bound_of_the_angle(sine: float, wrong: bool) -> None:
    """The active rows may be turned by a sine of 0.15, not more, where the next variance is clearly smaller."""
    X, k, beta = line_up([1.3, 1.0, 0.82, 0.7]), 2, 0.4
    turn = np.eye(4)
    cosine = np.sqrt(1 - sine**2)
    turn[1, 1], turn[1, 2], turn[2, 1], turn[2, 2] = cosine, sine, -sine, cosine
    W_enc, log_var, W_dec = best(X, k, beta)
    found = fault(X, k, beta, (turn.T @ W_enc, log_var, W_dec @ turn))
    assert (found is not None) == wrong
    assert found is None or "sine" in found.note


def test_no_angle_is_asked_without_a_gap() -> None:
    """Where the next variance is as large, any of the directions is right."""
    X, k, beta = line_up([1.0, 1.0, 1.0]), 1, 0.5
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    W_enc, log_var, W_dec = best(X, k, beta)
    assert fault(X, k, beta, (turn.T @ W_enc, log_var, W_dec @ turn)) is None


def test_collapsed_rows_may_point_anywhere() -> None:
    """Only active rows are judged: a collapsed one with a tiny length in a wrong direction costs nothing."""
    X, k, beta = line_up([2.0, 0.4, 0.1]), 2, 2.0
    W_enc, log_var, W_dec = best(X, k, beta)
    W_dec[1] = (0, 0, 0.01)
    assert fault(X, k, beta, (W_enc, log_var, W_dec)) is None


def test_shapes_of_a_fit_are_told_before_its_loss() -> None:
    """A wrong shape, a wrong order, or a number that is not finite is what the finding speaks of."""
    X = line_up([2.0, 1.0])
    W_enc, log_var, W_dec = best(X, 1, 1.0)
    assert "(1, 2)" in fault(X, 1, 1.0, (W_dec, log_var, W_enc)).note
    assert "finite" in fault(X, 1, 1.0, (W_enc, log_var + np.inf, W_dec)).note


@pytest.mark.parametrize(
    "dress",
    [
        lambda parts: [part.tolist() for part in parts],
        lambda parts: tuple(part.astype(np.float32) for part in parts),
        lambda parts: tuple(np.asfortranarray(part) for part in parts),
    ],
    ids=["lists", "float32", "fortran"],
)
@pytest.mark.parametrize("name", ["vae_gradients", "fit_linear_vae"])
def test_fair_to_other_dress(name: str, dress: Function) -> None:
    """Lists for arrays and tuples, and float32 results, are read as meant."""
    right = problems.variants(STEM, name)[0]
    found = verdict(name, lambda *args, **kwargs: dress(tuple(map(np.asarray, right(*args, **kwargs)))))
    assert found.points == found.max_points, found.first_failed


def test_gradients_are_judged_by_their_largest_entry() -> None:
    """An error of 0.9e-5 of the largest entry is right, however small the entry it stands in; 2e-5 is not."""

    def off(by: float) -> Function:
        def vae_gradients(*args: Any, **kwargs: Any) -> Any:
            return tuple(part + by * np.abs(part).max() for part in solution.vae_gradients(*args, **kwargs))

        return vae_gradients

    assert verdict("vae_gradients", off(0.9e-5)).points == 4
    assert verdict("vae_gradients", off(2e-5)).points < 1


@pytest.mark.parametrize("name", ["expected_vae_loss", "vae_gradients", "best_vae_loss", "active_directions"])
def test_another_default_costs_one_regime(name: str) -> None:
    """Who has a wrong default loses the points of that regime and keeps the others."""
    mistake = next(
        one for one in problems.mistakes(STEM, name) if one.name == "beta means something else when left out"
    )
    found = verdict(name, mistake.function)
    assert found.points >= 0.8 * found.max_points - 1e-9


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("size", [1e155, 1e308, 5e-324, -1e308])
def test_weights_of_any_size_get_a_verdict(size: float) -> None:
    """Finite weights with which nothing can be computed are wrong weights, and no fault of the grader."""
    assert verdict("fit_linear_vae", filled("fit_linear_vae", lambda shape: np.full(shape, size))).points == 0


def test_reference_trains_in_time() -> None:
    """The reference fit of the contract's largest data draws from its generator alone and is done in well under a second."""
    X, k, beta = CHEAPEST
    once, twice = (solution.fit_linear_vae(X, k, np.random.default_rng(3), beta) for _ in range(2))
    for one, other in zip(once, twice, strict=True):
        np.testing.assert_array_equal(one, other)
    assert fault(X, k, beta, once) is None
    assert fault(FEW, 2, 1.0, solution.fit_linear_vae(FEW, 2, np.random.default_rng(4))) is None
