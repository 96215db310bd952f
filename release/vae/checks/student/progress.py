"""What is left of a notebook: one line an exercise."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, NamedTuple

from ..exercise import Exercise, Problem
from ..rendering import badge, framed, number, prose, table
from ..verdict import Verdict
from .notebook import FOOTER, Report, remembered, say_missing, show

HOLDS, BREAKS, UNWRITTEN = "holds", "breaks", "not written"
_SIGNS = {HOLDS: "✓", BREAKS: "✗", UNWRITTEN: "…"}
_NOWHERE = "Nothing to report yet: run the cells of this notebook first (Run, then Run All Cells)."


class Line(NamedTuple):
    """What the overview says about one exercise: its name, its state, a sentence, and what it is worth ("4 points")."""

    name: str
    state: str
    said: str
    worth: str = ""


def progress() -> None:
    """Show what is left of the notebook that calls this: which exercises hold, break, or are not written yet."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    try:
        from ..registry import modules
    except ModuleNotFoundError as error:
        say_missing(error)
        return
    namespace = sys._getframe(1).f_globals
    problem = _problem_of(namespace, [one for one in modules().values() if one.exercises])
    if problem is None:
        show(Report(_NOWHERE, framed("progress", escape(_NOWHERE))))
        return
    verdicts = {exercise.name: _standing(exercise, namespace) for exercise in problem.exercises}
    lines = [
        line(verdict, heading(exercise), worth(exercise))
        for exercise, verdict in zip(problem.exercises, verdicts.values(), strict=True)
    ]
    show(Report(f"{as_text(problem.title, lines)}\n\n{FOOTER}", as_html(problem.title, lines, FOOTER)))


def state(verdict: Verdict) -> str:
    """Whether an exercise holds, breaks, or is not written yet."""
    return UNWRITTEN if verdict.unwritten else HOLDS if verdict.passed else BREAKS


def heading(exercise: Exercise) -> str:
    """What the notebook calls an exercise, without its title: "Exercise 1"; its own name where it has no such heading."""
    return f"{exercise.label}, {exercise.name}" if exercise.label else exercise.name


def worth(exercise: Exercise) -> str:
    """The points that grading gives for an exercise, in words: "1 point", "2.5 points"."""
    return f"{number(exercise.points)} point{'' if exercise.points == 1 else 's'}"


def line(verdict: Verdict, name: str = "", worth: str = "") -> Line:
    """What the overview says about one exercise, under `name` or its own."""
    failed, name = verdict.first_failed, name or verdict.exercise
    if verdict.unwritten or failed is None:
        return Line(name, state(verdict), "" if verdict.unwritten else "all checks hold", worth)
    if failed.mistake:
        return Line(name, BREAKS, f"likely mistake: {failed.mistake}", worth)
    return Line(name, BREAKS, f"{failed.check}: {(failed.note or failed.must).splitlines()[0]}", worth)


def count(lines: Iterable[Line]) -> str:
    """How far a notebook is, in one line: 4 of 6 exercises hold, 1 breaks, 1 is not written."""
    states = [line.state for line in lines]
    breaks, left = states.count(BREAKS), states.count(UNWRITTEN)
    parts = [f"{states.count(HOLDS)} of {len(states)} exercises hold"]
    parts += [f"{breaks} {'breaks' if breaks == 1 else 'break'}"] if breaks else []
    parts += [f"{left} {'is' if left == 1 else 'are'} not written"] if left else []
    return ", ".join(parts)


def as_text(title: str, lines: list[Line]) -> str:
    """The overview for a terminal."""
    named = [f"{line.name} ({line.worth})" if line.worth else line.name for line in lines]
    width = max(map(len, named), default=0)
    rows = [
        f"  {_SIGNS[line.state]} {line.state:11} {name:{width}}  {line.said}".rstrip()
        for name, line in zip(named, lines, strict=True)
    ]
    return "\n".join([f"{title}: {count(lines)}", *rows])


def as_html(title: str, lines: list[Line], footer: str = "") -> str:
    """The overview for a notebook."""
    done = all(line.state == HOLDS for line in lines)
    # Red is for what is wrong; what is only not there yet is no reason to be alarmed.
    wrong = any(line.state == BREAKS for line in lines)
    head = f"<strong>{escape(title)}</strong> {badge(count(lines), good=True if done else False if wrong else None)}"
    rows = [
        [
            badge(line.state, good=False) if line.state == BREAKS else f"{_SIGNS[line.state]} {line.state}",
            f"<code style='background:none;color:inherit;padding:0'>{escape(line.name)}</code>",
            f"<span style='white-space:nowrap'>{line.worth}</span>",
            prose(line.said),
        ]
        for line in lines
    ]
    body = table(["State", "Exercise", "Worth", "Checks"], rows)
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
    from .student_check import examine

    verdict = examine(exercise.name, namespace, tries=0)
    earlier = remembered(exercise.name)
    return earlier if exercise.variables and not verdict.passed and earlier and earlier.passed else verdict
