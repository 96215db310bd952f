"""Public checks of 03_gaussian_kl: the divergence, its parts, log variances, and what training makes of them."""

from __future__ import annotations

from ..problem import Problem
from .divergence import GAUSSIAN_KL, KL_SHIFT_SPREAD
from .log_variance import KL_FROM_LOG_VAR
from .training import ACTIVE_UNITS, BETA_VAE_LOSS, KL_WEIGHT

PROBLEM = Problem(
    "03_gaussian_kl",
    "What the KL term costs",
    (GAUSSIAN_KL, KL_SHIFT_SPREAD, KL_FROM_LOG_VAR, BETA_VAE_LOSS, KL_WEIGHT, ACTIVE_UNITS),
)
