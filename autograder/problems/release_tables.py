"""What known mistakes answer to fixed calls, as bare numbers for the release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..checks.answer_tables import SEALED, SUFFIX, digits_of, encode, packed
from ..checks.asking import FormedAnswer
from ..checks.diagnosis import alike
from ..checks.exercise import Call, Exercise, Mistake
from ..checks.judges import close
from ..course.layout import module_name
from ..hidden.mistakes.catalogue import Function
from .examination import answers_of
from .registry import hidden_half, mistakes, public

Answers = list[FormedAnswer]


def tables(stems: Iterable[str], right: dict[str, Function]) -> dict[str, bytes]:
    """Fingerprints for the release: per problem a packed file of fixed calls, the right and the mistaken answers as numbers.

    `right` maps exercise names to the reference functions; raises ValueError when two mistakes of an exercise cannot
    be told apart by its probes.
    """
    files = {}
    for stem in stems:
        table = {
            exercise.name: _table(stem, exercise, right[exercise.name])
            for exercise in public(stem).exercises
            if exercise.probes or exercise.diagnose
        }
        files[f"tables/{module_name(stem)}{SUFFIX}"] = packed(table | _sealed(stem))
    return files


def _sealed(stem: str) -> dict[str, dict[str, Any]]:
    """What the hidden half seals of exercises of variables: there a table of answers in clear would be the solution."""
    asked = [exercise.name for exercise in public(stem).exercises if exercise.variables]
    sealed = getattr(hidden_half(stem), "sealed", None) if asked else None
    return {name: {SEALED: sealed(name)} for name in asked} if sealed else {}


def _table(stem: str, exercise: Exercise, right: Function) -> dict[str, Any]:
    if exercise.diagnose:
        # What students have names a mistake by itself: the table adds the sentence about it.
        named = [{"name": one.name, "says": one.says, "answers": []} for one in mistakes(stem, exercise.name)]
        return {"right": [], "mistakes": named}
    known: list[Mistake] = []
    prints = [("the right answer", answers_of(exercise, right, exercise.probes))]
    for mistake in mistakes(stem, exercise.name):
        answers = answers_of(exercise, mistake.function, exercise.probes) if mistake.tell is None else []
        same = [name for name, before in prints if answers and _alike(exercise, answers, before)]
        if any(name != mistake.name for name in same):
            raise ValueError(
                f"The probes of {exercise.name} cannot tell «{mistake.name}» from «{same[0]}»: "
                f"add a probe in checks/{module_name(stem)} that does."
            )
        # Two ways to one mistake may differ in the questions of grading alone.
        if answers and not same:
            known.append(mistake)
            prints.append((mistake.name, answers))
    for mistake in mistakes(stem, exercise.name):
        # What is told by more than answers to fixed calls has its name here where one way of making it shows in those.
        if mistake.tell is not None:
            shown = _told_by_probes(exercise, mistake, [one for _, one in prints])
            if shown:
                known.append(mistake)
                prints.append((mistake.name, shown))
    digits = digits_of(exercise)
    told = [[encode(seen.answer, digits) for seen in answers] for _, answers in prints]
    rows = [
        {"name": mistake.name, "says": mistake.says, "answers": answers}
        for mistake, answers in zip(known, told[1:], strict=True)
    ]
    if exercise.betrays:
        # What students have names these by itself: the table adds the sentence.
        already = {mistake.name for mistake in known}
        says = {mistake.name: mistake.says for mistake in mistakes(stem, exercise.name)}
        rows += [{"name": name, "says": says[name], "answers": []} for name in says if name not in already]
    return {"right": told[0], "mistakes": rows}


def _told_by_probes(exercise: Exercise, mistake: Mistake, others: Sequence[Answers]) -> Answers:
    """What a mistake answers to the probes, if that is the same on all machines and unlike all others; else nothing."""
    once = answers_of(exercise, mistake.function, exercise.probes)
    again = answers_of(exercise, mistake.function, [_shaken(probe) for probe in exercise.probes])
    if not all(map(_same, once, again)) or any(_alike(exercise, once, other) for other in others):
        return []
    return once


def _shaken(call: Call) -> Call:
    """The call with inputs off by less than any digit that is tabled, as another processor's sums are.

    Some trainings never settle: they make another number out of it, and would make another table on each machine.
    """
    args = [arg * (1 + 1e-12) if isinstance(arg, np.ndarray) and arg.dtype.kind == "f" else arg for arg in call.args]
    return replace(call, args=tuple(args))


def _same(one: FormedAnswer, other: FormedAnswer) -> bool:
    if one.problem or other.problem:
        return one.problem == other.problem
    return close(one.value, other.value, 1e-6, 1e-6)


def _alike(exercise: Exercise, one: Answers, other: Answers) -> bool:
    return all(alike(exercise, a, b) for a, b in zip(one, other, strict=True))
