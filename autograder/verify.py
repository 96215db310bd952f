"""Every author-side promise, checked; each fault names the file and the command or edit that mends it."""

from __future__ import annotations

import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .build import BuildError, stale
from .config import load_config
from .grading import Context, grade_submission
from .layout import Layout, module_name
from .notebooks import load_sources, text_of
from .problems import load
from .record import Record
from .sandbox import Refused, open_sandbox
from .specimens import released
from .submission import read_submission

RUN = 14
"""A run of so many tokens of a solution's body is a leak; shorter ones occur in any numpy code."""


@dataclass(frozen=True)
class Promise:
    """One promise in words, and the sentences about what breaks it."""

    text: str
    faults: tuple[str, ...]


def points_add_up(layout: Layout) -> Iterator[str]:
    """Faults of exercises whose checks give other points than the exercise has."""
    for stem in layout.stems():
        for exercise in load(stem).exercises:
            total = sum(check.points for check in exercise.checks)
            if abs(total - exercise.points) > 1e-9:
                yield (
                    f"{exercise.name}: its checks give {total:g} points, the exercise {exercise.points:g}: "
                    f"edit autograder/hidden/{module_name(stem)} or autograder/checks/{module_name(stem)}."
                )


def readings_exist(layout: Layout) -> Iterator[str]:
    """Faults of exercises whose hint where to read names no heading of their text."""
    for stem in layout.stems():
        text = layout.text(stem).read_text(encoding="utf-8")
        headings = {line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")}
        for exercise in load(stem).exercises:
            named = re.findall("“([^”]+)”", exercise.read)
            for heading in named or [exercise.read]:
                if heading not in headings:
                    yield (
                        f"autograder/checks/{module_name(stem)}: `{exercise.name}` sends students to «{heading}», which "
                        f"is no heading of {layout.text(stem).relative_to(layout.course)}: name one in “quotes”."
                    )


def built_folders_current(layout: Layout) -> Iterator[str]:
    """Faults of built files that a fresh build would change."""
    try:
        for fault in stale(layout.course, layout.assignment):
            yield f"{fault}: run `autograder build` and commit the result."
    except BuildError as error:
        yield f"{error} Then run `autograder build`."


def points_in_notebooks(layout: Layout) -> Iterator[str]:
    """Faults of built notebooks whose points are not those of the problems."""
    for folder in (layout.source, layout.release):
        for source in load_sources(folder):
            exercises = {exercise.name: exercise for exercise in load(source.stem).exercises}
            found = {cell.exercise: cell.points for cell in source.cells if cell.kind == "check"}
            where = (folder / f"{source.stem}.ipynb").relative_to(layout.course)
            for name in exercises.keys() ^ found.keys():
                yield f"{where}: `{name}` is in the notebook or in the problem, not in both: run `autograder build`."
            for name in exercises.keys() & found.keys():
                if found[name] != exercises[name].points:
                    yield (
                        f"{where}: `{name}` is worth {found[name]:g} points there, {exercises[name].points:g} in the "
                        "problem: run `autograder build`."
                    )


def _tokens(text: str) -> list[str]:
    """The tokens of code without comments and layout; of what is no code, its words."""
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    try:
        return [
            token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in skipped
        ]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return text.split()


def _solution_bodies(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    for source in load_sources(layout.source):
        for cell in source.cells:
            if cell.kind == "answer":
                body = cell.text.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]
                yield cell.exercise, _tokens(textwrap.dedent(body.strip("\n")))


def nothing_leaks(layout: Layout) -> Iterator[str]:
    """Faults of released files that hold part of a solution or of a hidden check, found by their tokens."""
    runs: dict[str, str] = {}
    for name, tokens in _solution_bodies(layout):
        length = min(RUN, len(tokens))
        for start in range(len(tokens) - length + 1):
            runs.setdefault(" ".join(tokens[start : start + length]), name)
    for where, text in _released_code(layout):
        joined = f" {' '.join(_tokens(text))} "
        for run, name in runs.items():
            if f" {run} " in joined:
                yield f"{where}: part of the solution of `{name}` stands there ({run[:60]}...): take it out, then build."
                break
        for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN", "autograder.hidden", "from autograder"):
            if mark in text:
                yield f"{where}: it says {mark!r}, which students must not see: run `autograder build`."


def _released_code(layout: Layout) -> Iterator[tuple[Path, str]]:
    for path in sorted(layout.release.rglob("*")):
        where = path.relative_to(layout.course)
        if path.suffix == ".ipynb":
            notebook = released(path.parent)[path.stem]
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    yield where, text_of(cell)
        elif path.suffix == ".py":
            yield where, path.read_text(encoding="utf-8")


def _grade(layout: Layout, folder: Path) -> Record:
    """Grade our own notebooks; without walls where there are none, because they are our own."""
    config = load_config(layout)
    submission = read_submission("verify", folder, load_sources(layout.source))
    try:
        sandbox = open_sandbox(layout.release, walls=True, limits=config.limits)
    except Refused:
        sandbox = open_sandbox(layout.release, walls=False, limits=config.limits)
    with sandbox:
        return grade_submission(submission, sandbox.session, Context(layout.assignment, config.seed), "verify")


def reference_full(layout: Layout) -> Iterator[str]:
    """Faults of reference solutions that do not get all points."""
    record = _grade(layout, layout.source)
    if record.state != "graded":
        yield f"source_nbs/{layout.assignment}: the reference ends as {record.state}: mend solutions/."
    for notebook in record.notebooks:
        for cell in notebook.cells:
            if cell.status not in ("", "ran"):
                yield f"{notebook.stem}: a cell {cell.status} ({cell.error} {cell.detail}): mend assignments/ or solutions/."
        for verdict in notebook.verdicts:
            if verdict.points != verdict.max_points or verdict.first_failed is not None:
                told = verdict.first_failed.message if verdict.first_failed else ""
                yield (
                    f"solutions/{module_name(notebook.stem)}.py: `{verdict.exercise}` gets {verdict.points:g} of "
                    f"{verdict.max_points:g} points: mend it or its checks. {' '.join(told.split())}"
                )


def untouched_zero(layout: Layout) -> Iterator[str]:
    """Faults of released notebooks that get points or stop as they are."""
    record = _grade(layout, layout.release)
    if record.state != "graded":
        yield f"release/{layout.assignment}: untouched, it ends as {record.state}: mend assignments/."
    for notebook in record.notebooks:
        for cell in notebook.cells:
            if cell.status not in ("", "ran"):
                yield f"{notebook.stem}: untouched, a cell {cell.status} ({cell.error}): mend assignments/."
        for verdict in notebook.verdicts:
            if verdict.points:
                yield f"{notebook.stem}: untouched, `{verdict.exercise}` gets {verdict.points:g} points: mend its checks."


PROMISES: tuple[tuple[str, Callable[[Layout], Iterator[str]]], ...] = (
    ("the points of the checks add up to those of their exercise", points_add_up),
    ("what a check tells students to read is there", readings_exist),
    ("built folders are current", built_folders_current),
    ("points in the notebooks are the points of the problems", points_in_notebooks),
    ("no solution and no hidden check is in the release", nothing_leaks),
    ("the reference solutions get full points", reference_full),
    ("the untouched release gets no points, and nothing crashes", untouched_zero),
)


def verify(layout: Layout) -> Iterator[Promise]:
    """Check all promises about an assignment, quick ones first."""
    for text, faults in PROMISES:
        yield Promise(text, tuple(faults(layout)))
