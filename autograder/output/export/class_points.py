"""The class's points: what the grader gave, or what counts after people graded too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...course.built_notebooks import CHECK_PREFIX
from ...course.layout import Layout
from ...files.text import clean
from ...grading.record import Record
from ..results import DamagedResults, read_records, results_path
from .request import ExportError, listed

BOOK = "the gradebook, with points given by hand and late penalties"
RESULTS = "results, as graded by machine"


@dataclass(frozen=True)
class Mark:
    """One student's points: the total that counts, and each column's; `by_hand` says that a person gave some of them."""

    student: str
    state: str
    score: float
    max_score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    penalty: float = 0.0
    by_hand: bool = False
    name: str = ""


@dataclass(frozen=True)
class Class:
    """All marks by student, the columns of their parts in the assignment's order, where they are from, and notes."""

    marks: tuple[Mark, ...]
    columns: tuple[str, ...]
    max_score: float
    source: str
    layout: Layout
    notes: tuple[str, ...] = ()

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        return self.layout.assignment


def read_class(layout: Layout, points: str) -> Class:
    """Read the points of everybody who has a verdict or a submission in the gradebook; raises ExportError.

    With "auto" the gradebook counts where there is one: it alone knows what people gave and what lateness costs. Then
    its automatic points must be those of the results, so that nothing outdated is handed on unseen; "gradebook" takes
    it as it is, "results" leaves out whatever is not the grader's.
    """
    results = _results(layout)
    if points == "results":
        return _from_results(layout, results)
    from ..gradebook import read_marks

    book = read_marks(layout)
    if book is None and points == "gradebook":
        raise ExportError(
            f"There is no gradebook that knows the assignment {layout.assignment}: run `autograder grade` first, or "
            "take the grader's own points with --points results."
        )
    if book is None:
        return _from_results(layout, results)
    if points == "auto":
        _must_agree(layout, results, book)
    return _from_book(layout, results, book)


def _results(layout: Layout) -> dict[str, Record]:
    found: dict[str, Record] = {}
    if not results_path(layout).is_file():
        return found
    try:
        for one in read_records(layout):
            student = clean(one.student)
            if student in found:
                raise ExportError(
                    f"Two folders in {layout.submitted} are both {student!r} once control characters are left out: "
                    "rename one of them and grade again."
                )
            found[student] = one
    except DamagedResults as error:
        raise ExportError(
            f"{results_path(layout)} cannot be read ({error}): run `autograder grade`, which writes it anew."
        ) from error
    return found


def _from_results(layout: Layout, results: Mapping[str, Record]) -> Class:
    if not results:
        raise ExportError(f"Nothing of {layout.assignment} is graded in {layout.course}: run `autograder grade` first.")
    most = _must_be_of_one_scheme(results)
    marks = [
        Mark(student, one.state, one.score, one.max_score, _parts(one)) for student, one in sorted(results.items())
    ]
    columns = tuple(dict.fromkeys(name for mark in marks for name in mark.parts))
    return Class(tuple(marks), columns, most, RESULTS, layout)


def _must_be_of_one_scheme(results: Mapping[str, Record]) -> float:
    """Return what all verdicts are out of; raises ExportError where some are out of other points than others."""
    schemes = Counter(tuple(sorted(_maxima(one).items())) for one in results.values())
    totals = Counter(one.max_score for one in results.values())
    if len(schemes) > 1:
        counts = ", ".join(f"{count} of {most:g}" for most, count in sorted(totals.items()))
        said = f"{counts} points" if len(totals) > 1 else "the same total, otherwise shared out"
        raise ExportError(f"The verdicts are of different notebooks ({said}): run `autograder grade` again.")
    return next(iter(totals))


def _maxima(record: Record) -> dict[str, float]:
    return {verdict.exercise: verdict.max_points for one in record.notebooks for verdict in one.verdicts}


def _parts(record: Record) -> dict[str, float]:
    return {verdict.exercise: verdict.points for one in record.notebooks for verdict in one.verdicts}


def _must_agree(layout: Layout, results: Mapping[str, Record], book: Any) -> None:
    """Raise ExportError where the gradebook's exercises, maxima or automatic points are not those of the results."""
    if not results:
        return
    _must_be_of_one_scheme(results)
    wanted = _maxima(next(iter(results.values())))
    booked_most = {
        cell.removeprefix(CHECK_PREFIX): most for (_, cell), most in book.most.items() if cell.startswith(CHECK_PREFIX)
    }
    other = sorted(name for name in {*wanted, *booked_most} if wanted.get(name) != booked_most.get(name))
    if other:
        raise ExportError(
            f"The gradebook has other exercises or other points than the last `autograder grade` ({listed(other)}): run it "
            "again, and mend what it says of the gradebook."
        )
    differing = []
    for student, one in sorted(results.items()):
        booked = book.submissions.get(student)
        if booked is None:
            if one.state != "missing":
                differing.append(student)
            continue
        automatic = {cell.removeprefix(CHECK_PREFIX): points for (_, cell), points in booked.automatic.items()}
        if any(abs((automatic.get(name) or 0.0) - points) > 1e-6 for name, points in _parts(one).items()):
            differing.append(student)
    if differing:
        raise ExportError(
            f"The gradebook has not the points of the last `autograder grade` for {listed(differing)}: run it again, "
            f"which writes them. If nbgrader itself graded {layout.assignment} since, take its points with "
            "--points gradebook."
        )


def _from_book(layout: Layout, results: Mapping[str, Record], book: Any) -> Class:
    names = _columns(book.most, [name for one in results.values() for name in _parts(one)])
    most = book.max_score
    marks, by_hand, waiting = [], [], []
    for student in sorted({*results, *book.submissions}):
        one = book.submissions.get(student)
        state = results[student].state if student in results else ""
        if one is None:
            marks.append(Mark(student, state, 0.0, most, dict.fromkeys(names.values(), 0.0)))
            continue
        parts = {name: round(one.points.get(cell, 0.0), 4) for cell, name in names.items()}
        human = any(one.points.get(cell, 0.0) != (one.automatic.get(cell) or 0.0) for cell in names)
        name = ", ".join(filter(None, [one.last_name, one.first_name]))
        marks.append(Mark(student, state, one.score, most, parts, round(one.penalty, 4), human, name))
        by_hand += [student] if human else []
        waiting += [student] if any(book.most[cell] > 0 for cell in one.waiting if cell in book.most) else []
    if not marks:
        raise ExportError(f"Nothing of {layout.assignment} is graded in {layout.course}: run `autograder grade` first.")
    late = [mark.student for mark in marks if mark.penalty]
    alone = [mark.student for mark in marks if mark.student not in results]
    told = [
        ("With points given by hand", by_hand),
        ("With a late penalty", late),
        ("Still waiting for somebody to look at them in the form grader", waiting),
        ("In the gradebook alone, without a verdict of `autograder grade`", alone),
    ]
    notes = tuple(f"{words}: {listed(students)}." for words, students in told if students)
    return Class(tuple(marks), tuple(names.values()), most, BOOK, layout, notes)


def _columns(cells: Iterable[tuple[str, str]], order: Iterable[str]) -> dict[tuple[str, str], str]:
    """A column for each graded cell, exercises in their order, then what people grade.

    Its name is the exercise's, with the notebook's before it where two notebooks have the same.
    """
    places = {name: place for place, name in enumerate(dict.fromkeys(order))}
    bare = {cell: cell[1].removeprefix(CHECK_PREFIX) for cell in cells}
    often = Counter(bare.values())
    ordered = sorted(bare.items(), key=lambda item: places.get(item[1], len(places)))
    return {cell: name if often[name] == 1 else f"{cell[0]} {name}" for cell, name in ordered}
