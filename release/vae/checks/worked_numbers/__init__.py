"""Public checks of 01_worked_numbers: the form of the variables, and laws that join them; no value is told."""

from __future__ import annotations

from ..problem import Problem
from .divergence import COUNT_ACTIVE_UNITS, KL_BY_HAND, PER_DIMENSION_KL, RANK_BY_KL
from .losses import ANNEALING_BY_NUMBERS, BETA_BALANCE, LOSS_BY_NUMBERS
from .readings import DIAGNOSE_RUNS, READ_INTERPOLATIONS, REPARAMETERISE_BY_HAND

PROBLEM = Problem(
    "01_worked_numbers",
    "The chapter's numbers, by hand",
    (
        LOSS_BY_NUMBERS,
        KL_BY_HAND,
        BETA_BALANCE,
        REPARAMETERISE_BY_HAND,
        RANK_BY_KL,
        PER_DIMENSION_KL,
        COUNT_ACTIVE_UNITS,
        ANNEALING_BY_NUMBERS,
        DIAGNOSE_RUNS,
        READ_INTERPOLATIONS,
    ),
)
