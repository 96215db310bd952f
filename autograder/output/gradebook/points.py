"""What the gradebook says of an assignment, read in bulk: points by machine and by people, extra credit, penalties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...course.layout import Layout
from .connection import WAIT, Tools, nbgrader_of

Cell = tuple[str, str]


@dataclass(frozen=True)
class Booked:
    """One student's submission in the gradebook; cells are (notebook, name of the graded cell).

    `automatic` is what was graded by machine (None where only people can), `points` what counts, extra credit included;
    `waiting` are the cells that somebody must look at, `penalty` what lateness costs.
    """

    student: str
    last_name: str = ""
    first_name: str = ""
    automatic: Mapping[Cell, float | None] = field(default_factory=dict)
    points: Mapping[Cell, float] = field(default_factory=dict)
    waiting: tuple[Cell, ...] = ()
    penalty: float = 0.0

    @property
    def score(self) -> float:
        """What `nbgrader export` calls the score: all points without the penalty, never below 0."""
        return round(max(0.0, sum(self.points.values()) - self.penalty), 4)


@dataclass(frozen=True)
class Book:
    """An assignment in the gradebook: the most that each graded cell gives, and the submissions by student."""

    most: Mapping[Cell, float]
    submissions: Mapping[str, Booked]

    @property
    def max_score(self) -> float:
        """The most the assignment gives."""
        return round(sum(self.most.values()), 4)


def counted(automatic: float | None, manual: float | None, extra: float | None) -> float:
    """What nbgrader counts of a cell: the manual points or else the automatic ones, and extra credit where there are any."""
    given = automatic if manual is None else manual
    return 0.0 if given is None else float(given) + float(extra or 0.0)


def read_marks(layout: Layout, *, wait: float = WAIT) -> Book | None:
    """Read the assignment from the gradebook; None where there is no gradebook, or it does not know the assignment.

    Reads each table once, so that two thousand submissions take a second (`nbgrader export` asks for each one by itself).
    Raises what `write_grades` raises.
    """
    with nbgrader_of(layout, wait) as tools:
        url = tools.sql.engine.make_url(tools.url)
        # Asking SQLite for tables would make an empty file where there is none.
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return None
        with tools.engine() as engine, engine.connect() as connection:
            return _read(tools, connection, layout.assignment)


def _read(tools: Tools, connection: Any, name: str) -> Book | None:
    api, select = tools.api, tools.sql.select
    assignment, notebook, base = api.Assignment.__table__, api.Notebook.__table__, api.BaseCell.__table__
    if not tools.sql.inspect(connection).has_table("assignment"):
        return None
    found = connection.execute(select(assignment.c.id).where(assignment.c.name == name)).scalar()
    if found is None:
        return None
    most: dict[Cell, float] = {}
    cells: dict[str, Cell] = {}
    for kind in (api.GradeCell.__table__, api.TaskCell.__table__):
        query = select(base.c.id, notebook.c.name, base.c.name, kind.c.max_score)
        query = query.join(kind, kind.c.id == base.c.id).join(notebook, notebook.c.id == base.c.notebook_id)
        query = query.where(notebook.c.assignment_id == found).order_by(notebook.c.name, base.c.name)
        for cell_id, stem, cell, points in connection.execute(query):
            cells[cell_id] = (stem, cell)
            most[stem, cell] = float(points or 0.0)
    return Book(most, {one.student: one for one in _submissions(tools, connection, found, cells)})


def _submissions(tools: Tools, connection: Any, assignment: str, cells: dict[str, Cell]) -> list[Booked]:
    api, select = tools.api, tools.sql.select
    student, submission = api.Student.__table__, api.SubmittedAssignment.__table__
    book, grade = api.SubmittedNotebook.__table__, api.Grade.__table__
    query = select(submission.c.id, student.c.id, student.c.last_name, student.c.first_name)
    query = query.join(student, student.c.id == submission.c.student_id).order_by(student.c.id)
    people = connection.execute(query.where(submission.c.assignment_id == assignment)).all()
    penalties: dict[str, float] = {}
    query = select(book.c.assignment_id, book.c.late_submission_penalty)
    query = query.join(submission, submission.c.id == book.c.assignment_id)
    for owner, penalty in connection.execute(query.where(submission.c.assignment_id == assignment)):
        penalties[owner] = penalties.get(owner, 0.0) + float(penalty or 0.0)
    automatic: dict[str, dict[Cell, float | None]] = {}
    points: dict[str, dict[Cell, float]] = {}
    waiting: dict[str, list[Cell]] = {}
    query = select(book.c.assignment_id, grade).join(book, book.c.id == grade.c.notebook_id)
    query = query.join(submission, submission.c.id == book.c.assignment_id)
    for owner, *_, row in (
        (one[0], one) for one in connection.execute(query.where(submission.c.assignment_id == assignment))
    ):
        cell = cells[row.cell_id]
        automatic.setdefault(owner, {})[cell] = row.auto_score
        points.setdefault(owner, {})[cell] = counted(row.auto_score, row.manual_score, row.extra_credit)
        if row.needs_manual_grade:
            waiting.setdefault(owner, []).append(cell)
    return [
        Booked(
            name,
            last or "",
            first or "",
            automatic.get(owner, {}),
            points.get(owner, {}),
            tuple(sorted(waiting.get(owner, ()))),
            penalties.get(owner, 0.0),
        )
        for owner, name, last, first in people
    ]
