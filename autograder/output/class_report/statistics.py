"""The few statistics of a class report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# With fewer submissions a correlation says little, and none is called out.
ENOUGH = 20


@dataclass(frozen=True)
class Summary:
    """Count, mean, and the five numbers of a box plot (quartiles interpolated linearly)."""

    count: int
    mean: float
    least: float
    lower: float
    median: float
    upper: float
    most: float


def summary(values: ArrayLike) -> Summary:
    """Summarise at least one value."""
    data = np.asarray(values, dtype=float)
    five = np.percentile(data, [0, 25, 50, 75, 100])
    return Summary(int(data.size), float(data.mean()), *map(float, five))


def point_biserial(passed: ArrayLike, rest: ArrayLike) -> float | None:
    """Correlation of passing (n,) with the points in the rest (n,); None where it is not defined.

    r = (mean rest of those who pass − mean rest of those who do not) / (standard deviation of rest) · √(p (1 − p)),
    which is Pearson's r with passing as 0 and 1. Not defined where all pass, nobody passes, or all rests are equal.
    """
    holds, points = np.asarray(passed, dtype=bool), np.asarray(rest, dtype=float)
    if not holds.any() or holds.all():
        return None
    spread = float(points.std())
    if spread <= 1e-9 * max(1.0, float(np.abs(points).max())):
        return None
    share = float(holds.mean())
    return float((points[holds].mean() - points[~holds].mean()) / spread * math.sqrt(share * (1 - share)))


def histogram(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """How many values lie in each bin [edge, next edge); the last has its upper edge too, and takes what lies above."""
    inside = np.clip(np.asarray(values, dtype=float), edges[0], edges[-1])
    return [int(count) for count in np.histogram(inside, bins=np.asarray(edges, dtype=float))[0]]


def point_edges(most: float, count: int) -> list[float]:
    """Edges of bins for points from 0 to `most`: about 10 for a small class, 20 for a large one, at round numbers."""
    wanted = most / (20 if count >= 60 else 10)
    scale = 10.0 ** math.floor(math.log10(wanted)) if wanted > 0 else 1.0
    width = next(scale * step for step in (1, 2, 2.5, 5, 10) if scale * step >= 0.999 * wanted)
    bins = max(1, math.ceil(most / width - 1e-9))
    return [round(width * place, 10) for place in range(bins + 1)]


def time_edges(least: float, most: float) -> list[float]:
    """Edges of bins for seconds that grow 1, 2, 5, 10 and hold all from `least` to `most`."""
    series = [round(step * 10.0**power, 6) for power in range(-3, 6) for step in (1, 2, 5)]
    low = max((edge for edge in series if edge <= least), default=series[0])
    high = min((edge for edge in series if edge > max(most, low)), default=series[-1])
    return [edge for edge in series if low <= edge <= high]
