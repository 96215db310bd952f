"""Unseen implementations of `pca_reconstruction_loss`."""

# ruff: noqa

import numpy as np

from .collected import right, wrong

E = "pca_reconstruction_loss"

right(
    E, "eigvalsh", lambda X, k: np.linalg.eigvalsh((X - X.mean(0)).T @ (X - X.mean(0)) / len(X))[: X.shape[1] - k].sum()
)
right(E, "singular values", lambda X, k: (np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2).sum() / len(X))


@right(E, "total minus kept")
def kept(X, k):
    C = X - np.mean(X, axis=0, keepdims=True)
    lam = np.sort(np.linalg.eigvals(C.T @ C / len(C)).real)[::-1]
    return max(float(C.var(axis=0).sum() - sum(lam[:k])), 0.0)


@right(E, "np.cov")
def covariance(X, k):
    C = np.atleast_2d(np.cov(X, rowvar=False, bias=True))
    if len(X) == 1:
        return 0.0
    return (
        float(np.partition(np.linalg.eigvalsh(C), X.shape[1] - k - 1)[: X.shape[1] - k].sum()) if k < X.shape[1] else 0
    )


@right(E, "projects and measures")
def measured(X, k):
    centred = X - X.mean(0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    V = vectors[:, ::-1][:, :k]
    return np.array(np.mean(np.sum((centred - centred @ V @ V.T) ** 2, axis=1)))


@right(E, "truncated SVD")
def truncated(X: np.ndarray, k: int) -> float:
    """Eckart & Young, §1936 — ‖X − Xₖ‖²/n."""
    C = X.copy()
    C -= C.mean(0)
    U, s, Vt = np.linalg.svd(C, full_matrices=False)
    return np.linalg.norm(C - U[:, :k] * s[:k] @ Vt[:k]) ** 2 / C.shape[0]


@right(E, "scipy where there is one")
def by_scipy(X, k):
    C = X - sum(X) / len(X)
    try:
        from scipy.linalg import svdvals
    except ImportError:
        svdvals = lambda A: np.linalg.svd(A, compute_uv=False)
    return sum(s * s / len(C) for i, s in enumerate(svdvals(C)) if i >= k)


@right(E, "Gram matrix")
def gram(X, k):
    C = X - X.mean(0)
    G = C @ C.T if len(C) < C.shape[1] else C.T @ C
    return np.maximum(np.sort(np.linalg.eigvalsh(G))[::-1][k:], 0).sum() / len(C)


def singular(X):
    return np.linalg.svd(X, compute_uv=False)


def centred(X):
    return X - X.mean(axis=0)


def spectrum(X):
    return np.linalg.eigvalsh(centred(X).T @ centred(X) / len(X))


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


keep("not centred", lambda X, k: (singular(X)[k:] ** 2).sum() / len(X))
keep("n - 1", lambda X, k: (singular(centred(X))[k:] ** 2).sum() / (len(X) - 1))
keep("kept instead of lost", lambda X, k: (singular(centred(X))[:k] ** 2).sum() / len(X))
keep("ascending taken for descending", lambda X, k: spectrum(X)[k:].sum())
keep("singular values not squared", lambda X, k: singular(centred(X))[k:].sum() / len(X))
keep("not divided by n", lambda X, k: (singular(centred(X))[k:] ** 2).sum())
keep("divided by n d", lambda X, k: (singular(centred(X))[k:] ** 2).sum() / X.size)
keep("divided by d", lambda X, k: (singular(centred(X))[k:] ** 2).sum() / X.shape[1])
keep("[:-k] at k = 0", lambda X, k: spectrum(X)[:-k].sum())
keep("fraction of the variance", lambda X, k: spectrum(X)[::-1][k:].sum() / spectrum(X).sum())
keep("explained fraction", lambda X, k: spectrum(X)[::-1][:k].sum() / spectrum(X).sum())
keep("root", lambda X, k: np.sqrt((singular(centred(X))[k:] ** 2).sum() / len(X)))
keep("centred by one mean", lambda X, k: (singular(X - X.mean())[k:] ** 2).sum() / len(X))
keep("centred by rows", lambda X, k: (singular(X - X.mean(axis=1, keepdims=True))[k:] ** 2).sum() / len(X))
keep("standardised", lambda X, k: (singular(centred(X) / (X.std(axis=0) + 1e-12))[k:] ** 2).sum() / len(X))
keep("one eigenvalue only", lambda X, k: spectrum(X)[::-1][k] if k < X.shape[1] else 0.0)
keep("the k-th eigenvalue", lambda X, k: spectrum(X)[::-1][k - 1])
keep("one too many kept", lambda X, k: (singular(centred(X))[k + 1 :] ** 2).sum() / len(X))
keep("one too few kept", lambda X, k: (singular(centred(X))[max(k - 1, 0) :] ** 2).sum() / len(X))
keep("np.cov, n - 1", lambda X, k: np.linalg.eigvalsh(np.atleast_2d(np.cov(X.T)))[: X.shape[1] - k].sum())
keep("np.cov at d = 1", lambda X, k: np.linalg.eigvalsh(np.cov(X.T, bias=True))[: X.shape[1] - k].sum(), False)
keep("half", lambda X, k: 0.5 * (singular(centred(X))[k:] ** 2).sum() / len(X))
keep("mean of the eigenvalues", lambda X, k: spectrum(X)[: X.shape[1] - k].mean() if k < X.shape[1] else 0.0)
keep("all losses", lambda X, k: [spectrum(X)[: X.shape[1] - j].sum() for j in range(X.shape[1] + 1)], False)
keep("first k columns kept", lambda X, k: X[:, k:].var(axis=0).sum())
keep("columns of largest variance kept", lambda X, k: np.sort(X.var(axis=0))[: X.shape[1] - k].sum(), False)
keep("median for the mean", lambda X, k: (singular(X - np.median(X, axis=0))[k:] ** 2).sum() / len(X), False)
keep("small eigenvalues dropped", lambda X, k: sum(l for l in spectrum(X)[: X.shape[1] - k] if l > 1e-2), False)
keep("rounded to 3 digits", lambda X, k: np.round(spectrum(X)[: X.shape[1] - k].sum(), 3), False)
keep("float16", lambda X, k: np.float16(spectrum(X)[: X.shape[1] - k].sum()), False)
keep(
    "covariance of the samples",
    lambda X, k: (singular(X - X.mean(axis=1, keepdims=True))[k:] ** 2).sum() / X.shape[1],
    False,
)
keep(
    "no loss from k = n - 2 on", lambda X, k: 0.0 if k >= len(X) - 2 > 0 else spectrum(X)[: X.shape[1] - k].sum(), False
)
keep("k at most 3", lambda X, k: (singular(centred(X))[min(k, 3) :] ** 2).sum() / len(X), False)
keep("eig not sorted", lambda X, k: np.linalg.eig(centred(X).T @ centred(X) / len(X))[0][k:].real.sum())


@wrong(E, "centred in place", common=True)
def in_place(X, k):
    X -= X.mean(axis=0)
    return (singular(X)[k:] ** 2).sum() / len(X)


@wrong(E, "index error at k = min(n, d)")
def by_index(X, k):
    s = singular(centred(X))
    total, i = s[k] ** 2, k + 1
    while i < len(s):
        total += s[i] ** 2
        i += 1
    return total / len(X)


@wrong(E, "projection by columns of Vt", common=True)
def columns_of_vt(X, k):
    C = centred(X)
    V = np.linalg.svd(C)[2][:, :k]
    return ((C - C @ V @ V.T) ** 2).sum(1).mean()


@wrong(E, "measured against the uncentred data")
def against_raw(X, k):
    C = centred(X)
    V = np.linalg.svd(C)[2][:k]
    return ((X - C @ V.T @ V) ** 2).sum(1).mean()


@wrong(E, "mean over dimensions, too", common=True)
def mean_of_all(X, k):
    C = centred(X)
    V = np.linalg.svd(C)[2][:k]
    return ((C - C @ V.T @ V) ** 2).mean()
