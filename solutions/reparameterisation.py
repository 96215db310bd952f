"""Reference code of the notebook `04_reparameterisation`: draws that gradients can pass through, and the loss."""

from __future__ import annotations

import numpy as np


def reparameterise(mu: float | np.ndarray, sigma: float | np.ndarray, eps: float | np.ndarray) -> float | np.ndarray:
    """Turn standard normal noise into a draw from N(μ, σ²).

    mu: means.  sigma: standard deviations.  eps: noise from N(0, 1).  Floats, or arrays that broadcast.
    Returns z, of the broadcast shape.
    """
    return mu + sigma * eps


def reparameterise_backward(dz: np.ndarray, log_var: np.ndarray, eps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pass the gradient of a loss back through z = μ + exp(½ log σ²) ⊙ ε.

    dz: the gradient of the loss with respect to z.  log_var: log σ².  eps: the noise.  All of one shape.
    Returns (dmu, dlog_var), the gradients with respect to μ and log σ², both of that shape.
    """
    # A copy, so that whoever changes the gradient of μ in place does not change that of z.
    dmu = np.array(dz)
    dlog_var = dz * eps * 0.5 * np.exp(0.5 * log_var)
    return dmu, dlog_var


def sample_posterior(mu: np.ndarray, sigma: np.ndarray, n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw from N(μ, diag σ²), independently in every sample and every dimension.

    mu, sigma: of one shape.  rng: the only source of random numbers.
    Returns z: (n_samples, *mu.shape).
    """
    eps = rng.standard_normal((n_samples, *mu.shape))
    return mu + sigma * eps


def negative_elbo(X: np.ndarray, X_hat: np.ndarray, mu: np.ndarray, log_var: np.ndarray, beta: float = 1.0) -> float:
    """Return the loss of a VAE: squared error plus β times the KL, each averaged over the samples.

    X, X_hat: (n, d), inputs and their reconstructions.  mu, log_var: (n, k), the encoder's means and log σ².
    Both parts are summed over their dimensions (d pixels, k latent dimensions) before they are averaged.
    """
    reconstruction = np.sum((X - X_hat) ** 2, axis=1)
    kl = 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)
    return float(np.mean(reconstruction + beta * kl))
