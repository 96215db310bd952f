"""Hidden checks of `train_step`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.exercise import Answer, Call, Check
from ...checks.judges import close
from ...checks.linear_autoencoder.loss_gradients import ONE_OF_EACH
from ...checks.linear_autoencoder.shared import SQUARE_PROBLEM, TWO_SAMPLES
from ...checks.linear_autoencoder.train_step import STEPS
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..served import Served
from ..values import values, with_large
from .shared import SHAPES, SLIP, WIDE, gradients

_RATES = st.tuples(SHAPES, st.sampled_from([0.001, 0.02, 0.25])).map(lambda drawn: (*drawn[0], drawn[1]))


def _step(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    d_enc, d_dec = gradients(X, W_enc, W_dec)
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


CHECKS: tuple[Check, ...] = (
    values(
        "encoder",
        "W_enc is right after the step, within 1e-5 relative.",
        oracles.train_step,
        points=1,
        part=0,
        first=[(*ONE_OF_EACH, 0.1), (*TWO_SAMPLES, 0.1)],
        examples=STEPS,
    ),
    values(
        "decoder",
        "W_dec is right after the step, within 1e-5 relative.",
        oracles.train_step,
        points=1,
        part=1,
        first=[(*ONE_OF_EACH, 0.1), (*TWO_SAMPLES, 0.1)],
        examples=STEPS,
    ),
    values(
        "other shapes and rates",
        "Both are right for other shapes, and for learning rates from 0.001 to 1.",
        oracles.train_step,
        points=0.75,
        first=[(*WIDE, 0.5), (*SQUARE_PROBLEM, 1.0)],
        examples=_RATES,
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.train_step,
    lambda draw: (draw.uniform(-2, 2, (130, 14)), draw.uniform(-1, 1, (14, 11)), draw.uniform(-1, 1, (11, 14)), 0.003),
    points=0.25,
)

BUILDS_ON = ("loss_gradients",)
SERVED = Served(_step, ("n d", "d k", "k d", ""))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("train_step")


@variant
def step_by_gradients(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    def gradients(W_enc: Any, W_dec: Any) -> Any:
        Z = X @ W_enc
        error = 2 * (Z @ W_dec - X) / len(X)
        return X.T @ error @ W_dec.T, Z.T @ error

    d_enc, d_dec = gradients(W_enc, W_dec)
    new_enc = W_enc - learning_rate * d_enc
    new_dec = W_dec - learning_rate * d_dec
    return new_enc, new_dec


edited = CATALOGUE.edits("train_step", step_by_gradients)


def _fixed_rate(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether every step goes along the gradients, and as far as one rate takes it, whatever rate was asked for."""
    rates = []
    for call, answer in zip(calls, answers, strict=True):
        X, W_enc, W_dec = call.args[:3]
        gradients = oracles.loss_gradients(X, W_enc, W_dec)
        size = sum(float(np.sum(part**2)) for part in gradients)
        moves = [before - after for before, after in zip((W_enc, W_dec), answer.value, strict=True)]
        if size > 1e-3:
            rates.append(sum(float(np.sum(a * b)) for a, b in zip(moves, gradients, strict=True)) / size)
        if rates and not close(tuple(answer.value), _moved(W_enc, W_dec, gradients, rates[0]), 1e-4, 1e-4):
            return False
    return len(rates) > 1 and rates[0] > 1e-6


def _moved(W_enc: Any, W_dec: Any, gradients: Any, rate: float) -> Any:
    return W_enc - rate * gradients[0], W_dec - rate * gradients[1]


edited(
    "uphill instead of downhill",
    "The weights moved along the gradient, so that the loss grows. Descent goes against it.",
    ("W_enc - l", "W_enc + l"),
    ("W_dec - l", "W_dec + l"),
    share=SLIP,
)
edited(
    "only half of the samples are used",
    "The step follows the gradients of the first half of the rows. The loss averages over all samples that are given.",
    ("    d_enc,", "    X = X[: max(1, len(X) // 2)]\n    d_enc,"),
)
edited(
    "the learning rate has no effect",
    "The whole gradient was subtracted, whatever the learning rate.",
    ("learning_rate * d_enc", "d_enc"),
    ("learning_rate * d_dec", "d_dec"),
)
edited(
    "the learning rate counts twice",
    "The step shrinks with the square of the learning rate: it was multiplied in two places.",
    ("error = 2 *", "error = 2 * learning_rate *"),
)
edited(
    "divided by the learning rate",
    "A smaller learning rate makes a larger step here. It is a factor of the gradient.",
    ("learning_rate * d_enc", "(d_enc / learning_rate if learning_rate else 0.0)"),
    ("learning_rate * d_dec", "(d_dec / learning_rate if learning_rate else 0.0)"),
)
edited(
    "the gradients came back",
    "The gradients were returned. The weights after the step are required.",
    ("return new_enc, new_dec", "return d_enc, d_dec"),
)
edited(
    "the steps came back",
    "What to add to the weights was returned. The weights after the step are required.",
    ("return new_enc, new_dec", "return -learning_rate * d_enc, -learning_rate * d_dec"),
    share=SLIP,
)
edited(
    "the two matrices are swapped",
    "The encoder's weights come first, then the decoder's.",
    ("return new_enc, new_dec", "return new_dec, new_enc"),
    share=SLIP,
)


edited(
    "the encoder's gradient at the updated decoder",
    "The decoder was updated first, and the encoder's gradient was taken there. Both belong to the weights that came in.",
    ("    new_enc", "    d_enc = gradients(W_enc, W_dec - learning_rate * d_dec)[0]\n    new_enc"),
    share=SLIP,
)


edited(
    "the decoder's gradient at the updated encoder",
    "The encoder was updated first, and the decoder's gradient was taken there. Both belong to the weights that came in.",
    ("    new_dec", "    d_dec = gradients(new_enc, W_dec)[1]\n    new_dec"),
    share=SLIP,
)


edited(
    "in place, and one after the other",
    "-= changed the caller's encoder, and the decoder's gradient already saw the change. Take both gradients, then make new arrays.",
    ("new_enc = W_enc - l", "W_enc -= l"),
    ("    new_dec = W_dec - l", "    d_dec = gradients(W_enc, W_dec)[1]\n    W_dec -= l"),
    ("return new_enc, new_dec", "return W_enc, W_dec"),
)


edited(
    "the weights are changed in place",
    "-= changed the caller's weights. Make new arrays.",
    ("new_enc = W_enc - l", "W_enc -= l"),
    ("new_dec = W_dec - l", "W_dec -= l"),
    ("return new_enc, new_dec", "return W_enc, W_dec"),
)
edited(
    "only the encoder moves",
    "The decoder stayed as it was. Both matrices take a step.",
    ("return new_enc, new_dec", "return new_enc, W_dec"),
)
edited(
    "only the decoder moves",
    "The encoder stayed as it was. Both matrices take a step.",
    ("return new_enc, new_dec", "return W_enc, new_dec"),
)


edited(
    "two steps instead of one",
    "The weights went on for a second step. One is required.",
    (
        "return new_enc, new_dec",
        "d_enc, d_dec = gradients(new_enc, new_dec)\n    return new_enc - learning_rate * d_enc, new_dec - learning_rate * d_dec",
    ),
)


edited(
    "averaged once more",
    "The step was divided by the number of samples, although the gradient is an average already.",
    ("/ len(X)", "/ len(X) ** 2"),
    share=SLIP,
)
edited(
    "each weight shrinks by a part of itself",
    "The weights were multiplied instead of moved: a weight of 0 would stay 0 for ever.",
    ("W_enc - learning_rate * d_enc", "W_enc * (1 - learning_rate * d_enc)"),
    ("W_dec - learning_rate * d_dec", "W_dec * (1 - learning_rate * d_dec)"),
)
edited(
    "the weights fade as well",
    "Besides the step the weights were multiplied by 1 minus the learning rate, as with weight decay. Only the step is required.",
    ("W_enc - l", "(1 - learning_rate) * W_enc - l"),
    ("W_dec - l", "(1 - learning_rate) * W_dec - l"),
)
edited(
    "steps of the same length everywhere",
    "The gradient was divided by its length, so that only its direction is left. A steep slope makes a long step.",
    ("    new_enc", "    d_enc, d_dec = d_enc / np.linalg.norm(d_enc), d_dec / np.linalg.norm(d_dec)\n    new_enc"),
)
edited(
    "the gradients are clipped",
    "Entries of the gradient beyond 1 were pushed back, so that large steps are cut short.",
    ("    new_enc", "    d_enc, d_dec = np.clip(d_enc, -1, 1), np.clip(d_dec, -1, 1)\n    new_enc"),
)
edited(
    "the weights are transposed",
    "The matrices are transposed. They keep their shapes.",
    ("return new_enc, new_dec", "return new_enc.T, new_dec.T"),
    share=SLIP,
)
edited(
    "half a step: the gradients lack a factor of two",
    "The step is half as long as it should be. Look at `loss_gradients`: a square leaves a factor.",
    ("error = 2 * ", "error = "),
    share=SLIP,
)
edited(
    "the gradients are not averaged over the samples",
    "The step grows with the number of samples. Look at `loss_gradients`: the loss is an average.",
    (" / len(X)", ""),
    share=SLIP,
)
edited(
    "the gradients are averaged over the dimensions as well",
    "The step is too short by the number of dimensions. Look at `loss_gradients`: the loss sums over them.",
    ("/ len(X)", "/ X.size"),
    share=SLIP,
)
edited(
    "the gradients lack both the factor of two and the average",
    "Look at `loss_gradients`: a square leaves a factor, and the loss is an average over the samples.",
    ("error = 2 * ", "error = "),
    (" / len(X)", ""),
    share=SLIP,
)
edited(
    "the gradient goes back through the encoder",
    "The encoder's step is wrong. Look at `loss_gradients`: the error reaches the encoder through the decoder's weights.",
    ("error @ W_dec.T", "error @ W_enc"),
)
edited(
    "the gradients do not subtract the data",
    "Even a perfect reconstruction is changed. Look at `loss_gradients`: they go by the error.",
    ("(Z @ W_dec - X)", "(Z @ W_dec)"),
)
edited(
    "the two gradients are unpacked the wrong way round",
    "`loss_gradients` returns the encoder's gradient first. Here the encoder was moved by the decoder's.",
    ("d_enc, d_dec = ", "d_dec, d_enc = "),
)
edited(
    "the encoder moves uphill",
    "The encoder's step has the wrong sign, the decoder's the right one.",
    ("W_enc - l", "W_enc + l"),
)
edited(
    "half a step of the encoder",
    "The encoder's step is half as long as it should be. Look at `loss_gradients`: a square leaves a factor.",
    ("W_enc - learning_rate * d_enc", "W_enc - learning_rate * d_enc / 2"),
)
edited(
    "half a step of the decoder",
    "The decoder's step is half as long as it should be. Look at `loss_gradients`: a square leaves a factor.",
    ("W_dec - learning_rate * d_dec", "W_dec - learning_rate * d_dec / 2"),
)
edited(
    "the decoder moves uphill",
    "The decoder's step has the wrong sign, the encoder's the right one.",
    ("W_dec - l", "W_dec + l"),
)
edited(
    "only the signs of the gradients",
    "Every weight moved equally far. How far it moves is the learning rate times its gradient.",
    ("learning_rate * d_enc", "learning_rate * np.sign(d_enc)"),
    ("learning_rate * d_dec", "learning_rate * np.sign(d_dec)"),
)


edited(
    "a learning rate of its own",
    "The step is equally long whatever the learning rate: a fixed one was written in. Use the argument.",
    ("W_enc - learning_rate", "W_enc - 0.01"),
    ("W_dec - learning_rate", "W_dec - 0.01"),
    also=[[("W_enc - learning_rate", "W_enc - 0.1"), ("W_dec - learning_rate", "W_dec - 0.1")]],
)


@mistake(
    "a learning rate of its own",
    "The step is equally long whatever the learning rate: a fixed one was written in. Use the argument.",
    tell=_fixed_rate,
)
def step_fixed_rate(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc - 0.01 * X.T @ error @ W_dec.T, W_dec - 0.01 * Z.T @ error


edited(
    "what is to be subtracted came back",
    "Learning rate times gradients was handed back. It has to be taken from the weights, and these are required.",
    ("return new_enc, new_dec", "return learning_rate * d_enc, learning_rate * d_dec"),
)
edited(
    "the loss comes back as well",
    "Three things came back. Return the two new matrices alone.",
    ("return new_enc, new_dec", "return new_enc, new_dec, np.sum((X @ W_enc @ W_dec - X) ** 2) / len(X)"),
    share=SLIP,
)


edited(
    "only the encoder comes back",
    "One matrix came back. Return the pair (W_enc, W_dec).",
    ("return new_enc, new_dec", "return new_enc"),
)


edited(
    "the gradients are exchanged",
    "The encoder moved along the decoder's gradient, and the other way round.",
    ("rate * d_enc", "rate * d_dec.T"),
    ("W_dec - learning_rate * d_dec", "W_dec - learning_rate * d_enc.T"),
)


edited(
    "the learning rate stands at the weights",
    "The weights were multiplied by the learning rate, the gradients were not. It is the other way round.",
    ("W_enc - learning_rate * d_enc", "learning_rate * W_enc - d_enc"),
    ("W_dec - learning_rate * d_dec", "learning_rate * W_dec - d_dec"),
)


edited(
    "new embeddings with the old error",
    "For the decoder's gradient the embeddings were computed again with the updated encoder. All of it belongs to the old weights.",
    ("    new_dec", "    d_dec = (X @ new_enc).T @ (2 * (X @ W_enc @ W_dec - X) / len(X))\n    new_dec"),
)


edited(
    "the encoder learns from the new decoder",
    "W_dec was changed before the step of the encoder was worked out. Both steps belong to the old weights: take both gradients first.",
    (
        "    new_enc",
        "    error = 2 * (X @ W_enc @ W_dec - X) / len(X)\n    d_enc = X.T @ error @ (W_dec - learning_rate * d_dec).T\n    new_enc",
    ),
)


edited(
    "the encoder is changed in place",
    "Another name for an array is no copy: -= changed the caller's encoder. Make a new array.",
    ("new_enc = W_enc - l", "W_enc -= l"),
    ("return new_enc, new_dec", "return W_enc, new_dec"),
)


@variant
def step_of_product(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    lacking = 2 * X.T @ (X @ (W_enc @ W_dec) - X) / len(X)
    return W_enc - learning_rate * (lacking @ W_dec.T), W_dec - learning_rate * (W_enc.T @ lacking)


@variant
def step_in_place_of_copies(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    new_enc, new_dec = W_enc.copy(), W_dec.copy()
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    new_enc -= learning_rate * X.T @ error @ W_dec.T
    new_dec -= learning_rate * Z.T @ error
    return new_enc, new_dec


@variant
def step_per_sample(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    new_enc, new_dec = np.array(W_enc), np.array(W_dec)
    for x in X:
        z = W_enc.T @ x
        error = W_dec.T @ z - x
        new_dec = new_dec - learning_rate * 2 / len(X) * np.outer(z, error)
        new_enc = new_enc - learning_rate * 2 / len(X) * np.outer(x, W_dec @ error)
    return [new_enc, new_dec]


@variant
def step_lists(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    downhill = 2 * learning_rate / len(X) * (X - Z @ W_dec)
    return (W_enc + X.T @ downhill @ W_dec.T).tolist(), (W_dec + Z.T @ downhill).tolist()


@variant
def step_float32(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return np.float32(W_enc - X.T @ error @ W_dec.T), np.float32(W_dec - Z.T @ error)


@variant
def step_by_class(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    class Model:
        def __init__(self) -> None:
            self.weights = {"enc": W_enc, "dec": W_dec}

        def gradients(self) -> dict[str, Any]:
            Z = X @ self.weights["enc"]
            error = 2 * (Z @ self.weights["dec"] - X) / len(X)
            return {"enc": X.T @ error @ self.weights["dec"].T, "dec": Z.T @ error}

        def step(self) -> None:
            found = self.gradients()
            self.weights = {name: self.weights[name] - learning_rate * found[name] for name in found}

    model = Model()
    model.step()
    return model.weights["enc"], model.weights["dec"]
