"""Hidden checks of `loss_gradients`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Check, Fault
from ...checks.judges import one_call, remembered
from ...checks.linear_autoencoder.loss_gradients import ONE_OF_EACH
from ...checks.linear_autoencoder.shared import ORDINARY, SQUARE_PROBLEM, TWO_SAMPLES, problems, within_largest
from .. import oracles
from ..mistakes.catalogue import Catalogue, Function
from ..served import Served
from ..values import MANY, drawn_with
from .shared import SHAPES, SLIP, THREE_SAMPLES, WHOLE, WIDE, gradients


def _within_largest(exact: Function, part: int) -> Any:
    """A judge of one of two gradients: within 1e-5 of its largest entry."""
    oracle = remembered(exact)

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        right, value = oracle(example)[0][part], answers[0].value[part]
        return None if within_largest(value, right) else Fault(right, value)

    return judge


def _gradient(
    name: str, must: str, part: int, points: float, first: Sequence[Any], examples: Any, count: int = 10
) -> Check:
    judge = _within_largest(oracles.loss_gradients, part)
    return Check(name, must, one_call, judge, tuple(first), examples, count, points, earns=True, hidden=True)


_SMALL = (0.1 * THREE_SAMPLES[0], *THREE_SAMPLES[1:])
_THREE_LARGE = tuple(8 * part for part in THREE_SAMPLES)
_LARGE_FIRST = (np.array([[10.0, -7.0]]), np.array([[9.0], [4.0]]), np.array([[-8.0, 10.0]]))
_LARGE = problems(4, 4, 3, WHOLE)


def _many(draw: np.random.Generator) -> tuple[Any, Any, Any]:
    return draw.uniform(-2, 2, (130, 14)), draw.uniform(-1, 1, (14, 11)), draw.uniform(-1, 1, (11, 14))


_MANY = drawn_with(_many)


CHECKS: tuple[Check, ...] = (
    _gradient(
        "encoder",
        "The encoder's gradient is right, within 1e-5 of its largest entry.",
        0,
        2.0,
        [ONE_OF_EACH, TWO_SAMPLES, SQUARE_PROBLEM, THREE_SAMPLES, _SMALL],
        ORDINARY,
    ),
    _gradient(
        "decoder",
        "The decoder's gradient is right, within 1e-5 of its largest entry.",
        1,
        1.5,
        [ONE_OF_EACH, TWO_SAMPLES, SQUARE_PROBLEM, THREE_SAMPLES, _SMALL],
        ORDINARY,
    ),
    _gradient(
        "encoder, other shapes",
        "So it is for one sample, one dimension, or a code wider than the data.",
        0,
        0.5,
        [WIDE, THREE_SAMPLES],
        SHAPES,
    ),
    _gradient(
        "decoder, other shapes",
        "So it is for one sample, one dimension, or a code wider than the data.",
        1,
        0.5,
        [WIDE, THREE_SAMPLES],
        SHAPES,
    ),
    _gradient("encoder, large values", "So it is for entries up to 10.", 0, 0.75, [_LARGE_FIRST, _THREE_LARGE], _LARGE),
    _gradient("decoder, large values", "So it is for entries up to 10.", 1, 0.75, [_LARGE_FIRST, _THREE_LARGE], _LARGE),
    _gradient("encoder, large inputs", MANY, 0, 0.25, [], _MANY, 2),
    _gradient("decoder, large inputs", MANY, 1, 0.25, [], _MANY, 2),
)

BUILDS_ON = ("encode", "decode")
SERVED = Served(gradients, ("n d", "d k", "k d"))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("loss_gradients")


@variant
def gradients_step_by_step(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X_hat = Z @ W_dec
    error = 2 * (X_hat - X) / len(X)
    d_enc = X.T @ error @ W_dec.T
    d_dec = Z.T @ error
    return d_enc, d_dec


edited = CATALOGUE.edits("loss_gradients", gradients_step_by_step)


edited(
    "a factor of two is missing",
    "Both gradients are half of what they should be: a square leaves a factor when it is differentiated.",
    ("2 * (", "("),
    share=SLIP,
)
edited(
    "not averaged over the samples",
    "Both gradients grow with the number of samples: the loss averages over them, so do its gradients.",
    (" / len(X)", ""),
    share=SLIP,
)
edited(
    "averaged over the dimensions as well",
    "Both gradients are too small by the number of dimensions: the loss sums over those.",
    ("len(X)", "X.size"),
    share=SLIP,
)
edited(
    "averaged over the dimensions instead of the samples",
    "The number of columns of X was divided by. Samples are rows, and it is they who are averaged.",
    ("len(X)", "X.shape[1]"),
    share=SLIP,
)
edited(
    "neither the factor of two nor the average",
    "Both gradients lack the factor that the square leaves and the division by the number of samples.",
    ("2 * (", "("),
    (" / len(X)", ""),
    share=SLIP,
)
edited(
    "averaged over everything, without the factor of two",
    "Both gradients are divided by the number of all entries, and lack the factor that the square leaves.",
    ("2 * (", "("),
    ("len(X)", "X.size"),
    share=SLIP,
)
edited(
    "the sign is turned round",
    "Both gradients point downhill. A gradient points to where the loss grows: see which of X and X_hat is subtracted.",
    ("(X_hat - X)", "(X - X_hat)"),
    share=SLIP,
)
edited(
    "only half of the samples are used",
    "The gradients are those of the first half of the rows. The loss averages over all samples that are given.",
    ("    Z = X", "    X = X[: max(1, len(X) // 2)]\n    Z = X"),
)
edited(
    "the two gradients are swapped",
    "The encoder's gradient comes first, then the decoder's.",
    ("return d_enc, d_dec", "return d_dec, d_enc"),
    share=SLIP,
)
edited(
    "both gradients are transposed",
    "Each gradient is transposed: it has the shape of its weights.",
    ("return d_enc, d_dec", "return d_enc.T, d_dec.T"),
    share=SLIP,
)
edited(
    "the encoder's gradient is transposed",
    "dW_enc is transposed: it has the shape of W_enc.",
    ("return d_enc, d_dec", "return d_enc.T, d_dec"),
    share=SLIP,
)
edited(
    "the decoder's gradient is transposed",
    "dW_dec is transposed: it has the shape of W_dec.",
    ("return d_enc, d_dec", "return d_enc, d_dec.T"),
    share=SLIP,
)
edited(
    "the encoder's gradient lost its factor of two",
    "The encoder's gradient is half of what it should be.",
    ("d_enc = X", "d_enc = 0.5 * X"),
    share=SLIP,
)
edited(
    "the decoder's gradient lost its factor of two",
    "The decoder's gradient is half of what it should be.",
    ("d_dec = Z", "d_dec = 0.5 * Z"),
    share=SLIP,
)
edited(
    "the encoder's gradient is not averaged",
    "The encoder's gradient grows with the number of samples.",
    ("d_enc = X", "d_enc = len(X) * X"),
    share=SLIP,
)
edited(
    "the decoder's gradient is not averaged",
    "The decoder's gradient grows with the number of samples.",
    ("d_dec = Z", "d_dec = len(X) * Z"),
    share=SLIP,
)
edited(
    "the encoder's gradient has the wrong sign",
    "The encoder's gradient points the other way.",
    ("d_enc = X", "d_enc = -X"),
    share=SLIP,
)
edited(
    "the decoder's gradient has the wrong sign",
    "The decoder's gradient points the other way.",
    ("d_dec = Z", "d_dec = -Z"),
    share=SLIP,
)
edited(
    "divided by n - 1",
    "One less than the number of samples was divided by, as in an estimate of a variance. An average divides by their number.",
    ("2 * (X_hat - X) / len(X)", "(X_hat - X) * np.divide(2, len(X) - 1)"),
    share=SLIP,
)
edited(
    "the sign is turned round and a factor of two is missing",
    "Both gradients point downhill, and are half as long as they should be.",
    ("2 * (X_hat - X)", "(X - X_hat)"),
    share=SLIP,
)
edited(
    "the way back through the decoder is missing",
    "The encoder's gradient has shape (d, d): between the error and the encoder there is the decoder, which gives one more factor.",
    (" @ W_dec.T", ""),
)
edited(
    "back through the encoder instead of the decoder",
    "The error reaches the encoder through the decoder's weights; here it was sent through the encoder's own.",
    ("W_dec.T", "W_enc"),
)
edited(
    "back through the decoder the wrong way round",
    "In the backward pass the decoder's weights must be transposed: see which sizes must meet.",
    ("W_dec.T", "W_dec"),
)
edited(
    "the data where the embeddings belong",
    "The decoder's gradient has shape (d, d): the decoder's input are the embeddings, not the data.",
    ("Z.T", "X.T"),
)
edited(
    "the embeddings of the reconstruction",
    "The decoder's gradient uses embeddings of X_hat. The decoder's input are the embeddings of X.",
    ("Z.T", "(X_hat @ W_enc).T"),
)
edited(
    "the reconstruction where the data belong",
    "The encoder's gradient uses X_hat where its input X belongs.",
    ("X.T", "X_hat.T"),
)
edited(
    "the data are not subtracted",
    "The gradients go by the size of the reconstruction, not by its error: even a perfect one would be changed.",
    ("(X_hat - X)", "X_hat"),
)
edited(
    "as if the two matrices were one",
    "The two gradients were added, as for an encoder and decoder that share their weights. Here each has its own.",
    ("return d_enc, d_dec", "return d_enc + d_dec.T, d_enc.T + d_dec"),
)
edited(
    "the signs of the errors only",
    "Every error counts the same, as with absolute values. With squares a large error pulls harder.",
    ("2 * (X_hat - X)", "np.sign(X_hat - X)"),
)
edited(
    "the squared errors where the errors belong",
    "The loss was not differentiated: its squares are still in the gradients.",
    ("(X_hat - X)", "(X_hat - X) ** 2"),
)
edited(
    "the gradients are clipped",
    "Entries beyond 1 were pushed back. That is a means against running away, not the gradient.",
    ("return d_enc, d_dec", "return np.clip(d_enc, -1, 1), np.clip(d_dec, -1, 1)"),
)
edited(
    "the gradients are scaled to length 1",
    "Each gradient was divided by its length, so that only its direction is left.",
    ("return d_enc, d_dec", "return d_enc / np.linalg.norm(d_enc), d_dec / np.linalg.norm(d_dec)"),
)
edited(
    "only the first sample",
    "The gradients of the first sample's error came back. The loss averages over all samples.",
    ("    Z = X", "    X = X[:1]\n    Z = X"),
)


@mistake(
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


edited(
    "the weights are changed in place",
    "The weights were moved already. This function says where the loss grows; the step is another exercise.",
    ("    return", "    W_enc -= 0.1 * d_enc\n    W_dec -= 0.1 * d_dec\n    return"),
)


@mistake(
    "X is overwritten",
    "The error was written back into X, which belongs to the caller and is needed once more. Make a new array.",
)
def gradients_data_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = X @ W_enc
    X -= Z @ W_dec
    error = -2 * X / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


edited(
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
    (
        "    Z = X",
        "    X, W_enc, W_dec = X.astype(np.float16), W_enc.astype(np.float16), W_dec.astype(np.float16)\n    Z = X",
    ),
)
edited(
    "the encoder on its side in place of the decoder",
    "W_dec has no influence: what comes back belongs to a decoder that is the transposed encoder. Here each has its own weights.",
    ("Z @ W_dec", "Z @ W_enc.T"),
    ("@ W_dec.T", "@ W_enc"),
)
edited(
    "only the encoder's gradient",
    "One gradient came back. Return the pair (dW_enc, dW_dec).",
    ("return d_enc, d_dec", "return d_enc"),
)
edited(
    "the embeddings where the data belong",
    "The encoder's gradient begins with the embeddings. In the forward pass the input of the encoder is X.",
    ("X.T", "Z.T"),
)
edited(
    "the error is forgotten on the way to the encoder",
    "The reconstruction itself runs back to the encoder. What runs back is its error, X_hat - X.",
    ("X.T @ error", "2 / len(X) * X.T @ X_hat"),
)
edited(
    "the embeddings run back instead of the error",
    "The encoder's gradient was made of X and Z alone. The error must come back through the decoder first.",
    ("X.T @ error @ W_dec.T", "2 / len(X) * X.T @ Z"),
)
edited(
    "the gradients of the root of the loss",
    "They were divided by the root of the loss, as if it had been taken. The loss is the squared error itself.",
    ("    d_enc", "    error = error / 2 / np.sqrt(np.sum((X_hat - X) ** 2) / len(X))\n    d_enc"),
)


@mistake("X is changed in place", "-= changed the caller's X. Make a new array: error = X_hat - X.")
def gradients_weights_in_place(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z, kept = X @ W_enc, X.copy()
    X -= Z @ W_dec
    return -2 * kept.T @ X @ W_dec.T / len(X), -2 * Z.T @ X / len(X)


edited(
    "the factor of two twice",
    "The square gives one factor of two. Here there are two of them, so that both gradients are twice too large.",
    ("2 * (", "4 * ("),
    share=SLIP,
)
edited(
    "the reconstruction where the error belongs",
    "The decoder's gradient was made of the reconstruction itself. What it needs is the error, X_hat - X.",
    ("Z.T @ error", "2 / len(X) * Z.T @ X_hat"),
)
edited(
    "the average is taken over n - 1",
    "The division is by one less than the number of samples, which is 0 for a single one. An average divides by their number.",
    ("2 * (X_hat - X) / len(X)", "2 / (len(X) - 1) * (X_hat - X)"),
)


@variant
def gradients_of_product(X: Any, W_enc: Any, W_dec: Any) -> Any:
    spread = X.T @ X / len(X)
    lacking = spread @ (W_enc @ W_dec - np.eye(X.shape[1]))
    return 2 * lacking @ W_dec.T, 2 * W_enc.T @ lacking


@variant
def gradients_per_sample(X: Any, W_enc: Any, W_dec: Any) -> Any:
    d_enc, d_dec = np.zeros_like(W_enc), np.zeros_like(W_dec)
    for x in X:
        z = x @ W_enc
        error = z @ W_dec - x
        d_dec += np.outer(z, 2 * error)
        d_enc += np.outer(x, W_dec @ (2 * error))
    return [d_enc / len(X), d_dec / len(X)]


@variant
def gradients_einsum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = np.einsum("nd,dk->nk", X, W_enc)
    error = 2 / len(X) * (np.einsum("nk,kd->nd", Z, W_dec) - X)
    return np.einsum("ni,nj,kj->ik", X, error, W_dec), np.einsum("nk,nd->kd", Z, error)


@variant
def gradients_by_differences(X: Any, W_enc: Any, W_dec: Any) -> Any:
    def loss() -> Any:
        return np.mean(np.sum((X @ weights[0] @ weights[1] - X) ** 2, axis=1))

    step = 1e-3
    weights = [W_enc.copy(), W_dec.copy()]
    gradients = [np.zeros_like(W_enc), np.zeros_like(W_dec)]
    for matrix, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(*matrix.shape):
            start = matrix[index]
            matrix[index] = start + step
            above = loss()
            matrix[index] = start - step
            gradient[index] = (above - loss()) / (2 * step)
            matrix[index] = start
    return tuple(gradients)


@variant
def gradients_lists(X: Any, W_enc: Any, W_dec: Any) -> Any:
    error = X - X @ W_enc @ W_dec
    return (-2 * (X.T @ error @ W_dec.T) / len(X)).tolist(), (-2 * ((X @ W_enc).T @ error) / len(X)).tolist()


@variant
def gradients_float32(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X, W_enc, W_dec = np.float32(X), np.float32(W_enc), np.float32(W_dec)
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ (error @ W_dec.T), Z.T @ error
