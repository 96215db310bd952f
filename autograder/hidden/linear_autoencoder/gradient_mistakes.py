"""Known mistakes in `loss_gradients`."""

from __future__ import annotations

# ruff: noqa: D103  (the functions stand for students' code)
from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake("loss_gradients", "a factor of two is missing",
         "Both gradients are half of what they should be: a square leaves a factor when it is differentiated.", share=SLIP)
def gradients_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "not averaged over the samples",
         "Both gradients grow with the number of samples: the loss averages over them, so do its gradients.", share=SLIP)
def gradients_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "averaged over the dimensions as well",
         "Both gradients are too small by the number of dimensions: the loss sums over those.", share=SLIP)
def gradients_of_mean(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / X.size
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "averaged over the dimensions instead of the samples",
         "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.", share=SLIP)
def gradients_by_dimensions(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / X.shape[1]
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "neither the factor of two nor the average",
         "Both gradients lack the factor that the square leaves and the division by the number of samples.", share=SLIP)
def gradients_bare(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = Z @ W_dec - X
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "averaged over everything, without the factor of two",
         "Both gradients are divided by the number of all entries, and lack the factor that the square leaves.", share=SLIP)
def gradients_mean_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / X.size
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the sign is turned round",
         "Both gradients point downhill. A gradient points to where the loss grows: see which of X and X_hat is subtracted.",
         share=SLIP)
def gradients_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (X - Z @ W_dec) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the two gradients are swapped",
         "The encoder's gradient comes first, then the decoder's.", share=SLIP)
def gradients_swapped(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return Z.T @ error, X.T @ error @ W_dec.T


@mistake("loss_gradients", "both gradients are transposed",
         "The numbers are right, but each gradient lies on its side: it has the shape of its weights.", share=SLIP)
def gradients_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return (X.T @ error @ W_dec.T).T, (Z.T @ error).T


@mistake("loss_gradients", "the encoder's gradient is transposed",
         "dW_enc lies on its side: it has the shape of W_enc.", share=SLIP)
def gradients_encoder_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_dec @ error.T @ X, Z.T @ error


@mistake("loss_gradients", "the decoder's gradient is transposed",
         "dW_dec lies on its side: it has the shape of W_dec.", share=SLIP)
def gradients_decoder_transposed(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, error.T @ Z


@mistake("loss_gradients", "the way back through the decoder is missing",
         "The encoder's gradient has shape (d, d): between the error and the encoder stands the decoder, with a factor of its own.")
def gradients_without_chain(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error, Z.T @ error


@mistake("loss_gradients", "back through the encoder instead of the decoder",
         "The error reaches the encoder through the decoder's weights; here it was sent through the encoder's own.")
def gradients_through_encoder(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_enc, Z.T @ error


@mistake("loss_gradients", "back through the decoder the wrong way round",
         "On the way back the decoder's weights are needed on their side: see which sizes must meet.")
def gradients_decoder_not_turned(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec, Z.T @ error


@mistake("loss_gradients", "the data where the embeddings belong",
         "The decoder's gradient has shape (d, d): the decoder's input are the embeddings, not the data.")
def gradients_decoder_of_data(X: Any, W_enc: Any, W_dec: Any) -> Any:
    error = 2 * (X @ W_enc @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, X.T @ error


@mistake("loss_gradients", "the embeddings of the reconstruction",
         "The decoder's gradient uses embeddings of X_hat. The decoder's input are the embeddings of X.")
def gradients_encoded_twice(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X_hat = X @ W_enc @ W_dec
    error = 2 * (X_hat - X) / len(X)
    return X.T @ error @ W_dec.T, (X_hat @ W_enc).T @ error


@mistake("loss_gradients", "the reconstruction where the data belong",
         "The encoder's gradient uses X_hat where its input X belongs.")
def gradients_of_reconstruction(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X_hat = Z @ W_dec
    error = 2 * (X_hat - X) / len(X)
    return X_hat.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the data are not subtracted",
         "The gradients go by the size of the reconstruction, not by its error: even a perfect one would be changed.")
def gradients_without_target(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the encoder's gradient lost its factor of two",
         "The decoder's gradient is right, the encoder's is half of what it should be.", share=SLIP)
def gradients_encoder_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, 2 * Z.T @ error


@mistake("loss_gradients", "the decoder's gradient lost its factor of two",
         "The encoder's gradient is right, the decoder's is half of what it should be.", share=SLIP)
def gradients_decoder_without_two(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = (Z @ W_dec - X) / len(X)
    return 2 * X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the encoder's gradient is not averaged",
         "The decoder's gradient is right, the encoder's grows with the number of samples.", share=SLIP)
def gradients_encoder_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error / len(X)


@mistake("loss_gradients", "the decoder's gradient is not averaged",
         "The encoder's gradient is right, the decoder's grows with the number of samples.", share=SLIP)
def gradients_decoder_of_sum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T / len(X), Z.T @ error


@mistake("loss_gradients", "the encoder's gradient has the wrong sign",
         "The decoder's gradient is right, the encoder's points the other way.", share=SLIP)
def gradients_encoder_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return -X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the decoder's gradient has the wrong sign",
         "The encoder's gradient is right, the decoder's points the other way.", share=SLIP)
def gradients_decoder_negative(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, -Z.T @ error


@mistake("loss_gradients", "as if the two matrices were one",
         "The two gradients were added, as for an encoder and decoder that share their weights. Here each has its own.")
def gradients_tied(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    both = X.T @ error @ W_dec.T + (Z.T @ error).T
    return both, both.T


@mistake("loss_gradients", "the signs of the errors only",
         "Every error counts the same, as with absolute values. With squares a large error pulls harder.")
def gradients_absolute(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = np.sign(Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the squared errors where the errors belong",
         "The loss was not differentiated: its squares still stand in the gradients.")
def gradients_squared(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) ** 2 / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "the gradients are clipped",
         "Entries beyond 1 were pushed back. That is a means against running away, not the gradient.")
def gradients_clipped(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return np.clip(X.T @ error @ W_dec.T, -1, 1), np.clip(Z.T @ error, -1, 1)


@mistake("loss_gradients", "the gradients are scaled to length 1",
         "Each gradient was divided by its length, so that only its direction is left.")
def gradients_normalised(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    return d_enc / (np.linalg.norm(d_enc) + 1e-12), d_dec / (np.linalg.norm(d_dec) + 1e-12)


@mistake("loss_gradients", "only the first sample",
         "The gradients of the first sample's error came back. The loss averages over all samples.")
def gradients_first_sample(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X = X[:1]
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "one-sided differences of a large step",
         "The gradients are quotients of differences with a step too large, so they are off. Derive them, or look from both sides.")
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


@mistake("loss_gradients", "the weights are changed in place",
         "The weights were moved already. This function says where the loss grows; the step is another exercise.")
def gradients_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    W_enc -= 0.1 * d_enc
    W_dec -= 0.1 * d_dec
    return d_enc, d_dec


@mistake("loss_gradients", "X is overwritten",
         "The error was written back into X, which belongs to the caller and is needed once more. Make a new array.")
def gradients_data_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X -= Z @ W_dec
    error = -2 * X / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake("loss_gradients", "computed in float16",
         "Half precision has three digits and overflows above 65504. Leave the arrays as they come.")
def gradients_float16(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X, W_enc, W_dec = X.astype(np.float16), W_enc.astype(np.float16), W_dec.astype(np.float16)
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error
