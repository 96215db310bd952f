"""Unseen implementations of `kl_shift_spread` and `kl_from_log_var`."""

# ruff: noqa

import math
from typing import NamedTuple

import numpy as np

from .collected import right, wrong

E = "kl_shift_spread"
log = np.log


class Parts(NamedTuple):
    """Two parts: ½μ² & ½(σ² − ln σ² − 1)."""

    shift: float
    spread: float


right(E, "two lines", lambda mu, sigma: (mu**2 / 2, (sigma**2 - 1) / 2 - np.log(sigma)))
right(E, "list", lambda mu, sigma: [0.5 * np.power(mu, 2), 0.5 * (np.power(sigma, 2) - np.log(np.power(sigma, 2)) - 1)])
right(E, "named tuple", lambda mu, sigma: Parts(0.5 * mu * mu, 0.5 * sigma * sigma - 0.5 - log(sigma)))
right(
    E,
    "broadcast",
    lambda mu, sigma: tuple(np.broadcast_arrays(0.5 * np.square(mu), 0.5 * (np.square(sigma) - 1) - log(sigma))),
)
right(E, "one of them broadcast", lambda mu, sigma: (0.5 * mu**2 + 0 * sigma, 0.5 * (sigma**2 - 1) - log(sigma)))
right(
    E, "float32", lambda mu, sigma: (np.float32(mu) ** 2 / 2, (np.float32(sigma) ** 2 - 1) / 2 - log(np.float32(sigma)))
)
right(
    E,
    "difference of two totals",
    lambda mu, sigma: (lambda kl: (kl(mu, 1.0), kl(0.0, sigma)))(lambda m, s: 0.5 * (m**2 + s**2 - 1) - log(s)),
)


@right(E, "loops into lists")
def loops(mu, sigma):
    f = lambda x, g: g(x) if np.ndim(x) == 0 else [f(y, g) for y in x]
    return f(mu, lambda m: m * m / 2), f(sigma, lambda s: (s * s - 1) / 2 - math.log(s))


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


keep("swapped", lambda mu, sigma: (0.5 * (sigma**2 - 1) - log(sigma), 0.5 * mu**2))
keep("-1 in the shift", lambda mu, sigma: (0.5 * (mu**2 - 1), 0.5 * sigma**2 - log(sigma)))
keep("-1 shared", lambda mu, sigma: (0.5 * (mu**2 - 0.5), 0.5 * (sigma**2 - 0.5) - log(sigma)))
keep("no -1", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - log(sigma**2))))
keep("no halves", lambda mu, sigma: (mu**2, sigma**2 - log(sigma**2) - 1))
keep("shift without half", lambda mu, sigma: (mu**2, 0.5 * (sigma**2 - log(sigma**2) - 1)))
keep("spread without half", lambda mu, sigma: (0.5 * mu**2, sigma**2 - log(sigma**2) - 1))
keep("log sigma for log sigma²", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - log(sigma) - 1)))
keep("sigma for sigma²", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma - log(sigma) - 1)))
keep("total returned", lambda mu, sigma: 0.5 * mu**2 + 0.5 * (sigma**2 - log(sigma**2) - 1))
keep(
    "with the total",
    lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - 1) - log(sigma), 0.5 * (mu**2 + sigma**2 - 1) - log(sigma)),
)
keep("summed", lambda mu, sigma: (np.sum(0.5 * mu**2), np.sum(0.5 * (sigma**2 - 1) - log(sigma))))
keep("averaged", lambda mu, sigma: (np.mean(0.5 * mu**2), np.mean(0.5 * (sigma**2 - 1) - log(sigma))))
keep("sign of the log", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 + log(sigma**2) - 1)))
keep("log forgotten", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - 1)))
keep("mu not squared", lambda mu, sigma: (0.5 * mu, 0.5 * (sigma**2 - 1) - log(sigma)))
keep("|mu|", lambda mu, sigma: (0.5 * np.abs(mu), 0.5 * (sigma**2 - 1) - log(sigma)))
keep("log sigma in the shift", lambda mu, sigma: (0.5 * mu**2 - log(sigma), 0.5 * (sigma**2 - 1)))
keep("total for the spread", lambda mu, sigma: (0.5 * mu**2, 0.5 * (mu**2 + sigma**2 - 1) - log(sigma)))
keep("log to base 2", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log2(sigma)))
keep("(log sigma)²", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - log(sigma) ** 2 - 1)))
keep("as a dict", lambda mu, sigma: {"shift": 0.5 * mu**2, "spread": 0.5 * (sigma**2 - 1) - log(sigma)}, False)
keep("spread negative", lambda mu, sigma: (0.5 * mu**2, -(0.5 * (sigma**2 - 1) - log(sigma))), False)
keep("eps in the log", lambda mu, sigma: (0.5 * mu**2, 0.5 * (sigma**2 - 1) - log(sigma + 1e-4)), False)
keep(
    "fractions of the total",
    lambda mu, sigma: (lambda a, b: (a / (a + b + 1e-12), b / (a + b + 1e-12)))(
        0.5 * mu**2, 0.5 * (sigma**2 - 1) - log(sigma)
    ),
    False,
)
keep(
    "larger part first",
    lambda mu, sigma: (lambda a, b: (np.maximum(a, b), np.minimum(a, b)))(
        0.5 * mu**2, 0.5 * (sigma**2 - 1) - log(sigma)
    ),
    False,
)
keep(
    "spread 0 for narrow ones",
    lambda mu, sigma: (0.5 * mu**2, np.where(sigma < 1, 0, 0.5 * (sigma**2 - 1) - log(sigma))),
    False,
)
keep(
    "rounded to 4 digits",
    lambda mu, sigma: (np.round(0.5 * mu**2, 4), np.round(0.5 * (sigma**2 - 1) - log(sigma), 4)),
    False,
)
keep("float16", lambda mu, sigma: (np.float16(0.5 * mu**2), np.float16(0.5 * (sigma**2 - 1) - log(sigma))), False)


@wrong(E, "in place")
def in_place(mu, sigma):
    if isinstance(mu, np.ndarray):
        mu *= mu
        return mu / 2, 0.5 * (sigma**2 - 1) - np.log(sigma)
    return mu**2 / 2, 0.5 * (sigma**2 - 1) - np.log(sigma)


E = "kl_from_log_var"

right(E, "expm1", lambda mu, log_var: 0.5 * (mu**2 + np.expm1(log_var) - log_var).sum(axis=1))
right(E, "exp, minus outside", lambda mu, log_var: -0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=-1))
right(
    E,
    "by sigma and its log",
    lambda mu, log_var: (lambda s: np.sum(0.5 * (mu**2 + s**2 - 1) - log_var / 2, 1))(np.exp(log_var / 2)),
)
right(
    E,
    "log of sigma, which does not underflow",
    lambda mu, log_var: np.sum(0.5 * (mu**2 + np.exp(log_var) - 1) - np.log(np.exp(0.5 * log_var)), 1),
)
right(
    E,
    "einsum",
    lambda mu, log_var: 0.5 * (np.einsum("nk,nk->n", mu, mu) + np.einsum("nk->n", np.expm1(log_var) - log_var)),
)
right(
    E,
    "fsum",
    lambda mu, log_var: [math.fsum((m * m + math.expm1(v) - v) / 2 for m, v in zip(a, b)) for a, b in zip(mu, log_var)],
)
right(E, "matrix times ones", lambda mu, log_var: (0.5 * (mu**2 + np.expm1(log_var) - log_var)) @ np.ones(mu.shape[1]))
right(
    E,
    "longdouble",
    lambda mu, log_var: np.sum(
        (mu.astype(np.longdouble) ** 2 + np.expm1(log_var.astype(np.longdouble)) - log_var) / 2, axis=1
    ),
)


@right(E, "column by column, never below 0")
def columns(mu, log_var):
    kl = np.zeros(mu.shape[0])
    for m, v in zip(mu.T, log_var.T):
        kl += np.maximum(m**2 / 2 + np.expm1(v) / 2 - v / 2, 0)
    return kl


keep(
    "log of the variance", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log(np.exp(log_var)) - 1, axis=1)
)
keep(
    "float32",
    lambda mu, log_var: (
        0.5 * np.sum(np.float32(mu) ** 2 + np.exp(np.float32(log_var)) - np.float32(log_var) - 1, axis=1)
    ),
)
keep(
    "float32 at the end",
    lambda mu, log_var: (0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)).astype(np.float32),
)
keep("mean over dimensions", lambda mu, log_var: 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1, axis=1))
keep("sum over samples", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=0))
keep("sum over everything", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1))
keep("mean over samples, too", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1).mean())
keep("mean over everything", lambda mu, log_var: 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1))
keep("not summed", lambda mu, log_var: 0.5 * (mu**2 + np.exp(log_var) - log_var - 1))
keep("keepdims", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1, keepdims=True))
keep("squeezed", lambda mu, log_var: np.squeeze(0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)))
keep("sigma for the variance", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(0.5 * log_var) - log_var - 1, axis=1))
keep("variance squared", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) ** 2 - log_var - 1, axis=1))
keep(
    "log sigma² taken for log sigma",
    lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(2 * log_var) - 2 * log_var - 1, axis=1),
)
keep("log sigma² taken for sigma²", lambda mu, log_var: 0.5 * np.sum(mu**2 + log_var - log(log_var) - 1, axis=1))
keep("no half", lambda mu, log_var: np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))
keep("half of the log", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - 0.5 * log_var - 1, axis=1))
keep("no -1", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var, axis=1))
keep("-1 after the sum", lambda mu, log_var: 0.5 * (np.sum(mu**2 + np.exp(log_var) - log_var, axis=1) - 1))
keep("mu not squared", lambda mu, log_var: 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1))
keep("sign", lambda mu, log_var: 0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1))
keep("sign of the log", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) + log_var - 1, axis=1))
keep(
    "eps in the log",
    lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - log(np.exp(log_var) + 1e-8) - 1, axis=1),
)
keep(
    "log_var clipped to [-20, 20]",
    lambda mu, log_var: (lambda v: 0.5 * np.sum(mu**2 + np.exp(v) - v - 1, axis=1))(np.clip(log_var, -20, 20)),
)
keep(
    "log_var at most 30",
    lambda mu, log_var: (lambda v: 0.5 * np.sum(mu**2 + np.expm1(v) - v, axis=1))(np.minimum(log_var, 30)),
)
keep(
    "log_var at least -700",
    lambda mu, log_var: (lambda v: 0.5 * np.sum(mu**2 + np.expm1(v) - v, axis=1))(np.maximum(log_var, -700)),
    False,
)
keep(
    "log1p of expm1",
    lambda mu, log_var: (lambda e: 0.5 * np.sum(mu**2 + e - np.log1p(e), axis=1))(np.expm1(log_var)),
    False,
)
keep(
    "nan_to_num",
    lambda mu, log_var: 0.5 * np.sum(mu**2 + np.exp(log_var) - np.nan_to_num(log(np.exp(log_var))) - 1, axis=1),
    False,
)
keep("1e-8 added", lambda mu, log_var: 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1) + 1e-8, False)
keep(
    "rounded to 6 digits",
    lambda mu, log_var: np.round(0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1), 6),
    False,
)
keep(
    "square: the other axis",
    lambda mu, log_var: 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=0 if mu.shape[0] == mu.shape[1] else 1),
    False,
)
keep(
    "summed in float32",
    lambda mu, log_var: 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1, dtype=np.float32),
    False,
)
keep(
    "a parabola near 0",
    lambda mu, log_var: (
        0.5 * np.sum(mu**2 + np.where(abs(log_var) < 1e-2, log_var**2 / 2, np.expm1(log_var) - log_var), axis=1)
    ),
    False,
)


@wrong(E, "exp in place", common=True)
def exp_in_place(mu, log_var):
    v = log_var.copy()
    np.exp(log_var, out=log_var)
    return 0.5 * np.sum(mu**2 + log_var - v - 1, axis=1)


@wrong(E, "the first sample only", common=True)
def early(mu, log_var):
    for m, v in zip(mu, log_var):
        return 0.5 * np.sum(m**2 + np.exp(v) - v - 1)
