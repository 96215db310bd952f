"""What cannot be built is said in a sentence: an author's mistakes in texts, solutions and registry."""

from __future__ import annotations

import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.builder import BuildError, build
from autograder.checks.exercise import Problem

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
REGISTRY = runpy.run_path(str(FIXTURES / "course" / "registry.py"))
HOOKS: dict[str, Any] = {"load": REGISTRY["load"], "tables": REGISTRY["tables"], "checks": FIXTURES / "checks"}
SETUP = "from checks import check, needs, todo\n"
BELL, NUMBERS = "assignments/tiny/02_bell.md", "assignments/tiny/01_numbers.md"
BELL_PY, NUMBERS_PY = "solutions/bell.py", "solutions/numbers.py"
SLOT, DRAWS = 'exercise="bell"', 'draws="bell_curve"'
MISTAKES: dict[str, tuple[str, str, str, list[str]]] = {
    "unknown attribute": (BELL, SLOT, 'excercise="bell"', [BELL, "line 50", "one attribute", "excercise"]),
    "no quotation marks": (BELL, SLOT, "exercise=bell", [BELL, "one attribute", 'exercise="name"']),
    "two attributes": (BELL, 'setup="bell_imports"', 'setup="a" draws="b"', [BELL, "line 15", "setup='a'"]),
    "slot without exercise": (BELL, SLOT, 'exercise="bel"', ["line 50", "no exercise `bel`", "square, bell"]),
    "exercise without slot": (NUMBERS, 'exercise="totals"', 'setup="x"', [NUMBERS, "no slot for totals"]),
    "slot twice": (BELL, SLOT, 'exercise="square"', ["line 50", "`square` is there already"]),
    "id twice": (BELL, DRAWS, 'draws="bell_imports"', ["line 54", "`bell_imports` is there already"]),
    "no id": (BELL, DRAWS, 'draws="bell curve"', ["line 54", "`bell curve` is no id"]),
    "fence in details": (BELL, "~~~python", "```python", [BELL, "<details>", "~~~python"]),
    "details cut in two": (BELL, "Use the square:\n", "Use the square:\n\n", [BELL, "<details>", "two blank lines"]),
    "another language": (BELL, "```python\nsquare", "```bash\nsquare", [BELL, "line 33", "```bash", "~~~bash"]),
    "mark in the text": (BELL, "What do you see?", "### BEGIN SOLUTION", [BELL, "line 62", "mark of nbgrader"]),
    "no imports": (NUMBERS, SETUP, "import math\n", [NUMBERS, "line 9", "check and todo", "setup"]),
    "broken setup": (BELL, "import numpy as np", "import numpy as", [BELL, "line 15", "not Python"]),
    "drawing without needs": (BELL, 'with needs("bell"):', "if True:", [BELL, "line 54", "with needs("]),
    "needs of nothing": (BELL, 'needs("bell")', 'needs("bel")', [BELL, "line 54", "exercises of this notebook"]),
    "dead link": (BELL, "images/bell.svg", "images/bells.svg", [BELL, "images/bells.svg", "do not get"]),
    "no function": (BELL_PY, "def bell(", "def bells(", [BELL_PY, "`bell`", "neither a function"]),
    "no docstring": (BELL_PY, '"""Return exp(-(x / width)²), elementwise."""', "", ["needs a docstring"]),
    "public helper": (BELL_PY, "_decay", "decay", ["line 22", "uses `decay`", "private helper"]),
    "import of its own": (BELL, "import numpy as np\n", "", ["line 22", "`np`", "setup"]),
    "wrong syntax": (BELL_PY, "def bell(", "def bell((", ["solutions/bell.py, line 22", "not valid Python"]),
    "mark in the solution": (BELL_PY, "# A comment", "# END SOLUTION", ["`square`", "END SOLUTION"]),
    "no section": (NUMBERS_PY, "# exercise: totals", "# totals", [NUMBERS_PY, "nor a section"]),
    "section twice": (NUMBERS_PY, "both =", "# exercise: totals\nboth =", ["line 7", "stands twice"]),
    "unknown type": (NUMBERS_PY, "both =", "both: Pair =", ["line 3", "`totals`", "annotation"]),
    "variable not set": (NUMBERS_PY, "both =", "all_of_them =", ["`totals`", "does not set both"]),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a copy of the fixture course with the project's own nbgrader_config.py."""
    folder = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("path", "old", "new", "words"), MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_built_is_said_in_a_sentence(
    course: Path, path: str, old: str, new: str, words: list[str]
) -> None:
    """Each mistake of an author names the file, the line where it can, and what to do; nothing is written."""
    edit(course / path, old, new)
    with pytest.raises(BuildError) as caught:
        build(course, "tiny", **HOOKS)
    message = str(caught.value)
    assert not [word for word in words if word not in message], message
    assert str(course) not in message
    assert message.endswith((".", ")."))
    assert not (course / "source_nbs").exists()


def test_a_missing_module_config_or_text_is_said(course: Path) -> None:
    """What is not there at all is named."""
    with pytest.raises(BuildError, match=r"assignments/other: no texts there"):
        build(course, "other", **HOOKS)
    (course / "nbgrader_config.py").unlink()
    with pytest.raises(BuildError, match=r"nbgrader_config\.py: missing; copy"):
        build(course, "tiny", **HOOKS)
    (course / "solutions" / "bell.py").unlink()
    with pytest.raises(BuildError, match=r"solutions/bell\.py: the reference module is missing"):
        build(course, "tiny", **HOOKS)


def test_an_exercise_belongs_to_one_notebook(course: Path) -> None:
    """The registry must not give one name to two notebooks: grades are kept by name."""

    def load(stem: str) -> Problem:
        return Problem(stem, "", REGISTRY["load"]("01_numbers").exercises)

    with pytest.raises(BuildError, match="`totals` is an exercise of 01_numbers and 02_bell"):
        build(course, "tiny", **HOOKS | {"load": load})


def test_the_registrys_own_sentence_is_passed_on(course: Path) -> None:
    """A problem without checks or a table that cannot be made is an author's mistake, not a crash."""

    def tables(stems: object, right: object) -> dict[str, bytes]:
        raise ValueError("The probes of bell cannot tell one mistake from the other.")

    with pytest.raises(BuildError, match="The probes of bell"):
        build(course, "tiny", **HOOKS | {"tables": tables})


def test_nbgraders_refusal_names_notebook_and_reason(course: Path) -> None:
    """Where nbgrader itself refuses, its reason is passed on in one sentence."""
    edit(course / "nbgrader_config.py", '{"python": ', '{"julia": ')
    with pytest.raises(BuildError, match=r"release of tiny/01_numbers\.ipynb: ValueError: language 'python'"):
        build(course, "tiny", **HOOKS)


def test_without_nbgrader_one_sentence_says_what_to_install(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nbgrader is needed to build, and only then."""
    monkeypatch.setitem(sys.modules, "nbgrader.converters", None)
    with pytest.raises(BuildError, match="pip install nbgrader"):
        build(course, "tiny", **HOOKS)
