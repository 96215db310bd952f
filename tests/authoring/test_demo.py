"""The invented class: every kind of submission, graded as its README says it is."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from autograder import cli
from autograder.authoring import demo
from autograder.course.layout import Layout
from autograder.files import scratch


@pytest.mark.slow
def test_the_demo_shows_the_whole_life_of_an_assignment(course: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    """`autograder demo` grades 24 invented submissions as they are described, and every page it names is there."""
    mine = course.submitted / "real-student" / "vae"
    mine.mkdir(parents=True)
    assert cli.main(["demo", "--course", str(course.course), "--jobs", "2"]) == 0
    said = capsys.readouterr().out
    there = Layout(course.course / "demo", "vae")
    results = {
        result["student"]: result
        for result in map(json.loads, (there.results / "vae.jsonl").read_text(encoding="utf-8").splitlines())
    }
    described = [
        line.strip("|\n ").split(" | ")
        for line in (there.submitted / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| s")
    ][1:]
    assert len(described) == len(results) == 24
    for student, about in described:
        result = results[student]
        full = result["score"] == result["max_score"]
        if about == "the reference solutions" or about.startswith("right, written another way"):
            assert (result["state"], full) == ("graded", True), (student, about)
        elif ": " in about:
            named = {check["mistake"] for exercise in result["exercises"] for check in exercise["checks"]}
            for part in about.split("; "):
                assert part.split(": ", 1)[1] in named, (student, about)
            assert not full
    states = [results[student]["state"] for student, _ in described]
    assert states[16:] == ["malformed", "graded", "graded", "graded", "graded", "missing", "timeout", "crashed"]
    for line in said.splitlines():
        words = line.strip().rpartition(": ")
        if words[2].startswith(str(course.course)) and words[2].endswith((".html", ".ipynb", ".md", ".db")):
            assert Path(words[2]).is_file(), line
    assert list(mine.iterdir()) == []
    assert not (course.course / "results").exists()


def test_without_bubblewrap_the_demo_says_so(committed: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no walls to be had, the demo says why and goes on with what it made itself."""
    monkeypatch.setenv("PATH", "/nonexistent")
    said = StringIO()
    assert demo._walls(committed, Console(file=said, width=200)) is False
    assert "bubblewrap" in said.getvalue()
    assert "grades only what it made itself" in said.getvalue()


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder demo/ that the demo did not make is not emptied; one that it made is."""
    folder = tmp_path / "demo"
    folder.mkdir()
    scratch.fresh_folder(folder)
    assert (folder / scratch.MARK).is_file()
    (folder / "old").write_text("from the last run")
    scratch.fresh_folder(folder)
    assert [path.name for path in folder.iterdir()] == [scratch.MARK]
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="was not made by this command: move it away"):
        scratch.fresh_folder(theirs)
    assert (theirs / "notes.txt").read_text() == "mine"
