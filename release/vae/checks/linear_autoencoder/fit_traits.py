"""What betrays a wrong fit whose numbers depend on chance: each trait is a question about the weights and the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..betrayed import OTHER_CHANCE, ran_away, repeats_differ
from ..exercise import Answer, Call
from ..judges import close

Array = Any


@dataclass(frozen=True)
class Fit:
    """One answer of a fit, in good shape and finite; `bound` is the largest loss that is right, `right` whether it is."""

    call: Call
    weights: tuple[Array, Array]
    bound: float
    right: bool

    @property
    def X(self) -> Array:  # noqa: N802
        """The data."""
        return self.call.args[0]

    def cost(self, X_hat: Array) -> float:
        """Squared error of a reconstruction, averaged over the samples."""
        return float(np.sum((self.X - X_hat) ** 2) / len(self.X))

    @cached_property
    def loss(self) -> float:
        """The fit's own loss."""
        return self.cost(self.X @ self.weights[0] @ self.weights[1])

    @cached_property
    def total(self) -> float:
        """The loss of doing nothing."""
        return self.cost(np.zeros_like(self.X))

    @cached_property
    def with_best_decoder(self) -> float:
        """The loss of the same embeddings, decoded as well as can be."""
        with np.errstate(all="ignore"):
            Z = self.X @ self.weights[0]
        if not np.all(np.isfinite(Z)):
            return np.inf
        return self.cost(Z @ np.linalg.lstsq(Z, self.X, rcond=None)[0])

    @cached_property
    def with_best_encoder(self) -> float:
        """The loss of the same decoder, given the best embeddings there are for it."""
        W_dec = self.weights[1]
        return self.cost(self.X @ np.linalg.pinv(W_dec) @ W_dec)


Trait = Callable[[Sequence[Fit]], bool]


def every(trait: Callable[[Fit], bool], *, most_wrong: bool = False) -> Trait:
    """Whether all fits show a trait, and one (or half of them) is wrong: where few are, training may just have been short."""

    def shown(fits: Sequence[Fit]) -> bool:
        wrong = sum(not fit.right for fit in fits)
        return all(map(trait, fits)) and (2 * wrong >= len(fits) if most_wrong else wrong > 0)

    return shown


def untrained(fits: Sequence[Fit]) -> bool:
    """Whether the fits are, but for chance in small ones, no better than doing nothing."""
    return bool(np.mean([fit.loss >= 0.9 * fit.total for fit in fits]) >= 0.7)


def projects(fit: Fit) -> bool:
    """Tied weights with orthonormal directions: an orthogonal projection."""
    W_enc, W_dec = fit.weights
    return close(W_enc, W_dec.T) and close(W_dec @ W_enc, np.eye(W_dec.shape[0]), atol=1e-4)


def decoder_fails(fit: Fit) -> bool:
    """The embeddings are as good as can be: another decoder would make the fit right."""
    return fit.with_best_decoder <= fit.bound


def encoder_fails(fit: Fit) -> bool:
    """The decoder is as good as can be: another encoder would make the fit right."""
    return fit.with_best_encoder <= fit.bound


def both_fail(fit: Fit) -> bool:
    """Encoder and decoder hold the right directions, but do not belong together."""
    return decoder_fails(fit) and encoder_fails(fit)


def only_decoder_trained(fits: Sequence[Fit]) -> bool:
    """Whether no other decoder would do better with these embeddings, but another encoder would."""
    return _one_trained(fits, lambda fit: (fit.with_best_decoder, fit.with_best_encoder))


def only_encoder_trained(fits: Sequence[Fit]) -> bool:
    """Whether no other encoder would do better with this decoder, but another decoder would."""
    return _one_trained(fits, lambda fit: (fit.with_best_encoder, fit.with_best_decoder))


def _one_trained(fits: Sequence[Fit], best: Callable[[Fit], tuple[float, float]]) -> bool:
    wrong = [fit for fit in fits if not fit.right]
    left = sum((fit.loss - best(fit)[0]) / fit.total for fit in wrong)
    other = sum((fit.loss - best(fit)[1]) / fit.total for fit in wrong)
    return left <= 0.15 * other and other > 0.02 * len(wrong)


def unfinished(fits: Sequence[Fit]) -> bool:
    """Whether all fits do something, but wrong ones would still gain by moving either matrix alone."""
    if not all(fit.loss <= 1.001 * fit.total for fit in fits):
        return False
    wrong = [fit for fit in fits if not fit.right]
    return bool(wrong) and all(
        fit.loss - max(fit.with_best_decoder, fit.with_best_encoder) > 1e-7 * fit.total for fit in wrong
    )


def _shapes(call: Call) -> list[tuple[int, int]]:
    d, k = call.args[0].shape[1], call.args[1]
    return [(d, k), (k, d)]


runs_away = ran_away(_shapes)

_BOTH = "the right directions do not undo each other"
NAMES: tuple[tuple[str, Trait], ...] = (
    (_BOTH, every(both_fail, most_wrong=True)),
    ("the decoder does not belong to the encoder", every(decoder_fails, most_wrong=True)),
    ("the encoder does not belong to the decoder", every(encoder_fails, most_wrong=True)),
    ("a projection on other directions", every(projects)),
    ("the encoder is at fault", only_decoder_trained),
    ("the decoder is at fault", only_encoder_trained),
    ("nothing is gained", untrained),
    ("the training stops short of the best fit", unfinished),
)
"""The mistakes that traits of all fits show, in the order in which they are asked."""

# Of three dimensions so many are kept here that almost any encoder does, and almost any decoder.
_OF_LARGER_DATA = ("the decoder does not belong to the encoder", "the encoder does not belong to the decoder")


def betrayal(fit_of: Callable[[Call, Any], Fit | None]) -> Any:
    """What names a fit by its traits; `fit_of` gives a Fit where it knows whether it is right, else None."""

    def betrays(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
        if any(answer.outcome != "returned" or answer.changed for answer in answers):
            return ""
        if runs_away(calls, answers):
            return "the training runs away"
        if any(
            [np.shape(part) for part in answer.value] != _shapes(call)
            for call, answer in zip(calls, answers, strict=True)
        ):
            return ""
        known = {id(call): fit_of(call, answer.value) for call, answer in zip(calls, answers, strict=True)}
        fits = [fit for fit in known.values() if fit]
        if all(fit.right for fit in fits):
            return OTHER_CHANCE if repeats_differ(calls, answers) else ""
        # Right on some data and worse than nothing on others: there the steps were too large.
        if any(fit.right for fit in fits) and any(fit.loss > fit.total for fit in fits):
            return "the training runs away"
        shown = [name for name, trait in NAMES if name not in _OF_LARGER_DATA and trait(fits)]
        # Where easy data are fitted well, training only was too short for the others.
        return next((name for name in shown if name != _BOTH or not any(fit.right for fit in fits)), "")

    return betrays
