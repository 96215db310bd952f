"""The assignment in the gradebook: what `nbgrader generate_assignment` would record of the built notebooks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...course.built_notebooks import SourceNotebook
from ...course.layout import Layout
from ...course.settings import load_config
from .connection import WAIT, GradebookError, Tools, nbgrader_of

_CellFacts = tuple[Any, ...]
_Facts = dict[str, _CellFacts]


@dataclass(frozen=True)
class _Prepared:
    """A built notebook as nbgrader would hand it to its gradebook, and what the gradebook then knows of each cell."""

    node: Any
    resources: dict[str, Any]
    cells: _Facts


def _prepared(tools: Tools, layout: Layout, source: SourceNotebook) -> _Prepared:
    from nbformat import reads
    from nbgrader import utils

    raw = {
        "cells": [cell.raw for cell in source.cells],
        "metadata": source.metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    node = reads(json.dumps(raw), as_version=4)
    about = {"student": ".", "assignment": layout.assignment, "notebook": source.stem, "db_url": tools.url}
    resources: dict[str, Any] = {"unique_key": source.stem, "nbgrader": about}
    for step in tools.preprocessors:
        node, resources = step(config=tools.settings).preprocess(node, resources)
    facts: _Facts = {}
    for cell in node.cells:
        kinds = (utils.is_grade(cell), utils.is_solution(cell), utils.is_task(cell))
        if any(kinds) or utils.is_locked(cell):
            said = cell.metadata.nbgrader
            points = float(said.points) if kinds[0] or kinds[2] else None
            facts[said.grade_id] = (cell.cell_type, utils.is_locked(cell), cell.source, said.checksum, *kinds, points)
    return _Prepared(node, resources, facts)


def _known(tools: Tools, book: Any, assignment: str) -> dict[str, _Facts] | None:
    """What the gradebook knows of the assignment's cells, None where it does not know the assignment."""
    try:
        found = book.find_assignment(assignment)
    except tools.api.MissingEntry:
        return None
    known: dict[str, _Facts] = {}
    for notebook in found.notebooks:
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
        kinds = [
            {cell.name for cell in cells}
            for cells in (notebook.grade_cells, notebook.solution_cells, notebook.task_cells)
        ]
        known[notebook.name] = {
            cell.name: (
                cell.cell_type,
                cell.locked,
                cell.source,
                cell.checksum,
                *(cell.name in kind for kind in kinds),
                points.get(cell.name),
            )
            for cell in notebook.source_cells
        }
    return known


def _refuse_impossible(
    tools: Tools, book: Any, assignment: str, known: dict[str, _Facts], wanted: dict[str, _Prepared]
) -> None:
    """Raise GradebookError where nbgrader could not follow, because students' grades hang on cells that are gone."""
    if not known or not book.assignment_submissions(assignment):
        return
    changes = [f"the notebook {stem} is gone" for stem in sorted(known.keys() - wanted.keys())]
    for stem in sorted(known.keys() & wanted.keys()):
        old, new = ({(name, facts[4:7]) for name, facts in one.items()} for one in (known[stem], wanted[stem].cells))
        gone = ", ".join(sorted({name for name, _ in old - new}))
        come = ", ".join(sorted({name for name, _ in new - old}))
        words = ", ".join([*([f"without {gone}"] if gone else []), *([f"with the new {come}"] if come else [])])
        changes += [f"{stem} is now {words}"] if words else []
    if changes:
        raise GradebookError(
            f"The gradebook has submissions of {assignment}, and nbgrader cannot add or remove cells under them: "
            f"{'; '.join(changes)}. Undo that, or move the gradebook away and grade again (what was entered by hand "
            f"stays in the old one), or remove the assignment: `nbgrader db assignment remove {assignment} --force`."
        )


def register_assignment(layout: Layout, sources: Sequence[SourceNotebook], *, wait: float = WAIT) -> bool:
    """Make the gradebook know the assignment as `nbgrader generate_assignment` would; True when it had to be changed.

    A due date in the course's settings becomes the gradebook's; without one the gradebook keeps what it has.
    Raises GradebookError where submissions stand in the way, Locked after `wait` seconds.
    """
    due = load_config(layout).due_utc
    with nbgrader_of(layout, wait) as tools:
        wanted = {source.stem: _prepared(tools, layout, source) for source in sources}
        tools.make_database()
        with tools.api.Gradebook(tools.url, tools.course_id) as book:
            known = _known(tools, book, layout.assignment)
            same = known == {stem: one.cells for stem, one in wanted.items()}
            late = bool(due) and (known is None or book.find_assignment(layout.assignment).duedate != due)
            if same and not late:
                return False
            _refuse_impossible(tools, book, layout.assignment, known or {}, wanted)
            book.update_or_create_assignment(layout.assignment, **({"duedate": due} if due else {}))
            for stem in (known or {}).keys() - wanted.keys():
                book.remove_notebook(stem, layout.assignment)
        for stem, one in wanted.items():
            if known is None or known.get(stem) != one.cells:
                tools.save_cells(config=tools.settings).preprocess(one.node, one.resources)
    return True
