"""Known mistakes in `fit_linear_autoencoder` whose numbers hang on chance: traits tell them, the most telling first."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue
from . import fit_traits as traits

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake


@mistake(
    "fit_linear_autoencoder",
    "rows instead of columns of the eigenvectors",
    "Eigenvectors stand in the columns of what np.linalg.eigh returns (in the rows of the last result of np.linalg.svd).",
    tell=traits.every(traits.rows_of_eigenvectors),
)
def fit_rows_of_eigenvectors(X: Any, k: Any, rng: Any) -> Any:
    rows = np.linalg.eigh(X.T @ X)[1][:, ::-1][:k]
    return rows.T, rows


@mistake(
    "fit_linear_autoencoder",
    "random numbers from elsewhere",
    "The fit is right, but it draws from np.random or a Generator of its own: nobody can repeat it. Draw from rng alone.",
    tell=traits.other_chance,
)
def fit_global_random(X: Any, k: Any, rng: Any) -> Any:
    W_dec = np.random.standard_normal((k, X.shape[1]))
    for _ in range(400):
        Z = X @ W_dec.T @ np.linalg.inv(W_dec @ W_dec.T)
        W_dec = np.linalg.lstsq(Z, X, rcond=None)[0]
    return W_dec.T @ np.linalg.inv(W_dec @ W_dec.T), W_dec


@mistake(
    "fit_linear_autoencoder",
    "the training runs away",
    "The weights overflowed: the learning rate is too large for these data. Take smaller steps.",
    tell=traits.runs_away,
)
def fit_runs_away(X: Any, k: Any, rng: Any) -> Any:
    W_enc, W_dec = rng.standard_normal((X.shape[1], k)), rng.standard_normal((k, X.shape[1]))
    for _ in range(300):
        Z = X @ W_enc
        error = 2 * (Z @ W_dec - X) / len(X)
        W_enc, W_dec = W_enc - 2.0 * X.T @ error @ W_dec.T, W_dec - 2.0 * Z.T @ error
    return W_enc, W_dec


@mistake(
    "fit_linear_autoencoder",
    "the right directions do not undo each other",
    "Encoder and decoder hold the right directions, but the reconstructions have the wrong size: what the one scales the other must undo.",
    tell=traits.every(traits.both_fail, most_wrong=True),
)
def fit_shrunk(X: Any, k: Any, rng: Any) -> Any:
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    variances = lengths[:k] ** 2 / len(X)
    return axes[:k].T * variances / (variances + 0.5), axes[:k]


@mistake(
    "fit_linear_autoencoder",
    "the decoder does not belong to the encoder",
    "The embeddings hold all that is needed, but the decoder does not make the data of them again.",
    tell=traits.every(traits.decoder_fails, most_wrong=True),
)
def fit_other_decoder(X: Any, k: Any, rng: Any) -> Any:
    return np.linalg.svd(X)[2][:k].T, rng.standard_normal((k, X.shape[1]))


@mistake(
    "fit_linear_autoencoder",
    "the encoder does not belong to the decoder",
    "The rows of W_dec are good directions, but the encoder does not find the embeddings that go with them.",
    tell=traits.every(traits.encoder_fails, most_wrong=True),
)
def fit_other_encoder(X: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((X.shape[1], k)), np.linalg.svd(X)[2][:k]


@mistake(
    "fit_linear_autoencoder",
    "a projection on other directions",
    "X is projected on k directions, but not on those of greatest variance: random ones, or ones of other data.",
    tell=traits.every(traits.projects),
)
def fit_random_projection(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.qr(rng.standard_normal((X.shape[1], k)))[0]
    return axes, axes.T


@mistake(
    "fit_linear_autoencoder",
    "only the decoder is trained",
    "The decoder does what can be done with these embeddings, but the encoder stayed where it started.",
    tell=traits.only_decoder_trained,
)
def fit_decoder_only(X: Any, k: Any, rng: Any) -> Any:
    W_enc = rng.standard_normal((X.shape[1], k))
    return W_enc, np.linalg.lstsq(X @ W_enc, X, rcond=None)[0]


@mistake(
    "fit_linear_autoencoder",
    "only the encoder is trained",
    "The encoder does what can be done with this decoder, but the decoder stayed where it started.",
    tell=traits.only_encoder_trained,
)
def fit_encoder_only(X: Any, k: Any, rng: Any) -> Any:
    W_dec = rng.standard_normal((k, X.shape[1]))
    return np.linalg.pinv(W_dec), W_dec


@mistake(
    "fit_linear_autoencoder",
    "not trained",
    "The loss is no smaller than that of a reconstruction by zeros: the weights are where they started, or nearly so.",
    tell=traits.untrained,
)
def fit_untrained(X: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((X.shape[1], k)), rng.standard_normal((k, X.shape[1]))


@mistake(
    "fit_linear_autoencoder",
    "the training ends too early",
    "The weights are on their way, but the loss still falls: take more steps, or larger ones.",
    tell=traits.unfinished,
)
def fit_too_early(X: Any, k: Any, rng: Any) -> Any:
    W_enc, W_dec = 0.1 * rng.standard_normal((X.shape[1], k)), 0.1 * rng.standard_normal((k, X.shape[1]))
    for _ in range(80):
        Z = X @ W_enc
        error = 2 * (Z @ W_dec - X) / len(X)
        W_enc, W_dec = W_enc - 0.05 * X.T @ error @ W_dec.T, W_dec - 0.05 * Z.T @ error
    return W_enc, W_dec
