"""Findings and verdicts, and how they read as text, HTML and JSON: standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Finding:
    """What one check found: whether it holds, its points, and, where it fails, everything a student needs to go on.

    `must` says what must hold, `example` shows the smallest input that breaks it, `mistake` names the likely
    mistake (None where none is recognised) and `says` is the sentence about it.
    """

    check: str
    must: str
    passed: bool
    hidden: bool = False
    points: float = 0.0
    max_points: float = 0.0
    example: str = ""
    returned: str = ""
    expected: str = ""
    note: str = ""
    mistake: str | None = None
    says: str = ""
    read: str = ""

    @property
    def message(self) -> str:
        """The finding in words, in the fixed order: law, input, returned, expected, mistake, where to read."""
        if self.passed:
            return self.note
        return "\n".join(f"{label}: {text}" for label, text in self.details())

    def details(self) -> list[tuple[str, str]]:
        """Labelled parts of a failed finding that are not empty, in reading order."""
        mistake = f"{self.mistake}. {self.says}" if self.mistake else ""
        parts = [
            ("What must hold", self.must),
            ("Smallest input that breaks it", self.example),
            ("Returned", self.returned),
            ("Expected", self.expected),
            ("What happened", self.note),
            ("Likely mistake", mistake),
            ("Read again", self.read),
        ]
        return [(label, text) for label, text in parts if text]


@dataclass(frozen=True)
class Verdict:
    """All findings about one exercise, in the order of its checks."""

    exercise: str
    findings: tuple[Finding, ...]
    unwritten: bool = False

    @property
    def points(self) -> float:
        """Sum of the findings' points, rounded so that equal verdicts print equally."""
        return round(sum(finding.points for finding in self.findings), 4)

    @property
    def max_points(self) -> float:
        """The most the exercise gives."""
        return round(sum(finding.max_points for finding in self.findings), 4)

    @property
    def first_failed(self) -> Finding | None:
        """The finding to mend first; None when everything holds."""
        return next((finding for finding in self.findings if not finding.passed), None)

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return self.first_failed is None


def mark(finding: Finding) -> str:
    """A sign that does not depend on colour."""
    return "✓" if finding.passed else "✗"


def number(points: float) -> str:
    """Points without trailing zeros: 5, 2.5, 0.75."""
    return f"{points:.4f}".rstrip("0").rstrip(".") if points else "0"


def worth(finding: Finding) -> str:
    """Points of a check as "1.5 / 2"; nothing for a law without points."""
    return f"{number(finding.points)} / {number(finding.max_points)}" if finding.max_points else ""


def state_line(verdict: Verdict) -> str:
    """One line about a verdict: how many checks hold, or that there is nothing to check yet."""
    if verdict.unwritten:
        return "not written yet"
    held = sum(finding.passed for finding in verdict.findings)
    return f"{held} of {len(verdict.findings)} checks hold"


def as_text(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False) -> str:
    """The verdict for a terminal: one line a check, and the first failure in full."""
    lines = [f"{verdict.exercise}: {title}", state_line(verdict)]
    for finding in verdict.findings:
        if verdict.unwritten:
            break
        points = f"  [{worth(finding)}]" if with_points and finding.max_points else ""
        lines.append(f"  {mark(finding)} {finding.check}: {finding.must}{points}")
    failed = verdict.first_failed
    if failed is not None:
        lines.append("")
        lines += [f"  {label}: {text}".replace("\n", "\n    ") for label, text in failed.details()]
    if footer:
        lines += ["", footer]
    return "\n".join(lines)


_BOX = (
    "border:1px solid rgba(128,128,128,.5);border-radius:6px;padding:.6em .9em;margin:.3em 0;"
    "max-width:60em;line-height:1.45"
)
_CELL = "text-align:left;vertical-align:top;padding:.15em .9em .15em 0"
_TIGHT = f"{_CELL};white-space:nowrap"
_CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em;background:none;color:inherit;padding:0"
_PRE = f"{_CODE};margin:0;border:0;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere"
_AS_TYPED = ("Smallest input that breaks it", "Returned", "Expected")


def as_html(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False) -> str:
    """The verdict for a notebook: no script, no outside request, legible on light and dark pages."""
    head = (
        f"<div style='font-weight:600'><code style='{_CODE}'>{escape(verdict.exercise)}</code>: {escape(title)}</div>"
    )
    state = f"<div style='opacity:.8;margin-bottom:.4em'>{escape(state_line(verdict))}</div>"
    rows = "" if verdict.unwritten else _rows(verdict.findings, with_points)
    table = f"<table style='table-layout:auto;border-collapse:collapse;margin:0'>{rows}</table>" if rows else ""
    failed = verdict.first_failed
    detail = "" if failed is None else _detail(failed)
    foot = f"<div style='opacity:.7;font-size:.9em;margin-top:.5em'>{escape(footer)}</div>" if footer else ""
    return f"<div style='{_BOX}'>{head}{state}{table}{detail}{foot}</div>"


def prose(text: str) -> str:
    """Text as HTML, with what stands between backticks set as code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(f"<code style='{_CODE}'>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _rows(findings: Sequence[Finding], with_points: bool) -> str:
    return "".join(
        f"<tr style='background:none'><td style='{_TIGHT};color:{'#1a7f4b' if finding.passed else '#d1242f'}'>"
        f"{mark(finding)} {'holds' if finding.passed else 'breaks'}</td>"
        f"<td style='{_TIGHT}'><b>{escape(finding.check)}</b>{' (hidden)' if finding.hidden else ''}</td>"
        f"<td style='{_CELL}'>{prose(finding.must)}</td>"
        + (f"<td style='{_TIGHT}'>{worth(finding)}</td>" if with_points else "")
        + "</tr>"
        for finding in findings
    )


def _detail(finding: Finding) -> str:
    rows = "".join(
        f"<tr style='background:none'><td style='{_TIGHT};opacity:.8'>{escape(label)}</td>"
        f"<td style='{_CELL};width:100%'>{_told(label, text)}</td></tr>"
        for label, text in finding.details()
    )
    return (
        "<table style='table-layout:auto;border-collapse:collapse;margin:.5em 0 0;width:100%;"
        "border-top:1px solid rgba(128,128,128,.3)'>"
        f"{rows}</table>"
    )


def _told(label: str, text: str) -> str:
    if label in _AS_TYPED or "\n" in text:
        return f"<pre style='{_PRE}'>{escape(text)}</pre>"
    return prose(text)
