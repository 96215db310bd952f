"""Canvas: a folder with everybody's page and a table of comments, to be attached by hand or by `autograder send`."""

from __future__ import annotations

import re

from .canvas import IDENTITY, graded_of, identity_of, people_of
from .class_points import Class, Mark
from .csv_table import Table, read_table, shielded
from .matching import Column, match
from .pages import read_pages
from .request import PEOPLE, ExportError, Request, Written, listed
from .rounding import number

TABLE = "comments.csv"
HEADER = ("Student", *IDENTITY, "Section", "File", "Points", "Comment")


class CanvasComments:
    """Pages and comments for the submissions of an assignment in Canvas."""

    name, tool, options, holds = "canvas-comments", "Canvas", PEOPLE, "pages and comments"
    folder = True

    def write(self, marks: Class, request: Request) -> Written:
        """One page a student and the table; raises ExportError."""
        known, notes = _known(marks, request)
        pages, told = read_pages(marks, [mark for mark, _ in known])
        files: dict[str, bytes] = {}
        rows = []
        for mark, person in known:
            if mark.student not in pages:
                continue
            name = _file_name(mark, person, marks.assignment)
            if name in files:
                raise ExportError(
                    f"Two students would have the file {name}: {mark.student!r} is the second. Export the gradebook from "
                    "Canvas, which has a number for each of them, and name it with --from."
                )
            files[name] = pages[mark.student]
            text = f"{number(mark.score)} of {number(graded_of(marks))} points. {_WORDS}"
            rows.append((*map(shielded, person), name, number(mark.score), text))
        table = Table(HEADER, tuple(rows))
        return Written(b"", len(rows), (*notes, *told), files={TABLE: table.encoded(), **files})


_WORDS = "The page says what holds, what breaks, and what to mend first. Download it and open it in a browser."


def _known(marks: Class, request: Request) -> tuple[list[tuple[Mark, tuple[str, ...]]], tuple[str, ...]]:
    """Everybody with what Canvas knows: name, ID, SIS user ID, SIS login ID, section; raises ExportError."""
    if request.roster is None:
        by = request.id_column or IDENTITY[-1]
        if by not in IDENTITY:
            raise ExportError(f"--id-column must be {', '.join(IDENTITY[:-1])} or {IDENTITY[-1]}, but is {by!r}.")
        return [
            (mark, (mark.name or mark.student, *(mark.student if one == by else "" for one in IDENTITY), ""))
            for mark in marks.marks
        ], ()
    table = read_table(request.roster)
    identity_of(table)
    people = Table(table.header, people_of(table))
    names = [request.id_column] if request.id_column else [name for name in IDENTITY if name in table.header]
    found = match(people, marks.marks, [Column(name, table.index(name, "who is who")) for name in names], request)
    places = [table.header.index(name) if name in table.header else None for name in ("Student", *IDENTITY, "Section")]
    known = [
        (mark, tuple("" if place is None else people.rows[row][place] for place in places))
        for row, mark in sorted(found.marks.items())
    ]
    absent = [row[0] for place, row in enumerate(people.rows) if place not in found.marks]
    told = (f"Without a submission, and so without a page: {listed(absent)}.",) if absent else ()
    return known, (*found.notes, *told)


def _file_name(mark: Mark, person: tuple[str, ...], assignment: str) -> str:
    """Name, number and assignment, of letters and digits that every system takes."""
    name = "".join(re.findall(r"\w", person[0].casefold())).replace("_", "")
    who = re.sub(r"[^\w.@-]+", "-", person[1].strip() or mark.student).strip(".-")
    return f"{name or 'student'}_{who or 'student'}_{assignment}.html"
