"""Hidden checks of `pca_reconstruction_loss`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths
from ...checks.exercise import Answer, Check, Fault
from ...checks.identity_cache import of_bank
from ...checks.judges import close, one_call
from ...checks.linear_autoencoder.shared import ENTRIES
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..values import MANY, drawn_with
from .shared import BLOCK, CROSS, FLAT, SIX, SLIP


@of_bank
def _least(example: Any) -> tuple[float, float]:
    """The right loss, and how far an answer may be off beside the relative tolerance."""
    X, k = example
    return oracles.pca_reconstruction_loss(X, k), 1e-6 + 1e-9 * oracles.pca_reconstruction_loss(X, 0)


def _pca(example: Any, answers: Sequence[Answer]) -> Fault | None:
    right, room = _least(example)
    return None if close(answers[0].value, right, atol=room) else Fault(right, answers[0].value)


def _pca_check(name: str, must: str, points: float, first: Sequence[Any], examples: Any, count: int = 10) -> Check:
    return Check(name, must, one_call, _pca, tuple(first), examples, count, points, earns=True, hidden=True)


def _clouds(rows: tuple[int, int], columns: tuple[int, int], entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    return st.tuples(st.integers(*rows), st.integers(*columns)).flatmap(lambda shape: arrays(shape, entries))


def _with_k(clouds: st.SearchStrategy[Any], *, inside: bool = True) -> st.SearchStrategy[Any]:
    def of(X: Any) -> st.SearchStrategy[Any]:
        ks = st.integers(1, X.shape[1] - 1) if inside else st.sampled_from([0, X.shape[1]])
        return st.tuples(st.just(X), ks)

    return clouds.flatmap(of)


_CENTRED = _clouds((2, 4), (2, 4)).map(lambda half: np.concatenate([half, -half]))
_SHIFTED = _clouds((6, 9), (2, 4)).flatmap(
    lambda X: arrays((1, X.shape[1]), hundredths(-7, 7)).map(lambda mean: X + mean)
)

CHECKS: tuple[Check, ...] = (
    _pca_check(
        "centred data",
        "The loss is right where the columns have mean 0.",
        1.0,
        [CROSS, FLAT],
        _with_k(_CENTRED),
    ),
    _pca_check(
        "data as they come",
        "The loss is right wherever the data lie.",
        0.75,
        [(BLOCK, 1), (SIX, 4), (SIX, 5)],
        _with_k(_SHIFTED),
    ),
    _pca_check(
        "no component, all components",
        "k = 0 and k = d are no special cases.",
        0.5,
        [(BLOCK, 0), (BLOCK, 3)],
        _with_k(_clouds((3, 5), (1, 3)), inside=False),
    ),
    _pca_check(
        "few samples",
        "Fewer samples than dimensions are no special case.",
        0.25,
        [(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]), 1), (BLOCK[:2], 0)],
        _with_k(_clouds((2, 3), (3, 5), hundredths(-1, 1))),
    ),
    _pca_check(
        "large inputs",
        MANY,
        0.25,
        [],
        drawn_with(lambda draw: (draw.uniform(-2, 3, (130, 14)), 5)),
        2,
    ),
)

BUILDS_ON = ("reconstruction_loss",)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("pca_reconstruction_loss")


@variant
def pca_by_lost_variances(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2 / len(X)
    lost = variances[k:]
    return np.sum(lost)


edited = CATALOGUE.edits("pca_reconstruction_loss", pca_by_lost_variances)


edited(
    "the data are not centred",
    "X arrives as it is. PCA goes by the spread around the mean: without centring, the mean itself counts as a direction.",
    ("X - X.mean(axis=0)", "X"),
)
edited(
    "one mean for all columns",
    "The average of the whole matrix was subtracted. Every column has a mean of its own.",
    ("X - X.mean(axis=0)", "X - X.mean()"),
)
edited(
    "rows are centred instead of columns",
    "Every sample lost its own mean. The mean of a column, over the samples, is to be subtracted.",
    ("X - X.mean(axis=0)", "X - X.mean(axis=1, keepdims=True)"),
)
edited(
    "one component too few",
    "The loss belongs to k - 1 components. Counting starts at 0: see where your slice begins.",
    ("[k:]", "[max(k - 1, 0) :]"),
)
edited(
    "one component too many",
    "The loss belongs to k + 1 components. Counting starts at 0: see where your slice begins.",
    ("[k:]", "[k + 1 :]"),
)
edited(
    "what is kept instead of what is lost",
    "This is the variance along the k components that are kept. The loss is what they miss.",
    ("[k:]", "[:k]"),
)


@mistake(
    "the weakest components are kept",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
)
def pca_weakest_kept(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    return np.sum(np.linalg.eigvalsh(centred.T @ centred / len(X))[k:])


edited(
    "divided by n - 1",
    "One less than the number of samples was divided by, as np.cov does. The loss averages over the samples.",
    (" / len(X)", " / (len(X) - 1)"),
    share=SLIP,
)
edited(
    "averaged over the dimensions as well",
    "The loss was divided by the number of dimensions too: those are summed.",
    (" / len(X)", " / X.size"),
    share=SLIP,
)
edited(
    "averaged over the dimensions instead of the samples",
    "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.",
    (" / len(X)", " / X.shape[1]"),
    share=SLIP,
)
edited(
    "not averaged over the samples",
    "The loss grows with the number of samples: they are to be averaged.",
    (" / len(X)", ""),
    share=SLIP,
)
edited(
    "singular values are not squared",
    "Singular values are lengths; a loss of squared errors is made of their squares.",
    (" ** 2", ""),
    also=[[(" ** 2 / len(X)", " / np.sqrt(len(X))")]],
)
edited(
    "eigenvalues are squared",
    "Eigenvalues of the covariance are variances already; squared once more they are too much.",
    ("np.sum(lost)", "np.sum(lost**2)"),
)
edited(
    "a root of the loss was taken",
    "The value is the root of what it should be. The loss stays squared.",
    ("np.sum(lost)", "np.sqrt(np.sum(lost))"),
)
edited(
    "a share instead of a loss",
    "This is the lost share of the total variance, a number between 0 and 1. The loss itself is required.",
    ("np.sum(lost)", "np.sum(lost) / np.sum(variances)"),
    also=[[("np.sum(lost)", "(np.sum(lost) / np.sum(variances) if np.any(variances) else 0.0)")]],
)
edited(
    "the explained share instead of a loss",
    "This is the share of the variance that is kept. What is lost is required, and not as a share.",
    ("[k:]", "[:k]"),
    ("np.sum(lost)", "np.sum(lost) / np.sum(variances)"),
    also=[[("[k:]", "[:k]"), ("np.sum(lost)", "(np.sum(lost) / np.sum(variances) if np.any(variances) else 0.0)")]],
)
edited(
    "a factor of one half too many",
    "Every value is half of what it should be. Here the squared error has no factor.",
    ("np.sum(lost)", "np.sum(lost) / 2"),
    share=SLIP,
)
edited(
    "only the next component",
    "This is the variance along component k + 1 alone. All components that are left out count.",
    ("[k:]", "[k : k + 1]"),
)
edited(
    "the lost components are averaged",
    "The variances left out were averaged. They add up.",
    ("np.sum(lost)", "(np.mean(lost) if len(lost) else 0.0)"),
)
edited(
    "one number for each lost component",
    "The variances left out came back one by one. Their sum is required.",
    ("np.sum(lost)", "lost"),
    share=SLIP,
)
edited(
    "the columns are standardised",
    "Every column was divided by its standard deviation. The loss counts the columns as they are, only centred.",
    ("X - X.mean(axis=0)", "(X - X.mean(axis=0)) / X.std(axis=0)"),
)
edited(
    "columns are left out instead of components",
    "The last columns of X were dropped as they are. PCA first rotates the axes to the directions of greatest variance.",
    ("np.linalg.svd(centred, compute_uv=False) ** 2", "np.sum(centred**2, axis=0)"),
)


@mistake(
    "the mean is lost in the reconstruction",
    "The centred data were reconstructed, but compared with the data as they came: the mean counts as an error.",
)
def pca_mean_not_added(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    return np.sum((X - centred @ axes.T @ axes) ** 2) / len(X)


edited("k has no effect", "The total variance came back, whatever k is.", ("[k:]", "[:]"))


@mistake("X is changed in place", "-= changed the caller's array. Make a new one.")
def pca_in_place(X: Any, k: Any) -> Any:
    X -= X.mean(axis=0)
    return np.sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "nothing is lost at k = 0",
    "For k = 0 the slice [:-k] is empty, although everything is lost then. Count from the front: [: d - k].",
)
def pca_minus_k(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.linalg.eigvalsh(C.T @ C / len(X))[:-k].sum()


@mistake(
    "only the last component kept",
    "The variance along component k came back. What is lost is the sum over all components after it.",
)
def pca_kth(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.linalg.eigvalsh(C.T @ C / len(X))[::-1][k - 1]


@mistake(
    "eigenvalues in any order",
    "np.linalg.eig does not sort. Sort the eigenvalues, or use eigvalsh, which does (ascending).",
)
def pca_unsorted(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.real(np.linalg.eig(C.T @ C / len(X))[0])[k:].sum()


@mistake(
    "columns instead of rows of Vt",
    "What an SVD gives back last is Vt, whose rows are the components. Its columns are something else.",
)
def pca_columns_of_vt(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    V = np.linalg.svd(C)[2][:, :k]
    return np.mean(np.sum((C - C @ V @ V.T) ** 2, axis=1))


edited(
    "the weakest components are kept",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
    ("[k:]", "[::-1][k:]"),
)
edited(
    "only the last component kept",
    "The variance along component k came back. What is lost is the sum over all components after it.",
    ("np.sum(lost)", "variances[k - 1]"),
)


@variant
def pca_eigenvalues(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    return np.sum(np.linalg.eigvalsh(centred.T @ centred / len(X))[: X.shape[1] - k])


@variant
def pca_total_minus_kept(X: Any, k: Any) -> Any:
    centred = X - np.mean(X, axis=0)
    lengths = np.linalg.svd(centred, compute_uv=False)
    return np.sum(centred**2) / len(X) - np.sum(lengths[:k] ** 2) / len(X)


@variant
def pca_projection(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    return np.mean(np.sum((centred - centred @ axes.T @ axes) ** 2, axis=1))


@variant
def pca_with_mean_added(X: Any, k: Any) -> Any:
    mean = X.mean(axis=0)
    order = np.linalg.eigh((X - mean).T @ (X - mean))[1][:, ::-1][:, :k]
    X_hat = mean + (X - mean) @ order @ order.T
    return float(np.sum((X - X_hat) ** 2) / len(X))


@variant
def pca_gram(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    values = np.sort(np.linalg.eigvalsh(centred @ centred.T))[::-1]
    return np.sum(np.maximum(values[k:], 0)) / len(X)


@variant
def pca_deflation(X: Any, k: Any) -> Any:
    left = X - X.mean(axis=0)
    for _ in range(k):
        axis = np.linalg.svd(left)[2][0]
        left = left - np.outer(left @ axis, axis)
    return np.sum(left**2) / len(X)


@variant
def pca_float32(X: Any, k: Any) -> Any:
    triangle = np.linalg.qr(X - X.mean(axis=0), mode="r")
    return np.float32(np.sum(np.linalg.svd(triangle, compute_uv=False)[k:] ** 2) / len(X))
