"""What a class report is made from: the results file, and the times in the log."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from ..layout import Layout
from ..record import UNWALLED

Standing = Literal["right", "wrong", "silent"]
LABELS = (
    "What must hold",
    "Smallest input that breaks it",
    "Returned",
    "Expected",
    "What happened",
    "Likely mistake",
    "Read again",
)
_UNSEEN = "Not looked at yet."


class NoResults(ValueError):
    """There is nothing to report on, or it cannot be read; the message says what to do."""


class CheckResult(NamedTuple):
    """One check of one submission, as the results file has it."""

    name: str
    hidden: bool
    passed: bool
    message: str
    mistake: str | None


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission."""

    name: str
    notebook: str
    points: float
    max_points: float
    checks: tuple[CheckResult, ...]

    @cached_property
    def standing(self) -> Standing:
        """`right` where every check holds, `silent` where there was no answer to look at, `wrong` otherwise."""
        failed = [check for check in self.checks if not check.passed]
        if not failed:
            return "right"
        if len(failed) < len(self.checks) or len(failed) == 1:
            return "wrong"
        form, *others = (parts(check.message) for check in failed)
        reason = form.get("What happened", "")
        if "Returned" in form or "Smallest input that breaks it" in form:
            return "wrong"
        return "silent" if all(one.get("What happened") in (_UNSEEN, reason) for one in others) else "wrong"

    @property
    def behaviour(self) -> tuple[tuple[str, str], ...]:
        """What breaks, on which inputs, and what came back: equal where two submissions behave alike."""
        return tuple((check.name, check.message) for check in self.checks if not check.passed)

    @property
    def mistake(self) -> str | None:
        """The mistake that is named, if there is one."""
        return next((check.mistake for check in self.checks if check.mistake), None)

    @property
    def first_failed(self) -> CheckResult | None:
        """The check to mend first."""
        return next((check for check in self.checks if not check.passed), None)


@dataclass(frozen=True)
class SubmissionResult:
    """One line of the results file."""

    student: str
    state: str
    score: float
    max_score: float
    key: str
    exercises: Mapping[str, ExerciseResult]


@dataclass(frozen=True)
class Graded:
    """What the log says of a student's latest verdict: seconds in all and, where logged, by exercise; stems handed in."""

    key: str
    seconds: float
    present: tuple[str, ...]
    spent: Mapping[str, float]


@dataclass(frozen=True)
class Log:
    """The log of an assignment as far as a report needs it: verdicts by student, and who got none and why."""

    graded: dict[str, Graded] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


@lru_cache(100_000)
def parts(message: str) -> Mapping[str, str]:
    """The labelled parts of a finding's message, in their order; a part may have several lines."""
    found: dict[str, str] = {}
    waiting: tuple[str, ...] = LABELS
    label = ""
    for line in message.split("\n"):
        begun = next((one for one in waiting if line.startswith(f"{one}: ")), None)
        if begun is not None:
            label, waiting = begun, waiting[waiting.index(begun) + 1 :]
            found[label] = line[len(begun) + 2 :]
        elif label:
            found[label] += f"\n{line}"
    return found


def read_results(layout: Layout) -> list[SubmissionResult]:
    """Read results/<assignment>.jsonl; raises NoResults where it is not there, empty or damaged."""
    path = layout.results / f"{layout.assignment}.jsonl"
    again = "Run `autograder grade`: it grades what is new"
    if not path.is_file():
        raise NoResults(f"There are no results yet: {path} is not there. {again}, and writes it.")
    texts: dict[str, str] = {}
    found: dict[str, SubmissionResult] = {}
    with path.open("rb") as lines:
        for place, line in enumerate(lines, start=1):
            try:
                one = _submission(json.loads(line), texts)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise NoResults(
                    f"Line {place} of {path} is no result of this grader ({type(error).__name__}): "
                    f"the file was damaged or edited. {again}, and writes the file anew from its log."
                ) from error
            found[one.student] = one
    if not found:
        raise NoResults(f"There are no results yet: {path} is empty. {again}, and fills it.")
    return [found[student] for student in sorted(found)]


def _submission(data: Any, texts: dict[str, str]) -> SubmissionResult:
    exercises = {}
    for one in data["exercises"]:
        checks = tuple(
            CheckResult(
                _text(check["name"], texts),
                bool(check["hidden"]),
                bool(check["passed"]),
                # That there were no walls is said of all alike, and is no part of what a student did.
                _text(check["message"].removesuffix(UNWALLED).removesuffix("\n"), texts),
                None if check["mistake"] is None else _text(check["mistake"], texts),
            )
            for check in one["checks"]
        )
        name = _text(one["name"], texts)
        exercises[name] = ExerciseResult(
            name, _text(one["notebook"], texts), float(one["points"]), float(one["max_points"]), checks
        )
    score, most = float(data["score"]), float(data["max_score"])
    if not (math.isfinite(score) and math.isfinite(most)):
        raise ValueError("points must be finite")
    student, state = _text(data["student"], texts), _text(data["state"], texts)
    return SubmissionResult(student, state, score, most, str(data["key"]), exercises)


def _text(value: Any, texts: dict[str, str]) -> str:
    """A text kept once, however often it is read: the same mistake says the same in hundreds of submissions."""
    if not isinstance(value, str):
        raise TypeError(f"must be text, but is {value!r}")
    return texts.setdefault(value, value)


def read_log(layout: Layout) -> Log:
    """Read what the log says of the latest verdicts; lines that cannot be read, or a log that is not there, say nothing."""
    path = layout.results / f"{layout.assignment}.log.jsonl"
    log = Log()
    if not path.is_file():
        return log
    with path.open("rb") as lines:
        for line in lines:
            try:
                event = json.loads(line.decode("utf-8", "surrogateescape"))
                _note(log, event)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                continue
    return log


def _note(log: Log, event: Any) -> None:
    if event["event"] == "verdict":
        result = event["result"]
        present = tuple(str(stem) for stem in event["present"])
        spent = {str(name): float(seconds) for name, seconds in event.get("spent", {}).items()}
        log.graded[result["student"]] = Graded(result["key"], float(event["seconds"]), present, spent)
        log.failed.pop(result["student"], None)
    elif event["event"] == "failed":
        log.failed[event["student"]] = str(event["reason"])


def latest(log: Log, submissions: Sequence[SubmissionResult]) -> dict[str, Graded]:
    """What the log says of exactly these verdicts."""
    found = {one.student: log.graded.get(one.student) for one in submissions}
    keys = {one.student: one.key for one in submissions}
    return {student: one for student, one in found.items() if one is not None and one.key == keys[student]}
