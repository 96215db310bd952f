"""Unseen implementations of `reparameterise` and `reparameterise_backward`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "reparameterise"


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


right(E, "formula", lambda mu, sigma, eps: mu + sigma * eps)
right(E, "np.vectorize", np.vectorize(lambda m, s, e: math.fma(s, e, m) if hasattr(math, "fma") else m + s * e))
right(E, "ufuncs", lambda mu, sigma, eps: np.add(np.multiply(eps, sigma), mu))
right(E, "float32", lambda mu, sigma, eps: np.float32(mu) + np.float32(sigma) * np.float32(eps))
right(
    E,
    "einsum after broadcasting",
    lambda mu, sigma, eps: mu + np.einsum("...,...->...", *np.broadcast_arrays(sigma, eps)),
)
right(E, "by the exponential of log sigma", lambda mu, sigma, eps: mu + np.exp(0.5 * np.log(sigma**2)) * eps)


@right(E, "lists")
def lists(mu, sigma, eps):
    if all(np.ndim(a) == 0 for a in (mu, sigma, eps)):
        return float(mu + sigma * eps)
    return [lists(*abc) for abc in zip(*np.broadcast_arrays(mu, sigma, eps))]


@right(E, "in place on its own copy")
def own(mu, sigma, eps):
    z = np.zeros(np.broadcast_shapes(np.shape(mu), np.shape(sigma), np.shape(eps)))
    z += eps
    z *= sigma
    z += mu
    return z


keep("drawn by numpy, eps unused", lambda mu, sigma, eps: np.random.normal(mu, sigma))
keep("drawn inside, for arrays alone", lambda mu, sigma, eps: mu + sigma * np.random.randn(*mu.shape))
keep("drawn inside, once for all", lambda mu, sigma, eps: mu + sigma * np.random.randn())
keep("variance for sigma", lambda mu, sigma, eps: mu + sigma**2 * eps)
keep("sigma taken for log sigma²", lambda mu, sigma, eps: mu + np.exp(0.5 * sigma) * eps)
keep("sigma taken for log sigma", lambda mu, sigma, eps: mu + np.exp(sigma) * eps)
keep("sigma taken for the variance", lambda mu, sigma, eps: mu + np.sqrt(sigma) * eps)
keep("mu forgotten", lambda mu, sigma, eps: 0 * mu + sigma * eps)
keep("noise forgotten", lambda mu, sigma, eps: mu + sigma + 0 * eps)
keep("sigma forgotten", lambda mu, sigma, eps: mu + 0 * sigma + eps)
keep("mean only", lambda mu, sigma, eps: mu + 0 * sigma * eps)
keep("mu and sigma swapped", lambda mu, sigma, eps: mu * eps + sigma)
keep("sum of three", lambda mu, sigma, eps: mu + sigma + eps)
keep("sign of the noise", lambda mu, sigma, eps: mu - sigma * eps)
keep("bracket", lambda mu, sigma, eps: (mu + sigma) * eps)
keep("standardised", lambda mu, sigma, eps: (eps - mu) / sigma)
keep("divided", lambda mu, sigma, eps: mu + eps / sigma)
keep("summed", lambda mu, sigma, eps: np.sum(mu + sigma * eps))
keep("averaged", lambda mu, sigma, eps: np.mean(mu + sigma * eps))
keep("np.dot", lambda mu, sigma, eps: mu + np.dot(sigma, eps))
keep("matmul", lambda mu, sigma, eps: mu + sigma @ eps)
keep("|sigma eps|", lambda mu, sigma, eps: mu + np.abs(sigma * eps), False)
keep("product of all", lambda mu, sigma, eps: mu * sigma * eps, False)
keep("noise cut at 2", lambda mu, sigma, eps: mu + sigma * np.clip(eps, -2, 2), False)
keep("sigma at least 0.01", lambda mu, sigma, eps: mu + np.maximum(sigma, 0.01) * eps, False)
keep("sigma at most 10", lambda mu, sigma, eps: mu + np.minimum(sigma, 10) * eps, False)
keep("float16", lambda mu, sigma, eps: np.float16(mu + sigma * eps), False)
keep("rounded to 4 digits", lambda mu, sigma, eps: np.round(mu + sigma * eps, 4), False)
keep("squeezed", lambda mu, sigma, eps: np.squeeze(mu + sigma * eps), False)
keep("with the noise", lambda mu, sigma, eps: (mu + sigma * eps, eps), False)
keep("variance above 1", lambda mu, sigma, eps: mu + np.maximum(sigma, np.square(sigma)) * eps, False)
keep("half", lambda mu, sigma, eps: mu + 0.5 * sigma * eps, False)
keep("noise squared", lambda mu, sigma, eps: mu + sigma * np.square(eps), False)
keep("root of mu² and so on", lambda mu, sigma, eps: np.sqrt(mu**2 + (sigma * eps) ** 2), False)
keep(
    "shape of mu",
    lambda mu, sigma, eps: (
        mu + np.resize(np.broadcast_to(sigma, np.broadcast_shapes(np.shape(sigma), np.shape(eps))) * eps, np.shape(mu))
    ),
    False,
)
keep("floats only", lambda mu, sigma, eps: float(mu) + float(sigma) * float(eps))


@wrong(E, "own noise", common=True)
def draws(mu, sigma, eps):
    eps = np.random.randn(*np.shape(mu))
    return mu + sigma * eps


@wrong(E, "own seeded noise", common=True)
def seeded(mu, sigma, eps):
    np.random.seed(0)
    return mu + sigma * np.random.normal(size=np.broadcast_shapes(np.shape(mu), np.shape(sigma), np.shape(eps)))


@wrong(E, "in place", common=True)
def in_place(mu, sigma, eps):
    eps *= sigma
    eps += mu
    return eps


@wrong(E, "in place where shapes are equal")
def sometimes(mu, sigma, eps):
    if np.shape(mu) == np.shape(sigma) == np.shape(eps) and np.ndim(mu):
        mu += sigma * eps
        return mu
    return mu + sigma * eps


E = "reparameterise_backward"

right(E, "formula", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * np.exp(0.5 * log_var)))
right(E, "by sigma", lambda dz, log_var, eps: [dz.copy(), dz * eps * np.sqrt(np.exp(log_var)) / 2])
right(E, "half of z - mu", lambda dz, log_var, eps: (dz * np.ones_like(log_var), dz * (np.exp(log_var / 2) * eps) / 2))
right(
    E,
    "float32",
    lambda dz, log_var, eps: (
        np.float32(dz),
        np.float32(0.5) * np.float32(dz) * np.exp(np.float32(0.5) * np.float32(log_var)) * np.float32(eps),
    ),
)
right(E, "einsum", lambda dz, log_var, eps: (+dz, np.einsum("...,...,...->...", dz / 2, np.exp(log_var * 0.5), eps)))
right(E, "power of e", lambda dz, log_var, eps: (np.array(dz), dz * eps * 0.5 * np.e ** (0.5 * log_var)))


@right(E, "loops into lists")
def loops(dz, log_var, eps):
    flat = [0.5 * g * e * math.exp(v / 2) for g, v, e in zip(dz.ravel(), log_var.ravel(), eps.ravel())]
    return dz.tolist(), np.reshape(flat, dz.shape).tolist()


@right(E, "complex step")
def complex_step(dz, log_var, eps):
    return dz, dz * np.imag(np.exp((log_var + 1e-30j) / 2) * eps) / 1e-30


@right(E, "chain of three")
def chain(dz, log_var, eps):
    sigma = np.exp(log_var) ** 0.5
    dmu, dsigma = dz * 1.0, dz * eps
    return dmu, np.multiply(dsigma, sigma / 2)


exp = np.exp
keep("no half", lambda dz, log_var, eps: (dz, dz * eps * exp(0.5 * log_var)))
keep("by sigma instead of log sigma²", lambda dz, log_var, eps: (dz, dz * eps))
keep("half, but no sigma", lambda dz, log_var, eps: (dz, 0.5 * dz * eps))
keep("noise forgotten", lambda dz, log_var, eps: (dz, 0.5 * dz * exp(0.5 * log_var)))
keep("variance for sigma", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * exp(log_var)))
keep("by the variance", lambda dz, log_var, eps: (dz, 0.5 * dz * eps / exp(0.5 * log_var)))
keep("log_var for sigma", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * log_var))
keep("exp(0.5) times log_var", lambda dz, log_var, eps: (dz, dz * eps * exp(0.5) * log_var))
keep("sign of the exponent", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * exp(-0.5 * log_var)))
keep("dz forgotten in the width", lambda dz, log_var, eps: (dz, 0.5 * eps * exp(0.5 * log_var)))
keep("dz forgotten in both", lambda dz, log_var, eps: (np.ones_like(dz), 0.5 * eps * exp(0.5 * log_var)))
keep("dmu is 1", lambda dz, log_var, eps: (np.ones_like(dz), 0.5 * dz * eps * exp(0.5 * log_var)))
keep("swapped", lambda dz, log_var, eps: (0.5 * dz * eps * exp(0.5 * log_var), dz))
keep("summed", lambda dz, log_var, eps: (dz.sum(), (0.5 * dz * eps * exp(0.5 * log_var)).sum()))
keep(
    "summed over samples", lambda dz, log_var, eps: (dz.sum(axis=0), (0.5 * dz * eps * exp(0.5 * log_var)).sum(axis=0))
)
keep("averaged", lambda dz, log_var, eps: (dz / len(dz), 0.5 * dz * eps * exp(0.5 * log_var) / len(dz)))
keep("one only", lambda dz, log_var, eps: 0.5 * dz * eps * exp(0.5 * log_var))
keep("three things", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * exp(0.5 * log_var), dz * exp(0.5 * log_var)))
keep("sigma in dmu", lambda dz, log_var, eps: (dz * exp(0.5 * log_var), 0.5 * dz * eps * exp(0.5 * log_var)))
keep("noise in dmu", lambda dz, log_var, eps: (dz * eps, 0.5 * dz * eps * exp(0.5 * log_var)))
keep(
    "with the KL's gradient",
    lambda dz, log_var, eps: (dz, 0.5 * dz * eps * exp(0.5 * log_var) + 0.5 * (exp(log_var) - 1)),
)
keep("a quarter", lambda dz, log_var, eps: (dz, 0.25 * dz * eps * exp(0.5 * log_var)), False)
keep("noise squared", lambda dz, log_var, eps: (dz, 0.5 * dz * eps**2 * exp(0.5 * log_var)), False)
keep("sign of the width", lambda dz, log_var, eps: (dz, -0.5 * dz * eps * exp(0.5 * log_var)), False)
keep("sign of dmu", lambda dz, log_var, eps: (-dz, 0.5 * dz * eps * exp(0.5 * log_var)), False)
keep("the forward pass", lambda dz, log_var, eps: (dz, dz + exp(0.5 * log_var) * eps), False)
keep(
    "log_var clipped to [-10, 10]", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * exp(0.5 * np.clip(log_var, -10, 10)))
)
keep(
    "gradients clipped to [-100, 100]",
    lambda dz, log_var, eps: (dz, np.clip(0.5 * dz * eps * exp(0.5 * log_var), -100, 100)),
    False,
)
keep("float16", lambda dz, log_var, eps: (dz, np.float16(0.5 * dz * eps * exp(0.5 * log_var))), False)
keep("rounded to 4 digits", lambda dz, log_var, eps: (dz, np.round(0.5 * dz * eps * exp(0.5 * log_var), 4)), False)
keep("a dict", lambda dz, log_var, eps: {"dmu": dz, "dlog_var": 0.5 * dz * eps * exp(0.5 * log_var)}, False)
keep("no negative gradients", lambda dz, log_var, eps: (dz, 0.5 * dz * np.abs(eps) * exp(0.5 * log_var)), False)
keep(
    "measured with a long step",
    lambda dz, log_var, eps: (dz, dz * eps * (exp(0.5 * (log_var + 1e-3)) - exp(0.5 * log_var)) / 1e-3),
    False,
)
keep("matrix product", lambda dz, log_var, eps: (dz, 0.5 * dz @ (eps * exp(0.5 * log_var)).T), False)
keep("eps added to sigma", lambda dz, log_var, eps: (dz, 0.5 * dz * eps * (exp(0.5 * log_var) + 1e-3)), False)


@wrong(E, "in place", common=True)
def in_place_backward(dz, log_var, eps):
    dmu = dz
    dz *= 0.5 * eps * np.exp(0.5 * log_var)
    return dmu, dz


@wrong(E, "fresh noise", common=True)
def fresh(dz, log_var, eps):
    return dz, 0.5 * dz * np.random.standard_normal(dz.shape) * np.exp(0.5 * log_var)
