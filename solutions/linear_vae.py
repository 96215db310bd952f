"""Reference code of the notebook `06_linear_vae`: a VAE with linear maps, trained, and what training must end at."""

from __future__ import annotations

import numpy as np


def expected_vae_loss(
    X: np.ndarray, W_enc: np.ndarray, log_var: np.ndarray, W_dec: np.ndarray, beta: float = 1.0
) -> float:
    """Return the loss of the linear VAE, averaged over the noise exactly: nothing is drawn.

    X: (n, d).  W_enc: (d, k).  log_var: (k,), the log variances of the posterior.  W_dec: (k, d).
    Returns one number: reconstruction loss plus beta times KL, both summed over dimensions, averaged over samples.
    """
    mu = X @ W_enc
    variance = np.exp(log_var)
    error = np.sum((X - mu @ W_dec) ** 2) / len(X)
    noise = np.sum(variance * np.sum(W_dec**2, axis=1))
    kl = 0.5 * np.sum(np.mean(mu**2, axis=0) + variance - log_var - 1)
    return float(error + noise + beta * kl)


def vae_gradients(
    X: np.ndarray, W_enc: np.ndarray, log_var: np.ndarray, W_dec: np.ndarray, eps: np.ndarray, beta: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of the loss with the given draw, z = X W_enc + exp(log_var / 2) * eps.

    X: (n, d).  W_enc: (d, k).  log_var: (k,).  W_dec: (k, d).  eps: (n, k), standard normal noise.
    Returns (dW_enc, dlog_var, dW_dec), of shapes (d, k), (k,) and (k, d).
    """
    n = len(X)
    mu = X @ W_enc
    noise = np.exp(0.5 * log_var) * eps
    z = mu + noise
    dX_hat = 2.0 / n * (z @ W_dec - X)
    dW_dec = z.T @ dX_hat
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * noise, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, dW_dec


def fit_linear_vae(
    X: np.ndarray, k: int, rng: np.random.Generator, beta: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train a linear VAE with k latent dimensions by gradients through one draw a step.

    X: (n, d), centred: every column has mean 0.  rng: where all random numbers come from.
    Returns (W_enc, log_var, W_dec), of shapes (d, k), (k,) and (k, d).
    """
    n, d = X.shape
    # The loss is an average: few samples are repeated, so that each step averages over enough noise.
    data = np.tile(X, (-(-200 // n), 1))
    W_enc = rng.standard_normal((d, k)) / np.sqrt(d)
    parts = [W_enc, np.full(k, -1.0), W_enc.T.copy()]
    mean = [np.zeros_like(part) for part in parts]
    square = [np.zeros_like(part) for part in parts]
    # Beta comes down from where only the strongest directions pay: then they come first, each in a dimension of its own.
    first_beta = max(beta, 0.5 * np.linalg.norm(X, 2) ** 2 / n)
    steps = 500
    for t in range(1, steps + 1):
        now = beta * (first_beta / beta) ** max(0.0, 1 - 4 * t / steps)
        eps = rng.standard_normal((len(data), k))
        gradients = vae_gradients(data, parts[0], parts[1], parts[2], eps, now)
        # Adam (Kingma and Ba 2015); steps that shrink to nothing let the noise of the draws average out.
        rate = 0.1 * min(1.0, 2 * (1 - t / steps))
        for i in range(3):
            mean[i] = 0.9 * mean[i] + 0.1 * gradients[i]
            square[i] = 0.999 * square[i] + 0.001 * gradients[i] ** 2
            step = mean[i] / (1 - 0.9**t) / (np.sqrt(square[i] / (1 - 0.999**t)) + 1e-8)
            parts[i] = parts[i] - rate * step
    return parts[0], parts[1], parts[2]


def best_vae_loss(X: np.ndarray, k: int, beta: float = 1.0) -> float:
    """Return the least expected loss of any linear VAE with k latent dimensions.

    X: (n, d), not centred yet: subtract the column means first.  1 <= k <= d.
    Returns one number, summed over dimensions and averaged over samples.
    """
    eigenvalues = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / len(X)
    kept = eigenvalues[:k]
    active = kept[kept > beta / 2]
    paid = beta / 2 * (1 + np.log(active / (beta / 2)))
    return float(np.sum(paid) + np.sum(eigenvalues) - np.sum(active))


def active_directions(X: np.ndarray, k: int, beta: float = 1.0) -> int:
    """Return how many of the k latent dimensions the best linear VAE uses.

    X: (n, d), not centred yet: subtract the column means first.  1 <= k <= d.
    Returns a whole number between 0 and k.
    """
    eigenvalues = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / len(X)
    return int(np.sum(eigenvalues[:k] > beta / 2))
