"""More mistakes of 04_reparameterisation, met in submissions that nobody had foreseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue, Function

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


def _anew(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether dmu is right, and dlog_var is right for other noise, which is different in every call."""
    factors = []
    for call, answer in zip(calls, answers, strict=True):
        dz, log_var, _ = call.args
        if not close(answer.value[0], dz):
            return False
        slope = np.abs(0.5 * dz * np.exp(0.5 * log_var))
        factors.append((answer.value[1] / np.where(slope > 1e-6, slope, np.inf)).ravel())
    noise = np.abs(np.concatenate(factors))
    noise = noise[noise > 0]
    return len(noise) > 50 and len(np.unique(noise.round(9))) > 0.95 * len(noise) and bool(noise.max() < 8)


def _constants(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all losses are too large by the same number for each pixel."""
    over = [
        (answer.value - oracles.negative_elbo(*call.args, **call.kwargs)) / call.args[0].shape[1]
        for call, answer in zip(calls, answers, strict=True)
    ]
    room = [2e-5 * abs(float(answer.value)) + 1e-5 for answer in answers]
    return abs(over[0]) > 0.01 and all(abs(one - over[0]) <= most for one, most in zip(over, room, strict=True))


def _elbo_at(call: Call, beta: float) -> float:
    X, X_hat, mu, log_var = call.args[:4]
    return oracles.negative_elbo(X, X_hat, mu, log_var, beta)


def _default(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all is right but what leaves beta out, which is right for one other beta."""
    pairs = [(call, answer.value) for call, answer in zip(calls, answers, strict=True)]
    left = [(call, value) for call, value in pairs if len(call.args) + len(call.kwargs) == 4]
    given = [(call, value) for call, value in pairs if len(call.args) + len(call.kwargs) == 5]
    if not left or not all(close(value, oracles.negative_elbo(*c.args, **c.kwargs)) for c, value in given):
        return False
    none, one, value = max(
        ((*[_elbo_at(c, beta) for beta in (0.0, 1.0)], value) for c, value in left),
        key=lambda found: found[1] - found[0],
    )
    if one - none < 1e-3:
        return False
    beta = (value - none) / (one - none)
    return abs(beta - 1) > 1e-3 and all(close(value, _elbo_at(c, float(beta)), 1e-4, 1e-4) for c, value in left)


@mistake("reparameterise", "everything is added up", "sigma was added. It is the factor of the noise.")
def z_sum(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma + eps


@mistake(
    "reparameterise", "mu is multiplied by the noise as well", "The bracket is wrong: mu stands outside the product."
)
def z_bracket(mu: Any, sigma: Any, eps: Any) -> Any:
    return (mu + sigma) * eps


@mistake(
    "reparameterise",
    "averaged although asked elementwise",
    "The numbers were averaged. Every entry keeps a draw of its own.",
    share=SLIP,
)
def z_averaged(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.mean(mu + sigma * eps)


@mistake(
    "reparameterise",
    "a matrix product instead of products of entries",
    "`@` is a matrix product. The circled dot of the formula multiplies entry by entry, which is `*`.",
)
def z_matmul(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma @ eps


@mistake("reparameterise", "one draw at a time", "`float` takes one number. Leave it out, and arrays work as well.")
def z_floats(mu: Any, sigma: Any, eps: Any) -> Any:
    return float(mu) + float(sigma) * float(eps)


@mistake("reparameterise", "eps is changed in place", "*= and += changed the caller's array. Make a new one.")
def z_eps_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    eps *= sigma
    eps += mu
    return eps


@mistake(
    "reparameterise_backward",
    "the exponential stands at ½ alone",
    "exp(½) was multiplied by log_var. log_var belongs into the exponent.",
)
def back_exponent(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, dz * eps * np.exp(0.5) * log_var


@mistake(
    "reparameterise_backward",
    "summed over everything",
    "Each gradient was added up to one number. Every entry of mu and log_var has its own.",
    share=SLIP,
)
def back_summed_all(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.sum(), (0.5 * dz * eps * np.exp(0.5 * log_var)).sum()


@mistake(
    "reparameterise_backward",
    "a third gradient comes back",
    "Three things came back. Return (dmu, dlog_var) alone; the noise needs no gradient.",
    share=SLIP,
)
def back_third(dz: Any, log_var: Any, eps: Any) -> Any:
    sigma = np.exp(0.5 * log_var)
    return dz, 0.5 * dz * eps * sigma, dz * sigma


@mistake(
    "reparameterise_backward",
    "the noise is drawn anew",
    "dlog_var belongs to other noise than eps. The way back needs the very noise of the way there.",
    tell=_anew,
)
def back_fresh_noise(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * np.random.standard_normal(dz.shape) * np.exp(0.5 * log_var)


@mistake(
    "sample_posterior",
    "the samples come last",
    "The draws stand along the last axis. z[i] must be draw i of the whole batch: shape (n_samples, *mu.shape).",
    share=SLIP,
)
def drawn_last(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.moveaxis(mu + sigma * rng.standard_normal((n_samples, *mu.shape)), 0, -1)


@mistake(
    "sample_posterior",
    "two axes only",
    "mu.shape[0] and mu.shape[1] suppose two axes. mu may have any shape: (n_samples, *mu.shape).",
)
def drawn_two_axes(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal((n_samples, mu.shape[0], mu.shape[1]))


@mistake(
    "sample_posterior",
    "the size holds the samples alone",
    "The size asked of rng is the number of samples. It must be the shape of the whole answer: (n_samples, *mu.shape).",
)
def drawn_size_alone(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma, n_samples)


def _elbo(name: str, says: str, share: float = 0.0, tell: Any = None) -> Callable[[Function], Function]:
    return mistake("negative_elbo", name, says, share=share, tell=tell)


@_elbo(
    "log_var read as sigma",
    "log_var was used as a standard deviation. It is the logarithm of the variance.",
)
def elbo_as_sigma(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + log_var**2 - np.log(log_var**2) - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "half of log_var where all of it belongs",
    "The term beside the exponential is half of what it should be: log_var is the logarithm of the variance.",
)
def elbo_half_log(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - 0.5 * log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo("mu is not squared", "mu enters with its sign. It must enter by its square.")
def elbo_plain_mu(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@_elbo(
    "constants of the Gaussian are added",
    "The loss is too large by the same number for each pixel. The constant of the decoder's Gaussian is left out here.",
    tell=_constants,
)
def elbo_constants(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl) + 0.5 * X.shape[1] * np.log(2 * np.pi)


@_elbo(
    "beta means something else when left out",
    "With beta given the loss is right; left out, beta must mean 1.",
    tell=_default,
)
def elbo_default(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 4.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@_elbo("beta cannot be left out", "beta has no default value. Give it one in the first line: beta=1.0.")
def elbo_without_default(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@_elbo(
    "beta = 0 is taken for not given",
    "With beta = 0 the KL still counts: `beta or 1.0` and `if beta` take 0 for nothing. Ask `beta is None`, or give a default value.",
)
def elbo_beta_or_one(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = None) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + (beta or 1.0) * kl)


@_elbo(
    "the axes are exchanged",
    "It was summed over the samples and averaged over the dimensions. Sum over axis 1, average over axis 0.",
    SLIP,
)
def elbo_axes(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=0)
    return np.mean(np.sum((X - X_hat) ** 2, axis=0)) + beta * np.mean(kl)


@_elbo("X is changed in place", "-= changed the caller's X. Make a new array: X - X_hat.")
def elbo_in_place(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    X -= X_hat
    return np.mean(np.sum(X**2, axis=1) + beta * kl)
