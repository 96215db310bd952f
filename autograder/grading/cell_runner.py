"""Run a notebook's cells in the submission's process, and bring a new process to the same place when it dies."""

from __future__ import annotations

from collections.abc import Sequence

from ..sandbox import Cell, Outcome, answer_label
from ..submission.merging import MergedCell
from ..submission.notes import Note
from .process import Session, SubmissionProcess

_NO_PYTHON = {"SyntaxError", "IndentationError"}


class CellRunner:
    """Runs cells of one merged notebook by their places, and remembers what became of each.

    `given_up` says that the process died too often: nothing runs any more.
    """

    def __init__(self, cells: Sequence[MergedCell], process: SubmissionProcess) -> None:
        """Begin with an empty namespace."""
        self.outcomes: dict[int, Outcome] = {}
        self.notes: list[Note] = []
        self.given_up = False
        self._cells, self._process = cells, process
        self._ran: list[int] = []
        self._joined: dict[int, Cell] = {}
        process.session.fresh()

    def run(self, places: Sequence[int]) -> None:
        """Run cells in one batch; of a cell that ends the process only it is lost."""
        left = list(places)
        while left and not self.given_up:
            outcomes = self._process.session.run([self._cell(place) for place in left])
            self._process.saw([outcome.status for outcome in outcomes])
            self.outcomes.update(zip(left, outcomes, strict=False))
            if self._process.session.alive:
                self._ran += left
                self._join_split(left)
                return
            ended = (place for place, one in zip(left, outcomes, strict=False) if one.status in ("died", "timeout"))
            cut = left.index(next(ended, left[0]))
            self._ran += left[:cut]
            left = left[cut + 1 :]
            self._catch_up()

    def revive(self) -> None:
        """Where the process died, bring a new one to where it stood."""
        if not self._process.session.alive:
            self._catch_up()

    def bring(self, session: Session) -> bool:
        """Run in another process what ran in this one, and say whether it lived to see the end."""
        session.fresh()
        # What hung would hang again.
        session.run([self._cell(place) for place in self._ran if self.outcomes[place].status != "timeout"])
        return session.alive

    def _catch_up(self) -> None:
        """Run in a new process what ran before the cell or call that ended the old one."""
        while self._process.replace():
            self._process.session.fresh()
            outcomes = self._process.session.run([self._cell(place) for place in self._ran])
            if self._process.session.alive:
                return
            self._process.saw([outcome.status for outcome in outcomes])
            # What ran once and ends the process now may do so again each time: better to go on without it.
            self._ran = []
        self.given_up = True
        self.notes.append(Note("gave_up"))

    def _cell(self, place: int) -> Cell:
        if place in self._joined:
            return self._joined[place]
        cell = self._cells[place]
        return Cell(answer_label(cell.exercise) if cell.kind == "answer" else f"cell {place + 1}", cell.text)

    def _join_split(self, places: Sequence[int]) -> None:
        """Of an answer cell cut in two, one half at least is no Python by itself: run the two as one."""
        for place in places:
            cell, after = self._cells[place], self.outcomes.get(place + 1)
            if cell.kind != "answer" or after is None or self._cells[place + 1].kind != "free":
                continue
            if not {self.outcomes[place].error, after.error} & _NO_PYTHON:
                continue
            rest = self._cells[place + 1].text.lstrip("\n")
            whole = Cell(self._cell(place).label, f"{cell.text.rstrip()}\n{rest}")
            joined = self._process.session.run([whole])[0]
            self._process.saw([joined.status])
            if not self._process.session.alive:
                self.outcomes[place] = joined
                self._catch_up()
                return
            if joined.status == "ran":
                self._joined[place] = whole
                self.outcomes[place] = self.outcomes[place + 1] = joined
                self.notes.append(Note("answer_joined", cell.exercise))
