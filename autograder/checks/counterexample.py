"""A smaller counterexample than the first that was found."""

from __future__ import annotations

from typing import Any

from .asking import ask_and_check_form
from .broken import Broken, judged
from .examples import smaller
from .exercise import Check, Exercise, Subject
from .scoring import explained
from .verdict import Finding, first_to_mend

TRIES = 60


def with_smaller(
    exercise: Exercise,
    subject: Subject,
    findings: list[Finding],
    broken: dict[str, Broken | None],
    seed: int,
    tries: int,
) -> list[Finding]:
    """Put a smaller counterexample into the finding that is shown first when its own was not hand-picked."""
    shown = first_to_mend(findings)
    for position, check in enumerate(exercise.checks):
        one = broken[check.name]
        if one is None or findings[position] is not shown:
            continue
        hand_picked = any(one.example is example for example in check.first)
        if not hand_picked and not one.stuck and check.examples is not None and tries:
            findings[position] = _shrunk(exercise, check, subject, findings[position], one, seed, tries)
    return findings


def _shrunk(
    exercise: Exercise, check: Check, subject: Subject, finding: Finding, known: Broken, seed: int, tries: int
) -> Finding:
    def fails(example: Any) -> bool:
        one = judged(exercise, check, example, ask_and_check_form(exercise, subject, check.calls(example)))
        return one is not None and not one.stuck

    found = smaller(check.examples, fails, seed, tries)
    if found is None:
        return finding
    one = judged(exercise, check, found, ask_and_check_form(exercise, subject, check.calls(found)))
    if one is None or one.stuck or len(one.shown) > len(known.shown) or (one.fault is None) != (known.fault is None):
        return finding
    return explained(finding, one)
