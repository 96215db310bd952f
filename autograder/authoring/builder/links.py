"""One copy: what stands in the course already is linked in the instructor's folder, file by file.

nbgrader copies what a link to a file leads to, and skips links to folders. The students' folder has no links.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ...course.layout import CONFIG, Layout
from ...course.links import is_text_of_a_link
from ...course.own_checks import home_of


def targets(layout: Layout, checks: Path, source: Mapping[str, bytes]) -> dict[str, str]:
    """Return the relative targets of the files of a source folder that are those of the course, by their paths.

    Only what lies in the course folder is linked, so that the links stay right where the folder goes: the core of the
    checks of an installed autograder is copied.
    """
    course = layout.course.resolve()
    own = home_of(course).checks
    found = {}
    for path, content in source.items():
        for origin in _origins(path, layout.texts, (checks, own)):
            inside = origin.resolve().is_relative_to(course)
            if inside and origin.is_file() and origin.read_bytes() == content:
                found[path] = os.path.relpath(origin, (layout.source / path).parent)
                break
    return found


def mend_settings(course: Path) -> None:
    """Make a link, or a copy, of nbgrader's settings where git left a text that holds the path of a link."""
    settings = course / CONFIG
    if is_text_of_a_link(settings):
        target = settings.read_text(encoding="utf-8")
        write_link(settings, target, (course / target).read_bytes())


def _origins(path: str, texts: Path, checks: Iterable[Path]) -> list[Path]:
    """Where a built file may come from unchanged."""
    below = path.removeprefix("checks/")
    return [texts / path] if below == path else [folder / below for folder in checks]


def write_link(path: Path, target: str, content: bytes) -> None:
    """Link a file, or write its content where the system makes no links."""
    if path.is_symlink() and path.readlink() == Path(target):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        path.symlink_to(target)
    except (OSError, NotImplementedError):
        path.write_bytes(content)
        path.chmod(0o644)
