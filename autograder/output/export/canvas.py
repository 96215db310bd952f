"""Canvas: a gradebook CSV as its importer reads it, filled in from the one exported there, or made from nothing.

The importer (lib/gradebook_importer.rb) wants “Student” in the first column, “ID” in the second, “Section” last of those
that say who somebody is; it finds people by ID, SIS User ID, SIS Login ID, then by name. It takes a blank cell for a
change, and a header that it does not know for a new assignment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .class_points import Class, Mark
from .csv_table import Table, harmless, read_table, refuse_formulas, shielded
from .matching import Column, match
from .request import TOTALS, ExportError, Request, Written, listed
from .rounding import number, within

IDENTITY = ("ID", "SIS User ID", "SIS Login ID")
_KNOWN = re.compile(r".+ \((\d+)\)\s*")
_DROPPED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_MUTED = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_POSSIBLE = "Points Possible"


class Canvas:
    """A file for the gradebook's import of Canvas."""

    name, tool, options, holds = "canvas", "Canvas", TOTALS, "the total alone"
    folder = False

    def write(self, marks: Class, request: Request) -> Written:
        """Fill in the file exported from Canvas, or make one; raises ExportError."""
        return _made(marks, request) if request.roster is None else _filled(marks, request)


def _made(marks: Class, request: Request) -> Written:
    """A file from nothing, for a class whose folders are named by what Canvas knows: without names and sections."""
    title, by = request.column or marks.assignment, request.id_column or IDENTITY[-1]
    if by not in IDENTITY:
        raise ExportError(f"--id-column must be {', '.join(IDENTITY[:-1])} or {IDENTITY[-1]}, but is {by!r}.")
    if request.absent == "zero":
        raise ExportError("Who is absent, only the gradebook exported from Canvas says: name it with --from.")
    _must_be_a_column(title)
    harmless(title)
    graded, notes = within(marks.marks, graded_of(marks), request.cap, "Canvas")
    _must_be_ids([mark.student for mark in graded], by)
    header = ("Student", *IDENTITY, "Section", title)
    rows = [(*_identity(mark, by), "", number(mark.score)) for mark in graded]
    if not _KNOWN.fullmatch(title):
        notes += (
            f"Canvas will propose a new assignment {title!r}; for one that exists, --column 'Title (its number)'.",
        )
        rows.insert(0, (f"    {_POSSIBLE}", "", "", "", "", number(graded_of(marks))))
    return Written(Table(header, tuple(rows)).encoded(), len(graded), notes)


def graded_of(marks: Class) -> float:
    """The maximum that the scores are of."""
    return next((mark.max_score for mark in marks.marks), marks.max_score)


def _identity(mark: Mark, by: str) -> tuple[str, ...]:
    # Canvas looks for the name last, and finds nobody by a student's number.
    return (shielded(mark.name or mark.student), *(mark.student if one == by else "" for one in IDENTITY))


def _must_be_ids(students: Sequence[str], by: str) -> None:
    refuse_formulas(students, f"the {by}")
    if by == "ID" and (odd := [one for one in students if not re.fullmatch("[0-9]+", one)]):
        raise ExportError(f"Canvas's own IDs are numbers, but there are {listed(odd)}: choose another --id-column.")


def _must_be_a_column(title: str) -> None:
    if _DROPPED.search(title):
        raise ExportError(f"Canvas drops columns that are called like {title!r}: choose another name with --column.")


def _filled(marks: Class, request: Request) -> Written:
    """Who somebody is as in the exported file, and the one column: what else is in the file stays as it is in Canvas."""
    assert request.roster is not None
    table = read_table(request.roster)
    identity = identity_of(table)
    column = _column_of(table, identity, request, marks.assignment)
    header = tuple(table.header[:identity])
    candidates = [name for name in IDENTITY if name in header]
    names = [request.id_column] if request.id_column else candidates
    columns = [Column(name, table.index(name, "who is who")) for name in names]
    special, rest = _split(table, column)
    people = Table(table.header, rest)
    found = match(people, marks.marks, columns, request)
    most = _possible(special, column)
    if most is not None and abs(most - graded_of(marks)) > 1e-9:
        raise ExportError(
            f"{table.header[column]!r} gives {number(most)} points in Canvas, the assignment {number(graded_of(marks))}: "
            f"change the one in Canvas, or convert with --out-of {number(most)}."
        )
    kept, cut = within(list(found.marks.values()), graded_of(marks), request.cap, "Canvas")
    scores = dict(zip(found.marks, (mark.score for mark in kept), strict=True))
    excused = [row[0] for place, row in enumerate(rest) if place in scores and row[column].strip().upper() == "EX"]
    absent = [row for place, row in enumerate(rest) if place not in scores]
    rows = []
    for place, row in enumerate(rest):
        if row[column].strip().upper() == "EX" or (place not in scores and request.absent == "leave"):
            continue
        rows.append((*_shielded_row(row, identity), number(scores.get(place, 0.0))))
    notes = [*found.notes, *cut]
    notes += [f"Excused in Canvas, and left so: {listed(excused)}."] if excused else []
    what = "given 0" if request.absent == "zero" else "left as they are in Canvas"
    notes += [f"Without a submission, {what}: {listed(row[0] for row in absent)}."] if absent else []
    top = [(*row[:identity], row[column]) for row in special]
    written = Table((*header, table.header[column]), (*top, *rows), table.separator, table.newline, table.marked)
    return Written(written.encoded(), len(rows), tuple(notes))


def identity_of(table: Table) -> int:
    """How many columns say who somebody is."""
    header = table.header
    good = len(header) > 3 and "Student" in header[0] and "ID" in header[1] and "Section" in header
    if not good:
        raise ExportError(
            "The file is no gradebook exported from Canvas: that begins with the columns Student and ID, and has a "
            "column Section. In Canvas: Grades, Export, Export Entire Gradebook."
        )
    return header.index("Section") + 1


def _column_of(table: Table, identity: int, request: Request, assignment: str) -> int:
    if request.column:
        _must_be_a_column(request.column)
        column = table.index(request.column, "the points")
        if column < identity:
            raise ExportError(f"{request.column!r} says who somebody is; --column names the assignment.")
        return column
    known = [place for place, name in enumerate(table.header) if place >= identity and _KNOWN.fullmatch(name)]
    mine = [
        place for place in known if table.header[place].rpartition(" (")[0].strip().casefold() == assignment.casefold()
    ]
    if len(mine) != 1 and len(known) != 1:
        names = ", ".join(repr(table.header[place]) for place in known) or "none"
        raise ExportError(f"Which of Canvas's assignments is meant? Say with --column; in the file there are: {names}.")
    return (mine if len(mine) == 1 else known)[0]


def _split(table: Table, column: int) -> tuple[list[tuple[str, ...]], tuple[tuple[str, ...], ...]]:
    """The line of the points possible, and the lines of people; a line on the posting of grades is neither."""
    special = [row for row in table.rows if _POSSIBLE in row[0]]
    if any("read only" in row[column] for row in special):
        raise ExportError(f"{table.header[column]!r} is read only in Canvas: name the assignment with --column.")
    return special, people_of(table)


def people_of(table: Table) -> tuple[tuple[str, ...], ...]:
    """The lines of people."""
    others = [row for row in table.rows if _POSSIBLE not in row[0]]
    return tuple(row for row in others if not all(_MUTED.fullmatch(cell) for cell in row))


def _possible(special: Sequence[tuple[str, ...]], column: int) -> float | None:
    for row in special:
        try:
            return float(row[column].replace(",", "."))
        except ValueError:
            continue
    return None


def _shielded_row(row: Sequence[str], identity: int) -> tuple[str, ...]:
    """Who somebody is, fit for a spreadsheet: Canvas looks at the ID, and at nothing else where there is one."""
    name, number_, *others = row[:identity]
    if not number_.strip() and any(shielded(cell) != cell for cell in (name, *others)):
        raise ExportError(
            f"{name!r} has no ID in the file, so that Canvas would look for the name, which a spreadsheet takes for a "
            "formula: export the gradebook from Canvas again, with IDs."
        )
    return (shielded(name), number_, *map(shielded, others))
