"""The catalogue of 02_linear_autoencoder, and which mistakes reach on into exercises that build on the mistaken one."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue, Function
from . import (
    mistakes_decode,
    mistakes_encode,
    mistakes_factors,
    mistakes_fit,
    mistakes_found,
    mistakes_gradients,
    mistakes_loss,
    mistakes_moves,
    mistakes_pca,
    mistakes_step,
    mistakes_training,
    variants,
    variants_fit,
)

# Within an exercise the order matters: the first mistake whose answers fit gives its name, so the most telling come first.
_MISTAKES = (
    mistakes_encode,
    mistakes_decode,
    mistakes_loss,
    mistakes_factors,
    mistakes_gradients,
    mistakes_step,
    mistakes_fit,
    mistakes_training,
    mistakes_pca,
    mistakes_found,
    mistakes_moves,
)
CATALOGUE = Catalogue(
    [mistake for module in _MISTAKES for mistake in module.CATALOGUE.mistakes],
    {**variants.CATALOGUE.variants, **variants_fit.CATALOGUE.variants},
)


def _product(left: Any, right: Any) -> Any:
    return left @ right


def _gradients_with(encode: Function = _product, decode: Function = _product) -> Function:
    """Gradients as a right solution finds them that calls a given encoder and decoder."""

    def loss_gradients(X: Any, W_enc: Any, W_dec: Any) -> Any:
        Z = encode(X, W_enc)
        error = 2 * (decode(Z, W_dec) - X) / len(X)
        return X.T @ (error @ W_dec.T), Z.T @ error

    return loss_gradients


def _step_with(gradients: Function) -> Function:
    """A step as a right solution takes it that calls given gradients."""

    def train_step(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
        d_enc, d_dec = gradients(X, W_enc, W_dec)
        return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec

    return train_step


def _gradients_encoding(encode: Function) -> Function:
    return _gradients_with(encode=encode)


def _gradients_decoding(decode: Function) -> Function:
    return _gradients_with(decode=decode)


def _step_encoding(encode: Function) -> Function:
    return _step_with(_gradients_with(encode=encode))


def _step_decoding(decode: Function) -> Function:
    return _step_with(_gradients_with(decode=decode))


FOLLOWS = {
    "loss_gradients": {"encode": _gradients_encoding, "decode": _gradients_decoding},
    "train_step": {"loss_gradients": _step_with, "encode": _step_encoding, "decode": _step_decoding},
}
