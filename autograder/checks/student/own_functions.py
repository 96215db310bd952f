"""The functions a student has written in the notebooks of the lessons, for a notebook that builds on them."""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..registry import modules
from .notebook import needs, todo
from .notebook_file import Cell, Unreadable, python, read

# Of cells that are no answers only this is run: a helper is wanted, a picture or a long computation is not.
_DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class Pieces(SimpleNamespace):
    """The functions by name; one that is not there yet raises NotImplementedError when it is called, as a stub does."""


def written(*names: str, folder: str | Path | None = None) -> Pieces:
    """Return the functions that answer the exercises `names`, read from the notebooks, and say which are still missing.

    The notebooks are looked for beside the package `checks`, then in the working folder and in the one above, unless
    `folder` names their place. Only what is saved is seen. A missing function is looked for again at every call, so that a
    cell inside `needs(...)` waits for it.
    """
    stems = {exercise.name: problem.stem for problem in modules().values() for exercise in problem.exercises}
    shelf = _Shelf(None if folder is None else Path(folder))
    pieces = Pieces()
    reasons: dict[str, list[str]] = {}
    for name in names:
        stem = stems.get(name, "")
        found = shelf.look(stem, name)
        if isinstance(found, _Missing):
            reasons.setdefault(f"{stem}.ipynb: {found.why}" if stem else found.why, []).append(f"`{name}`")
            setattr(pieces, name, _Waiting(stem, name, shelf.folder))
        else:
            setattr(pieces, name, found)
    for why, waiting in reasons.items():
        print(f"Waiting for {_listed(waiting)} ({why}).")
    if reasons:
        print("What needs them waits. Write and save them there, then run the waiting cells again.")
    for note in dict.fromkeys(shelf.notes):
        print(note)
    return pieces


@dataclass(frozen=True)
class _Missing:
    """Why a function is not there, as the end of a sentence."""

    why: str


class _Waiting:
    """In the place of a function that is not there yet: looks for it anew at every call, and raises while there is none."""

    def __init__(self, stem: str, name: str, folder: Path | None) -> None:
        self._stem, self._name, self._folder = stem, name, folder

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        found = _Shelf(self._folder).look(self._stem, self._name)
        if isinstance(found, _Missing):
            raise NotImplementedError(f"{self._name}: {found.why}")
        return found(*args, **kwargs)


@dataclass
class _Read:
    """What running a notebook's answers left: names, and by exercise what is a stub, what failed and how often it stands."""

    namespace: dict[str, Any]
    stubs: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)


class _Shelf:
    """The notebooks of one folder, each read once."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.notes: list[str] = []
        beside = Path(__file__).resolve().parents[2]
        self._places = [beside, Path.cwd(), Path.cwd().parent] if folder is None else [folder]
        self._read: dict[str, _Read | _Missing] = {}

    def look(self, stem: str, name: str) -> Callable[..., Any] | _Missing:
        """Return the function, or why there is none."""
        if not stem:
            return _Missing("no notebook here asks for it")
        if stem not in self._read:
            self._read[stem] = self._open(stem)
        done = self._read[stem]
        if isinstance(done, _Missing):
            return done
        if done.count.get(name, 0) > 1:
            self.notes.append(f"The answer cell of `{name}` is more than once in {stem}.ipynb; the last one counts.")
        found = done.namespace.get(name)
        if callable(found) and name not in done.stubs:
            function: Callable[..., Any] = found
            return function
        if name in done.failures:
            return _Missing(f"the cell does not run ({done.failures[name]})")
        if found is not None and name not in done.stubs:
            return _Missing(f"it is no function but {type(found).__name__}")
        return _Missing("not written yet")

    def _open(self, stem: str) -> _Read | _Missing:
        path = next((place / f"{stem}.ipynb" for place in self._places if (place / f"{stem}.ipynb").is_file()), None)
        if path is None:
            return _Missing("the notebook is not in the folder that holds `checks`")
        try:
            return _run(read(path))
        except Unreadable:
            return _Missing("the file cannot be read as a notebook")


def _run(cells: Sequence[Cell]) -> _Read:
    """Run answer cells whole and of the others what they define, in order; nothing they print is shown."""
    # A student's own check inside an answer cell shall not show its table here.
    ours = {"todo": todo, "needs": needs, "check": lambda name: None}
    done = _Read({"__name__": "written", "np": np})
    for cell in cells:
        answers = cell.kind == "answer"
        if answers:
            done.namespace |= ours
            done.count[cell.name] = done.count.get(cell.name, 0) + 1
        try:
            with _quiet():
                for statement in ast.parse(python(cell.source)).body:
                    if answers:
                        _execute(statement, done)
                    elif isinstance(statement, _DEFINES):
                        with contextlib.suppress(Exception):
                            _execute(statement, done)
        except (Exception, SystemExit) as error:
            # Whatever a student's cell raises is said in a line where its exercise is asked for.
            if answers:
                done.failures[cell.name] = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    return done


def _execute(statement: ast.stmt, done: _Read) -> None:
    # The future of this module is not that of the student's cell.
    exec(compile(ast.Module([statement], []), "<written>", "exec", dont_inherit=True), done.namespace)
    if isinstance(statement, ast.FunctionDef):
        (done.stubs.add if _is_stub(statement) else done.stubs.discard)(statement.name)
    elif isinstance(statement, ast.Assign):
        done.stubs -= {target.id for target in statement.targets if isinstance(target, ast.Name)}


def _is_stub(function: ast.FunctionDef) -> bool:
    """Whether the body comes to `todo()`, or to raising NotImplementedError, before it returns anything."""
    for statement in function.body:
        if isinstance(statement, ast.Return):
            return False
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            if isinstance(called, ast.Name) and called.id == "todo":
                return True
        if isinstance(statement, ast.Raise) and "NotImplementedError" in ast.unparse(statement):
            return True
    return False


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    sink = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        warnings.simplefilter("ignore")
        yield


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
