"""Where the folders of a course are, and what belongs to one notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CONFIG = "nbgrader_config.py"
"""The settings of nbgrader in a course folder."""
STEM = re.compile(r"\d\d_[a-z][a-z0-9_]*")


def module_name(stem: str) -> str:
    """Return the name of a notebook's modules: its stem without the number (`03_gaussian_kl` → `gaussian_kl`)."""
    return re.sub(r"^\d+_", "", stem)


@dataclass(frozen=True)
class Layout:
    """The folders of one assignment in a course folder; the names are those of `nbgrader_config.py`."""

    course: Path
    assignment: str

    @property
    def texts(self) -> Path:
        """The hand-written texts, data and pictures."""
        return self.course / "assignments" / self.assignment

    @property
    def solutions(self) -> Path:
        """The reference code, one module a notebook."""
        return self.course / "solutions"

    @property
    def source(self) -> Path:
        """The built notebooks with solutions: what nbgrader calls source."""
        return self.course / "source_nbs" / self.assignment

    @property
    def release(self) -> Path:
        """The built folder that students receive."""
        return self.course / "release" / self.assignment

    @property
    def submitted(self) -> Path:
        """What came back: `<student>/<assignment>/` below it."""
        return self.course / "submitted"

    @property
    def autograded(self) -> Path:
        """The graded notebooks, by student and assignment."""
        return self.course / "autograded"

    @property
    def feedback(self) -> Path:
        """The pages for students, by student and assignment."""
        return self.course / "feedback"

    @property
    def results(self) -> Path:
        """The verdicts of a batch."""
        return self.course / "results"

    @property
    def gradebook(self) -> Path:
        """The database of nbgrader."""
        return self.course / "gradebook.db"

    def stems(self) -> list[str]:
        """Return the stems of the assignment's texts in order."""
        return sorted(path.stem for path in self.texts.glob("*.md") if STEM.fullmatch(path.stem))

    @property
    def extras(self) -> Path:
        """The texts of ungraded notebooks that may go along, and the folders of files that belong to them."""
        return self.texts / "extras"

    def text(self, stem: str) -> Path:
        """Return the text of a notebook."""
        return self.texts / f"{stem}.md"

    def solution(self, stem: str) -> Path:
        """Return the reference module of a notebook."""
        return self.solutions / f"{module_name(stem)}.py"
