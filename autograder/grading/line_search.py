"""Which line: where no mistake is recognised, look for the one place of an answer where a single edit mends everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..checks.examine import run
from ..checks.exercise import Answer, Call, Subject
from ..checks.verdict import Edited, Verdict
from ..problems import Examination
from ..sandbox import Cell
from .process import RecordingSubject, Session
from .single_edits import Edit, single_edits

FIRST = 2
"""Of so many examples a check an edit must hold, before it is asked about all."""
LONGEST = 0.5
"""Seconds: an answer that takes longer to be asked once is not asked a hundred times."""


def searched(one: Examination, verdict: Verdict, subject: RecordingSubject) -> bool:
    """Whether a search can tell something new: the answers of the subject came back soon, are wrong, and nothing says why."""
    asked = not (verdict.passed or verdict.unwritten or verdict.mistake or verdict.given)
    # A fit would be trained anew for each edit.
    quick = subject.seconds is not None and subject.seconds < LONGEST and not one.exercise.many
    return asked and quick and subject.outcomes == {"returned"} and not one.exercise.variables


def place_to_mend(one: Examination, session: Session, source: str) -> tuple[int, Edited] | None:
    """The one line of an answer cell where single edits mend everything, and what kind of thing they change there.

    `session` is a process in which the notebook ran; it is of no use afterwards. None where there is no such line, or
    several, or where an edit ran into a limit of time: what came after it may have been the place.
    """
    edits = single_edits(source, one.exercise.name)
    if not edits:
        return None
    own = one.exercise.name
    session.run(
        [Cell(f"edit {number}", f"{edit.source}\n{_name(number)} = {own}") for number, edit in enumerate(edits)]
    )
    few = replace(one, bank={check: examples[:FIRST] for check, examples in one.bank.items()})
    mending = []
    for number, edit in enumerate(edits):
        subject = _Edited(session, number)
        if _holds(few, subject) and _holds(one, subject):
            mending.append(edit)
        if subject.ended:
            return None
    return _only_place(mending)


def marked(verdict: Verdict, place: tuple[int, Edited] | None) -> Verdict:
    """The verdict with the place to mend in what breaks."""
    if place is None:
        return verdict
    line, kind = place
    findings = (replace(one, lines=(line,), edited=kind) if one.broken else one for one in verdict.findings)
    return Verdict(verdict.exercise, tuple(findings))


def _only_place(edits: Sequence[Edit]) -> tuple[int, Edited] | None:
    lines, kinds = {edit.line for edit in edits}, {edit.kind for edit in edits}
    if len(lines) != 1:
        return None
    return lines.pop(), kinds.pop() if len(kinds) == 1 else "part"


def _holds(one: Examination, subject: Subject) -> bool:
    return run(one.exercise, subject, one.bank, seed=one.seed, tries=0).passed


def _name(number: int) -> str:
    return f"_edited_{number}"


class _Edited:
    """An edited answer as a subject, under its own name; `ended` says that it ran into a limit."""

    def __init__(self, session: Session, number: int) -> None:
        self.ended = False
        self._session, self._number = session, number

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        answers = self._session.ask(_name(self._number), calls)
        self.ended |= not {"timeout", "died", "skipped"}.isdisjoint(answer.outcome for answer in answers)
        return answers

    def read(self, names: Sequence[str]) -> list[Answer]:
        return self._session.read(names)
