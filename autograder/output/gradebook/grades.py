"""Grades in the gradebook by way of nbgrader's own tables: any kind of database, at the price of nbgrader's start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from ...course.layout import Layout
from ...grading.record import Record
from .connection import WAIT, GradebookError, Tools, nbgrader_of
from .rows import CHUNK, Cells, KnownGrade, RowWriter
from .written import BookedWords


def write_grades(layout: Layout, records: Iterable[Record], *, wait: float = WAIT) -> int:
    """Write the grades of many submissions and return how many submissions the gradebook has of them.

    What people set stays: manual scores and comments, extra credit, extensions, penalties. A score that changes under
    a manual one is marked for review, as nbgrader does; so is an answer in words that is not the one that a person graded.
    An answer in words waits for a person; where nothing is written it has 0 and does not wait. A student who handed in
    nothing is known to the gradebook, but has no submission, which nbgrader exports as 0. Each chunk of records is one
    transaction.
    Raises Locked after `wait` seconds, GradebookError for an assignment that is not registered.
    """
    written = 0
    waiting = iter(records)
    words = BookedWords(layout)
    with nbgrader_of(layout, wait) as tools, tools.engine() as engine:
        with engine.connect() as connection:
            cells = _registered(tools, connection, layout)
        while chunk := list(islice(waiting, CHUNK)):
            with engine.begin() as connection:
                written += RowWriter(_Tables(tools, connection), layout, cells, words).write(chunk)
    words.keep()
    return written


def _registered(tools: Tools, connection: Any, layout: Layout) -> Cells:
    api, select = tools.api, tools.sql.select
    assignment, notebook, cell = api.Assignment.__table__, api.Notebook.__table__, api.BaseCell.__table__
    there = tools.sql.inspect(connection).has_table("assignment")
    query = select(assignment.c.id).where(assignment.c.name == layout.assignment)
    found = connection.execute(query).scalar() if there else None
    if found is None:
        raise GradebookError(
            f"The gradebook does not know the assignment {layout.assignment}: run `nbgrader generate_assignment "
            f"{layout.assignment}`, or grade with `autograder grade`, which registers it."
        )
    query = select(notebook.c.name, notebook.c.id).where(notebook.c.assignment_id == found)
    cells = Cells(found, dict(connection.execute(query).all()))
    query = select(cell.c.id, cell.c.name, cell.c.notebook_id, cell.c.type)
    for one in connection.execute(query.where(cell.c.notebook_id.in_(cells.notebooks.values()))):
        cells.add(*one)
    return cells


class _Tables:
    """nbgrader's tables in a transaction of SQLAlchemy."""

    def __init__(self, tools: Tools, connection: Any) -> None:
        self._sql, self._connection, self.parse_utc = tools.sql, connection, tools.parse_utc
        self._all = tools.api.Base.metadata.tables

    def students(self, names: Sequence[str]) -> Collection[str]:
        student = self._all["student"]
        found = self._connection.execute(self._sql.select(student.c.id).where(student.c.id.in_(names)))
        return set(found.scalars())

    def submissions(self, assignment: str, names: Sequence[str]) -> Mapping[str, tuple[str, datetime | None]]:
        of = self._all["submitted_assignment"]
        query = self._sql.select(of.c.student_id, of.c.id, of.c.timestamp)
        query = query.where(of.c.assignment_id == assignment, of.c.student_id.in_(names))
        return {student: (one, timestamp) for student, one, timestamp in self._connection.execute(query)}

    def _notebooks(self, assignment: str) -> Any:
        notebook = self._all["notebook"]
        return self._sql.select(notebook.c.id).where(notebook.c.assignment_id == assignment)

    def _handed_in(self, assignment: str, names: Sequence[str]) -> tuple[Any, Any]:
        """What picks the notebooks that these students handed in; by the columns with which the table's index begins."""
        book, of = self._all["submitted_notebook"], self._all["submitted_assignment"]
        mine = self._sql.select(of.c.id).where(of.c.assignment_id == assignment, of.c.student_id.in_(names))
        return book.c.notebook_id.in_(self._notebooks(assignment)), book.c.assignment_id.in_(mine)

    def _inside(self, table: Any, assignment: str, names: Sequence[str]) -> tuple[Any, Any]:
        """What picks the grades or comments in them, in the same way: otherwise every row is read for every chunk."""
        book, cell = self._all["submitted_notebook"], self._all["base_cell"]
        cells = self._sql.select(cell.c.id).where(cell.c.notebook_id.in_(self._notebooks(assignment)))
        books = self._sql.select(book.c.id).where(*self._handed_in(assignment, names))
        return table.c.cell_id.in_(cells), table.c.notebook_id.in_(books)

    def books(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], str]:
        book = self._all["submitted_notebook"]
        query = self._sql.select(book.c.assignment_id, book.c.notebook_id, book.c.id)
        query = query.where(*self._handed_in(assignment, names))
        return {(owner, notebook): one for owner, notebook, one in self._connection.execute(query)}

    def grades(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], KnownGrade]:
        grade = self._all["grade"]
        query = self._sql.select(grade).where(*self._inside(grade, assignment, names))
        # Held until they are written (by a server; SQLite has but one writer): whether a review is due must be of these points.
        found = self._connection.execute(query.order_by(grade.c.id).with_for_update())
        return {
            (one.notebook_id, one.cell_id): KnownGrade(
                one.id, one.auto_score, one.manual_score, bool(one.needs_manual_grade)
            )
            for one in found
        }

    def comments(self, assignment: str, names: Sequence[str]) -> Collection[tuple[str, str]]:
        comment = self._all["comment"]
        query = self._sql.select(comment.c.notebook_id, comment.c.cell_id)
        query = query.where(*self._inside(comment, assignment, names))
        return {(owner, cell) for owner, cell in self._connection.execute(query)}

    def forget_automatic_comments(self, assignment: str, names: Sequence[str]) -> None:
        comment = self._all["comment"]
        inside = self._inside(comment, assignment, names)
        stale = comment.update().where(*inside, comment.c.auto_comment.is_not(None))
        self._connection.execute(stale.values(auto_comment=None))

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._connection.execute(self._all[table].insert(), rows)

    def update(self, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        one, bound = self._all[table], self._sql.bindparam
        # SQLAlchemy keeps a column's own name for itself.
        given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        values = {name: bound(f"new_{name}") for name in columns}
        self._connection.execute(one.update().where(one.c.id == bound("new_id")).values(values), given)
