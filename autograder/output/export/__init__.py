"""Points and pages for the course's other tools: Canvas, Moodle, spreadsheets; whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Protocol

from ...course.layout import Layout
from ...files.atomic import write_atomically
from ...files.scratch import MARK, fresh_folder
from .canvas import Canvas
from .canvas_comments import CanvasComments
from .class_points import Class, read_class
from .csv_plain import PlainCsv
from .moodle import MoodleGradebook, MoodleWorksheet
from .moodle_feedback import MoodleFeedback
from .request import ABSENT, POINTS, ExportError, Request, Written
from .rounding import scaled

__all__ = ["ABSENT", "FORMATS", "POINTS", "ExportError", "Exporter", "Request", "Written", "export"]


class Exporter(Protocol):
    """A format: its name on the command line, the tool it is for, which options it takes, what its file holds."""

    @property
    def name(self) -> str:
        """What `--format` calls it."""
        ...

    @property
    def tool(self) -> str:
        """Who reads it, for a sentence."""
        ...

    @property
    def options(self) -> frozenset[str]:
        """The fields of a request that it makes use of, beside those of every format."""
        ...

    @property
    def holds(self) -> str:
        """What is in the file, for a sentence."""
        ...

    @property
    def folder(self) -> bool:
        """Whether it is a folder of files."""
        ...

    def write(self, marks: Class, request: Request) -> Written:
        """Make the file of these points; raises ExportError with what to do."""
        ...


_ALL: tuple[Exporter, ...] = (
    Canvas(),
    CanvasComments(),
    MoodleWorksheet(),
    MoodleGradebook(),
    MoodleFeedback(),
    PlainCsv(),
)
FORMATS: Mapping[str, Exporter] = {one.name: one for one in _ALL}
_EVERY_FORMAT = {"format", "out", "points"}
_FLAGS = {"roster": "--from"}


def export(layout: Layout, request: Request) -> Written:
    """Write the points or pages of the assignment to `request.out`; returns what to say about it.

    The file or folder is there as a whole or, after an error, as it was before. Raises ExportError with what to do, GradebookError
    or OSError.
    """
    _look_at(request)
    marks = read_class(layout, request.points)
    marks = replace(marks, marks=scaled(marks.marks, marks.max_score, request.out_of))
    written = FORMATS[request.format].write(marks, request)
    if written.files:
        _write_folder(request.out, written.files)
    else:
        write_atomically(request.out, [written.data])
    return replace(written, notes=(*marks.notes, *written.notes), source=marks.source)


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of ours anew, whole or not at all; raises OSError."""
    part = folder.with_name(f".{folder.name}.part")
    fresh_folder(part)
    for name, content in files.items():
        (part / name).write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _look_at(request: Request) -> None:
    if request.format not in FORMATS:
        raise ExportError(f"There is no format {request.format!r}; there are {', '.join(FORMATS)}.")
    _options_are_taken(FORMATS[request.format], request)
    if not request.out.absolute().parent.is_dir():
        raise ExportError(f"There is no folder {request.out.absolute().parent} to write {request.out.name} into.")
    if FORMATS[request.format].folder:
        _look_at_folder(request.out)
    # The file is replaced as a whole, which must not happen to /dev/stdout or to what a link stands for.
    elif request.out.is_symlink() or (request.out.exists() and not request.out.is_file()):
        raise ExportError(f"{request.out} is a folder, a link or a device; name the file to write with --out.")
    if request.roster is not None and request.out.resolve() == request.roster.resolve():
        raise ExportError(f"--out and --from are both {request.out}: keep the file you downloaded, and write another.")


def _look_at_folder(folder: Path) -> None:
    """Raise ExportError where the folder holds what is not ours."""
    ours = folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))
    if folder.is_symlink() or (folder.exists() and not ours):
        raise ExportError(
            f"{folder} is there already, and was not made by this command: name a folder that is not there yet with --out."
        )


def _options_are_taken(exporter: Exporter, request: Request) -> None:
    """Raise ExportError for an option that would have no effect in this format."""
    for one in fields(Request):
        known = one.name in _EVERY_FORMAT or one.name in exporter.options
        if not known and getattr(request, one.name) != one.default:
            flag = _FLAGS.get(one.name, f"--{one.name.replace('_', '-')}")
            tools = " and ".join(dict.fromkeys(other.tool for other in _ALL if one.name in other.options))
            raise ExportError(f"{flag} is for {tools}; the format {exporter.name} has {exporter.holds}.")
