"""A small course on which nbgrader's own programs are run: for tests of what they make of ours."""

from __future__ import annotations

import csv
import subprocess
import sys

from autograder.course.layout import Layout
from tests.helpers.small_course import commands, environment, grade


def nbgrader(layout: Layout, *arguments: str) -> str:
    """Run nbgrader in the course folder as a lecturer does; returns all that it said."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=layout.course, env=environment(), capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def exported(layout: Layout) -> dict[str, dict[str, str]]:
    """What `nbgrader export` writes, by student."""
    nbgrader(layout, "export", "--to", "grades.csv")
    with (layout.course / "grades.csv").open(encoding="utf-8") as handle:
        return {row["student_id"]: row for row in csv.DictReader(handle)}


def ours(layout: Layout) -> dict[str, dict[str, str]]:
    """What `autograder export` writes, by student."""
    out = layout.course / "ours.csv"
    done = commands().run("export", "--format", "csv", "--out", str(out), course=layout)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8") as handle:
        return {row["student"]: row for row in csv.DictReader(handle)}


def graded(layout: Layout, *arguments: str) -> None:
    """Grade, and see to it that it went well."""
    done = grade(layout, *arguments)
    assert done.returncode == 0, done.stderr
