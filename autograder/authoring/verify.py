"""Every author-side promise, checked; each fault names the file and the command or edit that mends it."""

from __future__ import annotations

import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..checks.rendering import message
from ..course.built_notebooks import load_sources, text_of
from ..course.layout import Layout
from ..course.own_checks import home_of
from ..course.settings import load_config
from ..grading.examiner import Context, grade_submission
from ..grading.record import CellRecord, Record
from ..problems import load, use_built_numbers, use_numbers
from ..problems.points import as_assigned, validate_names
from ..sandbox import Refused, open_sandbox
from ..submission.reading import read_submission
from .builder import BuildError, stale
from .builder.omissions import headings, without
from .builder.solution_source import BEGIN, END
from .sample_submissions import released

_MARKS = re.compile(r"BEGIN SOLUTION|BEGIN HIDDEN|autograder\.hidden|from autograder|(?:from|import) [\w.]*\bhidden\b")
RUN = 14
"""A run of so many tokens of a solution's body is a leak; shorter ones occur in any numpy code."""


@dataclass(frozen=True)
class Promise:
    """One promise in words, and the sentences about what breaks it."""

    text: str
    faults: tuple[str, ...]


def settings_usable(layout: Layout) -> Iterator[str]:
    """Faults of settings that cannot be read, or name what the problems do not have."""
    try:
        config = load_config(layout)
        use_numbers(config)
        validate_names(config, [load(stem) for stem in layout.stems()])
    except ValueError as error:
        said = str(error).removesuffix(".")
        where = "" if str(layout.texts) in said else f"{_place(layout, layout.texts)}/"
        yield f"{where}{said}: mend it, then run `autograder build`."


def points_add_up(layout: Layout) -> Iterator[str]:
    """Faults of exercises whose checks give other points than the exercise has."""
    home = home_of(layout.course)
    for stem in layout.stems():
        for exercise in load(stem).exercises:
            total = sum(check.points for check in exercise.checks)
            if abs(total - exercise.points) > 1e-9:
                yield (
                    f"{exercise.name}: its checks give {total:g} points, the exercise {exercise.points:g}: edit "
                    f"{home.words(home.hidden, stem)} or {home.words(home.checks, stem)}, then run `autograder build`."
                )


def readings_exist(layout: Layout) -> Iterator[str]:
    """Faults of exercises whose hint where to read names no heading of their text."""
    home, config = home_of(layout.course), load_config(layout)
    for stem in layout.stems():
        path = layout.text(stem)
        there = headings(without(path.read_text(encoding="utf-8"), str(path), config.leave_out))
        for exercise in as_assigned(load(stem), config).exercises:
            named = re.findall("“([^”]+)”", exercise.read)
            for heading in named or [exercise.read]:
                if heading not in there:
                    yield (
                        f"{home.words(home.checks, stem)}: `{exercise.name}` sends students to «{heading}», which is no "
                        f"heading of {_place(layout, path)}: name one in “quotes”, then run `autograder build`."
                    )


def built_folders_current(layout: Layout) -> Iterator[str]:
    """Faults of built files that a fresh build would change."""
    try:
        for fault in stale(layout.course, layout.assignment):
            yield f"{fault}: run `autograder build` and commit the result."
    except BuildError as error:
        yield f"{error} Then run `autograder build`."


def points_in_notebooks(layout: Layout) -> Iterator[str]:
    """Faults of built notebooks whose points are not those of the problems, as the settings have them."""
    config = load_config(layout)
    for folder in (layout.source, layout.release):
        for source in load_sources(folder):
            exercises = {
                exercise.name: exercise.points for exercise in as_assigned(load(source.stem), config).exercises
            }
            where = _place(layout, folder / f"{source.stem}.ipynb")
            for name in exercises.keys() ^ source.points.keys():
                yield f"{where}: `{name}` is in the notebook or in the problem, not in both: run `autograder build`."
            for name in exercises.keys() & source.points.keys():
                if source.points[name] != exercises[name]:
                    yield (
                        f"{where}: `{name}` is worth {source.points[name]:g} points there, {exercises[name]:g} in the "
                        "problem: run `autograder build`."
                    )


def points_told(layout: Layout) -> Iterator[str]:
    """Faults of texts that tell students other points than the notebook gives."""
    for source in load_sources(layout.source):
        total = round(sum(source.points.values()) + sum(source.written.values()), 2)
        for cell in source.cells:
            for told in re.findall(r"\*\*Points\*\* ([\d.]*\d)", cell.text if cell.kind == "text" else ""):
                if float(told) != total:
                    yield (
                        f"{_place(layout, layout.text(source.stem))}: it tells students of {told} points, the notebook gives "
                        f"{total:g}: write {{points}} there, then run `autograder build`."
                    )


def _place(layout: Layout, path: Path) -> str:
    return path.relative_to(layout.course).as_posix()


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
                yield (
                    f"{where}: part of the solution of `{name}` is there ({run[:60]}...): take it out of "
                    f"{_origin(layout, where)}, then run `autograder build`."
                )
                break
        for mark in _MARKS.findall(text):
            yield (
                f"{where}: it says {mark!r}, which students must not see: take it out of {_origin(layout, where)}, then run "
                "`autograder build`."
            )
    yield from _model_answers_shown(layout)


def _model_answers_shown(layout: Layout) -> Iterator[str]:
    """Faults of released notebooks that show the model answer of a question that is answered in words."""
    answers = {
        f"{source.stem}.{cell.question}": " ".join(cell.text.replace(BEGIN, "").replace(END, "").split())
        for source in load_sources(layout.source)
        for cell in source.cells
        if cell.question
    }
    for stem, notebook in released(layout.release).items():
        shown = " ".join(" ".join(text_of(cell) for cell in notebook["cells"]).split())
        for question, answer in answers.items():
            if answer and answer in shown:
                yield (
                    f"{_place(layout, layout.release / f'{stem}.ipynb')}: the model answer of {question}, which is answered in "
                    f"words, is there: take it out of {_place(layout, layout.text(stem))}, then run `autograder build`."
                )


def _origin(layout: Layout, released_file: Path) -> str:
    """The hand-written file that a released one is made of."""
    below = released_file.relative_to(_place(layout, layout.release))
    if below.parts[0] == "checks":
        own = home_of(layout.course).checks / Path(*below.parts[1:])
        return _place(layout, own) if own.exists() else f"autograder/{below.as_posix()}"
    return _place(layout, layout.texts / below.with_suffix(".md" if below.suffix == ".ipynb" else below.suffix))


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
    use_built_numbers(layout.source, config)
    submission = read_submission("verify", folder, load_sources(layout.source))
    try:
        sandbox = open_sandbox(layout.release, limits=config.limits)
    except Refused:
        sandbox = open_sandbox(layout.release, walls="none", limits=config.limits)
    with sandbox:
        return grade_submission(submission, sandbox.session, Context(layout.assignment, config.seed), "verify")


def reference_full(layout: Layout) -> Iterator[str]:
    """Faults of reference solutions that do not get all points."""
    record, home = _grade(layout, layout.source), home_of(layout.course)
    if record.state != "graded":
        yield (
            f"{_place(layout, layout.source)}: the reference ends as {record.state}: mend solutions/, then run "
            "`autograder build`."
        )
    for notebook in record.notebooks:
        for cell in notebook.cells:
            if cell.status not in ("", "ran"):
                yield (
                    f"{_source(layout, notebook.stem)}: {_cell(cell)} {cell.status} ({cell.error} {cell.detail}): mend it or "
                    f"{_place(layout, layout.solution(notebook.stem))}, then run `autograder build`."
                )
        for verdict in notebook.verdicts:
            if verdict.points != verdict.max_points or verdict.first_failed is not None:
                told = message(verdict.first_failed) if verdict.first_failed else ""
                yield (
                    f"{_place(layout, layout.solution(notebook.stem))}: `{verdict.exercise}` gets {verdict.points:g} of "
                    f"{_points(verdict.max_points)}: mend it or its checks in {home.words(home.hidden, notebook.stem)}, then "
                    f"run `autograder build`. {' '.join(told.split())}"
                )


def untouched_zero(layout: Layout) -> Iterator[str]:
    """Faults of released notebooks that get points or stop as they are."""
    record, home = _grade(layout, layout.release), home_of(layout.course)
    if record.state != "graded":
        yield (
            f"{_place(layout, layout.release)}: untouched, it ends as {record.state}: mend "
            f"{_place(layout, layout.texts)}, then run `autograder build`."
        )
    for notebook in record.notebooks:
        for cell in notebook.cells:
            if cell.status not in ("", "ran"):
                yield (
                    f"{_source(layout, notebook.stem)}: untouched, {_cell(cell)} {cell.status} ({cell.error}): mend it, then "
                    "run `autograder build`."
                )
        for verdict in notebook.verdicts:
            if verdict.points:
                yield (
                    f"{home.words(home.hidden, notebook.stem)}: untouched, `{verdict.exercise}` gets "
                    f"{_points(verdict.points)}: mend its checks, or run `autograder build` if a solution stands in the release."
                )


def _points(value: float) -> str:
    return f"{value:g} point" if value == 1 else f"{value:g} points"


def _source(layout: Layout, stem: str) -> str:
    return _place(layout, layout.text(stem))


def _cell(cell: CellRecord) -> str:
    first = next(iter(cell.text.strip().splitlines()), "")
    return f"the cell `{cell.grade_id}`" if cell.grade_id else f"the cell that begins «{first[:40]}»"


PROMISES: tuple[tuple[str, Callable[[Layout], Iterator[str]]], ...] = (
    ("the settings can be used", settings_usable),
    ("the points of the checks add up to those of their exercise", points_add_up),
    ("what a check tells students to read is there", readings_exist),
    ("built folders are current", built_folders_current),
    ("points in the notebooks are the points of the problems", points_in_notebooks),
    ("the texts tell students the points that there are", points_told),
    ("no solution and no hidden check is in the release", nothing_leaks),
    ("the reference solutions get full points", reference_full),
    ("the untouched release gets no points, and nothing crashes", untouched_zero),
)


def verify(layout: Layout) -> Iterator[Promise]:
    """Check all promises about an assignment, quick ones first."""
    for text, faults in PROMISES:
        try:
            promise = Promise(text, tuple(faults(layout)))
        except (ValueError, BuildError) as error:
            # Missing notebooks, or settings that fit nothing: the sentence says itself what to do.
            promise = Promise(text, (str(error),))
        yield promise
        if faults is settings_usable and promise.faults:
            return
