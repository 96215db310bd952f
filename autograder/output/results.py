"""The results file read back, for reports and exports, and the times in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ..checks.rendering import Part, details
from ..checks.verdict import Verdict
from ..course.layout import Layout
from ..grading.record import Record

Standing = Literal["right", "wrong", "silent"]


class NoResults(ValueError):
    """There is nothing to report on, or it cannot be read; the message says what to do."""


class DamagedResults(NoResults):
    """The results are there, but are not the grader's; the message says what to do."""


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission: its notebook, its verdict, and the mark of behaviour that the grader has no name for."""

    notebook: str
    verdict: Verdict
    group: str = ""

    @cached_property
    def points(self) -> float:
        """The points earned."""
        return self.verdict.points

    @cached_property
    def standing(self) -> Standing:
        """`right` where every check holds, `silent` where there was no answer to look at, `wrong` otherwise."""
        if self.verdict.passed:
            return "right"
        return "silent" if self.verdict.silent else "wrong"

    @property
    def behaviour(self) -> tuple[tuple[str, Part], ...]:
        """What breaks, on which inputs, and what came back: equal where two submissions behave alike."""
        failed = (finding for finding in self.verdict.findings if not finding.passed)
        return tuple((finding.check, part) for finding in failed for part in details(finding))


@dataclass(frozen=True)
class SubmissionResult:
    """One line of the results file."""

    student: str
    state: str
    score: float
    max_score: float
    key: str
    exercises: Mapping[str, ExerciseResult]

    @property
    def scheme(self) -> tuple[tuple[str, float], ...]:
        """What the exercises are out of, by name."""
        return tuple(sorted((name, one.verdict.max_points) for name, one in self.exercises.items()))


@dataclass(frozen=True)
class Graded:
    """What the log says of a student's latest verdict: seconds in all and, where logged, by exercise; stems handed in.

    `pages` is the mark of the pages that were written with it.
    """

    key: str
    seconds: float
    present: tuple[str, ...]
    spent: Mapping[str, float]
    pages: str = ""


@dataclass(frozen=True)
class Log:
    """The log of an assignment as far as a report needs it: verdicts by student, and who got none and why."""

    graded: dict[str, Graded] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def results_path(layout: Layout) -> Path:
    """Where the results of an assignment stand."""
    return layout.results / f"{layout.assignment}.jsonl"


def read_records(layout: Layout) -> Iterator[Record]:
    """The records of results/<assignment>.jsonl in the order of its lines; raises NoResults where it is absent or damaged."""
    path = results_path(layout)
    again = "Run `autograder grade`"
    try:
        lines = path.open("rb")
    except FileNotFoundError:
        message = f"There are no results yet: {path} is not there. {again}: it grades what is new, and writes it."
        raise NoResults(message) from None
    with lines:
        for place, line in enumerate(lines, start=1):
            try:
                result = json.loads(line.decode("utf-8", "surrogateescape"))
                record = Record.from_result(result)
                # Both are rounded alike, so that what we wrote ourselves is the very same number; nan never is.
                if (result["score"], result["max_score"]) != (record.score, record.max_score):
                    raise ValueError("points that do not add up")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise DamagedResults(
                    f"Line {place} of {path} is no result of this grader ({type(error).__name__}): the file was damaged "
                    f"or edited. {again}: it grades what is new, and writes the file anew from its log."
                ) from error
            yield record


def read_results(layout: Layout) -> list[SubmissionResult]:
    """Read the results for a report, by student; raises NoResults where they are not there, empty or damaged."""
    found = {record.student: _submission(record) for record in read_records(layout)}
    if not found:
        raise NoResults(
            f"There are no results yet: {results_path(layout)} is empty. Run `autograder grade`: it grades what is new, "
            "and fills it."
        )
    return [found[student] for student in sorted(found)]


def _submission(record: Record) -> SubmissionResult:
    exercises = {
        verdict.exercise: ExerciseResult(notebook.stem, verdict, notebook.groups.get(verdict.exercise, ""))
        for notebook in record.notebooks
        for verdict in notebook.verdicts
    }
    return SubmissionResult(record.student, record.state, record.score, record.max_score, record.key, exercises)


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
        log.graded[result["student"]] = Graded(
            result["key"], float(event["seconds"]), present, spent, str(event.get("pages", ""))
        )
        log.failed.pop(result["student"], None)
    elif event["event"] == "failed":
        log.failed[event["student"]] = str(event["reason"])


def latest(log: Log, submissions: Sequence[SubmissionResult]) -> dict[str, Graded]:
    """What the log says of exactly these verdicts."""
    found = {one.student: log.graded.get(one.student) for one in submissions}
    keys = {one.student: one.key for one in submissions}
    return {student: one for student, one in found.items() if one is not None and one.key == keys[student]}
