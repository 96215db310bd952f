"""Write the four files of a new problem: an example that builds, passes `verify`, and is changed piece by piece."""

from __future__ import annotations

import keyword
import re
import shutil
from pathlib import Path

from ..build.release import CONFIG, OURS
from ..config import FILE
from ..home import PACKAGE, home_of
from ..layout import STEM, Layout, module_name
from . import example

_WORD = re.compile(r"STEM|MODULE|NAME|TITLE")


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
    texts = {
        layout.text(stem): example.TEXT,
        layout.solution(stem): example.SOLUTION,
        home.checks / name / "__init__.py": example.CHECKS,
        home.hidden / name / "__init__.py": example.HIDDEN,
    }
    taken = [*texts, home.checks / f"{name}.py", home.hidden / f"{name}.py"]
    for path in taken:
        if path.exists():
            raise FileExistsError(f"{path} is there already and stays as it is; choose another name.")
    if not (layout.texts / FILE).exists():
        texts[layout.texts / FILE] = example.SETTINGS
    words = {"STEM": stem, "MODULE": name, "NAME": f"{name}_example", "TITLE": name.replace("_", " ").capitalize()}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_WORD.sub(lambda found: words[found[0]], text), encoding="utf-8")
    return [*texts, *_config(layout.course)]


def _config(course: Path) -> list[Path]:
    """Give a new course folder the settings of nbgrader that builds use."""
    path = course / CONFIG
    if path.exists():
        return []
    shutil.copyfile(OURS, path)
    return [path]
