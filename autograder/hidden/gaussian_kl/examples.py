"""Inputs about which 03_gaussian_kl is asked when it is graded."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np

from ...checks.gaussian_kl.shared import SHIFTS, WIDTHS
from ...checks.strategies import arrays, hundredths, shapes

# The last lies next to the prior, where a KL that is set to 0 below some bound shows.
CORNERS = ((0.0, 1e-3), (100.0, 1.0), (-100.0, 1e3), (0.0, 1e3), (0.02, 1.01))
BROADCAST = st.one_of(
    st.tuples(SHIFTS, WIDTHS),
    st.tuples(arrays((3,), SHIFTS), WIDTHS),
    st.tuples(arrays((3, 1), SHIFTS), arrays((2,), WIDTHS)),
    st.tuples(arrays((2,), SHIFTS), arrays((3, 2), WIDTHS)),
)
ROW_COLUMN = (np.array([[0.0], [1.0]]), np.array([1.0, 2.0]))
THREE = (np.array([1.0, -0.5, 2.0]), np.array([0.5, 2.0, 1.5]))
BESIDE = (np.array([1.0, -0.5]), 2.0)
# So close to the prior that a series cut short shows within nine digits.
NEAR_PRIOR = (np.array([[0.0, 0.001], [0.0, -0.002]]), np.array([[0.008, -0.005], [-0.003, 0.006]]))
NEARER_PRIOR = (np.zeros((2, 2)), np.array([[9e-4, -7e-4], [8e-4, 0.0]]))

SEVERAL = st.tuples(st.integers(2, 4), st.integers(2, 4))
WIDE_LOG_VARS = SEVERAL.flatmap(
    lambda shape: st.tuples(arrays(shape, hundredths(-3, 3)), arrays(shape, hundredths(-800, 80)))
)
ORDINARY_LOG_VARS = SEVERAL.flatmap(lambda shape: st.tuples(arrays(shape, SHIFTS), arrays(shape, hundredths(-5, 3))))
LOSSES = shapes(1, 4).flatmap(lambda shape: st.tuples(arrays(shape, hundredths(0, 9)), arrays(shape, hundredths(0, 9))))
BETAS = hundredths(0.1, 6)
