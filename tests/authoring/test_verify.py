"""`autograder verify`: it keeps quiet about a sound course, and names the place and the command when a promise is broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import cli
from autograder.authoring import verify
from autograder.authoring.sample_submissions import reference_answers
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.course.own_checks import use_course_checks
from tests.conftest import ROOT
from tests.helpers.toy_course import settings


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


@pytest.mark.slow
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
    line = reference_answers(course.source)["kl_from_log_var"].strip().splitlines()[-1].strip()
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][3:3] = [{"cell_type": "code", "metadata": {}, "source": line.replace(" ", "   "), "outputs": []}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    code, said = run(course, capsys)
    assert code == 1
    assert "release/vae/03_gaussian_kl.ipynb: part of the solution of `kl_from_log_var`" in said
    assert "take it out of assignments/vae/03_gaussian_kl.md, then run `autograder build`." in said


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
    assert "solutions/gaussian_kl.py: `beta_vae_loss` gets 0 of 1 point:" in said


def test_an_answer_left_in_the_release_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A released notebook that gets points as it is breaks the promise, and its exercise is named."""
    only(monkeypatch, verify.untouched_zero)
    shutil.copy(course.source / "04_reparameterisation.ipynb", course.release / "04_reparameterisation.ipynb")
    code, said = run(course, capsys)
    assert code == 1
    assert "hidden/reparameterisation: untouched, `reparameterise` gets 2 points: mend its checks, or run" in said


def test_a_reading_that_is_not_there_is_named(
    course: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that sends students to a heading that the text does not have is named with both places."""
    only(monkeypatch, verify.readings_exist)
    edit(course.text("03_gaussian_kl"), "## Exercise 5: the warm-up", "## Exercise 5: warming up")
    code, said = run(course, capsys)
    assert code == 1
    assert "checks/gaussian_kl: `kl_weight` sends students to «Exercise 5: the warm-up»" in said
    assert "no heading of assignments/vae/03_gaussian_kl.md: name one in “quotes”, then run `autograder build`." in said


# On the toy course, whose own problems can be broken


def rebuilt(toy: Layout) -> None:
    assert cli.main(["build", "--course", str(toy.course)]) == 0


def test_every_promise_is_kept_by_the_toy(toy: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    """What the tests below break holds before."""
    code, said = run(toy, capsys)
    assert (code, said.count("broken:")) == (0, 0), said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed = ", "assignments/spread/assignment.toml is no valid TOML"),
        (
            'leave_out = ["spread"]',
            "assignments/spread/assignment.toml: leave_out names 'spread', which is no exercise",
        ),
        ('[points]\ncentre = "2"', "assignments/spread/assignment.toml: the points of centre must be a number"),
    ],
)
def test_settings_that_cannot_be_used_are_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    """They are the first promise, and the only one looked at when it is broken: all others depend on it."""
    settings(toy, text)
    code, said = run(toy, capsys)
    assert code == 1
    assert said.startswith("broken: the settings can be used\n")
    assert sentence in said
    assert said.endswith(": mend it, then run `autograder build`.\n")
    assert said.count("kept:") + said.count("broken:") == 1


def test_points_that_do_not_add_up_are_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checks that give other points than their exercise are named with both places where they stand."""
    only(monkeypatch, verify.points_add_up)
    edit(toy.course / "hidden" / "spread.py", "_deviation, points=4", "_deviation, points=3")
    use_course_checks(ROOT)
    code, said = run(toy, capsys)
    assert code == 1
    assert (
        "deviation: its checks give 4 points, the exercise 5: edit hidden/spread or checks/spread, then run `autograder build`."
    ) in said


def test_points_that_a_text_tells_wrongly_are_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number of points in a text that is not the notebook's is named, with what to write instead."""
    only(monkeypatch, verify.points_told)
    edit(toy.text("02_spread"), "**Points** {points}", "**Points** 8")
    rebuilt(toy)
    code, said = run(toy, capsys)
    assert code == 1
    assert (
        "assignments/spread/02_spread.md: it tells students of 8 points, the notebook gives 7: write {points} there, then run "
        "`autograder build`."
    ) in said


def test_settings_changed_after_the_build_are_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points and exercises of the settings that are not in the notebooks yet are named with what mends it."""
    only(monkeypatch, verify.points_in_notebooks)
    settings(toy, 'leave_out = ["deviation"]\n[points]\nrectangle = 7.5\n')
    code, said = run(toy, capsys)
    assert code == 1
    where = "source_nbs/spread/"
    assert (
        f"{where}01_rectangle.ipynb: `rectangle` is worth 3 points there, 7.5 in the problem: run `autograder build`."
        in said
    )
    assert (
        f"{where}02_spread.ipynb: `deviation` is in the notebook or in the problem, not in both: run `autograder build`."
        in said
    )
    rebuilt(toy)
    assert run(toy, capsys)[0] == 0


def test_a_reading_that_went_with_an_exercise_is_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A heading that is left out with another exercise is not there to be read again."""
    only(monkeypatch, verify.readings_exist)
    edit(toy.course / "checks" / "spread" / "__init__.py", "“Exercise 1: the centre”", "“Exercise 2: the deviation”")
    use_course_checks(ROOT)
    assert run(toy, capsys)[0] == 0
    settings(toy, 'leave_out = ["deviation"]\n')
    code, said = run(toy, capsys)
    assert code == 1
    assert "checks/spread: `centre` sends students to «Exercise 2: the deviation», which is no heading of" in said


def test_a_reference_that_fails_is_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong solution and a cell that stops are named with the files that can mend them."""
    only(monkeypatch, verify.reference_full)
    edit(toy.course / "solutions" / "spread.py", "x.sum() / len(x)", "x.sum() / (len(x) + 1)")
    edit(toy.text("02_spread"), "from checks import check, needs, todo", "from checks import check, needs, todo\n1 / 0")
    rebuilt(toy)
    code, said = run(toy, capsys)
    assert code == 1
    assert "solutions/spread.py: `centre` gets 0 of 2 points: mend it or its checks in hidden/spread, then run" in said
    assert "assignments/spread/02_spread.md: the cell `spread_imports` raised (ZeroDivisionError" in said
    assert "mend it or solutions/spread.py, then run `autograder build`." in said


def test_an_untouched_cell_that_stops_is_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell of the release that raises before a student has done anything is named with its text."""
    only(monkeypatch, verify.untouched_zero)
    edit(toy.text("02_spread"), "## Both together", "```python\ncentre(np.array([1.0]))\n```\n\n## Both together")
    rebuilt(toy)
    code, said = run(toy, capsys)
    assert code == 1
    assert (
        "assignments/spread/02_spread.md: untouched, the cell that begins «centre(np.array([1.0]))» raised (NotWritten): "
        "mend it, then run `autograder build`."
    ) in said


def test_a_leak_of_the_courses_own_hidden_checks_is_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public module that imports hidden ones would stop students' checks: its hand-written file is named."""
    only(monkeypatch, verify.nothing_leaks)
    path = toy.course / "checks" / "rectangle.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# from ..hidden import rectangle\n", encoding="utf-8")
    rebuilt(toy)
    code, said = run(toy, capsys)
    assert code == 1
    assert "it says 'from ..hidden', which students must not see: take it out of checks/rectangle.py, then run" in said


def test_what_is_not_built_is_said(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without built notebooks a promise is broken with the sentence that says what to run; nothing falls over."""
    only(monkeypatch, verify.points_in_notebooks)
    shutil.rmtree(toy.source)
    code, said = run(toy, capsys)
    assert code == 1
    assert "run `autograder build`" in said
