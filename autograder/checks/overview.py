"""What is left of a notebook: one line an exercise."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from .notebook import FOOTER, Shown, remembered, say_missing, show
from .problem import Exercise, Problem
from .verdict import Verdict, badge, framed, prose, table

HOLDS, BREAKS, UNWRITTEN = "holds", "breaks", "not written"
_SIGNS = {HOLDS: "✓", BREAKS: "✗", UNWRITTEN: "…"}
_NOWHERE = "Nothing to report yet: run the cells of this notebook first (Run, then Run All Cells)."

Line = tuple[str, str, str]
"""An exercise's name, its state, and what is said about it."""


def progress() -> None:
    """Show what is left of the notebook that calls this: which exercises hold, break, or are not written yet."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    try:
        from .registry import modules
    except ModuleNotFoundError as error:
        say_missing(error)
        return
    namespace = sys._getframe(1).f_globals
    problem = _problem_of(namespace, [one for one in modules().values() if one.exercises])
    if problem is None:
        show(Shown(_NOWHERE, framed("progress", escape(_NOWHERE))))
        return
    verdicts = {exercise.name: _standing(exercise, namespace) for exercise in problem.exercises}
    lines = [line(verdict) for verdict in verdicts.values()]
    show(Shown(f"{as_text(problem.title, lines)}\n\n{FOOTER}", as_html(problem.title, lines, FOOTER)))


def state(verdict: Verdict) -> str:
    """Whether an exercise holds, breaks, or is not written yet."""
    return UNWRITTEN if verdict.unwritten else HOLDS if verdict.passed else BREAKS


def line(verdict: Verdict) -> Line:
    """What the overview says about one exercise."""
    failed = verdict.first_failed
    if verdict.unwritten or failed is None:
        return verdict.exercise, state(verdict), "" if verdict.unwritten else "all checks hold"
    if failed.mistake:
        return verdict.exercise, BREAKS, f"likely mistake: {failed.mistake}"
    return verdict.exercise, BREAKS, f"{failed.check}: {(failed.note or failed.must).splitlines()[0]}"


def count(lines: Iterable[Line]) -> str:
    """How far a notebook is, in one line: 4 of 6 exercises hold, 1 breaks, 1 is not written."""
    states = [state for _, state, _ in lines]
    breaks, left = states.count(BREAKS), states.count(UNWRITTEN)
    parts = [f"{states.count(HOLDS)} of {len(states)} exercises hold"]
    parts += [f"{breaks} {'breaks' if breaks == 1 else 'break'}"] if breaks else []
    parts += [f"{left} {'is' if left == 1 else 'are'} not written"] if left else []
    return ", ".join(parts)


def as_text(title: str, lines: list[Line]) -> str:
    """The overview for a terminal."""
    width = max((len(name) for name, _, _ in lines), default=0)
    rows = [f"  {_SIGNS[state]} {state:11} {name:{width}}  {said}".rstrip() for name, state, said in lines]
    return "\n".join([f"{title}: {count(lines)}", *rows])


def as_html(title: str, lines: list[Line], footer: str = "") -> str:
    """The overview for a notebook."""
    done = all(state == HOLDS for _, state, _ in lines)
    # Red is for what is wrong; what is only not there yet is no reason to be alarmed.
    wrong = any(state == BREAKS for _, state, _ in lines)
    head = f"<strong>{escape(title)}</strong> {badge(count(lines), good=True if done else False if wrong else None)}"
    rows = [
        [
            badge(state, good=False) if state == BREAKS else f"{_SIGNS[state]} {state}",
            f"<code style='background:none;color:inherit;padding:0'>{escape(name)}</code>",
            prose(said),
        ]
        for name, state, said in lines
    ]
    body = table(["State", "Exercise", "Checks"], rows)
    return framed(f"{title}: {count(lines)}", f"<div style='margin-bottom:.5em'>{head}</div>{body}", footer)


def _problem_of(namespace: Mapping[str, Any], problems: Iterable[Problem]) -> Problem | None:
    """The problem whose answers stand here: a kernel does not know its notebook's name."""

    def known(problem: Problem) -> float:
        there = [
            remembered(one.name) is not None or all(name in namespace for name in one.variables or (one.name,))
            for one in problem.exercises
        ]
        return sum(there) / len(there)

    best = max(problems, key=known, default=None)
    return best if best is not None and known(best) else None


def _standing(exercise: Exercise, namespace: Mapping[str, Any]) -> Verdict:
    """The verdict of now; of variables also a good one of earlier, because a later cell may use their names again."""
    from .examine import examine

    verdict = examine(exercise.name, namespace, tries=0)
    earlier = remembered(exercise.name)
    return earlier if exercise.variables and not verdict.passed and earlier and earlier.passed else verdict
