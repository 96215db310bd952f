"""Tables of text: read as tools write them, written as tools read them, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .request import ExportError

# What makes a spreadsheet take a cell for a formula, where a cell may begin: at the start of a text, and after every
# character that some spreadsheet takes for the end of a cell, whatever this file's own separator is.
_BEGINS = r"(?:\A|(?<=[,;|\t\r\n]))"
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
_RUNS = re.compile(rf"{_BEGINS}(?=[ ']*{_FORMULA})")
_SHIELDED = re.compile(rf"{_BEGINS}'(?=[ ']*{_FORMULA})")
_MOST_BYTES = 64 * 2**20


def shielded(text: str) -> str:
    """The text as no spreadsheet takes it for a formula: with an apostrophe where a cell would begin like one."""
    return _RUNS.sub("'", text)


def unshielded(text: str) -> str:
    """The text that `shielded` was given."""
    return _SHIELDED.sub("", text)


@dataclass(frozen=True)
class Table:
    """A file of separated values: header, rows of the same length, and how it was written."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    newline: str = "\n"
    marked: bool = False

    def index(self, name: str, what: str) -> int:
        """Where a column stands; raises ExportError, with the columns there are, where it is not or is twice."""
        places = [place for place, one in enumerate(self.header) if one.strip().casefold() == name.strip().casefold()]
        if len(places) != 1:
            there = "twice" if places else "not"
            raise ExportError(
                f"The column {name!r} ({what}) is {there} in the file; its columns are "
                f"{', '.join(repr(one) for one in self.header)}."
            )
        return places[0]

    def encoded(self) -> bytes:
        """The file: UTF-8, with the mark in front that it had."""
        text = io.StringIO(newline="")
        # A lone carriage return is the one character that breaks a line for readers and is not quoted by the writer.
        alone = any("\r" in cell for row in (self.header, *self.rows) for cell in row)
        style = Quoted if alone else csv.excel
        writer = csv.writer(text, style, delimiter=self.separator, lineterminator=self.newline)
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return text.getvalue().encode("utf-8-sig" if self.marked else "utf-8")


class Quoted(csv.excel):
    """Every cell in quotes."""

    quoting = csv.QUOTE_ALL


def read_table(path: Path) -> Table:
    """Read a file that Canvas or Moodle wrote; raises ExportError where it is no table in UTF-8, OSError."""
    try:
        with path.open("rb") as handle:
            data = handle.read(int(_MOST_BYTES) + 1)
    except FileNotFoundError as error:
        raise ExportError(f"There is no file {path}: name the one you downloaded with --from.") from error
    if len(data) > _MOST_BYTES:
        raise ExportError(f"{path} is larger than {_MOST_BYTES / 2**20:g} MB: it is no list of grades.")
    if data[:2] == b"PK":
        raise ExportError(f"{path} is a spreadsheet or a zip: download it as CSV.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError(
            f"{path} is not in UTF-8 (byte {error.start + 1}): use it as downloaded, without saving it in a spreadsheet, "
            "or save it as “CSV UTF-8”."
        ) from error
    separator = max(",;\t", key=lambda one: len(_first(text, one)))
    rows = _rows(path, text, separator)
    if len(rows) < 2 or len(rows[0]) < 2:
        raise ExportError(f"{path} is no table: it needs a line of column names and a line for each student.")
    # What Python's own reader says of a line end inside quotes does not count: the first one outside decides.
    newline = "\r\n" if re.match(r'(?:[^"\r\n]|"[^"]*")*\r\n', text) else "\n"
    return Table(rows[0], tuple(rows[1:]), separator, newline, data.startswith(b"\xef\xbb\xbf"))


def _first(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _rows(path: Path, text: str, separator: str) -> list[tuple[str, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if rows and len(row) != len(rows[0]):
                raise ExportError(
                    f"{path}, line {reader.line_num}: {len(row)} cells where the first line has {len(rows[0])}. "
                    "Download the file again; do not mend it by hand."
                )
            rows.append(tuple(row))
    except csv.Error as error:
        raise ExportError(f"{path}, line {reader.line_num}: {error}. Download the file again.") from error
    return rows


def harmless(title: str) -> str:
    """The name of a column that we make; raises ExportError where a spreadsheet would take it for a formula."""
    if shielded(title) != title:
        raise ExportError(f"A spreadsheet would take the column name {title!r} for a formula: choose another.")
    return title


def refuse_formulas(names: Iterable[str], what: str) -> None:
    """Raise ExportError for names that must stand in a file as they are, and that a spreadsheet would run."""
    bad: Sequence[str] = [name for name in names if shielded(name) != name]
    if bad:
        raise ExportError(
            f"{', '.join(map(repr, bad[:20]))}: {what} must stand in the file as it is, but a spreadsheet would take "
            "it for a formula. Rename the folder in submitted/ to what the other tool knows the student by, and grade again."
        )
