"""Findings and verdicts as data, without a word of print: standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["holds", "breaks", "unasked", "unwritten", "stopped"]
"""What became of a check: it holds; it breaks; it was not asked; there is no answer yet; the answer cell stopped."""

Edited = Literal[
    "sign",
    "factor",
    "term",
    "power",
    "number",
    "function",
    "axis",
    "argument",
    "order",
    "transpose",
    "name",
    "comparison",
    "part",
]
"""What kind of thing is to be changed in a line where a single edit mends everything; a part where several kinds do."""

FORM = "form"
"""The first finding of every verdict: whether there is an answer, in the required form. No check has this name."""

TRUTH, OWN = "truth", "own"
"""What an answer was compared with: the right value, or other answers of the same student."""

PARTS = ("must", "example", "returned", "expected", "note", "mistake", "says", "read")
"""The fields of a finding that say something, in reading order."""


@dataclass(frozen=True)
class Finding:
    """What one check found: its status, its points, and, where it fails, everything a student needs to go on.

    `must` says what must hold, `example` shows the smallest input that breaks it, `mistake` names the likely
    mistake (None where none is recognised) and `says` is the sentence about it. `missing` is the function that is not
    written yet, where that is why. `against` is what the answer was compared with: TRUTH, OWN (other answers of the same
    student), or nothing that can be shown. `given` are earlier exercises, separated by commas: what is said here was found
    with right versions of these in place of the student's own. `lines` are those of the answer cell that an error passed; with
    `edited`, the one line where changing a thing of this kind mends everything.
    """

    check: str
    must: str
    status: Status
    hidden: bool = False
    points: float = 0.0
    max_points: float = 0.0
    example: str = ""
    returned: str = ""
    expected: str = ""
    note: str = ""
    mistake: str | None = None
    says: str = ""
    read: str = ""
    missing: str = ""
    against: str = ""
    given: str = ""
    lines: tuple[int, ...] = ()
    edited: str = ""

    @property
    def passed(self) -> bool:
        """Whether the check holds."""
        return self.status == "holds"

    @property
    def broken(self) -> bool:
        """Whether the check was asked and does not hold."""
        return self.status in ("breaks", "stopped")


def first_to_mend(findings: Sequence[Finding]) -> Finding | None:
    """The first finding that does not hold, or, where that shows a contradiction alone, the first that shows a right value.

    Where some variables are not set yet and others are wrong, what is wrong comes before what is missing.
    """
    failed = [finding for finding in findings if not finding.passed]
    first = failed[0] if failed else None
    if first and (first.check, first.status) == (FORM, "breaks") and not (first.example or first.returned):
        failed = [finding for finding in failed if finding.returned] or failed
    if not failed or failed[0].against != OWN:
        return failed[0] if failed else None
    return next((finding for finding in failed if finding.against == TRUTH), failed[0])


@dataclass(frozen=True)
class Verdict:
    """All findings about one exercise, in the order of its checks, that about the form first."""

    exercise: str
    findings: tuple[Finding, ...]

    @property
    def points(self) -> float:
        """Sum of the findings' points, rounded so that equal verdicts print equally."""
        return round(sum(finding.points for finding in self.findings), 4)

    @property
    def max_points(self) -> float:
        """The most the exercise gives."""
        return round(sum(finding.max_points for finding in self.findings), 4)

    @property
    def first_failed(self) -> Finding | None:
        """The finding to mend first; None when everything holds."""
        return first_to_mend(self.findings)

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return self.first_failed is None

    @property
    def unwritten(self) -> bool:
        """Whether there is no answer to be checked."""
        return bool(self.findings) and self.findings[0].status in ("unwritten", "stopped")

    @property
    def silent(self) -> bool:
        """Whether nothing was learnt about the answer: nothing of it was shown, and no check could be asked."""
        if len(self.findings) < 2 or any(finding.passed for finding in self.findings):
            return False
        form, *others = self.findings
        return not (form.example or form.returned) and all(one.status in ("unasked", "unwritten") for one in others)

    @property
    def given(self) -> tuple[str, ...]:
        """The earlier exercises of which right versions stood in for the student's own; mostly none."""
        return tuple(dict.fromkeys(name for one in self.findings if one.given for name in one.given.split(", ")))

    @property
    def mistake(self) -> str | None:
        """The mistake that is named; None where none is."""
        return next((finding.mistake for finding in self.findings if finding.mistake), None)
