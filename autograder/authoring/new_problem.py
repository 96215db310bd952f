"""Begin a problem, or one exercise more: an example that builds, passes `verify`, and is changed piece by piece."""

from __future__ import annotations

import ast
import keyword
import re
import shutil
from pathlib import Path

from ..course.layout import CONFIG, STEM, Layout, module_name
from ..course.own_checks import PACKAGE, home_of
from ..course.settings import FILE
from . import example_problem
from .builder.release import OURS

_WORD = re.compile(r"STEM|MODULE|NAME|TITLE|ORDINAL")
_EXERCISE = re.compile(r"[a-z][a-z0-9_]*")
_SLOT = re.compile(r'exercise="')


def create(layout: Layout, stem: str) -> list[Path]:
    """Write the files of the problem `stem`, and of the assignment what is not there yet; returns what was written.

    Raises ValueError for a name that cannot be used, and FileExistsError before anything is written where a file is there.
    """
    if not STEM.fullmatch(stem):
        raise ValueError(f"{stem!r} is no name for a problem: two digits, then a name in small letters, like 06_flows.")
    name, home = module_name(stem), home_of(layout.course)
    if keyword.iskeyword(name):
        raise ValueError(f"{name!r} is a word of Python's own, and no module can have that name: choose another.")
    for folder in ("checks", "hidden"):
        if any((PACKAGE / folder / place).exists() for place in (f"{name}.py", f"{name}/__init__.py")):
            raise FileExistsError(f"The autograder has a module {folder}/{name} already; choose another name.")
    first = f"{name}_example"
    texts = {
        layout.text(stem): example_problem.TEXT,
        layout.solution(stem): example_problem.SOLUTION,
        home.checks / name / "__init__.py": example_problem.CHECKS,
        home.checks / name / f"{first}.py": example_problem.EXERCISE_CHECKS,
        home.hidden / name / "__init__.py": example_problem.HIDDEN,
        home.hidden / name / f"{first}.py": example_problem.EXERCISE_HIDDEN,
    }
    taken = [*texts, home.checks / f"{name}.py", home.hidden / f"{name}.py"]
    for path in taken:
        if path.exists():
            raise FileExistsError(f"{path} is there already and stays as it is; choose another name.")
    if not (layout.texts / FILE).exists():
        texts[layout.texts / FILE] = example_problem.SETTINGS
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(text, stem, first, 1), encoding="utf-8")
    return [*texts, *_config(layout.course)]


def add_exercise(layout: Layout, stem: str, exercise: str) -> list[Path]:
    """Write the two modules of an exercise, and add it to the text, the solutions and the list of the problem `stem`.

    Returns what was written or changed. Raises ValueError for names that cannot be used, and FileExistsError before
    anything is written where a module is there.
    """
    name, home = module_name(stem), home_of(layout.course)
    text, solution, listed = layout.text(stem), layout.solution(stem), home.checks / name / "__init__.py"
    if not _EXERCISE.fullmatch(exercise) or keyword.iskeyword(exercise):
        raise ValueError(f"{exercise!r} is no name for an exercise: small letters, digits and _, like flow_step.")
    if exercise in ("shared", "maps"):
        raise ValueError(f"{exercise!r} is the name of a module that several exercises share: choose another.")
    for path in (text, solution, listed):
        if not path.is_file():
            raise ValueError(f"{path} is not there: `autograder new {stem}` begins the problem.")
    if f'exercise="{exercise}"' in "".join(path.read_text(encoding="utf-8") for path in layout.texts.glob("*.md")):
        raise ValueError(f"There is an exercise {exercise} already: choose another name.")
    entry = _listed(listed.read_text(encoding="utf-8"), exercise, listed)
    number = len(_SLOT.findall(text.read_text(encoding="utf-8"))) + 1
    modules = {
        home.checks / name / f"{exercise}.py": example_problem.EXERCISE_CHECKS,
        home.hidden / name / f"{exercise}.py": example_problem.EXERCISE_HIDDEN,
    }
    for path in modules:
        if path.exists():
            raise FileExistsError(f"{path} is there already and stays as it is; choose another name.")
    for path, more, between in (
        (text, example_problem.EXERCISE_TEXT, "\n"),
        (solution, example_problem.FUNCTION, "\n\n"),
    ):
        there = path.read_text(encoding="utf-8").rstrip() + "\n"
        path.write_text(there + between + _filled(more, stem, exercise, number), encoding="utf-8")
    listed.write_text(entry, encoding="utf-8")
    for path, content in modules.items():
        path.write_text(_filled(content, stem, exercise, number), encoding="utf-8")
    return [text, solution, listed, *modules]


def _listed(source: str, exercise: str, path: Path) -> str:
    """The source of a problem with the exercise imported, and listed after the last one; raises ValueError."""
    entries = list(re.finditer(r"^.*?(\w+)\.EXERCISE.*$", source, re.MULTILINE))
    imports = [one for one in ast.parse(source).body if isinstance(one, ast.ImportFrom) and not one.module]
    if not entries or not imports:
        raise ValueError(
            f"{path} does not list its exercises as NAME.EXERCISE, one a line: add {exercise} there by hand."
        )
    last = entries[-1]
    line = last[0].replace(f"{last[1]}.EXERCISE", f"{exercise}.EXERCISE").rstrip(",") + ","
    source = source[: last.end()] + ("" if last[0].endswith(",") else ",") + "\n" + line + source[last.end() :]
    old = imports[-1]
    names = sorted({*(alias.name for alias in old.names), exercise})
    new = f"from . import {', '.join(names)}"
    if len(new) > 120:
        new = "from . import (\n" + "".join(f"    {one},\n" for one in names) + ")"
    lines = source.splitlines()
    lines[old.lineno - 1 : old.end_lineno] = [new]
    return "\n".join(lines) + "\n"


def _filled(text: str, stem: str, exercise: str, number: int) -> str:
    name = module_name(stem)
    title = name.replace("_", " ").capitalize()
    words = {"STEM": stem, "MODULE": name, "NAME": exercise, "TITLE": title, "ORDINAL": str(number)}
    return _WORD.sub(lambda found: words[found[0]], text)


def _config(course: Path) -> list[Path]:
    """Give a new course folder the settings of nbgrader that builds use."""
    path = course / CONFIG
    if path.exists():
        return []
    shutil.copyfile(OURS, path)
    return [path]
