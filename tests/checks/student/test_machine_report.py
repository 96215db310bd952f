"""`python -m checks` for programs: the JSON file, the result file of Classroom 50, and the workflow that uses them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.checks import __main__ as entry
from autograder.checks.exercise import Exercise, Problem
from autograder.checks.student import file_watcher, machine_report, notebook_file, terminal
from autograder.checks.verdict import Finding, Verdict
from autograder.course.layout import Layout
from tests.conftest import ROOT

NAME = "03_gaussian_kl.ipynb"
RUNNER = {
    "CLASSROOM": "ml",
    "ASSIGNMENT": "vae",
    "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/releases/1",
    "REVIEW_URL": "",
}

Asked = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def asked(committed: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Call the command with --json in this process, for a release of two notebooks; its exit code and the file."""
    folder = tmp_path / "vae"
    shutil.copytree(committed.release, folder, ignore=shutil.ignore_patterns("__pycache__", "images", "extras"))
    for path in folder.glob("*.ipynb"):
        if path.name not in (NAME, "05_latent_space.ipynb"):
            path.unlink()
    monkeypatch.setattr(entry, "FOLDER", folder)
    monkeypatch.chdir(folder)

    def call(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = entry.main([*arguments, "--brief", "--json", "out.json"])
        return code, json.loads(Path("out.json").read_text(encoding="utf-8"))

    return call


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks whose run says nothing of any exercise: for what does not depend on answers."""
    monkeypatch.setattr(terminal, "watch", lambda path, *_: notebook_file.read(path) and file_watcher.NotebookRun())


def documented() -> set[str]:
    """The fields that docs/ci.md names, without what stands before the last dot."""
    cells = re.findall(r"(?m)^\| (`.+?) \|", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"))
    return {name.rpartition(".")[2] for cell in cells for name in re.findall(r"`([a-z.\[\]]+)`", cell)}


def fields(value: Any) -> set[str]:
    """The names of all fields in a value, but for those within single checks."""
    if isinstance(value, list):
        return set().union(*map(fields, value))
    if isinstance(value, dict):
        return set(value).union(*(fields(one) for name, one in value.items() if name != "checks"))
    return set()


def test_the_file_says_what_the_terminal_says(asked: Asked, committed: Layout) -> None:
    """Exercises that hold, break by name, do not run or have no notebook are told apart, in fields that the document names."""
    notebooks = released(committed.release)
    mine = {"03_gaussian_kl": notebooks["03_gaussian_kl"]}
    wrong = "def beta_vae_loss(reconstruction, kl, beta=1.0):\n    return beta * reconstruction + kl"
    fill(mine, reference_answers(committed.source) | {"beta_vae_loss": wrong, "kl_weight": "1 / 0", "active_units": ""})
    write_submission(Path(), mine)
    code, told = asked(NAME)
    assert code == 1
    assert (told["schema"], told["checks"], told["error"], told["passed"]) == (1, "public", "", False)
    assert (told["hold"], told["exercises"]) == (3, len(reference_answers(committed.source)))
    assert fields(told) == documented()
    by_name = {one["name"]: one for one in told["notebooks"]}
    assert [name for name, one in by_name.items() if one["present"]] == [NAME]
    exercises = {one["name"]: one for one in by_name[NAME]["exercises"]}
    assert exercises["gaussian_kl"]["state"] == "holds"
    assert exercises["gaussian_kl"]["held"] == exercises["gaussian_kl"]["of"] > 1
    assert exercises["gaussian_kl"]["message"] == ""
    assert exercises["beta_vae_loss"]["state"] == "breaks"
    assert exercises["beta_vae_loss"]["message"].startswith("What must hold: With beta = 0")
    assert exercises["kl_weight"]["state"] == "breaks"
    assert exercises["kl_weight"]["message"] == "the answer cell does not run to its end"
    assert exercises["active_units"]["state"] == "not written"
    assert any("ZeroDivisionError" in note for note in by_name[NAME]["notes"])
    others = {one["state"] for name, book in by_name.items() if name != NAME for one in book["exercises"]}
    assert others == {"no notebook"}
    assert set(machine_report.STATES) == {one["state"] for book in told["notebooks"] for one in book["exercises"]}


def test_a_known_mistake_is_named() -> None:
    """The name of the mistake is a field of its own, and stands in the message."""
    problem = Problem("01_x", "X", (Exercise("one", 1.0, (), lambda _: "", (), "“Exercise 1”"),))
    finding = Finding("law", "It holds.", "breaks", mistake="off by one", says="Count from 0.")
    ran = file_watcher.NotebookRun(verdicts={"one": Verdict("one", (finding,))})
    told = machine_report.report([problem], {"01_x.ipynb": ran})
    (about,) = told["notebooks"][0]["exercises"]
    assert about["mistake"] == "off by one"
    assert "Likely mistake: off by one. Count from 0." in about["message"]
    assert not told["passed"]
    assert machine_report.report([problem], {"01_x.ipynb": file_watcher.NotebookRun()})["passed"] is False


def test_nothing_hidden_is_in_the_file(asked: Asked, instant: None) -> None:
    """What is written is known to students already: no points, and no check that is asked only when grading."""
    _, told = asked()
    assert not {"points", "hidden", "score"} & fields(told)


def test_nothing_to_check_is_said_in_the_file(asked: Asked) -> None:
    """Without notebooks the exit code is 2, and the file has the sentence."""
    for path in Path().glob("*.ipynb"):
        path.unlink()
    code, told = asked()
    assert code == 2
    assert "unzip the whole release" in told["error"]
    assert (told["passed"], told["exercises"], told["notebooks"]) == (False, 0, [])


def test_a_broken_notebook_is_in_the_file(asked: Asked, instant: None) -> None:
    """A file that is no notebook is told in its notes, and passes nothing."""
    Path(NAME).write_text("{", encoding="utf-8")
    code, told = asked()
    assert code == 1
    about = next(one for one in told["notebooks"] if one["name"] == NAME)
    assert "is no notebook (any more)" in about["notes"][0]
    assert {one["state"] for one in about["exercises"]} == {"breaks"}


def test_a_place_that_takes_no_file_is_refused(asked: Asked, instant: None, capsys: Any) -> None:
    """A folder in the file's place is named, and the exit code is 2."""
    Path("out").mkdir()
    assert entry.main(["--brief", "--json", "out"]) == 2
    assert "out cannot be written" in capsys.readouterr().err
    assert entry.main(["--brief", "--json", "no/out.json"]) == 2
    assert "no/out.json cannot be written" in capsys.readouterr().err


def test_a_classroom_gets_whole_numbers(asked: Asked, instant: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result of Classroom 50 keeps its contract: names from the runner, whole numbers that add up, exit code 0."""
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    code, _ = asked("--classroom50", "result.json")
    assert code == 0
    result = json.loads(Path("result.json").read_text(encoding="utf-8"))
    wanted = {"schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime"}
    assert set(result) == {*wanted, "score", "max-score", "tests"}
    assert result["schema"] == "classroom50/result/v1"
    assert (result["classroom"], result["assignment"], result["submission"]) == ("ml", "vae", "submit/1")
    assert result["review"] == RUNNER["COMMIT_URL"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"])
    for one in [result, *result["tests"]]:
        assert type(one["score"]) is type(one["max-score"]) is int
    assert result["max-score"] == len(result["tests"]) == sum(one["max-score"] for one in result["tests"])
    assert result["score"] == sum(one["score"] for one in result["tests"])
    assert all(type(one["passed"]) is bool and one["test-name"] for one in result["tests"])
    assert len({one["test-name"] for one in result["tests"]}) == len(result["tests"])


def test_the_time_of_a_classroom_is_that_of_the_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as the time of handing in does not change when the checks run again."""
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, "2026-06-01T14:32:01 +0000")
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "--quiet"], [*who, "commit", "--quiet", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *words], check=True)
    exercise = {"name": "a", "state": "holds", "message": ""}
    told = {"notebooks": [{"name": "01_x.ipynb", "exercises": [exercise, exercise | {"name": "b", "state": "breaks"}]}]}
    result = machine_report.classroom_result(told, RUNNER)
    assert result["datetime"] == "2026-06-01T14:32:01Z"
    assert (result["score"], result["max-score"]) == (1, 2)


def test_elsewhere_a_classroom_is_refused(asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Without the runner's names the command says which are missing, before it runs anything."""
    for name in RUNNER:
        monkeypatch.delenv(name, raising=False)
    assert entry.main(["--classroom50", "result.json"]) == 2
    told = capsys.readouterr()
    assert "here there is no CLASSROOM, ASSIGNMENT" in told.err
    assert told.out == ""
    assert not Path("result.json").exists()


def test_the_workflows_in_the_documents_can_be_used() -> None:
    """The commands of the files in docs/ci have options that there are; the workflow is YAML and asks for no rights."""
    yaml = pytest.importorskip("yaml")
    flow = yaml.safe_load((ROOT / "docs" / "ci" / "checks.yml").read_text(encoding="utf-8"))
    assert flow["permissions"] == {"contents": "read"}
    lines = [step["run"] for step in flow["jobs"]["checks"]["steps"] if "run" in step]
    assert [line for line in lines if line.startswith("python -m checks ")]
    for line in lines:
        words = shlex.split(line)
        if words[2] == "checks":
            assert entry.parser().parse_args(words[3:]).json == "checks.json"
    script = (ROOT / "docs" / "ci" / "autograder.py").read_text(encoding="utf-8")
    found = re.search(r'\*PYTHON, ("checks".+?)\]', script)
    assert found
    assert entry.parser().parse_args(json.loads(f"[{found[1]}]")[1:]).classroom50 == "result.json"
