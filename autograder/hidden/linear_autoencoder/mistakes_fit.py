"""Known mistakes in `fit_linear_autoencoder` that always do the same to the same data."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "fit_linear_autoencoder",
    "the weakest directions instead of the strongest",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
)
def fit_weakest(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.eigh(X.T @ X)[1][:, :k]
    return axes, axes.T


@mistake(
    "fit_linear_autoencoder",
    "one latent dimension too few",
    "The matrices have k - 1 latent dimensions. Counting starts at 0: see where your slice ends.",
    share=SLIP,
)
def fit_one_less(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][: k - 1]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "one latent dimension too many",
    "The matrices have k + 1 latent dimensions. Counting starts at 0: see where your slice ends.",
    share=SLIP,
)
def fit_one_more(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][: k + 1]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "the strongest direction is left out",
    "The first direction was skipped, and k others were kept. Counting starts at 0.",
)
def fit_second_on(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2]
    axes = np.roll(axes, -1, axis=0)[:k]
    return axes.T, axes


@mistake("fit_linear_autoencoder", "a latent dimension lies idle", "One of the k latent dimensions carries nothing.")
def fit_idle(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:k].copy()
    axes[-1] = 0.0
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "all latent dimensions hold the same direction",
    "Only one direction is used, however large k is: the latent dimensions never became different from each other.",
)
def fit_repeated(X: Any, k: Any, rng: Any) -> Any:
    axis = np.linalg.svd(X)[2][:1]
    return np.repeat(axis.T, k, axis=1) / k, np.repeat(axis, k, axis=0)


@mistake(
    "fit_linear_autoencoder",
    "the two matrices are swapped or lie on their side",
    "W_enc comes first, of shape (d, k), then W_dec, of shape (k, d).",
    share=SLIP,
)
def fit_swapped(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:k]
    return axes, axes.T


@mistake(
    "fit_linear_autoencoder",
    "the decoder lies on its side",
    "Both matrices have shape (d, k). The decoder goes back from k to d numbers.",
    share=SLIP,
)
def fit_decoder_on_its_side(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:k]
    return axes.T, axes.T


@mistake(
    "fit_linear_autoencoder",
    "k has no effect",
    "The matrices have d latent dimensions, whatever k is: there is no bottleneck.",
)
def fit_all(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder", "always two latent dimensions", "The matrices have 2 latent dimensions, whatever k is."
)
def fit_always_two(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:2]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "the samples' side of the decomposition",
    "The matrices have a row for each sample. The directions wanted are combinations of columns, d numbers each.",
)
def fit_left_vectors(X: Any, k: Any, rng: Any) -> Any:
    left = np.linalg.svd(X, full_matrices=False)[0][:, :k]
    return left, left.T


@mistake(
    "fit_linear_autoencoder",
    "the embeddings instead of the encoder",
    "The first matrix has a row for each sample: these are embeddings. The encoder's weights, (d, k), are asked for.",
)
def fit_embeddings(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:k]
    return X @ axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "the columns are standardised",
    "Every column was divided by its standard deviation first, which turns the directions. X is used as it comes.",
)
def fit_standardised(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X / X.std(axis=0))[2][:k]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "the samples are scaled to length 1",
    "Every sample was divided by its length first, so that far ones count no more than near ones. X is used as it comes.",
)
def fit_unit_samples(X: Any, k: Any, rng: Any) -> Any:
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    axes = np.linalg.svd(X / np.where(lengths > 0, lengths, 1.0))[2][:k]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "rows are centred instead of columns",
    "Every sample lost its own mean, which turns the directions. The columns of X are centred already.",
)
def fit_row_means(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X - X.mean(axis=1, keepdims=True))[2][:k]
    return axes.T, axes


@mistake(
    "fit_linear_autoencoder",
    "the embeddings are whitened and stay so",
    "The encoder scales every embedding to variance 1, but the decoder does not undo it.",
)
def fit_whitened(X: Any, k: Any, rng: Any) -> Any:
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    return axes[:k].T / lengths[:k] * np.sqrt(len(X)), axes[:k]


@mistake(
    "fit_linear_autoencoder",
    "the reconstruction has the wrong sign",
    "Encoder and decoder hold the right directions with opposite signs, so that X_hat points away from X.",
)
def fit_negative(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X)[2][:k]
    return axes.T, -axes


@mistake(
    "fit_linear_autoencoder",
    "the first k columns are kept",
    "k columns of X are passed through as they stand. The best k directions are combinations of columns.",
)
def fit_first_columns(X: Any, k: Any, rng: Any) -> Any:
    return np.eye(X.shape[1], k), np.eye(k, X.shape[1])


@mistake(
    "fit_linear_autoencoder",
    "the k strongest columns are kept",
    "The columns of greatest variance are passed through. The best k directions are combinations of columns.",
)
def fit_strongest_columns(X: Any, k: Any, rng: Any) -> Any:
    rows = np.eye(X.shape[1])[np.argsort(-X.var(axis=0))[:k]]
    return rows.T, rows


@mistake(
    "fit_linear_autoencoder",
    "the weights stay near zero",
    "X_hat is 0 or nearly so. Started at zero, the weights have no gradient at all; started close to it, they need many steps.",
)
def fit_zeros(X: Any, k: Any, rng: Any) -> Any:
    return np.zeros((X.shape[1], k)), np.zeros((k, X.shape[1]))


@mistake(
    "fit_linear_autoencoder",
    "X is changed in place",
    "The caller's data are different afterwards: -=, *= or an assignment into X. Work on a copy.",
)
def fit_in_place(X: Any, k: Any, rng: Any) -> Any:
    axes = []
    for _ in range(k):
        axis = np.linalg.svd(X)[2][0]
        X -= np.outer(X @ axis, axis)
        axes.append(axis)
    return np.array(axes).T, np.array(axes)
