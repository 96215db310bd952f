"""More mistakes in training: what a step returns, which rate it takes, and what comes back from a fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


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


@mistake(
    "train_step",
    "a learning rate of its own",
    "The step is equally long whatever the learning rate: a fixed one was written in. Use the argument.",
    tell=_fixed_rate,
)
def step_fixed_rate(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return W_enc - 0.01 * X.T @ error @ W_dec.T, W_dec - 0.01 * Z.T @ error


@mistake(
    "train_step",
    "what is to be subtracted came back",
    "Learning rate times gradients was handed back. It has to be taken from the weights, and these are asked for.",
)
def step_to_subtract(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return X.T @ error @ W_dec.T, Z.T @ error


@mistake(
    "train_step",
    "the loss comes back as well",
    "Three things came back. Return the two new matrices alone.",
    share=SLIP,
)
def step_with_loss(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = Z @ W_dec - X
    back = 2 * learning_rate * error / len(X)
    return W_enc - X.T @ back @ W_dec.T, W_dec - Z.T @ back, np.sum(error**2) / len(X)


@mistake("train_step", "only the encoder comes back", "One matrix came back. Return the pair (W_enc, W_dec).")
def step_encoder_alone(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    return W_enc - 2 * learning_rate * X.T @ (X @ W_enc @ W_dec - X) @ W_dec.T / len(X)


@mistake(
    "train_step",
    "the gradients are exchanged",
    "The encoder moved along the decoder's gradient, and the other way round.",
)
def step_crossed(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return W_enc - (Z.T @ error).T, W_dec - (X.T @ error @ W_dec.T).T


@mistake(
    "train_step",
    "the learning rate stands at the weights",
    "The weights were multiplied by the learning rate, the gradients were not. It is the other way round.",
)
def step_rate_at_weights(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return learning_rate * W_enc - X.T @ error @ W_dec.T, learning_rate * W_dec - Z.T @ error


@mistake(
    "train_step",
    "new embeddings with the old error",
    "For the decoder's gradient the embeddings were made anew with the updated encoder. All of it belongs to the old weights.",
)
def step_new_embeddings(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    error = 2 * learning_rate * (X @ W_enc @ W_dec - X) / len(X)
    W_new = W_enc - X.T @ error @ W_dec.T
    return W_new, W_dec - (X @ W_new).T @ error


@mistake(
    "train_step",
    "the encoder is changed in place",
    "Another name for an array is no copy: -= changed the caller's encoder. Make a new array.",
)
def step_encoder_in_place(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    new_dec = W_dec - Z.T @ error
    W_enc -= X.T @ error @ W_dec.T
    return W_enc, new_dec


@mistake(
    "fit_linear_autoencoder",
    "embeddings and reconstruction instead of weights",
    "Two things of n rows came back, the embeddings and the reconstruction. The weights that make them are asked for.",
)
def fit_results(X: Any, k: Any, rng: Any) -> Any:
    V = np.linalg.svd(X)[2][:k]
    return X @ V.T, X @ V.T @ V
