"""Known mistakes in `loss_gradients`: the chain rule, what is differentiated, and what is done to the result."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake


@mistake(
    "loss_gradients",
    "the way back through the decoder is missing",
    "The encoder's gradient has shape (d, d): between the error and the encoder stands the decoder, with a factor of its own.",
)
def gradients_without_chain(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error, Z.T @ error


@mistake(
    "loss_gradients",
    "back through the encoder instead of the decoder",
    "The error reaches the encoder through the decoder's weights; here it was sent through the encoder's own.",
)
def gradients_through_encoder(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_enc, Z.T @ error


@mistake(
    "loss_gradients",
    "back through the decoder the wrong way round",
    "On the way back the decoder's weights are needed on their side: see which sizes must meet.",
)
def gradients_decoder_not_turned(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec, Z.T @ error


@mistake(
    "loss_gradients",
    "the data where the embeddings belong",
    "The decoder's gradient has shape (d, d): the decoder's input are the embeddings, not the data.",
)
def gradients_decoder_of_data(X: Any, W_enc: Any, W_dec: Any) -> Any:
    error = 2 * (X @ W_enc @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, X.T @ error


@mistake(
    "loss_gradients",
    "the embeddings of the reconstruction",
    "The decoder's gradient uses embeddings of X_hat. The decoder's input are the embeddings of X.",
)
def gradients_encoded_twice(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X_hat = X @ W_enc @ W_dec
    error = 2 * (X_hat - X) / len(X)
    return X.T @ error @ W_dec.T, (X_hat @ W_enc).T @ error


@mistake(
    "loss_gradients",
    "the reconstruction where the data belong",
    "The encoder's gradient uses X_hat where its input X belongs.",
)
def gradients_of_reconstruction(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X_hat = Z @ W_dec
    error = 2 * (X_hat - X) / len(X)
    return X_hat.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the data are not subtracted",
    "The gradients go by the size of the reconstruction, not by its error: even a perfect one would be changed.",
)
def gradients_without_target(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "as if the two matrices were one",
    "The two gradients were added, as for an encoder and decoder that share their weights. Here each has its own.",
)
def gradients_tied(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    both = X.T @ error @ W_dec.T + (Z.T @ error).T
    return both, both.T


@mistake(
    "loss_gradients",
    "the signs of the errors only",
    "Every error counts the same, as with absolute values. With squares a large error pulls harder.",
)
def gradients_absolute(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = np.sign(Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the squared errors where the errors belong",
    "The loss was not differentiated: its squares still stand in the gradients.",
)
def gradients_squared(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) ** 2 / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the gradients are clipped",
    "Entries beyond 1 were pushed back. That is a means against running away, not the gradient.",
)
def gradients_clipped(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return np.clip(X.T @ error @ W_dec.T, -1, 1), np.clip(Z.T @ error, -1, 1)


@mistake(
    "loss_gradients",
    "the gradients are scaled to length 1",
    "Each gradient was divided by its length, so that only its direction is left.",
)
def gradients_normalised(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    return d_enc / np.linalg.norm(d_enc), d_dec / np.linalg.norm(d_dec)


@mistake(
    "loss_gradients",
    "only the first sample",
    "The gradients of the first sample's error came back. The loss averages over all samples.",
)
def gradients_first_sample(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X = X[:1]
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "one-sided differences of a large step",
    "The gradients are quotients of differences with a step too large, so they are off. Derive them, or look from both sides.",
)
def gradients_one_sided(X: Any, W_enc: Any, W_dec: Any) -> Any:
    def loss() -> Any:
        return np.sum((X @ weights[0] @ weights[1] - X) ** 2) / len(X)

    step = 1e-3
    weights = [W_enc.copy(), W_dec.copy()]
    gradients = [np.zeros_like(W_enc), np.zeros_like(W_dec)]
    start = loss()
    for matrix, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(*matrix.shape):
            matrix[index] += step
            gradient[index] = (loss() - start) / step
            matrix[index] -= step
    return tuple(gradients)


@mistake(
    "loss_gradients",
    "the weights are changed in place",
    "The weights were moved already. This function says where the loss grows; the step is another exercise.",
)
def gradients_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    W_enc -= 0.1 * d_enc
    W_dec -= 0.1 * d_dec
    return d_enc, d_dec


@mistake(
    "loss_gradients",
    "X is overwritten",
    "The error was written back into X, which belongs to the caller and is needed once more. Make a new array.",
)
def gradients_data_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X -= Z @ W_dec
    error = -2 * X / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
)
def gradients_float16(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X, W_enc, W_dec = X.astype(np.float16), W_enc.astype(np.float16), W_dec.astype(np.float16)
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the encoder on its side in place of the decoder",
    "W_dec has no influence: what comes back belongs to a decoder that is the encoder turned round. Here each has its own weights.",
)
def gradients_without_decoder(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_enc.T - X) / len(X)
    return X.T @ error @ W_enc, Z.T @ error
