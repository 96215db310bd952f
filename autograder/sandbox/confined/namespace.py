"""Running a notebook's cells in one namespace, and telling a student where an error is."""

# Student code may have changed pathlib: no pathlib here.
# ruff: noqa: PTH109

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import os
import sys
import types
from typing import Any

_MESSAGE, _FRAMES, _LINE = 500, 4, 120
_LINES = range(1, 1 << 20)


class Notebook:
    """One namespace of names, and the labels of the cells that filled it."""

    def __init__(self) -> None:
        """Start with an empty namespace."""
        self.labels: dict[str, str] = {}
        self.home = os.getcwd()
        self._filename = ""
        self.names: dict[str, Any] = {}
        self.fresh()

    def fresh(self) -> None:
        """Begin a new, empty namespace."""
        module = types.ModuleType("__main__")
        module.__dict__["__builtins__"] = builtins
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.labels.clear()
        os.chdir(self.home)
        plot = sys.modules.get("matplotlib.pyplot")
        if plot is not None and plot.get_fignums():
            plot.close("all")

    def run(self, label: str, source: str) -> None:
        """Run one cell; raises whatever it raises."""
        self._filename = f"<{label}>"
        self.labels[self._filename] = label
        lines = source.splitlines(keepends=True)
        linecache.cache[self._filename] = (len(source), None, lines, self._filename)
        try:
            code = self._compile(source)
        except SyntaxError as error:
            # Outside this handler, or an error of the cell would drag this one along as its context.
            failed = error
        else:
            self._execute(code)
            return
        changed = _as_python(source)
        if changed is None or changed == source:
            raise failed
        self._execute(self._compile(changed))

    def execute(self, source: str) -> Any:
        """Run source on behalf of the cell that is running (the body of a magic)."""
        try:
            code = compile(source.strip(), self._filename, "eval")
        except SyntaxError:
            self._execute(self._compile(source))
            return None
        return eval(code, self.names)

    def _compile(self, source: str) -> types.CodeType:
        code = compile(source, self._filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        assert isinstance(code, types.CodeType)
        return code

    def _execute(self, code: types.CodeType) -> None:
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(eval(code, self.names))
        else:
            exec(code, self.names)

    def explain(self, error: BaseException, label: str) -> tuple[str, str, tuple[int, ...]]:
        """Return the error's class name, its message with the student's own frames, innermost last, and the lines.

        The lines are those of the cell `label` among the frames.
        """
        kind = type.__dict__["__name__"].__get__(type(error))
        try:
            if isinstance(error, SyntaxError):
                message = str(error.msg)
            elif isinstance(error, KeyError) and error.args:
                message = repr(error.args[0])
            else:
                message = str(error)
        except Exception:
            message = "(its message cannot be read)"
        frames = self._frames(error)
        cut = ["…"] if len(frames) > _FRAMES else []
        if cut:
            frames = [frames[0], *frames[1 - _FRAMES :]]
        told = [self._place(*frame) for frame in frames]
        told[1:1] = cut
        # A SyntaxError that student code makes may have any number for a line.
        lines = tuple(line for file, line, _ in frames if self._label(file) == label and line in _LINES)
        parts = [self._without_paths(message)[:_MESSAGE].strip(), *told]
        return " ".join(kind[:80].split()), "\n".join(part for part in parts if part), lines

    def _frames(self, error: BaseException) -> list[tuple[str, int, str]]:
        """The file, line and function of each of the student's own frames."""
        if isinstance(error, SyntaxError) and error.filename in self.labels and error.lineno:
            return [(error.filename, error.lineno, "")]
        frames: list[tuple[str, int, str]] = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if self._label(code.co_filename):
                name = "" if code.co_name == "<module>" else code.co_name
                frames.append((code.co_filename, trace.tb_lineno, name))
                if len(frames) > 2_000:
                    del frames[1:1_000]
            trace = trace.tb_next
        return frames

    def _label(self, filename: str) -> str:
        if filename in self.labels:
            return self.labels[filename]
        return filename[len(self.home) + 1 :] if filename.startswith(self.home + os.sep) else ""

    def _place(self, filename: str, line: int, function: str) -> str:
        text = linecache.getline(filename, line).strip()[:_LINE]
        where = f"{self._label(filename)}, line {line}" + (f", in {function}" if function else "")
        return f"{where}: `{text}`" if text else where

    def _without_paths(self, message: str) -> str:
        for prefix in (self.home, sys.prefix, sys.base_prefix):
            if len(prefix) > 1:
                message = message.replace(prefix + os.sep, "").replace(prefix, ".")
        return message


def _as_python(source: str) -> str | None:
    """Return the cell with IPython's magics turned into calls, or None where IPython is not there."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return None
    return str(TransformerManager().transform_cell(source))
