"""What differs between two verdicts on one student: points, states, checks and mistakes, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..checks.rendering import message, number
from ..checks.verdict import Finding, Verdict
from ..grading.record import Record

PARTS = {
    "grader": "the grader's code or the versions it stands on",
    "checks": "the course's own checks",
    "notebooks": "the built notebooks or data",
    "seed": "the seed",
    "limits": "the limits",
    "isolation": "the isolation",
    "pages": "the title or the look of the pages",
}


@dataclass(frozen=True)
class Change:
    """A verdict that is not what it was: more, less, findings (the same points for other reasons) or new."""

    student: str
    kind: str
    summary: str
    lines: tuple[str, ...]
    before: float | None
    after: float

    def as_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "student": self.student,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
            "why": list(self.lines),
        }


def change_of(before: Record | None, after: Record) -> Change | None:
    """The change from one verdict to another, None where only the key differs."""
    if before is None:
        summary = f"first verdict, {number(after.score)} of {number(after.max_score)} points"
        return Change(after.student, "new", summary, (), None, after.score)
    lines = tuple(_lines(before, after))
    more = after.score - before.score
    if not lines and not more and before.max_score == after.max_score:
        return None
    kind = "findings" if not more else ("more" if more > 0 else "less")
    summary = f"{number(before.score)} -> {number(after.score)} points ({_signed(more)})"
    if before.max_score != after.max_score:
        summary += f", of {number(before.max_score)} -> {number(after.max_score)}"
    return Change(after.student, kind, summary, lines, before.score, after.score)


def _signed(difference: float) -> str:
    return f"{'+' if difference > 0 else '-' if difference < 0 else '±'}{number(abs(round(difference, 4)))}"


def _verdicts(record: Record) -> dict[str, Verdict]:
    return {verdict.exercise: verdict for notebook in record.notebooks for verdict in notebook.verdicts}


def _lines(before: Record, after: Record) -> list[str]:
    lines = []
    if before.state != after.state:
        lines.append(f"state: {before.state} -> {after.state}")
    old, new = _verdicts(before), _verdicts(after)
    lines += [f"{name}: is no longer asked ({number(old[name].points)} points)" for name in old if name not in new]
    for name, verdict in new.items():
        if name not in old:
            lines.append(f"{name}: is asked for the first time ({number(verdict.points)} points)")
        elif reasons := _reasons(old[name], verdict):
            points = f"{number(old[name].points)} -> {number(verdict.points)}"
            lines.append(f"{name}: {points} points; {'; '.join(reasons)}")
    return lines


def _reasons(before: Verdict, after: Verdict) -> list[str]:
    """Which checks and mistakes of one exercise differ."""
    old = {finding.check: finding for finding in before.findings}
    new = {finding.check: finding for finding in after.findings}
    reasons = [f"check '{name}' is gone" for name in old if name not in new]
    for name, finding in new.items():
        was = old.get(name)
        if was is None:
            reasons.append(f"check '{name}' is new and {_holds(finding)} ({_points(finding)})")
        elif was.passed != finding.passed:
            reasons.append(
                f"check '{name}' {_holds(was)} before and {_holds(finding)} now ({_points(was)} -> {_points(finding)})"
            )
        elif (was.points, was.max_points) != (finding.points, finding.max_points):
            reasons.append(f"check '{name}' gives {_points(was)} -> {_points(finding)}")
    gone, come = _mistakes(before) - _mistakes(after), _mistakes(after) - _mistakes(before)
    reasons += [f"mistake no longer named: {name}" for name in sorted(gone)]
    reasons += [f"mistake now named: {name}" for name in sorted(come)]
    if not reasons and list(map(_said, before.findings)) != list(map(_said, after.findings)):
        reasons.append("other examples or words")
    return reasons


def _said(finding: Finding) -> tuple[str, str]:
    return finding.check, "" if finding.passed else message(finding)


def _mistakes(verdict: Verdict) -> set[str]:
    return {finding.mistake for finding in verdict.findings if finding.mistake}


def _holds(finding: Finding) -> str:
    return "holds" if finding.passed else "breaks"


def _points(finding: Finding) -> str:
    return f"{number(finding.points)} of {number(finding.max_points)}"
