"""(exercise, subject) -> verdict: the same steps in a student's notebook and in the grader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from . import formatting, messages
from .asking import FormedAnswer, ask_and_check_form, plan_of
from .broken import first_broken
from .counterexample import TRIES, with_smaller
from .diagnosis import NamedMistake, Recogniser
from .examples import Bank
from .exercise import Check, Exercise, Subject
from .scoring import finding, findings, status_of
from .verdict import FORM, Finding, Status, Verdict

_RETURN = (
    "For every input the function gives back None. What it prints, or sets inside of itself, does not come back: look at the "
    "`return`."
)


def run(
    exercise: Exercise,
    subject: Subject,
    bank: Bank,
    *,
    recognise: Recogniser | None = None,
    seed: int = 0,
    tries: int = TRIES,
) -> Verdict:
    """Ask the subject about every example of every check in one batch, judge the answers, and explain what fails."""
    plan = plan_of(exercise, bank)
    answered = ask_and_check_form(exercise, subject, plan.calls)
    seen = [answered[number] for number in plan.order]
    absent = _absent(exercise, seen)
    if absent:
        return absent
    groups: dict[str, list[tuple[Any, list[FormedAnswer]]]] = {check.name: [] for check in exercise.checks}
    for name, example, place in plan.asked:
        groups[name].append((example, seen[place]))
    broken = {check.name: first_broken(exercise, check, groups[check.name]) for check in exercise.checks}
    failed = [check for check in exercise.checks if broken[check.name]]
    names = _names(exercise, seen, failed, plan.places, recognise) if recognise and failed else {}
    # What a judge knows of its own variable comes before what all answers together look like.
    known = {
        name: NamedMistake(*one.fault.named) for name, one in broken.items() if one and one.fault and one.fault.named
    }
    found = findings(exercise, broken, {**names, **known})
    form = _form_finding(exercise, seen, names.get(FORM))
    return Verdict(exercise.name, (form, *with_smaller(exercise, subject, found, broken, seed, tries)))


def _names(
    exercise: Exercise,
    seen: Sequence[FormedAnswer],
    failed: Sequence[Check],
    places: dict[str, slice],
    recognise: Recogniser,
) -> dict[str, NamedMistake | None]:
    """The mistake that each failed check shows: of a function the same for all, of variables each its own."""
    if exercise.variables:
        return {check.name: recognise(seen, [places[check.name]]) for check in failed}
    named = recognise(seen, [places[check.name] for check in failed if check.earns])
    return dict.fromkeys([FORM, *(check.name for check in failed)], named)


def _absent(exercise: Exercise, seen: Sequence[FormedAnswer]) -> Verdict | None:
    """The verdict on a function that is not there or not written yet: nothing else is worth saying then."""
    first = seen[0]
    nothing = all(one.answer.outcome == "returned" and one.answer.value is None for one in seen)
    missing = messages.missing(exercise, first.answer)
    if first.answer.outcome not in ("undefined", "uncallable") and not missing and not nothing:
        return None
    if exercise.variables and any(one.answer.outcome != "undefined" for one in seen):
        return None
    problem = first.problem
    rest = tuple(finding(check, "unasked", note="Not asked: there is no answer yet.") for check in exercise.checks)
    status: Status = "unwritten" if missing or first.answer.outcome == "undefined" else "breaks"
    form = Finding(FORM, messages.form(exercise), status, note=problem, read=exercise.read, missing=missing)
    if nothing:
        form = replace(form, mistake="nothing is returned", says=_RETURN)
    return Verdict(exercise.name, (form, *rest))


def _form_finding(exercise: Exercise, seen: Sequence[FormedAnswer], named: NamedMistake | None) -> Finding:
    bad = next((one for one in seen if one.problem), None)
    must = messages.form(exercise)
    if bad is None:
        return Finding(FORM, must, "holds")
    outcome = bad.answer.outcome
    # Where some variables are there, the others are an answer in a bad form.
    status = "breaks" if outcome == "undefined" else status_of(outcome)
    shown, returned = _shown(exercise, bad)
    return Finding(
        FORM,
        must,
        status,
        example=shown,
        returned=returned,
        note=bad.problem,
        mistake=named.name if named else None,
        says=named.says if named else "",
        read=exercise.read,
        lines=bad.answer.lines,
    )


def _shown(exercise: Exercise, bad: FormedAnswer) -> tuple[str, str]:
    """The call and what it returned, in short print; empty where there is nothing to show."""
    if exercise.variables:
        values = bad.answer.value if bad.answer.outcome == "returned" else {}
        return "", "\n".join(f"{name} = {formatting.value(value)}" for name, value in values.items())
    returned = formatting.value(bad.answer.value) if bad.answer.outcome == "returned" else ""
    return formatting.call(exercise, bad.call), returned
