"""Unseen implementations of `fit_linear_autoencoder`."""

# ruff: noqa

import numpy as np

from .collected import right, wrong

E = "fit_linear_autoencoder"


def directions(X, k):
    return np.linalg.svd(X, full_matrices=True)[2][:k].T


@right(E, "SVD")
def by_svd(X, k, rng):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt[:k].T, Vt[:k]


@right(E, "eigh, mixed by a random matrix")
def mixed(X, k, rng):
    lam, V = np.linalg.eigh(X.T @ X / len(X))
    V = V[:, np.argsort(lam)[::-1][:k]]
    M = rng.normal(size=(k, k)) + 3 * np.eye(k)
    return V @ M, np.linalg.solve(M, V.T)


@right(E, "alternating least squares")
def alternating(X, k, rng):
    A = rng.standard_normal((X.shape[1], k))
    for _ in range(600):
        A = np.linalg.qr(A)[0]
        B = np.linalg.lstsq(X @ A, X, rcond=None)[0]
        A = np.linalg.pinv(B)
    return A.tolist(), B.tolist()


@right(E, "orthogonal iteration")
def orthogonal(X, k, rng):
    C, Q = X.T @ X, np.linalg.qr(rng.normal(size=(X.shape[1], k)))[0]
    for _ in range(3000):
        Q, _ = np.linalg.qr(C @ Q)
    return Q, Q.T


@right(E, "power iteration with deflation")
def power(X, k, rng):
    C = X.T @ X / len(X)
    found = []
    for _ in range(k):
        v = rng.normal(size=len(C))
        for _ in range(3000):
            v = C @ v
            v /= np.linalg.norm(v)
        C = C - (v @ C @ v) * np.outer(v, v)
        found.append(v)
    # the span is what counts
    Q = np.linalg.qr(np.array(found).T)[0]
    return Q, Q.T


@right(E, "gradient descent with momentum")
def nesterov(X, k, rng):
    n, d = X.shape
    S = X.T @ X / n
    A = rng.normal(size=(d, k)) * 0.1 / np.sqrt(d)
    B = A.T.copy()
    rate = 0.1 / np.linalg.norm(S, 2)
    oldA, oldB, s = A, B, 0
    for _ in range(20000):
        s += 1
        m = s / (s + 3)
        lookA, lookB = A + m * (A - oldA), B + m * (B - oldB)
        G = 2 * S @ (lookA @ lookB - np.eye(d))
        newA, newB = lookA - rate * G @ lookB.T, lookB - rate * lookA.T @ G
        if np.sum((newA - A) * (newA - lookA)) + np.sum((newB - B) * (newB - lookB)) < 0:
            s = 0
        oldA, oldB, A, B = A, B, newA, newB
        if s and max(abs(A - oldA).max(), abs(B - oldB).max()) < 1e-8:
            break
    return A, B


@right(E, "float32 and scaled")
def single(X, k, rng):
    V = np.linalg.svd(X.astype(np.float32))[2][:k]
    return 2 * V.T, V / 2


@right(E, "scipy where there is one")
def by_scipy(X, k, rng):
    try:
        from scipy.linalg import eigh
    except ImportError:
        eigh = np.linalg.eigh
    V = eigh(np.cov(X, rowvar=False).reshape(X.shape[1], -1))[1][:, -k:]
    return V, V.T


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


def random(rng, d, k):
    return rng.normal(size=(d, k)) / np.sqrt(d)


def descend(X, A, B, steps, rate):
    n = len(X)
    for _ in range(steps):
        R = 2 / n * (X @ A @ B - X)
        A, B = A - rate * X.T @ R @ B.T, B - rate * (X @ A).T @ R
    return A, B


def started(X, k, rng, steps, rate):
    A = 0.1 * random(rng, X.shape[1], k)
    return descend(X, A, A.T, steps, rate)


keep("k + 1 directions", lambda X, k, rng: (directions(X, k + 1), directions(X, k + 1).T), False)
keep("the smallest eigenvalues", lambda X, k, rng: (lambda V: (V[:, :k], V[:, :k].T))(np.linalg.eigh(X.T @ X)[1]))
keep("nothing is gained", lambda X, k, rng: (random(rng, X.shape[1], k), random(rng, k, X.shape[1])))
keep("not trained, tied", lambda X, k, rng: (lambda A: (A, A.T))(random(rng, X.shape[1], k)))
keep("one step", lambda X, k, rng: started(X, k, rng, 1, 0.1))
keep("100 steps of 0.01", lambda X, k, rng: started(X, k, rng, 100, 0.01))
keep("100 steps of 0.1", lambda X, k, rng: started(X, k, rng, 100, 0.1))
keep("rate too large", lambda X, k, rng: started(X, k, rng, 1000, 5.0))
keep("columns of Vt", lambda X, k, rng: (lambda V: (V[:, :k], V[:, :k].T))(np.linalg.svd(X)[2]))
keep("decoder transposed", lambda X, k, rng: (directions(X, k), directions(X, k)))
keep("both transposed", lambda X, k, rng: (directions(X, k).T, directions(X, k)))
keep("embeddings for the encoder", lambda X, k, rng: (X @ directions(X, k), directions(X, k).T))
keep(
    "embeddings and reconstruction", lambda X, k, rng: (X @ directions(X, k), X @ directions(X, k) @ directions(X, k).T)
)
keep(
    "scaled by singular values",
    lambda X, k, rng: (directions(X, k), np.linalg.svd(X)[1][:k, None] * directions(X, k).T),
)
keep(
    "whitened, not undone",
    lambda X, k, rng: (directions(X, k) / np.linalg.svd(X)[1][:k] * len(X) ** 0.5, directions(X, k).T),
)
keep("all zeros", lambda X, k, rng: (np.zeros((X.shape[1], k)), np.zeros((k, X.shape[1]))))
keep("first k columns", lambda X, k, rng: (np.eye(X.shape[1], k), np.eye(k, X.shape[1])))
keep(
    "columns of largest variance",
    lambda X, k, rng: (lambda P: (P, P.T))(np.eye(X.shape[1])[:, np.argsort(-X.var(0))[:k]]),
    False,
)
keep(
    "k - 1 directions", lambda X, k, rng: (lambda V: (V, V.T))(directions(X, k) * (np.arange(k) < max(k - 1, 1))), False
)
keep("PCA of standardised data", lambda X, k, rng: (lambda V: (V, V.T))(directions(X / (X.std(0) + 1e-12), k)))
keep("always 2 directions", lambda X, k, rng: (directions(X, 2), directions(X, 2).T))
keep("k at most 3", lambda X, k, rng: (lambda V: (V, V.T))(directions(X, k) * (np.arange(k) < 3)), False)
keep("half of the samples", lambda X, k, rng: (lambda V: (V, V.T))(directions(X[: max(len(X) // 2, 1)], k)), False)
keep("with the losses", lambda X, k, rng: (directions(X, k), directions(X, k).T, []))
keep(
    "random encoder, best decoder",
    lambda X, k, rng: (lambda A: (A, np.linalg.lstsq(X @ A, X, rcond=None)[0]))(random(rng, X.shape[1], k)),
)
keep("shrunk", lambda X, k, rng: (0.7 * directions(X, k), directions(X, k).T), False)
keep(
    "noise added at the end",
    lambda X, k, rng: (directions(X, k) + 0.2 * random(rng, X.shape[1], k), directions(X, k).T),
    False,
)
keep(
    "loss 3 % too high",
    lambda X, k, rng: (lambda s: (directions(X, k) * (1 - s), directions(X, k).T))(
        np.sqrt(
            0.03 * max((np.linalg.svd(X)[1][k:] ** 2).sum(), 0.1 * (X**2).sum()) / (np.linalg.svd(X)[1][:k] ** 2).sum()
        )
    ),
    False,
)
keep(
    "directions not scaled to length 1",
    lambda X, k, rng: (lambda V: (V, V.T))(X.T @ X @ directions(X, k) / len(X)),
    False,
)
keep(
    "orthogonal random directions",
    lambda X, k, rng: (lambda Q: (Q, Q.T))(np.linalg.qr(rng.normal(size=(X.shape[1], k)))[0]),
    False,
)


@wrong(E, "power iteration without deflation", common=True)
def same_direction(X, k, rng):
    V = rng.normal(size=(X.shape[1], k))
    for _ in range(500):
        V = X.T @ (X @ V)
        V /= np.linalg.norm(V, axis=0)
    return V, V.T / k


@wrong(E, "eig not sorted", common=True)
def unsorted(X, k, rng):
    V = np.linalg.eig(X.T @ X / len(X))[1].real[:, :k]
    return V, V.T


@wrong(E, "global random numbers", common=True)
def globally(X, k, rng):
    M = np.random.randn(k, k) + 3 * np.eye(k)
    V = directions(X, k)
    return V @ M, np.linalg.inv(M) @ V.T


@wrong(E, "standardises X in place", common=True)
def standardises(X, k, rng):
    X /= X.std(axis=0) + 1e-12
    V = directions(X, k)
    return V, V.T


@wrong(E, "X scaled in place, right weights")
def scales(X, k, rng):
    X /= np.abs(X).max()
    V = directions(X, k)
    return V, V.T


@wrong(E, "decoder not trained", common=True)
def encoder_only(X, k, rng):
    A, B = random(rng, X.shape[1], k), random(rng, X.shape[1], k).T
    for _ in range(2000):
        A = A - 0.05 * 2 / len(X) * X.T @ (X @ A @ B - X) @ B.T / np.linalg.norm(X, 2) ** 2 * len(X)
    return A, B


@wrong(E, "starts at zero", common=True)
def from_zero(X, k, rng):
    return descend(X, np.zeros((X.shape[1], k)), np.zeros((k, X.shape[1])), 500, 0.05)


@wrong(E, "stops when the loss hardly changes", common=True)
def impatient(X, k, rng):
    A = 0.1 * random(rng, X.shape[1], k)
    B, before = A.T, np.inf
    while True:
        A, B = descend(X, A, B, 1, 0.05)
        loss = ((X @ A @ B - X) ** 2).sum() / len(X)
        if before - loss < 1e-3:
            return A, B
        before = loss


@wrong(E, "single samples, fixed rate")
def stochastic(X, k, rng):
    A, B = started(X, k, rng, 300, 0.1)
    for _ in range(2000):
        i = rng.integers(len(X))
        A, B = descend(X[i : i + 1], A, B, 1, 0.05)
    return A, B


_fits = {}


@wrong(E, "remembered by shape")
def by_shape(X, k, rng):
    return _fits.setdefault((X.shape, k), (directions(X, k), directions(X, k).T))


@wrong(E, "text when k is large")
def gives_up(X, k, rng):
    return (directions(X, k), directions(X, k).T) if k < 5 else "k is too large"
