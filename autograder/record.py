"""What grading one submission leaves: plain data from which results, feedback, notebooks and gradebook are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .checks.verdict import Finding, Verdict

State = Literal["graded", "crashed", "timeout", "malformed", "missing"]


@dataclass(frozen=True)
class CellRecord:
    """One cell of a graded notebook: its text as run, and what became of it (status as of the sandbox, "" if not run)."""

    kind: str
    grade_id: str
    text: str
    cell_type: str = "code"
    status: str = ""
    error: str = ""
    detail: str = ""
    printed: str = ""


@dataclass(frozen=True)
class NotebookRecord:
    """One expected notebook: sentences about what was odd, its cells as graded, its verdicts in order.

    `spent` are the seconds that the questions of each exercise took; no part of the verdict.
    """

    stem: str
    present: bool
    notes: tuple[str, ...] = ()
    cells: tuple[CellRecord, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    spent: Mapping[str, float] = field(default_factory=dict, compare=False)

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

    def result(self) -> dict[str, Any]:
        """The line of results/<assignment>.jsonl, as laid down for readers outside."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "state": self.state,
            "score": self.score,
            "max_score": self.max_score,
            "key": self.key,
            "exercises": [
                _exercise(one.stem, verdict, self.isolation) for one in self.notebooks for verdict in one.verdicts
            ],
        }

    @classmethod
    def from_result(cls, result: dict[str, Any], present: Sequence[str]) -> Record:
        """The record of a line of the results file: points and findings, without cells."""
        by_stem: dict[str, list[Verdict]] = {}
        for exercise in result["exercises"]:
            findings = tuple(
                Finding(
                    check=check["name"],
                    must="",
                    passed=check["passed"],
                    hidden=check["hidden"],
                    points=check["points"],
                    max_points=check["max_points"],
                    note=check["message"],
                    mistake=check["mistake"],
                )
                for check in exercise["checks"]
            )
            by_stem.setdefault(exercise["notebook"], []).append(Verdict(exercise["name"], findings))
        books = tuple(NotebookRecord(stem, stem in present, (), (), tuple(all_)) for stem, all_ in by_stem.items())
        return cls(result["student"], result["assignment"], result["state"], result["key"], books)


UNWALLED = "Graded without the sandbox: this code was trusted."


def _exercise(stem: str, verdict: Verdict, isolation: str) -> dict[str, Any]:
    said = "" if isolation != "none" else UNWALLED
    return {
        "name": verdict.exercise,
        "notebook": stem,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "checks": [
            {
                "name": finding.check,
                "hidden": finding.hidden,
                "passed": finding.passed,
                "points": finding.points,
                "max_points": finding.max_points,
                "message": "\n".join(filter(None, [finding.message, said if finding.check == "form" else ""])),
                "mistake": finding.mistake,
            }
            for finding in verdict.findings
        ],
    }
