"""nbgrader's own tools on what we leave, each driven for real: export, zip_collect, lateness; and how to delete all of it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released
from autograder.course.layout import Layout
from tests.conftest import ROOT
from tests.helpers.nbgrader_course import exported, graded, nbgrader, ours
from tests.helpers.small_course import (
    ANSWERS,
    STEM,
    commands,
    environment,
    events,
    hand_in,
    results,
    small_course,
    sql,
    states,
)

pytestmark = [pytest.mark.xdist_group("nbgrader"), pytest.mark.slow]

CANVAS = r".*/[^/_]+_(?:LATE_)?(?P<student_id>\d+)_\d+_(?:[^/]+/(?:.*/)?)?(?P<file_id>[^/]+?)(?:-\d+)?\.ipynb$"
MOODLE = r".*/[^/]+_(?P<student_id>\d+)_assignsubmission_file_/?(?:.*/)?(?P<file_id>[^/]+)\.ipynb$"

ILIAS = r".*/(?P<student_id>(?!vae/)[^/]+)/(?:vae/)?(?P<file_id>[^/]+)\.ipynb$"


@pytest.fixture
def course(tmp_path: Path) -> Layout:
    """A course of two quick exercises in which nobody has handed in."""
    return small_course(tmp_path / "course")


def notebook_of(layout: Layout, kind: str) -> str:
    """A submission of a kind as the text of its one notebook."""
    notebooks = released(layout.release)
    fill(notebooks, {**reference_answers(layout.source), **ANSWERS[kind]})
    return json.dumps(notebooks[STEM])


def collected(layout: Layout, name: str, files: dict[str, str | bytes], expression: str) -> None:
    """Put a downloaded zip into its place and let `nbgrader zip_collect` sort it into submitted/."""
    archive = layout.course / "downloaded" / "vae" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / name, "w") as packed:
        for path, content in files.items():
            packed.writestr(path, content)
    nbgrader(layout, "zip_collect", "vae", "--strict", f"--FileNameCollectorPlugin.named_regexp={expression}")


def test_canvas_downloads_are_collected_and_graded(course: Layout, tmp_path: Path) -> None:
    """Canvas's zip of submissions, late and handed in again ones and zips in it too, goes through zip_collect and grade."""
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr(f"vae/{STEM}.ipynb", notebook_of(course, "unwritten"))
    files: dict[str, str | bytes] = {
        f"nunezzoe_101_5001_{STEM}.ipynb": notebook_of(course, "right"),
        f"smithann_LATE_102_5002_{STEM}-1.ipynb": notebook_of(course, "wrong"),
        "awayal_103_5003_vae.zip": inner.read_bytes(),
        "odd_104_5004_essay.txt": "not a notebook",
    }
    collected(course, "submissions.zip", files, CANVAS)
    assert sorted(path.name for path in course.submitted.iterdir()) == ["101", "102", "103"]
    graded(course)
    told = states(course)
    assert {name: state for name, (state, _) in told.items()} == dict.fromkeys(("101", "102", "103"), "graded")
    assert told["101"][1] > told["102"][1] > 0
    assert told["101"][1] > told["103"][1] > 0


def test_moodle_downloads_are_collected_and_graded(course: Layout, tmp_path: Path) -> None:
    """Moodle's zip of folders goes through zip_collect and grade, and its worksheet takes the points by the same numbers."""
    where = "{}_{}_assignsubmission_file_"
    files: dict[str, str | bytes] = {
        f"{where.format('Zoë Núñez', 301)}/{STEM}.ipynb": notebook_of(course, "right"),
        f"{where.format('Ann_Marie O’Neil', 302)}/{STEM}.ipynb": notebook_of(course, "wrong"),
        f"{where.format('Al Away', 303)}{STEM}.ipynb": notebook_of(course, "unwritten"),
    }
    collected(course, "Course-VAE-77.zip", files, MOODLE)
    assert sorted(path.name for path in course.submitted.iterdir()) == ["301", "302", "303"]
    graded(course)
    told = states(course)
    most = results(course)["301"]["max_score"]
    assert told["301"] == ("graded", most)
    sheet = tmp_path / "Grades.csv"
    lines = [f"Participant {number},Somebody,,{most:.2f},Yes,-,-" for number in (301, 302, 303, 304)]
    header = (
        "Identifier,Full name,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade)"
    )
    sheet.write_text("\n".join([header, *lines, ""]))
    out = tmp_path / "filled.csv"
    line = ("export", "--format", "moodle", "--from", str(sheet), "--out", str(out))
    done = commands().run(*line, course=course)
    assert done.returncode == 0, done.stderr
    with out.open() as handle:
        filled = {row["Identifier"]: row["Grade"] for row in csv.DictReader(handle)}
    assert {name: float(grade) for name, grade in filled.items() if grade} == {
        f"Participant {name}": pytest.approx(score, abs=0.005) for name, (_, score) in told.items()
    }
    assert filled["Participant 304"] == ""


def test_ilias_downloads_are_collected_and_graded(course: Layout) -> None:
    """A zip of one folder a participant, the notebooks in it or in a folder `vae` below, goes through zip_collect and grade."""
    files: dict[str, str | bytes] = {
        f"Exercise 1/Núñez_Zoë_znunez_301/{STEM}.ipynb": notebook_of(course, "right"),
        f"Exercise 1/Smith_Ann_asmith_302/vae/{STEM}.ipynb": notebook_of(course, "wrong"),
    }
    collected(course, "exercise.zip", files, ILIAS)
    assert sorted(path.name for path in course.submitted.iterdir()) == ["Núñez_Zoë_znunez_301", "Smith_Ann_asmith_302"]
    graded(course)
    assert {name: state for name, (state, _) in states(course).items()} == {
        "Núñez_Zoë_znunez_301": "graded",
        "Smith_Ann_asmith_302": "graded",
    }


PLUGIN = """
from nbgrader.plugins import BasePlugin


class TenPercentADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * 0.1 * (1 + total_seconds_late // 86400)
"""


def test_late_submissions_cost_what_the_plug_in_says(course: Layout) -> None:
    """A due date in the gradebook, times of handing in, extensions and nbgrader's plug-ins give nbgrader's penalties."""
    times = {
        "early": "2026-02-28 23:00:00 UTC",
        "late": "2026-03-02 12:30:00 UTC",
        "extended": "2026-03-02 12:00:00 UTC",
    }
    for student, time in times.items():
        hand_in(course, student)
        (course.submitted / student / "vae" / "timestamp.txt").write_text(f"{time}\n")
    hand_in(course, "timeless")
    graded(course)
    most = results(course)["early"]["max_score"]
    nbgrader(course, "db", "assignment", "add", "vae", "--duedate=2026-03-01 12:00:00 UTC")
    sql(
        course, "update submitted_assignment set extension = '1970-01-04 00:00:00.000000' where student_id = 'extended'"
    )
    (course.course / "lateness.py").write_text(PLUGIN)
    with (course.course / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.AssignLatePenalties.plugin_class = 'lateness.TenPercentADay'\n")
    graded(course)
    theirs, told = exported(course), ours(course)
    expected = {"early": 0.0, "late": pytest.approx(0.2 * most), "extended": 0.0, "timeless": 0.0}
    assert {name: float(row["late_submission_penalty"]) for name, row in theirs.items()} == expected
    assert {name: float(row["late_penalty"]) for name, row in told.items()} == expected
    for rows in (theirs, told):
        assert float(rows["late"]["score"]) == pytest.approx(0.8 * most)
    assert float(theirs["late"]["raw_score"]) == most


def test_a_student_can_be_deleted(course: Layout) -> None:
    """After the commands of docs/grader.md no file of the course folder has a trace of the student, and the rest is as before."""
    for student in ("jdoe", "other"):
        hand_in(course, student)
    graded(course)
    before = states(course)["other"]
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    section = text.partition("To delete one student, here `jdoe`:\n\n<!-- run -->\n```console\n")[2].partition("```")[0]
    *lines, last = (line.removeprefix("$ ") for line in section.strip().splitlines())
    assert last == "autograder grade"
    for line in lines:
        line = line.replace("nbgrader ", f"{sys.executable} -m nbgrader ").replace("python -c", f"{sys.executable} -c")
        done = subprocess.run(line, shell=True, cwd=course.course, env=environment(), capture_output=True, timeout=600)
        assert done.returncode == 0, (line, done.stderr)
    graded(course)
    traces = [path for path in course.course.rglob("*") if path.is_file() and b"jdoe" in path.read_bytes()]
    assert traces == []
    assert not any("jdoe" in str(path) for path in course.course.rglob("*"))
    assert states(course) == {"other": before}


def test_the_exchange_brings_out_and_home(course: Layout, tmp_path: Path) -> None:
    """What is released by nbgrader's exchange is fetched with all its files, handed in, collected, and graded."""
    exchange, student = tmp_path / "exchange", tmp_path / "student"
    for folder in (exchange, student):
        folder.mkdir()
    exchange.chmod(0o777)
    there = (f"--Exchange.root={exchange}", "--CourseDirectory.course_id=variational-autoencoders")
    cache = f"--Exchange.cache={tmp_path / 'cache'}"
    (course.release / "data").mkdir()
    (course.release / "data" / "digits.txt").write_text("1 2 3")
    nbgrader(course, "release_assignment", "vae", *there, cache)
    at_home = replace(course, course=student)
    nbgrader(at_home, "fetch_assignment", "vae", *there, cache)
    assert (student / "vae" / "data" / "digits.txt").read_text() == "1 2 3"
    (student / "vae" / f"{STEM}.ipynb").write_text(notebook_of(course, "wrong"), encoding="utf-8")
    nbgrader(at_home, "submit", "vae", *there, cache)
    nbgrader(course, "collect", "vae", *there, cache)
    (name,) = (path.name for path in course.submitted.iterdir())
    assert (course.submitted / name / "vae" / "timestamp.txt").is_file()
    graded(course)
    assert states(course)[name] == ("graded", 3)


@pytest.mark.parametrize("expression", [CANVAS, MOODLE])
def test_the_documented_expressions_are_those_tested(expression: str) -> None:
    """What docs/grader.md says to type for downloads of Canvas and Moodle is what is tested here."""
    assert f"named_regexp='{expression}'" in (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")


def test_a_due_date_in_our_settings_is_nbgraders(course: Layout) -> None:
    """A due date put into assignment.toml after grading reaches the gradebook with the next run, which grades nothing anew."""
    hand_in(course, "late")
    (course.submitted / "late" / "vae" / "timestamp.txt").write_text("2026-03-02 12:30:00 UTC\n")
    with (course.course / "nbgrader_config.py").open("a") as settings:
        settings.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    graded(course)
    assert ours(course)["late"]["late_penalty"] == "0"
    path = course.texts / "assignment.toml"
    path.write_text(f"due = 2026-03-01T13:00:00+01:00\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    before = len(events(course))
    graded(course)
    assert len(events(course)) == before
    assert sql(course, "select duedate from assignment")[0][0].startswith("2026-03-01 12:00:00")
    assert ours(course)["late"]["score"] == "0"
