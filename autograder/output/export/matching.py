"""Who is who: the folders of submitted/ found in a column of the file that the lecturer downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .class_points import Mark
from .csv_table import Table
from .request import ExportError, Request, listed


@dataclass(frozen=True)
class Column:
    """A column that may identify students: its name, its place, and how its cells are read."""

    name: str
    place: int
    read: Callable[[str], str] = str.strip


@dataclass(frozen=True)
class Matched:
    """The marks by row, the column they were found by, who is not in the file, and notes on all that."""

    column: Column
    marks: Mapping[int, Mark]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def match(table: Table, marks: Sequence[Mark], columns: Sequence[Column], request: Request) -> Matched:
    """Find every mark's row by one column, the same for all: the one asked for, or the one in which most are found.

    Raises ExportError where nobody is found, where two columns serve equally well for different rows, where a student
    stands in the file twice, where two students are one row, and for students not in the file unless they may be left out.
    """
    found = {column.name: _found(table, marks, column) for column in columns}
    most = max((len(rows) for rows in found.values()), default=0)
    best = [column for column in columns if len(found[column.name]) == most]
    if not most:
        names = ", ".join(repr(column.name) for column in columns)
        raise ExportError(
            f"None of the students, {listed(mark.student for mark in marks)}, is in the file's columns {names}. The "
            "folders in submitted/ must be named by one of its columns: say by which with --id-column."
        )
    if any(found[one.name] != found[best[0].name] for one in best[1:]):
        names = " and ".join(repr(column.name) for column in best)
        raise ExportError(f"The columns {names} find as many students, but not the same: choose with --id-column.")
    column, rows = best[0], found[best[0].name]
    _one_each(table, column, rows)
    unknown = tuple(mark.student for mark in marks if mark.student not in rows)
    if unknown and not request.skip_unknown:
        raise ExportError(
            f"Not in the file's column {column.name!r}: {listed(unknown)}. Nothing was written. Mend the names of their "
            "folders in submitted/ and grade again, name another column with --id-column, or leave them out with "
            "--skip-unknown."
        )
    by_row = {rows[mark.student][0]: mark for mark in marks if mark.student in rows}
    notes = [f"Students were found by the column {column.name!r}."]
    notes += [f"Left out, because they are not in the file: {listed(unknown)}."] if unknown else []
    return Matched(column, by_row, unknown, tuple(notes))


def _found(table: Table, marks: Sequence[Mark], column: Column) -> dict[str, list[int]]:
    """The rows of each student in a column: as spelt, or else whatever the case of the letters."""
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for place, row in enumerate(table.rows):
        if value := column.read(row[column.place]):
            exact.setdefault(value, []).append(place)
            loose.setdefault(value.casefold(), []).append(place)
    found = {mark.student: exact.get(mark.student) or loose.get(mark.student.casefold()) for mark in marks}
    return {student: rows for student, rows in found.items() if rows}


def _one_each(table: Table, column: Column, found: Mapping[str, list[int]]) -> None:
    twice = [student for student, rows in found.items() if len(rows) > 1]
    if twice:
        raise ExportError(
            f"More than once in the file's column {column.name!r}: {listed(twice)}. Nothing was written. Take out the "
            "rows that are not meant, or name another column with --id-column."
        )
    owners: dict[int, list[str]] = {}
    for student, rows in found.items():
        owners.setdefault(rows[0], []).append(student)
    shared = [
        f"{listed(students)} are both {table.rows[row][column.place]!r}"
        for row, students in owners.items()
        if len(students) > 1
    ]
    if shared:
        raise ExportError(
            f"Two folders in submitted/ are one student of the file: {'; '.join(shared)}. Nothing was written. Merge "
            "or rename the folders and grade again."
        )
