"""What a lecturer wants to know of a class, worked out from its results: nothing here knows how it is shown."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...checks.rendering import Part, details, message
from ...checks.verdict import Finding
from ..results import ExerciseResult, SubmissionResult
from .statistics import point_biserial


@dataclass(frozen=True)
class CheckStats:
    """One check over all submissions with an answer to it: how many were asked, how many passed, how it discriminates."""

    exercise: str
    name: str
    hidden: bool
    must: str
    asked: int
    passed: int
    discrimination: float | None


@dataclass(frozen=True)
class ExerciseStats:
    """One exercise over all submissions that handed something in."""

    name: str
    notebook: str
    max_points: float
    asked: int
    right: int
    silent: int
    mean: float
    discrimination: float | None
    checks: tuple[CheckStats, ...]

    @property
    def wrong(self) -> int:
        """Answers that break something."""
        return self.asked - self.right - self.silent

    @property
    def share(self) -> float:
        """The part of those asked whose answer passes every check."""
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class MistakeStats:
    """A mistake that was made: how often, by name where it has one, otherwise by group and the check that breaks first."""

    exercise: str
    name: str | None
    check: str
    count: int
    example: Mapping[str, str]
    alike: int
    group: str = ""


@dataclass(frozen=True)
class Group:
    """Submissions that behave alike in every exercise, and in how many their rarest shared wrong answer occurs."""

    students: tuple[str, ...]
    wrong: tuple[str, ...]
    rarest: str
    occurs: int


def handed_in(submissions: Sequence[SubmissionResult]) -> list[SubmissionResult]:
    """The submissions in which there was something to look at."""
    return [one for one in submissions if one.state != "missing"]


def exercises(submissions: Sequence[SubmissionResult]) -> list[ExerciseStats]:
    """The statistics of all exercises, in the order of the notebooks; `submissions` are those handed in."""
    order: dict[str, None] = {}
    for one in max((one.exercises for one in submissions), key=len, default={}):
        order[one] = None
    for submission in submissions:
        order.update(dict.fromkeys(submission.exercises))
    return [_exercise(name, [one for one in submissions if name in one.exercises]) for name in order]


def _exercise(name: str, asked: Sequence[SubmissionResult]) -> ExerciseStats:
    """Points in the other exercises are the rest: checks of one exercise hang together, and would prove each other."""
    results = [one.exercises[name] for one in asked]
    rest = [one.score - result.points for one, result in zip(asked, results, strict=True)]
    seen: dict[str, list[tuple[Finding, float]]] = defaultdict(list)
    hidden: dict[str, bool] = {}
    for result, others in zip(results, rest, strict=True):
        for check in result.verdict.findings:
            hidden[check.check] = check.hidden
            # An answer that is not there says nothing about a check; the exercise counts it.
            seen[check.check] += [] if result.standing == "silent" else [(check, others)]
    standings = Counter(result.standing for result in results)
    return ExerciseStats(
        name,
        results[0].notebook,
        max(result.verdict.max_points for result in results),
        len(results),
        standings["right"],
        standings["silent"],
        sum(result.points for result in results) / len(results),
        point_biserial([result.standing == "right" for result in results], rest),
        tuple(_check((name, check, hidden[check]), pairs) for check, pairs in seen.items()),
    )


def _check(about: tuple[str, str, bool], pairs: Sequence[tuple[Finding, float]]) -> CheckStats:
    """The law is shown of a check that somebody failed."""
    passed = [check.passed for check, _ in pairs]
    failed = next((check for check, _ in pairs if not check.passed), None)
    must = failed.must if failed else ""
    discrimination = point_biserial(passed, [others for _, others in pairs])
    return CheckStats(*about, must, len(pairs), sum(passed), discrimination)


def mistakes(submissions: Sequence[SubmissionResult]) -> list[MistakeStats]:
    """What goes wrong, the commonest first, each with its commonest example; answers that are not there are not wrong."""
    made: dict[tuple[str, str | None, str, str], list[tuple[str, ExerciseResult]]] = defaultdict(list)
    for submission in submissions:
        for result in submission.exercises.values():
            failed = result.verdict.first_failed
            if failed is not None and result.standing == "wrong":
                named = result.verdict.mistake
                unnamed = ("", "") if named else (failed.check, result.group)
                made[result.verdict.exercise, named, *unnamed].append((submission.student, result))
    found = []
    for (exercise, named, _, group), cases in made.items():
        check, example, alike = _example(cases, named)
        found.append(MistakeStats(exercise, named, check, len(cases), example, alike, group))
    return sorted(found, key=lambda one: (-one.count, one.exercise, one.name or "", one.check, one.group))


def _example(cases: Sequence[tuple[str, ExerciseResult]], named: str | None) -> tuple[str, dict[str, str], int]:
    """The commonest way in which a mistake shows, without what would tell whose it is."""
    shown: Counter[tuple[str, tuple[Part, ...]]] = Counter()
    authors: dict[tuple[str, tuple[Part, ...]], set[str]] = defaultdict(set)
    lengths: dict[tuple[str, tuple[Part, ...]], int] = {}
    for student, result in cases:
        failed = [one for one in result.verdict.findings if not one.passed]
        check = next((one for one in failed if one.mistake == named), next(iter(failed), None))
        if check is not None:
            case = check.check, tuple(details(check))
            shown[case] += 1
            authors[case].add(student)
            lengths[case] = len(message(check))
    case, count = min(shown.items(), key=lambda item: (-item[1], lengths[item[0]], item))
    return case[0], {part: _nameless(text, authors[case]) for part, text in case[1]}, count


def _nameless(text: str, students: set[str]) -> str:
    lower = text.lower()
    for student in (one for one in sorted(students) if one.lower() in lower):
        text = re.sub(rf"(?<!\w){re.escape(student)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def groups(submissions: Sequence[SubmissionResult]) -> list[Group]:
    """Submissions with the same behaviour in all exercises and something wrong in common, the most telling first."""
    wrong: dict[str, dict[str, int]] = {}
    numbers: dict[object, int] = {}
    occurs: Counter[tuple[str, int]] = Counter()
    alike: dict[tuple[tuple[str, str | int], ...], list[str]] = defaultdict(list)
    for submission in submissions:
        mine: dict[str, int] = {}
        whole: list[tuple[str, str | int]] = []
        for name, result in submission.exercises.items():
            if result.standing == "wrong":
                mine[name] = numbers.setdefault((name, result.behaviour), len(numbers))
            whole.append((name, mine.get(name, result.standing)))
        wrong[submission.student] = mine
        occurs.update(mine.items())
        if mine:
            alike[tuple(whole)].append(submission.student)
    found = []
    for students in alike.values():
        if len(students) > 1:
            mine = wrong[students[0]]
            rarest = min(mine.items(), key=lambda item: (occurs[item], item))
            found.append(Group(tuple(sorted(students)), tuple(mine), rarest[0], occurs[rarest]))
    return sorted(found, key=lambda one: (-len(one.wrong), one.occurs, -len(one.students), one.students))
