"""Known mistakes in `pca_reconstruction_loss`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "pca_reconstruction_loss",
    "the data are not centred",
    "X arrives as it is. PCA goes by the spread around the mean: without centring, the mean itself counts as a direction.",
)
def pca_uncentred(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "one mean for all columns",
    "The average of the whole matrix was subtracted. Every column has a mean of its own.",
)
def pca_one_mean(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(), compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "rows are centred instead of columns",
    "Every sample lost its own mean. The mean of a column, over the samples, is to be subtracted.",
)
def pca_row_means(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=1, keepdims=True), compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "one component too few",
    "The loss belongs to k - 1 components. Counting starts at 0: see where your slice begins.",
)
def pca_one_less(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[max(k - 1, 0) :] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "one component too many",
    "The loss belongs to k + 1 components. Counting starts at 0: see where your slice begins.",
)
def pca_one_more(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k + 1 :] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "what is kept instead of what is lost",
    "This is the variance along the k components that are kept. The loss is what they miss.",
)
def pca_kept(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[:k] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "the weakest components are kept",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
)
def pca_weakest_kept(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    return np.sum(np.linalg.eigvalsh(centred.T @ centred / len(X))[k:])


@mistake(
    "pca_reconstruction_loss",
    "divided by n - 1",
    "One less than the number of samples was divided by, as np.cov does. The loss averages over the samples.",
    share=SLIP,
)
def pca_ddof(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / (len(X) - 1)


@mistake(
    "pca_reconstruction_loss",
    "averaged over the dimensions as well",
    "The loss was divided by the number of dimensions too: those are summed.",
    share=SLIP,
)
def pca_mean_of_all(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / X.size


@mistake(
    "pca_reconstruction_loss",
    "averaged over the dimensions instead of the samples",
    "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.",
    share=SLIP,
)
def pca_by_dimensions(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / X.shape[1]


@mistake(
    "pca_reconstruction_loss",
    "not averaged over the samples",
    "The loss grows with the number of samples: they are to be averaged.",
    share=SLIP,
)
def pca_of_sum(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2)


@mistake(
    "pca_reconstruction_loss",
    "singular values are not squared",
    "Singular values are lengths; a loss of squared errors is made of their squares.",
)
def pca_not_squared(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:]) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "eigenvalues are squared",
    "Eigenvalues of the covariance are variances already; squared once more they are too much.",
)
def pca_squared_twice(X: Any, k: Any) -> Any:
    return np.sum((np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)) ** 2)


@mistake(
    "pca_reconstruction_loss",
    "a root of the loss was taken",
    "The value is the root of what it should be. The loss stays squared.",
)
def pca_root(X: Any, k: Any) -> Any:
    return np.sqrt(np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / len(X))


@mistake(
    "pca_reconstruction_loss",
    "a share instead of a loss",
    "This is the lost share of the total variance, a number between 0 and 1. The loss itself is asked for.",
)
def pca_fraction(X: Any, k: Any) -> Any:
    variances = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    return np.sum(variances[k:]) / np.sum(variances)


@mistake(
    "pca_reconstruction_loss",
    "the explained share instead of a loss",
    "This is the share of the variance that is kept. What is lost is asked for, and not as a share.",
)
def pca_explained(X: Any, k: Any) -> Any:
    variances = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    return np.sum(variances[:k]) / np.sum(variances)


@mistake(
    "pca_reconstruction_loss",
    "a factor of one half too many",
    "Every value is half of what it should be. Here the squared error stands without a factor.",
    share=SLIP,
)
def pca_half(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2) / (2 * len(X))


@mistake(
    "pca_reconstruction_loss",
    "only the next component",
    "This is the variance along component k + 1 alone. All components that are left out count.",
)
def pca_next_only(X: Any, k: Any) -> Any:
    return np.sum(np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k : k + 1] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss", "the lost components are averaged", "The variances left out were averaged. They add up."
)
def pca_lost_averaged(X: Any, k: Any) -> Any:
    lost = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)
    return np.mean(lost) if len(lost) else 0.0


@mistake(
    "pca_reconstruction_loss",
    "one number for each lost component",
    "The variances left out came back one by one. Their sum is asked for.",
    share=SLIP,
)
def pca_not_summed(X: Any, k: Any) -> Any:
    return np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[k:] ** 2 / len(X)


@mistake(
    "pca_reconstruction_loss",
    "the columns are standardised",
    "Every column was divided by its standard deviation. The loss counts the columns as they are, only centred.",
)
def pca_standardised(X: Any, k: Any) -> Any:
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.sum(np.linalg.svd(scaled, compute_uv=False)[k:] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "columns are left out instead of components",
    "The last columns of X were dropped as they stand. PCA first turns the axes to where the variance is.",
)
def pca_of_columns(X: Any, k: Any) -> Any:
    return np.sum(np.var(X, axis=0)[k:])


@mistake(
    "pca_reconstruction_loss",
    "the mean is lost in the reconstruction",
    "The centred data were reconstructed, but compared with the data as they came: the mean counts as an error.",
)
def pca_mean_not_added(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    return np.sum((X - centred @ axes.T @ axes) ** 2) / len(X)


@mistake("pca_reconstruction_loss", "k has no effect", "The total variance came back, whatever k is.")
def pca_total(X: Any, k: Any) -> Any:
    return np.sum(np.var(X, axis=0))


@mistake("pca_reconstruction_loss", "X is changed in place", "-= changed the caller's array. Make a new one.")
def pca_in_place(X: Any, k: Any) -> Any:
    X -= X.mean(axis=0)
    return np.sum(np.linalg.svd(X, compute_uv=False)[k:] ** 2) / len(X)
