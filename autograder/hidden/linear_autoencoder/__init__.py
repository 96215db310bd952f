"""Hidden checks of 02_linear_autoencoder: values by regime, and fits by what they do to the data."""

from __future__ import annotations

from dataclasses import replace

from ...checks.linear_autoencoder import PROBLEM
from ..gathering import gathered

# What the kill matrix asks of a check that is never the only one to catch a mistake.
_REGIME = "right values earn their points by regime, so that what goes wrong in one of them costs only that part."

_BY_REGIME, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
CHECKS = {name: tuple(replace(check, why=_REGIME) for check in checks) for name, checks in _BY_REGIME.items()}
