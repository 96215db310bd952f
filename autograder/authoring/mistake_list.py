"""The known mistakes of an assignment, for people: what they are called, and what students are told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..checks.exercise import Exercise, Mistake
from ..checks.rendering import number
from ..course.layout import Layout
from ..course.settings import load_config
from ..problems import load, mistakes
from ..problems.points import as_assigned

BEGIN, END = (
    "<!-- table of exercises: `autograder mistakes --into` writes it, except the second column -->",
    "<!-- end -->",
)
FIRST = 3
_HEAD = "| exercise | what it teaches | points | known mistakes |"
_ROW = re.compile(r"\| `(\w+)` \| (.*?) \|")


def asked(layout: Layout, stems: Sequence[str] = ()) -> Iterator[tuple[str, Exercise]]:
    """The exercises of an assignment as its settings have them, each with its notebook."""
    config = load_config(layout)
    for stem in layout.stems():
        if not stems or stem in stems:
            for exercise in as_assigned(load(stem), config).exercises:
                yield stem, exercise


def listed(layout: Layout, stems: Sequence[str] = ()) -> str:
    """All known mistakes in words: their names, and what a student is told."""
    lines = []
    for stem, exercise in asked(layout, stems):
        known = _by_name(stem, exercise)
        lines += [f"{exercise.name} ({stem}, {_points(exercise)}): {len(known)} known mistakes"]
        lines += [f"  {one.name}: {one.says}" for one in known] + [""]
    return "\n".join(lines)


def _by_name(stem: str, exercise: Exercise) -> list[Mistake]:
    """The known mistakes of an exercise, once each, however many ways of making one are known."""
    return list({one.name: one for one in mistakes(stem, exercise.name)}.values())


def write_table(layout: Layout, page: Path) -> bool:
    """Bring the table between the marks of a Markdown page up to date; returns whether it had to be changed.

    What the second column says is kept. Raises ValueError where the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{page} has no place for the table: put the lines {BEGIN} and {END} where it belongs.")
    teaches = dict(_ROW.findall(old))
    made = f"{before}{mark}\n{_table(layout, teaches)}\n{end}{after}"
    if made != text:
        page.write_text(made, encoding="utf-8")
    return made != text


def _table(layout: Layout, teaches: dict[str, str]) -> str:
    rows = [_HEAD, "|---|---|---|---|"]
    last = ""
    for stem, exercise in asked(layout):
        if stem != last:
            rows.append(f"| **{stem}** | | | |")
            last = stem
        known = _by_name(stem, exercise)
        named = "; ".join(one.name for one in known[:FIRST]).replace("|", r"\|")
        more = f" … ({len(known)})" if len(known) > FIRST else ""
        told = teaches.get(exercise.name, "**to be said**")
        rows.append(f"| `{exercise.name}` | {told} | {number(exercise.points)} | {named}{more} |")
    return "\n".join(rows)


def _points(exercise: Exercise) -> str:
    return f"{number(exercise.points)} {'point' if exercise.points == 1 else 'points'}"
