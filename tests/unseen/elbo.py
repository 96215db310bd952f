"""Unseen implementations of `negative_elbo`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "negative_elbo"


def L_R(X, X_hat):
    return ((X - X_hat) ** 2).sum(axis=1)


def KL(mu, log_var):
    return 0.5 * (mu**2 + np.expm1(log_var) - log_var).sum(axis=1)


right(E, "two helpers", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean())
right(
    E,
    "per sample, then averaged",
    lambda X, X_hat, mu, log_var, beta=1.0: np.mean(L_R(X, X_hat) + beta * KL(mu, log_var)),
)
right(
    E,
    "sums over n",
    lambda X, X_hat, mu, log_var, beta=1: (
        (np.sum((X - X_hat) ** 2) - 0.5 * beta * np.sum(1 + log_var - mu**2 - np.exp(log_var))) / len(X)
    ),
)
right(
    E,
    "norms",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        (
            np.linalg.norm(X - X_hat) ** 2
            + beta
            / 2
            * (np.linalg.norm(mu) ** 2 + np.linalg.norm(np.exp(log_var / 2)) ** 2 - log_var.sum() - log_var.size)
        )
        / X.shape[0]
    ),
)
right(
    E,
    "0-d array",
    lambda X, X_hat, mu, log_var, beta=1.0: np.asarray(L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean()),
)
right(
    E,
    "float32",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(np.float32(X), np.float32(X_hat)).mean() + beta * KL(np.float32(mu), np.float32(log_var)).mean()
    ),
)


@right(E, "loops")
def loops(X, X_hat, mu, log_var, beta=1.0):
    total = 0.0
    for x, y, m, v in zip(X, X_hat, mu, log_var):
        for a, b in zip(x, y):
            total += (a - b) ** 2
        for p, q in zip(m, v):
            s = math.exp(q / 2)
            total += beta * (p * p / 2 + s * s / 2 - math.log(s) - 0.5)
    return total / len(X)


class Elbo:
    def __init__(self, beta=1.0):
        self.beta = beta

    def __call__(self, X, X_hat, mu, log_var, beta=None):
        weight = self.beta if beta is None else beta
        return float(np.einsum("nd,nd->", X - X_hat, X - X_hat) / len(X) + weight * np.average(KL(mu, log_var)))


right(E, "a class", Elbo())


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


keep(
    "reconstruction averaged over everything",
    lambda X, X_hat, mu, log_var, beta=1.0: ((X - X_hat) ** 2).mean() + beta * KL(mu, log_var).mean(),
)
keep(
    "KL averaged over everything",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean() / mu.shape[1],
)
keep(
    "both averaged over everything",
    lambda X, X_hat, mu, log_var, beta=1.0: ((X - X_hat) ** 2).mean() + beta * KL(mu, log_var).mean() / mu.shape[1],
)
keep(
    "both summed over everything",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).sum() + beta * KL(mu, log_var).sum(),
)
keep(
    "KL summed over samples",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var).sum(),
)
keep(
    "reconstruction summed over samples",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).sum() + beta * KL(mu, log_var).mean(),
)
keep(
    "half of the reconstruction",
    lambda X, X_hat, mu, log_var, beta=1.0: 0.5 * L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean(),
)
keep(
    "no half in the KL",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + 2 * beta * KL(mu, log_var).mean(),
)
keep(
    "beta on the reconstruction",
    lambda X, X_hat, mu, log_var, beta=1.0: beta * L_R(X, X_hat).mean() + KL(mu, log_var).mean(),
)
keep("beta on both", lambda X, X_hat, mu, log_var, beta=1.0: beta * (L_R(X, X_hat).mean() + KL(mu, log_var).mean()))
keep("beta ignored", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + KL(mu, log_var).mean())
keep("KL subtracted", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() - beta * KL(mu, log_var).mean())
keep(
    "sign of everything",
    lambda X, X_hat, mu, log_var, beta=1.0: -(L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean()),
)
keep("KL forgotten", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean())
keep("reconstruction forgotten", lambda X, X_hat, mu, log_var, beta=1.0: beta * KL(mu, log_var).mean())
keep(
    "log sigma² taken for sigma",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * (0.5 * (mu**2 + log_var**2 - np.log(log_var**2) - 1)).sum(1).mean()
    ),
)
keep(
    "sigma for the variance",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * (0.5 * (mu**2 + np.exp(log_var / 2) - log_var - 1)).sum(1).mean()
    ),
)
keep(
    "log sigma² taken for log sigma",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, 2 * log_var).mean(),
)
keep(
    "half of the log",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * (KL(mu, log_var) + 0.25 * log_var.sum(1)).mean()
    ),
)
keep(
    "no -1",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * (0.5 * (mu**2 + np.exp(log_var) - log_var)).sum(1).mean()
    ),
)
keep(
    "mu not squared",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * (0.5 * (mu + np.expm1(log_var) - log_var)).sum(1).mean()
    ),
)
keep("one number per sample", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat) + beta * KL(mu, log_var))
keep("root", lambda X, X_hat, mu, log_var, beta=1.0: np.sqrt(L_R(X, X_hat)).mean() + beta * KL(mu, log_var).mean())
keep(
    "absolute error",
    lambda X, X_hat, mu, log_var, beta=1.0: np.abs(X - X_hat).sum(1).mean() + beta * KL(mu, log_var).mean(),
)
keep(
    "constants of the Gaussian",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + X.shape[1] / 2 * np.log(np.pi) + beta * KL(mu, log_var).mean()
    ),
)
keep("default 0", lambda X, X_hat, mu, log_var, beta=0.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean())
keep("default 4", lambda X, X_hat, mu, log_var, beta=4.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean())
keep("no default", lambda X, X_hat, mu, log_var, beta: L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean())
keep(
    "three things",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean(),
        L_R(X, X_hat).mean(),
        KL(mu, log_var).mean(),
    ),
)
keep(
    "beta 0 taken for not given",
    lambda X, X_hat, mu, log_var, beta=None: L_R(X, X_hat).mean() + (beta or 1.0) * KL(mu, log_var).mean(),
)
keep(
    "log_var clipped to [-10, 10]",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, np.clip(log_var, -10, 10)).mean(),
)
keep(
    "axes swapped",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        ((X - X_hat) ** 2).sum(0).mean() + beta * (0.5 * (mu**2 + np.expm1(log_var) - log_var)).sum(0).mean()
    ),
)
keep(
    "beta squared",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta**2 * KL(mu, log_var).mean(),
    False,
)
keep(
    "n - 1",
    lambda X, X_hat, mu, log_var, beta=1.0: (L_R(X, X_hat).sum() + beta * KL(mu, log_var).sum()) / (len(X) - 1),
    False,
)
keep(
    "eps in the log",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean()
        + beta * (0.5 * (mu**2 + np.exp(log_var) - 1 - np.log(np.exp(log_var) + 1e-6))).sum(1).mean()
    ),
    False,
)
keep(
    "float16",
    lambda X, X_hat, mu, log_var, beta=1.0: np.float16(L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean()),
    False,
)
keep(
    "rounded to 3 digits",
    lambda X, X_hat, mu, log_var, beta=1.0: round(float(L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean()), 3),
    False,
)
keep(
    "beta at most 1",
    lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + min(beta, 1) * KL(mu, log_var).mean(),
    False,
)
keep(
    "first sample's KL", lambda X, X_hat, mu, log_var, beta=1.0: L_R(X, X_hat).mean() + beta * KL(mu, log_var)[0], False
)
keep(
    "at least 0.1",
    lambda X, X_hat, mu, log_var, beta=1.0: (
        L_R(X, X_hat).mean() + beta * np.maximum(0.5 * (mu**2 + np.expm1(log_var) - log_var), 0.1).sum(1).mean()
    ),
    False,
)
keep(
    "divided by d",
    lambda X, X_hat, mu, log_var, beta=1.0: (L_R(X, X_hat).mean() + beta * KL(mu, log_var).mean()) / X.shape[1],
    False,
)
keep(
    "variance of the error",
    lambda X, X_hat, mu, log_var, beta=1.0: (X - X_hat).var(axis=0).sum() + beta * KL(mu, log_var).mean(),
    False,
)


@wrong(E, "in place", common=True)
def in_place(X, X_hat, mu, log_var, beta=1.0):
    X -= X_hat
    return (X**2).sum(1).mean() + beta * KL(mu, log_var).mean()


@wrong(E, "noise on the reconstruction")
def noisy(X, X_hat, mu, log_var, beta=1.0):
    return L_R(X, X_hat + 1e-3 * np.random.randn(*X.shape)).mean() + beta * KL(mu, log_var).mean()
