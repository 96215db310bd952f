"""The pages of all notebooks that an export hands on: those of the present verdicts, or none."""

from __future__ import annotations

from collections.abc import Sequence

from ...files.text import clean
from ..results import read_log
from ..student_files import whole_page, whole_stands
from .class_points import Class, Mark
from .request import ExportError, listed

SHOWN = "The pages show what the checks gave. Points by hand and penalties are in the gradebook alone."


def read_pages(marks: Class, wanted: Sequence[Mark]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The page of each student who has a verdict, and sentences on the others; raises ExportError, OSError.

    A page that is not there, or is not that of the verdict in the log, would tell a student something outdated.
    """
    layout, log = marks.layout, read_log(marks.layout)
    folders = {clean(path.name): path.name for path in layout.feedback.iterdir()} if layout.feedback.is_dir() else {}
    pages: dict[str, bytes] = {}
    lost = []
    for mark in wanted:
        if not mark.state:
            continue
        folder = folders.get(mark.student, mark.student)
        known = log.graded.get(folder)
        if known is None or not whole_stands(layout, folder, known.pages):
            lost.append(mark.student)
        else:
            pages[mark.student] = whole_page(layout, folder).read_bytes()
    if lost:
        raise ExportError(
            f"The feedback page is not there, or not the one of the last grading, for {listed(lost)}. Nothing was written. "
            "Run `autograder grade`, which writes what is missing."
        )
    if not pages:
        raise ExportError(f"There is no feedback page to hand on in {layout.feedback}: run `autograder grade` first.")
    without = [mark.student for mark in wanted if not mark.state]
    notes = [f"Without a feedback page, because not graded here: {listed(without)}."] if without else []
    if any(mark.by_hand or mark.penalty for mark in wanted):
        notes.append(SHOWN)
    return pages, tuple(notes)
