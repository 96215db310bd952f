"""Grade one submission: run its cells behind the wall, ask at every check, and never stop for what it does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from ..checks.asking import FormedAnswer
from ..checks.diagnosis import NamedMistake
from ..checks.examine import run
from ..checks.pasted import slip_in
from ..checks.verdict import FORM, Edited, Finding, Status, Verdict
from ..course.built_notebooks import SourceNotebook, words_in
from ..hidden.served import Served
from ..problems import Examination, examination_worth, handed_on
from ..problems.numbers import NUMBERED, note_on_number
from ..sandbox import Outcome
from ..submission.matching import ReadNotebook
from ..submission.merging import Merged, MergedCell
from ..submission.notes import Note, sentence, sentences
from ..submission.reading import Submission
from .behaviour import group_of
from .cell_runner import CellRunner
from .line_search import marked, place_to_mend, searched
from .process import Opener, RecordingSubject, ServedSubject, SubmissionProcess
from .record import MISSING, CellRecord, NotebookRecord, Record, State
from .second_look import better, right_versions, second_look

MAX_TEXT = 20_000
MAX_OUTPUT = 2_000
_PACKAGE = re.compile(r"No module named '([\w.]{1,80})'")
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
    process = SubmissionProcess(opener, submission.files)
    graded: list[NotebookRecord] = []
    try:
        for one in submission.notebooks:
            if one.merged is None:
                graded.append(_absent(one, context))
            else:
                graded.append(_grade_notebook(one, one.merged, process, context, submission.student))
    finally:
        process.close()
    malformed = any(one.malformed for one in submission.notebooks)
    state: State = process.worst or ("malformed" if malformed else "graded")
    return _record(submission, context, key, state, tuple(graded))


def _record(
    submission: Submission, context: Context, key: str, state: State, books: tuple[NotebookRecord, ...]
) -> Record:
    return Record(
        student=submission.student,
        assignment=context.assignment,
        state=state,
        key=key,
        notebooks=books,
        notes=sentences(submission.notes),
        isolation=context.isolation,
    )


def _absent(one: ReadNotebook, context: Context) -> NotebookRecord:
    """A notebook that is not there or cannot be read: no points, and the reason."""
    notes = sentences(one.notes)
    reason = " ".join(notes)
    verdicts = tuple(
        Verdict(name, _unseen(one.source, name, context, reason, "unwritten")) for name in one.source.exercises
    )
    return NotebookRecord(one.source.stem, False, notes, (), verdicts)


def _unseen(source: SourceNotebook, name: str, context: Context, reason: str, status: Status) -> tuple[Finding, ...]:
    checks = examination_worth(source.stem, name, context.seed, source.points[name]).exercise.checks
    form = Finding(FORM, f"`{name}` is handed in.", status, note=reason)
    rest = [
        Finding(check.name, check.must, "unasked", check.hidden, 0.0, check.points, note=reason) for check in checks
    ]
    return (form, *rest)


def _grade_notebook(
    one: ReadNotebook, merged: Merged, process: SubmissionProcess, context: Context, student: str
) -> NotebookRecord:
    """Run the cells of a notebook, ask its exercises, and record what became of both."""
    runner = CellRunner(merged.cells, process)
    examiner = Examiner(merged, runner, process, context)
    examiner.examine_all()
    return NotebookRecord(
        stem=merged.source.stem,
        present=True,
        notes=(*sentences([*one.notes, *merged.notes, *runner.notes]), *_on_number(merged, runner, process, student)),
        cells=tuple(_cell_record(cell, runner.outcomes.get(place)) for place, cell in enumerate(merged.cells)),
        verdicts=tuple(examiner.verdicts[name] for name in merged.source.exercises),
        spent=examiner.spent,
        written={cell.grade_id: _fingerprint(cell) for cell in merged.cells if cell.kind == "written"},
        groups={name: examiner.groups[name] for name in merged.source.exercises if examiner.groups.get(name)},
    )


def _fingerprint(cell: MergedCell) -> str:
    """What tells an answer in words from another one, whatever its line ends and blanks are."""
    if not cell.number:
        return MISSING
    words = " ".join(words_in(cell.text).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if words else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _on_number(merged: Merged, runner: CellRunner, process: SubmissionProcess, student: str) -> list[str]:
    """Where each student has other numbers, say whether the one typed in is that of the folder."""
    if merged.source.stem != NUMBERED or runner.given_up:
        return []
    typed = process.session.read(["number"])[0]
    note = note_on_number(student, typed.value if typed.outcome == "returned" else 0)
    return [note] if note else []


def _cell_record(cell: MergedCell, outcome: Outcome | None) -> CellRecord:
    """A cell with the beginning of its text and output; without a status where it was not run."""
    text = cell.text if len(cell.text) <= MAX_TEXT else cell.text[:MAX_TEXT] + "\n# ... cut here"
    points = cell.source.points if cell.source is not None and cell.kind == "written" else 0.0
    record = CellRecord(cell.kind, cell.grade_id, text, cell.cell_type, points=points)
    if outcome is None:
        return record
    return replace(
        record,
        status=outcome.status,
        error=outcome.error,
        detail=outcome.detail[:MAX_OUTPUT],
        printed=outcome.printed[:MAX_OUTPUT],
        lines=outcome.lines,
    )


def _hint(outcome: Outcome, text: str) -> str:
    """What an error of an answer cell comes from, where that can be named."""
    missing = _PACKAGE.match(outcome.detail) if outcome.error == "ModuleNotFoundError" else None
    if missing:
        return f"The package `{missing[1]}` is not there when answers are graded: use what the notebook imports."
    return slip_in(text, outcome.error)


class Examiner:
    """Goes through one merged notebook: lets what stands between two checks run in one batch, then asks.

    `verdicts` by exercise, `spent`: the seconds that its questions took, and `groups`: the marks of unnamed behaviour.
    """

    def __init__(self, merged: Merged, runner: CellRunner, process: SubmissionProcess, context: Context) -> None:
        """Prepare for a notebook whose cells have not run yet."""
        self.verdicts: dict[str, Verdict] = {}
        self.spent: dict[str, float] = {}
        self.groups: dict[str, str] = {}
        self._first: dict[str, Verdict] = {}
        self._merged, self._runner, self._process, self._context = merged, runner, process, context

    def examine_all(self) -> None:
        """Run all cells and ask all exercises, each at its check."""
        waiting: list[int] = []
        checks: list[MergedCell] = []
        for place, cell in enumerate(self._merged.cells):
            if cell.kind in ("answer", "locked", "free") and not cell.idle:
                waiting.append(place)
            elif cell.kind == "check":
                self._runner.run(waiting)
                waiting = []
                checks.append(cell)
                self._examine(cell)
        self._runner.run(waiting)
        for cell in checks:
            self._look_again(cell)

    def _examine(self, cell: MergedCell) -> None:
        assert cell.source is not None
        name = cell.exercise
        if self._runner.given_up:
            note = "Not asked: the process of this notebook ended too often."
            self.verdicts[name] = Verdict(name, _unseen(self._merged.source, name, self._context, note, "unasked"))
            return
        stem = self._merged.source.stem
        one = examination_worth(stem, name, self._context.seed, cell.source.points)
        subject = RecordingSubject(self._process.session)
        begun = perf_counter()
        nameless: list[Sequence[FormedAnswer]] = []

        def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
            named = one.recognise(seen, failed)
            if named is None:
                nameless.append(seen)
            return named

        verdict = run(one.exercise, subject, one.bank, recognise=recognise, seed=one.seed)
        self._process.saw(list(subject.outcomes))
        verdict = self._with_reason(verdict, one.exercise.variables or (name,))
        instead = right_versions(stem, verdict, subject.outcomes, self._first)
        self._first[name] = verdict
        if instead:
            least = handed_on(stem, name, self._context.seed, cell.source.points)
            verdict = better(verdict, self._second(one, instead), least, self.verdicts)
        # What a second look found was asked of other functions than the student's own.
        own = verdict is self._first[name] and not verdict.mistake
        self.groups[name] = group_of(one.exercise, one.bank, nameless[0]) if own and nameless else ""
        if searched(one, verdict, subject):
            verdict = marked(verdict, self._place_to_mend(one))
        self.spent[name] = self.spent.get(name, 0.0) + perf_counter() - begun
        self.verdicts[name] = verdict
        self._runner.revive()

    def _second(self, one: Examination, instead: Mapping[str, Served]) -> tuple[Verdict, set[str]] | None:
        """The verdict with right versions of earlier exercises, and which were used: in a process that ends with it."""
        with self._process.aside() as session:
            if session is None or not self._runner.bring(session):
                return None
            return second_look(one, ServedSubject(session, instead))

    def _place_to_mend(self, one: Examination) -> tuple[int, Edited] | None:
        """The one line of the answer cell where a single edit mends everything: looked for in a process that ends with it."""
        placed = self._answers(one.exercise.name)
        if len(placed) != 1:
            return None
        with self._process.aside() as session:
            if session is None or not self._runner.bring(session):
                return None
            return place_to_mend(one, session, self._merged.cells[placed[0]].text)

    def _answers(self, exercise: str) -> list[int]:
        """Where the answer cell of an exercise stands, if it runs."""
        cells = enumerate(self._merged.cells)
        return [place for place, cell in cells if cell.kind == "answer" and cell.exercise == exercise and not cell.idle]

    def _with_reason(self, verdict: Verdict, names: Sequence[str]) -> Verdict:
        """Where an answer is not there because its cell stopped, say what stopped it."""
        if not verdict.unwritten:
            return verdict
        for place in self._answers(verdict.exercise):
            outcome = self._runner.outcomes.get(place)
            if outcome is not None and outcome.status in _STOPPED:
                form, *rest = verdict.findings
                note = _STOPPED[outcome.status].format(error=outcome.error, detail=outcome.detail).rstrip(": ")
                hint = _hint(outcome, self._merged.cells[place].text)
                return Verdict(
                    verdict.exercise,
                    (replace(form, status="stopped", note="\n".join(filter(None, [note, hint])), missing=""), *rest),
                )
        if verdict.exercise in self._merged.typed_into_checks:
            form, *rest = verdict.findings
            note = sentence(Note("answer_in_check", verdict.exercise))
            return Verdict(verdict.exercise, (replace(form, status="breaks", note=note, missing=""), *rest))
        form, *rest = verdict.findings
        if not form.missing:
            # The student's own check says where to write it; on a page there is no such place.
            note = f"No cell of the notebook sets {_listed(names)} before its check."
            return Verdict(verdict.exercise, (replace(form, note=note), *rest))
        return verdict

    def _look_again(self, cell: MergedCell) -> None:
        """Ask once more at the end where a lost or moved cell kept an answer from its check; the better verdict counts."""
        name = cell.exercise
        before, group = self.verdicts[name], self.groups.get(name, "")
        placed = self._answers(name)
        lost = before.unwritten and not placed
        # What an answer uses may stand below it, where a stub was left in its place.
        waited = bool(placed) and any(one.idle for one in self._merged.cells)
        if lost or ((self._merged.reordered or waited) and not before.passed):
            # Once more, or a second try in a later cell would stand in its place.
            self._runner.run(placed)
            self._examine(cell)
            if self.verdicts[name].points < before.points:
                self.verdicts[name], self.groups[name] = before, group
