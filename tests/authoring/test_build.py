"""Building: assignments + solutions → source_nbs → release, on a small course of two notebooks."""

from __future__ import annotations

import gzip
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import numpy as np
import pytest

from autograder.authoring.builder import BuildError, build, built_files, stale
from autograder.authoring.builder.files import alike, broken_links, requirements
from autograder.authoring.builder.solution_source import Module, answer_source
from autograder.course.layout import Layout, module_name

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
REGISTRY = runpy.run_path(str(FIXTURES / "course" / "registry.py"))
HOOKS: dict[str, Any] = {"load": REGISTRY["load"], "tables": REGISTRY["tables"], "checks": FIXTURES / "checks"}
STUB = "todo()  # replace this line by your code"
BELL = "assignments/tiny/02_bell.md"
Cell = dict[str, Any]


def new_course(folder: Path) -> Path:
    """Return a copy of the fixture course with the project's own nbgrader_config.py."""
    shutil.copytree(FIXTURES / "course", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course that was built once; tests leave it as it is."""
    course = new_course(tmp_path_factory.mktemp("build") / "course")
    build(course, "tiny", **HOOKS)
    return course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of one's own, not built."""
    return new_course(tmp_path / "course")


def cells(path: Path) -> list[Cell]:
    """Return a notebook's cells, their source as one string."""
    found: list[Cell] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in found]


def cell(course: Path, step: str, stem: str, name: str) -> Cell:
    """Return one cell of a built notebook by its id."""
    return next(one for one in cells(course / step / "tiny" / f"{stem}.ipynb") if one["id"] == name)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What comes out


def test_students_get_notebooks_checks_data_and_pages_only(built: Path) -> None:
    """Everything beside a source notebook is copied into the release, so nothing else may lie there."""
    files = {
        *("01_numbers.ipynb", "02_bell.ipynb", "README.md", "requirements.txt"),
        *("checks/__init__.py", "checks/tables/bell.json", "data/points.csv", "images/bell.svg"),
    }
    assert set(tree(built / "source_nbs" / "tiny")) == set(tree(built / "release" / "tiny")) == files
    assert (built / "release/tiny/checks/tables/bell.json").read_text() == "02_bell: 9.0\n"


def test_the_same_input_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """Another folder, process, hash seed and umask, and leftovers of use: the bytes and modes stay the same."""
    other = new_course(tmp_path / "elsewhere" / "another name")
    checks = tmp_path / "checks"
    shutil.copytree(FIXTURES / "checks", checks)
    texts = other / "assignments" / "tiny"
    for leftover in ("data/.ipynb_checkpoints/points.csv", "data/__pycache__/make_points.pyc", "data/a.csv~"):
        (texts / leftover).parent.mkdir(exist_ok=True)
        (texts / leftover).write_text("left")
    (checks / "__pycache__").mkdir(exist_ok=True)
    (checks / "__pycache__" / "core.cpython-311.pyc").write_text("left")
    program = (
        "import os, runpy, sys, pathlib; os.umask(0o077); from autograder.authoring.builder import build\n"
        "course, checks = map(pathlib.Path, sys.argv[1:]); r = runpy.run_path(str(course / 'registry.py'))\n"
        "build(course, 'tiny', load=r['load'], tables=r['tables'], checks=checks)"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, str(other), str(checks)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for step in ("source_nbs", "release"):
        assert tree(other / step) == tree(built / step)
        assert {path.stat().st_mode & 0o777 for path in (other / step / "tiny").rglob("*")} == {0o644, 0o755}


def test_a_build_touches_nothing_else(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No gradebook is opened or made; the working directory and the environment are as before."""
    monkeypatch.chdir(course.parent)
    before, environment = set(tree(course)), dict(os.environ)
    build(course, "tiny", **HOOKS)
    new = set(tree(course)) - before
    assert {path.split("/")[0] for path in new} == {"source_nbs", "release"}
    assert (Path.cwd(), dict(os.environ)) == (course.parent, environment)


def test_notebooks_are_valid_for_jupyter_and_nbgrader(built: Path) -> None:
    """Format 4.5 and nbgrader's schema 3 by their own validators, before and after the release."""
    from nbgrader.nbgraderformat import MetadataValidator

    for step in ("source_nbs", "release"):
        for path in sorted((built / step / "tiny").glob("*.ipynb")):
            node = nbformat.read(path, as_version=nbformat.NO_CONVERT)
            assert (node.nbformat, node.nbformat_minor) == (4, 5)
            nbformat.validate(node)
            MetadataValidator().validate_nb(node)
            assert set(node.metadata) == {"kernelspec", "language_info"}
            code = [one for one in node.cells if one.cell_type == "code"]
            assert not any(one.outputs or one.execution_count for one in code)


def test_an_answer_cell_is_followed_by_its_check_cell(built: Path) -> None:
    """A slot becomes two cells with the exercise's names and points."""
    made = cells(built / "source_nbs" / "tiny" / "02_bell.ipynb")
    graded = [one["metadata"]["nbgrader"] | {"at": at} for at, one in enumerate(made) if "nbgrader" in one["metadata"]]
    kinds = [(one["grade_id"], one["solution"], one["grade"], one["locked"], one.get("points")) for one in graded]
    assert kinds == [
        ("bell_imports", False, False, True, None),
        ("square", True, False, False, None),
        ("test_square", False, True, True, 2),
        ("bell", True, False, False, None),
        ("test_bell", False, True, True, 3.5),
        ("bell_curve", False, False, True, None),
    ]
    assert graded[2]["at"] == graded[1]["at"] + 1
    assert graded[4]["at"] == graded[3]["at"] + 1
    assert cell(built, "source_nbs", "02_bell", "bell_curve")["metadata"]["tags"] == ["draws"]
    for step in ("source_nbs", "release"):
        assert cell(built, step, "02_bell", "bell_curve")["metadata"]["jupyter"] == {"source_hidden": True}


def test_an_expected_picture_is_folded_below_its_plot(course: Path) -> None:
    """A picture of images/expected/ unfolds, with its words, and belongs to a cell above that draws, which the build sees to."""
    text_of = course / BELL
    text = text_of.read_text(encoding="utf-8")
    folder = course / "assignments" / "tiny" / "images" / "expected"
    folder.mkdir(parents=True)
    for name in ("02_bell-bell_curve", "02_bell-bell"):
        (folder / f"{name}.png").write_bytes(b"png")
    line = "![A bell.](images/expected/02_bell-bell_curve.png)"
    text_of.write_text(f"{text}\n{line}\n\nMore.\n", encoding="utf-8")
    build(course, "tiny", **HOOKS)
    made = "".join(one["source"] for one in cells(course / "release" / "tiny" / "02_bell.ipynb"))
    folded = "<summary>Expected picture</summary>\n\n" + line + "\n\n</details>"
    assert f'<details style="margin-bottom: 1em">{folded}\n\nMore.' in made
    for wrong in (f"{line}\n\n{text}", f"{text}\n{line.replace('bell_curve', 'bell')}\n"):
        text_of.write_text(wrong, encoding="utf-8")
        with pytest.raises(BuildError, match="belongs to no cell above that draws"):
            build(course, "tiny", **HOOKS)


def test_boxes_keep_the_colours_of_the_theme(course: Path) -> None:
    """A box of Jupyter's alert classes becomes one with a rule at its left, which sets neither text nor background."""
    text_of = course / BELL
    text_of.write_text(
        '<div class="alert alert-block alert-warning">\n\nMind.\n\n</div>\n\n' + text_of.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    build(course, "tiny", **HOOKS)
    text = "".join(one["source"] for one in cells(course / "release" / "tiny" / "02_bell.ipynb"))
    assert (
        '<div style="border-left: 5px solid #D55E00; padding: 4px 16px; margin-top: 12px; margin-bottom: 12px">' in text
    )
    assert "alert" not in text
    assert not re.search(r'style="[^"]*(?<!-)\b(?:color|background)', text)


def test_the_hidden_block_is_one_import_and_one_call(built: Path) -> None:
    """Feedback of nbgrader prints hidden tests, so that nothing may stand in them; students never get the block."""
    assert cell(built, "source_nbs", "02_bell", "test_bell")["source"] == (
        'check("bell")\n### BEGIN HIDDEN TESTS\nfrom autograder import grade\ngrade("bell")\n### END HIDDEN TESTS'
    )
    assert cell(built, "release", "02_bell", "test_bell")["source"] == 'check("bell")'


def test_the_release_keeps_signature_and_docstring_and_no_solution(built: Path) -> None:
    """One stub replaces the body with its helpers; nbgrader's default stub, which stops Run All, is not used."""
    square = cell(built, "release", "02_bell", "square")["source"]
    assert square == (
        "def square(x: np.ndarray | float) -> np.ndarray | float:\n"
        f'    """Return the square of every number.\n\n    x: any shape.\n    """\n    {STUB}'
    )
    assert cell(built, "release", "02_bell", "bell")["source"].endswith(f'elementwise."""\n    {STUB}')
    comment = "# first_total: a number.  both: a tuple of two numbers."
    assert cell(built, "release", "01_numbers", "totals")["source"] == f"{comment}\n{STUB}"
    everything = b"".join(tree(built / "release").values()).decode()
    assert not [word for word in ("SOLUTION", "HIDDEN", "_decay", "_HEIGHT", "x * x", "2.25") if word in everything]


def test_a_solution_brings_its_private_helpers_along(built: Path) -> None:
    """Helpers and constants, also those of helpers, stand in the same region; unknown annotations are left out."""
    source = cell(built, "source_nbs", "02_bell", "bell")["source"]
    assert source.count("### BEGIN SOLUTION") == source.count("### END SOLUTION") == 1
    assert source.endswith("### END SOLUTION")
    assert "def _decay(exponent, bounds):" in source
    assert "# The height of the bell.\n_HEIGHT = 1.0" in source
    namespace: dict[str, Any] = {"np": np}
    exec(cell(built, "source_nbs", "02_bell", "square")["source"], namespace)
    exec(source, namespace)
    assert namespace["bell"](2.0, width=2.0) == pytest.approx(np.exp(-1.0))


def test_variables_are_lifted_as_a_section(built: Path) -> None:
    """An exercise of variables is what stands below `# exercise: name` in the reference module."""
    namespace: dict[str, Any] = {}
    exec(cell(built, "source_nbs", "01_numbers", "totals")["source"], namespace)
    assert namespace["both"] == (3.75, 7.5)


def test_a_hint_with_code_and_a_long_cell_stay_whole(built: Path) -> None:
    """A tilde fence inside <details> is no cell, two blank lines in a code cell do not split it, no front matter."""
    made = cells(built / "source_nbs" / "tiny" / "02_bell.ipynb")
    hint = next(one for one in made if "<details>" in one["source"])
    assert "np.exp(-square(x))" in hint["source"]
    assert "</details>" in hint["source"]
    assert "\n\n\n    print" in cell(built, "release", "02_bell", "bell_curve")["source"]
    assert {one["cell_type"] for one in made} == {"code", "markdown"}


def test_ids_stay_when_the_text_is_edited(built: Path, course: Path) -> None:
    """Ids come from names and places: a longer paragraph changes none, a new cell only those up to the next name."""
    before = [one["id"] for one in cells(built / "source_nbs" / "tiny" / "02_bell.ipynb")]
    assert before[:3] == ["02_bell-1", "bell_imports", "bell_imports-1"]
    edit(course / BELL, "First paragraph", "A new one.\n\nFirst paragraph")
    made = built_files(course, "tiny", **HOOKS)["source_nbs/tiny/02_bell.ipynb"]
    assert [one["id"] for one in json.loads(made)["cells"]] == before
    edit(course / BELL, "Second paragraph", "```python\n1 + 1\n```\n\nSecond paragraph")
    made = built_files(course, "tiny", **HOOKS)["source_nbs/tiny/02_bell.ipynb"]
    after = [one["id"] for one in json.loads(made)["cells"]]
    assert sorted(set(after) - set(before)) == ["bell_imports-2", "bell_imports-3"]
    assert [one for one in after if one in before] == before


# What is out of date


def test_stale_names_what_a_build_would_change(built: Path, tmp_path: Path) -> None:
    """A changed, a missing and an extra file are each named; a fresh build and traces of use are not."""
    course = tmp_path / "course"
    shutil.copytree(built, course)
    (course / "release/tiny/checks/__pycache__").mkdir()
    (course / "release/tiny/checks/__pycache__/core.pyc").write_text("left")
    assert stale(course, "tiny", **HOOKS) == []
    edit(course / "release/tiny/02_bell.ipynb", "Bell", "bell")
    (course / "source_nbs/tiny/data/points.csv").unlink()
    (course / "release/tiny/solutions.py").write_text("oh")
    (course / "release/tiny/old").mkdir()
    assert stale(course, "tiny", **HOOKS) == [
        "release/tiny/02_bell.ipynb: different",
        "release/tiny/solutions.py: extra",
        "source_nbs/tiny/data/points.csv: missing",
    ]
    build(course, "tiny", **HOOKS)
    assert {step: tree(course / step) for step in ("source_nbs", "release")} == {
        step: tree(built / step) for step in ("source_nbs", "release")
    }
    assert not (course / "release/tiny/old").exists()


# Small parts


def test_requirements_follow_the_projects_ranges(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Students install what the course says, else what this package says, else the names alone."""
    assert requirements(course) == b"numpy>=2,<3\nmatplotlib>=3.9\nhypothesis>=6.100\njupyter>=1\n"
    needed = ["numpy<3,>=2.0", "jupyter<2,>=1.1", "hypothesis>=1; extra == 'test'"]
    monkeypatch.setattr("autograder.authoring.builder.files.requires", lambda name: needed)
    assert requirements(tmp_path) == b"numpy<3,>=2.0\nmatplotlib\nhypothesis\njupyter<2,>=1.1\n"
    monkeypatch.setattr("autograder.authoring.builder.files.requires", mock.Mock(side_effect=PackageNotFoundError))
    assert requirements(tmp_path) == b"numpy\nmatplotlib\nhypothesis\njupyter\n"


def test_links_to_files_students_get_are_fine() -> None:
    """Web addresses, anchors and files beside the notebook are no broken links."""
    text = '[a](https://x.y) [b](#here) ![c](images/c.png "C") <img src="d.svg"> [e](01_x.ipynb#there) [f](./g.csv)'
    assert broken_links(text, ["images/c.png", "01_x.ipynb"]) == ["./g.csv", "d.svg"]


def test_lifting_leaves_out_what_only_our_tools_and_types_need(tmp_path: Path) -> None:
    """Notes for linters and annotations a notebook has no names for go; sections take their helpers along."""
    module = tmp_path / "part.py"
    module.write_text(
        "from numpy.typing import NDArray\n"
        "_TABLE: NDArray = [1, 2]\n\n"
        "def _same(f): return f\n\n"
        "# Doubles.\n@_same\ndef _twice(x: NDArray) -> float: return 2 * x\n\n"
        "# exercise: area\n# area: a number\narea = _twice(_TABLE[1])\n\n"
        'def f(X: int, *rest: int, k: NDArray = 1) -> int:  # noqa: N803\n    """Say."""\n    return area\n\n'
        'def g(X: int) -> int:  # noqa: N803\n    """Say."""\n    return X\n'
    )
    parts = Module(module)
    assert answer_source(parts, "area", set()) == (
        "# area: a number\n### BEGIN SOLUTION\n_TABLE = [1, 2]\n\n\n"
        "def _same(f): return f\n\n\n"
        "# Doubles.\n@_same\ndef _twice(x):\n    return 2 * x\n\n\narea = _twice(_TABLE[1])\n### END SOLUTION"
    )
    assert answer_source(parts, "f", {"area"}).startswith('def f(X, *rest, k=1):\n    """Say."""\n    ### BEGIN')
    assert answer_source(parts, "g", set()).startswith('def g(X: int) -> int:\n    """Say."""\n    ### BEGIN')


def test_the_config_names_the_folders_of_the_layout() -> None:
    """`nbgrader_config.py` and `layout.py` agree on source and release, and the stub never raises at top level."""
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    layout = Layout(Path(), "vae")
    assert layout.source == Path(config.CourseDirectory.source_directory, "vae")
    assert layout.release == Path(config.CourseDirectory.release_directory, "vae")
    assert config.ClearSolutions.code_stub == {"python": STUB}
    assert module_name("03_gaussian_kl") == "gaussian_kl"


def test_what_another_zlib_packs_otherwise_is_the_same() -> None:
    """A packed file of the same content counts as current, whatever the packing; another content or damage does not."""
    one, other = gzip.compress(b"told " * 99, 9, mtime=0), gzip.compress(b"told " * 99, 1, mtime=5)
    assert one != other
    assert alike(one, other)
    assert not alike(one, gzip.compress(b"other", mtime=0))
    assert not alike(one, other[:-9])
    assert not alike(b"told", one)
