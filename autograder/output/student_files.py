"""What is written for one student: feedback pages and graded notebooks, and whether those of a verdict are there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..course.layout import Layout
from ..files.atomic import write_atomically
from ..submission.folder import SECRET, TIMESTAMP

if TYPE_CHECKING:
    from ..course.built_notebooks import SourceNotebook
    from ..grading.record import Record

Pages = dict[str, bytes | None]
WHOLE = "*.html"
"""In place of a name: the page of all notebooks, which lies beside the folder whose pages nbgrader hands out one by one."""
_FROM_THE_EXCHANGE = (TIMESTAMP, SECRET)
"""What nbgrader looks for beside graded notebooks and beside feedback."""
_TAIL = 200
_BEFORE, _AFTER, _LENGTH = b"<!-- graded ", b" -->\n", 24


def make_pages(record: Record, sources: Sequence[SourceNotebook], title: str) -> Pages:
    """Return a student's files by name; None where there must be none. Each page ends with one mark of them all.

    The mark is made of what stands there, and not the verdict's key: students see it, and a key would let them try
    seeds until one fits.
    """
    from .feedback.page import feedback_page, student_page
    from .graded_notebook import autograded_notebook

    pages: Pages = {}
    for notebook, source in zip(record.notebooks, sources, strict=True):
        text = autograded_notebook(record, notebook, source) if notebook.present else None
        pages[f"{notebook.stem}.ipynb"] = None if text is None else text.encode("utf-8", "replace")
    html = {
        f"{one.stem}.html": feedback_page(record, one, title).encode("utf-8", "replace") for one in record.notebooks
    }
    html[WHOLE] = student_page(record, title).encode("utf-8", "replace")
    total = hashlib.sha256()
    for content in [*pages.values(), *html.values()]:
        total.update(hashlib.sha256(content or b"").digest())
    end = _BEFORE + total.hexdigest()[:_LENGTH].encode() + _AFTER
    return pages | {name: content + end for name, content in html.items()}


def mark_of(pages: Pages) -> str:
    """The mark at the end of these pages."""
    page = next((content for name, content in pages.items() if name.endswith(".html") and content), b"")
    return page.removesuffix(_AFTER)[-_LENGTH:].decode()


def whole_page(layout: Layout, student: str) -> Path:
    """Where a student's page of all notebooks stands."""
    return layout.feedback / student / f"{layout.assignment}.html"


def whole_stands(layout: Layout, student: str, mark: str) -> bool:
    """Whether that page is there and whole, and bears this mark."""
    return _tail(whole_page(layout, student)).endswith(_BEFORE + mark.encode() + _AFTER)


def _path(layout: Layout, student: str, name: str) -> Path:
    if name == WHOLE:
        return whole_page(layout, student)
    below = layout.feedback if name.endswith(".html") else layout.autograded
    return below / student / layout.assignment / name


def _paths(layout: Layout, student: str, name: str) -> list[Path]:
    """Where a file goes: to one place, or both beside the graded notebooks and beside the feedback."""
    beside = [layout.feedback / student / layout.assignment / name] if name in _FROM_THE_EXCHANGE else []
    return [*beside, _path(layout, student, name)]


def write_pages(layout: Layout, student: str, pages: Pages) -> None:
    """Write a student's files, the feedback last: when all of it bears the mark, everything is there.

    Nothing waits for the disk here: `pages_stand` finds out after a power cut what did not reach it.
    """
    for name, content in pages.items():
        for path in _paths(layout, student, name):
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, [content], sync=False)


def pages_stand(layout: Layout, student: str, mark: str, stems: Sequence[str], present: Sequence[str]) -> bool:
    """Whether the files that bear this mark are there and whole; pages that another tool wrote since count as well."""
    notebooks = (_tail(_path(layout, student, f"{stem}.ipynb")).endswith(b"}\n") for stem in present)
    if not all(notebooks) or not whole_stands(layout, student, mark):
        return False
    for stem in stems:
        tail = _tail(_path(layout, student, f"{stem}.html"))
        foreign = b"</html>" in tail and _BEFORE not in tail
        if not foreign and not tail.endswith(_BEFORE + mark.encode() + _AFTER):
            return False
    return True


def _tail(path: Path) -> bytes:
    """The last bytes of a file, none where it cannot be read."""
    try:
        with path.open("rb") as handle:
            handle.seek(max(0, os.fstat(handle.fileno()).st_size - _TAIL))
            return handle.read()
    except OSError:
        return b""
