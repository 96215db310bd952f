"""Public checks of 02_linear_autoencoder: laws of the two maps, of the loss, its gradients, a step, a fit, and of PCA."""

from __future__ import annotations

from dataclasses import replace

from ..problem import Exercise, Problem
from .fit import FIT_LINEAR_AUTOENCODER
from .gradients import LOSS_GRADIENTS, TRAIN_STEP
from .losses import PCA_RECONSTRUCTION_LOSS, RECONSTRUCTION_LOSS
from .maps import DECODE, ENCODE

_LAW = "students check it themselves: it points the way without giving a right value away."


def _with_reasons(exercise: Exercise) -> Exercise:
    checks = tuple(replace(check, why=check.why or ("" if check.points else _LAW)) for check in exercise.checks)
    return replace(exercise, checks=checks)


_EXERCISES = (
    ENCODE,
    DECODE,
    RECONSTRUCTION_LOSS,
    LOSS_GRADIENTS,
    TRAIN_STEP,
    FIT_LINEAR_AUTOENCODER,
    PCA_RECONSTRUCTION_LOSS,
)
PROBLEM = Problem(
    "02_linear_autoencoder",
    "A linear autoencoder",
    tuple(map(_with_reasons, _EXERCISES)),
)
