"""One exercise on a feedback page: what holds and breaks, what to mend first, and the student's code beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..checks.verdict import Finding, Verdict, mark, number
from ..record import CellRecord, NotebookRecord
from .text import clean, clipped, prose

STOPPED = {
    "timeout": "did not come back within the time allowed",
    "died": "ended the process it ran in",
    "skipped": "was not run, because of what happened before",
}
_UNASKED = re.compile(r"Not (asked|looked at)\b")
_LONGEST_LINE = 2000


@dataclass(frozen=True)
class Room:
    """How many bytes of a page each part of an exercise may take."""

    code: int = 24_000
    failure: int = 12_000
    more: int = 8_000
    stopped: int = 8_000

    def shared(self, parts: float) -> Room:
        """The room that is left to each of so many parts."""
        return Room(*(int(one / parts) for one in (self.code, self.failure, self.more, self.stopped)))


def of(points: float, most: float) -> str:
    """Points beside the most there are: "1.5 of 2"."""
    return f"{number(points)} of {number(most)}"


def answer_of(notebook: NotebookRecord, exercise: str) -> CellRecord | None:
    """The student's answer cell of an exercise, None where there is none."""
    return next((cell for cell in notebook.cells if cell.kind == "answer" and cell.grade_id == exercise), None)


def standing(notebook: NotebookRecord, verdict: Verdict) -> tuple[str, str]:
    """How an exercise stands: a class for its colour, and a sign with words that need none."""
    held, total = sum(finding.passed for finding in verdict.findings), len(verdict.findings)
    if not notebook.present:
        return "soft", "○ not graded"
    if held == total:
        return "good", f"✓ all {total} checks hold"
    if verdict.unwritten:
        cell = answer_of(notebook, verdict.exercise)
        if cell is None or cell.status not in ("raised", *STOPPED):
            return "soft", "○ not written yet"
    return "bad", f"✗ {held} of {total} checks hold"


def exercise_sheet(notebook: NotebookRecord, verdict: Verdict, room: Room) -> str:
    """The part of a page about one exercise; one that is right is a line that opens."""
    colour, words = standing(notebook, verdict)
    name = clipped(verdict.exercise, 200)
    cell = answer_of(notebook, verdict.exercise)
    head = (
        f'<h2><code>{name}</code></h2> <span class="{colour}">{words}</span>'
        f'<span class="points"><b>{of(verdict.points, verdict.max_points)}</b> points</span>'
    )
    failed = verdict.first_failed
    if failed is None:
        table = _checks(verdict.findings, None, room.more)
        code = code_of(verdict.exercise, cell, "", room.code)
        return (
            f'<article class="sheet held" id="{name}">\n<details><summary class="top">{head}</summary>\n'
            f'<div class="parts">\n<div>{table}</div>\n<div>{code}</div>\n</div>\n</details>\n</article>'
        )
    body = _unwritten(failed) if colour == "soft" else _broken(verdict, cell, failed, room)
    return f'<article class="sheet" id="{name}">\n<div class="top">{head}</div>\n{body}\n</article>'


def _unwritten(failed: Finding) -> str:
    nothing = failed.note.endswith("is not written yet.") or not failed.note
    told = "There is nothing to check yet." if nothing else prose(failed.note)
    read = f" Where to begin: {prose(failed.read)}." if failed.read else ""
    return f"<p>{told}{read}</p>"


def _broken(verdict: Verdict, cell: CellRecord | None, failed: Finding, room: Room) -> str:
    """What breaks. Where nothing holds because the form is wrong, the other checks say nothing and stand folded."""
    stopped = stopped_cell(cell, "Your answer cell", room.stopped) if cell and not _tells(failed) else ""
    first = _first(failed, room.failure)
    told = failed.note if cell is None else f"{failed.note}\n{cell.detail}"
    code = code_of(verdict.exercise, cell, told, room.code)
    table = _checks(verdict.findings, failed, room.more)
    if any(finding.passed for finding in verdict.findings) or failed.check != "form":
        return f'{stopped}\n<div class="parts">\n<div>{table}</div>\n<div class="to-mend">{first}\n{code}</div>\n</div>'
    rest = f"<details><summary>All {len(verdict.findings)} checks of this exercise</summary>\n{table}\n</details>"
    return f'{stopped}\n<div class="parts">\n<div>{code}</div>\n<div class="to-mend">{first}</div>\n</div>\n{rest}'


def _tells(failed: Finding) -> bool:
    """Whether a finding says already what stopped the cell: the grader put it into the form's."""
    return failed.note.startswith("The answer cell ")


def _checks(findings: Sequence[Finding], first: Finding | None, limit: int) -> str:
    rows = []
    for finding in findings:
        colour, says = _says(finding)
        tag = ' <span class="tag">hidden</span>' if finding.hidden else ""
        points = of(finding.points, finding.max_points) if finding.max_points else ""
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
    if finding.passed:
        return "good", f"{mark(finding)} holds"
    return ("soft", "○ open") if _UNASKED.match(finding.note) else ("bad", f"{mark(finding)} breaks")


def _more(finding: Finding, first: Finding | None) -> str:
    """What a row adds to its law: nothing of a hidden failure, and nothing that the first failure says already."""
    if finding.passed or first is None:
        return finding.note
    if finding.hidden or _UNASKED.match(finding.note):
        return ""
    if finding.note and finding.note.split("\n")[0] == first.note.split("\n")[0]:
        return ""
    if finding.example and finding.returned and finding.expected:
        return f"{finding.example} returned {finding.returned}; expected: {finding.expected}"
    return finding.note.split("\n")[0]


def _first(failed: Finding, limit: int) -> str:
    piece = limit // 5
    rows = []
    for label, text in failed.details():
        if label == "Likely mistake":
            shown = f'<span class="mistake">{prose(failed.mistake or "", piece)}.</span> {prose(failed.says, piece)}'
        elif label in ("What must hold", "What happened", "Read again"):
            shown = prose(text, piece)
        else:
            shown = f"<pre>{clipped(text, piece)}</pre>"
        rows.append(f"<dt>{label}</dt><dd>{shown}</dd>")
    return (
        f'<section class="first"><h3><span class="bad">✗</span> To mend first: {clipped(failed.check, 200)}</h3>\n<dl>\n'
        + "\n".join(rows)
        + "\n</dl></section>"
    )


def code_of(exercise: str, cell: CellRecord | None, told: str, limit: int) -> str:
    """The student's answer cell with numbered lines, those marked that are named in what is told of an error."""
    if cell is None or not cell.text.strip():
        return '<p class="soft">There is no code in an answer cell for it.</p>'
    found = re.findall(rf"answer cell {re.escape(exercise)}, line (\d+)", told) if told.strip() else ()
    here = {int(line) for line in found}
    rows = []
    for place, line in enumerate(clean(cell.text.rstrip()).split("\n"), start=1):
        row = f"<span{' class=here' if place in here else ''}>{clipped(line, _LONGEST_LINE)}</span>"
        limit -= len(row.encode())
        if limit < 0:
            rows.append("<span>… (the rest is in your notebook)</span>")
            break
        rows.append(row)
    return f'<figure><figcaption>Your answer cell</figcaption>\n<pre class="code">{"".join(rows)}</pre></figure>'


def stopped_cell(cell: CellRecord, what: str, limit: int) -> str:
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
