"""Right values of 06_linear_vae, written independently of the reference solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import oracles

Array = Any


def expected_vae_loss(X: Array, W_enc: Array, log_var: Array, W_dec: Array, beta: float = 1.0) -> float:
    """The loss averaged over a few fixed draws that have the mean and covariance of the noise: exact for squared errors.

    Each latent dimension j gets two draws, sqrt(k) standard deviations above and below the mean (Julier and Uhlmann 1997).
    """
    X, W_enc, W_dec = (np.asarray(part, np.longdouble) for part in (X, W_enc, W_dec))
    mu, log_var = X @ W_enc, np.asarray(log_var, np.longdouble)
    k = log_var.size
    far = np.sqrt(np.longdouble(k)) * np.exp(log_var / 2)
    total = np.longdouble(0)
    for j in range(k):
        for side in (1, -1):
            z = mu.copy()
            z[:, j] += side * far[j]
            residual = X - z @ W_dec
            total += (residual * residual).sum() / len(X) / (2 * k)
    prices = oracles.kl_from_log_var(mu, np.broadcast_to(log_var, mu.shape))
    return float(total + np.longdouble(beta) * np.mean(prices))


def vae_gradients(
    X: Array, W_enc: Array, log_var: Array, W_dec: Array, eps: Array, beta: float = 1.0
) -> tuple[Array, Array, Array]:
    """Gradients of the loss of one draw by a complex step in each number (Squire and Trapp 1998): exact but for rounding."""
    X, W_enc, log_var, W_dec, eps = (np.asarray(part, np.float64) for part in (X, W_enc, log_var, W_dec, eps))

    def losses(W_enc: Array, log_var: Array, W_dec: Array) -> Array:
        mu = X @ W_enc
        residual = X - (mu + np.exp(log_var / 2) * eps) @ W_dec
        kl = (mu * mu + np.exp(log_var) - log_var - 1).sum(axis=(-2, -1)) / 2
        return ((residual * residual).sum(axis=(-2, -1)) + beta * kl) / len(X)

    return (
        oracles.slopes(lambda moved: losses(moved, log_var, W_dec), W_enc),
        oracles.slopes(lambda moved: losses(W_enc, moved, W_dec), log_var[None])[0],
        oracles.slopes(lambda moved: losses(W_enc, log_var, moved), W_dec),
    )


def eigenvalues(X: Array) -> Array:
    """The variances along the principal directions of X after centring, largest first, (d,)."""
    centred = np.asarray(X - np.mean(X, axis=0, dtype=np.longdouble), np.float64)
    return np.maximum(np.linalg.eigvalsh(centred.T @ centred / len(X))[::-1], 0.0)


def best_vae_loss(X: Array, k: int, beta: float = 1.0) -> float:
    """The total variance less what each active direction saves (Tipping and Bishop 1999; Lucas and others 2019)."""
    variances, floor = eigenvalues(X), beta / 2
    ratios = np.maximum(variances[:k] / floor, 1.0)
    return float(variances.sum() - floor * np.sum(ratios - 1 - np.log(ratios)))


def best_variances(X: Array, k: int, beta: float = 1.0) -> Array:
    """The posterior variances of the best linear VAE, smallest first, (k,)."""
    return 1 / np.maximum(eigenvalues(X)[:k] / (beta / 2), 1.0)


def active_directions(X: Array, k: int, beta: float = 1.0) -> int:
    """How many of the k largest variances lie above beta / 2; equality counts as collapsed."""
    return int(np.count_nonzero(eigenvalues(X)[:k] * (1 - 1e-12) > beta / 2))
