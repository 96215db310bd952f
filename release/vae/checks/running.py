"""(exercise, subject) -> verdict: the same steps in a student's notebook and in the grader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import show, wording
from .plan import plan_of
from .problem import Answer, Call, Check, Exercise, Fault, Subject
from .strategies import Bank, smaller
from .verdict import Finding, Verdict

SHRINK_TRIES = 60
_STUCK = ("timeout", "died", "skipped")

Named = tuple[str, str, float]
"""A recognised mistake: its name, the sentence about it, the share of a value check's points still given."""

Recogniser = Callable[[Sequence["Seen"], Sequence[slice]], "Named | None"]
"""Takes all answers and the places of those of each failed check that earns; returns the mistake, if it is known."""


@dataclass(frozen=True)
class Seen:
    """An answer after its form was looked at: `value` is canonical where `problem` is empty."""

    call: Call
    answer: Answer
    value: Any = None
    problem: str = ""


@dataclass(frozen=True)
class _Broken:
    """The first example of a check that fails, with what to say about it."""

    example: Any
    shown: str
    fault: Fault | None
    problem: str
    stuck: bool = False


def run(
    exercise: Exercise,
    subject: Subject,
    bank: Bank,
    *,
    recognise: Recogniser | None = None,
    seed: int = 0,
    tries: int = SHRINK_TRIES,
) -> Verdict:
    """Ask the subject about every example of every check in one batch, judge the answers, and explain what fails."""
    plan = plan_of(exercise, bank)
    answered = look(exercise, subject, plan.calls)
    seen = [answered[number] for number in plan.order]
    absent = _absent(exercise, seen)
    if absent:
        return absent
    groups: dict[str, list[tuple[Any, list[Seen]]]] = {check.name: [] for check in exercise.checks}
    for name, example, place in plan.asked:
        groups[name].append((example, seen[place]))
    broken = {check.name: _first_broken(exercise, check, groups[check.name]) for check in exercise.checks}
    failed = [check for check in exercise.checks if broken[check.name]]
    names = _names(exercise, seen, failed, plan.places, recognise) if recognise and failed else {}
    findings = _findings(exercise, broken, names)
    form = _form_finding(exercise, seen, names.get("form"))
    return Verdict(exercise.name, (form, *_explain(exercise, subject, findings, broken, seed, tries)))


def _names(
    exercise: Exercise, seen: Sequence[Seen], failed: Sequence[Check], places: dict[str, slice], recognise: Recogniser
) -> dict[str, Named | None]:
    """The mistake that each failed check shows: of a function the same for all, of variables each its own."""
    if exercise.variables:
        return {check.name: recognise(seen, [places[check.name]]) for check in failed}
    named = recognise(seen, [places[check.name] for check in failed if check.earns])
    return dict.fromkeys(["form", *(check.name for check in failed)], named)


def look(exercise: Exercise, subject: Subject, calls: Sequence[Call]) -> list[Seen]:
    """Ask all calls at once and look at the form of each answer."""
    answers = _read(subject, calls) if exercise.variables else subject.ask(exercise.name, calls)
    padded = [*answers, *[Answer("skipped")] * (len(calls) - len(answers))]
    return [_seen(exercise, call, answer) for call, answer in zip(calls, padded, strict=False)]


def _read(subject: Subject, calls: Sequence[Call]) -> list[Answer]:
    names = list(dict.fromkeys(name for call in calls for name in call.args))
    values = dict.fromkeys(names, Answer("skipped")) | dict(zip(names, subject.read(names), strict=False))
    answers = []
    for call in calls:
        missing = [values[name] for name in call.args if values[name].outcome != "returned"]
        answers.append(missing[0] if missing else Answer("returned", {name: values[name].value for name in call.args}))
    return answers


def _seen(exercise: Exercise, call: Call, answer: Answer) -> Seen:
    if answer.outcome != "returned":
        return Seen(call, answer, problem=wording.outcome(exercise, answer))
    value, problem = exercise.form.normalise(call, answer.value)
    return Seen(call, answer, value, problem)


def _absent(exercise: Exercise, seen: Sequence[Seen]) -> Verdict | None:
    """The verdict on a function that is not there or not written yet: nothing else is worth saying then."""
    first = seen[0]
    nothing = all(one.answer.outcome == "returned" and one.answer.value is None for one in seen)
    todo = first.answer.error == "NotImplementedError"
    if first.answer.outcome not in ("undefined", "uncallable") and not todo and not nothing:
        return None
    if exercise.variables and any(one.answer.outcome != "undefined" for one in seen):
        return None
    problem = first.problem
    rest = tuple(_finding(check, passed=False, note="Not looked at yet.") for check in exercise.checks)
    unwritten = todo or (first.answer.outcome == "undefined")
    form = Finding("form", wording.form(exercise), passed=False, note=problem, read=exercise.read)
    return Verdict(exercise.name, (form, *rest), unwritten=unwritten)


def _form_finding(exercise: Exercise, seen: Sequence[Seen], named: Named | None) -> Finding:
    bad = next((one for one in seen if one.problem), None)
    must = wording.form(exercise)
    if bad is None:
        return Finding("form", must, passed=True)
    name, says = (named[0], named[1]) if named else (None, "")
    shown, returned = _shown(exercise, bad)
    return Finding(
        "form",
        must,
        passed=False,
        example=shown,
        returned=returned,
        note=bad.problem,
        mistake=name,
        says=says,
        read=exercise.read,
    )


def _shown(exercise: Exercise, bad: Seen) -> tuple[str, str]:
    """The call and what it returned, in short print; empty where there is nothing to show."""
    if exercise.variables:
        values = bad.answer.value if bad.answer.outcome == "returned" else {}
        return "", "\n".join(f"{name} = {show.value(value)}" for name, value in values.items())
    returned = show.value(bad.answer.value) if bad.answer.outcome == "returned" else ""
    return show.call(exercise, bad.call), returned


def _first_broken(exercise: Exercise, check: Check, group: Sequence[tuple[Any, list[Seen]]]) -> _Broken | None:
    for example, seen in group:
        broken = _judge(exercise, check, example, seen)
        if broken is not None:
            return broken
    return None


def _judge(exercise: Exercise, check: Check, example: Any, seen: Sequence[Seen]) -> _Broken | None:
    bad = next((one for one in seen if one.problem), None)
    if bad is not None:
        stuck = bad.answer.outcome in _STUCK
        return _Broken(example, "" if exercise.variables else show.call(exercise, bad.call), None, bad.problem, stuck)
    try:
        fault = check.judge(example, [_canonical(one) for one in seen])
    except (ArithmeticError, np.linalg.LinAlgError):
        fault = Fault("numbers that can be computed with", seen[0].value, note="These are too large to compute with.")
    if fault is None:
        return None
    shown = "" if exercise.variables else show.call(exercise, seen[fault.call].call)
    return _Broken(example, shown, fault, "")


def _canonical(one: Seen) -> Answer:
    """The answer as judges see it."""
    answer = one.answer
    return Answer(answer.outcome, one.value, answer.error, answer.detail, answer.changed)


def _findings(exercise: Exercise, broken: dict[str, _Broken | None], names: dict[str, Named | None]) -> list[Finding]:
    shares = {check.name: (names.get(check.name) or ("", "", 0.0))[2] for check in exercise.checks}
    earning = [check for check in exercise.checks if check.earns]
    worth = sum(check.points for check in earning)
    earned = sum(check.points * (1.0 if broken[check.name] is None else shares[check.name]) for check in earning)
    fraction = earned / worth if worth else 0.0
    findings = []
    for check in exercise.checks:
        one = broken[check.name]
        points = _points(check, one is None, shares[check.name], fraction)
        if one is not None:
            findings.append(_failed(exercise, check, points, one, names.get(check.name)))
            continue
        note = "" if points == check.points else "Holds; its points count as far as the values are right."
        findings.append(_finding(check, passed=True, points=points, note=note))
    return findings


def _points(check: Check, held: bool, share: float, fraction: float) -> float:
    """Values earn, whole or the share of a known slip; the rest counts as far as values are right, whole or not at all.

    A share of 1 is a mistake that was paid for in another exercise: it costs nothing here.
    """
    if check.earns:
        return check.points * (1.0 if held else share)
    return check.points * fraction if held or share == 1.0 else 0.0


def _failed(exercise: Exercise, check: Check, points: float, one: _Broken, named: Named | None) -> Finding:
    fault = one.fault
    return replace(
        _finding(check, passed=False, points=points),
        example=one.shown,
        returned="" if fault is None else show.value(fault.returned),
        expected="" if fault is None else _expected(fault),
        note=one.problem if fault is None else fault.note,
        mistake=named[0] if named else None,
        says=named[1] if named else "",
        read=exercise.read,
    )


def _expected(fault: Fault) -> str:
    return fault.expected if isinstance(fault.expected, str) else show.value(fault.expected)


def _finding(check: Check, *, passed: bool, points: float = 0.0, note: str = "") -> Finding:
    return Finding(check.name, check.must, passed, check.hidden, round(points, 2), check.points, note=note)


def _explain(
    exercise: Exercise,
    subject: Subject,
    findings: list[Finding],
    broken: dict[str, _Broken | None],
    seed: int,
    tries: int,
) -> list[Finding]:
    """Put a smaller counterexample into the first failed finding when its own was not hand-picked."""
    for position, check in enumerate(exercise.checks):
        one = broken[check.name]
        if one is None:
            continue
        hand_picked = any(one.example is example for example in check.first)
        if not hand_picked and not one.stuck and check.examples is not None and tries:
            findings[position] = _shrunk(exercise, check, subject, findings[position], one, seed, tries)
        break
    return findings


def _shrunk(
    exercise: Exercise, check: Check, subject: Subject, finding: Finding, known: _Broken, seed: int, tries: int
) -> Finding:
    def fails(example: Any) -> bool:
        one = _judge(exercise, check, example, look(exercise, subject, check.calls(example)))
        return one is not None and not one.stuck

    found = smaller(check.examples, fails, seed, tries)
    if found is None:
        return finding
    one = _judge(exercise, check, found, look(exercise, subject, check.calls(found)))
    if one is None or one.stuck or len(one.shown) > len(known.shown):
        return finding
    return replace(
        finding,
        example=one.shown,
        returned="" if one.fault is None else show.value(one.fault.returned),
        expected="" if one.fault is None else _expected(one.fault),
        note=one.problem if one.fault is None else one.fault.note,
    )
