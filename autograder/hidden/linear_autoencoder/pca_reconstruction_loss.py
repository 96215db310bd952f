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


@mistake(
    "the data are not centred",
    "X arrives as it is. PCA goes by the spread around the mean: without centring, the mean itself counts as a direction.",
)
def pca_uncentred(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "one mean for all columns", "The average of the whole matrix was subtracted. Every column has a mean of its own."
)
def pca_one_mean(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(), compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "rows are centred instead of columns",
    "Every sample lost its own mean. The mean of a column, over the samples, is to be subtracted.",
)
def pca_row_means(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=1, keepdims=True), compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "one component too few", "The loss belongs to k - 1 components. Counting starts at 0: see where your slice begins."
)
def pca_one_less(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[max(k - 1, 0) :] ** 2) / len(X)


@mistake(
    "one component too many", "The loss belongs to k + 1 components. Counting starts at 0: see where your slice begins."
)
def pca_one_more(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k + 1 :] ** 2) / len(X)


@mistake(
    "what is kept instead of what is lost",
    "This is the variance along the k components that are kept. The loss is what they miss.",
)
def pca_kept(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[:k] ** 2) / len(X)


@mistake(
    "the weakest components are kept",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
)
def pca_weakest_kept(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    return np.sum(np.linalg.eigvalsh(centred.T @ centred / len(X))[k:])


@mistake(
    "divided by n - 1",
    "One less than the number of samples was divided by, as np.cov does. The loss averages over the samples.",
    share=SLIP,
)
def pca_ddof(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / (len(X) - 1)


@mistake(
    "averaged over the dimensions as well",
    "The loss was divided by the number of dimensions too: those are summed.",
    share=SLIP,
)
def pca_mean_of_all(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / X.size


@mistake(
    "averaged over the dimensions instead of the samples",
    "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.",
    share=SLIP,
)
def pca_by_dimensions(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / X.shape[1]


@mistake(
    "not averaged over the samples", "The loss grows with the number of samples: they are to be averaged.", share=SLIP
)
def pca_of_sum(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2)


@mistake(
    "singular values are not squared", "Singular values are lengths; a loss of squared errors is made of their squares."
)
def pca_not_squared(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:]) / len(X)


@mistake(
    "eigenvalues are squared",
    "Eigenvalues of the covariance are variances already; squared once more they are too much.",
)
def pca_squared_twice(X: Any, k: Any) -> Any:
    return np.sum((np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)) ** 2)


@mistake("a root of the loss was taken", "The value is the root of what it should be. The loss stays squared.")
def pca_root(X: Any, k: Any) -> Any:
    return np.sqrt(np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / len(X))


@mistake(
    "a share instead of a loss",
    "This is the lost share of the total variance, a number between 0 and 1. The loss itself is required.",
)
def pca_fraction(X: Any, k: Any) -> Any:
    variances = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    return np.sum(variances[k:]) / np.sum(variances)


@mistake(
    "the explained share instead of a loss",
    "This is the share of the variance that is kept. What is lost is required, and not as a share.",
)
def pca_explained(X: Any, k: Any) -> Any:
    variances = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    return np.sum(variances[:k]) / np.sum(variances)


@mistake(
    "a factor of one half too many",
    "Every value is half of what it should be. Here the squared error has no factor.",
    share=SLIP,
)
def pca_half(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / (2 * len(X))


@mistake(
    "only the next component",
    "This is the variance along component k + 1 alone. All components that are left out count.",
)
def pca_next_only(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k : k + 1] ** 2) / len(X)


@mistake("the lost components are averaged", "The variances left out were averaged. They add up.")
def pca_lost_averaged(X: Any, k: Any) -> Any:
    lost = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)
    return np.mean(lost) if len(lost) else 0.0


@mistake(
    "one number for each lost component",
    "The variances left out came back one by one. Their sum is required.",
    share=SLIP,
)
def pca_not_summed(X: Any, k: Any) -> Any:
    return np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)


@mistake(
    "the columns are standardised",
    "Every column was divided by its standard deviation. The loss counts the columns as they are, only centred.",
)
def pca_standardised(X: Any, k: Any) -> Any:
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.sum(np.linalg.svd(scaled, compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "columns are left out instead of components",
    "The last columns of X were dropped as they are. PCA first rotates the axes to the directions of greatest variance.",
)
def pca_of_columns(X: Any, k: Any) -> Any:
    return np.sum(np.var(X, axis=0)[k:])


@mistake(
    "the mean is lost in the reconstruction",
    "The centred data were reconstructed, but compared with the data as they came: the mean counts as an error.",
)
def pca_mean_not_added(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    return np.sum((X - centred @ axes.T @ axes) ** 2) / len(X)


@mistake("k has no effect", "The total variance came back, whatever k is.")
def pca_total(X: Any, k: Any) -> Any:
    return np.sum(np.var(X, axis=0))


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
