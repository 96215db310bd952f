"""Lateness: what nbgrader's plug-in for late submissions takes off, for submissions that nbgrader did not grade."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...course.layout import Layout
from .connection import WAIT, GradebookError, Tools, nbgrader_of
from .points import counted


def assign_penalties(layout: Layout, *, wait: float = WAIT) -> int:
    """Set the penalties of the assignment's submissions as `nbgrader autograde` does; returns how many are late.

    Where the gradebook has no due date nothing is touched. With one, the plug-in of the course's settings decides
    (`AssignLatePenalties.plugin_class`, `LateSubmissionPlugin.penalty_method`), extensions count, and a submission
    that is not late, or for which the plug-in says nothing, has no penalty. Raises what `write_grades` raises.
    """
    with (
        nbgrader_of(layout, wait) as tools,
        _plugins_of(layout),
        tools.engine() as engine,
        engine.begin() as connection,
    ):
        return _assign(tools, connection, layout.assignment)


def _assign(tools: Tools, connection: Any, name: str) -> int:
    api, select, run = tools.api, tools.sql.select, connection.execute
    assignment = api.Assignment.__table__
    submission, book = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
    found, due = run(select(assignment.c.id, assignment.c.duedate).where(assignment.c.name == name)).one()
    if due is None:
        return 0
    mine = submission.c.assignment_id == found
    late: dict[str, tuple[str, float]] = {}
    query = select(submission.c.id, submission.c.student_id, submission.c.timestamp, submission.c.extension)
    for one, student, handed_in, extension in run(query.where(mine).order_by(submission.c.student_id)):
        until = due + extension if extension is not None else due
        if handed_in is not None and handed_in > until:
            late[one] = student, (handed_in - until).total_seconds()
    scores = _scores(tools, connection, found) if late else {}
    step = _step(tools) if late else None
    changed = []
    query = select(book.c.id, book.c.assignment_id, book.c.late_submission_penalty)
    for one, owner, penalty in run(query.join(submission, submission.c.id == book.c.assignment_id).where(mine)):
        wanted = _penalty(step, *late[owner], scores.get(one, 0.0)) if owner in late else None
        if penalty != wanted:
            changed.append({"row": one, "penalty": wanted})
    if changed:
        bind = tools.sql.bindparam
        run(book.update().where(book.c.id == bind("row")).values(late_submission_penalty=bind("penalty")), changed)
    return len(late)


def _scores(tools: Tools, connection: Any, assignment: str) -> dict[str, float]:
    """The points of every notebook handed in, read at once: nbgrader's tables have no index to ask for one by one."""
    api, select = tools.api, tools.sql.select
    submission, book, grade = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__, api.Grade.__table__
    query = select(grade.c.notebook_id, grade.c.auto_score, grade.c.manual_score, grade.c.extra_credit)
    query = query.join(book, book.c.id == grade.c.notebook_id).join(submission, submission.c.id == book.c.assignment_id)
    scores: dict[str, float] = {}
    for owner, *given in connection.execute(query.where(submission.c.assignment_id == assignment)):
        scores[owner] = scores.get(owner, 0.0) + counted(*given)
    return scores


def _step(tools: Tools) -> Any:
    from nbgrader.preprocessors import AssignLatePenalties

    with _named("cannot be used"):
        step = AssignLatePenalties(config=tools.settings)
        step.init_plugin()
        return step


@contextmanager
def _named(what: str) -> Iterator[None]:
    """A plug-in is the course's own code: whatever it raises gets a name."""
    try:
        yield
    except Exception as error:
        raise GradebookError(
            f"The plug-in for late submissions {what} ({type(error).__name__}: {error}). The grades are written, the "
            "penalties are not: mend it in nbgrader_config.py or where it stands, and grade again."
        ) from error


def _penalty(step: Any, student: str, seconds: float, score: float) -> float | None:
    with _named(f"failed on {student}"):
        said = step.plugin_inst.late_submission_penalty(student, score, seconds)
        # Never below 0 nor above the points, as nbgrader has it.
        return None if said is None else float(min(max(said, 0.0), score))


@contextmanager
def _plugins_of(layout: Layout) -> Iterator[None]:
    """Let the settings name plug-ins that stand in the course folder, as nbgrader does."""
    place = str(layout.course.resolve())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)
