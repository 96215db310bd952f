"""Moodle: the zip of “Upload multiple feedback files in a zip”, a folder for each participant with the page in it.

The importer (mod/assign/feedback/file/importziplib.php) splits the name of a folder at underscores: full name, the number
of the participant, plugin type, plugin name. It goes by the number, and leaves out in silence what it does not know.
"""

from __future__ import annotations

import io
import re
import zipfile

from .class_points import Class
from .csv_table import Table, read_table
from .matching import match
from .moodle import GRADE, IDENTIFIER, who
from .pages import read_pages
from .request import PEOPLE, ExportError, Request, Written, listed

_NAME = "Full name"
_ENDING = "assignsubmission_file_"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class MoodleFeedback:
    """A zip file of feedback pages for an assignment in Moodle."""

    name, tool, options, holds = "moodle-feedback", "Moodle", PEOPLE, "pages and no points"
    folder = False

    def write(self, marks: Class, request: Request) -> Written:
        """Pack everybody's page under the name that the worksheet gives; raises ExportError."""
        if request.roster is None:
            raise ExportError(
                "Who has which number in Moodle, only its worksheet says: download it (the assignment, Submissions, "
                "Actions, Download grading worksheet) and name it with --from."
            )
        table = read_table(request.roster)
        number = _numbers(table)
        found = match(table, marks.marks, who(table, request, _grade(table)), request)
        pages, notes = read_pages(marks, list(found.marks.values()))
        files = {}
        for row, mark in sorted(found.marks.items()):
            if mark.student in pages:
                folder = f"{_name_of(table, table.rows[row])}_{number[row]}_{_ENDING}"
                files[f"{folder}/{marks.assignment}.html"] = pages[mark.student]
        absent = [cells[0] for row, cells in enumerate(table.rows) if row not in found.marks]
        told = [f"Without a submission, and so without a page: {listed(absent)}."] if absent else []
        return Written(_packed(files), len(files), (*found.notes, *notes, *told))


def _grade(table: Table) -> int:
    """The first column that says nothing about a person; in an unknown language those of the beginning are looked at."""
    known = [name.strip().casefold() for name in table.header]
    return known.index(GRADE.casefold()) if GRADE.casefold() in known else min(4, len(known))


def _numbers(table: Table) -> list[str]:
    """The number of each participant, at the end of the worksheet's first column; raises ExportError."""
    found = [re.search(r"([0-9]+)\s*$", row[0]) for row in table.rows]
    odd = [row[0] for row, one in zip(table.rows, found, strict=True) if one is None]
    if odd:
        raise ExportError(
            f"The first column must end with the number of the participant, as in {IDENTIFIER!r} of a worksheet "
            f"(“Participant 123”), but holds {listed(odd)}: name the assignment's grading worksheet with --from."
        )
    return [one[1] for one in found if one is not None]


def _name_of(table: Table, row: tuple[str, ...]) -> str:
    """The full name as it may stand in a folder's name; where names are hidden, the word that stands before the number."""
    known = {name.strip().casefold(): place for place, name in enumerate(table.header)}
    foreign = IDENTIFIER.casefold() not in known
    place = known.get(_NAME.casefold(), 1 if foreign and len(row) > 1 else 0)
    name = row[place] if place else re.sub(r"[0-9]+\s*$", "", row[0])
    # An underscore would move the number to another part of the name.
    harmless = re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|_]+', " ", name).strip(" .~")
    return harmless or "Participant"


def _packed(files: dict[str, bytes]) -> bytes:
    """A zip file of these files: the same bytes for the same pages."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, _EARLIEST)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, content)
    return whole.getvalue()
