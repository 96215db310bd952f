"""Public checks of 02_linear_autoencoder: laws of the two maps, of the loss, its gradients, a step, a fit, and of PCA."""

from __future__ import annotations

from ..problem import Problem
from .fit import FIT_LINEAR_AUTOENCODER
from .gradients import LOSS_GRADIENTS, TRAIN_STEP
from .losses import PCA_RECONSTRUCTION_LOSS, RECONSTRUCTION_LOSS
from .maps import DECODE, ENCODE

PROBLEM = Problem(
    "02_linear_autoencoder",
    "A linear autoencoder",
    (
        ENCODE,
        DECODE,
        RECONSTRUCTION_LOSS,
        LOSS_GRADIENTS,
        TRAIN_STEP,
        FIT_LINEAR_AUTOENCODER,
        PCA_RECONSTRUCTION_LOSS,
    ),
)
