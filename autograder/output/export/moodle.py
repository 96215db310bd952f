"""Moodle: the offline grading worksheet of an assignment, filled in, and a CSV for the gradebook's own import.

The worksheet's importer finds its columns by their names in the language of who uploads, so that a worksheet can only be
filled in. It skips in silence a grade above the maximum and a row that somebody changed in Moodle since the download.
The gradebook's importer stops at the first unknown user, and compares e-mail addresses letter by letter.
"""

from __future__ import annotations

import re

from .canvas import graded_of
from .class_points import Class
from .csv_table import Table, harmless, read_table, refuse_formulas, shielded
from .matching import Column, match
from .request import TOTALS, ExportError, Request, Written, listed
from .rounding import number, within

IDENTIFIER, GRADE, MAXIMUM, MODIFIED = "Identifier", "Grade", "Maximum grade", "Last modified (grade)"
CHANGEABLE = "Grade can be changed"
_PEOPLE = ("username", "id number", "idnumber", "email address", "email", "id", "user id")


class MoodleWorksheet:
    """The offline grading worksheet of an assignment in Moodle."""

    name, tool, options, holds = "moodle", "Moodle", TOTALS, "the total alone"
    folder = False

    def write(self, marks: Class, request: Request) -> Written:
        """Fill in the worksheet; raises ExportError."""
        return _worksheet(marks, request)


class MoodleGradebook:
    """A CSV for the import into Moodle's gradebook."""

    name, tool, options, holds = "moodle-gradebook", "Moodle", TOTALS, "the total alone"
    folder = False

    def write(self, marks: Class, request: Request) -> Written:
        """Say who has how many points; raises ExportError."""
        return _gradebook(marks, request)


def _worksheet(marks: Class, request: Request) -> Written:
    """The worksheet with the grades filled in, everything else as downloaded; raises ExportError."""
    if request.roster is None:
        raise ExportError(
            "Moodle takes back the worksheet that it gave, and no other: download it (the assignment, Submissions, "
            "Actions, Download grading worksheet) and name it with --from."
        )
    table = read_table(request.roster)
    grade = table.index(request.column or GRADE, "the points; in another language than English name it with --column")
    known = {name.strip().casefold(): place for place, name in enumerate(table.header)}
    if not request.column:
        table.index(IDENTIFIER, "which Moodle needs")
        table.index(MODIFIED, "which Moodle needs")
    columns = who(table, request, grade)
    found = match(table, marks.marks, columns, request)
    most = graded_of(marks)
    _same_maximum(table, known, grade, most)
    kept, cut = within(list(found.marks.values()), most, request.cap, "Moodle")
    scores = dict(zip(found.marks, (mark.score for mark in kept), strict=True))
    absent = [row for place, row in enumerate(table.rows) if place not in scores]
    locked = known.get(CHANGEABLE.casefold())
    closed = [
        row[0]
        for place, row in enumerate(table.rows)
        if place in scores and locked is not None and row[locked].strip() == "No"
    ]
    rows = []
    for place, row in enumerate(table.rows):
        score = scores.get(place, 0.0 if request.absent == "zero" else None)
        cells = [shielded(cell) if 0 < at < grade else cell for at, cell in enumerate(row)]
        cells[grade] = row[grade] if score is None else number(score)
        rows.append(tuple(cells))
    notes = [*found.notes, *cut]
    notes += (
        [f"Moodle says that their grades cannot be changed, and will skip them: {listed(closed)}."] if closed else []
    )
    what = "given 0" if request.absent == "zero" else "left as they are"
    notes += [f"Without a submission, {what}: {listed(row[columns[0].place] for row in absent)}."] if absent else []
    written = Table(table.header, tuple(rows), table.separator, table.newline, table.marked)
    return Written(written.encoded(), len(scores) + (len(absent) if request.absent == "zero" else 0), tuple(notes))


def who(table: Table, request: Request, grade: int) -> list[Column]:
    """The columns that may say who somebody is: the number of the identifier first, which is in the folders of a download."""
    identifier = Column(table.header[0], 0, lambda cell: (re.search(r"[0-9]+\s*$", cell) or [""])[0].strip())
    if request.id_column:
        place = table.index(request.id_column, "who is who")
        return [identifier if place == 0 else Column(table.header[place], place)]
    # A full name is nobody's own, so it is taken only where it is asked for.
    others = [Column(name, place) for place, name in enumerate(table.header[:grade]) if place]
    return [identifier, *(column for column in others if column.name.strip().casefold() in _PEOPLE)]


def _same_maximum(table: Table, known: dict[str, int], grade: int, most: float) -> None:
    """Raise ExportError where Moodle's maximum is another one; in every language it stands right of the grade."""
    place = known.get(MAXIMUM.casefold(), grade + 1)
    if place >= len(table.header):
        return
    for row in table.rows:
        try:
            said = float(row[place].replace(",", "."))
        except ValueError:
            continue
        if abs(said - most) > 1e-9:
            raise ExportError(
                f"The maximum grade in Moodle is {number(said)}, the assignment gives {number(most)}: change it in "
                f"Moodle and download the worksheet again, or convert with --out-of {number(said)}."
            )


def _gradebook(marks: Class, request: Request) -> Written:
    """A CSV for the import into Moodle's gradebook: who, and how many points; raises ExportError."""
    title = harmless(request.column or marks.assignment)
    graded, notes = within(marks.marks, graded_of(marks), request.cap, "Moodle")
    if request.roster is None:
        by, rows = request.id_column or "username", [(mark.student, number(mark.score)) for mark in graded]
        if request.absent == "zero":
            raise ExportError("Who is absent, only a list of the participants says: name it with --from.")
    else:
        table = read_table(request.roster)
        places = [(place, name) for place, name in enumerate(table.header) if name.strip().casefold() in _PEOPLE]
        if request.id_column:
            places = [(table.index(request.id_column, "who is who"), request.id_column)]
        if not places:
            raise ExportError("Which column of the file says who somebody is? Name it with --id-column.")
        found = match(table, graded, [Column(name, place) for place, name in places], request)
        by = table.header[found.column.place]
        # In Moodle's own spelling, which the importer compares letter by letter.
        rows = [
            (table.rows[place][found.column.place].strip(), number(mark.score))
            for place, mark in sorted(found.marks.items())
        ]
        absent = [row[found.column.place] for place, row in enumerate(table.rows) if place not in found.marks]
        if request.absent == "zero":
            rows += [(one.strip(), "0") for one in absent if one.strip()]
        what = "given 0" if request.absent == "zero" else "left out"
        notes += found.notes + ((f"Without a submission, {what}: {listed(absent)}.",) if absent else ())
    refuse_formulas((who for who, _ in rows), f"the {by}")
    return Written(Table((by, title), tuple(rows)).encoded(), len(rows), notes)
