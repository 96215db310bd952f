from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from scipy import integrate, optimize

from autograder.checks.judges import close
from autograder.hidden import oracles
from autograder.hidden.linear_vae import oracles as vae_oracles

STEADY = settings(max_examples=50, deadline=None, derandomize=True, database=None)
MEANS = st.floats(-5, 5).map(lambda x: round(x, 3))
WIDTHS = st.floats(0.05, 8).map(lambda x: round(x, 3))
LOG_VARS = st.floats(-8, 4).map(lambda x: round(x, 3))
NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 2))


def array(shape: Any, elements: Any = NUMBERS) -> Any:
    """Arrays with each element drawn for itself."""
    return hnp.arrays(np.float64, shape, elements=elements, fill=st.nothing())


def kl_by_quadrature(mu: float, sigma: float) -> float:
    """The integral of p log(p / q) over the line, for p = N(mu, sigma²) and q = N(0, 1), as it is defined."""

    def integrand(x: float) -> float:
        log_p = -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma)
        log_q = -0.5 * x * x
        return math.exp(log_p) / math.sqrt(2 * math.pi) * (log_p - log_q)

    value, _ = integrate.quad(integrand, mu - 12 * sigma, mu + 12 * sigma, points=[mu], epsabs=1e-11, limit=200)
    return float(value)


@STEADY
@given(MEANS, WIDTHS)
def test_gaussian_kl_is_the_integral_that_defines_it(mu: float, sigma: float) -> None:
    """The oracle of the KL agrees with a numerical integral of the definition, not of the closed form."""
    assert oracles.gaussian_kl(mu, sigma) == pytest.approx(kl_by_quadrature(mu, sigma), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("mu", [-100, 0, 100])
@pytest.mark.parametrize("sigma", ["0.001", "0.3", "1", "1000"])
def test_gaussian_kl_is_exact_at_extremes(mu: int, sigma: str) -> None:
    """At the ends of its range the oracle of the KL agrees with forty decimal digits."""
    with localcontext() as context:
        context.prec = 40
        width = Decimal(sigma)
        exact = (Decimal(mu) ** 2 + width**2 - 1) / 2 - width.ln()
    assert float(oracles.gaussian_kl(float(mu), float(sigma))) == pytest.approx(float(exact), rel=1e-14, abs=1e-15)


def test_gaussian_kl_broadcasts() -> None:
    """A column of means against a row of widths gives the table of all pairs."""
    found = oracles.gaussian_kl(np.array([[0.0], [1.0]]), np.array([1.0, 2.0, 3.0]))
    assert found.shape == (2, 3)
    for (i, mu), (j, sigma) in product(enumerate([0.0, 1.0]), enumerate([1.0, 2.0, 3.0])):
        assert found[i, j] == oracles.gaussian_kl(mu, sigma)


@STEADY
@given(MEANS, WIDTHS)
def test_shift_and_spread_add_up(mu: float, sigma: float) -> None:
    """The parts add up to the whole; the shift is that of a unit width, the spread that of a centred Gaussian."""
    shift, spread = oracles.kl_shift_spread(mu, sigma)
    assert float(shift + spread) == pytest.approx(kl_by_quadrature(mu, sigma), rel=1e-7, abs=1e-8)
    assert float(shift) == pytest.approx(float(Fraction(mu) ** 2 / 2), rel=1e-13, abs=1e-15)


def kl_in_decimals(mu: Any, log_var: Any) -> list[float]:
    """The KL of each row with a hundred decimal digits, from exact values of the given floats."""
    rows = []
    with localcontext() as context:
        context.prec = 100
        for means, widths in zip(mu.tolist(), log_var.tolist(), strict=True):
            terms = [Decimal(m) ** 2 + Decimal(w).exp() - Decimal(w) - 1 for m, w in zip(means, widths, strict=True)]
            rows.append(float(sum(terms, Decimal(0)) / 2))
    return rows


@pytest.mark.parametrize("log_var", [-800.0, -745.2, -300.0, -40.0, -1e-9, 0.0, 1e-12, 1e-5, 1.0, 40.0, 80.0])
@pytest.mark.parametrize("mu", [0.0, 1e-4, 1.0, 100.0])
def test_kl_from_log_var_is_exact_at_extremes(mu: float, log_var: float) -> None:
    """From log variance -800 to 80, and next to 0 where all cancels, the oracle agrees with a hundred digits."""
    means, widths = np.array([[mu, 0.5]]), np.array([[log_var, 0.0]])
    found = oracles.kl_from_log_var(means, widths)
    assert found.shape == (1,)
    assert found[0] == pytest.approx(kl_in_decimals(means, widths)[0], rel=1e-12, abs=1e-14)


@STEADY
@given(st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(lambda s: st.tuples(array(s), array(s, LOG_VARS))))
def test_kl_from_log_var_sums_over_dimensions(pair: Any) -> None:
    """The oracle gives one exact number a row, for any number of rows and dimensions."""
    found = oracles.kl_from_log_var(*pair)
    assert found.shape == (len(pair[0]),)
    assert np.allclose(found, kl_in_decimals(*pair), rtol=1e-13, atol=1e-14)


@STEADY
@given(st.integers(-30, 60), st.integers(0, 20))
def test_kl_weight_follows_its_three_cases(epoch: int, warmup: int) -> None:
    """The warm-up is 0 before epoch 0, 1 from its end on, and the exact fraction between."""
    if warmup == 0:
        epoch = abs(epoch)
        exact = Fraction(1)
    elif epoch < 0:
        exact = Fraction(0)
    else:
        exact = Fraction(epoch, warmup) if epoch < warmup else Fraction(1)
    assert float(oracles.kl_weight(float(epoch), warmup)) == pytest.approx(float(exact), rel=1e-15)
    assert oracles.kl_weight(np.array([float(epoch)] * 2), warmup).tolist() == pytest.approx([float(exact)] * 2)


@STEADY
@given(
    st.tuples(st.integers(1, 6), st.integers(1, 4)).flatmap(
        lambda s: st.tuples(array(s, st.sampled_from([0.0, 0.1, 1.0])), array(s, st.sampled_from([1.0, 0.9, 2.0])))
    ),
    st.sampled_from([0.003, 0.02, 0.3]),
    st.sampled_from([0.25, 0.5, 0.75, 0.9]),
)
def test_active_units_count_sample_by_sample(pair: Any, delta: float, fraction: float) -> None:
    """The oracle marks a dimension when as many samples as asked, counted one by one, lie above delta."""
    mu, sigma = pair
    expected = []
    for j in range(mu.shape[1]):
        above = 0
        for i in range(mu.shape[0]):
            above += 0.5 * (mu[i, j] ** 2 + sigma[i, j] ** 2 - 1) - math.log(sigma[i, j]) > delta
        expected.append(Fraction(above) >= Fraction(fraction).limit_denominator(100) * mu.shape[0])
    assert oracles.active_units(mu, sigma, delta, fraction).tolist() == expected


def matrices(*shapes: tuple[str, ...]) -> Any:
    """Matrices whose shapes share the letters of their sizes."""
    letters = sorted({letter for shape in shapes for letter in shape})
    sizes = st.fixed_dictionaries({letter: st.integers(1, 4) for letter in letters})
    return sizes.flatmap(lambda size: st.tuples(*[array(tuple(size[letter] for letter in shape)) for shape in shapes]))


@STEADY
@given(matrices(("n", "d"), ("n", "d")))
def test_reconstruction_loss_is_summed_and_averaged(pair: Any) -> None:
    """The oracle sums squares over dimensions and averages over samples, as exact fractions do."""
    X, X_hat = pair
    squares = [
        (Fraction(x) - Fraction(y)) ** 2 for x, y in zip(X.ravel().tolist(), X_hat.ravel().tolist(), strict=True)
    ]
    assert oracles.reconstruction_loss(X, X_hat) == pytest.approx(float(sum(squares) / len(X)), rel=1e-14, abs=1e-15)


@STEADY
@given(matrices(("n", "d"), ("d", "k"), ("k", "d")))
def test_loss_gradients_are_those_of_algebra(weights: Any) -> None:
    """The oracle's differences agree with the gradients that matrix calculus gives."""
    X, W_enc, W_dec = weights
    residual = X @ W_enc @ W_dec - X
    d_enc, d_dec = oracles.loss_gradients(X, W_enc, W_dec)
    assert np.allclose(d_enc, 2 / len(X) * X.T @ residual @ W_dec.T, rtol=1e-9, atol=1e-10)
    assert np.allclose(d_dec, 2 / len(X) * W_enc.T @ X.T @ residual, rtol=1e-9, atol=1e-10)


@STEADY
@given(matrices(("n", "d"), ("d", "k"), ("k", "d")), st.sampled_from([0.001, 0.1, 1.0]))
def test_train_step_goes_down_both_gradients_at_once(weights: Any, rate: float) -> None:
    """The oracle's step uses both gradients at the old weights."""
    X, W_enc, W_dec = weights
    residual = X @ W_enc @ W_dec - X
    new_enc, new_dec = oracles.train_step(X, W_enc, W_dec, rate)
    assert np.allclose(new_enc, W_enc - rate * 2 / len(X) * X.T @ residual @ W_dec.T, rtol=1e-9, atol=1e-9)
    assert np.allclose(new_dec, W_dec - rate * 2 / len(X) * W_enc.T @ X.T @ residual, rtol=1e-9, atol=1e-9)


@STEADY
@given(array((6, 2)))
def test_pca_loss_is_the_best_line_in_the_plane(X: Any) -> None:
    """In the plane, no direction of 2000 leaves less than the oracle says, and the best one leaves hardly more."""
    centred = X - X.mean(axis=0)
    angles = np.linspace(0, np.pi, 2000, endpoint=False)
    normals = np.stack([-np.sin(angles), np.cos(angles)])
    left = np.mean((centred @ normals) ** 2, axis=0)
    found = oracles.pca_reconstruction_loss(X, 1)
    total = np.mean(np.sum(centred**2, axis=1))
    assert found <= left.min() + 1e-9
    assert found >= left.min() - 1e-5 * total - 1e-9


@STEADY
@given(array((5, 3)), st.integers(0, 3))
def test_pca_loss_is_what_the_small_eigenvalues_say(X: Any, k: int) -> None:
    """The oracle's loss is the sum of the d - k smallest eigenvalues of the covariance with 1/n."""
    values = np.linalg.eigvalsh(np.cov(X.T, bias=True))
    assert oracles.pca_reconstruction_loss(X, k) == pytest.approx(float(values[: 3 - k].sum()), rel=1e-9, abs=1e-10)


@STEADY
@given(array((7, 3)), st.integers(1, 3))
def test_principal_axes_reach_the_pca_loss(X: Any, k: int) -> None:
    """Projected on the oracle's axes, centred data lose what the oracle of the loss says; the axes are orthonormal."""
    centred = X - X.mean(axis=0)
    axes = oracles.principal_axes(centred, k)
    assert np.allclose(axes @ axes.T, np.eye(k), atol=1e-9)
    loss = oracles.reconstruction_loss(centred, centred @ axes.T @ axes)
    assert loss == pytest.approx(oracles.pca_reconstruction_loss(X, k), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("degrees", [0, 1, 30, 89, 90])
def test_the_angle_between_subspaces(degrees: float) -> None:
    """Lines and planes turned by an angle have its sine as the largest one, however their rows are scaled or mixed."""
    turn = math.radians(degrees)
    axes = np.array([[1.0, 0.0, 0.0]])
    turned = 7.0 * np.array([[math.cos(turn), math.sin(turn), 0.0]])
    assert oracles.largest_angle_sine(turned, axes) == pytest.approx(math.sin(turn), abs=1e-9)
    plane = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    mixed = np.array([[1.0, 2.0], [3.0, -1.0]]) @ np.concatenate([turned, [[0.0, 0.0, 1.0]]])
    assert oracles.largest_angle_sine(mixed, plane) == pytest.approx(math.sin(turn), abs=1e-9)


@STEADY
@given(array((2, 3)), array((2, 3), LOG_VARS), array((2, 3)))
def test_backward_is_the_slope_of_forward(dz: Any, log_var: Any, eps: Any) -> None:
    """The oracle of the backward pass agrees with a central difference of the forward pass."""
    step = 1e-5
    dmu, dlog_var = oracles.reparameterise_backward(dz, log_var, eps)

    def forward(lv: Any) -> Any:
        return oracles.reparameterise(0.0, np.exp(lv / 2), eps)

    slope = (forward(log_var + step) - forward(log_var - step)) / (2 * step)
    assert np.array_equal(dmu, dz)
    assert np.allclose(dlog_var, dz * slope, rtol=1e-7, atol=1e-8)


@STEADY
@given(array((3, 2)), array((3, 2)), array((3, 2)), array((3, 2), LOG_VARS), st.sampled_from([0.0, 0.5, 1.0, 4.0]))
def test_negative_elbo_adds_what_each_sample_costs(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: float) -> None:
    """The oracle is the mean over samples of squared error plus beta times the KL of that sample."""
    costs = [
        sum((X[i] - X_hat[i]) ** 2) + beta * kl_in_decimals(mu[i : i + 1], log_var[i : i + 1])[0] for i in range(len(X))
    ]
    assert oracles.negative_elbo(X, X_hat, mu, log_var, beta) == pytest.approx(sum(costs) / len(X), rel=1e-12)


SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 3))
PAIRS = SHAPES.flatmap(lambda shape: st.tuples(array(shape, MEANS), array(shape, WIDTHS)))
ASKED: list[tuple[str, str, Any]] = [
    (
        "gaussian_kl",
        "gaussian_kl",
        st.one_of(PAIRS, st.tuples(MEANS, WIDTHS), st.tuples(array((3, 1)), array(2, WIDTHS))),
    ),
    ("gaussian_kl", "kl_shift_spread", PAIRS),
    ("gaussian_kl", "kl_from_log_var", SHAPES.flatmap(lambda s: st.tuples(array(s), array(s, st.floats(-800, 80))))),
    ("gaussian_kl", "beta_vae_loss", st.tuples(array(3), array(3), st.floats(0, 10))),
    ("gaussian_kl", "kl_weight", st.tuples(array(4, st.floats(-20, 60)), st.integers(1, 30))),
    ("gaussian_kl", "kl_weight", st.tuples(array(4, st.floats(0, 60)), st.just(0))),
    ("linear_autoencoder", "reconstruction_loss", matrices(("n", "d"), ("n", "d"))),
    ("linear_autoencoder", "loss_gradients", matrices(("n", "d"), ("d", "k"), ("k", "d"))),
    (
        "linear_autoencoder",
        "train_step",
        st.tuples(matrices(("n", "d"), ("d", "k"), ("k", "d")), st.floats(0.001, 1)).map(lambda two: (*two[0], two[1])),
    ),
    ("linear_autoencoder", "pca_reconstruction_loss", st.tuples(array((5, 3)), st.integers(0, 3))),
    ("reparameterisation", "reparameterise", st.tuples(array((3, 1)), array(2, WIDTHS), array((3, 2)))),
    ("reparameterisation", "reparameterise_backward", st.tuples(array(4), array(4, st.floats(-20, 20)), array(4))),
    (
        "reparameterisation",
        "negative_elbo",
        st.tuples(array((3, 4)), array((3, 4)), array((3, 2)), array((3, 2), st.floats(-20, 20)), st.floats(0, 5)),
    ),
]


@pytest.mark.parametrize(("module", "name", "arguments"), ASKED, ids=[name for _, name, _ in ASKED])
@settings(STEADY, max_examples=100)
@given(data=st.data())
def test_oracles_and_reference_solutions_agree(module: str, name: str, arguments: Any, data: Any) -> None:
    """The oracle and the reference solution, written apart from each other, agree far below the tolerance of grading."""
    asked = data.draw(arguments)
    reference: Callable[..., Any] = getattr(importlib.import_module(f"solutions.{module}"), name)
    oracle: Callable[..., Any] = getattr(oracles, name)
    assert close(reference(*asked), oracle(*asked), rtol=1e-10, atol=1e-10)


@STEADY
@given(SHAPES.flatmap(lambda s: st.tuples(array(s, st.sampled_from([0.0, 0.3, 2.0])), array(s, WIDTHS))))
def test_active_units_agree_with_the_reference(pair: Any) -> None:
    """On posteriors whose KL is not at the threshold, oracle and reference mark the same dimensions."""
    mu, sigma = pair
    reference = importlib.import_module("solutions.gaussian_kl").active_units
    kl = oracles.gaussian_kl(mu, sigma)
    for delta, fraction in product((0.01, 0.5), (0.25, 0.5, 0.75)):
        if np.abs(kl - delta).min() > 1e-6:
            assert (
                reference(mu, sigma, delta, fraction).tolist()
                == oracles.active_units(mu, sigma, delta, fraction).tolist()
            )


def vae_example(n: int, d: int, k: int) -> tuple[Any, ...]:
    """Random data and weights of a linear VAE."""
    rng = np.random.default_rng(100 * n + 10 * d + k)
    return rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(k, d))


@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (3, 2, 2), (4, 3, 2), (2, 2, 3)])
def test_expected_vae_loss_is_an_integral_over_the_noise(n: int, d: int, k: int) -> None:
    """The oracle of the averaged loss equals Gauss-Hermite quadrature over all latent dimensions."""
    X, W_enc, log_var, W_dec = vae_example(n, d, k)
    nodes, masses = np.polynomial.hermite_e.hermegauss(5)
    total = 0.0
    for places in product(range(5), repeat=k):
        z = X @ W_enc + np.exp(log_var / 2) * nodes[list(places)]
        mass = np.prod(masses[list(places)]) / (2 * np.pi) ** (k / 2)
        total += float(mass * np.sum((X - z @ W_dec) ** 2) / n)
    kl = np.mean(np.sum(oracles.gaussian_kl(X @ W_enc, np.exp(log_var / 2)), axis=1))
    assert vae_oracles.expected_vae_loss(X, W_enc, log_var, W_dec, 0.7) == pytest.approx(total + 0.7 * kl, rel=1e-10)


@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (4, 3, 2), (2, 2, 3)])
def test_vae_gradients_average_to_those_of_the_averaged_loss(n: int, d: int, k: int) -> None:
    """Over the two draws +eps and -eps of each dimension alone the oracle's gradients average to those of the averaged loss."""
    X, *parts = vae_example(n, d, k)
    beta, step = 1.3, 1e-5
    draws = [side * np.sqrt(k) * np.tile(row, (n, 1)) for row in np.eye(k) for side in (1, -1)]
    found = [vae_oracles.vae_gradients(X, parts[0], parts[1], parts[2], eps, beta) for eps in draws]
    for place in range(3):
        measured = np.zeros(parts[place].shape)
        for index in np.ndindex(*measured.shape):
            sides = []
            for side in (step, -step):
                moved = [part.copy() for part in parts]
                moved[place][index] += side
                sides.append(vae_oracles.expected_vae_loss(X, moved[0], moved[1], moved[2], beta))
            measured[index] = (sides[0] - sides[1]) / (2 * step)
        averaged = np.mean([one[place] for one in found], axis=0)
        np.testing.assert_allclose(averaged, measured, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("k", "beta"), [(1, 0.3), (2, 1.0), (2, 3.0), (1, 9.0)])
def test_best_vae_loss_is_what_a_minimiser_finds(k: int, beta: float) -> None:
    """No start of a general minimiser ends below the oracle's best loss, and the best start reaches it and its widths."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(12, 3)) * np.array([1.8, 1.0, 0.6])
    X = X - X.mean(axis=0)

    def split(flat: Any) -> tuple[Any, Any, Any]:
        return flat[: 3 * k].reshape(3, k), flat[3 * k : 4 * k], flat[4 * k :].reshape(k, 3)

    def loss(flat: Any) -> float:
        return vae_oracles.expected_vae_loss(X, *split(flat), beta)

    ends = [optimize.minimize(loss, 0.7 * rng.normal(size=7 * k), tol=1e-12) for _ in range(4)]
    best = vae_oracles.best_vae_loss(X + 5, k, beta)
    assert min(end.fun for end in ends) == pytest.approx(best, rel=1e-6)
    log_var = split(min(ends, key=lambda end: end.fun).x)[1]
    np.testing.assert_allclose(np.sort(np.exp(log_var)), vae_oracles.best_variances(X, k, beta), rtol=5e-3)
    active = vae_oracles.active_directions(X + 5, k, beta)
    assert active == np.count_nonzero(np.exp(log_var) < 0.98)
