"""Hidden checks of 03_gaussian_kl: values against the closed form, by regime."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.gaussian_kl.shared import EXTREMES, PAIRS, SHIFTS
from ...checks.problem import Call, Check
from ...checks.strategies import arrays, hundredths
from .. import oracles
from ..catalogue import Function, joined, values
from . import (
    digits,
    examples,
    mistakes_defaults,
    mistakes_divergence,
    mistakes_found,
    mistakes_kl,
    mistakes_losses,
    mistakes_masks,
    mistakes_parts,
    mistakes_rows,
    mistakes_training,
    mistakes_units,
    units,
    variants,
)

CATALOGUE = joined(
    mistakes_kl.CATALOGUE,
    mistakes_parts.CATALOGUE,
    mistakes_rows.CATALOGUE,
    mistakes_training.CATALOGUE,
    mistakes_units.CATALOGUE,
    # Least telling last: the first mistake whose answers fit gives its name.
    mistakes_masks.CATALOGUE,
    mistakes_found.CATALOGUE,
    mistakes_defaults.CATALOGUE,
    mistakes_divergence.CATALOGUE,
    mistakes_losses.CATALOGUE,
    variants.CATALOGUE,
)


def _mask_from(kl: Function) -> Function:
    """Active units as a right solution finds them with a given KL."""

    def active_units(mu: Any, sigma: Any, delta: float = 0.01, fraction: float = 0.5) -> Any:
        return (np.asarray(kl(mu, sigma)) > delta).mean(axis=0) >= fraction

    return active_units


FOLLOWS = {"active_units": {"gaussian_kl": _mask_from}}

CHECKS: dict[str, tuple[Check, ...]] = {
    "gaussian_kl": (
        values(
            "worked numbers",
            "The chapter's KL values come out.",
            oracles.gaussian_kl,
            points=0.5,
            earns=False,
            first=[(1.0, 1.0), (0.0, 2.0), (0.0, 0.3), (1.5, 1.0), (0.0, 3.0)],
        ),
        values(
            "ordinary inputs",
            "The KL divergence in nats, within 1e-5 relative.",
            oracles.gaussian_kl,
            points=3,
            first=[(np.array([1.0]), np.array([2.0]))],
            examples=PAIRS,
        ),
        values(
            "floats and broadcasting",
            "Floats and arrays that broadcast give the same KL.",
            oracles.gaussian_kl,
            points=1,
            first=[(1.0, 2.0), examples.ROW_COLUMN, examples.THREE, examples.BESIDE],
            examples=examples.BROADCAST,
        ),
        values(
            "extreme inputs",
            "The KL is right for |mu| up to 100 and sigma from 0.001 to 1000.",
            oracles.gaussian_kl,
            points=1,
            first=examples.CORNERS,
            examples=EXTREMES,
        ),
    ),
    "kl_shift_spread": (
        values(
            "shift",
            "The shift part is right.",
            oracles.kl_shift_spread,
            points=1.25,
            part=0,
            first=[(np.array([1.0]), np.array([2.0]))],
            examples=PAIRS,
        ),
        values(
            "spread",
            "The spread part is right.",
            oracles.kl_shift_spread,
            points=1.25,
            part=1,
            first=[(np.array([1.0]), np.array([2.0]))],
            examples=PAIRS,
        ),
        values(
            "floats and broadcasting",
            "Floats and arrays that broadcast give the same parts.",
            oracles.kl_shift_spread,
            points=0.5,
            first=[(1.0, 2.0), examples.ROW_COLUMN, examples.THREE, examples.BESIDE],
            examples=examples.BROADCAST,
        ),
        values(
            "extreme inputs",
            "Both parts are right for |mu| up to 100 and sigma from 0.001 to 1000.",
            oracles.kl_shift_spread,
            points=0.5,
            first=examples.CORNERS,
            examples=EXTREMES,
        ),
    ),
    "kl_from_log_var": tuple(
        digits.shown(check)
        for check in (
            values(
                "ordinary inputs",
                "The KL of each sample in nats, within 1e-9 relative.",
                oracles.kl_from_log_var,
                points=3,
                rtol=1e-9,
                atol=1e-12,
                first=[
                    (np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])),
                    (np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])),
                    examples.NEAR_PRIOR,
                    examples.NEARER_PRIOR,
                ],
                examples=examples.ORDINARY_LOG_VARS,
            ),
            values(
                "extreme inputs",
                "It stays right and finite for log variances from -800 to 80.",
                oracles.kl_from_log_var,
                points=1.5,
                rtol=1e-9,
                atol=1e-12,
                first=[
                    (np.array([[1.0], [0.0]]), np.array([[-800.0], [80.0]])),
                    (np.array([[100.0, -60.0], [-100.0, 0.5]]), np.array([[0.5, -1.0], [2.0, -0.5]])),
                ],
                examples=examples.WIDE_LOG_VARS,
            ),
            values(
                "one column, one row",
                "One dimension or one sample is no special case.",
                oracles.kl_from_log_var,
                points=1,
                rtol=1e-9,
                atol=1e-12,
                first=[(np.array([[1.0]]), np.array([[1.0]])), (np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))],
                examples=st.one_of(
                    st.tuples(arrays((1, 3), SHIFTS), arrays((1, 3), hundredths(-5, 3))),
                    st.tuples(arrays((4, 1), SHIFTS), arrays((4, 1), hundredths(-5, 3))),
                ),
            ),
        )
    ),
    "beta_vae_loss": (
        values(
            "arrays",
            "One loss for each pair of reconstruction and KL.",
            oracles.beta_vae_loss,
            points=1,
            first=[(np.array([1.0]), np.array([2.0]), 0.5)],
            examples=st.tuples(examples.LOSSES, examples.BETAS).map(lambda drawn: (*drawn[0], drawn[1])),
        ),
        values(
            "floats",
            "Floats work as arrays do, with beta given by place, by name, or left out.",
            oracles.beta_vae_loss,
            points=0.75,
            first=[
                (1.0, 2.0),
                (1.0, 2.0, 3.0),
                Call((1.0, 2.0), {"beta": 0.5}),
                (1.0, 2.0, 0.0),
                (150.0, 250.0, 40.0),
                (1.0, 2.0, 0.01),
            ],
            examples=st.tuples(hundredths(0.1, 9), hundredths(0.1, 9), examples.BETAS),
        ),
    ),
    "kl_weight": (
        values(
            "ramp",
            "Between epoch 0 and the end of the warm-up the weight is the share of the warm-up done.",
            oracles.kl_weight,
            points=1,
            first=[(1.0, 4), (3.0, 4), (5.0, 20)],
            examples=st.integers(2, 30).flatmap(
                lambda warmup: st.tuples(st.integers(1, warmup - 1).map(float), st.just(warmup))
            ),
        ),
        values(
            "before, during and after",
            "Arrays of epochs: 0 before epoch 0, then the ramp, then 1.",
            oracles.kl_weight,
            points=0.75,
            first=[(np.array([-2.0, 5.0, 30.0]), 20)],
            examples=st.tuples(
                st.lists(st.integers(-20, 60).map(float), min_size=1, max_size=5).map(
                    lambda epochs: np.array([*epochs, 1.0])
                ),
                st.integers(2, 30),
            ),
        ),
        values(
            "between epochs",
            "Epochs are floats: the ramp rises between two whole ones as well.",
            oracles.kl_weight,
            points=0.25,
            first=[(2.5, 4), (np.array([0.25, 1.5, 3.75]), 8), (0.5, 1), (62.5, 250)],
            examples=st.tuples(hundredths(0.05, 2.95), st.integers(3, 30)),
        ),
        values(
            "left out",
            "Unless given, the warm-up lasts 10 epochs.",
            oracles.kl_weight,
            points=0.25,
            first=[(1.0,), (np.array([-2.0, 5.0, 9.0, 30.0]),)],
        ),
        values(
            "no warm-up",
            "With warmup = 0 the weight is 1 from epoch 0 on.",
            oracles.kl_weight,
            points=0.5,
            earns=False,
            first=[(0.0, 0), (3.0, 0), (np.array([0.0, 1.0, 7.0]), 0)],
        ),
    ),
    "active_units": (
        values(
            "ordinary inputs",
            "A dimension is active when its KL exceeds delta for the asked fraction of samples.",
            oracles.active_units,
            points=1.25,
            first=[units.MASKED, units.FAINT, (np.zeros((2, 2)), np.array([[1.0, 3.0], [1.0, 0.2]]))],
            examples=units.UNEVEN,
            count=16,
        ),
        values(
            "ties",
            "Exactly the asked fraction is enough: at least, not more than.",
            oracles.active_units,
            points=0.75,
            first=[(*units.QUARTERS, 0.01, fraction) for fraction in (0.25, 0.5, 0.75)],
        ),
        values(
            "narrowly",
            "A KL slightly above delta counts, one slightly below does not.",
            oracles.active_units,
            points=0.75,
            first=[(np.array([[0.2], [0.0]]), np.array([[0.95], [1.15]]), 0.02, 1.0)],
            examples=units.NARROWLY,
            count=12,
        ),
        values(
            "delta and fraction",
            "Other thresholds and fractions are obeyed.",
            oracles.active_units,
            points=0.75,
            first=[
                (*units.MASKED, 0.01, 0.9),
                (*units.MASKED, 0.6, 0.3),
                (*units.MASKED, 3.0, 0.1),
                (np.array([[0.3, 0.0, 2.0]]), np.ones((1, 3)), 0.03, 0.6),
            ],
            examples=st.tuples(
                units.UNEVEN, st.sampled_from([0.003, 0.03, 0.21, 0.9]), st.sampled_from([0.1, 0.35, 0.62, 0.97])
            ).map(lambda drawn: (*drawn[0], drawn[1], drawn[2])),
            count=16,
        ),
    ),
}
