"""Hidden checks of 04_reparameterisation: values against independent oracles, draws against computed bounds."""

from __future__ import annotations

from ...checks.reparameterisation import PROBLEM
from ..gathering import gathered

CHECKS, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
