"""What a batch is made of: what was asked for, what workers report, who grades, who is told, how it ended."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..course.layout import Layout
from ..course.named_groups import GroupName, load_names
from ..course.settings import Config
from ..output.student_files import Pages
from .keys import course_key, key_of, key_parts

GRADEBOOK_WAIT = 30.0


class BatchAborted(RuntimeError):
    """The batch cannot go on, through no fault of a submission; the message says why. What has a verdict keeps it."""


@contextmanager
def named_errors(path: os.PathLike[str]) -> Iterator[None]:
    """Say of an error of the file system what it means for the batch and what to do: raises BatchAborted."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or path
        raise BatchAborted(
            f"{os.fsdecode(where)} cannot be written ({os.strerror(error.errno) if error.errno else error}). Every "
            "verdict made so far is kept in the log: mend this, and run the same command again."
        ) from error


@dataclass(frozen=True)
class Options:
    """What a grader may choose for a batch.

    `students` are the only ones to grade (everybody where empty), `excepted` those to leave out. `walls` names a tier of
    the sandbox, "none" for no walls, and nothing for the best that can be had; `wait` is how many seconds a gradebook in
    use is waited for.
    """

    jobs: int = 1
    students: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    walls: str = ""
    force: bool = False
    wait: float = GRADEBOOK_WAIT
    scheduler: str = ""
    local_cluster: int = 0


@dataclass(frozen=True)
class BatchSpec:
    """What every worker of a batch is told once; `walls` is the tier of the sandbox, `base_key` what all keys share.

    `course_key` is that of what depends on the course alone; `parts` are what both are made of; `names` are those that the
    lecturer gave to groups.
    """

    layout: Layout
    config: Config
    walls: str
    base_key: str
    course_key: str
    parts: Mapping[str, Any]
    names: Mapping[str, GroupName] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, config: Config, walls: str) -> BatchSpec:
        """The one for a course as it is now; raises OSError, NamesError."""
        parts = key_parts(layout, config, walls)
        return cls(layout, config, walls, key_of(parts), course_key(parts), parts, load_names(layout))


@dataclass(frozen=True)
class Graded:
    """What a worker reports of one student: the verdict's result, the files that go with it, and seconds by exercise.

    `written` are the fingerprints of answers in words by notebook and cell.
    """

    student: str
    result: dict[str, Any]
    present: tuple[str, ...] = ()
    seconds: float = 0.0
    pages: Pages = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """A submission got no verdict for want of something on our side: it can be tried again."""

    student: str
    reason: str


class Pool(Protocol):
    """Workers that grade: takes students, and reports in any order what became of them, once of each."""

    @property
    def has_capacity(self) -> bool:
        """Whether another student can be submitted."""
        ...

    @property
    def in_flight(self) -> int:
        """How many students were submitted and not yet reported."""
        ...

    def submit(self, student: str) -> None:
        """Have a student's submission graded."""
        ...

    def poll(self, patience: float) -> list[Graded | Failed]:
        """What has become of some, after at most so many seconds; raises Refused where the wall cannot be had."""
        ...

    def close(self, at_once: bool) -> None:
        """End the workers: when they have ended what they do, or at once."""
        ...


class Progress(Protocol):
    """Who is told how a batch goes on."""

    def begin(self, total: int) -> None:
        """So many submissions are to be looked at."""
        ...

    def unchanged(self, student: str) -> None:
        """One submission has its verdict from before."""
        ...

    def graded(self, student: str, state: str) -> None:
        """One submission got its verdict now."""
        ...

    def failed(self, student: str, reason: str) -> None:
        """One submission got no verdict this time."""
        ...


@dataclass
class Summary:
    """How a batch ended: verdicts by state, how many were made anew, who got none and why, and what else went wrong."""

    states: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    trouble: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """130 after Ctrl-C, 1 when some have no verdict or the gradebook could not be written, otherwise 0."""
        if self.interrupted:
            return 130
        return 1 if self.failures or self.trouble else 0

    def as_dict(self) -> dict[str, Any]:
        """The same for programs to read."""
        unchanged = max(0, sum(self.states.values()) - self.fresh)
        return {
            "states": dict(self.states),
            "graded_now": self.fresh,
            "unchanged": unchanged,
            "failures": self.failures,
            "interrupted": self.interrupted,
            "trouble": [*self.notes, *self.trouble],
        }
