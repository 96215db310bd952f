"""Points for the course's other tools: Canvas, Moodle, spreadsheets; one file, whole or not at all."""

from __future__ import annotations

from dataclasses import replace

from ..journal import write_atomically
from ..layout import Layout
from .canvas import canvas
from .marks import read_class
from .moodle import gradebook, worksheet
from .plain import plain
from .request import ABSENT, POINTS, ExportError, Request, Written
from .scale import scaled

__all__ = ["ABSENT", "FORMATS", "POINTS", "ExportError", "Request", "Written", "export"]

FORMATS = {"canvas": canvas, "moodle": worksheet, "moodle-gradebook": gradebook, "csv": plain}


def export(layout: Layout, request: Request) -> Written:
    """Write the points of the assignment to `request.out`; returns what to say about it.

    The file is there as a whole or, after an error, as it was before. Raises ExportError with what to do, GradebookError
    or OSError.
    """
    _look_at(request)
    marks = read_class(layout, request.points)
    marks = replace(marks, marks=scaled(marks.marks, marks.max_score, request.out_of, request.format))
    written = FORMATS[request.format](marks, request)
    write_atomically(request.out, [written.data])
    return replace(written, notes=(*marks.notes, *written.notes), source=marks.source)


def _look_at(request: Request) -> None:
    if request.format not in FORMATS:
        raise ExportError(f"There is no format {request.format!r}; there are {', '.join(FORMATS)}.")
    if not request.out.absolute().parent.is_dir():
        raise ExportError(f"There is no folder {request.out.absolute().parent} to write {request.out.name} into.")
    # The file is replaced as a whole, which must not happen to /dev/stdout or to what a link stands for.
    if request.out.is_symlink() or (request.out.exists() and not request.out.is_file()):
        raise ExportError(f"{request.out} is a folder, a link or a device; name the file to write with --out.")
    if request.roster is not None and request.out.resolve() == request.roster.resolve():
        raise ExportError(f"--out and --from are both {request.out}: keep the file you downloaded, and write another.")
