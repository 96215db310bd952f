"""A plain CSV: a line for each student, a column for each exercise, for spreadsheets and for programs."""

from __future__ import annotations

from .marks import Class, Mark
from .request import ExportError, Request, Written
from .scale import number
from .table import Table, shielded

COLUMNS = ("student", "name", "state", "score", "max_score", "late_penalty", "by_hand")


def plain(marks: Class, request: Request) -> Written:
    """The file; texts that a spreadsheet would take for formulas have an apostrophe in front, everywhere."""
    for option, given in (("--from", request.roster), ("--column", request.column), ("--id-column", request.id_column)):
        if given:
            raise ExportError(f"{option} is for Canvas and Moodle; a plain CSV has every student and every exercise.")
    if request.absent == "zero":
        raise ExportError("--absent is for Canvas and Moodle: a plain CSV has the students that were graded.")
    header = (*COLUMNS, *map(shielded, marks.columns))
    rows = tuple(_row(mark, marks.columns) for mark in marks.marks)
    return Written(Table(header, rows, marked=request.excel).encoded(), len(rows))


def _row(mark: Mark, columns: tuple[str, ...]) -> tuple[str, ...]:
    about = (shielded(mark.student), shielded(mark.name), mark.state)
    numbers = [number(value, 4) for value in (mark.score, mark.max_score, mark.penalty)]
    points = [number(mark.parts.get(name, 0.0), 4) for name in columns]
    return (*about, *numbers, "yes" if mark.by_hand else "no", *points)
