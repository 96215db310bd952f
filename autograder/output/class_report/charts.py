"""Charts as inline SVG and plain boxes: told by words and numbers beside them, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from .statistics import Summary

_WIDTH, _HEIGHT = 940.0, 270.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 26.0, 24.0, 48.0


def histogram(
    edges: Sequence[float],
    counts: Sequence[int],
    label: str,
    axis: str,
    told: Callable[[float], str],
    box: Summary | None = None,
) -> str:
    """Bars with their counts over an axis whose ticks `told` names; `box` draws quartiles and median where bins are even."""
    bins, most = len(counts), max([1, *counts])
    step = (_WIDTH - _LEFT - _RIGHT) / bins
    floor = _HEIGHT - _BOTTOM
    top = _TOP + (18 if box else 0)
    parts = [_grid(most, top, floor)]
    if box and edges[-1] > edges[0]:
        scale = (_WIDTH - _LEFT - _RIGHT) / (edges[-1] - edges[0])
        lower, median, upper = (_LEFT + scale * (value - edges[0]) for value in (box.lower, box.median, box.upper))
        parts.append(
            f'<rect class="quartiles" x="{lower:.1f}" y="{top:.1f}" width="{max(1.0, upper - lower):.1f}" '
            f'height="{floor - top:.1f}"/>'
        )
    for place, count in enumerate(counts):
        height = (floor - top - 18) * count / most
        x = _LEFT + step * place
        if count:
            parts.append(
                f'<rect class="column" x="{x + 1.5:.1f}" y="{floor - height:.1f}" width="{step - 3:.1f}" '
                f'height="{height:.1f}"><title>{escape(told(edges[place]))} to {escape(told(edges[place + 1]))}: '
                f"{count}</title></rect>"
                f'<text class="count" x="{x + step / 2:.1f}" y="{floor - height - 4:.1f}">{count}</text>'
            )
    every = max(1, round(bins / 10))
    for place in range(0, bins + 1, every):
        x = _LEFT + step * place
        parts.append(f'<text class="tick" x="{x:.1f}" y="{floor + 17:.1f}">{escape(told(edges[place]))}</text>')
    if box and edges[-1] > edges[0]:
        anchor = "end" if median > _WIDTH * 0.85 else "start" if median < _WIDTH * 0.15 else "middle"
        parts.append(
            f'<line class="median" x1="{median:.1f}" x2="{median:.1f}" y1="{top - 6:.1f}" y2="{floor:.1f}"/>'
            f'<text class="note" text-anchor="{anchor}" x="{median:.1f}" y="{top - 11:.1f}">'
            f"median {escape(told(box.median))}</text>"
        )
    parts.append(
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{floor}" y2="{floor}"/>'
        f'<text class="name" x="{(_LEFT + _WIDTH - _RIGHT) / 2:.1f}" y="{_HEIGHT - 6:.1f}">{escape(axis)}</text>'
    )
    return (
        f'<svg class="histogram" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(label)}">'
        + "".join(parts)
        + "</svg>"
    )


def _grid(most: int, top: float, floor: float) -> str:
    """Lines at round counts, at most four."""
    unit = next(step * 10**power for power in range(9) for step in (1, 2, 5) if most / (step * 10**power) <= 4)
    lines = []
    for value in range(unit, most + 1, unit):
        y = floor - (floor - top - 18) * value / most
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="scale" x="{_LEFT - 8}" y="{y + 4:.1f}">{value}</text>'
        )
    return "".join(lines)


def shares(right: int, wrong: int, silent: int) -> str:
    """One bar of three parts: right, wrong, no answer."""
    total = right + wrong + silent
    if not total:
        return ""
    pieces = (("right", right), ("wrong", wrong), ("silent", silent))
    inner = "".join(f'<i class="{name}" style="width:{100 * part / total:.3g}%"></i>' for name, part in pieces if part)
    return f'<span class="shares" aria-hidden="true">{inner}</span>'


def needle(value: float) -> str:
    """A point on a line from -1 to 1, with a mark at 0."""
    return f'<span class="needle" aria-hidden="true"><i style="left:{50 + 50 * max(-1.0, min(1.0, value)):.3g}%"></i></span>'
