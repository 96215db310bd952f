"""What grading one submission leaves: plain data from which results, feedback, notebooks and gradebook are written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..checks.rendering import message
from ..checks.verdict import FORM, PARTS, Finding, Status, Verdict
from ..sandbox.tiers import lacks

State = Literal["graded", "crashed", "timeout", "malformed", "missing"]
MISSING = "missing"
"""In place of the fingerprint of an answer in words whose cell is gone: the answer may stand elsewhere."""


@dataclass(frozen=True)
class CellRecord:
    """One cell of a graded notebook: its text as run, and what became of it (status as of the sandbox, "" if not run).

    `points` are the most that a person gives for an answer in words, 0 for any other cell.
    """

    kind: str
    grade_id: str
    text: str
    cell_type: str = "code"
    status: str = ""
    error: str = ""
    detail: str = ""
    printed: str = ""
    points: float = 0.0
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class NotebookRecord:
    """One expected notebook: sentences about what was odd, its cells as graded, its verdicts in order.

    `spent` are the seconds that the questions of each exercise took; no part of the verdict. `written` has for each answer
    in words a fingerprint of its text: empty where there is no answer, MISSING where its cell is gone. `groups` has for each
    exercise that is wrong in a way the grader has no name for the mark of its behaviour.
    """

    stem: str
    present: bool
    notes: tuple[str, ...] = ()
    cells: tuple[CellRecord, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    spent: Mapping[str, float] = field(default_factory=dict, compare=False)
    written: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points earned in this notebook."""
        return round(sum(verdict.points for verdict in self.verdicts), 4)

    @property
    def max_points(self) -> float:
        """The most this notebook gives."""
        return round(sum(verdict.max_points for verdict in self.verdicts), 4)

    def code_of(self, exercise: str) -> str:
        """The student's answer cell of an exercise, empty where there is none."""
        return next((cell.text for cell in self.cells if cell.kind == "answer" and cell.grade_id == exercise), "")


@dataclass(frozen=True)
class Record:
    """The whole verdict on one submission; `key` is the hash of everything it depends on."""

    student: str
    assignment: str
    state: State
    key: str
    notebooks: tuple[NotebookRecord, ...]
    notes: tuple[str, ...] = ()
    isolation: str = "bubblewrap"

    @property
    def score(self) -> float:
        """Points of the submission."""
        return round(sum(one.points for one in self.notebooks), 4)

    @property
    def max_score(self) -> float:
        """The most the assignment gives."""
        return round(sum(one.max_points for one in self.notebooks), 4)

    @property
    def groups(self) -> list[str]:
        """The marks of all behaviour that the grader has no name for."""
        return [group for one in self.notebooks for group in one.groups.values()]

    def result(self) -> dict[str, Any]:
        """The line of results/<assignment>.jsonl: what is laid down for readers outside, and the parts of findings."""
        return {
            "schema": SCHEMA,
            "student": self.student,
            "assignment": self.assignment,
            "state": self.state,
            "score": self.score,
            "max_score": self.max_score,
            "key": self.key,
            "isolation": self.isolation,
            "isolation_lacks": list(lacks(self.isolation)),
            "exercises": [
                _exercise(one, verdict, self.isolation) for one in self.notebooks for verdict in one.verdicts
            ],
        }

    @classmethod
    def from_result(
        cls,
        result: dict[str, Any],
        present: Sequence[str] = (),
        written: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Record:
        """The record of a line of the results file: points and findings, without cells and notes.

        `present` are the notebooks handed in, `written` the fingerprints of answers in words by notebook, as the log has them.
        Of a line of schema 1, which has no parts, the message is the note. Raises KeyError, TypeError or ValueError where
        it is no such line.
        """
        return cls._of(result, present, written, lambda exercise: tuple(map(_finding, exercise["checks"])))

    @classmethod
    def points_of_result(
        cls,
        result: dict[str, Any],
        present: Sequence[str] = (),
        written: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Record:
        """The same with one finding an exercise, its points, for who needs no more: a tenth of the work."""
        return cls._of(result, present, written, _sum)

    @classmethod
    def _of(
        cls,
        result: dict[str, Any],
        present: Sequence[str],
        written: Mapping[str, Mapping[str, str]] | None,
        findings_of: Callable[[dict[str, Any]], tuple[Finding, ...]],
    ) -> Record:
        by_stem: dict[str, list[Verdict]] = {}
        groups: dict[str, dict[str, str]] = {}
        for exercise in result["exercises"]:
            verdict = Verdict(_text(exercise["name"]), findings_of(exercise))
            by_stem.setdefault(_text(exercise["notebook"]), []).append(verdict)
            if exercise.get("group"):
                groups.setdefault(exercise["notebook"], {})[verdict.exercise] = _text(exercise["group"])
        books = tuple(
            NotebookRecord(
                stem,
                stem in present,
                verdicts=tuple(all_),
                written=(written or {}).get(stem, {}),
                groups=groups.get(stem, {}),
            )
            for stem, all_ in by_stem.items()
        )
        about = (_text(result["student"]), _text(result["assignment"]), result["state"], _text(result["key"]), books)
        return cls(*about, isolation=result.get("isolation", "bubblewrap"))


SCHEMA = 3
"""Of the lines of results: 2 has `schema`, `isolation` with what it lacks, and with each check its status and its parts.

3 has with an exercise its `group`, the mark of behaviour that the grader has no name for.
"""

UNWALLED = "Graded without the sandbox: this code was trusted."


def walls_of(isolation: str) -> str:
    """Say behind which walls a submission was graded, and what these cannot promise."""
    if isolation == "none":
        return UNWALLED
    lacking = "; ".join(lacks(isolation))
    return f"Graded behind the walls {isolation}" + (f", which are not the strongest: {lacking}." if lacking else ".")


_OPTIONAL = (*(part for part in PARTS if part != "mistake"), "missing", "against", "given")


def _exercise(book: NotebookRecord, verdict: Verdict, isolation: str) -> dict[str, Any]:
    unwalled = UNWALLED if isolation == "none" else ""
    return {
        "name": verdict.exercise,
        "notebook": book.stem,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "checks": [
            {
                "name": finding.check,
                "hidden": finding.hidden,
                "passed": finding.passed,
                "points": finding.points,
                "max_points": finding.max_points,
                "message": "\n".join(filter(None, [message(finding), unwalled if finding.check == FORM else ""])),
                "mistake": finding.mistake,
                "status": finding.status,
            }
            | {part: text for part in _OPTIONAL if (text := getattr(finding, part))}
            | ({"lines": list(finding.lines)} if finding.lines else {})
            for finding in verdict.findings
        ],
    } | ({"group": group} if (group := book.groups.get(verdict.exercise)) else {})


def _sum(exercise: dict[str, Any]) -> tuple[Finding, ...]:
    points, most = float(exercise["points"]), float(exercise["max_points"])
    return (Finding("", "", "holds" if points == most else "breaks", points=points, max_points=most),)


def _finding(check: dict[str, Any]) -> Finding:
    passed: Status = "holds" if check["passed"] else "breaks"
    parts = {part: _text(check.get(part, "")) for part in _OPTIONAL}
    if "status" not in check:
        parts["note"] = _text(check["message"])
    return Finding(
        check=_text(check["name"]),
        status=check.get("status", passed),
        hidden=bool(check["hidden"]),
        points=float(check["points"]),
        max_points=float(check["max_points"]),
        mistake=None if check["mistake"] is None else _text(check["mistake"]),
        **parts,
        lines=tuple(map(int, check.get("lines", ()))),
    )


def _text(value: Any) -> str:
    """A text kept once, however often it is read: the same mistake says the same in hundreds of submissions."""
    if not isinstance(value, str):
        raise TypeError(f"must be text, but is {value!r}")
    return sys.intern(value)
