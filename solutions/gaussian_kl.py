"""Reference code of the notebook `03_gaussian_kl`: the KL divergence to a standard normal and what it is used for."""

from __future__ import annotations

import numpy as np


def gaussian_kl(mu: float | np.ndarray, sigma: float | np.ndarray) -> np.ndarray:
    """Return KL(N(μ, σ²) ‖ N(0, 1)) in nats, element by element.

    mu: means.  sigma: standard deviations (not variances), > 0.  Floats, or arrays that broadcast.
    Returns an array of the broadcast shape (a number for floats).
    """
    return 0.5 * (mu**2 + sigma**2 - 1.0) - np.log(sigma)


def kl_shift_spread(mu: float | np.ndarray, sigma: float | np.ndarray) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Return the two parts of the KL in nats: what the mean costs, and what the standard deviation costs.

    mu: means.  sigma: standard deviations, > 0.  Floats or arrays.
    Returns (shift, spread): shift depends on mu alone, spread on sigma alone; their sum is `gaussian_kl`.
    """
    shift = 0.5 * mu**2
    spread = 0.5 * (sigma**2 - 1.0) - np.log(sigma)
    return shift, spread


def kl_from_log_var(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """Return each sample's KL(N(μ, diag σ²) ‖ N(0, I)) in nats, summed over the latent dimensions.

    mu: (n, k).  log_var: (n, k), the logarithm of the variance σ², anywhere from -800 to 80.
    Returns (n,), one KL per sample.
    """
    # expm1 gives the variance minus 1 without cancellation near a variance of 1; no standard deviation is formed.
    return 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)


def beta_vae_loss(
    reconstruction: float | np.ndarray, kl: float | np.ndarray, beta: float | np.ndarray = 1.0
) -> float | np.ndarray:
    """Return the loss of a β-VAE.

    reconstruction, kl: the two parts of the loss, floats or arrays of one shape.  beta: the weight of the KL.
    """
    return reconstruction + beta * kl


def kl_weight(epoch: float | np.ndarray, warmup: float = 10) -> np.ndarray:
    """Return the KL weight β of an epoch: a linear ramp from 0 at epoch 0 to 1 at epoch `warmup`, then 1.

    epoch: float or array; before epoch 0 the weight is 0.  warmup: length of the ramp; 0 means no ramp.
    """
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip(np.asarray(epoch) / warmup, 0.0, 1.0)


def active_units(mu: np.ndarray, sigma: np.ndarray, delta: float = 0.01, fraction: float = 0.5) -> np.ndarray:
    """Return which latent dimensions are in use.

    mu, sigma: (n, k), posterior means and standard deviations of n samples.
    Returns booleans (k,): True where the KL exceeds `delta` nats for at least `fraction` of the samples.
    """
    return np.mean(gaussian_kl(mu, sigma) > delta, axis=0) >= fraction
