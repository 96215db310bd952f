"""What several exercises of reparameterisation are asked about, and laws that hold in several."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..examples import hundredths
from ..exercise import Call

MEANS = hundredths(-3, 3)
NOISE = hundredths(-3, 3)
LOG_VARS = hundredths(-4, 4)
PAIR = (np.array([1.0, 0.0]), np.array([2.0, 0.5]), np.array([1.0, -2.0]))
ROWS = (np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([[2.0, 0.5], [0.3, 1.0]]), np.array([[1.0, -2.0], [0.5, 3.0]]))


def each_alone(example: Any) -> list[Call]:
    """The call itself, then every entry by itself."""
    entries = zip(*map(np.ravel, example), strict=True)
    return [Call(example), *[Call(tuple(np.array([number]) for number in one)) for one in entries]]
