"""A plain CSV: a line for each student, a column for each exercise, for spreadsheets and for programs."""

from __future__ import annotations

from .class_points import Class, Mark
from .csv_table import Table, shielded
from .request import Request, Written
from .rounding import number

COLUMNS = ("student", "name", "state", "score", "max_score", "late_penalty", "by_hand")


class PlainCsv:
    """A CSV with everything, of no tool in particular."""

    name, tool, options = "csv", "a plain CSV", frozenset({"excel"})
    folder = False
    holds = "every student who was graded, with the points of every exercise"

    def write(self, marks: Class, request: Request) -> Written:
        """The file; texts that a spreadsheet would take for formulas have an apostrophe in front, everywhere."""
        header = (*COLUMNS, *map(shielded, marks.columns))
        rows = tuple(_row(mark, marks.columns) for mark in marks.marks)
        return Written(Table(header, rows, marked=request.excel).encoded(), len(rows))


def _row(mark: Mark, columns: tuple[str, ...]) -> tuple[str, ...]:
    about = (shielded(mark.student), shielded(mark.name), mark.state)
    numbers = [number(value, 4) for value in (mark.score, mark.max_score, mark.penalty)]
    points = [number(mark.parts.get(name, 0.0), 4) for name in columns]
    return (*about, *numbers, "yes" if mark.by_hand else "no", *points)
