"""Recognise a known mistake by what it answers: the same numbers for the same questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .asking import FormedAnswer, distinct
from .exercise import Answer, Call, Exercise, Mistake
from .judges import close


@dataclass(frozen=True)
class NamedMistake:
    """A recognised mistake: its name, the sentence about it, the share of a value check's points still given."""

    name: str
    says: str
    share: float


# Answers that never come are known by their errors alone; of these kinds there are too many to tell one mistake.
_OF_ONE_KIND = ("TypeError", "AttributeError", "NameError", "UnboundLocalError")
_MESSAGE = 200

Recogniser = Callable[[Sequence[FormedAnswer], Sequence[slice]], NamedMistake | None]
"""Takes all answers and the places of those of each failed check that earns; returns the mistake, if it is known."""


@dataclass(frozen=True)
class KnownAnswers:
    """What a known mistake answers to a list of calls, with its name, its sentence and its share of the points."""

    name: str
    says: str
    share: float
    answers: Sequence[FormedAnswer]
    tell: Callable[[Sequence[Call], Sequence[Answer]], bool] | None = None

    @property
    def named(self) -> NamedMistake:
        """The part that goes into a finding."""
        return NamedMistake(self.name, self.says, self.share)


def known_answers(mistake: Mistake, answers: Sequence[FormedAnswer]) -> KnownAnswers:
    """A catalogued mistake with the answers it gave."""
    return KnownAnswers(mistake.name, mistake.says, mistake.share, answers, mistake.tell)


def recogniser(exercise: Exercise, known: Callable[[Sequence[Call]], Sequence[KnownAnswers]]) -> Recogniser:
    """Return what names a mistake by all answers, or by those to the failed checks of variables."""

    def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        behaviours = known([one.call for one in seen])
        once = distinct(seen)
        good = [one for one in once if not one.problem]
        calls = [one.call for one in good]
        # Whoever sees only a few answers of many tells nothing.
        answers = [replace(one.answer, value=one.value) for one in good] if 2 * len(good) > len(once) else []
        for behaviour in behaviours:
            # A mistake in some of the variables says nothing of a check that reads others.
            silent = exercise.variables and any(_unset(behaviour.answers[part]) for part in failed)
            if not silent and _fits(exercise, behaviour, seen, calls, answers):
                return behaviour.named
        return None

    return recognise


def recogniser_by_checks(exercise: Exercise, known: Callable[[Sequence[Call]], Sequence[KnownAnswers]]) -> Recogniser:
    """Return what names a mistake by the answers to some failed checks, if only one mistake fits.

    Whoever is known by some checks alone has made another mistake besides, so that no points are given for the known one.
    A single check of several is no evidence: its questions may be such that many slips look alike.
    """

    def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        behaviours = known([one.call for one in seen])
        known_by_part: list[KnownAnswers] = []
        for part in () if exercise.many else failed:
            if any(one.problem for one in seen[part]) or not tells_apart(seen[part]):
                continue
            fitting = [
                behaviour
                for behaviour in behaviours
                if behaviour.tell is None and _all_alike(exercise, behaviour.answers[part], seen[part])
            ]
            if len(fitting) == 1:
                known_by_part += fitting
        if len({one.name for one in known_by_part}) != 1 or len(known_by_part) < min(2, len(failed)):
            return None
        named = known_by_part[0].named
        return named if len(failed) == 1 else replace(named, share=0.0)

    return recognise


def betrayed(
    exercise: Exercise, answers: Sequence[FormedAnswer], right: Mapping[int, Any], says: Mapping[str, str]
) -> NamedMistake | None:
    """The mistake that answers of any form show by themselves; None where the exercise knows none.

    `right` has the right values that are known, by the ids of their calls, and `says` the sentences by name. Other slips may be
    there besides, so that no points are given for it.
    """
    if exercise.betrays is None:
        return None
    told = [one.answer if one.problem else replace(one.answer, value=one.value) for one in answers]
    try:
        name = exercise.betrays([one.call for one in answers], told, right)
    except Exception:
        # A name is an extra: answers that nobody thought of have none.
        return None
    return NamedMistake(name, says[name], 0.0) if name in says else None


def diagnosed(exercise: Exercise, answers: Sequence[FormedAnswer], says: Mapping[str, str]) -> NamedMistake | None:
    """What the exercise's own diagnosis of all answers says, one mistake or several; None where some are in no good form."""
    if exercise.diagnose is None or any(one.problem for one in answers):
        return None
    try:
        names = exercise.diagnose(
            [one.call for one in answers], [replace(one.answer, value=one.value) for one in answers]
        )
    except Exception:
        # A name is an extra: answers that nobody thought of have none.
        return None
    if not names or not all(name in says for name in names):
        return None
    return named_together([NamedMistake(name, says[name], 0.0) for name in names])


def named_together(named: Sequence[NamedMistake]) -> NamedMistake:
    """Several mistakes as one, each name and each sentence once; no points are given for several."""
    names, says = dict.fromkeys(one.name for one in named), dict.fromkeys(one.says for one in named)
    return NamedMistake(" and ".join(names), " ".join(says), 0.0)


def tells_apart(seen: Sequence[FormedAnswer]) -> bool:
    """Whether good answers hold more than one value between them: a constant fits many mistakes and shows none."""
    values = [one.value for one in seen if not one.problem]
    if any(isinstance(value, dict) for value in values):
        # Variables are typed in one by one: a single one is no constant.
        return True
    parts = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return len({number for part in parts for number in np.ravel(part).tolist()}) > 1


def _fits(
    exercise: Exercise,
    behaviour: KnownAnswers,
    seen: Sequence[FormedAnswer],
    calls: Sequence[Call],
    answers: Sequence[Answer],
) -> bool:
    if behaviour.tell is None:
        return _all_alike(exercise, behaviour.answers, seen)
    if not answers:
        return False
    try:
        # The same two lists for every mistake: what one works out of them serves the next.
        if not behaviour.tell(calls, answers):
            return False
        # Who does not look at changed arguments leaves them to be named beside it.
        kept = [replace(one, changed=()) for one in answers] if any(one.changed for one in answers) else []
        return not kept or not behaviour.tell(calls, kept)
    except Exception:
        # A name is an extra: who stumbles over answers that nobody thought of, or misses some, has none to give.
        # One that always stumbles is a mistake without a name in the matrix.
        return False


def _all_alike(exercise: Exercise, known: Sequence[FormedAnswer], seen: Sequence[FormedAnswer]) -> bool:
    if len(known) != len(seen) or _unset(known):
        return False
    if all(one.answer.error in _OF_ONE_KIND for one in known) and any(
        gist(one.answer.detail) != gist(other.answer.detail) for one, other in zip(known, seen, strict=True)
    ):
        return False
    return all(
        (exercise.variables and one.answer.outcome == "undefined") or alike(exercise, one, other)
        for one, other in zip(known, seen, strict=True)
    )


def gist(message: str) -> str:
    """What an error's message says whatever numbers and names are in it: its first line without them."""
    first = message.partition("\n")[0]
    first = re.sub(r"^[\w.<>]+\(\)", "f()", first)
    first = re.sub(r"(no attribute|name) '[^']*'", r"\1", first)
    return re.sub(r"\(?\d+(?:, ?\d+)*,?\)?", "#", first)[:_MESSAGE]


def _unset(known: Sequence[FormedAnswer]) -> bool:
    """Whether a known mistake sets none of the variables that these calls read."""
    return bool(known) and all(one.answer.outcome == "undefined" for one in known)


def alike(exercise: Exercise, known: FormedAnswer, seen: FormedAnswer) -> bool:
    """Whether two answers to one call show the same behaviour, errors and in-place changes included."""
    ours, theirs = known.answer, seen.answer
    if ours.outcome != theirs.outcome or ours.error != theirs.error or ours.changed != theirs.changed:
        return False
    if ours.outcome != "returned":
        return True
    if known.problem or seen.problem:
        return bool(known.problem) == bool(seen.problem) and _raw_alike(ours.value, theirs.value)
    same = exercise.alike
    return same(known.call, known.value, seen.value) if same else close(seen.value, known.value)


def _raw_alike(one: Any, other: Any) -> bool:
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(_raw_alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_raw_alike(one[key], other[key]) for key in one)
    if one is None or other is None or isinstance(one, (str, dict, set)) or isinstance(other, (str, dict, set)):
        return type(one) is type(other) and one == other
    try:
        first, second = np.asarray(one), np.asarray(other)
        if first.dtype.kind not in "biufc" or second.dtype.kind not in "biufc":
            return False
        return first.shape == second.shape and np.allclose(first, second, rtol=1e-5, atol=1e-6, equal_nan=True)
    except (ValueError, TypeError):
        return False
