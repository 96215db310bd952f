"""Settings of plain nbgrader in this course folder; `autograder build` uses the same file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, SourceCell
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.CourseDirectory.course_id = "variational-autoencoders"
c.CourseDirectory.source_directory = "source_nbs"
c.CourseDirectory.release_directory = "release"

# nbgrader's own stub raises, so that Run All would stop at the first unwritten cell of plain variables.
c.ClearSolutions.code_stub = {"python": "todo()  # replace this line by your code"}
# What stands in the cell of an answer in words, in place of the answer that graders see in source_nbs.
c.ClearSolutions.text_stub = "Write your answer here, in two to five sentences."


def copy_extras(assignment: str, student: str, notebooks: list[str]) -> None:
    """Copy the ungraded notebooks of `extras/`: nbgrader copies everything beside the graded ones, but no notebooks."""
    source = Path(notebooks[0]).parent
    release = source.parents[1] / "release" / source.name
    for path in sorted(source.glob("extras/*.ipynb")):
        (release / "extras").mkdir(exist_ok=True)
        shutil.copy(path, release / "extras")


c.GenerateAssignment.post_convert_hook = copy_extras


class MendSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Put a submission into the order that nbgrader counts on; without it one odd notebook ends the whole batch."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Drop tags, doubled and invalid metadata of nbgrader; put back setup cells and answer cells that are gone."""
        seen = set()
        for cell in reversed(nb.cells):
            # A check cell tagged "skip-execution" would not be run, and what was not run earns full marks.
            cell.metadata.pop("tags", None)
            if "nbgrader" in cell.metadata and (not valid(cell) or cell.metadata.nbgrader.grade_id in seen):
                del cell.metadata["nbgrader"]
            if "nbgrader" in cell.metadata:
                seen.add(cell.metadata.nbgrader.grade_id)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            graded = {cell.name for cell in notebook.grade_cells}
            missing = [cell for cell in notebook.source_cells if cell.name not in graded | seen]
            # nbgrader itself puts check cells back, behind their answer cells; so there must be answer cells.
            nb.cells += [restored(cell, "") for cell in missing if not cell.locked]
            setup = [cell for cell in missing if cell.locked and not cell.source.startswith("with needs(")]
            nb.cells = [restored(cell, cell.source) for cell in setup] + nb.cells
            # nbgrader puts an answer in words behind the graded cell before it, and stops where that is none.
            solutions = {cell.name for cell in notebook.solution_cells}
            nb.cells += [
                written(cell.name, cell.max_score)
                for cell in notebook.grade_cells
                if cell.name in solutions - seen and cell.cell_type == "markdown"
            ]
        return nb, resources


def valid(cell: NotebookNode) -> bool:
    """Return whether nbgrader accepts a cell's metadata; what it does not accept may be anything."""
    try:
        MetadataValidator().validate_cell(cell)
    except Exception:
        return False
    return "grade_id" in cell.metadata.nbgrader


def restored(cell: SourceCell, source: str) -> NotebookNode:
    """Return an ungraded cell in place of one that the student deleted."""
    flags = {"grade": False, "solution": not cell.locked, "locked": cell.locked, "task": False}
    made: NotebookNode = new_code_cell(source)
    made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": cell.name, **flags}
    return made


def written(name: str, points: float) -> NotebookNode:
    """Return an empty cell in place of an answer in words that the student deleted; a person looks at it."""
    made: NotebookNode = new_markdown_cell("")
    flags = {"grade": True, "solution": True, "locked": False, "task": False, "points": points}
    made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "cell_type": "markdown", **flags}
    return made


c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    MendSubmission,
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True
c.Execute.shutdown_kernel = "immediate"
c.Execute.timeout = 60
