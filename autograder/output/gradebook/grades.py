"""Grades in the gradebook, in bulk: what is there is read once a chunk, and only what differs is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ...course.built_notebooks import CHECK_PREFIX
from ...course.layout import Layout
from ...files.text import clean
from ...grading.record import NotebookRecord, Record
from .connection import WAIT, GradebookError, Tools, nbgrader_of
from .written import BookedWords

CHUNK = 400


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
                written += _Writer(tools, connection, layout, cells, words).write(chunk)
    words.keep()
    return written


@dataclass
class _Cells:
    """Ids of an assignment's notebooks by name, and of their cells: with points by name, with comments in a list."""

    assignment: str
    notebooks: dict[str, str]
    graded: dict[str, dict[str, str]] = field(default_factory=dict)
    commented: dict[str, list[str]] = field(default_factory=dict)

    def must_know(self, record: Record) -> None:
        """Raise GradebookError when a record has points for a cell that the gradebook does not know."""
        for notebook in record.notebooks:
            graded = self.graded.get(self.notebooks.get(notebook.stem, ""), {})
            for verdict in notebook.verdicts:
                if f"{CHECK_PREFIX}{verdict.exercise}" not in graded:
                    raise GradebookError(
                        f"The gradebook does not know the cell {CHECK_PREFIX}{verdict.exercise} of {notebook.stem}: the verdicts are "
                        "of other notebooks than the built ones. Run `autograder build`, then grade again."
                    )


def _registered(tools: Tools, connection: Any, layout: Layout) -> _Cells:
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
    cells = _Cells(found, dict(connection.execute(query).all()))
    query = select(cell.c.id, cell.c.name, cell.c.notebook_id, cell.c.type)
    for one, name, owner, kind in connection.execute(query.where(cell.c.notebook_id.in_(cells.notebooks.values()))):
        if kind in ("GradeCell", "TaskCell"):
            cells.graded.setdefault(owner, {})[name] = one
        if kind in ("SolutionCell", "TaskCell"):
            cells.commented.setdefault(owner, []).append(one)
    return cells


class _Writer:
    """Writes one chunk of records in one transaction: reads what is there, then inserts and updates in bulk."""

    def __init__(self, tools: Tools, connection: Any, layout: Layout, cells: _Cells, words: BookedWords) -> None:
        self._api, self._sql, self._parse_utc = tools.api, tools.sql, tools.parse_utc
        self._connection, self._layout, self._cells, self._words = connection, layout, cells, words
        self._new: dict[Any, list[dict[str, Any]]] = {}
        self._times: list[dict[str, Any]] = []
        self._scores: list[dict[str, Any]] = []

    def write(self, records: Sequence[Record]) -> int:
        """Write the records and return how many submissions they have in the gradebook."""
        self._look([clean(record.student) for record in records])
        written = sum(self._submission(clean(record.student), record) for record in records)
        # In this order, because the rows of each table point to those of the one before.
        for kind in ("Student", "SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment"):
            if rows := self._new.get(kind):
                self._connection.execute(self._table(kind).insert(), rows)
        self._update("SubmittedAssignment", self._times, "timestamp")
        self._update("Grade", self._scores, "auto_score", "needs_manual_grade")
        return written

    def _table(self, kind: str) -> Any:
        return getattr(self._api, kind).__table__

    def _add(self, kind: str, **row: Any) -> str:
        row = {"id": self._api.new_uuid(), **row}
        self._new.setdefault(kind, []).append(row)
        return str(row["id"])

    def _update(self, kind: str, rows: list[dict[str, Any]], *names: str) -> None:
        if rows:
            table, bound = self._table(kind), self._sql.bindparam
            values = {name: bound(f"new_{name}") for name in names}
            self._connection.execute(table.update().where(table.c.id == bound("row")).values(values), rows)

    def _look(self, names: Sequence[str]) -> None:
        """Read what the gradebook has of these students' submissions."""
        run, select = self._connection.execute, self._sql.select
        student, submission = self._table("Student"), self._table("SubmittedAssignment")
        book, grade, comment = self._table("SubmittedNotebook"), self._table("Grade"), self._table("Comment")
        self._students = set(run(select(student.c.id).where(student.c.id.in_(names))).scalars())
        query = select(submission.c.id, submission.c.student_id, submission.c.timestamp)
        query = query.where(submission.c.assignment_id == self._cells.assignment, submission.c.student_id.in_(names))
        self._submissions = {one.student_id: one for one in run(query)}
        mine = select(submission.c.id).where(
            submission.c.assignment_id == self._cells.assignment, submission.c.student_id.in_(names)
        )
        books = select(book.c.id, book.c.assignment_id, book.c.notebook_id).where(book.c.assignment_id.in_(mine))
        self._books = {(one.assignment_id, one.notebook_id): one.id for one in run(books)}
        inside = select(book.c.id).where(book.c.assignment_id.in_(mine))
        # Held until they are written (by a server; SQLite has but one writer): whether a review is due must be of these points.
        grades = select(grade).where(grade.c.notebook_id.in_(inside)).order_by(grade.c.id).with_for_update()
        self._grades = {(one.notebook_id, one.cell_id): one for one in run(grades)}
        comments = select(comment.c.notebook_id, comment.c.cell_id).where(comment.c.notebook_id.in_(inside))
        self._comments = {(one.notebook_id, one.cell_id) for one in run(comments)}
        # A plain `nbgrader autograde` may have said "No response." of an earlier submission.
        stale = comment.update().where(comment.c.notebook_id.in_(inside), comment.c.auto_comment.is_not(None))
        run(stale.values(auto_comment=None))

    def _submission(self, name: str, record: Record) -> bool:
        """Collect the rows of one record; False where it has no submission."""
        if name not in self._students:
            self._students.add(name)
            self._add("Student", id=name)
        known = self._submissions.get(name)
        if known is None and record.state == "missing":
            return False
        timestamp = self._timestamp(record.student)
        if known is None:
            about = {"assignment_id": self._cells.assignment, "student_id": name, "timestamp": timestamp}
            submission = self._add("SubmittedAssignment", **about)
        else:
            submission = known.id
            if known.timestamp != timestamp:
                self._times.append({"row": submission, "new_timestamp": timestamp})
        books = {notebook.stem: notebook for notebook in record.notebooks}
        self._cells.must_know(record)
        for stem, notebook_id in self._cells.notebooks.items():
            self._notebook(name, submission, notebook_id, books.get(stem))
        return True

    def _notebook(self, student: str, submission: str, notebook_id: str, notebook: NotebookRecord | None) -> None:
        owner = self._books.get((submission, notebook_id))
        if owner is None:
            owner = self._add("SubmittedNotebook", assignment_id=submission, notebook_id=notebook_id, flagged=False)
        scores = {f"{CHECK_PREFIX}{one.exercise}": one.points for one in notebook.verdicts} if notebook else {}
        there = notebook is not None and notebook.present
        for name, cell_id in self._cells.graded.get(notebook_id, {}).items():
            mark = notebook.written.get(name) if notebook and there else None
            # What was not handed in, or holds no answer in words, gets 0; what only people can grade waits for them.
            score = scores.get(name, None if there and mark != "" else 0.0)
            place = f"{notebook.stem}/{name}" if notebook else name
            self._grade(owner, cell_id, score, self._words.changed(student, place, mark))
        for cell_id in self._cells.commented.get(notebook_id, ()):
            if (owner, cell_id) not in self._comments:
                self._add("Comment", notebook_id=owner, cell_id=cell_id)

    def _grade(self, owner: str, cell_id: str, score: float | None, changed: bool) -> None:
        known = self._grades.get((owner, cell_id))
        if known is None:
            self._add("Grade", notebook_id=owner, cell_id=cell_id, auto_score=score, needs_manual_grade=score is None)
            return
        review = score is None
        if known.manual_score is not None:
            review = bool(known.needs_manual_grade) or score != known.auto_score or changed
        if (score, review) != (known.auto_score, known.needs_manual_grade):
            self._scores.append({"row": known.id, "new_auto_score": score, "new_needs_manual_grade": review})

    def _timestamp(self, student: str) -> Any:
        """When the submission was handed in, as its timestamp.txt has it; None where that says nothing."""
        path = self._layout.submitted / student / self._layout.assignment / "timestamp.txt"
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                text = os.read(handle, 200).decode().strip()
            finally:
                os.close(handle)
            return self._parse_utc(text) if text else None
        except (OSError, ValueError, OverflowError, TypeError):
            return None
