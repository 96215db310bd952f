"""The built notebooks as the grader needs them: which cell is an answer, a check, a locked cell, a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .settings import FILE, Config

Kind = Literal["answer", "check", "locked", "draws", "written", "free", "text"]

CHECK_PREFIX = "test_"
"""What nbgrader's name of a check cell has before the name of its exercise."""

WRITTEN_PROMPT = "Write your answer here, in two to five sentences."
"""What students find in the cell of an answer in words: nbgrader_config.py has nbgrader put it there."""
# Where a course has an older nbgrader_config.py, nbgrader's own words stand there.
_PROMPTS = (WRITTEN_PROMPT, "YOUR ANSWER HERE")
_WRITTEN_ID = re.compile(r"written_(\d\d)_([1-9]\d?)")
_BEGIN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS", re.MULTILINE)
_END = re.compile(r"### END HIDDEN TESTS[ \t]*\n?")


@dataclass(frozen=True)
class SourceCell:
    """A cell of a built notebook: its id, what it is for, its text as students have it, and its raw form."""

    cell_id: str
    grade_id: str
    kind: Kind
    text: str
    raw: dict[str, Any]

    @property
    def exercise(self) -> str:
        """The exercise that an answer or check cell belongs to."""
        return self.grade_id.removeprefix(CHECK_PREFIX) if self.kind == "check" else self.grade_id

    @property
    def points(self) -> float:
        """The points of a check cell or of an answer in words."""
        return float(self.raw["metadata"]["nbgrader"].get("points", 0))

    @property
    def question(self) -> int:
        """The number of the question that a cell of an answer in words belongs to; 0 for any other cell."""
        named = _WRITTEN_ID.fullmatch(self.grade_id) if self.kind == "written" else None
        return int(named[2]) if named else 0


@dataclass(frozen=True)
class SourceNotebook:
    """A built notebook: its stem, its cells in order, its metadata."""

    stem: str
    cells: tuple[SourceCell, ...]
    metadata: dict[str, Any]

    @property
    def exercises(self) -> list[str]:
        """The graded exercises in order."""
        return [cell.exercise for cell in self.cells if cell.kind == "check"]

    @property
    def points(self) -> dict[str, float]:
        """The points of each graded exercise."""
        return {cell.exercise: cell.points for cell in self.cells if cell.kind == "check"}

    @property
    def written(self) -> dict[str, float]:
        """The points of each answer in words, by the name that the question has in the settings."""
        return {f"{self.stem}.{cell.question}": cell.points for cell in self.cells if cell.question}


class NoSources(ValueError):
    """The built notebooks of the assignment are missing: run `autograder build`."""


@cache
def load_sources(folder: Path) -> tuple[SourceNotebook, ...]:
    """Read all built notebooks of an assignment; raises NoSources when there are none."""
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise NoSources(f"There are no built notebooks in {folder}: run `autograder build` in the course folder first.")
    return tuple(_load(path) for path in paths)


def _load(path: Path) -> SourceNotebook:
    data = json.loads(path.read_text(encoding="utf-8"))
    return SourceNotebook(path.stem, tuple(map(_cell, data["cells"])), data["metadata"])


def text_of(raw: dict[str, Any]) -> str:
    """The source of a cell, which notebooks keep as one string or as a list of lines; empty when it is neither."""
    source = raw.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def without_hidden(text: str) -> str:
    """The text of a check cell as students have it."""
    kept, place = [], 0
    # One expression for both marks would look for the end again from every beginning: too long on a student's text.
    while (begin := _BEGIN.search(text, place)) and (end := _END.search(text, begin.end())):
        kept.append(text[place : begin.start()])
        place = end.end()
    return "".join([*kept, text[place:]]).rstrip("\n")


def _cell(raw: dict[str, Any]) -> SourceCell:
    about = raw["metadata"].get("nbgrader", {})
    if about.get("grade") and about.get("locked"):
        kind: Kind = "check"
    elif about.get("solution"):
        # A written answer is read by people: it is neither run nor asked.
        kind = "written" if about.get("grade") else "answer"
    elif about.get("locked"):
        kind = "draws" if "draws" in raw["metadata"].get("tags", []) else "locked"
    else:
        kind = "free" if raw["cell_type"] == "code" else "text"
    return SourceCell(raw.get("id", ""), about.get("grade_id", ""), kind, without_hidden(text_of(raw)), raw)


def written_id(question: str) -> str:
    """The name that nbgrader has for the cell in which a question ("03_gaussian_kl.2") is answered in words."""
    stem, _, number = question.rpartition(".")
    return f"written_{stem[:2]}_{number}"


def question_of(grade_id: str) -> str:
    """What a cell of an answer in words is called on pages: "Question 2"; a cell of another name keeps its name."""
    named = _WRITTEN_ID.fullmatch(grade_id)
    return f"Question {named[2]}" if named else grade_id


def words_in(text: str) -> str:
    """What a student wrote in words: the text without the prompt, empty where nothing else is there."""
    for prompt in _PROMPTS:
        text = text.replace(prompt, "")
    return text.strip()


def points_of(sources: Iterable[SourceNotebook]) -> dict[str, float]:
    """What the exercises of built notebooks are out of, by name."""
    return {name: points for source in sources for name, points in source.points.items()}


def written_points_of(sources: Iterable[SourceNotebook]) -> dict[str, float]:
    """What the questions are out of that built notebooks ask in words."""
    return {name: points for source in sources for name, points in source.written.items()}


def not_followed(
    config: Config, built: Mapping[str, float], numbers: bool = True, written: Mapping[str, float] | None = None
) -> list[str]:
    """Which settings the built notebooks (points by exercise) do not follow.

    `numbers` says whether they have the worked numbers of the settings, which may follow from the seed. `written` are the
    points of the questions that the built notebooks ask in words.
    """
    differ = [name for name in config.leave_out if name in built]
    differ += [name for name, points in config.points.items() if built.get(name, points) != points]
    asked = written or {}
    names = dict.fromkeys([*config.written, *asked])
    differ += [f"written {name}" for name in names if config.written.get(name) != asked.get(name)]
    return differ + ([] if numbers else ["numbers (or in seed, from which they follow)"])


def not_built(
    config: Config, built: Mapping[str, float], numbers: bool = True, written: Mapping[str, float] | None = None
) -> str:
    """Say which settings the built notebooks do not follow (see `not_followed`); empty where they follow all.

    Notebooks are what is graded, so that verdicts and gradebook agree; but whoever changed a setting expects it to count.
    """
    differ = not_followed(config, built, numbers, written)
    if not differ:
        return ""
    return (
        f"The built notebooks do not follow {FILE} in {', '.join(differ)}: graded was what is built. Run `autograder build`, "
        "then grade again."
    )
