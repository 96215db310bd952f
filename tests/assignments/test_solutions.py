"""The reference solutions are right by independent means: loops, central differences, quadrature, fifty digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from solutions import gaussian_kl as kl_module
from solutions import latent_space as latent
from solutions import linear_autoencoder as linear
from solutions import linear_vae as vae
from solutions import reparameterisation as reparam


def central_difference(f: Callable[[np.ndarray], float], at: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """Return the measured gradient of f at an array."""
    gradient = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += h
        down[place] -= h
        gradient[place] = (f(up) - f(down)) / (2 * h)
    return gradient


def test_linear_pieces_agree_with_loops() -> None:
    """Encoding, decoding and the loss are the sums that the lesson writes down."""
    rng = np.random.default_rng(0)
    X, W_enc, W_dec = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
    Z = [[sum(x[j] * W_enc[j, i] for j in range(3)) for i in range(2)] for x in X]
    X_hat = [[sum(z[i] * W_dec[i, j] for i in range(2)) for j in range(3)] for z in Z]
    loss = sum((X[s, j] - X_hat[s][j]) ** 2 for s in range(4) for j in range(3)) / 4
    np.testing.assert_allclose(linear.encode(X, W_enc), Z)
    np.testing.assert_allclose(linear.decode(np.array(Z), W_dec), X_hat)
    assert linear.reconstruction_loss(X, np.array(X_hat)) == pytest.approx(loss)
    assert linear.reconstruction_loss(np.array([[3.0]]), np.array([[2.7]])) == pytest.approx(0.09)


@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (5, 3, 2), (4, 6, 4)])
def test_loss_gradients_agree_with_central_differences(n: int, d: int, k: int) -> None:
    """The computed gradients are the measured ones, and a step goes against them without touching its arguments."""
    rng = np.random.default_rng(n)
    X, W_enc, W_dec = rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=(k, d))
    kept = X.copy(), W_enc.copy(), W_dec.copy()
    dW_enc, dW_dec = linear.loss_gradients(X, W_enc, W_dec)
    np.testing.assert_allclose(
        dW_enc, central_difference(lambda W: np.sum((X - X @ W @ W_dec) ** 2) / n, W_enc), atol=1e-6
    )
    np.testing.assert_allclose(
        dW_dec, central_difference(lambda W: np.sum((X - X @ W_enc @ W) ** 2) / n, W_dec), atol=1e-6
    )
    new_enc, new_dec = linear.train_step(X, W_enc, W_dec, 0.3)
    np.testing.assert_allclose(new_enc, W_enc - 0.3 * dW_enc)
    np.testing.assert_allclose(new_dec, W_dec - 0.3 * dW_dec)
    for before, after in zip(kept, (X, W_enc, W_dec), strict=True):
        np.testing.assert_array_equal(before, after)


def spectra(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Return eigenvalues between 0.01 and 3 and a latent size: ordinary ones, and those that are hard to train on."""
    d = int(rng.integers(1, 21))
    k = int(rng.integers(1, d + 1))
    inner = min(k, max(d - 1, 1))
    kind = rng.integers(7)
    if kind == 0:
        return np.exp(rng.uniform(np.log(0.01), np.log(3), d)), k
    if kind == 1:
        return rng.uniform(0.01, 3, d), k
    if kind == 2:
        return np.geomspace(3, 0.01, d), k
    if kind == 3:
        return np.geomspace(3, 0.01, d), d
    # The least gap that must be resolved, at the bottom of the range, at its top, and below steep directions.
    values = np.full(d, 2.69 if kind == 4 else 0.01)
    values[:inner] = 3.0 if kind != 5 else 0.01 / 0.8999
    values[inner - 1] = values[-1] / 0.8999 if d > 1 else 1.0
    return values, inner


@pytest.mark.parametrize("seed", range(100))
def test_fit_keeps_its_contract(seed: int) -> None:
    """Gradient descent reaches the PCA loss and, where the gap allows, the PCA subspace, on a hundred instances."""
    rng = np.random.default_rng(seed)
    eigenvalues, k = spectra(rng)
    d = len(eigenvalues)
    n = int(rng.integers(d + 1, 201)) if seed % 2 else d + 1
    axes = np.linalg.qr(rng.standard_normal((d, d)))[0]
    noise = rng.standard_normal((n, d))
    X = np.linalg.qr(noise - noise.mean(axis=0))[0] * np.sqrt(n * np.sort(eigenvalues)[::-1]) @ axes.T
    W_enc, W_dec = linear.fit_linear_autoencoder(X, k, np.random.default_rng(seed))
    values, vectors = np.linalg.eigh(X.T @ X / n)
    values, vectors = values[::-1], vectors[:, ::-1]
    loss = np.sum((X - X @ W_enc @ W_dec) ** 2) / n
    assert loss <= 1.01 * values[k:].sum() + 0.001 * values.sum()
    if k < d and (values[k - 1] - values[k]) / values[k - 1] >= 0.1:
        span = np.linalg.qr(W_dec.T)[0]
        assert np.linalg.norm(span - vectors[:, :k] @ (vectors[:, :k].T @ span), 2) <= 0.01


def test_fit_is_reproducible_and_works_on_deficient_data() -> None:
    """One seed gives one answer, and data with fewer samples than dimensions are fitted as well."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((6, 15))
    X -= X.mean(axis=0)
    first, second = (linear.fit_linear_autoencoder(X, 5, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
    assert np.sum((X - X @ first[0] @ first[1]) ** 2) / 6 <= 0.001 * np.sum(X**2) / 6


@pytest.mark.parametrize(("n", "d"), [(1, 1), (7, 4), (4, 7), (30, 5)])
def test_pca_loss_is_the_sum_of_the_left_out_eigenvalues(n: int, d: int) -> None:
    """For every k the PCA loss is the variance along the least d - k eigenvectors of the centred data."""
    X = np.random.default_rng(n).normal(3.0, 2.0, size=(n, d))
    values = np.sort(np.linalg.eigvalsh(np.atleast_2d(np.cov(X.T, bias=True))))
    for k in range(d + 1):
        assert linear.pca_reconstruction_loss(X, k) == pytest.approx(values[: d - k].sum(), abs=1e-10)


@pytest.mark.parametrize(
    ("mu", "sigma"), [(0.0, 1.0), (1.0, 1.0), (0.0, 2.0), (1.5, 0.5), (-0.8, 0.7), (100.0, 1e-3), (-3.0, 40.0)]
)
def test_kl_agrees_with_quadrature(mu: float, sigma: float) -> None:
    """The closed form is the integral of q (log q - log p), and shift and spread are the two halves of it."""
    t = np.linspace(-12, 12, 200_001)
    q = np.exp(-0.5 * t**2) / np.sqrt(2 * np.pi)
    excess = -0.5 * t**2 - np.log(sigma) + 0.5 * (mu + sigma * t) ** 2
    integral = np.sum(q * excess) * (t[1] - t[0])
    assert kl_module.gaussian_kl(mu, sigma) == pytest.approx(integral, rel=1e-9, abs=1e-9)
    shift, spread = kl_module.kl_shift_spread(mu, sigma)
    assert shift + spread == pytest.approx(integral, rel=1e-9, abs=1e-9)
    assert shift == pytest.approx(kl_module.gaussian_kl(mu, 1.0))


def test_kl_broadcasts() -> None:
    """Means in a column and standard deviations in a row give a table."""
    table = kl_module.gaussian_kl(np.zeros((3, 1)), np.array([1.0, 2.0]))
    assert table.shape == (3, 2)
    assert np.ptp(table, axis=0).max() == 0


def test_ranking_of_the_chapter_is_by_the_formula() -> None:
    """By the closed form (i) < (ii) < (iii) < (iv), with the exact values of the chapter's digest."""
    values = kl_module.gaussian_kl(np.array([0, 0, 1.5, 0]), np.array([1, 0.3, 1, 3.0]))
    np.testing.assert_allclose(values, [0, 0.7490, 1.1250, 2.9014], atol=5e-5)


def test_kl_from_log_var_keeps_nine_digits() -> None:
    """From log-variance -800 to 80, and close to 0, the KL agrees with fifty-digit arithmetic."""
    rng = np.random.default_rng(4)
    tiny = rng.choice([-1, 1], 200) * 10.0 ** rng.uniform(-12, 0, 200)
    log_var = np.concatenate([rng.uniform(-800, 80, 200), tiny, [-800, 80, 0, -745.2, -103.3]])[:, None]
    mu = 10.0 ** rng.uniform(-6, 2, log_var.shape) * (rng.random(log_var.shape) < 0.5)
    with localcontext() as context:
        context.prec = 50
        exact = [
            float((Decimal(m) ** 2 + Decimal(v).exp() - 1 - Decimal(v)) / 2)
            for m, v in zip(mu.ravel().tolist(), log_var.ravel().tolist(), strict=True)
        ]
    np.testing.assert_allclose(kl_module.kl_from_log_var(mu, log_var), exact, rtol=1e-9, atol=1e-12)
    both = kl_module.kl_from_log_var(np.hstack([mu, mu]), np.hstack([log_var, log_var]))
    np.testing.assert_allclose(both, 2 * np.array(exact), rtol=1e-9, atol=1e-12)


def test_warm_up_is_a_clamped_ramp() -> None:
    """The weight is 0 before epoch 0, rises linearly, ends at 1, and is 1 at once without a warm-up."""
    np.testing.assert_allclose(kl_module.kl_weight(np.array([-3.0, 0, 2.5, 10, 99])), [0, 0, 0.25, 1, 1])
    assert kl_module.kl_weight(5.0, warmup=20) == pytest.approx(0.25)
    np.testing.assert_array_equal(kl_module.kl_weight(np.array([0.0, 7.0]), warmup=0), [1, 1])
    assert kl_module.kl_weight(0.0, warmup=0) == 1
    assert kl_module.beta_vae_loss(0.4, 1.2, kl_module.kl_weight(5.0)) == pytest.approx(1.0)
    assert kl_module.beta_vae_loss(0.09, 0.5) == pytest.approx(0.59)


def test_active_units_count_samples_and_include_ties() -> None:
    """A unit is active when at least the fraction of samples exceeds delta; one large KL is not enough."""
    mu = np.array([[1.0, 0, 9], [1, 0, 0], [0, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(kl_module.active_units(mu, np.ones((4, 3))), [True, False, False])
    np.testing.assert_array_equal(kl_module.active_units(mu, np.ones((4, 3)), fraction=0.25), [True, False, True])
    np.testing.assert_array_equal(
        kl_module.active_units(mu, np.ones((4, 3)), delta=0.6, fraction=0.25), [False, False, True]
    )


def test_backward_agrees_with_central_differences() -> None:
    """The gradients passed back are the measured ones of a loss of z."""
    rng = np.random.default_rng(5)
    dz, mu, log_var, eps = rng.normal(size=(4, 3, 2))
    dmu, dlog_var = reparam.reparameterise_backward(dz, log_var, eps)
    np.testing.assert_allclose(
        dmu, central_difference(lambda m: np.sum(dz * (m + np.exp(log_var / 2) * eps)), mu), atol=1e-7
    )
    np.testing.assert_allclose(
        dlog_var, central_difference(lambda v: np.sum(dz * (mu + np.exp(v / 2) * eps)), log_var), atol=1e-7
    )
    assert dmu is not dz
    assert reparam.reparameterise(0.5, 1.2, -0.3) == pytest.approx(0.14)


def test_posterior_draws_are_normal_and_independent() -> None:
    """Draws have the asked mean, spread and shape, share no noise, and go on where the generator stands."""
    mu, sigma = np.array([[3.0, -1.0], [0.0, 10.0]]), np.array([[0.5, 2.0], [1.0, 0.1]])
    rng = np.random.default_rng(6)
    first, second = reparam.sample_posterior(mu, sigma, 20_000, rng), reparam.sample_posterior(mu, sigma, 20_000, rng)
    assert first.shape == (20_000, 2, 2)
    noise = np.concatenate([((z - mu) / sigma).reshape(20_000, 4) for z in (first, second)], axis=1)
    assert np.abs(noise.mean(axis=0)).max() < 0.04
    assert np.abs(np.cov(noise.T) - np.eye(8)).max() < 0.05
    assert np.abs(np.mean(noise**3, axis=0)).max() < 0.15
    assert np.abs(np.mean(noise**4, axis=0) - 3).max() < 0.3


def test_negative_elbo_bounds_the_evidence() -> None:
    """With decoder variance ½ and its constant, the loss at the true posterior is -log p(x), and larger elsewhere."""
    w, x, number = 1.5, 1.2, 20_001
    t = np.linspace(-9, 9, number)
    weights = np.exp(-0.5 * t**2) / np.sum(np.exp(-0.5 * t**2))
    variance = w**2 + 0.5
    evidence = 0.5 * np.log(2 * np.pi * variance) + x**2 / (2 * variance)

    def bound(mu: float, sigma: float) -> float:
        losses = np.array(
            [
                reparam.negative_elbo(
                    np.array([[x]]),
                    np.array([[w * (mu + sigma * e)]]),
                    np.array([[mu]]),
                    np.array([[2 * np.log(sigma)]]),
                )
                for e in t[::100]
            ]
        )
        return float(np.sum(losses * weights[::100]) / np.sum(weights[::100]) + 0.5 * np.log(np.pi))

    best = w * x / variance, np.sqrt(0.5 / variance)
    assert bound(*best) == pytest.approx(evidence, abs=1e-6)
    assert bound(best[0] + 0.3, best[1]) > evidence + 0.05
    assert bound(best[0], 2 * best[1]) > evidence + 0.05


def test_negative_elbo_sums_dimensions_and_averages_samples() -> None:
    """The loss is the mean over samples of the squared error plus β times the KL, both summed over dimensions."""
    rng = np.random.default_rng(8)
    X, X_hat, mu, log_var = (
        rng.normal(size=(3, 5)),
        rng.normal(size=(3, 5)),
        rng.normal(size=(3, 2)),
        rng.normal(size=(3, 2)),
    )
    expected = 0.0
    for s in range(3):
        expected += sum((X[s, j] - X_hat[s, j]) ** 2 for j in range(5)) / 3
        expected += 0.7 * sum(kl_module.gaussian_kl(mu[s, i], np.exp(log_var[s, i] / 2)) for i in range(2)) / 3
    assert reparam.negative_elbo(X, X_hat, mu, log_var, beta=0.7) == pytest.approx(expected)


def test_paths_begin_end_and_keep_what_they_promise() -> None:
    """The straight path is even, the round one keeps the length and the angle's pace; both meet their ends."""
    rng = np.random.default_rng(9)
    t = np.linspace(0, 1, 11)
    for _ in range(20):
        a, b = rng.standard_normal((2, 5))
        a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
        straight, around = latent.lerp(a, b, t), latent.slerp(a, b, t)
        for path in (straight, around):
            np.testing.assert_allclose(path[[0, -1]], [a, b], atol=1e-12)
        np.testing.assert_allclose(straight[5], (a + b) / 2)
        np.testing.assert_allclose(np.linalg.norm(around, axis=1), 1)
        np.testing.assert_allclose(np.arccos(np.clip(around @ a, -1, 1)), t * np.arccos(a @ b), atol=1e-6)
        np.testing.assert_array_equal(latent.slerp(a, 2 * a, t), latent.lerp(a, 2 * a, t))
        np.testing.assert_array_equal(latent.slerp(a, -a, 0.3), latent.lerp(a, -a, 0.3))


def test_codes_and_labels_agree_with_loops() -> None:
    """Each encoding gets the first of its nearest codes, each label its own column."""
    rng = np.random.default_rng(10)
    z_e, codebook = rng.standard_normal((7, 3)), rng.standard_normal((4, 3))
    codebook[3] = codebook[1]
    indices, z_q = latent.nearest_code(z_e, codebook)
    for row, index in enumerate(indices):
        distances = [float(np.linalg.norm(z_e[row] - code)) for code in codebook]
        assert index == distances.index(min(distances))
        np.testing.assert_array_equal(z_q[row], codebook[index])
    z_c = latent.condition_on_label(z_e, np.array([0, 2, 1, 1, 0, 2, 4]), 5)
    assert z_c.shape == (7, 8)
    assert [row[3:].tolist().index(1.0) for row in z_c] == [0, 2, 1, 1, 0, 2, 4]


@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (5, 3, 2), (4, 2, 3)])
def test_vae_gradients_agree_with_central_differences(n: int, d: int, k: int) -> None:
    """The gradients of one draw are the measured ones, and the arguments stay as they are."""
    rng = np.random.default_rng(n)
    X, eps = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    parts = [rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(k, d))]
    kept = [part.copy() for part in parts]
    gradients = vae.vae_gradients(X, parts[0], parts[1], parts[2], eps, 1.7)

    def loss(place: int, part: np.ndarray) -> float:
        W_enc, log_var, W_dec = [*parts[:place], part, *parts[place + 1 :]]
        mu = X @ W_enc
        error = np.sum((X - (mu + np.exp(0.5 * log_var) * eps) @ W_dec) ** 2)
        return float((error + 1.7 * kl_module.kl_from_log_var(mu, np.tile(log_var, (n, 1))).sum()) / n)

    for place, gradient in enumerate(gradients):
        measured = central_difference(lambda part, place=place: loss(place, part), parts[place])
        np.testing.assert_allclose(gradient, measured, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(parts[place], kept[place])


def test_the_expected_loss_is_the_average_over_draws() -> None:
    """Over many draws the loss averages to the expected one, to within five standard errors."""
    rng = np.random.default_rng(3)
    X, W_enc, W_dec = rng.normal(size=(6, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 3))
    log_var, beta = np.array([0.4, -1.0]), 0.6
    mu = X @ W_enc
    z = mu + np.exp(0.5 * log_var) * rng.normal(size=(20000, 6, 2))
    drawn = np.mean(np.sum((X - z @ W_dec) ** 2, axis=2), axis=1)
    kl = kl_module.kl_from_log_var(mu, np.tile(log_var, (6, 1))).mean()
    off = vae.expected_vae_loss(X, W_enc, log_var, W_dec, beta) - beta * kl - drawn.mean()
    assert abs(off) < 5 * drawn.std() / np.sqrt(len(drawn))


@pytest.mark.parametrize("beta", [0.3, 1.0, 3.5])
def test_training_ends_at_the_closed_form(beta: float) -> None:
    """The trained VAE comes within 2 % of the best loss and never below it, and uses as many dimensions as predicted."""
    rng = np.random.default_rng(8)
    X = rng.normal(size=(60, 5)) * np.array([1.9, 1.3, 0.9, 0.5, 0.3])
    X = X - X.mean(axis=0)
    W_enc, log_var, W_dec = vae.fit_linear_vae(X, 4, np.random.default_rng(1), beta)
    reached = vae.expected_vae_loss(X, W_enc, log_var, W_dec, beta)
    best = vae.best_vae_loss(X + 3, 4, beta)
    assert best - 1e-9 <= reached <= 1.02 * best
    assert np.sum(np.exp(log_var) < 0.95) == vae.active_directions(X + 3, 4, beta)
