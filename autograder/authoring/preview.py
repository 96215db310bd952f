"""See a problem as students will: built, run with the reference answers, as pages in a browser."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from ..course.layout import Layout
from .builder import BuildError, built_files
from .builder.solved_notebooks import as_page, run_solved

Say = Callable[[str], None]


def preview(layout: Layout, stems: list[str], say: Say) -> Path:
    """Build in a new temporary folder, run the notebooks of `stems` (all when empty), and return the page to open.

    Nothing in the course folder changes. Raises BuildError where something cannot be built or stops.
    """
    unknown = sorted(set(stems) - set(layout.stems()))
    if unknown:
        raise BuildError(f"There is no text {layout.text(unknown[0])}; there are {', '.join(layout.stems())}.")
    files = built_files(layout.course, layout.assignment)
    folder = Path(tempfile.mkdtemp(prefix=f"preview-{layout.assignment}-"))
    made = run_solved(files, layout.assignment, folder, stems, say)
    links = []
    for place in made:
        page = folder / f"{place}.html"
        page.write_text(as_page(folder / f"{place}.ipynb"), encoding="utf-8")
        links.append(f'<li><a href="{escape(place)}.html">{escape(place)}</a></li>')
    if len(made) == 1:
        return folder / f"{made[0]}.html"
    index = folder / "index.html"
    title = f"Preview of {escape(layout.assignment)}"
    index.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<body style="font-family:sans-serif"><h1>{title}</h1><ul>{"".join(links)}</ul></body></html>\n',
        encoding="utf-8",
    )
    return index
