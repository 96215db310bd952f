"""Hidden checks of 06_linear_vae: values by regime, and fits by their averaged loss, their widths and their rows."""

from __future__ import annotations

from ...checks.linear_vae import PROBLEM
from ..gathering import gathered

CHECKS, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
