"""One feedback page a notebook: self-contained, without scripts, the same bytes for the same record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..checks.verdict import Finding, Verdict, mark, number
from ..problems import UnknownProblem, public
from ..record import UNWALLED, CellRecord, NotebookRecord, Record
from .text import clean, clipped, prose

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
STOPPED = {
    "timeout": "did not come back within the time allowed",
    "died": "ended the process it ran in",
    "skipped": "was not run, because of what happened before",
}
_UNASKED = re.compile(r"Not (asked|looked at)\b")
LARGEST = 60_000


@dataclass(frozen=True)
class _Room:
    """How many bytes of a page each part of an exercise may take."""

    code: int = 24_000
    failure: int = 12_000
    more: int = 8_000
    stopped: int = 8_000

    def shared(self, parts: float) -> _Room:
        """The room that is left to each of so many parts."""
        return _Room(*(int(one / parts) for one in (self.code, self.failure, self.more, self.stopped)))


def feedback_page(record: Record, notebook: NotebookRecord, title: str) -> str:
    """Return the page of one notebook as HTML; `title` is that of the assignment."""
    for scale in (1, 2, 4, 16):
        page = _page(record, notebook, title, _Room().shared(scale * max(1, len(notebook.verdicts))))
        if len(page.encode()) < LARGEST:
            break
    return page


def _page(record: Record, notebook: NotebookRecord, title: str, room: _Room) -> str:
    heading = clipped(_heading(notebook.stem), 400)
    parts = [_header(record, notebook, title, heading), _glance(notebook), _notes(record, notebook)]
    if notebook.present:
        parts += [_exercise(notebook, verdict, room) for verdict in notebook.verdicts]
        parts.append(_other_cells(notebook.cells))
    parts.append(_footer(notebook))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
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


def _of(points: float, most: float) -> str:
    return f"{number(points)} of {number(most)}"


def _header(record: Record, notebook: NotebookRecord, title: str, heading: str) -> str:
    state, words = STATES[record.state]
    others = [one for one in record.notebooks if one.stem != notebook.stem]
    whole = links = ""
    if others:
        whole = f'<span class="soft">whole submission: {_of(record.score, record.max_score)}</span>'
        listed = "".join(f'<a href="{clipped(one.stem, 200)}.html">{clipped(one.stem, 200)}</a>' for one in others)
        links = f'\n<nav aria-label="Other notebooks"><span class="soft">Other notebooks:</span>{listed}</nav>'
    return (
        f'<header class="sheet">\n<p class="soft">{clipped(title, 400)} · feedback</p>\n<h1>{heading}</h1>\n'
        f'<p class="who">Student <b>{clipped(record.student, 400)}</b>, notebook <code>{clipped(notebook.stem, 200)}.ipynb</code></p>\n'
        f'<p class="total"><b>{_of(notebook.points, notebook.max_points)} points</b>{whole}</p>\n'
        f"<p><b>{state}.</b> {words}</p>{links}\n</header>"
    )


def _standing(notebook: NotebookRecord, verdict: Verdict) -> tuple[str, str]:
    """How an exercise stands: a class for its colour, and a sign with words that need none."""
    held, total = sum(finding.passed for finding in verdict.findings), len(verdict.findings)
    if not notebook.present:
        return "soft", "○ not graded"
    if verdict.passed:
        return "good", f"✓ all {total} checks hold"
    cell = _answer(notebook, verdict.exercise)
    if verdict.unwritten and (cell is None or cell.status not in ("raised", *STOPPED)):
        return "soft", "○ not written yet"
    return "bad", f"✗ {held} of {total} checks hold"


def _glance(notebook: NotebookRecord) -> str:
    rows = []
    for verdict in notebook.verdicts:
        colour, words = _standing(notebook, verdict)
        name = f"<code>{clipped(verdict.exercise, 200)}</code>"
        link = f'<a href="#{clipped(verdict.exercise, 200)}">{name}</a>' if notebook.present else name
        share = 100 * verdict.points / verdict.max_points if verdict.max_points else 0.0
        rows.append(
            f'<tr><th scope="row">{link}</th><td class="track"><span class="bar" aria-hidden="true">'
            f'<i style="width:{min(100.0, share):.4g}%"></i></span></td>'
            f'<td class="points">{_of(verdict.points, verdict.max_points)}</td><td class="{colour}">{words}</td></tr>'
        )
    return (
        '<section class="sheet" aria-label="Points at a glance">\n<table class="glance">\n<thead><tr><th scope="col">Exercise</th>'
        '<td class="track-head"></td><th scope="col" class="points">Points</th><th scope="col">Checks</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>\n</section>"
    )


def _notes(record: Record, notebook: NotebookRecord) -> str:
    notes = [*notebook.notes, *record.notes, *([UNWALLED] if record.isolation == "none" else [])]
    if not notes:
        return ""
    items = "\n".join(f"<li>{prose(note, 300)}</li>" for note in dict.fromkeys(notes[:12]))
    odd = "What was odd, and what was done about it" if notebook.notes or record.notes else "How it was graded"
    title = odd if notebook.present else "Why there are no points"
    return f'<section class="sheet notes">\n<h2>{title}</h2>\n<ul>\n{items}\n</ul>\n</section>'


def _answer(notebook: NotebookRecord, exercise: str) -> CellRecord | None:
    return next((cell for cell in notebook.cells if cell.kind == "answer" and cell.grade_id == exercise), None)


def _exercise(notebook: NotebookRecord, verdict: Verdict, room: _Room) -> str:
    colour, words = _standing(notebook, verdict)
    name = clipped(verdict.exercise, 200)
    cell = _answer(notebook, verdict.exercise)
    head = (
        f'<article class="sheet" id="{name}">\n<div class="top"><h2><code>{name}</code></h2> <span class="{colour}">{words}</span>'
        f'<span class="points"><b>{_of(verdict.points, verdict.max_points)}</b> points</span></div>\n'
    )
    return f"{head}{_body(verdict, cell, colour, room)}\n</article>"


def _body(verdict: Verdict, cell: CellRecord | None, colour: str, room: _Room) -> str:
    failed = verdict.first_failed
    if failed is None:
        table = _checks(verdict.findings, None, room.more)
        return f"<details><summary>What was checked</summary>\n{table}\n</details>"
    if colour == "soft":
        nothing = failed.note.endswith("is not written yet.") or not failed.note
        return f"<p>{'There is nothing to check yet.' if nothing else prose(failed.note)}</p>"
    stopped = _stopped(cell, "Your answer cell", room.stopped) if cell else ""
    first = _first(failed, room.failure)
    code = _code(verdict.exercise, cell, failed, room.code)
    if verdict.unwritten:
        return f'{stopped}\n<div class="parts">{first}\n<div>{code}</div></div>'
    table = _checks(verdict.findings, failed, room.more)
    return f'{stopped}\n<div class="parts">\n<div>{table}</div>\n<div>{first}\n{code}</div>\n</div>'


def _checks(findings: Sequence[Finding], first: Finding | None, limit: int) -> str:
    rows = []
    for finding in findings:
        colour, says = _says(finding)
        tag = ' <span class="tag">hidden</span>' if finding.hidden else ""
        points = "" if not finding.max_points else _of(finding.points, finding.max_points)
        more = "" if finding is first else _more(finding, first)
        shown = clipped(more, limit // 4) if more else ""
        limit -= len(shown.encode())
        rows.append(
            f'<tr><td class="says {colour}">{says}</td>'
            f'<td><b>{clipped(finding.check, 200)}</b>{tag}: <span class="law">{prose(finding.must, 500)}</span>'
            + (f'<span class="more">{shown}</span>' if shown else "")
            + f'</td><td class="points">{points}</td></tr>'
        )
    return (
        '<table class="checks">\n<thead><tr><th scope="col">Check</th><th scope="col">What must hold</th>'
        '<th scope="col" class="points">Points</th></tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _says(finding: Finding) -> tuple[str, str]:
    if not finding.passed and _UNASKED.match(finding.note):
        return "soft", "○ open"
    return ("good", f"{mark(finding)} holds") if finding.passed else ("bad", f"{mark(finding)} breaks")


def _more(finding: Finding, first: Finding | None) -> str:
    """What a row adds to its law: nothing of a hidden failure, and nothing that the first failure says already."""
    if finding.passed or first is None:
        return finding.note
    if finding.hidden or (finding.note and finding.note.split("\n")[0] == first.note.split("\n")[0]):
        return ""
    if finding.example and finding.returned and finding.expected:
        return f"{finding.example} returned {finding.returned}; expected: {finding.expected}"
    return finding.note.split("\n")[0]


def _first(failed: Finding, limit: int) -> str:
    piece = limit // 5
    rows = [f"<dt>What must hold</dt><dd>{prose(failed.must, piece)}</dd>"]
    for label, text in failed.details():
        if label == "Likely mistake":
            shown = f'<span class="mistake">{prose(failed.mistake or "", piece)}.</span> {prose(failed.says, piece)}'
        elif label in ("What happened", "Read again"):
            shown = prose(text, piece)
        else:
            shown = f"<pre>{clipped(text, piece)}</pre>"
        rows.append(f"<dt>{label}</dt><dd>{shown}</dd>")
    return (
        f'<section class="first"><h3><span class="bad">✗</span> To mend first: {clipped(failed.check, 200)}</h3>\n<dl>\n'
        + "\n".join(rows)
        + "\n</dl></section>"
    )


def _code(exercise: str, cell: CellRecord | None, failed: Finding, limit: int) -> str:
    if cell is None or not cell.text.strip():
        return '<p class="soft">There is no code in an answer cell for it.</p>'
    told = f"{failed.note}\n{cell.detail}"
    here = {int(line) for line in re.findall(rf"answer cell {re.escape(exercise)}, line (\d+)", told)}
    lines = clean(cell.text.rstrip()).split("\n")
    rows = []
    for place, line in enumerate(lines, start=1):
        row = f"<span{' class=here' if place in here else ''}>{clipped(line, 2000)}</span>"
        limit -= len(row.encode())
        if limit < 0:
            rows.append("<span>… (the rest is in your notebook)</span>")
            break
        rows.append(row)
    return f'<figure><figcaption>Your answer cell</figcaption>\n<pre class="code">{"".join(rows)}</pre></figure>'


def _stopped(cell: CellRecord, what: str, limit: int) -> str:
    """What stopped a cell, with the student's own frames; empty where nothing did."""
    if cell.status == "raised":
        message, *frames = cell.detail.split("\n")
        lines = "".join(f"\n{prose(frame, limit // 10)}" for frame in frames[:6])
        return (
            f'<p class="raised">{what} stopped with <b>{clipped(cell.error, limit // 10)}</b>'
            + (f": {prose(message, limit // 4)}" if message else ".")
            + f"{lines}</p>"
        )
    if cell.status in STOPPED:
        return f'<p class="raised">{what} {STOPPED[cell.status]}.</p>'
    return ""


def _other_cells(cells: Sequence[CellRecord]) -> str:
    rows = []
    for place, cell in enumerate(cells, start=1):
        if cell.kind != "answer" and cell.status in ("raised", *STOPPED):
            name = f"<code>{clipped(cell.grade_id, 200)}</code>" if cell.grade_id else f"Cell {place}"
            rows.append(_stopped(cell, name, 600))
    if not rows:
        return ""
    more = f'<p class="soft">… and {len(rows) - 6} more.</p>' if len(rows) > 6 else ""
    return (
        '<section class="sheet">\n<h2>Other cells that stopped</h2>\n<p class="soft">What comes after them was run all the same.</p>\n'
        + "\n".join(rows[:6])
        + f"{more}\n</section>"
    )


def _footer(notebook: NotebookRecord) -> str:
    hidden = any(finding.hidden for verdict in notebook.verdicts for finding in verdict.findings)
    words = ["Each check is asked about many inputs; the smallest one that breaks it is shown."]
    if hidden:
        words.append('Checks marked "hidden" are asked only when grading, and stand here by name and law.')
    if any(finding.passed and finding.note for verdict in notebook.verdicts for finding in verdict.findings):
        words.append("Where points count as far as the values are right, mending the values earns them too.")
    return f"<footer><p>{' '.join(words)}</p></footer>" if notebook.present else ""
