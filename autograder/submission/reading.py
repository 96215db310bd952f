"""Read what a student handed in, whatever it is: never raises for bad input, never follows a link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..course.built_notebooks import SourceNotebook
from .folder import HANDED_OUT, SECRET, TIMESTAMP, Contents, digest, is_notebook, read_folder
from .locating import locate
from .matching import ReadNotebook, match_notebooks
from .notebook_file import read_notebooks
from .notes import Note

_TIME = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,9})?( ?(UTC|Z|[+-]\d\d:?\d\d))?\s{0,2}")
_SECRET = re.compile(rb"[0-9a-f]{32,512}")


@dataclass(frozen=True)
class Submission:
    """One student's folder as read: notebooks in the order of the built ones, further files, and the hash of all bytes."""

    student: str
    notebooks: tuple[ReadNotebook, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def timestamp(self) -> bytes | None:
        """What `timestamp.txt` says, if that is a time: anything else would break nbgrader's lists of submissions."""
        written = self.files.get(TIMESTAMP, b"")
        return written if _TIME.fullmatch(written) and _is_time(written[:19].decode()) else None

    @property
    def secret(self) -> bytes | None:
        """What `submission_secret.txt` says, if that may be what the exchange wrote: it is handed on to nbgrader."""
        written = self.files.get(SECRET, b"")
        return written if _SECRET.fullmatch(written) else None

    @property
    def empty(self) -> bool:
        """Whether there is no notebook at all, readable or not."""
        return all(one.merged is None and not one.malformed for one in self.notebooks)


def _is_time(text: str) -> bool:
    """Whether there is such a day and such a second."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_submission(student: str, folder: Path, sources: Sequence[SourceNotebook]) -> Submission:
    """Read `folder` (submitted/<student>/<assignment>); raises OSError only where this machine fails, not the student."""
    contents = read_folder(folder)
    located = locate(contents)
    files = {name: content for name, content in located.contents.items() if is_notebook(name) and "/" not in name}
    parsed = read_notebooks(files, {f"{source.stem}.ipynb" for source in sources})
    notebooks, named = match_notebooks(sources, parsed, located.contents)
    notes = [*located.notes, *(Note("not_asked_for", name) for name in sorted(set(parsed) - named))]
    return Submission(student, notebooks, _further(located.contents), digest(contents), tuple(notes))


def _further(contents: Contents) -> dict[str, bytes]:
    """The files that a student's code may read, without what we handed out."""
    return {
        name: content
        for name, content in contents.items()
        if isinstance(content, bytes) and not is_notebook(name) and name.split("/")[0] not in HANDED_OUT
    }
