"""Public checks of 04_reparameterisation: a draw, its gradients, many draws, and the loss."""

from __future__ import annotations

from ..problem import Problem
from .elbo import NEGATIVE_ELBO
from .noise import REPARAMETERISE, REPARAMETERISE_BACKWARD
from .sampling import SAMPLE_POSTERIOR

PROBLEM = Problem(
    "04_reparameterisation",
    "Draws that gradients pass through",
    (REPARAMETERISE, REPARAMETERISE_BACKWARD, SAMPLE_POSTERIOR, NEGATIVE_ELBO),
)
