"""A made-up class, graded: what `make demo` shows."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..batch.console import ProgressBar, print_summary
from ..batch.journal import Journal
from ..batch.run import Options, grade_batch
from ..course.layout import Layout
from ..files.scratch import fresh_folder
from ..grading.record import Record
from ..problems import mistakes, variants
from ..sandbox import Refused, open_sandbox
from .builder import build
from .sample_submissions import Notebook, answer_to, fill, reference_answers, released, write_submission

FOLDER = "demo"
_COPIED = ("assignments", "source_nbs", "release", "nbgrader_config.py", "pyproject.toml")
_LIMITS = """
[limits]
cell_seconds = 3
call_seconds = 2
exercise_seconds = 10
submission_seconds = 60
"""

Notebooks = dict[str, Notebook]
Change = Callable[[Path, Notebooks], None]


@dataclass(frozen=True)
class Student:
    """One invented submission: its folder's name, what it is, the answers it gives, and what is broken about it."""

    name: str
    about: str
    answers: dict[str, str]
    change: Change | None = None


def demo(layout: Layout, jobs: int) -> int:
    """Build, invent a class of 24 in demo/, grade it, print a table and the pages to open; returns the exit code."""
    console = Console()
    build(layout.course, layout.assignment)
    course = _demo_course(layout)
    console.print(f"Built {layout.release}", markup=False, highlight=False, soft_wrap=True)
    walls = _walls(course, console)
    invent_class(course)
    shown = ProgressBar(console)
    summary = grade_batch(course, Options(jobs, walls="" if walls else "none", force=True), shown)
    shown.end()
    _print_class(course, console)
    print_summary(summary, course, console)
    _print_pages(layout, course, console)
    return summary.exit_code


def _demo_course(layout: Layout) -> Layout:
    """A course folder of its own, so that nothing real is touched; shorter limits, so that nobody waits long."""
    course = Layout(layout.course / FOLDER, layout.assignment)
    fresh_folder(course.course)
    for name in _COPIED:
        origin, target = layout.course / name, course.course / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, target)
        elif origin.is_file():
            shutil.copy(origin, target)
    settings = course.texts / "assignment.toml"
    kept = settings.read_text(encoding="utf-8").split("[limits]")[0] if settings.is_file() else ""
    settings.write_text(kept + _LIMITS, encoding="utf-8")
    return course


def _walls(course: Layout, console: Console) -> bool:
    try:
        with open_sandbox(course.release):
            return True
    except Refused as error:
        console.print(f"No sandbox here: {error}", markup=False, highlight=False, style="yellow")
        console.print("The demo goes on without it: it grades only what it made itself.", style="yellow")
        return False


def invent_class(course: Layout) -> list[Student]:
    """Write the submissions of the class below submitted/, with a README that says which is which."""
    students = _students(course)
    lines = ["# Who is who in this invented class", "", "| student | what was handed in |", "|---|---|"]
    for student in students:
        folder = course.submitted / student.name / course.assignment
        notebooks = released(course.release)
        fill(notebooks, student.answers)
        folder.mkdir(parents=True)
        if student.change is not None:
            student.change(folder, notebooks)
        write_submission(folder, notebooks)
        lines.append(f"| {student.name} | {student.about} |")
    (course.submitted / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return students


def _students(course: Layout) -> list[Student]:
    right = reference_answers(course.source)
    stems = course.stems()
    made: list[Student] = []

    def add(about: str, answers: dict[str, str], change: Change | None = None) -> None:
        made.append(Student(f"s{len(made) + 1:02d}", about, answers, change))

    add("the reference solutions", right)
    for turn in range(4):
        add(f"right, written another way ({turn + 1})", {**right, **_variants(stems, right, turn)})
    for turn in range(8):
        wrong = _mistakes(stems, right, turn)
        about = "; ".join(f"{exercise}: {name}" for exercise, (name, _) in wrong.items())
        add(about, {**right, **{exercise: text for exercise, (_, text) in wrong.items()}})
    names = list(right)
    add("nothing written yet", {})
    add("the first half written, the rest as released", {name: right[name] for name in names[: len(names) // 2]})
    add("every second exercise written", {name: right[name] for name in names[::2]})
    for about, change in _BROKEN:
        add(about, right, change)
    return made


def _variants(stems: list[str], asked: Mapping[str, str], turn: int) -> dict[str, str]:
    from ..problems import public

    chosen = {}
    for stem in stems:
        for exercise in public(stem).exercises:
            known = [one for one in variants(stem, exercise.name) if hasattr(one, "__code__")]
            if known and exercise.name in asked:
                chosen[exercise.name] = answer_to(exercise, known[turn % len(known)], asked[exercise.name])
    return chosen


def _mistakes(stems: list[str], asked: Mapping[str, str], turn: int) -> dict[str, tuple[str, str]]:
    """One mistake in each of two exercises, others at every turn."""
    from ..problems import public

    every = [(stem, exercise) for stem in stems for exercise in public(stem).exercises]
    exercises = [(stem, exercise) for stem, exercise in every if exercise.name in asked]
    chosen = {}
    for step in (0, len(exercises) // 2):
        stem, exercise = exercises[(turn * 2 + step) % len(exercises)]
        known = mistakes(stem, exercise.name)
        if known:
            one = known[turn % len(known)]
            chosen[exercise.name] = (one.name, answer_to(exercise, one.function, asked[exercise.name]))
    return chosen


def _truncated(folder: Path, notebooks: Notebooks) -> None:
    stem = min(notebooks)
    write_submission(folder, {stem: notebooks.pop(stem)})
    path = folder / f"{stem}.ipynb"
    path.write_bytes(path.read_bytes()[:2000])


def _renamed(folder: Path, notebooks: Notebooks) -> None:
    stem = max(notebooks)
    notebooks[f"{stem} (final version)"] = notebooks.pop(stem)


def _missing_one(folder: Path, notebooks: Notebooks) -> None:
    notebooks.pop(max(notebooks))


def _nothing(folder: Path, notebooks: Notebooks) -> None:
    notebooks.clear()


def _stripped(folder: Path, notebooks: Notebooks) -> None:
    for notebook in notebooks.values():
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            cell.pop("id")
        notebook["nbformat_minor"] = 4


def _doubled(folder: Path, notebooks: Notebooks) -> None:
    for notebook in notebooks.values():
        graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
        notebook["cells"].insert(notebook["cells"].index(graded[0]), {**graded[0], "id": "copied"})


def _in_answer(text: str) -> Change:
    """Let the last answer of the last notebook do something else, when it is asked or, of variables, at once."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cells = notebooks[max(notebooks)]["cells"]
        cell = [one for one in cells if one["metadata"].get("nbgrader", {}).get("solution")][-1]
        name = cell["metadata"]["nbgrader"]["grade_id"]
        function = f"def {name}(*arguments, **named):\n{textwrap.indent(text, '    ')}"
        cell["source"] = function if f"def {name}(" in cell["source"] else text

    return change


_BROKEN: tuple[tuple[str, Change], ...] = (
    ("right, but the first notebook's file breaks off", _truncated),
    ("right, but the last notebook was renamed", _renamed),
    ("right, but all metadata of the cells are gone", _stripped),
    ("right, but a check cell is there twice", _doubled),
    ("right, but one notebook was not handed in", _missing_one),
    ("nothing handed in", _nothing),
    ("right, but the last answer never comes to an end", _in_answer("while True:\n    pass")),
    ("right, but the last answer ends the process", _in_answer("import os\nos._exit(3)")),
)


def _print_class(course: Layout, console: Console) -> None:
    table = Table("student", "state", "points", "first thing to fix", title="The class", title_justify="left")
    with Journal(course.results / f"{course.assignment}.log.jsonl") as journal:
        for result, present in journal.results(sorted(journal.entries)):
            record = Record.from_result(result, present)
            table.add_row(
                record.student, record.state, f"{record.score:g} / {record.max_score:g}", _first_thing(record)
            )
    console.print(table)


def _first_thing(record: Record) -> str:
    for notebook in record.notebooks:
        for verdict in notebook.verdicts:
            finding = verdict.first_failed
            if finding is not None:
                return f"{verdict.exercise}: {verdict.mistake or _short(finding.note or finding.must)}"
    return ""


def _short(text: str) -> str:
    line = text.split("\n")[0]
    return line if len(line) <= 90 else f"{line[:87]}..."


def _print_pages(layout: Layout, course: Layout, console: Console) -> None:
    from ..output.class_report.page import write_report

    stem = course.stems()[0]
    pages = [
        ("the class at a glance", write_report(course)),
        ("what students get", layout.release / f"{stem}.ipynb"),
        ("a right submission", course.feedback / "s01" / course.assignment / f"{course.stems()[-1]}.html"),
        ("one with mistakes", course.feedback / "s06" / course.assignment / f"{stem}.html"),
        ("one that breaks off", course.feedback / "s17" / course.assignment / f"{stem}.html"),
        ("who is who", course.submitted / "README.md"),
        ("nbgrader's gradebook", course.gradebook),
    ]
    console.print("\nOpen:")
    for about, path in pages:
        if path.exists():
            console.print(f"  {about}: {path}", markup=False, highlight=False, soft_wrap=True)
