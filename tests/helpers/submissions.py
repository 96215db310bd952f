"""A submission of the reference solutions, changed, graded, and asked what it lost and what was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grading.record import Record

STEM = "03_gaussian_kl"
Notebooks = dict[str, dict[str, Any]]
Change = Callable[[Path, Notebooks], None]
Grade = Callable[[Change], Record]


def lost(record: Record) -> dict[str, float]:
    """Points lost by exercise."""
    return {
        verdict.exercise: verdict.max_points - verdict.points
        for notebook in record.notebooks
        for verdict in notebook.verdicts
        if verdict.points != verdict.max_points
    }


def said(record: Record) -> str:
    """All sentences about what was odd."""
    return " ".join([*record.notes, *(note for one in record.notebooks for note in one.notes)])


def exercises(record: Record, stem: str) -> set[str]:
    return {verdict.exercise for one in record.notebooks if one.stem == stem for verdict in one.verdicts}


def cells(notebooks: Notebooks, stem: str = STEM) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = notebooks[stem]["cells"]
    return found


def place(notebooks: Notebooks, grade_id: str) -> int:
    return next(
        index
        for index, cell in enumerate(cells(notebooks))
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
