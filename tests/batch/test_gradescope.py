"""`autograder bundle gradescope`: unpacked and run as Gradescope's documents say, its results held against their rules."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.batch.gradescope import BundleError, bundle
from autograder.batch.gradescope import run as runner
from autograder.batch.gradescope.results import failure, results
from autograder.batch.gradescope.wheel import NoMetadata, wheel
from autograder.checks.asking import plan_of
from autograder.checks.verdict import Finding, Verdict
from autograder.cli import main
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.course.settings import load_config
from autograder.grading.record import CellRecord, NotebookRecord, Record
from autograder.problems import CourseCache, examination, use_built_numbers, use_cache
from autograder.problems.examination import work_out
from autograder.sandbox import Infrastructure, Refused
from tests.conftest import ROOT, needs_bubblewrap
from tests.helpers.small_course import ANSWERS, KEPT, STEM, small_course

TOP = {
    "score",
    "execution_time",
    "output",
    "output_format",
    "test_output_format",
    "test_name_format",
    "visibility",
    "stdout_visibility",
    "extra_data",
    "tests",
    "leaderboard",
}
TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"}
TEST |= {"visibility", "extra_data"}
VISIBLE = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
METADATA = {
    "id": 1,
    "created_at": "2026-12-01T10:00:00.000000-08:00",
    "assignment": {"due_date": "2026-12-02T10:00:00.000000-08:00", "total_points": "4.0", "title": "VAE"},
    "users": [{"email": "ann@example.org", "id": 7, "name": "Ann"}],
    "previous_submissions": [],
}


def must_keep_the_rules(told: dict[str, Any]) -> None:
    """Hold a results.json against the specification (gradescope-autograders.readthedocs.io)."""
    assert set(told) <= TOP
    assert "score" in told or all("score" in test for test in told["tests"])
    for name in ("output_format", "test_output_format", "test_name_format"):
        assert told.get(name, "text") in FORMATS
    assert told.get("visibility", "visible") in VISIBLE
    assert told.get("stdout_visibility", "visible") in VISIBLE
    for test in told.get("tests", ()):
        assert set(test) <= TEST
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in VISIBLE
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["name"], str)
        assert isinstance(test["output"], str)
        assert "\r" not in test["output"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A course of two quick exercises."""
    return small_course(tmp_path_factory.mktemp("gradescope") / "course")


@pytest.fixture(scope="module")
def archive(course: Layout) -> Path:
    """The zip file made of it, by the command."""
    out = course.course / "made.zip"
    assert main(["bundle", "gradescope", "--course", str(course.course), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def image(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/autograder as Gradescope's image has it, and beside it what setup.sh would install: the wheel, and this Python."""
    root = tmp_path_factory.mktemp("image")
    unpack(archive, root / "autograder" / "source")
    shutil.copy(root / "autograder" / "source" / "run_autograder", root / "autograder")
    unpack(next((root / "autograder" / "source").glob("*.whl")), root / "site")
    python = root / "home" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{root / "site"}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return root


def unpack(archive: Path, target: Path) -> None:
    """Unzip as Info-ZIP does: rights are kept."""
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            path = Path(packed.extract(info, target))
            path.chmod(info.external_attr >> 16 & 0o777)


@pytest.fixture(autouse=True)
def _nothing_drawn_before() -> Iterator[None]:
    """Other tests work out for themselves."""
    yield
    use_cache(None)
    examination.cache_clear()


Submitted = Callable[..., tuple[dict[str, Any], subprocess.CompletedProcess[str]]]


@pytest.fixture
def submit(image: Path, course: Layout, tmp_path: Path) -> Submitted:
    """Run the autograder on a submission of a kind, or on files, in a copy of /autograder; results.json and the process.

    With `here` it is what the script runs that is called, in this process: that is quicker.
    """

    def submitted(kind: str = "", files: dict[str, str] | None = None, *, here: bool = False, **more: str) -> Any:
        root = tmp_path / "autograder"
        shutil.copytree(image / "autograder", root)
        (root / "submission").mkdir()
        (root / "submission_metadata.json").write_text(json.dumps(METADATA))
        for name, text in (files or {}).items():
            (root / "submission" / name).write_text(text)
        if kind:
            notebooks = released(course.release)
            fill(notebooks, {**reference_answers(course.source), **ANSWERS[kind]})
            write_submission(root / "submission", notebooks)
        if here:
            assert runner.main(root) == 0
            told = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
            must_keep_the_rules(told)
            return told, None
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        where = {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_HOME": str(image / "home"), **more}
        done = subprocess.run(
            [str(root / "run_autograder")],
            cwd=root,
            env={**kept, **where},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        told = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
        assert done.returncode == 0
        must_keep_the_rules(told)
        return told, done

    return submitted


def test_what_gradescope_wants_is_in_the_zip(archive: Path, course: Layout) -> None:
    """Both scripts stand at the root and can be run, with line ends of Unix; the same course gives the same bytes."""
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        for script in ("setup.sh", "run_autograder"):
            assert packed.read(script).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in packed.read(script)
            assert packed.getinfo(script).external_attr >> 16 & 0o111
        versions = packed.read("constraints.txt").decode()
        assert all("==" in line for line in versions.splitlines() if line and not line.startswith("#"))
        assert "\nnumpy==" in versions
    assert sum(name.endswith(".whl") for name in names) == 1
    assert f"course/source_nbs/vae/{STEM}.ipynb" in names
    assert "course/assignments/vae/assignment.toml" in names
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
    before = archive.read_bytes()
    bundle(course, archive)
    assert archive.read_bytes() == before
    assert archive.stat().st_size < 100 * 2**20


def test_the_wheel_can_be_installed() -> None:
    """Every file of the package is in it with its hash, so that pip takes it, and its metadata name what it needs."""
    name, content = wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        inside = set(packed.namelist())
        (record,) = [one for one in inside if one.endswith(".dist-info/RECORD")]
        listed = {line.split(",")[0] for line in packed.read(record).decode().splitlines()}
        about = packed.read(record.replace("RECORD", "METADATA")).decode()
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "autograder").rglob("*") if path.is_file()}
    assert {one for one in inside if ".dist-info/" not in one} == {one for one in here if "__pycache__" not in one}
    assert listed == inside
    assert "Requires-Dist: numpy" in about
    assert name.startswith("vae_autograder-")
    assert name.endswith("-py3-none-any.whl")


def test_a_checkout_installed_in_place_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the folder of an editable install is found first, the wheel names what the package needs all the same."""
    left = tmp_path / "vae_autograder.egg-info"
    left.mkdir()
    about = "Metadata-Version: 2.1\nName: vae-autograder\nVersion: 0.1.0\nRequires-Dist: numpy>=2\n"
    (left / "PKG-INFO").write_text(about, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with zipfile.ZipFile(io.BytesIO(wheel()[1])) as packed:
        (name,) = [one for one in packed.namelist() if one.endswith(".dist-info/METADATA")]
        assert packed.read(name).decode() == about


def test_without_metadata_there_is_no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that nobody installed does not say what it needs."""
    monkeypatch.setattr("autograder.batch.gradescope.wheel.NAME", "nobody-has-this")
    with pytest.raises(NoMetadata, match="pip install it"):
        wheel()


def test_a_right_submission_gets_all_points(submit: Submitted, image: Path) -> None:
    """One test for each exercise and one for what is asked when grading; the total is that of the exercises."""
    needs_bubblewrap()
    told, _ = submit("right")
    by_name = {test["name"]: test for test in told["tests"]}
    assert set(by_name) == {f"{STEM}: {name}{part}" for name in KEPT for part in ("", " (asked when grading)")}
    assert sum(test["score"] for test in told["tests"]) == sum(test["max_score"] for test in told["tests"]) == 4
    assert {test["status"] for test in told["tests"]} == {"passed"}
    for name, test in by_name.items():
        assert test["visibility"] == ("after_published" if name.endswith("grading)") else "visible")
    assert told["extra_data"]["state"] == "graded"
    assert told["extra_data"]["isolation"] in ("namespaces", "bubblewrap+landlock", "landlock")
    assert "score" not in told
    assert told["execution_time"] > 0
    assert "ann@example.org" not in json.dumps(told)


def test_a_wrong_one_is_told_what_to_mend(submit: Submitted) -> None:
    """Points are those of `autograder grade`; what breaks stands in a line, the mistake where its check is shown."""
    needs_bubblewrap()
    told, _ = submit("wrong")
    by_name = {test["name"]: test for test in told["tests"]}
    public, hidden = (by_name[f"{STEM}: beta_vae_loss{part}"] for part in ("", " (asked when grading)"))
    assert public["status"] == "failed"
    assert "✗ breaks" in public["output"]
    assert "beta weighs the reconstruction" in public["output"]
    assert "To mend first" not in hidden["output"]
    assert public["score"] + hidden["score"] < 1
    assert by_name[f"{STEM}: kl_weight"]["status"] == "passed"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, "missing"),
        ({f"{STEM}.ipynb": "{"}, "malformed"),
        ({"essay.txt": "words"}, "missing"),
    ],
)
def test_whatever_is_handed_in_there_is_a_result(submit: Submitted, files: dict[str, str], state: str) -> None:
    """Nothing, a damaged notebook, another file: no points, every exercise listed, and the reason."""
    needs_bubblewrap()
    told, _ = submit(files=files, here=True)
    assert told["extra_data"]["state"] == state
    assert sum(test["score"] for test in told["tests"]) == 0
    assert sum(test["max_score"] for test in told["tests"]) == 4
    assert STEM in told["output"].replace("\\", "")


def test_a_submission_that_ends_its_process_keeps_the_rest(submit: Submitted) -> None:
    """What it does to itself costs its own points alone."""
    needs_bubblewrap()
    told, _ = submit("crash", here=True)
    assert told["extra_data"]["state"] == "crashed"
    points = {test["name"]: test["score"] for test in told["tests"]}
    assert sum(value for name, value in points.items() if "beta_vae_loss" in name) == 1
    assert sum(value for name, value in points.items() if "kl_weight" in name) == 0


def test_without_python_there_is_a_result(submit: Submitted) -> None:
    """Where nothing of ours can run, the file says that it is not the student's fault."""
    told, done = submit("", AUTOGRADER_HOME="/nowhere")
    assert "This says nothing about your submission" in told["output"]
    assert told["score"] == 0
    assert "exit code 127" in done.stdout


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Refused("no walls"), "could not confine"),
        (Infrastructure("gone"), "The machine failed"),
        (ZeroDivisionError("ours"), "has a fault"),
    ],
)
def test_faults_on_our_side_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, error: Exception, words: str
) -> None:
    """Students read whose fault it is; the details are on standard output, which is the instructors' alone."""

    def fails(_: Path) -> Record:
        raise error

    monkeypatch.setattr(runner, "_graded", fails)
    assert runner.main(tmp_path) == 1
    told = json.loads((tmp_path / "results" / "results.json").read_text())
    must_keep_the_rules(told)
    assert words in told["output"]
    assert str(error) not in told["output"]
    assert str(error) in capsys.readouterr().out


def test_nothing_is_worked_out_again(course: Layout, image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inputs that travel in the zip are those that `autograder grade` asks, and known mistakes have answered them."""
    config = load_config(course)
    use_built_numbers(course.source, config)
    (source,) = load_sources(course.source)
    fresh = {name: examination(source.stem, name, config.seed) for name in KEPT}
    examination.cache_clear()
    about = json.loads((image / "autograder" / "source" / "about.json").read_text())
    use_cache(CourseCache(image / "autograder" / "source" / "cache", about["key"]))
    monkeypatch.setattr(CourseCache, "store", lambda *_: pytest.fail("something was not in the zip"))
    for name in KEPT:
        work_out(source.stem, name, config.seed)
        read = examination(source.stem, name, config.seed)
        assert read is not fresh[name]
        assert repr(plan_of(read.exercise, read.bank)) == repr(plan_of(fresh[name].exercise, fresh[name].bank))


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_a_submission_waits_for_nothing_that_was_worked_out_before(
    submit: Submitted, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """No example is drawn, no known mistake is asked, whether the submission is right or is to be told what is wrong with it."""
    needs_bubblewrap()
    examination.cache_clear()
    # By its module's name: the package gives that name to the function in it.
    module = sys.modules[examination.__module__]
    for name in ("drawn_for", "answers_of"):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("worked out again"))
    told, _ = submit(kind, here=True)
    assert told["extra_data"]["state"] == "graded"
    assert ("beta weighs the reconstruction" in json.dumps(told)) == (kind == "wrong")


def test_no_more_is_loaded_than_grading_takes(submit: Submitted) -> None:
    """Neither nbgrader, its database, Jupyter nor matplotlib is imported for a submission, and nothing of what runs a batch."""
    needs_bubblewrap()
    told, done = submit("right", PYTHONPROFILEIMPORTTIME="1")
    assert told["extra_data"]["state"] == "graded"
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert {"numpy", "autograder.grading.examiner"} <= loaded
    heavy = {"nbgrader", "sqlalchemy", "nbformat", "jupytext", "IPython", "matplotlib", "rich", "scipy", "distributed"}
    assert not {name for name in loaded if name.partition(".")[0] in heavy}
    assert not {"autograder.batch.run", "autograder.output.gradebook", "autograder.authoring"} & loaded


EVIL = "x`y ```` <b>&amp; [a](javascript:1) \x1b[31m\nnext"


def test_a_students_text_is_no_markup() -> None:
    """What came from code stands in a fence longer than any in it; sentences with such text are escaped."""
    broken = Finding("law", "It `holds`.", "breaks", example=EVIL, returned=EVIL, mistake="off by one", says="Count.")
    kept = Finding("hidden law", "It is right.", "holds", True, 1.0, 1.0)
    cells = (CellRecord("answer", "one", "x"),)
    book = NotebookRecord("01_x", True, (EVIL,), cells, (Verdict("one", (broken, kept)),), written={"a": "b"})
    told = results(Record("s", "vae", "graded", "key", (book,), isolation="none"), 1.234)
    must_keep_the_rules(told)
    public, hidden = told["tests"]
    assert "`````\nx`y ````" in public["output"]
    assert "Likely mistake: off by one. Count." in public["output"]
    assert "\x1b" not in json.dumps(told, ensure_ascii=False)
    assert "\\<b\\>" in told["output"]
    assert "\\[a\\](javascript" in told["output"]
    assert "Answers in words are graded by a person" in told["output"]
    assert "without the sandbox" in told["output"]
    assert hidden["score"] == 1
    assert told["execution_time"] == 1.23
    must_keep_the_rules(failure("x" * 10_000))


def test_what_cannot_be_bundled_is_refused(course: Layout, tmp_path: Path) -> None:
    """No zip file's name, no settings, other numbers than those built: each is named with what to do."""
    for out in (tmp_path / "x.tar", tmp_path / "no" / "x.zip"):
        with pytest.raises(BundleError, match="must be the name of a zip file"):
            bundle(course, out)
    copy = Layout(shutil.copytree(course.course, tmp_path / "copy"), "vae")
    toml = copy.texts / "assignment.toml"
    (copy.source / "data").mkdir(exist_ok=True)
    shutil.copy(ROOT / "source_nbs" / "vae" / "data" / "own_numbers.json", copy.source / "data")
    with pytest.raises(BundleError, match="run `autograder build` first"):
        bundle(copy, tmp_path / "x.zip")
    (copy.source / "data" / "own_numbers.json").unlink()
    said = toml.read_text(encoding="utf-8")
    name = next(iter(load_sources(copy.source)[0].points))
    toml.write_text(f"{said}\n[points]\n{name} = 97\n", encoding="utf-8")
    with pytest.raises(BundleError, match=f"do not follow assignment.toml in {name}: run `autograder build` first"):
        bundle(copy, tmp_path / "x.zip")
    toml.unlink()
    with pytest.raises(BundleError, match="seed 0, which everybody can know"):
        bundle(copy, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
    (course.course / "constraints.txt").write_text("numpy==2.0\n")
    try:
        bundle(course, tmp_path / "x.zip")
        with zipfile.ZipFile(tmp_path / "x.zip") as packed:
            assert packed.read("constraints.txt") == b"numpy==2.0\n"
    finally:
        (course.course / "constraints.txt").unlink()


def test_the_documented_commands(course: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of docs/grader.md run as they stand there, and each writes a zip file."""
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ autograder bundle")]
    monkeypatch.chdir(course.course)
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, line
    for name, walls in (("gradescope_vae.zip", ""), ("autograder.zip", "landlock")):
        with zipfile.ZipFile(name) as packed:
            assert json.loads(packed.read("about.json"))["walls"] == walls
        Path(name).unlink()
