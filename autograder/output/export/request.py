"""What is asked of an export, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

POINTS = ("auto", "gradebook", "results")
ABSENT = ("leave", "zero")
TOTALS = frozenset({"roster", "column", "id_column", "out_of", "cap", "skip_unknown", "absent"})
"""The options of a format that has one column of points, for people whom another tool knows."""
PEOPLE = frozenset({"roster", "id_column", "skip_unknown"})
"""The options of a format that has files for people whom another tool knows, and no points to import."""
_SHOWN = 20


class ExportError(ValueError):
    """The file cannot be written as asked, and was not touched; the message says who or what, and what to do."""


@dataclass(frozen=True)
class Request:
    """One export: the format and the file, the file it is filled in from, and the choices that people have.

    `column` names the column of the points, `id_column` the one that students' folders are named after, `out_of` the
    maximum to convert to; `cap` cuts what is above the maximum, `skip_unknown` leaves out who is not in `roster`,
    `absent` says what those in it get who have no submission, `excel` marks a plain file for Excel.
    """

    format: str
    out: Path
    roster: Path | None = None
    points: str = "auto"
    column: str = ""
    id_column: str = ""
    out_of: float | None = None
    cap: bool = False
    skip_unknown: bool = False
    absent: str = "leave"
    excel: bool = False


@dataclass(frozen=True)
class Written:
    """A file to write, how many students are in it, and sentences on everything that is not as one might expect.

    Where there are `files`, by name, they are to be written into a folder, and there is no `data`.
    """

    data: bytes
    students: int
    notes: tuple[str, ...] = ()
    source: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


def listed(names: Iterable[str]) -> str:
    """Names for a sentence, in quotes, with the number of those that are too many to say."""
    every = list(names)
    shown = ", ".join(map(repr, every[:_SHOWN]))
    return shown + (f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else "")
