"""More mistakes of 02_linear_autoencoder in maps, losses and gradients, met in submissions that nobody had foreseen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake("encode", "values are clipped to [0, 1]", "Embeddings may be any number: they are no pixels.")
def codes_clipped(X: Any, W_enc: Any) -> Any:
    return np.clip(X @ W_enc, 0, 1)


@mistake(
    "encode",
    "an axis of length 1 is dropped",
    "For one sample or one latent dimension an axis is missing. The answer is always (n, k).",
)
def codes_squeezed(X: Any, W_enc: Any) -> Any:
    return np.squeeze(X @ W_enc)


@mistake(
    "encode",
    "the last dimension is left out",
    "The sum ends one dimension too early. `range(d)` ends before d already.",
)
def codes_without_last(X: Any, W_enc: Any) -> Any:
    return X[:, :-1] @ W_enc[:-1]


@mistake(
    "decode",
    "an axis of length 1 is dropped",
    "For one sample or one dimension an axis is missing. The answer is always (n, d).",
)
def pictures_squeezed(Z: Any, W_dec: Any) -> Any:
    return np.squeeze(Z @ W_dec)


@mistake(
    "decode",
    "the last latent dimension is left out",
    "The sum ends one dimension too early. `range(k)` ends before k already.",
)
def pictures_without_last(Z: Any, W_dec: Any) -> Any:
    return Z[:, :-1] @ W_dec[:-1]


@mistake(
    "reconstruction_loss",
    "a difference of squares",
    "X and X_hat were squared before they were subtracted. What is squared is their difference.",
)
def loss_of_squares(X: Any, X_hat: Any) -> Any:
    return np.mean(np.sum(X**2 - X_hat**2, axis=1))


@mistake(
    "reconstruction_loss",
    "the last sample is left out",
    "The sum ends one sample too early. `range(n)` ends before n already.",
)
def loss_without_last(X: Any, X_hat: Any) -> Any:
    return np.sum((X - X_hat)[:-1] ** 2) / len(X)


@mistake(
    "pca_reconstruction_loss",
    "nothing is lost at k = 0",
    "For k = 0 the slice [:-k] is empty, although everything is lost then. Count from the front: [: d - k].",
)
def pca_minus_k(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.linalg.eigvalsh(C.T @ C / len(X))[:-k].sum()


@mistake(
    "pca_reconstruction_loss",
    "only the last component kept",
    "The variance along component k came back. What is lost is the sum over all components after it.",
)
def pca_kth(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.linalg.eigvalsh(C.T @ C / len(X))[::-1][k - 1]


@mistake(
    "pca_reconstruction_loss",
    "eigenvalues in any order",
    "np.linalg.eig does not sort. Sort the eigenvalues, or use eigvalsh, which does (ascending).",
)
def pca_unsorted(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    return np.real(np.linalg.eig(C.T @ C / len(X))[0])[k:].sum()


@mistake(
    "pca_reconstruction_loss",
    "columns instead of rows of Vt",
    "What an SVD gives back last is Vt, whose rows are the components. Its columns are something else.",
)
def pca_columns_of_vt(X: Any, k: Any) -> Any:
    C = X - X.mean(axis=0)
    V = np.linalg.svd(C)[2][:, :k]
    return np.mean(np.sum((C - C @ V @ V.T) ** 2, axis=1))


@mistake("loss_gradients", "only the encoder's gradient", "One gradient came back. Return the pair (dW_enc, dW_dec).")
def gradients_encoder_only(X: Any, W_enc: Any, W_dec: Any) -> Any:
    return 2 * X.T @ (X @ W_enc @ W_dec - X) @ W_dec.T / len(X)


@mistake(
    "loss_gradients",
    "the embeddings where the data belong",
    "The encoder's gradient begins with the embeddings. What stands before the encoder in the forward pass is X.",
)
def gradients_z_for_x(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return Z.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the error is forgotten on the way to the encoder",
    "The reconstruction itself runs back to the encoder. What runs back is its error, X_hat - X.",
)
def gradients_without_error(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X_hat = Z @ W_dec
    return 2 * X.T @ X_hat @ W_dec.T / len(X), 2 * Z.T @ (X_hat - X) / len(X)


@mistake(
    "loss_gradients",
    "the embeddings run back instead of the error",
    "The encoder's gradient was made of X and Z alone. The error must come back through the decoder first.",
)
def gradients_without_decoder(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    return 2 * X.T @ Z / len(X), 2 * Z.T @ (Z @ W_dec - X) / len(X)


@mistake(
    "loss_gradients",
    "the gradients of the root of the loss",
    "They were divided by the root of the loss, as if it had been taken. The loss is the squared error itself.",
)
def gradients_of_root(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = Z @ W_dec - X
    root = np.sqrt(np.sum(error**2) / len(X))
    return X.T @ error @ W_dec.T / len(X) / root, Z.T @ error / len(X) / root


@mistake(
    "loss_gradients",
    "X is changed in place",
    "-= changed the caller's X. Make a new array: error = X_hat - X.",
)
def gradients_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z, kept = X @ W_enc, X.copy()
    X -= Z @ W_dec
    return -2 * kept.T @ X @ W_dec.T / len(X), -2 * Z.T @ X / len(X)


@mistake(
    "loss_gradients",
    "the factor of two twice",
    "The square gives one factor of two. Here there are two of them, so that both gradients are twice too large.",
    share=SLIP,
)
def gradients_fourfold(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 4 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the reconstruction where the error belongs",
    "The decoder's gradient was made of the reconstruction itself. What it needs is the error, X_hat - X.",
)
def gradients_decoder_without_error(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X_hat = Z @ W_dec
    return 2 * X.T @ (X_hat - X) @ W_dec.T / len(X), 2 * Z.T @ X_hat / len(X)


@mistake(
    "loss_gradients",
    "the average is taken over n - 1",
    "The division is by one less than the number of samples, which is 0 for a single one. An average divides by their number.",
)
def gradients_over_one_less(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 / (len(X) - 1) * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "train_step",
    "the two gradients are unpacked the wrong way round",
    "`loss_gradients` returns the encoder's gradient first. Here the encoder was moved by the decoder's.",
)
def step_unpacked(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_dec, d_enc = X.T @ error @ W_dec.T, Z.T @ error
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


@mistake(
    "train_step", "the encoder moves uphill", "The encoder's step has the wrong sign, the decoder's the right one."
)
def step_encoder_uphill(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc + learning_rate * X.T @ error @ W_dec.T, W_dec - learning_rate * Z.T @ error


@mistake(
    "train_step", "the decoder moves uphill", "The decoder's step has the wrong sign, the encoder's the right one."
)
def step_decoder_uphill(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc - learning_rate * X.T @ error @ W_dec.T, W_dec + learning_rate * Z.T @ error


@mistake(
    "train_step",
    "only the signs of the gradients",
    "Every weight moved equally far. How far it moves is the learning rate times its gradient.",
)
def step_signs(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc - learning_rate * np.sign(X.T @ error @ W_dec.T), W_dec - learning_rate * np.sign(Z.T @ error)


@mistake(
    "reconstruction_loss",
    "only the last sample is added",
    "The sum is set anew for every sample, so that the last one is left. Add with +=.",
)
def loss_of_last(X: Any, X_hat: Any) -> Any:
    total = 0.0
    for x, x_hat in zip(X, X_hat, strict=True):
        total = np.sum((x - x_hat) ** 2)
    return total / len(X)


@mistake(
    "reconstruction_loss",
    "the loop returns at the first sample",
    "The loop is left after its first round, so that only the first sample is added up. Look at how far lines are indented.",
)
def loss_returned_early(X: Any, X_hat: Any) -> Any:
    return np.sum((X[0] - X_hat[0]) ** 2) / len(X)


@mistake(
    "reconstruction_loss",
    "the root is taken before the division",
    "This is the length of the whole error, divided by the number of samples. No root belongs there.",
)
def loss_root_by_n(X: Any, X_hat: Any) -> Any:
    return np.linalg.norm(X - X_hat) / len(X)
