"""Points as numbers in a file: converted to another maximum, rounded half up, never above what a tool takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .class_points import Mark
from .request import ExportError, listed


def number(value: float, places: int = 2) -> str:
    """A number as every tool reads it: a point, no exponent, at most `places` decimals, none that say nothing."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(marks: Sequence[Mark], most: float, out_of: float | None) -> tuple[Mark, ...]:
    """The marks with their scores converted to another maximum; raises ExportError."""
    if out_of is None:
        return tuple(marks)
    if not 0 < out_of < math.inf or most <= 0:
        raise ExportError(f"--out-of must be a positive number, and the assignment must have points: {out_of}, {most}.")
    return tuple(replace(mark, score=mark.score * out_of / most, max_score=out_of) for mark in marks)


def within(marks: Sequence[Mark], most: float, cap: bool, tool: str) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """The marks with none above the maximum, and who was cut; raises ExportError unless cutting was asked for."""
    above = [mark.student for mark in marks if Decimal(number(mark.score)) > Decimal(number(most))]
    if not above:
        return tuple(marks), ()
    if not cap:
        raise ExportError(
            f"More than the maximum of {number(most)}: {listed(above)}. {tool} leaves out such points. Raise the "
            "maximum there, or cut them with --cap."
        )
    cut = tuple(replace(mark, score=min(mark.score, most)) for mark in marks)
    return cut, (f"Cut to the maximum of {number(most)}: {listed(above)}.",)
