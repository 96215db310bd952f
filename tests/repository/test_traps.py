"""Traps of nbgrader, jupytext and hypothesis that the design steps around, each pinned."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import autograder
from autograder.authoring.sample_submissions import released
from autograder.course.layout import Layout
from tests.conftest import ROOT


def loud_kl(mu: object, sigma: object) -> object:
    """A right answer that warns, prints, and writes to standard error."""
    warnings.warn("look at me", UserWarning, stacklevel=1)
    print("and at me")
    print("and at me too", file=sys.stderr)
    return 0.5 * (np.square(mu) + np.square(sigma) - 1) - np.log(sigma)


def test_the_hidden_call_writes_nothing_to_stderr_and_returns_a_builtin_float(
    monkeypatch: pytest.MonkeyPatch, committed: Layout, capfd: pytest.CaptureFixture[str]
) -> None:
    """nbgrader scores 0 on any stderr and everything on what is no builtin float: `grade` avoids both, however loud the answer."""
    monkeypatch.chdir(committed.release)
    monkeypatch.setitem(globals(), "gaussian_kl", loud_kl)
    points = autograder.grade("gaussian_kl")
    assert (type(points), points) == (float, 4.0)
    assert capfd.readouterr().err == ""


def test_a_wrong_answer_gives_a_builtin_float_too(monkeypatch: pytest.MonkeyPatch, committed: Layout) -> None:
    """Zero points are 0.0, not nan, None or a numpy number, which nbgrader would take for full marks."""
    monkeypatch.chdir(committed.release)
    monkeypatch.setitem(globals(), "kl_weight", lambda epoch, warmup=10: float("nan"))
    points = autograder.grade("kl_weight")
    assert (type(points), points) == (float, 0.0)


def test_an_unwritten_answer_gives_zero(monkeypatch: pytest.MonkeyPatch, committed: Layout) -> None:
    """A name that is not there is told, and graded 0.0, instead of ending the cell with a NameError."""
    monkeypatch.chdir(committed.release)
    assert autograder.grade("kl_shift_spread") == 0.0


def test_no_hypothesis_folder_appears(committed: Layout, tmp_path: Path) -> None:
    """Checking in a folder leaves nothing behind in it: hypothesis keeps its storage elsewhere."""
    program = (
        "import numpy as np\nfrom checks import check\n"
        "def gaussian_kl(mu, sigma):\n    return np.where(np.abs(mu) > 2, 0.0, 1.0) * mu\n"
        "check('gaussian_kl')\n"
    )
    environment = {"PYTHONPATH": str(committed.release), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert "your own check (not the grade)" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_hidden_block_is_one_import_and_one_call(committed: Layout) -> None:
    """nbgrader's feedback prints the source of hidden tests, so there is nothing in it to learn."""
    blocks = 0
    for path in committed.source.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if "BEGIN HIDDEN TESTS" in source:
                blocks += 1
                hidden = source.split("### BEGIN HIDDEN TESTS\n")[1].split("### END HIDDEN TESTS")[0].splitlines()
                name = cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_")
                assert hidden == ["from autograder import grade", f'grade("{name}")']
    assert blocks == sum(
        cell["metadata"].get("nbgrader", {}).get("grade", False)
        for notebook in released(committed.release).values()
        for cell in notebook["cells"]
    )


def test_the_released_folder_works_without_the_grader(committed: Layout, tmp_path: Path) -> None:
    """What students unpack imports nothing of the grader: checks/ runs where no `autograder` can be imported."""
    program = (
        "import sys\nsys.modules['autograder'] = None\nfrom checks import check, needs, todo\ncheck('reparameterise')"
    )
    environment = {"PYTHONPATH": str(committed.release), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout
