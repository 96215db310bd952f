"""One feedback page a notebook: self-contained, without scripts, the same bytes for the same record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ..problems import UnknownProblem, named_in, public
from ..record import UNWALLED, CellRecord, NotebookRecord, Record
from .exercise import STOPPED, Room, exercise_sheet, of, standing, stopped_cell
from .text import clipped, prose

STATES = {
    "graded": ("Graded", "Every notebook ran to its end."),
    "crashed": (
        "Crashed",
        "Code of the submission ended its own process (by exit(), say, or for want of memory). What did so was skipped; "
        "everything else was run and counts.",
    ),
    "timeout": (
        "Time ran out",
        "Something in the submission did not come back within the time allowed. It was skipped; everything else was "
        "run and counts.",
    ),
    "malformed": ("Damaged", "A notebook of the submission could not be read. Whatever could be read was graded."),
    "missing": ("Nothing handed in", "There was no notebook in the submission."),
}
LARGEST = 60_000
# Nothing of a student's text is markup; were it ever, the browser would still run and load nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def feedback_page(record: Record, notebook: NotebookRecord, title: str) -> str:
    """Return the page of one notebook as HTML; `title` is that of the assignment."""
    for scale in (1, 2, 4, 16):
        page = _page(record, notebook, title, Room().shared(scale * max(1, len(notebook.verdicts))))
        if len(page.encode()) < LARGEST:
            break
    return page


def _page(record: Record, notebook: NotebookRecord, title: str, room: Room) -> str:
    heading = clipped(_heading(notebook.stem), 400)
    parts = [_header(record, notebook, title, heading), _glance(notebook), _notes(record, notebook)]
    if notebook.present:
        parts += [exercise_sheet(notebook, verdict, room) for verdict in notebook.verdicts]
        parts.append(_other_cells(notebook.cells))
    parts.append(_footer(notebook, record.isolation))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{heading}: feedback for {clipped(record.student, 400)}</title>\n"
        f"<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


@cache
def _heading(stem: str) -> str:
    try:
        return public(stem).title
    except UnknownProblem:
        return stem.replace("_", " ")


def _header(record: Record, notebook: NotebookRecord, title: str, heading: str) -> str:
    state, words = STATES[record.state]
    others = [one for one in record.notebooks if one.stem != notebook.stem]
    whole = links = ""
    if others:
        whole = f'<span class="soft">whole submission: {of(record.score, record.max_score)}</span>'
        listed = "".join(f'<a href="{clipped(one.stem, 200)}.html">{clipped(one.stem, 200)}</a>' for one in others)
        links = f'\n<nav aria-label="Other notebooks"><span class="soft">Other notebooks:</span>{listed}</nav>'
    return (
        f'<header class="sheet">\n<p class="soft">{clipped(title, 400)} · feedback</p>\n<h1>{heading}</h1>\n'
        f'<p class="who">Student <b>{clipped(record.student, 400)}</b>, notebook <code>{clipped(notebook.stem, 200)}.ipynb</code></p>\n'
        f'<p class="total"><b>{of(notebook.points, notebook.max_points)} points</b>{whole}</p>\n'
        f"<p><b>{state}.</b> {words}</p>{links}\n</header>"
    )


def _glance(notebook: NotebookRecord) -> str:
    rows = []
    for verdict in notebook.verdicts:
        colour, words = standing(notebook, verdict)
        name = f"<code>{clipped(verdict.exercise, 200)}</code>"
        link = f'<a href="#{clipped(verdict.exercise, 200)}">{name}</a>' if notebook.present else name
        share = 100 * verdict.points / verdict.max_points if verdict.max_points else 0.0
        named = named_in(verdict)
        likely = f'<span class="named">{prose(named, 200)}</span>' if named and notebook.present else ""
        rows.append(
            f'<tr><th scope="row">{link}</th><td class="track"><span class="bar" aria-hidden="true">'
            f'<i style="width:{min(100.0, share):.4g}%"></i></span></td>'
            f'<td class="points">{of(verdict.points, verdict.max_points)}</td><td class="{colour}">{words}{likely}</td></tr>'
        )
    return (
        '<section class="sheet" aria-label="Points at a glance">\n<table class="glance">\n<thead><tr><th scope="col">Exercise</th>'
        '<td class="track-head"></td><th scope="col" class="points">Points</th><th scope="col">Checks</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>\n</section>"
    )


def _notes(record: Record, notebook: NotebookRecord) -> str:
    notes = [*notebook.notes, *record.notes]
    if not notes:
        return ""
    items = "\n".join(f"<li>{prose(note, 300)}</li>" for note in dict.fromkeys(notes[:12]))
    title = "What was odd, and what was done about it" if notebook.present else "Why there are no points"
    return f'<section class="sheet notes">\n<h2>{title}</h2>\n<ul>\n{items}\n</ul>\n</section>'


def _other_cells(cells: Sequence[CellRecord]) -> str:
    rows = []
    for place, cell in enumerate(cells, start=1):
        if cell.kind != "answer" and cell.status in ("raised", *STOPPED):
            name = f"<code>{clipped(cell.grade_id, 200)}</code>" if cell.grade_id else f"Cell {place}"
            rows.append(stopped_cell(cell, name, 600))
    if not rows:
        return ""
    more = f'<p class="soft">… and {len(rows) - 6} more.</p>' if len(rows) > 6 else ""
    return (
        '<section class="sheet">\n<h2>Other cells that stopped</h2>\n<p class="soft">What comes after them was run all the same.</p>\n'
        + "\n".join(rows[:6])
        + f"{more}\n</section>"
    )


def _footer(notebook: NotebookRecord, isolation: str) -> str:
    findings = [finding for verdict in notebook.verdicts for finding in verdict.findings]
    words = []
    if notebook.present:
        words.append("Each check is asked about many inputs; of the first that breaks, the smallest input is shown.")
        if any(finding.hidden for finding in findings):
            words.append(
                'Checks marked "hidden" are asked only when grading. They stand here by name and law; only where one is the '
                "first to break is its input shown."
            )
        if any(finding.passed and finding.note for finding in findings):
            words.append("Where points count as far as the values are right, mending the values earns them too.")
    if isolation == "none":
        words.append(UNWALLED)
    return f"<footer><p>{' '.join(words)}</p></footer>" if words else ""
