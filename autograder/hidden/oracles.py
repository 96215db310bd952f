"""Right values, written independently of the reference solutions; the two check each other in the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any


def gaussian_kl(mu: Array, sigma: Array) -> Array:
    """KL(N(mu, sigma²) ‖ N(0, 1)) in nats, elementwise (Kingma and Welling 2014, appendix B)."""
    mu, sigma = np.broadcast_arrays(np.asarray(mu, np.longdouble), np.asarray(sigma, np.longdouble))
    return np.asarray((mu**2 + sigma**2 - 2 * np.log(sigma) - 1) / 2, dtype=np.float64)


def kl_shift_spread(mu: Array, sigma: Array) -> tuple[Array, Array]:
    """The parts of `gaussian_kl` due to the mean and to the width, in the broadcast shape (chapter, KL by hand)."""
    shape = np.broadcast_shapes(np.shape(mu), np.shape(sigma))
    zeros, ones = np.zeros(shape), np.ones(shape)
    return gaussian_kl(zeros + mu, ones), gaussian_kl(zeros, ones * np.asarray(sigma))


def kl_from_log_var(mu: Array, log_var: Array) -> Array:
    """Summed KL of each row in nats from log variances, in extended precision: (n, k), (n, k) -> (n,)."""
    mu, log_var = np.asarray(mu, np.longdouble), np.asarray(log_var, np.longdouble)
    return np.asarray((mu**2 + (np.expm1(log_var) - log_var)).sum(axis=1) / 2, dtype=np.float64)


def beta_vae_loss(reconstruction: Array, kl: Array, beta: float = 1.0) -> Array:
    """Reconstruction plus beta times KL (Higgins et al. 2017)."""
    return np.add(reconstruction, np.multiply(beta, kl))


def kl_weight(epoch: Array, warmup: float = 10) -> Array:
    """The linear KL warm-up: 0 before epoch 0, 1 from `warmup` on (Bowman et al. 2016; chapter, annealing)."""
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.interp(epoch, [0.0, float(warmup)], [0.0, 1.0])


def active_units(mu: Array, sigma: Array, delta: float = 0.01, fraction: float = 0.5) -> Array:
    """Which dimensions have a KL above delta for at least that fraction of the samples (chapter, bottleneck design)."""
    above = gaussian_kl(mu, sigma) > delta
    return np.array([np.count_nonzero(column) >= fraction * len(column) - 1e-12 for column in above.T])


def reconstruction_loss(X: Array, X_hat: Array) -> float:
    """Squared error summed over dimensions, averaged over samples."""
    residual = np.subtract(X, X_hat, dtype=np.longdouble)
    return float(np.einsum("ij,ij->", residual, residual) / len(residual))


def linear_loss(X: Array, W_enc: Array, W_dec: Array) -> float:
    """`reconstruction_loss` of the linear autoencoder X W_enc W_dec."""
    return reconstruction_loss(X, np.linalg.multi_dot([X, W_enc, W_dec]))


def loss_gradients(X: Array, W_enc: Array, W_dec: Array) -> tuple[Array, Array]:
    """Gradients of `linear_loss` by a complex step in each weight (Squire and Trapp 1998): exact but for rounding."""
    X, W_enc, W_dec = (np.asarray(array, np.float64) for array in (X, W_enc, W_dec))
    return (
        slopes(lambda moved: _losses(X, X @ moved @ W_dec), W_enc),
        slopes(lambda moved: _losses(X, (X @ W_enc) @ moved), W_dec),
    )


def slopes(losses: Callable[[Any], Any], weights: Array) -> Array:
    """The slope of a loss in each weight of a matrix (p, q) by a complex step; `losses` takes q matrices, (q, p, q), at once."""
    tiny = 1e-20
    steps = 1j * tiny * np.eye(weights.shape[1])[:, None, :]
    rows = np.eye(len(weights))[:, None, :, None]
    return np.array([losses(weights + row * steps).imag / tiny for row in rows], np.float64)


def _losses(X: Array, X_hat: Array) -> Array:
    """The loss of each of several reconstructions (m, n, d) of the same samples (n, d)."""
    residual = X - X_hat
    return np.einsum("mij,mij->m", residual, residual) / len(X)


def train_step(X: Array, W_enc: Array, W_dec: Array, learning_rate: float) -> tuple[Array, Array]:
    """One step of gradient descent, both gradients at the old weights."""
    d_enc, d_dec = loss_gradients(X, W_enc, W_dec)
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


def pca_reconstruction_loss(X: Array, k: int) -> float:
    """The part of the total variance outside the first k principal components (Eckart and Young 1936)."""
    centred = X - X.mean(axis=0)
    return float(np.sum(np.linalg.svd(centred, compute_uv=False)[k:] ** 2) / len(X))


def principal_axes(X: Array, k: int) -> Array:
    """The first k principal directions of centred X as orthonormal rows, (k, d)."""
    return np.linalg.svd(X, full_matrices=False)[2][:k]


def largest_angle_sine(rows: Array, axes: Array) -> float:
    """Sine of the largest principal angle between the row space of `rows` and that of orthonormal `axes`."""
    basis = np.linalg.qr(np.asarray(rows, np.float64).T)[0]
    return float(np.linalg.norm(axes.T - basis @ (basis.T @ axes.T), 2))


def reparameterise(mu: Array, sigma: Array, eps: Array) -> Array:
    """The draw that noise eps stands for (Kingma and Welling 2014, section 2.4)."""
    return np.add(mu, np.multiply(sigma, eps))


def reparameterise_backward(dz: Array, log_var: Array, eps: Array) -> tuple[Array, Array]:
    """Vector-Jacobian product of z = mu + exp(log_var / 2) eps, the width's slope by a complex step."""
    tiny = 1e-20
    slope = (np.exp((np.asarray(log_var) + 1j * tiny) / 2) * eps).imag / tiny
    return np.array(dz, dtype=np.float64), np.asarray(dz) * slope


def negative_elbo(X: Array, X_hat: Array, mu: Array, log_var: Array, beta: float = 1.0) -> float:
    """Reconstruction loss plus beta times the mean summed KL (chapter, ELBO)."""
    return reconstruction_loss(X, X_hat) + beta * float(np.mean(kl_from_log_var(mu, log_var)))


def lerp(z_a: Array, z_b: Array, t: Array) -> Array:
    """The straight line from z_a to z_b, as a start and a way."""
    start, way = np.asarray(z_a, np.longdouble), np.subtract(z_b, z_a, dtype=np.longdouble)
    return np.asarray(start + np.multiply.outer(np.asarray(t, np.longdouble), way), dtype=np.float64)


def slerp(z_a: Array, z_b: Array, t: Array) -> Array:
    """Shoemake's path (1985) by its geometry: turn the direction of z_a, and read off the weights of both directions.

    Where the directions span no plane (parallel, opposite or zero vectors): `lerp`.
    """
    a, b = np.asarray(z_a, np.float64), np.asarray(z_b, np.float64)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) == 0:
        return lerp(a, b, t)
    u, v = a / lengths[0], b / lengths[1]
    aside = v - (u @ v) * u
    if np.linalg.norm(aside) < 1e-6:
        return lerp(a, b, t)
    angle = np.arctan2(np.linalg.norm(aside), u @ v)
    turned = np.multiply.outer(np.cos(np.multiply(t, angle)), u)
    turned += np.multiply.outer(np.sin(np.multiply(t, angle)), aside / np.linalg.norm(aside))
    gram = np.array([[1.0, u @ v], [u @ v, 1.0]])
    weights = np.linalg.solve(gram, np.stack([turned @ u, turned @ v]).reshape(2, -1))
    return (weights.T @ np.stack([a, b])).reshape(*np.shape(t), len(a))


def nearest_code(z_e: Array, codebook: Array) -> tuple[Array, Array]:
    """The nearest row of the codebook for each encoding, the first among equals (van den Oord et al. 2017)."""
    found = np.array([np.argmin(np.sum(np.square(z - codebook), axis=1)) for z in z_e])
    return found, np.stack([codebook[j] for j in found])


def condition_on_label(z: Array, labels: Array, n_classes: int) -> Array:
    """Latent vectors with a 1 at the label's place among n_classes further numbers (Sohn et al. 2015)."""
    out = np.zeros((len(z), z.shape[1] + n_classes))
    out[:, : z.shape[1]] = z
    out[np.arange(len(z)), z.shape[1] + np.asarray(labels)] = 1.0
    return out
