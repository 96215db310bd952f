"""The registry of problems: public checks merged with the hidden ones, mistakes to recognise, tables for the release."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from . import checks, hidden
from .checks.local import LocalSubject
from .checks.problem import Call, Check, Exercise, Mistake, Problem
from .checks.recognition import Behaviour, alike, behaviour, recogniser, tells_apart
from .checks.running import Named, Recogniser, Seen, look
from .checks.strategies import Bank, bank
from .checks.tables import COARSE, DIGITS, encode
from .checks.verdict import Verdict
from .hidden.catalogue import Catalogue, Function
from .layout import module_name
from .points import worth


class UnknownProblem(ValueError):
    """There are no checks for that stem: add them, or rename the text."""


@cache
def public(stem: str) -> Problem:
    """The problem as students have it; raise UnknownProblem when there is none."""
    problem: Problem = _module(checks, stem).PROBLEM
    return problem


@cache
def load(stem: str) -> Problem:
    """The problem as it is graded: each exercise with its public checks, then its hidden ones."""
    problem = public(stem)
    more: dict[str, tuple[Check, ...]] = _hidden(stem).CHECKS
    merged = []
    for exercise in problem.exercises:
        merged_checks = (*exercise.checks, *more.get(exercise.name, ()))
        names = [check.name for check in merged_checks]
        if len(set(names)) < len(names):
            raise ValueError(f"Two checks of {exercise.name} have one name ({', '.join(names)}): rename one.")
        merged.append(replace(exercise, checks=merged_checks))
    return replace(problem, exercises=tuple(merged))


def catalogue(stem: str) -> Catalogue:
    """The known mistakes and right variants of a problem."""
    found: Catalogue = _hidden(stem).CATALOGUE
    return found


def mistakes(stem: str, exercise: str) -> list[Mistake]:
    """The known mistakes of one exercise."""
    return [mistake for mistake in catalogue(stem).mistakes if mistake.exercise == exercise]


def variants(stem: str, exercise: str) -> list[Function]:
    """The right variants of one exercise."""
    return catalogue(stem).variants.get(exercise, [])


def _hidden(stem: str) -> Any:
    return _module(hidden, stem)


def _module(package: ModuleType, stem: str) -> Any:
    """The module of a problem: of the autograder's own, or of the course's that was adopted."""
    name = f"{package.__name__}.{module_name(stem)}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        folder = Path(package.__path__[-1])
        raise UnknownProblem(
            f"There is no {folder.name}/{module_name(stem)}.py for {stem}: write it in {folder}, rename the text, or go to "
            "the course folder that has it."
        ) from error


@dataclass(frozen=True)
class Examination:
    """One exercise ready to be asked: its checks, its bank of examples, and what recognises its mistakes."""

    exercise: Exercise
    bank: Bank
    recognise: Recogniser
    seed: int


@cache
def examination(stem: str, name: str, seed: int) -> Examination:
    """Draw the bank of an exercise and prepare its recogniser; once a process."""
    exercise = load(stem).exercise(name)
    known = _LazyBehaviours(exercise, mistakes(stem, name))
    return Examination(exercise, bank(exercise.checks, seed), recogniser(exercise, known), seed)


@cache
def examination_worth(stem: str, name: str, seed: int, points: float | None) -> Examination:
    """The examination of an exercise that this assignment gives other points than its own; None are its own."""
    plain = examination(stem, name, seed)
    exercise = worth(plain.exercise, points)
    return plain if exercise is plain.exercise else replace(plain, exercise=exercise)


def named_in(verdict: Verdict) -> str | None:
    """The mistake that a verdict names."""
    return next((finding.mistake for finding in verdict.findings if finding.mistake), None)


def examination_after(
    stem: str, name: str, seed: int, named: Mapping[str, str | None], points: float | None = None
) -> Examination:
    """The examination of an exercise when mistakes were named in others before: what follows from one is not paid twice.

    `named` maps exercises to the mistake named there. The grader works out what a right solution answers that builds on
    the mistaken one; a student's own function never gets a right value from us.
    """
    plain = examination_worth(stem, name, seed, points)
    for upstream, carry in _follows(stem).get(name, {}).items():
        mistake = next((one for one in mistakes(stem, upstream) if one.name == named.get(upstream)), None)
        if mistake is not None:
            return _carried(stem, name, seed, mistake, carry, points)
    return plain


def _follows(stem: str) -> dict[str, dict[str, Callable[[Function], Function]]]:
    return getattr(_hidden(stem), "FOLLOWS", {})


@cache
def _carried(
    stem: str, name: str, seed: int, mistake: Mistake, carry: Callable[[Function], Function], points: float | None
) -> Examination:
    plain = examination_worth(stem, name, seed, points)
    told = f"`{mistake.exercise}` with its mistake was used here ({mistake.name})"
    says = "Its points were lost there and are not lost again here. Mend it there, and this follows."
    followed = Mistake(name, told, says, carry(mistake.function), share=1.0)
    known = _LazyBehaviours(plain.exercise, [followed])
    first = recogniser(plain.exercise, known)

    def recognise(seen: Sequence[Seen], failed: Sequence[slice]) -> Named | None:
        # What errors throughout, or answers everything alike, shows no work that could be worth points.
        works = tells_apart(known([one.call for one in seen])[0].seen)
        return (first(seen, ()) if works else None) or plain.recognise(seen, failed)

    return replace(plain, recognise=recognise)


class _LazyBehaviours:
    """What each known mistake answers to the calls of a bank, worked out when a submission first fails."""

    def __init__(self, exercise: Exercise, known: Sequence[Mistake]) -> None:
        self._exercise, self._known = exercise, known
        self._done: list[Behaviour] = []

    def __call__(self, calls: Sequence[Call]) -> list[Behaviour]:
        if not self._done:
            self._done = [behaviour(mistake, self._answers(mistake, calls)) for mistake in self._known]
        return self._done

    def _answers(self, mistake: Mistake, calls: Sequence[Call]) -> list[Seen]:
        # What is told by the answers alone is not compared with ours, and draws are dear.
        return [] if mistake.tell else answers_of(self._exercise, mistake.function, calls)


def answers_of(exercise: Exercise, function: Function, calls: Sequence[Call]) -> list[Seen]:
    """What one of our own functions answers to calls, seen through the exercise's form."""
    return look(exercise, subject_of(exercise, function), calls)


def subject_of(exercise: Exercise, function: Function) -> LocalSubject:
    """One of our own functions as if a student had written it; for an exercise of variables it returns them by name."""
    return LocalSubject(function() if exercise.variables else {exercise.name: function})


def tables(stems: Iterable[str], right: dict[str, Function]) -> dict[str, bytes]:
    """Fingerprints for the release: per problem a JSON file of fixed calls, the right and the mistaken answers as numbers.

    `right` maps exercise names to the reference functions; raises ValueError when two mistakes of an exercise cannot
    be told apart by its probes.
    """
    files = {}
    for stem in stems:
        table = {
            exercise.name: _table(stem, exercise, right[exercise.name])
            for exercise in public(stem).exercises
            if exercise.probes
        }
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        files[f"tables/{module_name(stem)}.json"] = (text + "\n").encode()
    return files


def _table(stem: str, exercise: Exercise, right: Function) -> dict[str, Any]:
    known = [mistake for mistake in mistakes(stem, exercise.name) if mistake.tell is None]
    prints = [("the right answer", answers_of(exercise, right, exercise.probes))]
    prints += [(mistake.name, answers_of(exercise, mistake.function, exercise.probes)) for mistake in known]
    for position, (name, one) in enumerate(prints):
        for other, two in prints[:position]:
            if all(alike(exercise, a, b) for a, b in zip(one, two, strict=True)):
                raise ValueError(
                    f"The probes of {exercise.name} cannot tell «{name}» from «{other}»: "
                    f"add a probe in checks/{module_name(stem)} that does."
                )
    digits = COARSE if exercise.many else DIGITS
    told = [[encode(seen.answer, digits) for seen in answers] for _, answers in prints]
    rows = [
        {"name": mistake.name, "says": mistake.says, "answers": answers}
        for mistake, answers in zip(known, told[1:], strict=True)
    ]
    return {"right": told[0], "mistakes": rows}
