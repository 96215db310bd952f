"""When a fit is right: its loss, and the space of its reconstructions; the weights themselves are never compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.exercise import Answer, Call, Fault
from ...checks.identity_cache import by_identity, of_bank
from ...checks.linear_autoencoder.fit_linear_autoencoder import misfit
from .. import oracles

GAP, SINE = 0.25, 0.1


def bound(X: Any, k: int) -> float:
    """The largest loss that counts as right: 1.01 times the optimum plus 0.001 of the total variance."""
    return 1.01 * oracles.pca_reconstruction_loss(X, k) + 0.001 * oracles.pca_reconstruction_loss(X, 0)


def gap(X: Any, k: int) -> float:
    """How much smaller eigenvalue k + 1 is than eigenvalue k, relative to the latter; 0 where there is no k + 1."""
    eigenvalues = np.linalg.svd(X, compute_uv=False) ** 2
    return float((eigenvalues[k - 1] - eigenvalues[k]) / eigenvalues[k - 1]) if k < X.shape[1] else 0.0


@by_identity(1024)
def _goal(call: Call) -> tuple[float, Any]:
    """The bound of the loss, and the principal axes where the subspace is judged, else None."""
    X, k = call.args[:2]
    return bound(X, k), oracles.principal_axes(X, k) if k < X.shape[1] and gap(X, k) >= GAP else None


def fault_of(call: Call, weights: Any) -> Fault | None:
    """Why a fit is not right, or None."""
    X = call.args[0]
    wrong = misfit(call, weights)
    if wrong:
        return Fault("W_enc (d, k) and W_dec (k, d), finite", weights, note=wrong)
    loss = oracles.linear_loss(X, *weights)
    most, axes = _goal(call)
    if not loss <= most:
        total = oracles.pca_reconstruction_loss(X, 0)
        words = f"at most {most:.6g}, of a total variance of {total:.6g}"
        return Fault(words, loss, note="Returned is the reconstruction loss of the fit on its data.")
    if axes is not None:
        sine = oracles.largest_angle_sine(weights[1], axes)
        if not sine <= SINE:
            return Fault(
                f"at most {SINE}",
                sine,
                note="The loss is small enough. Returned is the sine of the largest angle "
                "between the rows of W_dec and the directions of greatest variance.",
            )
    return None


def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """A judge of one fit; the example is a Task, or the call itself."""
    return fault_of(asked(example)[0], answers[0].value)


@of_bank
def asked(example: Any) -> list[Call]:
    """The call that an example stands for, the same one each time."""
    return [example if isinstance(example, Call) else example.call()]
