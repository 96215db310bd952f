"""A check that runs after a cell that failed says that it looks at an earlier version."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.checks.student import earlier_version, notebook

GOOD = "def gaussian_kl(mu, sigma):\n    return 0.5 * mu"
BAD = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu"


@pytest.fixture(autouse=True)
def nothing_failed() -> Iterator[None]:
    """No cell failed before, and none is left."""
    earlier_version._failed.clear()
    yield
    earlier_version._failed.clear()


def ran(source: str, before: Exception | None = None, inside: Exception | None = None) -> None:
    """Tell of a cell as IPython does."""
    info = SimpleNamespace(raw_cell=source)
    earlier_version.cell_ran(SimpleNamespace(info=info, error_before_exec=before, error_in_exec=inside))


def test_a_cell_that_did_not_compile_is_told() -> None:
    """After a SyntaxError in the cell of a function, the warning names the function and the error."""
    ran(GOOD)
    assert earlier_version.warning(["gaussian_kl"]) == ""
    ran(BAD, before=SyntaxError("'(' was never closed"))
    told = earlier_version.warning(["gaussian_kl"])
    assert "`gaussian_kl` stopped with SyntaxError" in told
    assert "earlier run" in told
    assert earlier_version.warning(["kl_weight"]) == ""


def test_a_cell_that_ran_well_since_is_forgiven() -> None:
    """When the cell runs well again, the warning is gone; another cell that runs well changes nothing."""
    ran(BAD, before=SyntaxError("x"))
    ran("other = 1")
    assert earlier_version.warning(["gaussian_kl"])
    ran(GOOD)
    assert earlier_version.warning(["gaussian_kl"]) == ""


def test_variables_count_as_well() -> None:
    """A cell that sets a variable and raised before it got there is told of by the variable's name."""
    ran("first = 1 / 0\nsecond = 2", inside=ZeroDivisionError("division by zero"))
    assert "`second` stopped with ZeroDivisionError" in earlier_version.warning(["second"])
    assert earlier_version.warning(["third"]) == ""


def test_a_use_is_no_definition() -> None:
    """A cell that only calls the function, or compares a variable, and fails is no earlier version of it."""
    ran("gaussian_kl(1)\nmu == 2\nmy_mu = 3", inside=ValueError("x"))
    assert earlier_version.warning(["gaussian_kl", "mu"]) == ""


def test_the_check_shows_the_warning(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """The check's report begins with the warning, in the terminal and on the page."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    shown: list[Any] = []
    monkeypatch.setattr(notebook, "show", shown.append)
    ran(BAD, before=SyntaxError("x"))
    names = {"check": notebook.check}
    exec(f"import numpy as np\n{GOOD}\ncheck('gaussian_kl')", names)
    assert "stopped with SyntaxError" in repr(shown[0]).split("\n")[1]
    assert "stopped with SyntaxError" in shown[0]._repr_html_()
    ran(GOOD)
    exec("check('gaussian_kl')", names)
    assert "stopped with" not in repr(shown[1])


def test_a_real_kernel_tells_of_its_cells() -> None:
    """IPython calls the listener after each cell, also after one that does not compile."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.events.register("post_run_cell", earlier_version.cell_ran)
    shell.run_cell(GOOD)
    shell.run_cell(BAD)
    assert "SyntaxError" in earlier_version.warning(["gaussian_kl"])
    shell.run_cell(GOOD)
    assert earlier_version.warning(["gaussian_kl"]) == ""
