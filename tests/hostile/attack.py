"""What an attack is, and how it is planted in an otherwise honest submission."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.record import State

STEM = "03_gaussian_kl"
EXERCISE = "kl_weight"
"""The exercise every attack is about: no other one builds on it, so honest work earns all the rest."""

WRONG = "def kl_weight(epoch, warmup=10):\n    return np.ones(np.shape(epoch))"
LOOT = "hostile-was-here"
"""Part of the name of every file that an attack tries to leave behind."""

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where an attack is planted: the student's folder, the course around it, a port that listens on 127.0.0.1."""

    folder: Path
    course: Path
    port: int

    def fill(self, text: str) -> str:
        """The text with what an attacker may know of the machine: the course's path, and the port."""
        return text.replace("@COURSE@", str(self.course)).replace("@PORT@", str(self.port)).replace("@LOOT@", LOOT)


Change = Callable[[Place, Notebook], None]


@dataclass(frozen=True)
class Attack:
    """One attack: what it tries, by what, and what must come of it.

    `answer` replaces the answer cell of the attacked exercise, `cell` is a cell of the student's own before it, `last`
    one at the end, `files` lie beside the notebook, `change` may do anything to folder and notebook.
    `keeps`: every other exercise keeps all its points; otherwise it has no more than honest work earns. `also`: the
    state where the machine is slower or faster. `says`: what a sentence about the notebook must say. `nothing`: further
    exercises that must stay without points.
    """

    name: str
    tries: str
    where: str
    answer: str = WRONG
    cell: str = ""
    last: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    change: Change | None = None
    state: State = "graded"
    also: State | None = None
    keeps: bool = True
    says: str = ""
    folder: bytes = b""
    root: bool = False
    nothing: tuple[str, ...] = ()

    def plant(self, place: Place, honest: Notebook) -> None:
        """Write the submission."""
        notebook = copy.deepcopy(honest)
        cells = notebook["cells"]
        at = position(notebook, EXERCISE)
        cells[at]["source"] = place.fill(self.answer)
        if self.last:
            cells.append(code(place.fill(self.last)))
        if self.cell:
            cells.insert(at, code(place.fill(self.cell)))
        place.folder.mkdir(parents=True)
        for name, content in self.files.items():
            path = place.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(place.fill(content.decode("latin-1")).encode("latin-1"))
        if self.change:
            self.change(place, notebook)
        path = place.folder / f"{STEM}.ipynb"
        if notebook and not os.path.lexists(path):
            path.write_text(json.dumps(notebook), encoding="utf-8")


def code(source: str) -> dict[str, Any]:
    """A code cell of a student's own."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def position(notebook: Notebook, grade_id: str) -> int:
    """Where the cell with that grade id stands."""
    return next(
        place
        for place, cell in enumerate(notebook["cells"])
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def body(*lines: str) -> str:
    """An answer whose function has this body."""
    return "def kl_weight(epoch, warmup=10):\n" + "\n".join(f"    {line}" for line in lines)


def returning(expression: str, before: str = "") -> str:
    """An answer whose function returns this expression."""
    return f"{before}\n{body(f'return {expression}')}"
