"""Harmless stand-ins for what notebooks expect around them: checks, display, get_ipython, input, standard streams."""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

_FUNCTION = 0x0001  # CO_OPTIMIZED: the frame belongs to a function
_ABSENT = ("autograder", "solutions")


class CappedBytes(io.RawIOBase):
    """The `buffer` of a capped stream."""

    def __init__(self, stream: CappedText) -> None:
        """Write through to `stream`."""
        self._stream = stream

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Keep what still fits."""
        view = memoryview(data).cast("B")
        self._stream.write(bytes(view[: self._stream.cap]).decode("utf-8", "replace"))
        return len(view)


class CappedText(io.TextIOBase):
    """A text stream that keeps its first `cap` characters and drops the rest."""

    def __init__(self, cap: int) -> None:
        """Start empty."""
        self.cap = cap
        self._kept: list[str] = []
        self._room = cap

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep what still fits."""
        if type(text) is not str:
            text = str(text)
        if self._room > 0 and text:
            piece = text[: self._room]
            self._room -= len(piece)
            self._kept.append(piece)
        return len(text)

    def take(self) -> str:
        """Return what was kept, and start again."""
        text = "".join(self._kept)
        if self._room <= 0:
            text += "\n[the rest of the output was dropped]"
        self._kept, self._room = [], self.cap
        return text

    @property
    def buffer(self) -> CappedBytes:
        """A binary view of the stream."""
        return CappedBytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding a terminal would have."""
        return "utf-8"


class Shell:
    """What `get_ipython()` gives: magics that time or capture run their body, all others are passed over."""

    def __init__(self, execute: Callable[[str], Any]) -> None:
        """`execute` runs source in the student's namespace."""
        self._execute = execute

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> Any:
        """Run the statement of %time; pass over every other magic."""
        return self._execute(line) if name == "time" and line.strip() else None

    def run_cell_magic(self, name: str, line: str, cell: str = "", *_: Any, **__: Any) -> Any:
        """Run the body of %%time, %%timeit, %%capture and %%prun; pass over every other magic."""
        if name in ("time", "timeit", "capture", "prun"):
            # One line for the magic's own, so that line numbers are those the student sees.
            return self._execute("\n" + cell)
        return None

    def getoutput(self, *_: Any, **__: Any) -> list[str]:
        """Return the output of no command: there is no shell here."""
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Everything else may be called and does nothing."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    """Accept everything, do nothing."""


def _input(*_: Any, **__: Any) -> str:
    raise RuntimeError(
        "input() cannot be used in a graded notebook: nobody is there to answer. Set the value in the cell."
    )


@contextlib.contextmanager
def _needs(*names: str) -> Iterator[None]:
    with contextlib.suppress(Exception):
        yield


class NotWritten(NotImplementedError):
    """A function was called that is not written yet; `unwritten` is its name."""

    def __init__(self, name: str) -> None:
        """Say that the function `name` is not written yet."""
        super().__init__(f"{name} is not written yet")
        self.unwritten = name


def _todo(*_: Any) -> None:
    code = sys._getframe(1).f_code
    if code.co_flags & _FUNCTION:
        raise NotWritten(code.co_name)


def install(execute: Callable[[str], Any], cap: int) -> CappedText:
    """Put all stand-ins in their places; return the stream that stands for both stdout and stderr."""
    checks = types.ModuleType("checks", "What the notebooks import; here it does nothing.")
    checks.check, checks.needs, checks.todo = _nothing, _needs, _todo  # type: ignore[attr-defined]
    sys.modules["checks"] = checks
    for name in _ABSENT:
        sys.modules[name] = None  # type: ignore[assignment]
    shell = Shell(execute)
    extra: dict[str, Any] = {"display": _nothing, "get_ipython": lambda: shell, "input": _input}
    for name, thing in extra.items():
        setattr(builtins, name, thing)
    python = sys.modules.get("IPython")
    if python is not None:
        python.get_ipython = extra["get_ipython"]  # type: ignore[attr-defined]
    plot = sys.modules.get("matplotlib.pyplot")
    if plot is not None:
        plot.show = _nothing  # type: ignore[attr-defined]
    stream = CappedText(cap)
    sys.stdout = sys.stderr = stream
    return stream
