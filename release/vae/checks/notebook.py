"""What a notebook's cells call: `check`, `needs` and `todo`."""

from __future__ import annotations

import inspect
import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .verdict import Verdict

TITLE = "your own check (not the grade)"
FOOTER = "Grading asks the same laws and further inputs. This check looks at a few of them, to help you on the way."

_shown: dict[str, Verdict] = {}


class CheckFailed(AssertionError):
    """A check does not hold; raised only under `nbgrader validate`, which goes by exceptions."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the sentence alone, in lines that nbgrader does not cut."""
        return textwrap.wrap(str(self), 76)


class Interrupted(KeyboardInterrupt):
    """A check was stopped by hand, most often because a function does not come back."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback through our own code."""
        return textwrap.wrap(str(self), 76)


class Shown:
    """A report that shows itself as HTML in a notebook and as text in a terminal."""

    def __init__(self, text: str, html: str) -> None:
        """Keep both forms of the report."""
        self._text, self._html = text, html

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._html


def check(name: str) -> None:
    """Check the exercise `name` as it stands in the notebook that calls this, and show what holds and what breaks.

    Raises CheckFailed under `nbgrader validate` when something breaks, and ValueError for an unknown exercise.
    """
    mode = os.environ.get("NBGRADER_EXECUTION", "")
    if mode == "autograde":
        return
    try:
        from .examine import examine
    except ModuleNotFoundError as error:
        if mode:
            raise
        say_missing(error)
        return
    from .verdict import as_html, as_text

    try:
        verdict = examine(name, sys._getframe(1).f_globals)
    except KeyboardInterrupt:
        raise Interrupted(
            f"The check of `{name}` was stopped before it was ready. If it seemed to take for ever: is there a loop in "
            "your function that never ends?"
        ) from None
    _shown[name] = verdict
    if mode == "validate":
        failed = verdict.first_failed
        if failed is not None:
            raise CheckFailed(f"{name}: «{failed.check}» does not hold. {failed.note or failed.must}")
        return
    show(Shown(as_text(verdict, TITLE, FOOTER), as_html(verdict, TITLE, FOOTER)))


def remembered(name: str) -> Verdict | None:
    """What the check of an exercise said last in this kernel."""
    return _shown.get(name)


def say_missing(error: ModuleNotFoundError) -> None:
    """Say how to get a package that is missing, as it is in Colab before anything was installed."""
    print(f"The checks need the package {error.name}. Run this in a cell of its own, once: %pip install {error.name}")


def show(report: Shown) -> None:
    """Display a report in a notebook, print it elsewhere."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report)


@contextmanager
def needs(*names: str) -> Iterator[None]:
    """Run a block that needs the exercises `names`; if one is unwritten or fails, say so in a line instead of a traceback."""
    listed = ", ".join(f"`{name}`" for name in names)
    try:
        yield
    except (NotImplementedError, NameError):
        _drop_figures()
        print(f"This part needs {listed}. Write what is missing, then run this cell again.")
    except Exception as error:
        _drop_figures()
        print(f"This part needs a working {listed}. It stopped with {type(error).__name__}: {error}")


def _drop_figures() -> None:
    """Leave no half-drawn picture behind."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def todo() -> Any:
    """Stand for an answer that is not written: raise NotImplementedError inside a function, do nothing in a bare cell."""
    code = sys._getframe(1).f_code
    # Not by its name: some versions of IPython call a cell's code "<cell line: 1>".
    if code.co_flags & inspect.CO_OPTIMIZED:
        raise NotImplementedError(f"{code.co_name} is not written yet")
