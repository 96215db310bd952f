"""The look of all diagrams: a sheet of paper, boxes, arrows and words in the course's colours, written as SVG.

Text becomes paths, so no font of the reader's machine matters. The sheet has its own paper and a thin border, so it is
readable on a light and on a dark page. The same code writes the same bytes.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Polygon

HERE = Path(__file__).resolve().parent
PAPER, INK, FAINT, LINE = "#fcfbf7", "#24292f", "#57606a", "#d0d7de"
BLUE, ORANGE, GREEN, PINK, AMBER, SKY = "#0072B2", "#B34700", "#00795A", "#A8487F", "#8A5A00", "#1B74B0"
"""The colours of chapter.mplstyle; those that carry words are darker, so that the words have a contrast of 4.5:1."""
TINTS = {BLUE: "#dcebf5", ORANGE: "#fbe5d8", GREEN: "#d9f0e8", PINK: "#f6e3ee", AMBER: "#fbefd0", SKY: "#e1f0fa"}
TINTS |= {INK: "#eceff2", FAINT: "#f3f4f6"}
RC = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "cm",
    "svg.fonttype": "path",
    "svg.hashsalt": "vae",
    "path.simplify": False,
}

_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6}


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of paper and its axes, both measured in pixels at 100 % (0, 0 is at the lower left)."""
    mpl.rcParams.update(mpl.rcParamsDefault | RC)
    figure = plt.figure(figsize=(width / 100, height / 100), dpi=100, layout="none")
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    axes.add_patch(_rounded(1, 1, width - 2, height - 2, 12, PAPER, LINE, 1.0, zorder=0))
    return figure, axes


def box(
    axes: Axes, x: float, y: float, width: float, height: float, text: str = "", color: str = INK, size: float = 12
) -> None:
    """Draw a rounded box around the centre (x, y), with words in it."""
    axes.add_patch(_rounded(x - width / 2, y - height / 2, width, height, 8, TINTS[color], color, 1.6, zorder=2))
    if text:
        words(axes, x, y, text, color, size, weight="bold")


def funnel(
    axes: Axes, x: float, y: float, width: float, left: float, right: float, text: str = "", color: str = BLUE
) -> None:
    """Draw a trapezium around the centre (x, y), as high on each side as said: an encoder or a decoder."""
    corners = [(-width / 2, -left / 2), (-width / 2, left / 2), (width / 2, right / 2), (width / 2, -right / 2)]
    axes.add_patch(
        Polygon(
            [(x + dx, y + dy) for dx, dy in corners],
            facecolor=TINTS[color],
            edgecolor=color,
            linewidth=1.6,
            joinstyle="round",
            zorder=2,
        )
    )
    if text:
        words(axes, x, y, text, color, weight="bold")


def circle(axes: Axes, x: float, y: float, size: float, text: str = "", color: str = INK, font: float = 14) -> None:
    """Draw a circle of this diameter around (x, y): a number, a draw, an operation."""
    axes.add_patch(Ellipse((x, y), size, size, facecolor=TINTS[color], edgecolor=color, linewidth=1.6, zorder=2))
    if text:
        words(axes, x, y, text, color, font, weight="bold")


def arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = INK,
    *,
    dashed: bool = False,
    bend: float = 0.0,
    width: float = 1.8,
) -> None:
    """Draw an arrow; solid is a value that goes forward, dashed is a gradient that comes back."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=14,
            shrinkA=0,
            shrinkB=0,
            color=color,
            linewidth=width,
            linestyle=(0, (4, 2.5)) if dashed else "-",
            connectionstyle=f"arc3,rad={bend}",
            zorder=3,
        )
    )


def words(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    color: str = INK,
    size: float = 12,
    *,
    weight: str = "normal",
    align: str = "center",
) -> None:
    """Write words (or mathtext) with their middle at (x, y), or beginning there with `align="left"`."""
    axes.text(x, y, text, color=color, fontsize=size * 0.85, fontweight=weight, ha=align, va="center", zorder=4)


def save(figure: Figure, name: str) -> bytes:
    """Write `name`.svg beside this file and return its bytes; nothing in them depends on the day or the machine."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    content = _short(stream.getvalue().decode())
    (HERE / f"{name}.svg").write_text(content, encoding="utf-8")
    return content.encode()


def _short(text: str) -> str:
    """An SVG of Matplotlib's without what no eye sees: metadata, comments, long names of glyphs, hundredths of a pixel."""
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<!DOCTYPE[^>]*>", "", text, flags=re.DOTALL)
    for number, name in enumerate(dict.fromkeys(re.findall(r'<path id="([^"]+)"', text))):
        text = text.replace(f'"{name}"', f'"g{number}"').replace(f'"#{name}"', f'"#g{number}"')
    text = re.sub(r"\d*[1-9]\d*\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), text)
    text = re.sub(r' id="(?:patch|text|axes|figure)_\d+"', "", text)
    text = re.sub(r' clip-path="url\(#\w+\)"', "", text)
    text = re.sub(r"<clipPath .*?</clipPath>", "", text, flags=re.DOTALL)
    # A glyph's place in its word needs no transformation, and no finer step than its own units.
    text = re.sub(
        r' xlink:href="(#g\d+)" transform="translate\((\S+) 0\)"',
        lambda use: f' href="{use[1]}" x="{float(use[2]):.0f}"',
        text,
    )
    text = text.replace(' xlink:href="', ' href="').replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    text = re.sub(r' style="[^"]+"', lambda style: style[0].replace(": ", ":").replace("; ", ";"), text)
    text = re.sub(r' d="([^"]+)"', lambda path: f' d="{_in_steps(path[1])}"', text)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def _in_steps(path: str) -> str:
    """A path of Matplotlib's in steps from point to point instead of places: the same points, in three quarters of the words."""
    words, made = re.findall(r"[MLQCz]|-?[\d.]+", path), []
    here = start = (Decimal(0), Decimal(0))
    last = ""
    while words:
        command = words.pop(0)
        if command == "z":
            made.append(command)
            here, last = start, command
            continue
        numbers = [Decimal(words.pop(0)) for _ in range(_NUMBERS[command])]
        steps = [number - here[place % 2] for place, number in enumerate(numbers)]
        here = (numbers[-2], numbers[-1])
        start = here if command == "M" else start
        name = command.lower()
        if name == "l" and not all(steps):
            name, steps = ("h", steps[:1]) if not steps[1] else ("v", steps[1:])
        # A command that goes on needs no letter, a number with a sign no space before it.
        written = [re.sub(r"^(-?)0\.", r"\1.", f"{step.normalize():f}" if step else "0") for step in steps]
        told = "".join(one if one.startswith("-") else f" {one}" for one in written)
        made.append(told if name == last and name != "m" else name + told.lstrip())
        last = name
    return "".join(made)


def _rounded(
    x: float, y: float, width: float, height: float, radius: float, fill: str, edge: str, line: float, zorder: int
) -> FancyBboxPatch:
    return FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={radius}",
        facecolor=fill,
        edgecolor=edge,
        linewidth=line,
        zorder=zorder,
    )
