"""Hidden checks of `encode`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from ..served import Served
from .maps import checks
from .shared import SLIP

CHECKS: tuple[Check, ...] = checks("The embedding", "X")


def _encode(X: Any, W_enc: Any) -> Any:
    return X @ W_enc


SERVED = Served(_encode, ("n d", "d k"))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("encode")


@mistake(
    "the weights are transposed",
    "W_enc was transposed. Its d rows already face the d columns of X: see which sizes must meet.",
)
def codes_weights_transposed(X: Any, W_enc: Any) -> Any:
    return X @ W_enc.T


@mistake(
    "the data are transposed",
    "X was transposed, so that samples are mixed instead of dimensions. Rows are samples.",
)
def codes_data_transposed(X: Any, W_enc: Any) -> Any:
    return X.T @ W_enc


@mistake(
    "samples stand in columns",
    "The result is transposed: one row for each sample is required.",
    share=SLIP,
)
def codes_in_columns(X: Any, W_enc: Any) -> Any:
    return W_enc.T @ X.T


@mistake("the two factors are swapped", "The weights come before the data. The order of a matrix product matters.")
def codes_swapped(X: Any, W_enc: Any) -> Any:
    return W_enc @ X


@mistake(
    "multiplied entry by entry",
    "`*` multiplies entry by entry. A weighted sum over the dimensions is a matrix product.",
)
def codes_entrywise(X: Any, W_enc: Any) -> Any:
    return X * W_enc


@mistake(
    "a tanh was applied", "The embeddings are squeezed between -1 and 1. This encoder is linear: no activation follows."
)
def codes_tanh(X: Any, W_enc: Any) -> Any:
    return np.tanh(X @ W_enc)


@mistake(
    "a sigmoid was applied",
    "The embeddings are squeezed between 0 and 1. This encoder is linear: no activation follows.",
)
def codes_sigmoid(X: Any, W_enc: Any) -> Any:
    return 1 / (1 + np.exp(-(X @ W_enc)))


@mistake(
    "negative embeddings are cut off",
    "What is below 0 became 0, as by a ReLU. This encoder is linear: no activation follows.",
)
def codes_relu(X: Any, W_enc: Any) -> Any:
    return np.maximum(X @ W_enc, 0)


@mistake(
    "divided by the number of samples",
    "The embeddings shrink when there are more samples. Nothing is averaged in an encoder.",
    share=SLIP,
)
def codes_averaged(X: Any, W_enc: Any) -> Any:
    return X @ W_enc / len(X)


@mistake(
    "divided by the number of dimensions",
    "Every embedding is an average over the dimensions. A weighted sum is required.",
    share=SLIP,
)
def codes_mean_over_dimensions(X: Any, W_enc: Any) -> Any:
    return X @ W_enc / X.shape[1]


@mistake(
    "the data are centred once more",
    "The mean of the samples was subtracted inside, so that a sample's embedding depends on the others.",
)
def codes_centred(X: Any, W_enc: Any) -> Any:
    return (X - X.mean(axis=0)) @ W_enc


@mistake(
    "embeddings scaled to length 1", "Each embedding was divided by its length, so that only its direction is left."
)
def codes_normalised(X: Any, W_enc: Any) -> Any:
    Z = X @ W_enc
    return Z / np.linalg.norm(Z, axis=1, keepdims=True)


@mistake("one number for each sample", "The latent dimensions were added up. Each sample keeps k of them.", share=SLIP)
def codes_summed(X: Any, W_enc: Any) -> Any:
    return (X @ W_enc).sum(axis=1)


@mistake("only the first sample", "One embedding came back for all samples. Each row of X gets its own.")
def codes_first(X: Any, W_enc: Any) -> Any:
    return X[0] @ W_enc


@mistake("the result is flattened", "All embeddings are in one line. One row for each sample is required.", share=SLIP)
def codes_flat(X: Any, W_enc: Any) -> Any:
    return (X @ W_enc).ravel()


@mistake(
    "X is overwritten",
    "The product was written back into X, which belongs to the caller (and fails where the shapes differ). Make a new array.",
)
def codes_in_place(X: Any, W_enc: Any) -> Any:
    X @= W_enc
    return X


@mistake("computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def codes_float16(X: Any, W_enc: Any) -> Any:
    return X.astype(np.float16) @ W_enc.astype(np.float16)


@mistake("values are clipped to [0, 1]", "Embeddings may be any number: they are no pixels.")
def codes_clipped(X: Any, W_enc: Any) -> Any:
    return np.clip(X @ W_enc, 0, 1)


@mistake(
    "an axis of length 1 is dropped",
    "For one sample or one latent dimension an axis is missing. The answer is always (n, k).",
)
def codes_squeezed(X: Any, W_enc: Any) -> Any:
    return np.squeeze(X @ W_enc)


@mistake("the last dimension is left out", "The sum ends one dimension too early. `range(d)` ends before d already.")
def codes_without_last(X: Any, W_enc: Any) -> Any:
    return X[:, :-1] @ W_enc[:-1]


@variant
def codes_einsum(X: Any, W_enc: Any) -> Any:
    return np.einsum("nd,dk->nk", X, W_enc)


@variant
def codes_loops(X: Any, W_enc: Any) -> Any:
    return [[sum(x * w for x, w in zip(row, column, strict=True)) for column in W_enc.T] for row in X]


@variant
def codes_dot_rows(X: Any, W_enc: Any) -> Any:
    return np.array([np.dot(row, W_enc) for row in X])


@variant
def codes_turned_twice(X: Any, W_enc: Any) -> Any:
    return (W_enc.T @ X.T).T


@variant
def codes_outer_sum(X: Any, W_enc: Any) -> Any:
    Z = np.zeros((X.shape[0], W_enc.shape[1]))
    for j in range(X.shape[1]):
        Z += np.outer(X[:, j], W_enc[j])
    return Z


@variant
def codes_float32(X: Any, W_enc: Any) -> Any:
    return X.astype(np.float32) @ W_enc.astype(np.float32)


@variant
def codes_broadcast(X: Any, W_enc: Any) -> Any:
    return np.sum(X[:, :, None] * W_enc[None, :, :], axis=1)
