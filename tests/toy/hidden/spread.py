"""Hidden checks, mistakes and variants of 02_spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..checks.spread import FEW, NUMBERS
from .mistakes.catalogue import Catalogue
from .served import Served
from .values import by_regime, values

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.mistake, CATALOGUE.variant


def _centre(x: Any) -> float:
    return math.fsum(x.tolist()) / len(x)


def _deviation(x: Any) -> float:
    middle = _centre(x)
    return math.fsum(abs(one - middle) for one in x.tolist()) / len(x)


BUILDS_ON = {"deviation": ("centre",)}
SERVED = {"centre": Served(_centre, ("n",))}
CHECKS = by_regime(
    {
        "centre": (values("value", "The value is right.", _centre, points=2, first=FEW, examples=NUMBERS),),
        "deviation": (values("value", "The value is right.", _deviation, points=4, first=FEW, examples=NUMBERS),),
    }
)


@mistake("centre", "the sum for the mean", "Divide by how many there are.")
def summed(x: Any) -> Any:
    return x.sum()


@mistake("centre", "the median for the mean", "This is the number in the middle.")
def middle(x: Any) -> Any:
    return np.median(x)


@mistake("deviation", "the squares were taken", "This is the standard deviation.")
def squared(x: Any) -> Any:
    return np.std(x)


@mistake("deviation", "measured from 0", "Take the centre off first.")
def from_zero(x: Any) -> Any:
    return np.abs(x).mean()


@mistake("deviation", "x is changed in place", "Make a new array.")
def in_place(x: Any) -> Any:
    x -= x.mean()
    return np.abs(x).mean()


@variant("centre")
def by_numpy(x: Any) -> Any:
    return np.mean(x)


@variant("deviation")
def by_list(x: Any) -> Any:
    middle = sum(x.tolist()) / len(x)
    return sum(abs(one - middle) for one in x.tolist()) / len(x)
