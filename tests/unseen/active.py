"""Unseen implementations of `active_units`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "active_units"


def gauss(mu, sigma):
    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)


right(
    E,
    "mean of booleans",
    lambda mu, sigma, delta=0.01, fraction=0.5: (gauss(mu, sigma) > delta).mean(axis=0) >= fraction,
)
right(
    E,
    "counted",
    lambda mu, sigma, delta=0.01, fraction=0.5: (
        np.count_nonzero(gauss(mu, sigma) > delta, axis=0) >= fraction * len(mu)
    ),
)
right(
    E,
    "list",
    lambda mu, sigma, delta=0.01, fraction=0.5: [
        bool(np.mean(gauss(m, s) > delta) >= fraction) for m, s in zip(mu.T, sigma.T)
    ],
)
right(
    E,
    "0 and 1",
    lambda mu, sigma, delta=0.01, fraction=0.5: np.where(np.average(gauss(mu, sigma) > delta, axis=0) < fraction, 0, 1),
)
right(
    E,
    "not fewer",
    lambda mu, sigma, delta=0.01, fraction=0.5: ~((gauss(mu, sigma) > delta).sum(0) < fraction * mu.shape[0]),
)
right(
    E,
    "idle fraction",
    lambda mu, sigma, delta=1e-2, fraction=1 / 2: (gauss(mu, sigma) <= delta).mean(0) <= 1 - fraction,
)


@right(E, "loops")
def loops(mu, sigma, delta=0.01, fraction=0.5):
    n, k = mu.shape
    mask = np.zeros(k, dtype=bool)
    for j in range(k):
        count = 0
        for i in range(n):
            m, s = mu[i, j], sigma[i, j]
            if (m * m + s * s - 1 - 2 * math.log(s)) / 2 > delta:
                count += 1
        mask[j] = count / n >= fraction
    return mask


@right(E, "apply_along_axis")
def along(mu, sigma, delta=0.01, fraction=0.5):
    """≥ `fraction` of the samples, KL > δ."""
    return np.apply_along_axis(lambda column: sum(column > delta) >= fraction * column.size, 0, gauss(mu, sigma))


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


D, F = 0.01, 0.5
keep("more than the fraction", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean(0) > fraction)
keep("mean KL", lambda mu, sigma, delta=D, fraction=F: gauss(mu, sigma).mean(0) > delta)
keep(
    "mean KL, times fraction", lambda mu, sigma, delta=D, fraction=F: gauss(mu, sigma).mean(0) > delta * fraction, False
)
keep("KL of the averaged mu and sigma", lambda mu, sigma, delta=D, fraction=F: gauss(mu.mean(0), sigma.mean(0)) > delta)
keep(
    "KL of the averaged squares",
    lambda mu, sigma, delta=D, fraction=F: (
        0.5 * ((mu**2).mean(0) + (sigma**2).mean(0) - 1 - np.log((sigma**2).mean(0))) > delta
    ),
)
keep("over the dimensions", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean(1) >= fraction)
keep("any sample", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).any(0))
keep("all samples", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).all(0))
keep("how many", lambda mu, sigma, delta=D, fraction=F: ((gauss(mu, sigma) > delta).mean(0) >= fraction).sum())
keep("which ones", lambda mu, sigma, delta=D, fraction=F: np.where((gauss(mu, sigma) > delta).mean(0) >= fraction)[0])
keep("fractions", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean(0))
keep(
    "delta is 0.1 unless given", lambda mu, sigma, delta=0.1, fraction=F: (gauss(mu, sigma) > delta).mean(0) >= fraction
)
keep(
    "fraction is 0.1 unless given",
    lambda mu, sigma, delta=D, fraction=0.1: (gauss(mu, sigma) > delta).mean(0) >= fraction,
)
keep("always a half", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean(0) >= 0.5)
keep("always 0.01", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > 0.01).mean(0) >= fraction)
keep("variance of mu", lambda mu, sigma, delta=D, fraction=F: mu.var(0) > delta)
keep(
    "sigma taken for the variance",
    lambda mu, sigma, delta=D, fraction=F: (0.5 * (mu**2 + sigma - 1 - np.log(sigma)) > delta).mean(0) >= fraction,
)
keep("shift only", lambda mu, sigma, delta=D, fraction=F: (0.5 * mu**2 > delta).mean(0) >= fraction)
keep(
    "spread only",
    lambda mu, sigma, delta=D, fraction=F: (0.5 * (sigma**2 - 1) - np.log(sigma) > delta).mean(0) >= fraction,
)
keep("no half in the KL", lambda mu, sigma, delta=D, fraction=F: (2 * gauss(mu, sigma) > delta).mean(0) >= fraction)
keep("no -1 in the KL", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) + 0.5 > delta).mean(0) >= fraction)
keep(
    "log sigma for log sigma²",
    lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) + 0.5 * np.log(sigma) > delta).mean(0) >= fraction,
)
keep("idle ones", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean(0) < fraction)
keep("below delta", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) < delta).mean(0) >= fraction)
keep("every entry", lambda mu, sigma, delta=D, fraction=F: gauss(mu, sigma) > delta)
keep("one answer for all", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).mean() >= fraction)
keep("squeezed", lambda mu, sigma, delta=D, fraction=F: np.squeeze((gauss(mu, sigma) > delta).mean(0) >= fraction))
keep("median", lambda mu, sigma, delta=D, fraction=F: np.median(gauss(mu, sigma), axis=0) > delta)
keep(
    "rounded down count",
    lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).sum(0) >= int(fraction * len(mu)),
)
keep(
    "rounded count",
    lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).sum(0) >= round(fraction * len(mu)),
    False,
)
keep(
    "more than half, whole division",
    lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).sum(0) > len(mu) // 2,
    False,
)
keep(
    "delta and fraction swapped", lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > fraction).mean(0) >= delta
)
keep("sum of the KL", lambda mu, sigma, delta=D, fraction=F: gauss(mu, sigma).sum(0) > delta, False)
keep(
    "KL rounded to 2 digits",
    lambda mu, sigma, delta=D, fraction=F: (np.round(gauss(mu, sigma), 2) > delta).mean(0) >= fraction,
    False,
)
keep(
    "square: the other axis",
    lambda mu, sigma, delta=D, fraction=F: (
        (gauss(mu, sigma) > delta).mean(1 if mu.shape[0] == mu.shape[1] else 0) >= fraction
    ),
    False,
)
keep(
    "nan for idle ones",
    lambda mu, sigma, delta=D, fraction=F: np.where((gauss(mu, sigma) > delta).mean(0) >= fraction, 1, np.nan),
    False,
)
keep(
    "text",
    lambda mu, sigma, delta=D, fraction=F: [
        "active" if a else "collapsed" for a in (gauss(mu, sigma) > delta).mean(0) >= fraction
    ],
    False,
)
keep(
    "count compared with the fraction",
    lambda mu, sigma, delta=D, fraction=F: (gauss(mu, sigma) > delta).sum(0) >= fraction,
)


@wrong(E, "in place")
def in_place(mu, sigma, delta=D, fraction=F):
    mu *= mu
    return (0.5 * (mu + sigma**2 - 1) - np.log(sigma) > delta).mean(0) >= fraction


@wrong(E, "the last sample left out")
def off_by_one(mu, sigma, delta=D, fraction=F):
    return (gauss(mu, sigma) > delta)[:-1].sum(0) >= fraction * len(mu)
