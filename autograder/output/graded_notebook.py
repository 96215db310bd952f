"""The graded notebooks: a student's cells with the verdicts in the check cells, as nbgrader's own tools expect them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from ..checks.rendering import as_html, as_text, number
from ..checks.verdict import Verdict
from ..course.built_notebooks import SourceCell, SourceNotebook, text_of
from ..files.text import clean
from ..grading.record import UNWALLED, CellRecord, NotebookRecord, Record

TITLE = "graded"
STOPPED = {
    "timeout": ("Timeout", "The cell did not come back within the time allowed."),
    "died": ("ProcessEnded", "The process ended while this cell ran."),
    "skipped": ("NotRun", "The cell was not run, because of what happened before."),
}
_LONGEST_ID = 64
_DANGERS = (
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r"&(?=[#A-Za-z])"), "& "),
    # Pasted pictures are not kept, and a page that misses one cannot be made.
    (re.compile(r"(?i)attachment[\s\\]*:"), "not-kept-"),
    # Whatever the scheme: Markdown takes backslashes out of addresses, browsers tabs. Only a plain space, tab or line
    # end closes an address (wider spaces do not), and between angle brackets not even those.
    (re.compile(r"(?i)([a-z])(?<!\bhttp)(?<!\bhttps)(?<!\bmailto)(\\*:)(?=[^ \t\n])"), r"\1 \2"),
    (re.compile(r"(?i)(script|data)(\\*:)"), r"\1 \2"),
    (re.compile(r"(?i)(\bhttps?|\bmailto)(\\+:)"), r"\1 \2"),
)
# What makes MathJax write links, attributes and styles; macros can put their arguments together from harmless parts.
_MATHJAX = re.compile(
    r"\\(?=(?:bbox|class|csname|cssId|data|href|mmlToken|require|style|url|includegraphics)(?![A-Za-z]))"
)


def autograded_notebook(record: Record, notebook: NotebookRecord, source: SourceNotebook) -> str:
    """Return a graded notebook as JSON (format 4.5): nbgrader reads the same points back from its check cells.

    The check cells hold what students have, without hidden tests; an answer cell that the student had twice keeps its
    metadata once.
    """
    built = {cell.grade_id: cell for cell in source.cells if cell.grade_id}
    ours = {text_of(cell.raw) for cell in source.cells}
    verdicts = {verdict.exercise: verdict for verdict in notebook.verdicts}
    footer = UNWALLED if record.isolation == "none" else ""
    cells: list[dict[str, Any]] = []
    counter = 0
    for cell, cell_id in zip(notebook.cells, _ids(notebook.cells, built), strict=True):
        origin = built.pop(cell.grade_id, None)
        made = _cell(cell, origin, cell_id, ours)
        if made["cell_type"] == "code":
            verdict = verdicts.get(origin.exercise) if origin and origin.kind == "check" else None
            outputs = _outcome(cell) if verdict is None else _shown(verdict, counter + 1, footer)
            if cell.status in ("ran", "raised") or verdict is not None:
                counter += 1
                made["execution_count"] = counter
            made["outputs"] = outputs
        cells.append(made)
    data = {"cells": cells, "metadata": source.metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def checksum(text: str, cell_type: str, about: dict[str, Any]) -> str:
    """Return nbgrader's fingerprint of a cell with its metadata `about`."""
    solution, grade = bool(about["solution"]), bool(about["grade"])
    locked = not solution and (grade or bool(about["locked"]))
    parts = [text, cell_type, str(grade), str(solution), str(locked), about["grade_id"]]
    if grade:
        parts.append(str(float(about["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _ids(cells: Sequence[CellRecord], built: dict[str, SourceCell]) -> list[str]:
    """An id for each cell: that of the built cell where it stands for one, else one from its place; none twice."""
    taken: set[str] = set()
    found = []
    for cell in cells:
        origin = built.get(cell.grade_id)
        own = origin.cell_id[:_LONGEST_ID] if origin else ""
        found.append("" if own in taken else own)
        taken.add(own)
    for place, own in enumerate(found):
        if not own:
            name, more = f"cell-{place + 1}", 0
            while name in taken:
                more += 1
                name = f"cell-{place + 1}-{more}"
            taken.add(name)
            found[place] = name
    return found


def _harmless(text: str) -> str:
    """A student's text as it may stand on nbgrader's pages, which run markup and follow links of any kind.

    A space is enough to make a tag, an entity or an address of script none, and leaves formulas as they are.
    """
    for pattern, instead in _DANGERS:
        text = pattern.sub(instead, text)
    return _MATHJAX.sub(r"\\ ", text)


def _cell(cell: CellRecord, origin: SourceCell | None, cell_id: str, ours: Collection[str]) -> dict[str, Any]:
    kind = str(origin.raw["cell_type"]) if origin else cell.cell_type
    text = clean(cell.text)
    if kind != "code" and (origin is None or origin.kind in ("answer", "written")) and text not in ours:
        text = _harmless(text)
    metadata: dict[str, Any] = {}
    if origin is not None:
        about = {**origin.raw["metadata"]["nbgrader"], "cell_type": kind}
        about["checksum"] = checksum(text, kind, about)
        metadata = {"deletable": False, "nbgrader": about}
        if not about["solution"]:
            metadata["editable"] = False
        if origin.kind == "draws":
            metadata["tags"] = ["draws"]
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": _lines(text)}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def _shown(verdict: Verdict, count: int, footer: str) -> list[dict[str, Any]]:
    """The verdict to read, then the points as the plain number that nbgrader takes for the score."""
    title = f"{TITLE}, {number(verdict.points)} of {number(verdict.max_points)} points"
    text = clean(as_text(verdict, title, footer, with_points=True))
    # The message of a student's error stands in it, and MathJax reads the whole page.
    html = _MATHJAX.sub(r"\\ ", clean(as_html(verdict, title, footer, with_points=True)))
    return [
        {
            "data": {"text/html": _lines(html), "text/plain": _lines(text)},
            "metadata": {},
            "output_type": "display_data",
        },
        {
            "data": {"text/plain": [repr(float(verdict.points))]},
            "execution_count": count,
            "metadata": {},
            "output_type": "execute_result",
        },
    ]


def _outcome(cell: CellRecord) -> list[dict[str, Any]]:
    """What a student's cell printed, and the error that stopped it with the student's own frames."""
    outputs: list[dict[str, Any]] = []
    if cell.printed:
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(clean(cell.printed))})
    if cell.status == "raised":
        message, *frames = clean(cell.detail).split("\n")
        name = clean(cell.error)
        last = f"{name}: {message}" if message else name
        error = {"ename": name, "evalue": message, "output_type": "error", "traceback": [*frames, last]}
        outputs.append(error)
    elif cell.status in STOPPED:
        name, message = STOPPED[cell.status]
        outputs.append({"ename": name, "evalue": message, "output_type": "error", "traceback": [f"{name}: {message}"]})
    return outputs


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, as notebooks keep them."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
