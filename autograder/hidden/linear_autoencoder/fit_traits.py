"""What betrays a wrong fit whose numbers depend on chance: each trait is a question about the weights and the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.linear_autoencoder.fit import misfit
from ...checks.memo import latest
from ...checks.problem import Answer, Call
from .fit_judging import bound, fault_of

Tell = Callable[[Sequence[Call], Sequence[Answer]], bool]


@dataclass(frozen=True)
class Fit:
    """One answer of a fit, in good shape and finite."""

    call: Call
    weights: tuple[Any, Any]

    @property
    def X(self) -> Any:  # noqa: N802
        """The data."""
        return self.call.args[0]

    def cost(self, X_hat: Any) -> float:
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
    def bound(self) -> float:
        """The largest loss that is right."""
        return bound(self.X, self.call.args[1])

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

    @cached_property
    def right(self) -> bool:
        """Whether the contract is met."""
        return fault_of(self.call, self.weights) is None


@latest
def fits(calls: Sequence[Call], answers: Sequence[Answer]) -> list[Fit] | None:
    """All answers as fits; None when one of them is out of shape or not finite."""
    if any(misfit(call, answer.value) for call, answer in zip(calls, answers, strict=True)):
        return None
    return [Fit(call, answer.value) for call, answer in zip(calls, answers, strict=True)]


def every(trait: Callable[[Fit], bool], *, most_wrong: bool = False) -> Tell:
    """Whether all fits show a trait, and one (or half of them) is wrong: where few are, training may just have been short."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        found = fits(calls, answers)
        if found is None or not all(map(trait, found)):
            return False
        wrong = sum(not fit.right for fit in found)
        return 2 * wrong >= len(found) if most_wrong else wrong > 0

    return tell


def runs_away(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether some numbers are not finite, the shapes being right."""
    shaped = all(
        [part.shape for part in answer.value]
        == [(call.args[0].shape[1], call.args[1]), (call.args[1], call.args[0].shape[1])]
        for call, answer in zip(calls, answers, strict=True)
    )
    return shaped and not all(np.all(np.isfinite(part)) for answer in answers for part in answer.value)


def other_chance(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether every fit is right, but the same question got two answers."""
    found = fits(calls, answers)
    if found is None or not all(fit.right for fit in found):
        return False
    pairs = [
        (one, other)
        for position, one in enumerate(found)
        for other in found[:position]
        if one.call.args[1] == other.call.args[1]
        and one.call.args[2].seed == other.call.args[2].seed
        and one.call.args[2].handle == other.call.args[2].handle + "again"
    ]
    return any(not close(one.weights, other.weights) for one, other in pairs)


def untrained(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the fits are, but for chance in small ones, no better than doing nothing."""
    found = fits(calls, answers)
    if found is None:
        return False
    useless = [fit.loss >= 0.9 * fit.total for fit in found]
    return bool(np.mean(useless) >= 0.7)


def projects(fit: Fit) -> bool:
    """Tied weights with orthonormal directions: an orthogonal projection."""
    W_enc, W_dec = fit.weights
    return close(W_enc, W_dec.T) and close(W_dec @ W_enc, np.eye(W_dec.shape[0]), atol=1e-4)


def rows_of_eigenvectors(fit: Fit) -> bool:
    """A projection on rows of the matrix whose columns are the eigenvectors, up to their signs and order."""
    if not projects(fit):
        return False
    k = fit.call.args[1]
    ascending = np.linalg.eigh(fit.X.T @ fit.X)[1]
    ours = np.abs(fit.weights[1])
    candidates = (columns[part] for columns in (ascending, ascending[:, ::-1]) for part in (slice(k), slice(-k, None)))
    ordered = (rows for candidate in candidates for rows in (candidate, candidate[::-1]))
    return any(close(ours, np.abs(rows), atol=1e-4) for rows in ordered)


def decoder_fails(fit: Fit) -> bool:
    """The embeddings are as good as can be: another decoder would make the fit right."""
    return fit.with_best_decoder <= fit.bound


def encoder_fails(fit: Fit) -> bool:
    """The decoder is as good as can be: another encoder would make the fit right."""
    return fit.with_best_encoder <= fit.bound


def both_fail(fit: Fit) -> bool:
    """Encoder and decoder hold the right directions, but do not belong together."""
    return decoder_fails(fit) and encoder_fails(fit)


def only_decoder_trained(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether no other decoder would do better with these embeddings, but another encoder would."""
    return _one_trained(calls, answers, lambda fit: (fit.with_best_decoder, fit.with_best_encoder))


def only_encoder_trained(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether no other encoder would do better with this decoder, but another decoder would."""
    return _one_trained(calls, answers, lambda fit: (fit.with_best_encoder, fit.with_best_decoder))


def _one_trained(calls: Sequence[Call], answers: Sequence[Answer], best: Callable[[Fit], tuple[float, float]]) -> bool:
    found = fits(calls, answers)
    wrong = [fit for fit in found or () if not fit.right]
    left = sum((fit.loss - best(fit)[0]) / fit.total for fit in wrong)
    other = sum((fit.loss - best(fit)[1]) / fit.total for fit in wrong)
    return left <= 0.15 * other and other > 0.02 * len(wrong)


def unfinished(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all fits do something, but wrong ones would still gain by moving either matrix alone."""
    found = fits(calls, answers)
    if found is None or not all(fit.loss <= 1.001 * fit.total for fit in found):
        return False
    wrong = [fit for fit in found if not fit.right]
    return bool(wrong) and all(
        fit.loss - max(fit.with_best_decoder, fit.with_best_encoder) > 1e-7 * fit.total for fit in wrong
    )
