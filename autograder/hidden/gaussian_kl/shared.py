"""What hidden checks of several exercises of gaussian_kl ask about, and what several of their mistakes share."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays
from ...checks.gaussian_kl.shared import SHIFTS, WIDTHS

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
SLIP = 0.3


LOWS = (-math.inf, *(10.0**-p for p in (0.5, 1, 1.5, 2, 2.5)), 0.05, 0.02, 0.005, 0.002)
LOWS += tuple(math.exp(-half / 2) for half in range(1, 14))
HIGHS = (math.inf, *(1.0 / low for low in LOWS[1:]), 3.0, 30.0, 300.0)
IN_PLACE = "The values are right, but the caller's arrays are different afterwards. Make new arrays."
BOUNDED = "Beyond some bound sigma was replaced by the bound, so that extreme posteriors come out wrong. The formula needs none."
