"""A course that is not this repository: `tests/toy`, with an assignment and checks of its own, through the real commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder.course.layout import Layout
from tests.conftest import ROOT

ASSIGNMENT = "spread"


def toy_course(target: Path) -> Layout:
    """Copy the toy course into a folder of its own, not built."""
    shutil.copytree(ROOT / "tests" / "toy", target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", target)
    return Layout(target, ASSIGNMENT)


def run(layout: Layout, *words: str, module: str = "autograder") -> subprocess.CompletedProcess[str]:
    """Run a command in the course folder, in a process of its own that knows nothing else of this repository's place."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=layout.course,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def settings(layout: Layout, text: str) -> None:
    """Write the settings of the assignment."""
    (layout.texts / "assignment.toml").write_text(text, encoding="utf-8")


def cells(path: Path) -> dict[str, dict[str, Any]]:
    """The cells of a notebook by id, their source as one string."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell | {"source": "".join(cell["source"])} for cell in found}


def hand_in(layout: Layout, student: str, answers: dict[str, str] | None = None) -> None:
    """Hand in the reference answers, or the release with these answers."""
    folder = layout.submitted / student / layout.assignment
    shutil.copytree(layout.release if answers is not None else layout.source, folder)
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["id"] in (answers or {}):
                cell["source"] = (answers or {})[cell["id"]]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def results(layout: Layout) -> dict[str, dict[str, Any]]:
    """The results by student."""
    text = (layout.results / f"{layout.assignment}.jsonl").read_text(encoding="utf-8")
    return {one["student"]: one for one in map(json.loads, text.splitlines())}


def points(result: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Points and maximum by exercise."""
    return {one["name"]: (one["points"], one["max_points"]) for one in result["exercises"]}
