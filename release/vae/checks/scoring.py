"""What each check found, with its points: values earn, the rest counts as far as values are right."""

from __future__ import annotations

from dataclasses import replace

from . import formatting
from .broken import Broken
from .diagnosis import NamedMistake
from .exercise import Check, Exercise
from .judges import difference
from .verdict import OWN, TRUTH, Finding, Status


def findings(
    exercise: Exercise, broken: dict[str, Broken | None], names: dict[str, NamedMistake | None]
) -> list[Finding]:
    """One finding a check with its points, from the first example that breaks it and from the mistake that is named."""
    shares = {check.name: named.share if (named := names.get(check.name)) else 0.0 for check in exercise.checks}
    earning = [check for check in exercise.checks if check.earns]
    worth = sum(check.points for check in earning)
    earned = sum(check.points * (1.0 if broken[check.name] is None else shares[check.name]) for check in earning)
    fraction = earned / worth if worth else 0.0
    found = []
    for check in exercise.checks:
        one = broken[check.name]
        points = _points(check, one is None, shares[check.name], fraction)
        if one is not None:
            found.append(_failed(exercise, check, points, one, names.get(check.name)))
            continue
        note = "" if points == check.points else "Holds; its points count as far as the values are right."
        found.append(finding(check, "holds", points=points, note=note))
    return found


def _points(check: Check, held: bool, share: float, fraction: float) -> float:
    """Values earn, whole or the share of a known slip; the rest counts as far as values are right, whole or not at all."""
    if check.earns:
        return check.points * (1.0 if held else share)
    return check.points * fraction if held else 0.0


def _failed(exercise: Exercise, check: Check, points: float, one: Broken, named: NamedMistake | None) -> Finding:
    # A law about answers that came in no good form was not asked; whoever loses points is told so.
    status: Status = "unasked" if one.formless and not check.earns else status_of(one.outcome)
    return replace(
        explained(finding(check, status, points=points), one),
        mistake=named.name if named else None,
        says=named.says if named else "",
        read=exercise.read,
    )


def explained(plain: Finding, one: Broken) -> Finding:
    """The finding with what broke: the call, what it returned, what was expected, what happened."""
    fault = one.fault
    if fault is None:
        return replace(plain, example=one.shown, returned="", expected="", note=one.problem, lines=one.lines)
    returned, note = formatting.value(fault.returned), fault.note
    if isinstance(fault.expected, str):
        against, expected = OWN if fault.relates else "", fault.expected
    else:
        against, expected = TRUTH, formatting.value(fault.expected)
        if expected == returned:
            note = f"{note} {difference(fault)}".strip()
    return replace(plain, example=one.shown, returned=returned, expected=expected, note=note, against=against)


def finding(check: Check, status: Status, *, points: float = 0.0, note: str = "") -> Finding:
    """The finding of a check in so far as it says nothing of an answer."""
    return Finding(check.name, check.must, status, check.hidden, round(points, 2), check.points, note=note)


def status_of(outcome: str) -> Status:
    """The status of a check that does not hold, from the outcome of the answer that it fails for."""
    return "unasked" if outcome == "skipped" else "unwritten" if outcome == "undefined" else "breaks"
