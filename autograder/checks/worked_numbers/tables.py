"""The tables of one's own numbers as the notebook shows them: in its text, or from a number that a student types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..student.notebook import Report, show
from .pools import Setting

_NUMERALS = ("i", "ii", "iii", "iv")


def show_table(exercise: str, own: dict[str, Setting]) -> None:
    """Show the table of an exercise below the cell."""
    text = table(exercise, own[exercise])
    rows = [line.strip("|").split("|") for line in text.splitlines() if "---" not in line]
    cells = "".join(f"<tr>{''.join(f'<td>{cell.strip()}</td>' for cell in row)}</tr>" for row in rows)
    show(Report(text.replace("$", ""), f"<table>{cells.replace('$', '')}</table>"))


def table(exercise: str, one: Setting) -> str:
    """The setting of an exercise as a table in Markdown; empty where it has pictures in place of numbers."""
    make = _TABLES.get(exercise)
    return make(one) if make else ""


def _columns(names: Sequence[str], values: Sequence[float | str]) -> str:
    return "\n".join([_row(names), _row(["---"] * len(names)), _row(values)])


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(cell if isinstance(cell, str) else f"{cell:g}".replace("-", "−") for cell in cells) + " |"


def _posteriors(one: Setting) -> str:
    found = one["posteriors"]
    head = _row(["", *(f"({name})" for name in found)])
    rows = (_row([word, *(pair[part] for pair in found.values())]) for part, word in ((0, "μ"), (1, "σ")))
    return "\n".join([head, _row(["---"] * (len(found) + 1)), *rows])


def _by_hand(one: Setting) -> str:
    return f"{_posteriors(one)}\n| price to reach | {one['price']:g} nats{' |' * len(one['posteriors'])}"


def _latent(rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    count = len(rows[0][1])
    head = _row(["j", *(str(j) for j in range(1, count + 1))])
    return "\n".join([head, _row(["---"] * (count + 1)), *(_row([word, *values]) for word, values in rows)])


_TABLES: dict[str, Callable[[Setting], str]] = {
    "loss_by_numbers": lambda one: _columns(["x", "μ", "σ", "x̂"], [one["x"], one["mu"], one["sigma"], one["x_hat"]]),
    "kl_by_hand": _by_hand,
    "beta_balance": lambda one: _columns(["L_R", "L_KL"], [one["reconstruction"], one["kl"]]),
    "reparameterise_by_hand": lambda one: _columns(["μ", "σ", "ε"], [one["mu"], one["sigma"], one["eps"]]),
    "rank_by_kl": _posteriors,
    "per_dimension_kl": lambda one: _latent(
        [("μ", [mu for mu, _ in one["posterior"]]), ("σ", [sigma for _, sigma in one["posterior"]])]
    ),
    "count_active_units": lambda one: _latent([("mean of μ²", one["mean_squares"]), ("mean of σ²", one["variances"])]),
    "annealing_by_numbers": lambda one: _columns(
        ["L_R", "L_KL", "epochs of the ramp T"], [one["reconstruction"], one["kl"], one["ramp"]]
    ),
}
