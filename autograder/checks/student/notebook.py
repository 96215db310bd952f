"""What a notebook's cells call: `check`, `needs` and `todo`."""

from __future__ import annotations

import inspect
import os
import sys
import textwrap
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import earlier_version

if TYPE_CHECKING:
    from ..verdict import Verdict

TITLE = "your own check (not the grade)"
FOOTER = "Grading asks more than this check: other inputs, and values that are not compared here."

RAISE_NOT_DRAWN = "AUTOGRADER_RAISE_NOT_DRAWN"

_shown: dict[str, Verdict] = {}

earlier_version.watch()


class NotDrawn(RuntimeError):
    """A picture could not be drawn; raised only where RAISE_NOT_DRAWN is set, and only said elsewhere."""


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


class Report:
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
        from ..registry import names_of
        from .student_check import examine
    except ModuleNotFoundError as error:
        if mode:
            raise
        say_missing(error)
        return
    from ..rendering import as_html, as_text

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
    told = earlier_version.warning(names_of(name))
    show(Report(as_text(verdict, TITLE, FOOTER, warning=told), as_html(verdict, TITLE, FOOTER, warning=told)))


def remembered(name: str) -> Verdict | None:
    """What the check of an exercise said last in this kernel."""
    return _shown.get(name)


def say_missing(error: ModuleNotFoundError) -> None:
    """Say how to get a package that is missing, as it is in Colab before anything was installed."""
    print(f"The checks need the package {error.name}. Run this in a cell of its own, once: %pip install {error.name}")


def show(report: Report) -> None:
    """Display a report in a notebook, print it elsewhere."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report)


@contextmanager
def needs(*names: str) -> Iterator[None]:
    """Run a block that needs the exercises `names`; if one is unwritten or fails, say so in a line instead of a traceback."""
    # The cell's own names: between it and this stands the `__enter__` of contextlib.
    there = sys._getframe(2).f_globals
    try:
        yield
    except (NotImplementedError, NameError) as error:
        told = getattr(error, "unwritten", "")
        missing = [name for name in names if name == told or name not in there or _stub(there[name])]
        _not_drawn(f"This part needs {_listed(missing or names)}. Write what is missing, then run this cell again.")
    except Exception as error:
        functions = {frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)}
        at_fault = [name for name in names if name in functions]
        _not_drawn(
            f"This part needs a working {_listed(at_fault or names)}. It stopped with {type(error).__name__}: {error}"
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _stub(thing: Any) -> bool:
    """Whether a function still holds its `todo()`."""
    code = getattr(thing, "__code__", None)
    return code is not None and "todo" in code.co_names


def _not_drawn(sentence: str) -> None:
    """Say it; or raise it, where whoever runs the notebook wants to know (the environment variable of that name is set)."""
    _drop_figures()
    if os.environ.get(RAISE_NOT_DRAWN):
        raise NotDrawn(sentence) from None
    print(sentence)


def _drop_figures() -> None:
    """Leave no half-drawn picture behind."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


class NotWritten(NotImplementedError):
    """A function was called that is not written yet; `unwritten` is its name."""

    def __init__(self, name: str) -> None:
        """Say that the function `name` is not written yet."""
        super().__init__(f"{name} is not written yet")
        self.unwritten = name


def todo() -> Any:
    """Stand for an answer that is not written: raise NotWritten inside a function, do nothing in a bare cell."""
    code = sys._getframe(1).f_code
    # Not by its name: some versions of IPython call a cell's code "<cell line: 1>".
    if code.co_flags & inspect.CO_OPTIMIZED:
        raise NotWritten(code.co_name)
