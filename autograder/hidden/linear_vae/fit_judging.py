"""When a fit is right: its averaged loss, the widths of its posteriors, and the space of its active rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call, Fault
from ...checks.identity_cache import by_identity, of_bank
from ...checks.linear_vae import fit_linear_vae as public
from ...checks.linear_vae.fit_linear_vae import FINITE, WIDTH, misfit, variances
from ..oracles import largest_angle_sine, principal_axes
from . import oracles

GAP, SINE = 1.2, 0.15
"""From which ratio of two neighbouring variances on the subspace is judged, and how far it may be turned."""


@dataclass(frozen=True)
class Goal:
    """What a right fit of some data must reach."""

    best: float
    total: float
    variances: Any
    axes: Any

    @property
    def bound(self) -> float:
        """The largest loss that counts as right: 1.02 times the optimum plus 0.001 of the total variance."""
        return 1.02 * self.best + 0.001 * self.total


def beta_of(call: Call) -> float:
    """The beta of a call: its fourth argument, or 1."""
    return float(call.args[3]) if len(call.args) > 3 else float(call.kwargs.get("beta", 1.0))


@by_identity(1024)
def goal(call: Call) -> Goal:
    """The goal of a call; no axes where the leading directions are not set apart, or where there are none."""
    X, k = call.args[:2]
    beta = beta_of(call)
    spectrum = oracles.eigenvalues(X)
    active = oracles.active_directions(X, k, beta)
    apart = active > 0 and (active == len(spectrum) or spectrum[active - 1] >= GAP * spectrum[active])
    return Goal(
        oracles.best_vae_loss(X, k, beta),
        float(spectrum.sum()),
        oracles.best_variances(X, k, beta),
        principal_axes(X, active) if apart else None,
    )


def active_rows(call: Call, weights: Any, number: int) -> Any:
    """The rows of W_dec of the `number` latent dimensions that pay most KL."""
    W_enc, log_var, W_dec = weights
    prices = np.mean((call.args[0] @ W_enc) ** 2, axis=0) + np.exp(log_var) - log_var
    return W_dec[np.argsort(-prices)[:number]]


def fault_of(call: Call, weights: Any) -> Fault | None:
    """Why a fit is not right, or None."""
    wrong = misfit(call, weights)
    if wrong:
        return Fault(FINITE, weights, note=wrong)
    aim = goal(call)
    with np.errstate(all="ignore"):
        loss = oracles.expected_vae_loss(call.args[0], weights[0], weights[1], weights[2], beta_of(call))
    if not loss <= aim.bound:
        words = (
            f"at most {aim.bound:.6g}: 1.02 times the best loss, {aim.best:.6g}, plus 0.001 of the total variance, "
            f"{aim.total:.6g}"
        )
        return Fault(words, loss, note="Returned is the loss of the fit on its data, averaged over the noise.")
    found = variances(weights[1])
    if not np.all(np.abs(found - aim.variances) <= WIDTH * aim.variances):
        told = f"The loss is small enough. Returned are the posterior variances, smallest first: each must be within {100 * WIDTH:g} %."
        return Fault(aim.variances, found, note=told)
    if aim.axes is not None:
        sine = largest_angle_sine(active_rows(call, weights, len(aim.axes)), aim.axes)
        if not sine <= SINE:
            told = (
                f"The loss is small enough. Returned is the sine of the largest angle between the {len(aim.axes)} active "
                "rows of W_dec and the directions of greatest variance."
            )
            return Fault(f"at most {SINE}", sine, note=told)
    return None


def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """A judge of one fit; the example is a Task or a tuple (X, k, beta), or (X, k) where beta is left out."""
    return fault_of(asked(example)[0], answers[0].value)


@of_bank
def asked(example: Any) -> list[Call]:
    """The call that an example stands for, the same one each time."""
    return [public.asked(*example) if isinstance(example, tuple) else example.call()]
