"""`autograder verify`: it keeps quiet about a sound course, and names the place and the command when a promise is broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import cli, verify
from autograder.layout import Layout
from autograder.notebooks import load_sources
from autograder.specimens import reference_answers


def only(monkeypatch: pytest.MonkeyPatch, promise: Callable[..., object]) -> None:
    """Check one promise alone."""
    kept = tuple(one for one in verify.PROMISES if one[1] is promise)
    assert kept
    monkeypatch.setattr(verify, "PROMISES", kept)


def run(course: Layout, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    load_sources.cache_clear()
    code = cli.main(["verify", "--course", str(course.course)])
    return code, capsys.readouterr().out


def test_every_promise_is_kept_here(committed: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    """In this repository `verify` exits 0 and says of each promise that it is kept."""
    code, said = run(committed, capsys)
    assert (code, said.count("kept:"), said.count("broken:")) == (0, len(verify.PROMISES), 0), said


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_stale_build_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text edited after the build breaks the promise that built folders are current, and `autograder build` mends it."""
    only(monkeypatch, verify.built_folders_current)
    edit(course.text("03_gaussian_kl"), "# The KL divergence of a Gaussian", "# The divergence of a Gaussian")
    code, said = run(course, capsys)
    assert code == 1
    assert "release/vae/03_gaussian_kl.ipynb: different: run `autograder build`" in said
    assert cli.main(["build", "--course", str(course.course)]) == 0
    assert run(course, capsys)[0] == 0


def test_a_leaked_solution_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solution line in a released notebook is found by its tokens, whatever its layout, and its exercise named."""
    only(monkeypatch, verify.nothing_leaks)
    path = course.release / "03_gaussian_kl.ipynb"
    body = reference_answers(course.source)["kl_from_log_var"].partition("### BEGIN SOLUTION")[2]
    line = body.partition("### END SOLUTION")[0].strip().splitlines()[-1].strip()
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][3:3] = [{"cell_type": "code", "metadata": {}, "source": line.replace(" ", "   "), "outputs": []}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    code, said = run(course, capsys)
    assert code == 1
    assert "release/vae/03_gaussian_kl.ipynb: part of the solution of `kl_from_log_var`" in said


@pytest.mark.parametrize("text", ["### BEGIN HIDDEN TESTS", "from autograder import grade", "import autograder.hidden"])
def test_a_leaked_check_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """A mark of hidden checks in a released file is found, and its file named."""
    only(monkeypatch, verify.nothing_leaks)
    (course.release / "checks" / "extra.py").write_text(f"# {text}\n", encoding="utf-8")
    code, said = run(course, capsys)
    assert code == 1
    assert "release/vae/checks/extra.py" in said


def test_other_points_in_a_notebook_are_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points edited in a built notebook are set against those of the problem, with the exercise and both numbers."""
    only(monkeypatch, verify.points_in_notebooks)
    path = course.source / "03_gaussian_kl.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade_id") == "test_kl_weight":
            about["points"] = 30
    path.write_text(json.dumps(notebook), encoding="utf-8")
    code, said = run(course, capsys)
    assert code == 1
    assert "source_nbs/vae/03_gaussian_kl.ipynb: `kl_weight` is worth 30 points there, 3 in the problem" in said


def test_a_wrong_reference_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference solution that loses points is named with its module, its points and what breaks."""
    only(monkeypatch, verify.reference_full)
    path = course.source / "03_gaussian_kl.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "beta_vae_loss":
            cell["source"] = "def beta_vae_loss(reconstruction, kl, beta=1.0):\n    return reconstruction + kl"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    code, said = run(course, capsys)
    assert code == 1
    assert "solutions/gaussian_kl.py: `beta_vae_loss` gets 0 of 2 points" in said


def test_an_answer_left_in_the_release_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A released notebook that gets points as it is breaks the promise, and its exercise is named."""
    only(monkeypatch, verify.untouched_zero)
    shutil.copy(course.source / "04_reparameterisation.ipynb", course.release / "04_reparameterisation.ipynb")
    code, said = run(course, capsys)
    assert code == 1
    assert "04_reparameterisation: untouched, `reparameterise` gets 4 points" in said


def test_a_reading_that_is_not_there_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that sends students to a heading that the text does not have is named with both places."""
    only(monkeypatch, verify.readings_exist)
    edit(course.text("03_gaussian_kl"), "## Exercise 5: the warm-up", "## Exercise 5: warming up")
    code, said = run(course, capsys)
    assert code == 1
    assert "`kl_weight` sends students to «Exercise 5: the warm-up»" in said
