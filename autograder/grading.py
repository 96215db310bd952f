"""Grade one submission: run its cells behind the wall, ask at every check, and never stop for what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from .checks.running import run
from .checks.verdict import Finding, Verdict
from .merge import MergedCell
from .notebooks import SourceNotebook
from .problems import examination_after, examination_worth, named_in
from .process import Opener, Process, Watched
from .record import CellRecord, NotebookRecord, Record, State
from .sandbox import Cell, Outcome
from .submission import ReadNotebook, Submission

MAX_TEXT = 20_000
_STOPPED = {
    "raised": "The answer cell stopped with {error}: {detail}",
    "timeout": "The answer cell did not end within the time allowed.",
    "died": "The answer cell ended the process it ran in: {detail}",
}


@dataclass(frozen=True)
class Context:
    """What grading needs beside the submission: the assignment's name, the course seed, the kind of isolation."""

    assignment: str
    seed: int
    isolation: str = "bubblewrap"


def grade_submission(submission: Submission, opener: Opener, context: Context, key: str) -> Record:
    """Grade every notebook of a submission; infrastructure failures of the sandbox pass through as exceptions."""
    if submission.empty:
        books = tuple(_absent(one, context) for one in submission.notebooks)
        return _record(submission, context, key, "missing", books)
    process = Process(opener, submission.files)
    graded: list[NotebookRecord] = []
    try:
        for one in submission.notebooks:
            if one.merged is None:
                graded.append(_absent(one, context))
            else:
                graded.append(_Examiner(one, process, context).grade())
    finally:
        process.close()
    malformed = any(one.malformed for one in submission.notebooks)
    state: State = process.worst or ("malformed" if malformed else "graded")
    return _record(submission, context, key, state, tuple(graded))


def _record(
    submission: Submission, context: Context, key: str, state: State, books: tuple[NotebookRecord, ...]
) -> Record:
    about = (submission.student, context.assignment, state, key, books)
    return Record(*about, notes=submission.notes, isolation=context.isolation)


def _absent(one: ReadNotebook, context: Context) -> NotebookRecord:
    """A notebook that is not there or cannot be read: no points, and the reason."""
    reason = " ".join(one.notes)
    verdicts = tuple(
        Verdict(name, _unseen(one.source, name, context, reason), unwritten=True) for name in one.source.exercises
    )
    return NotebookRecord(one.source.stem, False, one.notes, (), verdicts)


def _unseen(source: SourceNotebook, name: str, context: Context, reason: str) -> tuple[Finding, ...]:
    checks = examination_worth(source.stem, name, context.seed, source.points[name]).exercise.checks
    form = Finding("form", f"`{name}` is handed in.", passed=False, note=reason)
    rest = [Finding(check.name, check.must, False, check.hidden, 0.0, check.points, note=reason) for check in checks]
    return (form, *rest)


class _Examiner:
    """Goes through one merged notebook: runs what stands between two checks in one batch, then asks."""

    def __init__(self, one: ReadNotebook, process: Process, context: Context) -> None:
        assert one.merged is not None
        self._merged, self._process, self._context = one.merged, process, context
        self._notes = [*one.notes, *one.merged.notes]
        self._outcomes: dict[int, Outcome] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._spent: dict[str, float] = {}
        self._ran: list[int] = []
        self._whole: dict[int, Cell] = {}
        self._given_up = False

    def grade(self) -> NotebookRecord:
        self._process.session.fresh()
        waiting: list[int] = []
        checks: list[MergedCell] = []
        for place, cell in enumerate(self._merged.cells):
            if cell.kind in ("answer", "locked", "free"):
                waiting.append(place)
            elif cell.kind == "check":
                self._run(waiting)
                waiting = []
                checks.append(cell)
                self._examine(cell)
        self._run(waiting)
        for cell in checks:
            self._look_again(cell)
        return self._record()

    def _run(self, places: Sequence[int]) -> None:
        left = list(places)
        while left and not self._given_up:
            outcomes = self._process.session.run([self._cell(place) for place in left])
            self._process.saw([outcome.status for outcome in outcomes])
            self._outcomes.update(zip(left, outcomes, strict=False))
            if self._process.session.alive:
                self._ran += left
                self._join_split(left)
                return
            fallen = next(
                (
                    place
                    for place, outcome in zip(left, outcomes, strict=False)
                    if outcome.status in ("died", "timeout")
                ),
                left[0],
            )
            cut = left.index(fallen)
            self._ran += left[:cut]
            left = left[cut + 1 :]
            self._revive()

    def _revive(self) -> None:
        """Bring a new process to where the dead one stood, without the cell that killed it."""
        if not self._process.replace():
            self._given_up = True
            self._notes.append("The process of this notebook ended too often; the rest of it was not run.")
            return
        self._process.session.fresh()
        outcomes = self._process.session.run([self._cell(place) for place in self._ran])
        if not self._process.session.alive:
            self._process.saw([outcome.status for outcome in outcomes])
            self._ran = []
            self._revive()

    def _cell(self, place: int) -> Cell:
        if place in self._whole:
            return self._whole[place]
        cell = self._merged.cells[place]
        label = f"answer cell {cell.source.exercise}" if cell.kind == "answer" and cell.source else f"cell {place + 1}"
        return Cell(label, cell.text)

    def _join_split(self, places: Sequence[int]) -> None:
        """Of an answer cell cut in two, one half at least is no Python by itself: run the two as one."""
        for place in places:
            cell, after = self._merged.cells[place], self._outcomes.get(place + 1)
            if cell.kind != "answer" or after is None or self._merged.cells[place + 1].kind != "free":
                continue
            if not {self._outcomes[place].error, after.error} & {"SyntaxError", "IndentationError"}:
                continue
            rest = self._merged.cells[place + 1].text.lstrip("\n")
            whole = Cell(self._cell(place).label, f"{cell.text.rstrip()}\n{rest}")
            joined = self._process.session.run([whole])[0]
            self._process.saw([joined.status])
            if not self._process.session.alive:
                self._outcomes[place] = joined
                self._revive()
                return
            if joined.status == "ran":
                self._whole[place] = whole
                self._outcomes[place] = self._outcomes[place + 1] = joined
                name = cell.source.exercise if cell.source else ""
                self._notes.append(f"The answer cell of `{name}` was cut in two; it was read as one.")

    def _examine(self, cell: MergedCell) -> None:
        assert cell.source is not None
        name = cell.source.exercise
        named = {exercise: named_in(verdict) for exercise, verdict in self._verdicts.items()}
        one = examination_after(self._merged.source.stem, name, self._context.seed, named, cell.source.points)
        if self._given_up:
            note = "Not asked: the process of this notebook ended too often."
            self._verdicts[name] = Verdict(name, _unseen(self._merged.source, name, self._context, note))
            return
        watched = Watched(self._process.session)
        begun = perf_counter()
        verdict = run(one.exercise, watched, one.bank, recognise=one.recognise, seed=one.seed)
        self._spent[name] = self._spent.get(name, 0.0) + perf_counter() - begun
        self._process.saw(list(watched.outcomes))
        self._verdicts[name] = self._with_reason(verdict)
        if not self._process.session.alive:
            self._revive()

    def _with_reason(self, verdict: Verdict) -> Verdict:
        """Where an answer is not there because its cell stopped, say what stopped it."""
        if not verdict.unwritten:
            return verdict
        for place, cell in enumerate(self._merged.cells):
            outcome = self._outcomes.get(place)
            mine = cell.kind == "answer" and cell.source is not None and cell.source.exercise == verdict.exercise
            if mine and outcome is not None and outcome.status in _STOPPED:
                form, *rest = verdict.findings
                note = _STOPPED[outcome.status].format(error=outcome.error, detail=outcome.detail).rstrip(": ")
                return Verdict(verdict.exercise, (replace(form, note=note), *rest))
        return verdict

    def _look_again(self, cell: MergedCell) -> None:
        """Ask once more at the end where a lost or moved cell kept an answer from its check; the better verdict counts."""
        assert cell.source is not None
        name = cell.source.exercise
        before = self._verdicts[name]
        placed = [
            place
            for place, one in enumerate(self._merged.cells)
            if one.kind == "answer" and one.source and one.source.exercise == name
        ]
        if (before.unwritten and not placed) or (self._merged.reordered and not before.passed):
            # Once more, or a second try in a later cell would stand in its place.
            self._run(placed)
            self._examine(cell)
            if self._verdicts[name].points < before.points:
                self._verdicts[name] = before

    def _record(self) -> NotebookRecord:
        cells = tuple(self._cell_record(place, cell) for place, cell in enumerate(self._merged.cells))
        verdicts = tuple(self._verdicts[name] for name in self._merged.source.exercises)
        notes = tuple(dict.fromkeys(self._notes))
        return NotebookRecord(self._merged.source.stem, True, notes, cells, verdicts, self._spent)

    def _cell_record(self, place: int, cell: MergedCell) -> CellRecord:
        outcome = self._outcomes.get(place, Outcome("skipped"))
        text = cell.text if len(cell.text) <= MAX_TEXT else cell.text[:MAX_TEXT] + "\n# ... cut here"
        record = CellRecord(cell.kind, cell.source.grade_id if cell.source else "", text, cell.cell_type)
        if place not in self._outcomes:
            return record
        return replace(
            record,
            status=outcome.status,
            error=outcome.error,
            detail=outcome.detail[:2000],
            printed=outcome.printed[:2000],
        )
