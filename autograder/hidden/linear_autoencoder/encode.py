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


@variant
def codes_product(X: Any, W_enc: Any) -> Any:
    Z = X @ W_enc
    return Z  # noqa: RET504


edited = CATALOGUE.edits("encode", codes_product)


edited(
    "the weights are transposed",
    "W_enc was transposed. Its d rows already face the d columns of X: see which sizes must meet.",
    ("W_enc\n", "W_enc.T\n"),
)
edited(
    "the data are transposed",
    "X was transposed, so that samples are mixed instead of dimensions. Rows are samples.",
    ("X @ W_enc", "X.T @ W_enc"),
)
edited(
    "cut to whole numbers",
    "Every embedding became a whole number. Look for an array with a type of whole numbers.",
    ("return Z", "return Z.astype(int)"),
)
edited(
    "samples stand in columns",
    "The result is transposed: one row for each sample is required.",
    ("return Z", "return Z.T"),
    share=SLIP,
)
edited(
    "the two factors are swapped",
    "The weights come before the data. The order of a matrix product matters.",
    ("X @ W_enc", "W_enc @ X"),
)
edited(
    "multiplied entry by entry",
    "`*` multiplies entry by entry. A weighted sum over the dimensions is a matrix product.",
    ("X @ W_enc", "X * W_enc"),
)
edited(
    "a tanh was applied",
    "The embeddings are squeezed between -1 and 1. This encoder is linear: no activation follows.",
    ("    return", "    Z = np.tanh(Z)\n    return"),
)
edited(
    "a sigmoid was applied",
    "The embeddings are squeezed between 0 and 1. This encoder is linear: no activation follows.",
    ("    return", "    Z = 1 / (1 + np.exp(-Z))\n    return"),
)
edited(
    "negative embeddings are cut off",
    "What is below 0 became 0, as by a ReLU. This encoder is linear: no activation follows.",
    ("    return", "    Z = np.maximum(Z, 0)\n    return"),
)
edited(
    "divided by the number of samples",
    "The embeddings shrink when there are more samples. Nothing is averaged in an encoder.",
    ("    return", "    Z = Z / len(X)\n    return"),
    share=SLIP,
)
edited(
    "divided by the number of dimensions",
    "Every embedding is an average over the dimensions. A weighted sum is required.",
    ("    return", "    Z = Z / X.shape[1]\n    return"),
    share=SLIP,
)
edited(
    "the data are centred once more",
    "The mean of the samples was subtracted inside, so that a sample's embedding depends on the others.",
    ("X @ W_enc", "(X - X.mean(axis=0)) @ W_enc"),
)
edited(
    "embeddings scaled to length 1",
    "Each embedding was divided by its length, so that only its direction is left.",
    ("return Z", "return Z / np.linalg.norm(Z, axis=1, keepdims=True)"),
)
edited(
    "one number for each sample",
    "The latent dimensions were added up. Each sample keeps k of them.",
    ("return Z", "return Z.sum(axis=1)"),
    share=SLIP,
)
edited(
    "only the first sample",
    "One embedding came back for all samples. Each row of X gets its own.",
    ("X @ W_enc", "X[0] @ W_enc"),
    also=[[("X @ W_enc", "X[:1] @ W_enc")]],
)
edited(
    "the samples are scaled to length 1",
    "Every sample was divided by its length before it was encoded. X is used as it comes.",
    ("X @ W_enc", "X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12) @ W_enc"),
)
edited(
    "the result is flattened",
    "All embeddings are in one line. One row for each sample is required.",
    ("return Z", "return Z.ravel()"),
    share=SLIP,
)


@mistake(
    "X is overwritten",
    "The product was written back into X, which belongs to the caller (and fails where the shapes differ). Make a new array.",
)
def codes_in_place(X: Any, W_enc: Any) -> Any:
    X @= W_enc
    return X


edited(
    "computed in float16",
    "Half precision has three digits. Leave the arrays as they come.",
    ("X @ W_enc", "X.astype(np.float16) @ W_enc.astype(np.float16)"),
)
edited(
    "values are clipped to [0, 1]",
    "Embeddings may be any number: they are no pixels.",
    ("    return", "    Z = np.clip(Z, 0, 1)\n    return"),
)
edited(
    "an axis of length 1 is dropped",
    "For one sample or one latent dimension an axis is missing. The answer is always (n, k).",
    ("return Z", "return np.squeeze(Z)"),
)
edited(
    "only the last dimension counts",
    "The sum is set again for every dimension, so that the last one is left. Add with +=.",
    ("X @ W_enc", "X[:, -1:] @ W_enc[-1:]"),
)
edited(
    "the last dimension is left out",
    "The sum ends one dimension too early. `range(d)` ends before d already.",
    ("X @ W_enc", "X[:, :-1] @ W_enc[:-1]"),
)
edited(
    "the first dimension is left out",
    "The sum begins one dimension too late. Counting starts at 0.",
    ("X @ W_enc", "X[:, 1:] @ W_enc[1:]"),
)
edited(
    "always two latent dimensions",
    "Two columns came back, however many W_enc has: k is not always 2.",
    ("X @ W_enc", "np.stack([X @ W_enc[:, 0], X @ W_enc[:, 1]], axis=1)"),
    also=[[("    return", "    Z = Z[:, :2]\n    return")]],
)
edited(
    "a latent dimension is missing",
    "k - 1 columns came back. Counting starts at 0: see where a slice begins and ends.",
    ("    return", "    Z = Z[:, 1:]\n    return"),
    also=[[("    return", "    Z = Z[:, :-1]\n    return")]],
)


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
