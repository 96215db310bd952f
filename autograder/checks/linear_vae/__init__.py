"""Public checks of 06_linear_vae: laws of the averaged loss, of its gradients, of a fit, and of the closed form."""

from __future__ import annotations

from ..exercise import Problem
from .active_directions import ACTIVE_DIRECTIONS
from .best_vae_loss import BEST_VAE_LOSS
from .expected_vae_loss import EXPECTED_VAE_LOSS
from .fit_linear_vae import FIT_LINEAR_VAE
from .vae_gradients import VAE_GRADIENTS

PROBLEM = Problem(
    "06_linear_vae",
    "A VAE that can be solved",
    (EXPECTED_VAE_LOSS, VAE_GRADIENTS, FIT_LINEAR_VAE, BEST_VAE_LOSS, ACTIVE_DIRECTIONS),
)
