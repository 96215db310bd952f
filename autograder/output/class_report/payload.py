"""What the parts of a class report share: the data as gathered, and how numbers and names are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from ...files.text import clipped
from ..results import Graded, SubmissionResult

LONG = 40


@dataclass(frozen=True)
class InWords:
    """A question that is answered in words: whose answers wait for a person, and how many have been looked at."""

    notebook: str
    question: str
    waiting: tuple[str, ...]
    settled: int


@dataclass(frozen=True)
class ClassData:
    """Everything a report is made from.

    `graded` is what the log says of these verdicts; `names` are what students are called in the report, `pages` the
    way to their feedback; `ungraded` are the folders in submitted/ that have no verdict, each with the reason if there
    is one. `in_words` are the questions that people grade; `unknown` says why nothing is known of them, if so.
    """

    title: str
    assignment: str
    submissions: Sequence[SubmissionResult]
    graded: Mapping[str, Graded]
    names: Mapping[str, str]
    pages: Mapping[str, str]
    ungraded: Mapping[str, str]
    in_words: Sequence[InWords] = field(default=())
    unknown: str = ""

    def student(self, student: str) -> str:
        """A student's name as HTML, linked to the feedback where there is some."""
        name = clipped(self.names.get(student, student), 200)
        page = self.pages.get(student)
        return f'<a href="{escape(page)}">{name}</a>' if page else name

    def students(self, students: Iterable[str]) -> str:
        """Several names, folded where there are many."""
        named = [self.student(student) for student in students]
        if len(named) <= LONG:
            return ", ".join(named)
        rest = ", ".join(named[LONG:])
        return f"{', '.join(named[:LONG])}<details><summary>and {len(named) - LONG} more</summary>{rest}</details>"


def plain(value: float) -> str:
    """A number of points or the like, with at most one digit after the point."""
    return f"{value:.1f}".removesuffix(".0")


def seconds(value: float) -> str:
    """A time with two or three digits that count."""
    if value < 0.1:
        return f"{1000 * value:.3g} ms"
    return f"{value:.0f} s" if value >= 10 else f"{value:.2g} s"


def percent(part: float, whole: float) -> str:
    """A share in percent: 0 % and 100 % only where they are exact."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < part < whole:
        share = min(99.0, max(1.0, share))
    return f"{share:.0f} %"


def plural(count: int, noun: str) -> str:
    """A count with its noun: 1 check, 2 checks."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
