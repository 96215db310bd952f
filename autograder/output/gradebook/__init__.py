"""nbgrader's gradebook: registers the assignment and writes grades; the only package that knows nbgrader's database."""

from __future__ import annotations

from collections.abc import Iterable

from ...course.built_notebooks import load_sources
from ...course.layout import Layout
from ...grading.record import Record
from .assignment import register_assignment
from .connection import WAIT, GradebookError, Locked, load_nbgrader
from .direct import NotDirect, registered_state, write_directly
from .grades import write_grades
from .late import assign_penalties
from .points import Book, Booked, read_marks
from .state import gradebook_stamp

__all__ = [
    "Book",
    "Booked",
    "GradebookError",
    "Locked",
    "NotDirect",
    "assign_penalties",
    "gradebook_stamp",
    "load_nbgrader",
    "read_marks",
    "register_assignment",
    "registered_state",
    "write_directly",
    "write_gradebook",
    "write_grades",
]


def write_gradebook(layout: Layout, records: Iterable[Record], *, wait: float = WAIT) -> int:
    """Register the built notebooks, write the grades of `records`, then what lateness costs; as `write_grades`."""
    register_assignment(layout, load_sources(layout.source), wait=wait)
    written = write_grades(layout, records, wait=wait)
    assign_penalties(layout, wait=wait)
    return written
