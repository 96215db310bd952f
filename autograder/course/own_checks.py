"""Where the checks of a course's problems are: in the autograder itself, or in folders of the course's own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .layout import module_name

PACKAGE = Path(__file__).resolve().parents[1]
_ROOT = PACKAGE.name
_on_change: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Home:
    """The folders that hold the public checks and the hidden ones of a course's problems, one module a problem."""

    course: Path
    checks: Path
    hidden: Path

    def words(self, folder: Path, stem: str) -> str:
        """Where in the course folder the module of a notebook is, or should be: checks/flows."""
        return (folder / module_name(stem)).relative_to(self.course).as_posix()


def home_of(course: Path) -> Home:
    """Return where the problems of a course are written: in the autograder where it lies in that very folder."""
    course = course.resolve()
    inside = PACKAGE if course == PACKAGE.parent else course
    return Home(course, inside / "checks", inside / "hidden")


def use_course_checks(course: Path) -> None:
    """Let the problems of a course be found, and those of another one no longer.

    Its folders `checks` and `hidden` become part of the packages of these names, so that a public check imports what it
    needs in the same words here and in the students' folder. Raises ValueError where a name is taken.
    """
    home = home_of(course)
    changed = False
    for name, folder in (("checks", home.checks), ("hidden", home.hidden)):
        package = importlib.import_module(f"{_ROOT}.{name}")
        own = PACKAGE / name
        foreign = folder != own and folder.is_dir()
        if foreign:
            _no_name_twice(own, folder)
        wanted = [str(own), *([str(folder)] if foreign else [])]
        if list(package.__path__) != wanted:
            _forget(package.__name__, own)
            package.__path__[:] = wanted
            changed = True
    if changed:
        importlib.invalidate_caches()
        found_anew()


def on_change(forget: Callable[[], None]) -> None:
    """Have `forget` called whenever other problems are to be found: for who keeps any in memory."""
    _on_change.append(forget)


def found_anew() -> None:
    """Have everything forgotten that was kept of the problems, as after a change of what they ask."""
    for forget in _on_change:
        forget()


def own_files(course: Path) -> list[Path]:
    """Return the modules that hold a course's own problems, none where the autograder holds them."""
    home = home_of(course)
    if home.checks.is_relative_to(PACKAGE):
        return []
    return sorted(path for folder in (home.checks, home.hidden) for path in folder.rglob("*.py") if path.is_file())


def _names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}


def _no_name_twice(own: Path, folder: Path) -> None:
    taken = sorted((_names(own) & _names(folder)) - {"__init__"})
    if taken:
        raise ValueError(
            f"{folder / taken[0]}: the autograder has a module {folder.name}/{taken[0]} itself; give the problem (its "
            "text, its solution and its checks) another name."
        )


def _forget(package: str, own: Path) -> None:
    """Drop the loaded modules of a package that do not come from the autograder itself."""
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None)
        if name.startswith(f"{package}.") and place and not Path(place).resolve().is_relative_to(own):
            del sys.modules[name]
            above, _, last = name.rpartition(".")
            if above in sys.modules:
                vars(sys.modules[above]).pop(last, None)
