"""Known mistakes in `loss_gradients`: factors, signs, reductions, order and shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "loss_gradients",
    "a factor of two is missing",
    "Both gradients are half of what they should be: a square leaves a factor when it is differentiated.",
    share=SLIP,
)
def gradients_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "not averaged over the samples",
    "Both gradients grow with the number of samples: the loss averages over them, so do its gradients.",
    share=SLIP,
)
def gradients_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "averaged over the dimensions as well",
    "Both gradients are too small by the number of dimensions: the loss sums over those.",
    share=SLIP,
)
def gradients_of_mean(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / X.size
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "averaged over the dimensions instead of the samples",
    "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.",
    share=SLIP,
)
def gradients_by_dimensions(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / X.shape[1]
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "neither the factor of two nor the average",
    "Both gradients lack the factor that the square leaves and the division by the number of samples.",
    share=SLIP,
)
def gradients_bare(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = Z @ W_dec - X
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "averaged over everything, without the factor of two",
    "Both gradients are divided by the number of all entries, and lack the factor that the square leaves.",
    share=SLIP,
)
def gradients_mean_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / X.size
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the sign is turned round",
    "Both gradients point downhill. A gradient points to where the loss grows: see which of X and X_hat is subtracted.",
    share=SLIP,
)
def gradients_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (X - Z @ W_dec) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the two gradients are swapped",
    "The encoder's gradient comes first, then the decoder's.",
    share=SLIP,
)
def gradients_swapped(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return Z.T @ error, X.T @ error @ W_dec.T


@mistake(
    "loss_gradients",
    "both gradients are transposed",
    "The numbers are right, but each gradient lies on its side: it has the shape of its weights.",
    share=SLIP,
)
def gradients_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return (X.T @ error @ W_dec.T).T, (Z.T @ error).T


@mistake(
    "loss_gradients",
    "the encoder's gradient is transposed",
    "dW_enc lies on its side: it has the shape of W_enc.",
    share=SLIP,
)
def gradients_encoder_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_dec @ error.T @ X, Z.T @ error


@mistake(
    "loss_gradients",
    "the decoder's gradient is transposed",
    "dW_dec lies on its side: it has the shape of W_dec.",
    share=SLIP,
)
def gradients_decoder_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, error.T @ Z


@mistake(
    "loss_gradients",
    "the encoder's gradient lost its factor of two",
    "The decoder's gradient is right, the encoder's is half of what it should be.",
    share=SLIP,
)
def gradients_encoder_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, 2 * Z.T @ error


@mistake(
    "loss_gradients",
    "the decoder's gradient lost its factor of two",
    "The encoder's gradient is right, the decoder's is half of what it should be.",
    share=SLIP,
)
def gradients_decoder_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return 2 * X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the encoder's gradient is not averaged",
    "The decoder's gradient is right, the encoder's grows with the number of samples.",
    share=SLIP,
)
def gradients_encoder_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error / len(X)


@mistake(
    "loss_gradients",
    "the decoder's gradient is not averaged",
    "The encoder's gradient is right, the decoder's grows with the number of samples.",
    share=SLIP,
)
def gradients_decoder_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T / len(X), Z.T @ error


@mistake(
    "loss_gradients",
    "the encoder's gradient has the wrong sign",
    "The decoder's gradient is right, the encoder's points the other way.",
    share=SLIP,
)
def gradients_encoder_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return -X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the decoder's gradient has the wrong sign",
    "The encoder's gradient is right, the decoder's points the other way.",
    share=SLIP,
)
def gradients_decoder_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, -Z.T @ error


@mistake(
    "loss_gradients",
    "divided by n - 1",
    "One less than the number of samples was divided by, as in an estimate of a variance. An average divides by their number.",
    share=SLIP,
)
def gradients_ddof(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) * np.divide(2, len(X) - 1)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "loss_gradients",
    "the sign is turned round and a factor of two is missing",
    "Both gradients point downhill, and are half as long as they should be.",
    share=SLIP,
)
def gradients_negative_half(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (X - Z @ W_dec) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error
