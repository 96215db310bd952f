"""Public checks of 05_latent_space: paths between two points, draws from the prior, codes and labels."""

from __future__ import annotations

from ..problem import Problem
from .codes import CONDITION_ON_LABEL, NEAREST_CODE
from .paths import LERP, SLERP
from .prior import SAMPLE_PRIOR

PROBLEM = Problem(
    "05_latent_space",
    "Walking through latent space",
    (LERP, SLERP, SAMPLE_PRIOR, NEAREST_CODE, CONDITION_ON_LABEL),
)
