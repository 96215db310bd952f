"""Public checks of 05_latent_space: paths between two points, draws from the prior, codes and labels."""

from __future__ import annotations

from ..exercise import Problem
from . import condition_on_label, lerp, nearest_code, sample_prior, slerp

PROBLEM = Problem(
    "05_latent_space",
    "Walking through latent space",
    (
        lerp.EXERCISE,
        slerp.EXERCISE,
        sample_prior.EXERCISE,
        nearest_code.EXERCISE,
        condition_on_label.EXERCISE,
    ),
)
