"""Public checks of 04_reparameterisation: a draw, its gradients, many draws, and the loss."""

from __future__ import annotations

from ..exercise import Problem
from . import negative_elbo, reparameterise, reparameterise_backward, sample_posterior

PROBLEM = Problem(
    "04_reparameterisation",
    "Drawing so that gradients can pass",
    (
        reparameterise.EXERCISE,
        reparameterise_backward.EXERCISE,
        sample_posterior.EXERCISE,
        negative_elbo.EXERCISE,
    ),
)
