"""The plain nbgrader road: grade an exercise inside the kernel that runs the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .checks.local import LocalSubject
from .checks.notebook import Shown, show
from .checks.running import run
from .checks.verdict import as_html, as_text
from .config import Config, load_config
from .home import adopt
from .layout import Layout
from .problems import examination_after, named_in, public

TITLE = "graded"
CONFIG = "nbgrader_config.py"

_named: dict[str, str | None] = {}


@cache
def _here() -> tuple[Layout, Config]:
    """The course around the working directory and its settings: <course>/autograded/<student>/<assignment> when graded."""
    place = Path.cwd()
    course = next((folder for folder in (place, *place.parents) if (folder / CONFIG).is_file()), place)
    layout = Layout(course, place.name)
    if not layout.texts.is_dir():
        only = sorted((course / "assignments").glob("*/assignment.toml"))
        layout = Layout(course, only[0].parent.name) if only else layout
    adopt(course)
    return layout, load_config(layout)


def grade_here(name: str, namespace: Mapping[str, Any]) -> float:
    """Grade one exercise of a namespace and show the verdict; raises ValueError for an unknown exercise."""
    layout, config = _here()
    stems = [stem for stem in layout.stems() if any(one.name == name for one in public(stem).exercises)]
    if not stems:
        raise ValueError(f"There is no exercise called {name!r} in {layout.texts}.")
    one = examination_after(stems[0], name, config.seed, _named, config.points.get(name))
    verdict = run(one.exercise, LocalSubject(namespace), one.bank, recognise=one.recognise, seed=one.seed)
    _named[name] = named_in(verdict)
    show(Shown(as_text(verdict, TITLE, with_points=True), as_html(verdict, TITLE, with_points=True)))
    return float(verdict.points)
