"""Which rows of the gradebook a batch of records becomes, whatever the road to the database: what differs is written."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from ...course.built_notebooks import CHECK_PREFIX
from ...course.layout import Layout
from ...files.text import clean
from ...grading.record import NotebookRecord, Record
from .connection import GradebookError
from .written import BookedWords

CHUNK = 400
# In this order, because the rows of each table point to those of the one before.
TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


@dataclass(frozen=True)
class KnownGrade:
    """A grade as the gradebook has it."""

    id: str
    auto_score: float | None
    manual_score: float | None
    needs_manual_grade: bool


class Tables(Protocol):
    """nbgrader's tables in one transaction; everything that is read is that of some students' submissions of one assignment."""

    def students(self, names: Sequence[str]) -> Collection[str]:
        """Those of the students that the gradebook knows."""
        ...

    def submissions(self, assignment: str, names: Sequence[str]) -> Mapping[str, tuple[str, datetime | None]]:
        """Id and time of each student's submission."""
        ...

    def books(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], str]:
        """Ids of what was handed in, by submission and notebook."""
        ...

    def grades(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], KnownGrade]:
        """The grades, by what was handed in and cell; nobody else writes them before this transaction ends."""
        ...

    def comments(self, assignment: str, names: Sequence[str]) -> Collection[tuple[str, str]]:
        """Which cells of what was handed in have a comment."""
        ...

    def forget_automatic_comments(self, assignment: str, names: Sequence[str]) -> None:
        """Take away what a plain `nbgrader autograde` said of an earlier submission, "No response."."""
        ...

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, all of the same columns."""
        ...

    def update(self, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Set columns of the rows with an `id`."""
        ...

    def parse_utc(self, text: str) -> datetime | None:
        """A time as nbgrader reads it; raises ValueError, OverflowError, TypeError."""
        ...


@dataclass
class Cells:
    """Ids of an assignment's notebooks by name, and of their cells: with points by name, with comments in a list."""

    assignment: str
    notebooks: Mapping[str, str]
    graded: dict[str, dict[str, str]] = field(default_factory=dict)
    commented: dict[str, list[str]] = field(default_factory=dict)

    def add(self, cell: str, name: str, notebook: str, kind: str) -> None:
        """Take in a cell of nbgrader's table `base_cell`."""
        if kind in ("GradeCell", "TaskCell"):
            self.graded.setdefault(notebook, {})[name] = cell
        if kind in ("SolutionCell", "TaskCell"):
            self.commented.setdefault(notebook, []).append(cell)

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


class RowWriter:
    """Writes one chunk of records in one transaction: reads what is there, then inserts and updates in bulk."""

    def __init__(self, tables: Tables, layout: Layout, cells: Cells, words: BookedWords) -> None:
        """Write to these tables, for submissions in the folders of `layout`."""
        self._tables, self._layout, self._cells, self._words = tables, layout, cells, words
        self._new: dict[str, list[dict[str, Any]]] = {}
        self._times: list[dict[str, Any]] = []
        self._scores: list[dict[str, Any]] = []

    def write(self, records: Sequence[Record]) -> int:
        """Write the records and return how many submissions they have in the gradebook; raises GradebookError."""
        self._look([clean(record.student) for record in records])
        written = sum(self._submission(clean(record.student), record) for record in records)
        for table in TABLES:
            if rows := self._new.get(table):
                self._tables.insert(table, rows)
        if self._times:
            self._tables.update("submitted_assignment", ["timestamp"], self._times)
        if self._scores:
            self._tables.update("grade", ["auto_score", "needs_manual_grade"], self._scores)
        return written

    def _look(self, names: Sequence[str]) -> None:
        """Read what the gradebook has of these students' submissions."""
        tables, assignment = self._tables, self._cells.assignment
        self._students = set(tables.students(names))
        self._submissions = tables.submissions(assignment, names)
        self._books = tables.books(assignment, names)
        self._grades = tables.grades(assignment, names)
        self._comments = tables.comments(assignment, names)
        tables.forget_automatic_comments(assignment, names)

    def _add(self, table: str, **row: Any) -> str:
        made = {"id": uuid4().hex, **row}
        self._new.setdefault(table, []).append(made)
        return str(made["id"])

    def _submission(self, name: str, record: Record) -> bool:
        """Collect the rows of one record; False where it has no submission."""
        if name not in self._students:
            self._students.add(name)
            self._add("student", id=name)
        known = self._submissions.get(name)
        if known is None and record.state == "missing":
            return False
        timestamp = self._timestamp(record.student)
        if known is None:
            about = {"assignment_id": self._cells.assignment, "student_id": name, "timestamp": timestamp}
            submission = self._add("submitted_assignment", **about)
        else:
            submission, before = known
            if before != timestamp:
                self._times.append({"id": submission, "timestamp": timestamp})
        books = {notebook.stem: notebook for notebook in record.notebooks}
        self._cells.must_know(record)
        for stem, notebook_id in self._cells.notebooks.items():
            self._notebook(name, submission, notebook_id, books.get(stem))
        return True

    def _notebook(self, student: str, submission: str, notebook_id: str, notebook: NotebookRecord | None) -> None:
        owner = self._books.get((submission, notebook_id))
        if owner is None:
            about = {"assignment_id": submission, "notebook_id": notebook_id, "flagged": False}
            owner = self._add("submitted_notebook", **about)
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
                self._add("comment", notebook_id=owner, cell_id=cell_id)

    def _grade(self, owner: str, cell_id: str, score: float | None, changed: bool) -> None:
        known = self._grades.get((owner, cell_id))
        if known is None:
            self._add("grade", notebook_id=owner, cell_id=cell_id, auto_score=score, needs_manual_grade=score is None)
            return
        review = score is None
        if known.manual_score is not None:
            review = known.needs_manual_grade or score != known.auto_score or changed
        if (score, review) != (known.auto_score, known.needs_manual_grade):
            self._scores.append({"id": known.id, "auto_score": score, "needs_manual_grade": review})

    def _timestamp(self, student: str) -> datetime | None:
        """When the submission was handed in, as its timestamp.txt has it; None where that says nothing."""
        path = self._layout.submitted / student / self._layout.assignment / "timestamp.txt"
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                text = os.read(handle, 200).decode().strip()
            finally:
                os.close(handle)
            return self._tables.parse_utc(text) if text else None
        except (OSError, ValueError, OverflowError, TypeError):
            return None
