"""Hidden checks of `decode`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from ..served import Served
from .maps import checks
from .shared import SLIP

CHECKS: tuple[Check, ...] = checks("The reconstruction", "Z")


def _decode(Z: Any, W_dec: Any) -> Any:
    return Z @ W_dec


SERVED = Served(_decode, ("n k", "k d"))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("decode")


@variant
def images_product(Z: Any, W_dec: Any) -> Any:
    X_hat = Z @ W_dec
    return X_hat  # noqa: RET504


edited = CATALOGUE.edits("decode", images_product)


edited(
    "the weights are transposed",
    "W_dec was transposed. Its k rows already face the k columns of Z: see which sizes must meet.",
    ("W_dec\n", "W_dec.T\n"),
)
edited(
    "the embeddings are transposed",
    "Z was transposed, so that samples are mixed instead of latent dimensions. Rows are samples.",
    ("Z @ W_dec", "Z.T @ W_dec"),
)
edited(
    "cut to whole numbers",
    "Every number became a whole number. Look for an array with a type of whole numbers.",
    ("return X_hat", "return X_hat.astype(int)"),
)
edited(
    "samples stand in columns",
    "The result is transposed: one row for each sample is required.",
    ("return X_hat", "return X_hat.T"),
    share=SLIP,
)
edited(
    "the two factors are swapped",
    "The weights come before the embeddings. The order of a matrix product matters.",
    ("Z @ W_dec", "W_dec @ Z"),
)
edited(
    "multiplied entry by entry",
    "`*` multiplies entry by entry. A blend of the rows of W_dec is a matrix product.",
    ("Z @ W_dec", "Z * W_dec"),
)
edited(
    "a sigmoid was applied",
    "The reconstructions are squeezed between 0 and 1. This decoder is linear: no activation follows.",
    ("    return", "    X_hat = 1 / (1 + np.exp(-X_hat))\n    return"),
)
edited(
    "a tanh was applied",
    "The reconstructions are squeezed between -1 and 1. This decoder is linear: no activation follows.",
    ("    return", "    X_hat = np.tanh(X_hat)\n    return"),
)
edited(
    "negative values are cut off",
    "What is below 0 became 0, as by a ReLU. This decoder is linear, and centred pixels may be negative.",
    ("    return", "    X_hat = np.maximum(X_hat, 0)\n    return"),
)
edited(
    "values are clipped to [0, 1]",
    "Reconstructions below 0 or above 1 were pushed back. This decoder is linear, and centred pixels may be negative.",
    ("    return", "    X_hat = np.clip(X_hat, 0, 1)\n    return"),
)
edited(
    "divided by the number of latent dimensions",
    "Every reconstruction is an average over the latent dimensions. A weighted sum is required.",
    ("    return", "    X_hat = X_hat / len(W_dec)\n    return"),
    share=SLIP,
)
edited(
    "divided by the number of samples",
    "The reconstructions shrink when there are more samples. Nothing is averaged in a decoder.",
    ("    return", "    X_hat = X_hat / len(Z)\n    return"),
    share=SLIP,
)
edited(
    "the decoder is inverted",
    "An inverse of W_dec was used. Decoding applies the decoder's own weights; nothing has to be undone.",
    ("Z @ W_dec", "Z @ np.linalg.pinv(W_dec).T"),
)
edited(
    "the average sample is subtracted",
    "The mean over the samples was taken away, so that a reconstruction depends on the other samples.",
    ("return X_hat", "return X_hat - X_hat.mean(axis=0)"),
    also=[[("Z @ W_dec", "(Z - Z.mean(axis=0)) @ W_dec")]],
)
edited(
    "only the first sample",
    "One reconstruction came back for all samples. Each row of Z gets its own.",
    ("Z @ W_dec", "Z[0] @ W_dec"),
    also=[[("Z @ W_dec", "Z[:1] @ W_dec")]],
)
edited(
    "only the first latent dimension",
    "One latent dimension was decoded. The rows of W_dec are blended, all k of them.",
    ("Z @ W_dec", "Z[:, :1] @ W_dec[:1]"),
)
edited(
    "the rows of W_dec are scaled to length 1",
    "Every row of W_dec was divided by its length. The weights are used as they come.",
    ("Z @ W_dec", "Z @ (W_dec / np.maximum(np.linalg.norm(W_dec, axis=1, keepdims=True), 1e-12))"),
)
edited(
    "the result is flattened",
    "All reconstructions are in one line. One row for each sample is required.",
    ("return X_hat", "return X_hat.ravel()"),
    share=SLIP,
)


@mistake(
    "Z is overwritten",
    "The product was written back into Z, which belongs to the caller (and fails where the shapes differ). Make a new array.",
)
def images_in_place(Z: Any, W_dec: Any) -> Any:
    Z @= W_dec
    return Z


edited(
    "computed in float16",
    "Half precision has three digits. Leave the arrays as they come.",
    ("Z @ W_dec", "Z.astype(np.float16) @ W_dec.astype(np.float16)"),
)
edited(
    "an axis of length 1 is dropped",
    "For one sample or one dimension an axis is missing. The answer is always (n, d).",
    ("return X_hat", "return np.squeeze(X_hat)"),
)
edited(
    "only the last latent dimension counts",
    "The sum is set again for every latent dimension, so that the last one is left. Add with +=.",
    ("Z @ W_dec", "Z[:, -1:] @ W_dec[-1:]"),
)
edited(
    "the last latent dimension is left out",
    "The sum ends one dimension too early. `range(k)` ends before k already.",
    ("Z @ W_dec", "Z[:, :-1] @ W_dec[:-1]"),
)
edited(
    "the first latent dimension is left out",
    "The sum begins one latent dimension too late. Counting starts at 0.",
    ("Z @ W_dec", "Z[:, 1:] @ W_dec[1:]"),
)
edited(
    "always two latent dimensions",
    "The sum ends after two latent dimensions, however many there are: k is not always 2.",
    ("Z @ W_dec", "Z[:, :2] @ W_dec[:2]"),
)


@variant
def images_einsum(Z: Any, W_dec: Any) -> Any:
    return np.einsum("nk,kd->nd", Z, W_dec)


@variant
def images_loops(Z: Any, W_dec: Any) -> Any:
    X_hat = np.empty((len(Z), W_dec.shape[1]))
    for i in range(len(Z)):
        for j in range(W_dec.shape[1]):
            X_hat[i, j] = sum(Z[i, a] * W_dec[a, j] for a in range(W_dec.shape[0]))
    return X_hat


@variant
def images_tensordot(Z: Any, W_dec: Any) -> Any:
    return np.tensordot(Z, W_dec, axes=1)


@variant
def images_blend(Z: Any, W_dec: Any) -> Any:
    return sum(np.outer(Z[:, a], row) for a, row in enumerate(W_dec))


@variant
def images_list(Z: Any, W_dec: Any) -> Any:
    return np.matmul(Z, W_dec).tolist()


@variant
def images_float32(Z: Any, W_dec: Any) -> Any:
    return Z.astype(np.float32) @ W_dec.astype(np.float32)
