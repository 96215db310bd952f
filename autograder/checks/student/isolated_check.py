"""The process in which `python -m checks` runs a notebook: its cells in order, its checks where they stand.

It tells what happens in lines of JSON, so that whoever waits knows which cell it was when nothing comes any more.
"""

from __future__ import annotations

import ast
import json
import linecache
import os
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..pasted import slip_in
from .notebook_file import Cell, python, read
from .student_check import examine

Tell = Callable[..., None]


def main() -> None:
    """Run the notebook named first, without the cells whose places are named after it, and tell what happens."""
    # The student's prints are not wanted, and must not get between our lines.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as told:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)

        def tell(**event: Any) -> None:
            told.write(json.dumps(event) + "\n")
            told.flush()

        run(read(Path(sys.argv[1])), set(map(int, sys.argv[2:])), tell)
        tell(end=True)
        # Threads and exit handlers of the student's are not waited for.
        os._exit(0)


def run(cells: Iterable[Cell], without: set[int], tell: Tell) -> None:
    """Run all cells but those that only draw; a cell that fails is told, and the next one runs."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    names = module.__dict__
    names.update(display=_nothing, get_ipython=_Shell)
    for place, cell in enumerate(cells):
        if place in without or cell.kind == "draws":
            continue
        tell(at=place)
        if cell.kind == "check":
            _check(cell.name, names, place, tell)
            continue
        try:
            _execute(cell, names, place)
        except NotImplementedError:
            # A stub that is used says no more than its own check does.
            continue
        except (Exception, SystemExit) as error:
            slip = slip_in(cell.source, type(error).__name__)
            tell(at=place, error=" ".join(filter(None, [_words(error), slip])))


def _check(name: str, names: dict[str, Any], place: int, tell: Tell) -> None:
    try:
        verdict = examine(name, names)
    except ValueError as error:
        tell(at=place, error=str(error))
        return
    tell(at=place, verdict=asdict(verdict))


def _execute(cell: Cell, names: dict[str, Any], place: int) -> None:
    source, filename = python(cell.source), f"<cell {place}>"
    # So that an error can show the line it happened in.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    if cell.kind != "setup":
        exec(compile(source, filename, "exec", dont_inherit=True), names)
        return
    # A setup cell imports several things: where one is missing here, the others are still wanted.
    for statement in ast.parse(source).body:
        try:
            exec(compile(ast.Module([statement], []), filename, "exec", dont_inherit=True), names)
        except Exception as error:
            if not _only_for_pictures(error, statement):
                raise


def _only_for_pictures(error: Exception, statement: ast.stmt) -> bool:
    """Whether what failed is matplotlib, without which everything can be checked."""
    if isinstance(error, ModuleNotFoundError):
        return (error.name or "").split(".")[0] == "matplotlib"
    return isinstance(error, NameError) and ast.unparse(statement).startswith("plt.")


def _words(error: BaseException) -> str:
    # A SyntaxError's text names our file beside the message.
    number, told = (error.lineno, error.msg) if isinstance(error, SyntaxError) else (None, str(error))
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<cell"):
            number = trace.tb_lineno
        trace = trace.tb_next
    where = f" (line {number} of the cell)" if number else ""
    message = told.splitlines()[0][:300] if told else ""
    return f"{type(error).__name__}: {message}".removesuffix(": ") + where


class _Shell:
    """What `get_ipython()` gives: everything may be called and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    """Accept everything, do nothing."""


if __name__ == "__main__":
    main()
