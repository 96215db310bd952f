"""The built wheel, installed where the repository is not: what is in it, and that it grades a class."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from tests.conftest import ROOT, needs_bubblewrap
from tests.helpers import fresh
from tests.helpers.fresh import run
from tests.helpers.recipe import Carried, carried_out, instructions
from tests.helpers.small_course import ANSWERS, small_course

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel."""
    return fresh.wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def carried(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Carried:
    """What the container's recipe makes of the wheel: its steps, carried out in a new environment."""
    context = tmp_path_factory.mktemp("context")
    (context / "dist").mkdir()
    shutil.copy(wheel, context / "dist")
    shutil.copy(ROOT / "constraints.txt", context)
    return carried_out(tmp_path_factory.mktemp("container"), context)


@pytest.fixture(scope="module")
def installed(carried: Carried) -> Path:
    """The command of the environment in which the recipe installed the wheel and what it asks for, and nothing else."""
    return carried.root / "opt" / "autograder" / "bin" / "autograder"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with nothing but source_nbs/, release/ and the submissions of a class."""
    layout = small_course(tmp_path / "elsewhere")
    for kind in ("right", "wrong", "unwritten"):
        notebooks = released(layout.release)
        fill(notebooks, {**reference_answers(layout.source), **ANSWERS[kind]})
        write_submission(layout.submitted / kind / "vae", notebooks)
    shutil.rmtree(layout.course / "assignments")
    (layout.course / "nbgrader_config.py").unlink()
    return layout.course


def test_everything_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    """Every file of the package is in the wheel, style sheets and the sandbox's runtime too, and nothing else is."""
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "autograder").rglob("*") if path.is_file()}
    expected = {name for name in here if "__pycache__" not in name}
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert inside == expected
    assert {
        "autograder/output/feedback/style.css",
        "autograder/py.typed",
        "autograder/sandbox/confined/runner.py",
    } <= inside


def test_the_package_comes_from_the_wheel(installed: Path) -> None:
    """In the new environment the package is the installed one, and its version the wheel's."""
    code = "import autograder, importlib.metadata as m; print(autograder.__file__, m.version('vae-autograder'))"
    done = run(installed.parent / "python", "-c", code, folder=installed.parent)
    assert done.stdout.startswith(str(installed.parent.parent)), done.stdout + done.stderr


def test_the_container_holds_the_tested_versions(carried: Carried, installed: Path) -> None:
    """Whatever the recipe installs has the version of constraints.txt, none is without one, and an ordinary user runs it."""
    done = run(installed.parent / "python", "-m", "pip", "list", "--format=json", folder=carried.root)
    there = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in json.loads(done.stdout)}
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    own = {"vae-autograder", "pip", "setuptools"}
    assert {name: pinned.get(name) for name in there.keys() - own} == {name: there[name] for name in there.keys() - own}
    (made,) = carried.said["useradd"]
    told = dict(instructions())
    assert (told["USER"], told["ENTRYPOINT"]) == (made[-1], f'["{installed.name}"]')
    assert "0" not in made


def test_the_container_has_the_packages_that_the_tests_install(carried: Carried) -> None:
    """What the recipe takes from Debian, Python aside, is what .ci/run installs on a new machine."""
    wanted = [words[1:] for words in carried.said["apt-get"] if words[0] == "install"]
    packages = {word for words in wanted for word in words if not word.startswith("-")}
    assert {"bubblewrap", "python3-venv"} <= packages
    by_ci = re.findall(r"missing\+=\(([^)]+)\)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert packages - {"python3"} <= set(" ".join(by_ci).split())


@pytest.mark.parametrize("walls", [False, True], ids=["trusted", "sandboxed"])
def test_a_class_is_graded_from_a_folder_that_is_not_the_repository(installed: Path, course: Path, walls: bool) -> None:
    """source_nbs/, release/ and submitted/ are enough to grade, write pages, regrade and export; no settings are needed."""
    if walls:
        needs_bubblewrap()
    trusted = [] if walls else ["--no-sandbox"]
    done = run(installed, "grade", *trusted, folder=course)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (course / "results" / "vae.jsonl").read_text(encoding="utf-8").splitlines()]
    told = {one["student"]: (one["state"], one["score"]) for one in lines}
    most = lines[0]["max_score"]
    assert told["right"] == ("graded", most)
    assert {state for state, _ in told.values()} == {"graded"}
    assert 0 < told["wrong"][1] < most
    assert "assignment.toml" in done.stderr
    page = next((course / "feedback" / "wrong" / "vae").glob("*.html")).read_text(encoding="utf-8")
    assert "beta weighs the reconstruction" in page
    if walls:
        done = run(installed, "regrade", folder=course)
        assert "Nothing to grade again" in done.stderr
        return
    done = run(installed, "export", "--format", "csv", "--out", "grades.csv", folder=course)
    assert done.returncode == 0, done.stderr
    assert len((course / "grades.csv").read_text(encoding="utf-8").splitlines()) == 4
    done = run(installed, "report", folder=course)
    assert done.returncode == 0, done.stderr
    assert "<table" in (course / "report" / "index.html").read_text(encoding="utf-8")


def test_what_is_missing_is_named(installed: Path, course: Path) -> None:
    """Without built notebooks, or with no submissions, the command says which folder it looked for, and ends with 2."""
    shutil.rmtree(course / "submitted")
    done = run(installed, "grade", "--no-sandbox", folder=course)
    assert (done.returncode, "There is no folder" in done.stderr) == (2, True), done.stderr
    shutil.rmtree(course / "source_nbs")
    done = run(installed, "grade", "--no-sandbox", folder=course)
    assert (done.returncode, "is no course folder" in done.stderr) == (2, True), done.stderr
