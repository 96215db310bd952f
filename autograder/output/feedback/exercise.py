"""One exercise on a feedback page: what holds and breaks, what to mend first, and the student's code beside it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from ...checks.rendering import LABELS, count_line, details, listed, message, number, sign
from ...checks.verdict import FORM, Finding, Verdict
from ...files.text import clean, clipped, prose
from ...grading.record import CellRecord, NotebookRecord
from ...problems import UnknownProblem, public

STOPPED = {
    "timeout": "did not come back within the time allowed",
    "died": "ended the process it ran in",
    "skipped": "was not run, because of what happened before",
}
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
        right = prose(f", given a right {listed(verdict.given)}", 400) if verdict.given else ""
        return "good", f"✓ all {total} checks hold{right}"
    if verdict.unwritten:
        cell = answer_of(notebook, verdict.exercise)
        if cell is None or cell.status not in ("raised", *STOPPED):
            return "soft", "○ not written yet"
    return "bad", f"✗ {count_line(verdict.findings)}"


def exercise_sheet(notebook: NotebookRecord, verdict: Verdict, room: Room, before: str = "") -> str:
    """The part of a page about one exercise; one that is right is a line that opens. `before` goes before its anchor."""
    colour, words = standing(notebook, verdict)
    name = clipped(verdict.exercise, 200)
    cell = answer_of(notebook, verdict.exercise)
    head = (
        f"<h2>{_heading(notebook.stem, verdict.exercise)}<code>{name}</code></h2> "
        f'<span class="{colour}">{words}</span>'
        f'<span class="points"><b>{of(verdict.points, verdict.max_points)}</b> points</span>'
    )
    failed = verdict.first_failed
    if failed is None:
        table = _checks(verdict.findings, None, room.more)
        code = code_of(cell, frozenset(), room.code)
        return (
            f'<article class="sheet held" id="{before}{name}">\n<details><summary class="top">{head}</summary>\n'
            f'<div class="parts">\n<div>{table}</div>\n<div>{code}</div>\n</div>\n</details>\n</article>'
        )
    body = _unwritten(failed) if colour == "soft" else _broken(verdict, cell, failed, room)
    return f'<article class="sheet" id="{before}{name}">\n<div class="top">{head}</div>\n{body}\n</article>'


def _heading(stem: str, exercise: str) -> str:
    """What the notebook calls the exercise ("Exercise 1: "), empty where nothing is known of it here."""
    try:
        label = public(stem).exercise(exercise).label
    except (UnknownProblem, KeyError):
        return ""
    return f"{label}: " if label else ""


def _unwritten(failed: Finding) -> str:
    nothing = bool(failed.missing) or not failed.note
    told = "There is nothing to check yet." if nothing else prose(failed.note)
    read = f" Where to begin: {prose(failed.read)}." if failed.read else ""
    return f"<p>{told}{read}</p>"


def _broken(verdict: Verdict, cell: CellRecord | None, failed: Finding, room: Room) -> str:
    """What breaks. Where nothing holds because the form is wrong, the other checks say nothing and stand folded."""
    stopped = stopped_cell(cell, "Your answer cell", room.stopped) if cell and failed.status != "stopped" else ""
    first = _first(failed, room.failure)
    code = code_of(cell, {*failed.lines, *(cell.lines if cell else ())}, room.code)
    table = _checks(verdict.findings, failed, room.more)
    if any(finding.passed for finding in verdict.findings) or failed.check != FORM:
        return f'{stopped}\n<div class="parts">\n<div>{table}</div>\n<div class="to-mend">{first}\n{code}</div>\n</div>'
    rest = f"<details><summary>All {len(verdict.findings)} checks of this exercise</summary>\n{table}\n</details>"
    return f'{stopped}\n<div class="parts">\n<div>{code}</div>\n<div class="to-mend">{first}</div>\n</div>\n{rest}'


def _checks(findings: Sequence[Finding], first: Finding | None, limit: int) -> str:
    rows = []
    for finding in findings:
        colour, says = _says(finding)
        tag = ' <span class="tag">hidden</span>' if finding.hidden else ""
        points = of(finding.points, finding.max_points) if finding.max_points else ""
        more = "" if finding is first else _more(finding, first)
        # What a check that holds adds is a sentence of ours; the rest may be numbers of the student's.
        shown = (prose if finding.passed else clipped)(more, limit // 4) if more else ""
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
        return "good", f"{sign(finding)} holds"
    return ("bad", f"{sign(finding)} breaks") if finding.broken else ("soft", f"{sign(finding)} not asked")


def _more(finding: Finding, first: Finding | None) -> str:
    """What a row adds to its law: nothing of a hidden failure, and nothing that the first failure says already."""
    if finding.passed or first is None:
        return message(finding)
    if finding.hidden or finding.status == "unasked":
        return ""
    if finding.note and finding.note.split("\n")[0] == first.note.split("\n")[0]:
        return ""
    if finding.example and finding.returned and finding.expected:
        return f"{finding.example} returned {finding.returned}; expected: {finding.expected}"
    return finding.note.split("\n")[0]


def _first(failed: Finding, limit: int) -> str:
    piece = limit // 5
    rows = []
    for part, text in details(failed):
        if part == "mistake":
            shown = f'<span class="mistake">{prose(failed.mistake or "", piece)}.</span> {prose(failed.says, piece)}'
        elif part in ("must", "note", "edited", "given", "read"):
            shown = prose(text, piece)
        else:
            shown = f"<pre>{clipped(text, piece)}</pre>"
        rows.append(f"<dt>{LABELS[part]}</dt><dd>{shown}</dd>")
    return (
        f'<section class="first"><h3><span class="bad">✗</span> To mend first: {clipped(failed.check, 200)}</h3>\n<dl>\n'
        + "\n".join(rows)
        + "\n</dl></section>"
    )


def code_of(cell: CellRecord | None, marked: Set[int], limit: int) -> str:
    """The student's answer cell with numbered lines, some of them marked."""
    if cell is None or not cell.text.strip():
        return '<p class="soft">There is no code in an answer cell for it.</p>'
    rows = []
    for place, line in enumerate(clean(cell.text.rstrip()).split("\n"), start=1):
        row = f"<span{' class=here' if place in marked else ''}>{clipped(line, _LONGEST_LINE)}</span>"
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
