"""The questions under "Think it over": which a text has, and which of them are answered in words for points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ...course.built_notebooks import written_id
from .solution_source import BEGIN, END

SECTION = "Think it over"
"""The heading above the questions."""
_HEADING = re.compile(r"(#{1,6}) +(.*?)\s*")
_FENCE = re.compile(r"`{3,}|~{3,}")
_FOLD = re.compile(r"<details><summary>An answer</summary>\s*")
_SHOWN = 60


@dataclass(frozen=True)
class Question:
    """A question of a text: its number under the heading, its words as they stand there, its model answer."""

    number: int
    text: str
    answer: str

    @property
    def short(self) -> str:
        """Its beginning, for a sentence."""
        words = " ".join(self.text.removeprefix("- ").split())
        return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 2].rstrip()} …"


class Questions:
    """Goes through the texts of one notebook in order and finds the questions; `found` are those so far."""

    def __init__(self) -> None:
        """Begin before the first text."""
        self.found: list[Question] = []
        self._inside = False

    def pieces(self, source: str, chosen: Collection[int]) -> Iterator[tuple[str, Question | None]]:
        """The parts of a text, cut behind each question in `chosen`, whose folded answer is left out.

        With each part comes the question that it ends with, None at the end of the text. Without a chosen question the
        text is one part, as it is.
        """
        lines, kept = source.split("\n"), list[str]()
        bullet, fence, place, cut = -1, "", 0, False
        while place < len(lines):
            line = lines[place]
            if mark := _FENCE.match(line):
                fence = fence if fence and mark[0] != fence else "" if fence else mark[0]
            heading = None if fence else _HEADING.fullmatch(line)
            if heading and (len(heading[1]) <= 2 or heading[2] == SECTION):
                self._inside, bullet = heading[2] == SECTION, -1
            elif self._inside and not fence and line.startswith("- "):
                bullet = len(kept)
            elif bullet >= 0 and not fence and _FOLD.fullmatch(line):
                end = _end_of_fold(lines, place)
                words, answer = "\n".join(kept[bullet:]).strip(), "\n".join(lines[place + 1 : end]).strip()
                one, bullet = Question(len(self.found) + 1, words, answer), -1
                self.found.append(one)
                if one.number in chosen:
                    yield "\n".join(kept).strip("\n"), one
                    kept, cut = [], True
                else:
                    kept += lines[place : end + 1]
                place = end + 1
                continue
            kept.append(line)
            place += 1
        rest = "\n".join(kept)
        if not cut:
            yield rest, None
        elif rest.strip():
            yield rest.strip("\n"), None


def _end_of_fold(lines: list[str], start: int) -> int:
    """The line that closes the block which opens in line `start`; the last line where nothing does."""
    depth = 0
    for place in range(start, len(lines)):
        depth += lines[place].count("<details") - lines[place].count("</details>")
        if depth <= 0:
            return place
    return len(lines) - 1


def with_points(text: str, points: float) -> str:
    """A text that ends with a question, and what the answer in words is worth."""
    worth = f"{points:g} point{'' if points == 1 else 's'}"
    return f"{text}\n\n  **Answer in words, {worth}.** Write into the cell below; a person reads and grades it."


def model_answer(question: Question) -> str:
    """The source of the cell of an answer in words: nbgrader puts the prompt in place of what stands between the marks."""
    return f"{BEGIN}\n{question.answer}\n{END}"


def metadata(cell_id: str, points: float) -> dict[str, object]:
    """The metadata by which nbgrader knows a cell that a person grades."""
    worth = int(points) if points == int(points) else points
    flags = {"grade": True, "grade_id": cell_id, "locked": False, "points": worth}
    return {"nbgrader": {**flags, "schema_version": 3, "solution": True, "task": False}}


def cell_id_of(stem: str, number: int) -> str:
    """The name of the cell for a question of a notebook."""
    return written_id(f"{stem}.{number}")


def chosen_of(stem: str, written: Mapping[str, float]) -> dict[int, float]:
    """The points of the questions that the settings name of one notebook, by number."""
    named = (name.rpartition(".") for name in written)
    return {int(number): written[f"{owner}.{number}"] for owner, _, number in named if owner == stem}


def unknown(stem: str, chosen: Collection[int], found: Collection[Question]) -> str:
    """Say that the settings name a question that is not there, and which there are; empty where all are there."""
    missing = sorted(set(chosen) - {one.number for one in found})
    if not missing:
        return ""
    there = "; ".join(f"{one.number} ({one.short})" for one in found)
    told = f'under "{SECTION}" it has: {there}' if found else f'it has no question under "{SECTION}"'
    return f"assignment.toml: written names {stem}.{missing[0]}, but there is no such question in {stem}; {told}."
