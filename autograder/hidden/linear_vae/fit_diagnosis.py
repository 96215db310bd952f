"""Recognise what went wrong in a fit by what its parts would gain alone: each trait is a question about the three of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call
from ...checks.identity_cache import latest
from ...checks.judges import close
from ...checks.linear_vae.fit_linear_vae import far_codes, misfit, nearly_a_point
from ..mistakes.catalogue import Tell
from . import oracles
from .fit_judging import Goal, beta_of, fault_of, goal


@dataclass(frozen=True)
class Fit:
    """One answer of a fit, in good shape and finite."""

    call: Call
    weights: Any

    @property
    def X(self) -> Any:  # noqa: N802
        """The data."""
        return self.call.args[0]

    @property
    def goal(self) -> Goal:
        """What a right fit reaches."""
        return goal(self.call)

    @cached_property
    def floor(self) -> float:
        """Half of beta: the decoder's variance."""
        return beta_of(self.call) / 2

    def cost(self, W_enc: Any, log_var: Any, W_dec: Any) -> float:
        """The averaged loss with these parts."""
        with np.errstate(all="ignore"):
            return oracles.expected_vae_loss(self.X, W_enc, log_var, W_dec, 2 * self.floor)

    @cached_property
    def loss(self) -> float:
        """The fit's own loss."""
        return self.cost(*self.weights)

    @cached_property
    def with_best_encoder(self) -> float:
        """The loss with the same decoder and the means that suit it best."""
        _, log_var, W_dec = self.weights
        W_enc = W_dec.T @ np.linalg.pinv(W_dec @ W_dec.T + self.floor * np.eye(len(W_dec)))
        return self.cost(W_enc, log_var, W_dec)

    @cached_property
    def with_best_decoder(self) -> float:
        """The loss with the same posteriors and the decoder that suits them best."""
        W_enc, log_var, _ = self.weights
        spread = self.X.T @ self.X / len(self.X)
        noisy = W_enc.T @ spread @ W_enc + np.diag(np.exp(log_var))
        return self.cost(W_enc, log_var, np.linalg.pinv(noisy) @ W_enc.T @ spread)

    @cached_property
    def with_best_widths(self) -> float:
        """The loss with the same means and decoder, and the widths that suit them best."""
        W_enc, _, W_dec = self.weights
        widths = self.floor / (self.floor + np.sum(W_dec**2, axis=1))
        return self.cost(W_enc, np.log(widths), W_dec)

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


def every(trait: Callable[[Fit], bool], part: float = 1.0) -> Tell:
    """Whether so large a part of the wrong fits shows a trait, and at least a third of all fits is wrong."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        found = fits(calls, answers)
        wrong = [fit for fit in found or () if not fit.right]
        return 3 * len(wrong) >= len(found or ()) > 0 and sum(map(trait, wrong)) >= part * len(wrong)

    return tell


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


def other_default(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether fits are right where beta is given, and wrong where it is not."""
    found = fits(calls, answers)
    if found is None:
        return False
    given = [len(fit.call.args) > 3 or "beta" in fit.call.kwargs for fit in found]
    return any(not fit.right for fit in found) and all(
        fit.right == said for fit, said in zip(found, given, strict=True)
    )


def one_width(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all posteriors of all fits have one and the same width, and some of them should not."""
    found = fits(calls, answers)
    if found is None or all(fit.right for fit in found):
        return False
    widths = np.concatenate([fit.weights[1] for fit in found])
    return bool(np.ptp(widths) <= 1e-3)


def untrained(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether wherever something is to be gained less than a fifth of it was."""
    found = fits(calls, answers)
    worth = [fit for fit in found or () if fit.goal.best < 0.9 * fit.goal.total]
    return bool(worth) and all(fit.goal.total - fit.loss < 0.2 * (fit.goal.total - fit.goal.best) for fit in worth)


def a_point(fit: Fit) -> bool:
    """The posterior is far narrower than the best one."""
    return nearly_a_point(fit.weights, fit.goal.variances[0])


def only_widths_fail(fit: Fit) -> bool:
    """With other widths the fit would be right, as far as the loss goes."""
    return fit.with_best_widths <= fit.goal.bound


def codes_too_far(fit: Fit) -> bool:
    """The codes spread far beyond the prior, and are decoded well."""
    return far_codes(fit.X, fit.weights)


def _stayed(fit: Fit, own: float, *others: float) -> bool:
    """Replacing one part would gain most of what is missing, replacing another would gain next to nothing."""
    missing = fit.loss - fit.goal.best
    return fit.loss - own >= 0.25 * missing and all(fit.loss - other <= 0.1 * missing for other in others)


def encoder_stayed(fit: Fit) -> bool:
    """The decoder suits the posteriors, the encoder suits nothing."""
    return _stayed(fit, fit.with_best_encoder, fit.with_best_decoder)


def decoder_stayed(fit: Fit) -> bool:
    """The encoder suits the decoder, the decoder suits nothing."""
    return _stayed(fit, fit.with_best_decoder, fit.with_best_encoder)


def unfinished(fit: Fit) -> bool:
    """The fit gained something, and is still above what is right, or its widths are."""
    return fit.loss < fit.goal.total * 1.001


def divided_by_one_less(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all posteriors are those of variances that were divided by n - 1, and some are wrong by that."""
    found = fits(calls, answers)
    if found is None or all(fit.right for fit in found):
        return False

    def fitting(fit: Fit) -> bool:
        n = len(fit.X)
        wider = np.maximum(oracles.eigenvalues(fit.X)[: fit.call.args[1]] * n / (n - 1) / fit.floor, 1.0)
        return close(np.sort(fit.weights[1]), -np.log(wider), 1e-2, 1e-2)

    return all(map(fitting, found))
