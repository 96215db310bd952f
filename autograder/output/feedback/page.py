"""Feedback pages, one a notebook and one of them all: self-contained, without scripts, the same bytes for the same record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ...files.text import clipped, prose
from ...grading.record import CellRecord, NotebookRecord, Record, walls_of
from ...problems import UnknownProblem, public
from .exercise import STOPPED, Room, exercise_sheet, of, standing, stopped_cell
from .in_words import in_words

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
        page = _page(record, notebook, title, Room().shared(scale * _shares(notebook)))
        if len(page.encode()) < LARGEST:
            break
    return page


def student_page(record: Record, title: str) -> str:
    """Return one page with all notebooks of a student as HTML, as large at most as their own pages together."""
    parts = [_whole_header(record, title), _whole_glance(record), _notes_of(record.notes, "What was odd")]
    alone = replace(record, notes=())
    for notebook in record.notebooks:
        for scale in (1, 2, 4, 16):
            section = _section(alone, notebook, Room().shared(scale * _shares(notebook)))
            if len(section.encode()) < LARGEST:
                break
        parts.append(section)
    return _document(f"{clipped(title, 400)}: feedback for {clipped(record.student, 400)}", parts)


def _section(record: Record, notebook: NotebookRecord, room: Room) -> str:
    """One notebook on the page of them all; its name goes before every anchor."""
    heading, before = clipped(_heading(notebook.stem), 400), f"{clipped(notebook.stem, 200)}-"
    head = (
        f'<section id="{clipped(notebook.stem, 200)}">\n<header class="sheet">\n<h2>{heading}</h2>\n<p class="who">Notebook '
        f"<code>{clipped(notebook.stem, 200)}.ipynb</code></p>\n"
        f'<p class="total"><b>{of(notebook.points, notebook.max_points)} points</b></p>\n</header>'
    )
    parts = [head, *_body(record, notebook, room, before), _footer(notebook, record.isolation)]
    return "\n".join(part for part in parts if part) + "\n</section>"


def _whole_header(record: Record, title: str) -> str:
    state, words = STATES[record.state]
    return (
        f'<header class="sheet">\n<p class="soft">feedback</p>\n<h1>{clipped(title, 400)}</h1>\n'
        f'<p class="who">Student <b>{clipped(record.student, 400)}</b></p>\n'
        f'<p class="total"><b>{of(record.score, record.max_score)} points</b></p>\n<p><b>{state}.</b> {words}</p>\n</header>'
    )


def _whole_glance(record: Record) -> str:
    rows = []
    for notebook in record.notebooks:
        stem = clipped(notebook.stem, 200)
        right = sum(verdict.passed for verdict in notebook.verdicts)
        words = f"{right} of {len(notebook.verdicts)} exercises right" if notebook.present else "○ not graded"
        rows.append(
            f'<tr><th scope="row"><a href="#{stem}">{clipped(_heading(notebook.stem), 400)}</a></th>'
            f"{_bar(notebook.points, notebook.max_points)}"
            f'<td class="points">{of(notebook.points, notebook.max_points)}</td><td>{words}</td></tr>'
        )
    return _table_at_a_glance("All notebooks at a glance", ("Notebook", "Exercises"), rows)


def _shares(notebook: NotebookRecord) -> int:
    """Among how many parts the room of a page is shared."""
    return max(1, len(notebook.verdicts) + sum(cell.kind == "written" for cell in notebook.cells))


def _page(record: Record, notebook: NotebookRecord, title: str, room: Room) -> str:
    heading = clipped(_heading(notebook.stem), 400)
    parts = [_header(record, notebook, title, heading), *_body(record, notebook, room)]
    parts.append(_footer(notebook, record.isolation))
    return _document(f"{heading}: feedback for {clipped(record.student, 400)}", parts)


def _body(record: Record, notebook: NotebookRecord, room: Room, before: str = "") -> list[str]:
    """The parts about one notebook; `before` goes before every anchor."""
    parts = [_glance(notebook, before), _notes(record, notebook)]
    if notebook.present:
        parts += [exercise_sheet(notebook, verdict, room, before) for verdict in notebook.verdicts]
        parts.append(in_words(notebook, room, before))
        parts.append(_other_cells(notebook.cells))
    return parts


def _document(title: str, parts: Sequence[str]) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n"
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


def _bar(points: float, most: float) -> str:
    share = min(100.0, 100 * points / most) if most else 0.0
    return f'<td class="track"><span class="bar" aria-hidden="true"><i style="width:{share:.4g}%"></i></span></td>'


def _table_at_a_glance(label: str, heads: tuple[str, str], rows: Sequence[str]) -> str:
    """A table of what is graded, a bar, points, and what `heads` name: first and last column."""
    return (
        f'<section class="sheet" aria-label="{label}">\n<table class="glance">\n<thead><tr><th scope="col">{heads[0]}</th>'
        f'<td class="track-head"></td><th scope="col" class="points">Points</th><th scope="col">{heads[1]}</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>\n</section>"
    )


def _glance(notebook: NotebookRecord, before: str) -> str:
    rows = []
    for verdict in notebook.verdicts:
        colour, words = standing(notebook, verdict)
        name = f"<code>{clipped(verdict.exercise, 200)}</code>"
        link = f'<a href="#{before}{clipped(verdict.exercise, 200)}">{name}</a>' if notebook.present else name
        named = verdict.mistake
        likely = f'<span class="named">{prose(named, 200)}</span>' if named and notebook.present else ""
        rows.append(
            f'<tr><th scope="row">{link}</th>{_bar(verdict.points, verdict.max_points)}'
            f'<td class="points">{of(verdict.points, verdict.max_points)}</td><td class="{colour}">{words}{likely}</td></tr>'
        )
    label = "Points at a glance" + (f": {clipped(_heading(notebook.stem), 400)}" if before else "")
    return _table_at_a_glance(label, ("Exercise", "Checks"), rows)


def _notes(record: Record, notebook: NotebookRecord) -> str:
    title = "What was odd, and what was done about it" if notebook.present else "Why there are no points"
    return _notes_of([*notebook.notes, *record.notes], title)


def _notes_of(notes: Sequence[str], title: str) -> str:
    if not notes:
        return ""
    items = "\n".join(f"<li>{prose(note, 300)}</li>" for note in dict.fromkeys(notes[:12]))
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
    words.append(clipped(walls_of(isolation), 400))
    return f"<footer><p>{' '.join(words)}</p></footer>"
