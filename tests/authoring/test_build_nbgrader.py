"""Plain nbgrader in a built course folder: the same release, and grades that odd notebooks do not spoil."""

from __future__ import annotations

import copy
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.builder import build

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
REGISTRY = runpy.run_path(str(FIXTURES / "course" / "registry.py"))
Cell = dict[str, Any]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a copy of the fixture course, built."""
    folder = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    build(folder, "tiny", load=REGISTRY["load"], tables=REGISTRY["tables"], checks=FIXTURES / "checks")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def nbgrader(course: Path, *words: str) -> None:
    """Run a plain nbgrader command in a course folder, with the stand-in of `autograder` on the path."""
    packages = course.parent / "packages"
    packages.mkdir(exist_ok=True)
    shutil.copy(FIXTURES / "stub_autograder.py", packages / "autograder.py")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "nbgrader", *words]
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(packages)}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


def submit(course: Path, student: str, step: str, change: Callable[[list[Cell]], list[Cell]]) -> None:
    """Hand in the second notebook, from the source (without its hidden tests) or the release, changed."""
    notebook = json.loads((course / step / "tiny" / "02_bell.ipynb").read_text(encoding="utf-8"))
    for one in notebook["cells"]:
        one["source"] = re.sub(r"\n### BEGIN HIDDEN.*", "", "".join(one["source"]), flags=re.DOTALL)
    notebook["cells"] = change(notebook["cells"])
    folder = course / "submitted" / student / "tiny"
    folder.mkdir(parents=True)
    (folder / "02_bell.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_plain_generate_assignment_makes_the_same_release(course: Path) -> None:
    """An instructor who only knows nbgrader gets the committed release, byte by byte."""
    built = tree(course / "release")
    shutil.rmtree(course / "release")
    nbgrader(course, "generate_assignment", "tiny")
    assert tree(course / "release") == built


@pytest.mark.slow
def test_plain_autograde_survives_odd_submissions(course: Path) -> None:
    """Deleted, doubled, outdated and tagged cells cost what they make impossible, and never another student's grade."""
    nbgrader(course, "generate_assignment", "tiny", "--force")

    def deleted(made: list[Cell]) -> list[Cell]:
        gone = ("bell_imports", "test_square", "bell", "test_bell")
        return [one for one in made if one["id"] not in gone]

    def doubled(made: list[Cell]) -> list[Cell]:
        graded = [one for one in made if "nbgrader" in one["metadata"]]
        twice = [copy.deepcopy(one) | {"id": f"copy-{at}"} for at, one in enumerate(graded)]
        for one in twice[:2]:
            one["metadata"]["nbgrader"]["schema_version"] = 1
        return made + twice

    def tagged(made: list[Cell]) -> list[Cell]:
        for one in made:
            one["metadata"]["tags"] = ["skip-execution"]
        return made

    submit(course, "a-deleted", "source_nbs", deleted)
    submit(course, "b-doubled", "source_nbs", doubled)
    submit(course, "c-tagged", "release", tagged)
    nbgrader(course, "autograde", "tiny")
    nbgrader(course, "export")
    rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()[1:]]
    assert [(row[3], float(row[-2])) for row in rows] == [("a-deleted", 2.0), ("b-doubled", 5.5), ("c-tagged", 0.0)]
