"""Known mistakes in `encode`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "encode",
    "the weights are transposed",
    "W_enc was turned on its side. Its d rows already face the d columns of X: see which sizes must meet.",
)
def codes_weights_transposed(X: Any, W_enc: Any) -> Any:
    return X @ W_enc.T


@mistake(
    "encode",
    "the data are transposed",
    "X was turned on its side, so that samples are mixed instead of dimensions. Rows are samples.",
)
def codes_data_transposed(X: Any, W_enc: Any) -> Any:
    return X.T @ W_enc


@mistake(
    "encode",
    "samples stand in columns",
    "The numbers are right, but the result lies on its side: one row for each sample is asked for.",
    share=SLIP,
)
def codes_in_columns(X: Any, W_enc: Any) -> Any:
    return W_enc.T @ X.T


@mistake(
    "encode", "the two factors are swapped", "The weights stand before the data. The order of a matrix product matters."
)
def codes_swapped(X: Any, W_enc: Any) -> Any:
    return W_enc @ X


@mistake(
    "encode",
    "multiplied entry by entry",
    "`*` multiplies entry by entry. A weighted sum over the dimensions is a matrix product.",
)
def codes_entrywise(X: Any, W_enc: Any) -> Any:
    return X * W_enc


@mistake(
    "encode",
    "a tanh was applied",
    "The embeddings are squeezed between -1 and 1. This encoder is linear: no activation follows.",
)
def codes_tanh(X: Any, W_enc: Any) -> Any:
    return np.tanh(X @ W_enc)


@mistake(
    "encode",
    "a sigmoid was applied",
    "The embeddings are squeezed between 0 and 1. This encoder is linear: no activation follows.",
)
def codes_sigmoid(X: Any, W_enc: Any) -> Any:
    return 1 / (1 + np.exp(-(X @ W_enc)))


@mistake(
    "encode",
    "negative embeddings are cut off",
    "What is below 0 became 0, as by a ReLU. This encoder is linear: no activation follows.",
)
def codes_relu(X: Any, W_enc: Any) -> Any:
    return np.maximum(X @ W_enc, 0)


@mistake(
    "encode",
    "divided by the number of samples",
    "The embeddings shrink when there are more samples. Nothing is averaged in an encoder.",
    share=SLIP,
)
def codes_averaged(X: Any, W_enc: Any) -> Any:
    return X @ W_enc / len(X)


@mistake(
    "encode",
    "divided by the number of dimensions",
    "Every embedding is an average over the dimensions. A weighted sum is asked for.",
    share=SLIP,
)
def codes_mean_over_dimensions(X: Any, W_enc: Any) -> Any:
    return X @ W_enc / X.shape[1]


@mistake(
    "encode",
    "the data are centred once more",
    "The mean of the samples was subtracted inside, so that a sample's embedding depends on the others.",
)
def codes_centred(X: Any, W_enc: Any) -> Any:
    return (X - X.mean(axis=0)) @ W_enc


@mistake(
    "encode",
    "embeddings scaled to length 1",
    "Each embedding was divided by its length, so that only its direction is left.",
)
def codes_normalised(X: Any, W_enc: Any) -> Any:
    Z = X @ W_enc
    return Z / np.linalg.norm(Z, axis=1, keepdims=True)


@mistake(
    "encode",
    "one number for each sample",
    "The latent dimensions were added up. Each sample keeps k of them.",
    share=SLIP,
)
def codes_summed(X: Any, W_enc: Any) -> Any:
    return (X @ W_enc).sum(axis=1)


@mistake("encode", "only the first sample", "One embedding came back for all samples. Each row of X gets its own.")
def codes_first(X: Any, W_enc: Any) -> Any:
    return X[0] @ W_enc


@mistake(
    "encode",
    "the result is flattened",
    "All embeddings stand in one line. One row for each sample is asked for.",
    share=SLIP,
)
def codes_flat(X: Any, W_enc: Any) -> Any:
    return (X @ W_enc).ravel()


@mistake(
    "encode",
    "X is overwritten",
    "The product was written back into X, which belongs to the caller (and fails where the shapes differ). Make a new array.",
)
def codes_in_place(X: Any, W_enc: Any) -> Any:
    X @= W_enc
    return X


@mistake("encode", "computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def codes_float16(X: Any, W_enc: Any) -> Any:
    return X.astype(np.float16) @ W_enc.astype(np.float16)
