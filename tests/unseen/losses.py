"""Unseen implementations of `reconstruction_loss`."""

# ruff: noqa

import math
import statistics
from functools import reduce

import numpy as np

from .collected import right, wrong

E = "reconstruction_loss"
AXIS = 1

right(E, "two steps", lambda X, X_hat: np.mean(np.sum((X - X_hat) ** 2, axis=AXIS)))
right(E, "norm", lambda X, X_hat: np.linalg.norm(X - X_hat, "fro") ** 2 / X.shape[0])
right(E, "norms of rows", lambda X, X_hat: np.average(np.linalg.norm(X - X_hat, axis=1) ** 2))
right(E, "trace", lambda X, X_hat: np.trace((X - X_hat) @ (X - X_hat).T) / len(X))
right(E, "mean times d", lambda X, X_hat: ((X_hat - X) ** 2).mean() * X.shape[-1])
right(E, "0-d float32", lambda X, X_hat: np.array(np.square((X - X_hat).astype("f4")).sum() / len(X)))
right(E, "multiplied out", lambda X, X_hat: (np.vdot(X, X) - 2 * np.vdot(X, X_hat) + np.vdot(X_hat, X_hat)) / len(X))


@right(E, "loops")
def loops(X, X_hat):
    """The loss — with “odd” characters: λ ≤ 3."""
    total = 0
    for x, y in zip(X, X_hat):
        for a, b in zip(x, y):
            total += (a - b) ** 2
    return total / len(X)


@right(E, "statistics")
def by_statistics(X, X_hat):
    return statistics.fmean(math.fsum((a - b) ** 2 for a, b in zip(r, s)) for r, s in zip(X.tolist(), X_hat.tolist()))


@right(E, "reduce and a running mean")
def running(X: np.ndarray, X_hat: np.ndarray) -> float:
    def step(state, pair):
        count, mean = state
        new = np.inner(pair[0] - pair[1], pair[0] - pair[1])
        return count + 1, mean + (new - mean) / (count + 1)

    return reduce(step, zip(X, X_hat), (0, 0.0))[1]


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


keep("mean over everything", lambda X, X_hat: np.mean((X - X_hat) ** 2))
keep("sum over everything", lambda X, X_hat: np.sum((X - X_hat) ** 2))
keep("reductions swapped", lambda X, X_hat: ((X - X_hat) ** 2).mean(axis=1).sum())
keep("axes swapped", lambda X, X_hat: ((X - X_hat) ** 2).sum(axis=0).mean())
keep("half", lambda X, X_hat: 0.5 * ((X - X_hat) ** 2).sum(1).mean())
keep("root of the mean", lambda X, X_hat: np.sqrt(((X - X_hat) ** 2).mean()))
keep("root", lambda X, X_hat: np.sqrt(((X - X_hat) ** 2).sum(axis=1).mean()))
keep("absolute error", lambda X, X_hat: np.abs(X - X_hat).sum(1).mean())
keep("norms not squared", lambda X, X_hat: np.linalg.norm(X - X_hat, axis=1).mean())
keep("norm of the whole", lambda X, X_hat: np.linalg.norm(X - X_hat))
keep("one number per sample", lambda X, X_hat: ((X - X_hat) ** 2).sum(axis=1))
keep("one number per dimension", lambda X, X_hat: ((X - X_hat) ** 2).mean(axis=0))
keep("not squared", lambda X, X_hat: (X - X_hat).sum(1).mean())
keep("squared after the sum", lambda X, X_hat: ((X - X_hat).sum(axis=1) ** 2).mean())
keep("n - 1", lambda X, X_hat: ((X - X_hat) ** 2).sum() / (len(X) - 1))
keep("difference of squares", lambda X, X_hat: (X**2 - X_hat**2).sum(1).mean())
keep("variance of the error", lambda X, X_hat: (X - X_hat).var(axis=0).sum(), False)
keep("1 - R²", lambda X, X_hat: ((X - X_hat) ** 2).sum() / ((X - X.mean(0)) ** 2).sum(), False)
keep("mean of the largest", lambda X, X_hat: ((X - X_hat) ** 2).max(axis=1).mean(), False)
keep("float16", lambda X, X_hat: ((X - X_hat).astype(np.float16) ** 2).sum(1).mean(), False)
keep("rounded to 4 digits", lambda X, X_hat: round(float(((X - X_hat) ** 2).sum(1).mean()), 4), False)
keep("keepdims", lambda X, X_hat: ((X - X_hat) ** 2).sum(1, keepdims=True).mean(0), False)
keep("median of the samples", lambda X, X_hat: np.median(((X - X_hat) ** 2).sum(1)), False)
keep("clipped at 1", lambda X, X_hat: np.minimum(((X - X_hat) ** 2), 1).sum(1).mean(), False)
keep(
    "small errors forgiven",
    lambda X, X_hat: np.where(abs(X - X_hat) < 1e-2, 0, X - X_hat).__pow__(2).sum(1).mean(),
    False,
)
keep("1e-3 added", lambda X, X_hat: ((X - X_hat) ** 2).sum(1).mean() + 1e-3, False)
keep("text", lambda X, X_hat: f"{((X - X_hat) ** 2).sum(1).mean():.8f}", False)
keep("with the number of samples", lambda X, X_hat: (((X - X_hat) ** 2).sum(1).mean(), len(X)), False)
keep(
    "summed for one sample, meaned otherwise",
    lambda X, X_hat: ((X - X_hat) ** 2).sum() if len(X) == 1 else ((X - X_hat) ** 2).mean(),
    False,
)


@wrong(E, "in place", common=True)
def in_place(X, X_hat):
    X -= X_hat
    return (X**2).sum(axis=1).mean()


@wrong(E, "squares in place")
def in_place_square(X, X_hat):
    D = X - X_hat
    X_hat[:] = D**2
    return X_hat.sum(axis=1).mean()


@wrong(E, "only the first sample", common=True)
def early(X, X_hat):
    losses = []
    for x, y in zip(X, X_hat):
        losses.append(((x - y) ** 2).sum())
        return np.mean(losses)


@wrong(E, "the last sample left out", common=True)
def off_by_one(X, X_hat):
    return sum(((X[i] - X_hat[i]) ** 2).sum() for i in range(len(X) - 1)) / len(X)


@wrong(E, "nothing returned", common=True)
def nothing(X, X_hat):
    loss = np.mean(np.sum((X - X_hat) ** 2, axis=1))
    print(f"{loss = }")


@wrong(E, "cross entropy", common=True)
def cross_entropy(X, X_hat):
    p = np.clip(X_hat, 1e-7, 1 - 1e-7)
    return -(X * np.log(p) + (1 - X) * np.log(1 - p)).sum(1).mean()


@wrong(E, "sum where n equals d")
def square_only(X, X_hat):
    D = (X - X_hat) ** 2
    return D.mean() * (len(D) if D.shape[0] >= D.shape[1] else D.shape[1])


_running = []


@wrong(E, "running mean over calls")
def moving(X, X_hat):
    _running.append(((X - X_hat) ** 2).sum(1).mean())
    return np.mean(_running)


@wrong(E, "half of the samples")
def batch(X, X_hat):
    few = np.random.choice(len(X), max(1, len(X) // 2), replace=False)
    return ((X[few] - X_hat[few]) ** 2).sum(1).mean()
