"""The confined process of a submission as the grader sees it: replaced when it died, watched when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Protocol

from .checks.problem import Answer, Call
from .record import State
from .sandbox import Cell, Limits, Outcome

MAX_DEATHS = 6


class Session(Protocol):
    """What the grader needs of a confined process."""

    limits: Limits

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        ...

    def run(self, cells: Sequence[Cell]) -> list[Outcome]:
        """Run cells in order in one namespace."""
        ...

    def fresh(self) -> None:
        """Start an empty namespace."""
        ...

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function of the namespace."""
        ...

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables of the namespace."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class Opener(Protocol):
    """Opens a confined process for a submission's files."""

    def __call__(self, files: dict[str, bytes]) -> Session:
        """Start a session that sees these files."""
        ...


class Process:
    """The confined process of a submission, replaced by a new one when it died; remembers the worst that happened."""

    def __init__(self, opener: Opener, files: dict[str, bytes]) -> None:
        """Open the first session."""
        self._opener, self._files = opener, files
        self._deaths = 0
        self.session = opener(files)
        limits = self.session.limits
        self._until = monotonic() + limits.wall(limits.submission_seconds)
        self._crashed = self._timeout = False

    @property
    def worst(self) -> State | None:
        """The state to report for what died or hung; None when nothing did."""
        if self._crashed:
            return "crashed"
        return "timeout" if self._timeout else None

    def saw(self, outcomes: Sequence[str]) -> None:
        """Remember deaths and time-outs among outcomes."""
        self._crashed |= "died" in outcomes
        self._timeout |= "timeout" in outcomes

    def replace(self) -> bool:
        """Open a new process after a death; False when there were too many, or no time is left: dying buys none."""
        self.session.close()
        self._deaths += 1
        if self._deaths > MAX_DEATHS or monotonic() > self._until:
            return False
        self.session = self._opener(self._files)
        return True

    def close(self) -> None:
        """End the process."""
        self.session.close()


class Watched:
    """A session as a subject, with the outcomes of all that was asked."""

    def __init__(self, session: Session) -> None:
        """Watch `session`."""
        self._session = session
        self.outcomes: set[str] = set()

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function of the session."""
        return self._watch(self._session.ask(name, calls))

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables of the session."""
        return self._watch(self._session.read(names))

    def _watch(self, answers: list[Answer]) -> list[Answer]:
        self.outcomes.update(answer.outcome for answer in answers)
        return answers
