"""What cannot be had is refused by name; going without walls is said in every verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import write_submission
from autograder.grading.record import UNWALLED
from tests.hostile.attack import STEM
from tests.hostile.batch import ROOT, command, copy_course, environment, honest_notebook

NO_BWRAP = str(Path(sys.executable).parent)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one honest student."""
    made = copy_course(tmp_path / "course")
    write_submission(made / "submitted" / "someone" / "vae", {STEM: honest_notebook(made)})
    return made


def run(course: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command; `path` stands for PATH."""
    env = environment(**({"PATH": path} if path else {}))
    return subprocess.run(command(course, *arguments), env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def fake(folder: Path, script: str) -> str:
    """A PATH on which bwrap is this script."""
    folder.mkdir(mode=0o755)
    (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bwrap").chmod(0o755)
    return f"{folder}{os.pathsep}/usr/bin:/bin"


def test_without_bubblewrap_nothing_is_graded(course: Path) -> None:
    """No bubblewrap is a matter of the machine: exit code 1, one sentence that says what to install, no verdict."""
    ran = run(course, path=NO_BWRAP)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert "apt install bubblewrap" in ran.stderr
    assert "--no-sandbox" in ran.stderr
    assert not (course / "results" / "vae.jsonl").exists()
    assert not list(course.glob("feedback/**/*.html"))


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "user namespaces"),
        ("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1", "user namespaces"),
        ("exit 3", "did not start"),
    ],
)
def test_a_wall_that_cannot_be_raised_is_named(course: Path, tmp_path: Path, script: str, sentence: str) -> None:
    """Where namespaces are refused, grading is refused with what to allow; half a wall is never used."""
    tmp_path.chmod(0o755)
    ran = run(course, path=fake(tmp_path / "bin", script))
    assert ran.returncode == 1
    assert sentence in ran.stderr or "cannot reach" in ran.stderr
    assert "--no-sandbox" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (course / "results" / "vae.jsonl").exists()


def test_a_course_in_sight_of_submissions_is_refused(course: Path, tmp_path: Path) -> None:
    """An environment made in the course folder itself would show gradebook and submissions to all: refused by name."""
    inner = course / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(course)], check=True)
    site = next(course.glob("lib/python*/site-packages"))
    (site / "more.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")) + "\n")
    asked = [str(inner), *command(course)[1:]]
    ran = subprocess.run(asked, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "move the course folder elsewhere" in ran.stderr


def test_grading_without_walls_is_said_in_every_verdict(course: Path) -> None:
    """--no-sandbox works without bubblewrap, and every exercise's verdict, page and graded notebook says so."""
    ran = run(course, "--no-sandbox", path=NO_BWRAP)
    assert ran.returncode == 0, ran.stderr
    result = json.loads((course / "results" / "vae.jsonl").read_text(encoding="utf-8"))
    assert result["score"] == result["max_score"]
    for exercise in result["exercises"]:
        assert any(UNWALLED in check["message"] for check in exercise["checks"]), exercise["name"]
    for folder, name in (("feedback", f"{STEM}.html"), ("autograded", f"{STEM}.ipynb")):
        assert UNWALLED in (course / folder / "someone" / "vae" / name).read_text(encoding="utf-8")


def test_a_walled_verdict_does_not_stand_for_an_unwalled_one(course: Path) -> None:
    """The key of a verdict knows how it was isolated: with walls, what was graded without is graded again."""
    run(course, "--no-sandbox")
    unwalled = (course / "results" / "vae.jsonl").read_text(encoding="utf-8")
    ran = run(course)
    if ran.returncode == 1 and not os.environ.get("CI"):
        assert "Traceback" not in ran.stderr
        pytest.skip(f"needs bubblewrap: {ran.stderr}")
    walled = (course / "results" / "vae.jsonl").read_text(encoding="utf-8")
    assert json.loads(walled)["key"] != json.loads(unwalled)["key"]
    assert UNWALLED in unwalled
    assert UNWALLED not in walled
