"""Findings and verdicts in words, as text and as HTML: standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from .verdict import Finding, Verdict

LABELS: Mapping[str, str] = {
    "must": "What must hold",
    "example": "Smallest input that breaks it",
    "returned": "Returned",
    "expected": "Expected",
    "note": "What happened",
    "mistake": "Likely mistake",
    "edited": "Where to look",
    "given": "Asked twice",
    "read": "Read again",
    "begin": "Where to begin",
}
"""What stands before each part of a failed finding."""

Part = tuple[str, str]
"""Which part of a finding (a key of LABELS), and its text."""


def details(finding: Finding) -> list[Part]:
    """The parts of a failed finding that are not empty, in reading order."""
    mistake = f"{finding.mistake}. {finding.says}" if finding.mistake else ""
    parts = [
        ("must", finding.must),
        ("example", finding.example),
        ("returned", finding.returned),
        ("expected", finding.expected),
        ("note", finding.note),
        ("mistake", mistake),
        ("edited", edited(finding)),
        ("given", given(finding)),
        ("read", finding.read),
    ]
    return [(part, text) for part, text in parts if text]


_KINDS = {
    "order": "the order of two things is",
    "axis": "an axis is",
    "argument": "an argument is",
    "part": "one small thing is",
}


def edited(finding: Finding) -> str:
    """The line where one edit mends everything, and what kind of thing it changes; empty where none is known."""
    if not finding.edited:
        return ""
    wrong = _KINDS.get(finding.edited, f"a {finding.edited} is")
    return f"Line {finding.lines[0]} of your answer cell: {wrong} wrong there. With only that changed, all checks hold."


def given(finding: Finding) -> str:
    """What right versions of earlier exercises changed; empty where none were used."""
    if not finding.given:
        return ""
    names = listed(finding.given.split(", "))
    if finding.passed:
        return f"Right, given a right {names}."
    own = " What is shown was found with your own." if finding.example or finding.returned else ""
    return f"This breaks with a right {names}, too.{own}"


def listed(names: Sequence[str]) -> str:
    """Names as code in a sentence: `a`, `b` and `c`."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def message(finding: Finding) -> str:
    """The finding in words, in the fixed order: law, input, returned, expected, mistake, where to read."""
    if finding.passed:
        return " ".join(filter(None, [given(finding), finding.note]))
    return "\n".join(f"{LABELS[part]}: {text}" for part, text in details(finding))


def sign(finding: Finding) -> str:
    """A sign that does not depend on colour."""
    return "✓" if finding.passed else "✗" if finding.broken else "○"


def sign_and_word(finding: Finding) -> str:
    """Whether a check holds, breaks or was not asked, as a sign and in a word, so that either is enough."""
    return f"{sign(finding)} {word(finding)}"


def word(finding: Finding) -> str:
    """What became of a check, in a word or two."""
    return "holds" if finding.passed else "breaks" if finding.broken else "not asked yet"


def number(points: float) -> str:
    """Points without trailing zeros: 5, 2.5, 0.75."""
    return f"{points:.4f}".rstrip("0").rstrip(".") if points else "0"


def points_of(finding: Finding) -> str:
    """Points of a check as "1.5 / 2"; nothing for a law without points."""
    return f"{number(finding.points)} / {number(finding.max_points)}" if finding.max_points else ""


def state_line(verdict: Verdict) -> str:
    """One line about a verdict: how many checks break, that all hold, or that there is nothing to check yet."""
    return "not written yet" if verdict.unwritten else count_line(verdict.findings)


def count_line(findings: Sequence[Finding]) -> str:
    """How many checks break and were not asked, or that all hold: "1 of 8 checks breaks, 7 not asked"."""
    broken, waiting = (
        sum(one) for one in zip(*((f.broken, not f.passed and not f.broken) for f in findings), strict=True)
    )
    total = len(findings)
    if not broken and not waiting:
        return f"{total} of {total} checks hold"
    if not broken:
        return f"{waiting} of {total} checks not asked"
    said = f"{broken} of {total} checks {'breaks' if broken == 1 else 'break'}"
    return f"{said}, {waiting} not asked" if waiting else said


def _to_mend(verdict: Verdict) -> list[Part]:
    """The first failure in full; of something unwritten only what is more than "not written yet"."""
    failed = verdict.first_failed
    if failed is None:
        return []
    if not verdict.unwritten:
        return details(failed)
    note = "" if failed.missing == verdict.exercise else failed.note
    return [(part, text) for part, text in (("note", note), ("begin", failed.read)) if text]


def _aside(finding: Finding) -> str:
    """What a check that holds adds to its line."""
    return f" {given(finding)}" if finding.passed and finding.given else ""


def as_text(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False, warning: str = "") -> str:
    """The verdict for a terminal: one line a check, and the first failure in full; a warning stands above all."""
    lines = [f"{verdict.exercise}: {title}", *filter(None, [warning]), state_line(verdict)]
    width = max(len(sign_and_word(finding)) for finding in verdict.findings)
    for finding in verdict.findings:
        if verdict.unwritten:
            break
        points = f"  [{points_of(finding)}]" if with_points and finding.max_points else ""
        lines.append(f"  {sign_and_word(finding):{width}} {finding.check}: {finding.must}{points}{_aside(finding)}")
    to_mend = _to_mend(verdict)
    if to_mend:
        lines.append("")
        lines += [f"  {LABELS[part]}: {text}".replace("\n", "\n    ") for part, text in to_mend]
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
_AS_TYPED = ("example", "returned", "expected")


def as_html(verdict: Verdict, title: str, footer: str = "", *, with_points: bool = False, warning: str = "") -> str:
    """The verdict for a notebook: no script, no outside request, legible on light and dark pages."""
    state = state_line(verdict)
    head = f"<strong><code style='{_CODE}'>{escape(verdict.exercise)}</code></strong>: {escape(title)}"
    head = f"<div style='margin-bottom:.5em'>{head} {badge(state, good=None if verdict.unwritten else verdict.passed)}</div>"
    if warning:
        head += (
            f"<div style='border-left:4px solid {_GREY};padding-left:.8em;margin-bottom:.5em'>{prose(warning)}</div>"
        )
    table = "" if verdict.unwritten else _checks(verdict.findings, with_points)
    to_mend = _to_mend(verdict)
    detail = _detail(to_mend, loud=not verdict.unwritten) if to_mend else ""
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
            badge("breaks", good=False) if finding.broken else _quietly(finding),
            f"{escape(finding.check)}{' (hidden)' if finding.hidden else ''}",
            prose(finding.must + _aside(finding)),
            *([f"<span style='white-space:nowrap'>{points_of(finding)}</span>"] if with_points else []),
        ]
        for finding in findings
    ]
    return table(["Result", "Check", LABELS["must"], *(["Points"] if with_points else [])], rows)


def _quietly(finding: Finding) -> str:
    said = sign_and_word(finding)
    return said if finding.passed else f"<span style='opacity:.7;white-space:nowrap'>{said}</span>"


def _detail(parts: Sequence[Part], *, loud: bool) -> str:
    rows = "".join(
        f"<tr style='{_PLAIN}'><th scope='row' style='{_QUIET}'>{escape(LABELS[part])}</th>"
        f"<td style='{_CELL};width:100%'>{_text(part, text)}</td></tr>"
        for part, text in parts
    )
    stripe = f"border-left:4px solid {_RED if loud else _GREY};padding-left:.8em;margin-top:.6em"
    return f"<div style='{stripe}'><table style='{_TABLE};margin:0;width:100%'><tbody>{rows}</tbody></table></div>"


def _text(part: str, text: str) -> str:
    if part in _AS_TYPED or "\n" in text:
        return f"<pre style='{_PRE}'>{escape(text)}</pre>"
    name, dot, rest = text.partition(". ")
    return f"<strong>{prose(name)}</strong>{dot}{prose(rest)}" if part == "mistake" else prose(text)
