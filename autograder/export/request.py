"""What is asked of an export, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

POINTS = ("auto", "gradebook", "results")
ABSENT = ("leave", "zero")
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
    """A file to write, how many students are in it, and sentences on everything that is not as one might expect."""

    data: bytes
    students: int
    notes: tuple[str, ...] = ()
    source: str = ""


def listed(names: Iterable[str]) -> str:
    """Names for a sentence, in quotes, with the number of those that are too many to say."""
    every = list(names)
    shown = ", ".join(map(repr, every[:_SHOWN]))
    return shown + (f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else "")
