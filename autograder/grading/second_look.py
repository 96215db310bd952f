"""Paid once: an exercise that breaks is asked again with right versions of the earlier ones it builds on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from ..checks.examine import run
from ..checks.exercise import Answer, Subject
from ..checks.verdict import Finding, Verdict
from ..hidden.served import Served
from ..problems import Examination, earlier, served

UNWRITTEN = "unwritten"


class SecondSubject(Subject, Protocol):
    """Whoever is asked with right versions in place of some functions, and tells which of these were used."""

    asked: set[str]


def right_versions(
    stem: str, first: Verdict, outcomes: Collection[str], before: Mapping[str, Verdict]
) -> dict[str, Served]:
    """The right versions with which an exercise is asked again; none where a second look cannot tell anything new.

    `outcomes` are those of the first look; `before` has the first verdicts on exercises that were asked before. Those
    that do not hold are replaced. Where all hold and the exercise raised an error, all are: a right answer of another
    type, such as a list, may have led to it.
    """
    if _whole(first) or {"undefined", "uncallable", UNWRITTEN}.intersection(outcomes):
        return {}
    names = [name for name in earlier(stem, first.exercise) if name in before]
    lost = [name for name in names if not before[name].passed]
    return served(stem, lost or (names if "raised" in outcomes else ()))


def outcomes_of(name: str, answers: Sequence[Answer]) -> set[str]:
    """The outcomes of answers, and UNWRITTEN where the function asked reached a `todo()` of its own."""
    unwritten = {UNWRITTEN for answer in answers if answer.unwritten == name}
    return unwritten.union(answer.outcome for answer in answers)


def second_look(one: Examination, subject: SecondSubject) -> tuple[Verdict, set[str]]:
    """The verdict with right versions, and the names of those that were used; nothing is searched that nobody will see."""
    verdict = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=one.seed, tries=0)
    return verdict, subject.asked


def better(
    first: Verdict, second: tuple[Verdict, set[str]] | None, least: float, before: Mapping[str, Verdict]
) -> Verdict:
    """The better of two verdicts; of the second one only what holds, its points and names, and no number.

    `least` is what the exercise would earn by handing on what an earlier one answers: a second look must earn more.
    `before` are the verdicts on exercises that were asked before.
    """
    if second is None or not second[1]:
        return first
    # Where nothing is to be earned, to hold everywhere is more than not to.
    practised = not first.max_points and second[0].passed and not first.passed
    if not practised and second[0].points <= max(first.points, least):
        return first
    verdict, used = second
    given = ", ".join(dict.fromkeys(root for name in before if name in used for root in _roots(before[name])))
    pairs = zip(first.findings, verdict.findings, strict=True)
    return Verdict(first.exercise, tuple(_joined(one, other, given) for one, other in pairs))


def _roots(verdict: Verdict) -> tuple[str, ...]:
    """What has to be mended for this exercise: it itself, or, where it was right given others, these."""
    return verdict.given if _whole(verdict) and verdict.given else (verdict.exercise,)


def _whole(verdict: Verdict) -> bool:
    """Whether all points were earned, or, where there are none, every check holds."""
    return verdict.points == verdict.max_points if verdict.max_points else verdict.passed


def _joined(first: Finding, second: Finding, given: str) -> Finding:
    """A finding of the second look with what is shown of the first: the student's own numbers, if it broke then too."""
    if second.passed:
        return replace(second, given="" if first.passed else given)
    named = replace(second, example="", returned="", expected="", note="", against="", given=given)
    if first.passed:
        return named
    shown = replace(first, status=second.status, points=second.points, given=given)
    return replace(shown, mistake=second.mistake, says=second.says)
