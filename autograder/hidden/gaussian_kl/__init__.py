"""Hidden checks of 03_gaussian_kl: values against the closed form, by regime."""

from __future__ import annotations

from ...checks.gaussian_kl import PROBLEM
from ..gathering import gathered

CHECKS, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
