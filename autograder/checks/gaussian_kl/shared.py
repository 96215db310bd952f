"""What several exercises of gaussian_kl are asked about, and laws that hold in several."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ..examples import arrays, hundredths, magnitudes, shapes
from ..exercise import Fault
from ..judges import close

SHIFTS = hundredths(-3, 3)
WIDTHS = hundredths(0.05, 4)
PAIRS = shapes(2, 3).flatmap(lambda shape: st.tuples(arrays(shape, SHIFTS), arrays(shape, WIDTHS)))
SCALARS: tuple[Any, ...] = ((0.0, 1.0), (1.0, 1.0), (0.0, 2.0), (-1.0, 1.0), (0.0, 0.5), (2.0, 3.0))
EXTREMES = st.tuples(arrays((2,), hundredths(-100, 100)), arrays((2,), magnitudes(1e-3, 1e3)))


def at_least_zero(example: Any, kl: Any) -> Fault | None:
    """No KL is below 0."""
    return None if np.all(kl >= -1e-6) else Fault("at least 0 everywhere", kl)


def zero_at_prior(example: Any, kl: Any) -> Fault | None:
    """The KL of the prior from itself is 0."""
    return None if close(kl, np.zeros(kl.shape)) else Fault(np.zeros(kl.shape), kl)
