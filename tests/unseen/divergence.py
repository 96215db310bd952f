"""Unseen implementations of `gaussian_kl`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "gaussian_kl"
HALF = 0.5

right(E, "formula", lambda mu, sigma: HALF * (mu**2 + sigma**2 - 1) - np.log(sigma))
right(E, "with the minus outside", lambda mu, sigma: -0.5 * (1 + np.log(sigma**2) - np.square(mu) - np.square(sigma)))
right(E, "np.vectorize of math", np.vectorize(lambda m, s: (m * m + s * s - 1) / 2 - math.log(s)))
right(
    E,
    "frompyfunc",
    lambda mu, sigma: np.asarray(
        np.frompyfunc(lambda m, s: m**2 / 2 + s**2 / 2 - 0.5 - math.log(s), 2, 1)(mu, sigma), dtype=float
    ),
)
right(E, "log1p and expm1", lambda mu, sigma: 0.5 * mu**2 + 0.5 * (np.expm1(2 * np.log(sigma)) - 2 * np.log(sigma)))
right(
    E,
    "float32",
    lambda mu, sigma: (
        (0.5 * np.asarray(mu, "f4") ** 2) + 0.5 * (np.asarray(sigma, "f4") ** 2 - 1) - np.log(np.asarray(sigma, "f4"))
    ),
)


@right(E, "lists")
def lists(mu, sigma):
    mu, sigma = np.broadcast_arrays(mu, sigma)
    if mu.ndim == 0:
        return float(0.5 * (mu**2 + sigma**2 - 1 - 2 * math.log(sigma)))
    return [lists(m, s) for m, s in zip(mu, sigma)]


@right(E, "expectation by Gauss-Hermite nodes")
def quadrature(mu, sigma):
    """∫ q·log(q/p) — exact, since the integrand is quadratic."""
    x, w = np.polynomial.hermite_e.hermegauss(3)
    w = w / w.sum()
    total = 0.0
    for node, weight in zip(x, w):
        z = mu + sigma * node
        total = total + weight * (-np.log(sigma) - node**2 / 2 + z**2 / 2)
    return total


@right(E, "in place on own copies, with a warning")
def own_copies(mu, sigma):
    import warnings

    warnings.warn("computing the KL")
    m, s = np.array(mu, dtype=float), np.array(sigma, dtype=float)
    logs = np.log(s)
    m *= m
    s *= s
    return (m + s - 1 - 2 * logs) / 2


@right(E, "two helpers")
def helpers(mu: float | np.ndarray, sigma: float | np.ndarray):
    shift = lambda m: np.multiply(m, m) / 2.0
    spread = lambda s: (s * s - 1.0) / 2.0 + np.log(1 / s)
    return np.add(shift(mu), spread(sigma))


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


log = np.log
keep("sigma for sigma² everywhere", lambda mu, sigma: 0.5 * (mu**2 + sigma - log(sigma) - 1))
keep("sigma for sigma², log right", lambda mu, sigma: 0.5 * (mu**2 + sigma - log(sigma**2) - 1))
keep("log sigma for log sigma²", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1 - log(sigma)))
keep("no half", lambda mu, sigma: mu**2 + sigma**2 - log(sigma**2) - 1)
keep("half of the shift only", lambda mu, sigma: 0.5 * mu**2 + sigma**2 - log(sigma**2) - 1)
keep("half of the spread only", lambda mu, sigma: mu**2 + 0.5 * (sigma**2 - log(sigma**2) - 1))
keep("no half on the log: log sigma² outside", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 1) - log(sigma**2))
keep("no -1", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - log(sigma**2)))
keep("+1", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - log(sigma**2) + 1))
keep("-1 outside the half", lambda mu, sigma: 0.5 * (mu**2 + sigma**2) - log(sigma) - 1)
keep("sign of the log", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 + log(sigma**2) - 1))
keep("sign of everything", lambda mu, sigma: 0.5 * (1 + log(sigma**2) - mu**2 - sigma**2))
keep("mu not squared", lambda mu, sigma: 0.5 * (mu + sigma**2 - log(sigma**2) - 1))
keep("|mu|", lambda mu, sigma: 0.5 * (np.abs(mu) + sigma**2 - log(sigma**2) - 1))
keep("sign of mu²", lambda mu, sigma: 0.5 * (-(mu**2) + sigma**2 - log(sigma**2) - 1))
keep("mu forgotten", lambda mu, sigma: 0.5 * (sigma**2 - log(sigma**2) - 1))
keep("spread forgotten", lambda mu, sigma: 0.5 * mu**2 + 0 * sigma)
keep("summed", lambda mu, sigma: np.sum(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)))
keep("averaged", lambda mu, sigma: np.mean(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)))
keep(
    "summed over the last axis",
    lambda mu, sigma: np.sum(np.atleast_1d(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)), axis=-1),
)
keep("the other direction", lambda mu, sigma: log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5)
keep("log to base 2", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - np.log2(sigma**2) - 1))
keep("log to base 10", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - np.log10(sigma**2) - 1))
keep("bits", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1) / log(2))
keep("sigma taken for log sigma²", lambda mu, sigma: 0.5 * (mu**2 + np.exp(sigma) - sigma - 1))
keep("(log sigma)²", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - log(sigma) ** 2 - 1))
keep("eps in the log", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - log(sigma**2 + 1e-6) - 1))
keep("math.log: floats only", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - 2 * math.log(sigma) - 1))
keep(
    "sigma at least 0.01",
    lambda mu, sigma: 0.5 * (mu**2 + np.maximum(sigma, 1e-2) ** 2 - 1) - log(np.maximum(sigma, 1e-2)),
    False,
)
keep(
    "sigma at most 100",
    lambda mu, sigma: 0.5 * (mu**2 + np.minimum(sigma, 100) ** 2 - 1) - log(np.minimum(sigma, 100)),
    False,
)
keep("(sigma - 1)²", lambda mu, sigma: 0.5 * (mu**2 + (sigma - 1) ** 2), False)
keep("1e-5 at least", lambda mu, sigma: np.maximum(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1), 1e-5), False)
keep("at most 1000", lambda mu, sigma: np.minimum(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1), 1000), False)
keep("rounded to 4 digits", lambda mu, sigma: np.round(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1), 4), False)
keep("float16", lambda mu, sigma: np.float16(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)), False)
keep("squeezed", lambda mu, sigma: np.squeeze(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)), False)
keep(
    "every mu with every sigma",
    lambda mu, sigma: (
        0.5 * (np.expand_dims(mu, -1) ** 2 + sigma**2 - log(sigma**2) - 1)
        if np.ndim(mu) == 1 and np.ndim(sigma) == 1 and len(mu) == len(sigma) > 2
        else 0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)
    ),
    False,
)
keep("no log below 1", lambda mu, sigma: 0.5 * (mu**2 + sigma**2 - np.maximum(log(sigma**2), 0) - 1), False)
keep("negative mu cut off", lambda mu, sigma: 0.5 * (np.maximum(mu, 0) ** 2 + sigma**2 - log(sigma**2) - 1), False)
keep("flat", lambda mu, sigma: np.ravel(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)), False)
keep("text", lambda mu, sigma: str(0.5 * (mu**2 + sigma**2 - log(sigma**2) - 1)), False)


@wrong(E, "squares in place", common=True)
def in_place(mu, sigma):
    mu **= 2
    sigma **= 2
    return 0.5 * (mu + sigma - np.log(sigma) - 1)


@wrong(E, "sigma changed in place where it is an array")
def sigma_in_place(mu, sigma):
    if isinstance(sigma, np.ndarray):
        sigma[sigma < 1e-8] = 1e-8
        np.multiply(sigma, sigma, out=sigma)
        return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@wrong(E, "estimated from draws", common=True)
def monte_carlo(mu, sigma):
    eps = np.random.default_rng(0).standard_normal((10_000, *np.broadcast_shapes(np.shape(mu), np.shape(sigma))))
    z = mu + sigma * eps
    return np.mean(-np.log(sigma) - eps**2 / 2 + z**2 / 2, axis=0)


@wrong(E, "no broadcasting")
def zipped(mu, sigma):
    if np.ndim(mu) == 0 and np.ndim(sigma) == 0:
        return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)
    out = np.zeros_like(mu)
    for place in np.ndindex(np.shape(mu)):
        out[place] = 0.5 * (mu[place] ** 2 + sigma[place] ** 2 - 2 * np.log(sigma[place]) - 1)
    return out


@wrong(E, "nothing for sigma = 1")
def special(mu, sigma):
    if np.all(np.asarray(sigma) == 1):
        return None if np.ndim(mu) else 0.5 * mu**2
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


@wrong(E, "whole numbers in, whole numbers out")
def like(mu, sigma):
    out = np.zeros(np.broadcast_shapes(np.shape(mu), np.shape(sigma)), dtype=int)
    out[...] = 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)
    return out


_known = {}


@wrong(E, "remembered by shape")
def by_shape(mu, sigma):
    return _known.setdefault((np.shape(mu), np.shape(sigma)), 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1))
