"""What differs between two verdicts on one student: points, states, checks and mistakes, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .checks.verdict import number

PARTS = {
    "grader": "the grader's code or the versions it stands on",
    "checks": "the course's own checks",
    "notebooks": "the built notebooks or data",
    "seed": "the seed",
    "limits": "the limits",
    "isolation": "the isolation",
    "pages": "the title or the look of the pages",
}
Result = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A verdict that is not what it was: more, less, findings (the same points for other reasons) or new."""

    student: str
    kind: str
    summary: str
    lines: tuple[str, ...]
    before: float | None
    after: float

    def plain(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "student": self.student,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
            "why": list(self.lines),
        }


def change_of(before: Result | None, after: Result) -> Change | None:
    """The change from one result to another, None where only the key differs."""
    student, score, most = after["student"], after["score"], after["max_score"]
    if before is None:
        summary = f"first verdict, {number(score)} of {number(most)} points"
        return Change(student, "new", summary, (), None, score)
    lines = tuple(_lines(before, after))
    was = before["score"]
    if not lines and was == score and before["max_score"] == most:
        return None
    kind = "findings" if was == score else ("more" if score > was else "less")
    summary = f"{number(was)} -> {number(score)} points ({_signed(score - was)})"
    if before["max_score"] != most:
        summary += f", of {number(before['max_score'])} -> {number(most)}"
    return Change(student, kind, summary, lines, was, score)


def _signed(difference: float) -> str:
    return f"{'+' if difference > 0 else '-' if difference < 0 else '±'}{number(abs(round(difference, 4)))}"


def _lines(before: Result, after: Result) -> list[str]:
    lines = []
    if before["state"] != after["state"]:
        lines.append(f"state: {before['state']} -> {after['state']}")
    old = {exercise["name"]: exercise for exercise in before["exercises"]}
    new = {exercise["name"]: exercise for exercise in after["exercises"]}
    lines += [f"{name}: is no longer asked ({number(old[name]['points'])} points)" for name in old if name not in new]
    for name, exercise in new.items():
        if name not in old:
            lines.append(f"{name}: is asked for the first time ({number(exercise['points'])} points)")
        elif reasons := _reasons(old[name], exercise):
            points = f"{number(old[name]['points'])} -> {number(exercise['points'])}"
            lines.append(f"{name}: {points} points; {'; '.join(reasons)}")
    return lines


def _reasons(before: Result, after: Result) -> list[str]:
    """Which checks and mistakes of one exercise differ."""
    old = {check["name"]: check for check in before["checks"]}
    new = {check["name"]: check for check in after["checks"]}
    reasons = [f"check '{name}' is gone" for name in old if name not in new]
    for name, check in new.items():
        was = old.get(name)
        if was is None:
            reasons.append(f"check '{name}' is new and {_holds(check)} ({_points(check)})")
        elif was["passed"] != check["passed"]:
            reasons.append(
                f"check '{name}' {_holds(was)} before and {_holds(check)} now ({_points(was)} -> {_points(check)})"
            )
        elif (was["points"], was["max_points"]) != (check["points"], check["max_points"]):
            reasons.append(f"check '{name}' gives {_points(was)} -> {_points(check)}")
    gone, come = _mistakes(before) - _mistakes(after), _mistakes(after) - _mistakes(before)
    reasons += [f"mistake no longer named: {name}" for name in sorted(gone)]
    reasons += [f"mistake now named: {name}" for name in sorted(come)]
    if not reasons and [_said(check) for check in old.values()] != [_said(check) for check in new.values()]:
        reasons.append("other examples or words")
    return reasons


def _said(check: Result) -> tuple[str, str]:
    return check["name"], check["message"]


def _mistakes(exercise: Result) -> set[str]:
    return {check["mistake"] for check in exercise["checks"] if check["mistake"]}


def _holds(check: Result) -> str:
    return "holds" if check["passed"] else "breaks"


def _points(check: Result) -> str:
    return f"{number(check['points'])} of {number(check['max_points'])}"
