"""The list of attacks in docs/security.md, made from the catalogue: `python -m tests.hostile.page` rewrites it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .attack import Attack
from .catalogue import ATTACKS, KINDS

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"


def listed() -> str:
    """The catalogue as Markdown tables, one a kind."""
    return "\n".join([f"{len(ATTACKS)} attacks.", "", *_lines()])


def _lines() -> Iterator[str]:
    for kind, attacks in KINDS.items():
        yield from (f"### {kind}", "", "| attack | planted in | what it tries | verdict |", "|---|---|---|---|")
        yield from (_row(attack) for attack in attacks)
        yield ""


def _row(attack: Attack) -> str:
    told = f"{attack.name} | {attack.where} | {attack.tries} | {_verdict(attack)}"
    return f"| {told.replace('<', '&lt;')} |"


def _verdict(attack: Attack) -> str:
    state = f"{attack.state} or {attack.also}" if attack.also else attack.state
    if attack.state in ("malformed", "missing"):
        return f"{state}: this notebook gets nothing"
    return f"{state}: 0 for the attacked exercise, {'all' if attack.keeps else 'at most all'} for the others"


def page(old: str) -> str:
    """The page with the list as it must be."""
    head, rest = old.split(BEGIN)
    return f"{head}{BEGIN}\n{listed()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
