"""What a submission may use, and the plain words in which the sandbox answers: no third party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Status = Literal[
    "ran",  # the cell came to its end
    "raised",  # it raised, or is no Python
    "timeout",  # it did not end within the budget
    "died",  # the process ended in it (exit, signal, memory, forged messages)
    "skipped",  # not run, because of what happened before
]


QUESTION = 0xFFFF_FFFF
"""In place of a reply's number: not a reply, but what the child asks while it is asked."""
QUESTION_BYTES = 4 << 20
"""The most that one such question may have."""


@dataclass(frozen=True)
class Limits:
    """The bounds of one submission. Seconds are CPU seconds; the wall clock gets `wall(seconds)`."""

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    exercise_seconds: float = 60.0
    submission_seconds: float = 300.0
    wall_factor: float = 3.0
    wall_extra: float = 2.0
    grace_seconds: float = 1.0
    memory_mb: int = 2048
    scratch_mb: int = 64
    file_mb: int = 32
    files: int = 4096
    open_files: int = 64
    threads: int = 16
    output_kb: int = 64
    reply_mb: int = 64
    depth: int = 20
    elements: int = 500_000
    served_calls: int = 120_000
    served_mb: int = 1_024
    served_seconds: float = 60.0

    def wall(self, seconds: float) -> float:
        """Return the wall clock seconds for so many CPU seconds: many, so that a busy machine fails nobody."""
        return self.wall_factor * seconds + self.wall_extra

    def plain(self) -> dict[str, Any]:
        """Return the limits as a dict of numbers."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Limits:
        """Return the limits of such a dict; unknown names are left out."""
        return cls(**{item.name: plain[item.name] for item in fields(cls) if item.name in plain})


def answer_label(exercise: str) -> str:
    """What the student's tracebacks call the answer cell of an exercise."""
    return f"answer cell {exercise}"


@dataclass(frozen=True)
class Cell:
    """A code cell: the label shown in the student's tracebacks ("answer cell gaussian_kl") and its source."""

    label: str
    source: str


@dataclass(frozen=True)
class Outcome:
    """What became of a cell.

    `detail`: the message and the student's own frames; `printed`: the start of its output; `lines`: where in the cell.
    """

    status: Status
    error: str = ""
    detail: str = ""
    printed: str = ""
    lines: tuple[int, ...] = ()


class Refused(RuntimeError):
    """A wall cannot be had on this machine; the message says which, and what to install."""


class Infrastructure(RuntimeError):
    """The sandbox itself failed (not started, lost, disk full): never a verdict about a submission."""
