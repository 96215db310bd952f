"""Known mistakes in `train_step`; those of the gradients stand here too, for steps that work them out anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "train_step",
    "uphill instead of downhill",
    "The weights moved along the gradient, so that the loss grows. Descent goes against it.",
    share=SLIP,
)
def step_ascent(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc + learning_rate * X.T @ error @ W_dec.T, W_dec + learning_rate * Z.T @ error


@mistake(
    "train_step", "the learning rate has no effect", "The whole gradient was subtracted, whatever the learning rate."
)
def step_without_rate(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the learning rate counts twice",
    "The step shrinks with the square of the learning rate: it was multiplied in two places.",
)
def step_rate_squared(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc - learning_rate * X.T @ error @ W_dec.T, W_dec - learning_rate * Z.T @ error


@mistake(
    "train_step",
    "divided by the learning rate",
    "A smaller learning rate makes a larger step here. It is a factor of the gradient.",
)
def step_divided_by_rate(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    scale = 1 / learning_rate if learning_rate else 0.0
    return W_enc - scale * X.T @ error @ W_dec.T, W_dec - scale * Z.T @ error


@mistake(
    "train_step", "the gradients came back", "The gradients were returned. The weights after the step are asked for."
)
def step_gradients(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "train_step",
    "the steps came back",
    "What to add to the weights was returned. The weights after the step are asked for.",
    share=SLIP,
)
def step_changes(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = -2 * learning_rate * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "train_step", "the two matrices are swapped", "The encoder's weights come first, then the decoder's.", share=SLIP
)
def step_swapped(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_dec - Z.T @ error, W_enc - X.T @ error @ W_dec.T


@mistake(
    "train_step",
    "the encoder's gradient at the updated decoder",
    "The decoder was updated first, and the encoder's gradient was taken there. Both belong to the weights that came in.",
    share=SLIP,
)
def step_decoder_first(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    new_dec = W_dec - learning_rate * 2 * Z.T @ (Z @ W_dec - X) / len(X)
    new_enc = W_enc - learning_rate * 2 * X.T @ (Z @ new_dec - X) @ new_dec.T / len(X)
    return new_enc, new_dec


@mistake(
    "train_step",
    "the decoder's gradient at the updated encoder",
    "The encoder was updated first, and the decoder's gradient was taken there. Both belong to the weights that came in.",
    share=SLIP,
)
def step_encoder_first(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    new_enc = W_enc - learning_rate * 2 * X.T @ (X @ W_enc @ W_dec - X) @ W_dec.T / len(X)
    Z = X @ new_enc
    return new_enc, W_dec - learning_rate * 2 * Z.T @ (Z @ W_dec - X) / len(X)


@mistake(
    "train_step",
    "in place, and one after the other",
    "-= changed the caller's encoder, and the decoder's gradient already saw the change. Take both gradients, then make new arrays.",
)
def step_in_place_sequential(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    W_enc -= learning_rate * 2 * X.T @ (X @ W_enc @ W_dec - X) @ W_dec.T / len(X)
    Z = X @ W_enc
    W_dec -= learning_rate * 2 * Z.T @ (Z @ W_dec - X) / len(X)
    return W_enc, W_dec


@mistake("train_step", "the weights are changed in place", "-= changed the caller's weights. Make new arrays.")
def step_in_place(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    W_enc -= d_enc
    W_dec -= d_dec
    return W_enc, W_dec


@mistake("train_step", "only the encoder moves", "The decoder stayed as it was. Both matrices take a step.")
def step_encoder_only(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    error = 2 * learning_rate * (X @ W_enc @ W_dec - X) / len(X)
    return W_enc - X.T @ error @ W_dec.T, W_dec


@mistake("train_step", "only the decoder moves", "The encoder stayed as it was. Both matrices take a step.")
def step_decoder_only(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc, W_dec - Z.T @ error


@mistake("train_step", "two steps instead of one", "The weights went on for a second step. One is asked for.")
def step_twice(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    for _ in range(2):
        Z = X @ W_enc
        error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
        W_enc, W_dec = W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error
    return W_enc, W_dec


@mistake(
    "train_step",
    "averaged once more",
    "The step was divided by the number of samples, although the gradient is an average already.",
    share=SLIP,
)
def step_averaged_again(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X) ** 2
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "each weight shrinks by a part of itself",
    "The weights were multiplied instead of moved: a weight of 0 would stay 0 for ever.",
)
def step_multiplied(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc * (1 - X.T @ error @ W_dec.T), W_dec * (1 - Z.T @ error)


@mistake(
    "train_step",
    "the weights fade as well",
    "Besides the step the weights were multiplied by 1 minus the learning rate, as with weight decay. Only the step is asked for.",
)
def step_weight_decay(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return (1 - learning_rate) * W_enc - X.T @ error @ W_dec.T, (1 - learning_rate) * W_dec - Z.T @ error


@mistake(
    "train_step",
    "steps of the same length everywhere",
    "The gradient was divided by its length, so that only its direction is left. A steep slope makes a long step.",
)
def step_normalised(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = X.T @ error @ W_dec.T, Z.T @ error
    d_enc, d_dec = d_enc / np.linalg.norm(d_enc), d_dec / np.linalg.norm(d_dec)
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


@mistake(
    "train_step",
    "the gradients are clipped",
    "Entries of the gradient beyond 1 were pushed back, so that large steps are cut short.",
)
def step_clipped(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    d_enc, d_dec = np.clip(X.T @ error @ W_dec.T, -1, 1), np.clip(Z.T @ error, -1, 1)
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


@mistake(
    "train_step",
    "the weights are transposed",
    "The numbers are right, but the matrices lie on their side. They keep their shapes.",
    share=SLIP,
)
def step_transposed(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return (W_enc - X.T @ error @ W_dec.T).T, (W_dec - Z.T @ error).T


@mistake(
    "train_step",
    "half a step: the gradients lack a factor of two",
    "The step is half as long as it should be. Look at `loss_gradients`: a square leaves a factor.",
    share=SLIP,
)
def step_without_two(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the gradients are not averaged over the samples",
    "The step grows with the number of samples. Look at `loss_gradients`: the loss is an average.",
    share=SLIP,
)
def step_of_sum(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X)
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the gradients are averaged over the dimensions as well",
    "The step is too short by the number of dimensions. Look at `loss_gradients`: the loss sums over them.",
    share=SLIP,
)
def step_of_mean(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / X.size
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the gradients lack both the factor of two and the average",
    "Look at `loss_gradients`: a square leaves a factor, and the loss is an average over the samples.",
    share=SLIP,
)
def step_bare(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = learning_rate * (Z @ W_dec - X)
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the gradient goes back through the encoder",
    "The encoder's step is wrong. Look at `loss_gradients`: the error reaches the encoder through the decoder's weights.",
)
def step_through_encoder(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc - X.T @ error @ W_enc, W_dec - Z.T @ error


@mistake(
    "train_step",
    "the gradients do not subtract the data",
    "Even a perfect reconstruction is changed. Look at `loss_gradients`: they go by the error.",
)
def step_without_target(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec) / len(X)
    return W_enc - X.T @ error @ W_dec.T, W_dec - Z.T @ error
