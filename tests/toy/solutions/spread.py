"""Reference solutions of 02_spread."""

from __future__ import annotations

import numpy as np


def centre(x: np.ndarray) -> float:
    """Return the mean of some numbers.

    x: (n,), at least one number.
    """
    return float(x.sum() / len(x))


def deviation(x: np.ndarray) -> float:
    """Return the mean distance of some numbers from their mean.

    x: (n,), at least one number.
    """
    return float(np.abs(x - centre(x)).mean())
