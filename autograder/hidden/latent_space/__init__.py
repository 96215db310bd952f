"""Hidden checks of 05_latent_space: values against independent oracles, draws against computed bounds."""

from __future__ import annotations

from ...checks.latent_space import PROBLEM
from ..gathering import gathered

CHECKS, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
