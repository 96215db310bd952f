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


def _drawn_loss(parts: list[Any], beta: float) -> Any:
    """The loss of one draw, of (X, W_enc, log_var, W_dec, eps); log_var may be complex."""
    X, W_enc, log_var, W_dec, eps = parts
    mu = X @ W_enc
    residual = X - (mu + np.exp(log_var / 2) * eps) @ W_dec
    kl = (mu * mu + np.exp(log_var) - log_var - 1).sum() / 2
    return ((residual * residual).sum() + np.longdouble(beta) * kl) / len(X)


def vae_gradients(
    X: Array, W_enc: Array, log_var: Array, W_dec: Array, eps: Array, beta: float = 1.0
) -> tuple[Array, Array, Array]:
    """Gradients of the loss of one draw: central differences in the weights, which it is quadratic in, a complex step in log_var."""
    parts: list[Any] = [np.asarray(part, np.longdouble) for part in (X, W_enc, log_var, W_dec, eps)]
    found: dict[int, Any] = {}
    for place in (1, 3):
        gradient = np.empty(parts[place].shape)
        for index in np.ndindex(*gradient.shape):
            sides = []
            for step in (1, -1):
                moved = list(parts)
                moved[place] = parts[place].copy()
                moved[place][index] += step
                sides.append(_drawn_loss(moved, beta))
            gradient[index] = float((sides[0] - sides[1]) / 2)
        found[place] = gradient
    tiny = np.longdouble(1e-30)
    slopes = np.empty(parts[2].shape)
    for j in range(slopes.size):
        moved = list(parts)
        moved[2] = parts[2].astype(np.clongdouble)
        moved[2][j] += 1j * tiny
        slopes[j] = float(_drawn_loss(moved, beta).imag / tiny)
    return found[1], slopes, found[3]


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
