"""Public checks of 03_gaussian_kl: the divergence, its parts, log variances, and what training makes of them."""

from __future__ import annotations

from ..exercise import Problem
from . import active_units, beta_vae_loss, gaussian_kl, kl_from_log_var, kl_shift_spread, kl_weight

PROBLEM = Problem(
    "03_gaussian_kl",
    "The KL divergence of a Gaussian",
    (
        gaussian_kl.EXERCISE,
        kl_shift_spread.EXERCISE,
        kl_from_log_var.EXERCISE,
        beta_vae_loss.EXERCISE,
        kl_weight.EXERCISE,
        active_units.EXERCISE,
    ),
)
