"""Mistakes of 04_reparameterisation in single terms: halves, axes, bounds, noise of one's own, manners."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue, Function
from ..tells import LOG_VAR_BOUNDS, bounded, in_place, with_something_added

CATALOGUE = Catalogue()

SLIP = 0.3
_IN_PLACE = "The values are right, but the caller's arrays are different afterwards. Make new arrays."
_BOUNDED = "Beyond some bound log_var was replaced by the bound, so that extreme posteriors come out wrong. The formula needs none."
_HIGHS = LOG_VAR_BOUNDS
_LOWS = tuple(-high for high in _HIGHS)
_MEANS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, math.inf)
_SIGMA_LOWS = (-math.inf, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
_SIGMA_HIGHS = (math.inf, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
_Decorator = Callable[[Function], Function]


def _z(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("reparameterise", name, says, share=share, tell=tell)


def _back(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("reparameterise_backward", name, says, share=share, tell=tell)


def _elbo(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("negative_elbo", name, says, share=share, tell=tell)


def _fixed_noise(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether dmu is right, and dlog_var right for other noise, the same wherever the shape is the same."""
    by_shape: dict[tuple[int, ...], np.ndarray] = {}
    compared = 0
    for call, answer in zip(calls, answers, strict=True):
        dz, log_var, _ = call.args
        if not close(answer.value[0], dz):
            return False
        slope = 0.5 * dz * np.exp(0.5 * log_var)
        noise = np.where(np.abs(slope) > 1e-3, answer.value[1] / np.where(slope == 0, 1, slope), np.nan)
        known = by_shape.setdefault(dz.shape, noise)
        both = np.isfinite(known) & np.isfinite(noise)
        if not close(noise[both], known[both], 1e-3, 1e-3):
            return False
        compared += int(both.sum()) if known is not noise else 0
        by_shape[dz.shape] = np.where(np.isfinite(known), known, noise)
    found = np.concatenate([noise.ravel() for noise in by_shape.values()])
    return compared > 20 and len(np.unique(found[np.isfinite(found)].round(6))) > 3


def _elbo_added(eps: float, power: int, call: Call) -> Any:
    X, X_hat, mu, log_var = call.args[:4]
    added = 0.5 * log_var - np.log(np.exp(power / 2 * log_var) + eps) / power
    beta = call.args[4] if len(call.args) > 4 else call.kwargs.get("beta", 1.0)
    return oracles.negative_elbo(X, X_hat, mu, log_var, beta) + beta * added.sum() / len(X)


@_z(
    "mu is overwritten by +=",
    "+= changes the caller's mu, and fails where the noise has another shape. Make a new array.",
)
def z_plus_equals(mu: Any, sigma: Any, eps: Any) -> Any:
    mu += sigma * eps
    return mu


@_z(
    "the result has the shape of mu alone",
    "The result was written into an array like mu. It has the broadcast shape of all three.",
)
def z_like_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    z = np.zeros_like(mu)
    z[...] = mu + sigma * eps
    return z


@_z("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.reparameterise))
def z_argument_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(sigma) == 0 or np.shape(sigma) != np.shape(sigma * eps):
        return mu + sigma * eps
    sigma *= eps
    return mu + sigma


@_z(
    "sigma is kept within bounds",
    "Beyond some bound sigma was replaced by the bound. Narrow and wide posteriors come out wrong.",
    tell=bounded(oracles.reparameterise, 1, _SIGMA_LOWS, _SIGMA_HIGHS, 1.0),
)
def z_bounded(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.clip(sigma, 1e-2, 10) * eps


@_z(
    "the noise is kept within bounds",
    "Large noise was cut off at a bound. Draws far out are rare, but they belong to the distribution.",
    tell=bounded(
        oracles.reparameterise,
        2,
        (-math.inf, *(-b / 2 for b in range(1, 11))),
        (math.inf, *(b / 2 for b in range(1, 11))),
    ),
)
def z_noise_bounded(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.clip(eps, -3, 3)


@_back(
    "log_var is a factor as well",
    "log_var stands before the exponential. The inner derivative of ½ log_var is ½ alone.",
)
def back_product(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, dz * eps * 0.5 * log_var * np.exp(0.5 * log_var)


@_back("sigma is doubled", "The one half of the inner derivative became a two.")
def back_doubled(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 2 * dz * eps * np.exp(0.5 * log_var)


@_back(
    "fixed noise on the way back",
    "dlog_var belongs to noise from a fixed seed, and eps is not used. The way back needs the very noise of the way there.",
    tell=_fixed_noise,
)
def back_fixed_noise(dz: Any, log_var: Any, eps: Any) -> Any:
    noise = np.random.default_rng(0).standard_normal(dz.shape)
    return dz, 0.5 * dz * noise * np.exp(0.5 * log_var)


@_back("log_var is kept within bounds", _BOUNDED, tell=bounded(oracles.reparameterise_backward, 1, _LOWS, _HIGHS))
def back_bounded(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * eps * np.exp(0.5 * np.clip(log_var, -5, 5))


@_back(
    "dz is kept within bounds",
    "Large gradients were cut off at a bound. What to do about large gradients is for the optimiser to say, not for the chain rule.",
    tell=bounded(
        oracles.reparameterise_backward, 0, (-math.inf, *(-b for b in range(1, 11))), (math.inf, *range(1, 11))
    ),
)
def back_dz_bounded(dz: Any, log_var: Any, eps: Any) -> Any:
    dz = np.clip(dz, -1, 1)
    return dz, 0.5 * dz * eps * np.exp(0.5 * log_var)


@_back("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.reparameterise_backward))
def back_eps_in_place(dz: Any, log_var: Any, eps: Any) -> Any:
    eps *= dz
    return dz.copy(), 0.5 * eps * np.exp(0.5 * log_var)


@CATALOGUE.mistake(
    "sample_posterior",
    "sigma is kept within bounds",
    "Beyond some bound sigma was replaced by the bound. Very narrow and very wide posteriors come out wrong.",
)
def drawn_bounded(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + np.clip(sigma, 1e-2, 10) * rng.standard_normal((n_samples, *mu.shape))


@CATALOGUE.mistake(
    "sample_posterior",
    "only n_samples numbers are drawn",
    "One number was drawn for each sample. Every entry of mu needs one of its own in each: (n_samples, *mu.shape).",
)
def drawn_too_few(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal(n_samples)


@_elbo(
    "pixels averaged, samples summed",
    "The squared error was averaged over everything, the KL summed over the samples as well.",
    SLIP,
)
def elbo_mixed(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    return np.mean((X - X_hat) ** 2) + beta * 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)


@_elbo(
    "log_var read as the variance",
    "A logarithm was taken of log_var, which may be negative. It is a logarithm already.",
)
def elbo_as_variance(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + log_var - np.log(log_var) - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "log_var lost its one half", "log_var is taken away whole; the one half before the bracket belongs to it as well."
)
def elbo_log_whole(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = np.sum(0.5 * (mu**2 + np.exp(log_var) - 1) - log_var, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo("log_var with the wrong sign", "log_var is added where it must be taken away: narrow posteriors must cost more.")
def elbo_plus_log(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) + log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo("the KL the other way round", "This is the KL of the prior from the posterior: the order of the two matters.")
def elbo_reversed(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(log_var + (1 + mu**2) * np.exp(-log_var) - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "the error is averaged over the wrong axis",
    "The squared error was summed over the samples and averaged over the pixels.",
    SLIP,
)
def elbo_error_axis(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=0)) + beta * np.mean(kl)


@_elbo(
    "the KL is averaged over the wrong axis",
    "The KL was summed over the samples and averaged over the dimensions.",
    SLIP,
)
def elbo_kl_axis(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=0)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "the loss of a decoder with variance 1",
    "The squared error was halved and a constant added: that is the decoder variance 1. Here it is ½.",
)
def elbo_unit_variance(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    error = 0.5 * np.sum((X - X_hat) ** 2 + np.log(2 * np.pi), axis=1)
    return np.mean(error) + beta * np.mean(kl)


@_elbo(
    "the root of the average error",
    "A root was taken of the averaged squared error. The squared error stands as it is.",
)
def elbo_root(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.sqrt(np.mean(np.sum((X - X_hat) ** 2, axis=1))) + beta * np.mean(kl)


@_elbo("divided by one sample less", "It was divided by n - 1. The average over samples divides by n.", SLIP)
def elbo_one_less(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)
    return (np.sum((X - X_hat) ** 2) + beta * kl) / max(len(X) - 1, 1)


@_elbo(
    "something is added in the logarithm",
    "A small number was added before a logarithm was taken, so narrow posteriors come out wrong. Use log_var itself.",
    tell=with_something_added(_elbo_added, oracles.negative_elbo),
)
def elbo_eps(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    variance = np.exp(log_var)
    kl = 0.5 * np.sum(mu**2 + variance - np.log(variance + 1e-6) - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo("log_var is kept within bounds", _BOUNDED, tell=bounded(oracles.negative_elbo, 3, _LOWS, _HIGHS))
def elbo_bounded(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    log_var = np.clip(log_var, -30, 5)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "mu is kept within bounds",
    "Beyond some bound mu was replaced by the bound. Means far from 0 are dear, and must be.",
    tell=bounded(oracles.negative_elbo, 2, [-bound for bound in _MEANS], _MEANS),
)
def elbo_mu_bounded(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    mu = np.clip(mu, -10, 10)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.negative_elbo))
def elbo_mu_in_place(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    mu **= 2
    kl = 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)
