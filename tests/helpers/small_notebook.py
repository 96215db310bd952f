"""A built notebook of a few cells, and students' cells for it, without a course around them."""

from __future__ import annotations

from typing import Any

from autograder.course.built_notebooks import Kind, SourceCell, SourceNotebook

EXERCISES = ("one", "two", "three")


def built(kind: Kind, grade_id: str, text: str) -> SourceCell:
    """A cell of the built notebook."""
    raw = {"cell_type": "markdown" if kind in ("text", "written") else "code", "metadata": {"nbgrader": {"points": 1}}}
    return SourceCell(f"id-{grade_id or text}", grade_id, kind, text, raw)


def small_notebook() -> SourceNotebook:
    """Setup, then for each exercise a text, an answer and its check, and a locked cell before the last."""
    cells = [built("text", "", "# Title"), built("locked", "imports", "import numpy as np")]
    for name in EXERCISES:
        if name == EXERCISES[-1]:
            cells.append(built("locked", "data", "numbers = [1, 2]"))
        cells += [
            built("text", "", f"## {name}"),
            built("answer", name, f"def {name}(x):\n    todo()"),
            built("check", f"test_{name}", f'check("{name}")'),
        ]
    return SourceNotebook("small", tuple(cells), {})


def handed_in(source: SourceNotebook) -> list[dict[str, Any]]:
    """The notebook as a student hands it in who answered everything."""
    return [
        {
            "id": cell.cell_id,
            "cell_type": cell.raw["cell_type"],
            "metadata": {"nbgrader": {"grade_id": cell.grade_id}} if cell.grade_id else {},
            "source": f"def {cell.grade_id}(x):\n    return x" if cell.kind == "answer" else cell.text,
        }
        for cell in source.cells
    ]


def code(text: str) -> dict[str, Any]:
    """A code cell of the student's own."""
    return {"cell_type": "code", "metadata": {}, "source": text}
