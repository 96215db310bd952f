"""Public checks of 02_linear_autoencoder: laws of the two maps, of the loss, its gradients, a step, a fit, and of PCA."""

from __future__ import annotations

from dataclasses import replace

from ..exercise import Exercise, Problem
from . import (
    decode,
    encode,
    fit_linear_autoencoder,
    loss_gradients,
    pca_reconstruction_loss,
    reconstruction_loss,
    train_step,
)

_LAW = "students check it themselves: it points the way without giving a right value away."


def _with_reasons(exercise: Exercise) -> Exercise:
    checks = tuple(replace(check, why=check.why or ("" if check.points else _LAW)) for check in exercise.checks)
    return replace(exercise, checks=checks)


PROBLEM = Problem(
    "02_linear_autoencoder",
    "A linear autoencoder on handwritten digits",
    (
        _with_reasons(encode.EXERCISE),
        _with_reasons(decode.EXERCISE),
        _with_reasons(reconstruction_loss.EXERCISE),
        _with_reasons(loss_gradients.EXERCISE),
        _with_reasons(train_step.EXERCISE),
        _with_reasons(fit_linear_autoencoder.EXERCISE),
        _with_reasons(pca_reconstruction_loss.EXERCISE),
    ),
)
