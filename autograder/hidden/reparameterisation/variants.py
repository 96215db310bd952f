"""Right implementations of 04_reparameterisation that differ from the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("reparameterise")
def z_plain(mu: Any, sigma: Any, eps: Any) -> Any:
    return eps * sigma + mu


@variant("reparameterise")
def z_as_list(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.add(mu, np.multiply(sigma, eps)).tolist()


@variant("reparameterise")
def z_float32(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.float32(mu) + np.float32(sigma) * np.float32(eps)


@variant("reparameterise")
def z_one_by_one(mu: Any, sigma: Any, eps: Any) -> Any:
    mu, sigma, eps = np.broadcast_arrays(mu, sigma, eps)
    z = np.empty(mu.shape)
    for index in np.ndindex(*mu.shape):
        z[index] = mu[index] + sigma[index] * eps[index]
    return z


@variant("reparameterise")
def z_einsum(mu: Any, sigma: Any, eps: Any) -> Any:
    mu, sigma, eps = np.broadcast_arrays(mu, sigma, eps)
    return mu + np.einsum("...,...->...", sigma, eps)


@variant("reparameterise")
def z_by_log_var(mu: Any, sigma: Any, eps: Any) -> Any:
    log_var = 2 * np.log(sigma)
    return mu + np.exp(log_var / 2) * eps


@variant("reparameterise_backward")
def back_plain(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * eps * np.exp(log_var / 2)


@variant("reparameterise_backward")
def back_by_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    sigma = np.sqrt(np.exp(log_var))
    dsigma = dz * eps
    return 1.0 * dz, dsigma * sigma / 2


@variant("reparameterise_backward")
def back_list(dz: Any, log_var: Any, eps: Any) -> Any:
    import math

    flat = [d * e * math.exp(v / 2) / 2 for d, v, e in zip(dz.flat, log_var.flat, eps.flat, strict=True)]
    return [dz.tolist(), np.reshape(flat, dz.shape).tolist()]


@variant("reparameterise_backward")
def back_float32(dz: Any, log_var: Any, eps: Any) -> Any:
    dz, log_var, eps = np.float32(dz), np.float32(log_var), np.float32(eps)
    return dz, dz * eps * np.exp(log_var * np.float32(0.5)) * np.float32(0.5)


@variant("reparameterise_backward")
def back_by_differences(dz: Any, log_var: Any, eps: Any) -> Any:
    def z(shift: float) -> Any:
        return np.exp(0.5 * (log_var + shift)) * eps

    h = 1e-4
    return dz.copy(), dz * (8 * (z(h) - z(-h)) - (z(2 * h) - z(-2 * h))) / (12 * h)


@variant("reparameterise_backward")
def back_by_half_log(dz: Any, log_var: Any, eps: Any) -> Any:
    return np.array(dz), dz * eps * np.exp(log_var / 2 - np.log(2))


@variant("sample_posterior")
def draws_at_once(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma, size=(n_samples, *mu.shape))


@variant("sample_posterior")
def draws_by_sample(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape) for _ in range(n_samples)])


@variant("sample_posterior")
def draws_by_entry(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    z = np.empty((n_samples, *mu.shape))
    for index in np.ndindex(*mu.shape):
        z[(slice(None), *index)] = rng.normal(mu[index], sigma[index], n_samples)
    return z


@variant("sample_posterior")
def draws_multivariate(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    if mu.size > 50:
        return (mu + sigma * rng.standard_normal((n_samples, *mu.shape))).tolist()
    drawn = rng.multivariate_normal(mu.ravel(), np.diag(sigma.ravel() ** 2), size=n_samples)
    return drawn.reshape(n_samples, *mu.shape)


@variant("sample_posterior")
def draws_float32(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((n_samples, *mu.shape), dtype=np.float32)
    return np.float32(mu) + np.float32(sigma) * eps


@variant("sample_posterior")
def draws_spawned(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    child = np.random.default_rng(rng.integers(0, 2**63, size=4))
    return mu + sigma * child.standard_normal((n_samples, *mu.shape))


@variant("sample_posterior")
def draws_box_muller(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    shape = (n_samples, *mu.shape)
    radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
    return mu + sigma * radius * np.cos(2 * np.pi * rng.random(shape))


@variant("sample_posterior")
def draws_moved_axis(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((*mu.shape, n_samples))
    return mu + sigma * np.moveaxis(eps, -1, 0)


@variant("sample_posterior")
def draws_mirrored(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.array([mu - sigma * rng.standard_normal(size=mu.shape) for _ in range(n_samples)])


@variant("negative_elbo")
def elbo_plain(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    reconstruction = ((X - X_hat) ** 2).sum(axis=1).mean()
    kl = (-0.5 * (1 + log_var - mu**2 - np.exp(log_var))).sum(axis=1).mean()
    return reconstruction + beta * kl


@variant("negative_elbo")
def elbo_by_sum(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    n = X.shape[0]
    return (np.sum(np.square(X_hat - X)) + beta * np.sum(mu**2 + np.exp(log_var) - log_var - 1) / 2) / n


@variant("negative_elbo")
def elbo_by_sigma(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    def kl(m: Any, s: Any) -> Any:
        return 0.5 * (m**2 + s**2 - 1) - np.log(s)

    return np.mean(np.linalg.norm(X - X_hat, axis=1) ** 2) + beta * np.mean(kl(mu, np.exp(0.5 * log_var)).sum(axis=1))


@variant("negative_elbo")
def elbo_loop(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    import math

    total = 0.0
    for i in range(len(X)):
        total += sum((a - b) ** 2 for a, b in zip(X[i], X_hat[i], strict=True))
        total += beta * sum((m * m + math.exp(v) - v - 1) / 2 for m, v in zip(mu[i], log_var[i], strict=True))
    return total / len(X)


@variant("negative_elbo")
def elbo_einsum(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    r = X - X_hat
    kl = 0.5 * (np.einsum("nk,nk->n", mu, mu) + np.expm1(log_var).sum(1) - log_var.sum(1))
    return np.array((np.einsum("nd,nd->n", r, r) + beta * kl).mean())


@variant("negative_elbo")
def elbo_float32(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    X, X_hat, mu, log_var = (np.float32(array) for array in (X, X_hat, mu, log_var))
    kl = np.float32(0.5) * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + np.float32(beta) * kl)
