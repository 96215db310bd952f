"""The confined process of a submission as the grader sees it: replaced when it died, recorded when it is asked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Protocol

from ..checks.exercise import Answer, Call, Subject
from ..sandbox import Cell, Limits, Outcome
from .record import State
from .second_look import outcomes_of

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

    def ask_served(
        self, name: str, calls: Sequence[Call], functions: Mapping[str, Callable[..., Any]]
    ) -> tuple[list[Answer], set[str]]:
        """Call a function while other names stand for functions of ours; return also which of them were asked."""
        ...

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables of the namespace."""
        ...

    def hurry(self, seconds: float) -> None:
        """End within so many seconds."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class Opener(Protocol):
    """Opens a confined process for a submission's files."""

    def __call__(self, files: dict[str, bytes]) -> Session:
        """Start a session that sees these files."""
        ...


class SubmissionProcess:
    """The confined process of a submission, replaced by a new one when it died; remembers the worst that happened."""

    def __init__(self, opener: Opener, files: dict[str, bytes]) -> None:
        """Open the first session."""
        self._opener, self._files = opener, files
        self._deaths = 0
        self.session = opener(files)
        limits = self.session.limits
        self._until = monotonic() + limits.wall(limits.submission_seconds)
        self._aside = limits.wall(limits.exercise_seconds)
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

    @contextlib.contextmanager
    def aside(self) -> Iterator[Session | None]:
        """A process of its own that knows nothing of the first, for one look; None where the time for these is spent."""
        begun = monotonic()
        left = min(self._aside, self._until - begun)
        if left <= 0:
            yield None
            return
        session = self._opener(self._files)
        session.hurry(left)
        try:
            yield session
        finally:
            session.close()
            self._aside -= monotonic() - begun

    def close(self) -> None:
        """End the process."""
        self.session.close()


class RecordingSubject:
    """Whoever can be asked, with the outcomes of all that was asked, and the seconds that the first batch of calls took."""

    def __init__(self, subject: Subject) -> None:
        """Record what is asked of `subject`."""
        self._subject = subject
        self.outcomes: set[str] = set()
        self.seconds: float | None = None

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function of the subject."""
        begun = monotonic()
        answers = self._subject.ask(name, calls)
        self.seconds = monotonic() - begun if self.seconds is None else self.seconds
        self.outcomes |= outcomes_of(name, answers)
        return answers

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables of the subject."""
        answers = self._subject.read(names)
        self.outcomes.update(answer.outcome for answer in answers)
        return answers


class ServedSubject:
    """A session as a subject for one look with right versions of earlier exercises; remembers which were used."""

    def __init__(self, session: Session, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Let `functions` stand in for the session's own of these names."""
        self.asked: set[str] = set()
        self._session, self._functions = session, functions

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function of the session."""
        answers, asked = self._session.ask_served(name, calls, self._functions)
        self.asked |= asked
        return answers

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables of the session."""
        return self._session.read(names)
