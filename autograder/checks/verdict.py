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


def told(finding: Finding) -> str:
    """Whether a check holds, as a sign and in a word, so that either is enough."""
    return f"{mark(finding)} {'holds' if finding.passed else 'breaks'}"


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


def _to_mend(verdict: Verdict) -> list[tuple[str, str]]:
    """The first failure in full; of something unwritten only what is more than "not written yet"."""
    failed = verdict.first_failed
    if failed is None:
        return []
    if not verdict.unwritten:
        return failed.details()
    note = "" if failed.note == f"`{verdict.exercise}` is not written yet." else failed.note
    return [(label, text) for label, text in (("What happened", note), ("Where to begin", failed.read)) if text]


def as_text(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False) -> str:
    """The verdict for a terminal: one line a check, and the first failure in full."""
    lines = [f"{verdict.exercise}: {title}", state_line(verdict)]
    for finding in verdict.findings:
        if verdict.unwritten:
            break
        points = f"  [{worth(finding)}]" if with_points and finding.max_points else ""
        lines.append(f"  {told(finding):8} {finding.check}: {finding.must}{points}")
    details = _to_mend(verdict)
    if details:
        lines.append("")
        lines += [f"  {label}: {text}".replace("\n", "\n    ") for label, text in details]
    if footer:
        lines += ["", footer]
    return "\n".join(lines)


# Colours that say nothing alone. White on the first two, and they as stripes on white and on black, can be read.
_GREEN, _RED, _GREY = "#1a7f4b", "#c9252d", "#808080"
_BOX = "border:1px solid rgba(128,128,128,.45);border-radius:6px;padding:.7em 1em;margin:.3em 0;max-width:60em;line-height:1.45"
_TABLE = "table-layout:auto;border-collapse:collapse;border:0;font-size:inherit"
_PLAIN = "background:none;border:0;color:inherit;font-weight:inherit;text-align:left;vertical-align:top"
_CELL = f"{_PLAIN};padding:.15em .9em .15em 0"
_TIGHT = f"{_CELL};white-space:nowrap"
_QUIET = f"{_TIGHT};font-weight:normal;opacity:.8"
_CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em;background:none;color:inherit;padding:0"
_PRE = f"{_CODE};margin:0;border:0;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere"
_AS_TYPED = ("Smallest input that breaks it", "Returned", "Expected")


def as_html(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False) -> str:
    """The verdict for a notebook: no script, no outside request, legible on light and dark pages."""
    state = state_line(verdict)
    head = f"<strong><code style='{_CODE}'>{escape(verdict.exercise)}</code></strong>: {escape(title)}"
    head = f"<div style='margin-bottom:.5em'>{head} {badge(state, good=None if verdict.unwritten else verdict.passed)}</div>"
    table = "" if verdict.unwritten else _checks(verdict.findings, with_points)
    details = _to_mend(verdict)
    detail = _detail(details, loud=not verdict.unwritten) if details else ""
    return framed(f"{verdict.exercise}: {state}", head + table + detail, footer)


def framed(label: str, content: str, footer: str = "") -> str:
    """A report in its frame: `label` is what a screen reader calls it, `content` is HTML."""
    foot = f"<div style='opacity:.75;font-size:.9em;margin-top:.6em'>{escape(footer)}</div>" if footer else ""
    return f"<div role='group' aria-label='{escape(label)}' style='{_BOX}'>{content}{foot}</div>"


def badge(words: str, *, good: bool | None) -> str:
    """Words on green, on red or (None) in a grey frame, legible on light and dark pages."""
    colours = f"background:{_GREEN if good else _RED};color:#fff"
    look = "border:1px solid currentColor;opacity:.8" if good is None else f"{colours};border:1px solid transparent"
    sign = "" if good is None else "✓ " if good else "✗ "
    shape = "border-radius:1em;padding:0 .6em;white-space:nowrap;display:inline-block"
    return f"<span style='{look};{shape}'>{sign}{escape(words)}</span>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with a head, the second column naming its row; `rows` are HTML."""
    line = "border-bottom:1px solid rgba(128,128,128,.3)"
    heads = "".join(f"<th scope='col' style='{_QUIET};font-size:.9em;{line}'>{escape(word)}</th>" for word in head)
    return (
        f"<table style='{_TABLE};margin:0'><thead style='{_PLAIN}'><tr style='{_PLAIN}'>{heads}</tr></thead><tbody>"
        + "".join(f"<tr style='{_PLAIN}'>{''.join(map(_column, range(len(row)), row))}</tr>" for row in rows)
        + "</tbody></table>"
    )


def _column(place: int, content: str) -> str:
    if place == 1:
        return f"<th scope='row' style='{_TIGHT};font-weight:600'>{content}</th>"
    return f"<td style='{_TIGHT if place == 0 else _CELL}'>{content}</td>"


def prose(text: str) -> str:
    """Text as HTML, with what stands between backticks set as code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(f"<code style='{_CODE}'>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _checks(findings: Sequence[Finding], with_points: bool) -> str:
    rows = [
        [
            told(finding) if finding.passed else badge("breaks", good=False),
            f"{escape(finding.check)}{' (hidden)' if finding.hidden else ''}",
            prose(finding.must),
            *([f"<span style='white-space:nowrap'>{worth(finding)}</span>"] if with_points else []),
        ]
        for finding in findings
    ]
    return table(["Result", "Check", "What must hold", *(["Points"] if with_points else [])], rows)


def _detail(details: Sequence[tuple[str, str]], *, loud: bool) -> str:
    rows = "".join(
        f"<tr style='{_PLAIN}'><th scope='row' style='{_QUIET}'>{escape(label)}</th>"
        f"<td style='{_CELL};width:100%'>{_text(label, text)}</td></tr>"
        for label, text in details
    )
    stripe = f"border-left:4px solid {_RED if loud else _GREY};padding-left:.8em;margin-top:.6em"
    return f"<div style='{stripe}'><table style='{_TABLE};margin:0;width:100%'><tbody>{rows}</tbody></table></div>"


def _text(label: str, text: str) -> str:
    if label in _AS_TYPED or "\n" in text:
        return f"<pre style='{_PRE}'>{escape(text)}</pre>"
    name, dot, rest = text.partition(". ")
    return f"<strong>{prose(name)}</strong>{dot}{prose(rest)}" if label == "Likely mistake" else prose(text)
