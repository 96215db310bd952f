"""Build the notebooks: assignments + solutions → source_nbs → release, the same bytes for the same input."""

from __future__ import annotations

import importlib
from pathlib import Path

from ...course.layout import CONFIG, Layout
from .errors import BuildError
from .files import CHECKS, alike, files_below
from .links import mend_settings, targets, write_link
from .release import release_files, write_files
from .sources import Load, Tables, source_files

__all__ = ["BuildError", "build", "built_files", "stale"]


def build(
    course: Path,
    assignment: str,
    *,
    load: Load | None = None,
    tables: Tables | None = None,
    checks: Path = CHECKS,
) -> None:
    """Write `source_nbs/<assignment>` and `release/<assignment>` of a course folder.

    What stands in the course folder already is a link in `source_nbs`; `release` has files alone.

    `load(stem)` gives the problem of a notebook, `tables(stems, right)` the baked tables by path below `checks/`, made
    with the reference functions by name; without `load` both come from `autograder.problems`. Raises BuildError
    before anything is written.
    """
    course = course.resolve()
    layout = Layout(course, assignment)
    mend_settings(course)
    fresh = built_files(course, assignment, load=load, tables=tables, checks=checks)
    start = layout.source.relative_to(course).as_posix() + "/"
    source = {name.removeprefix(start): content for name, content in fresh.items() if name.startswith(start)}
    linked = targets(layout, checks, source)
    _without_linked_folders(layout)
    write_files(course, {name: one for name, one in fresh.items() if name.removeprefix(start) not in linked})
    for name, target in linked.items():
        write_link(layout.source / name, target, source[name])
    for folder in (layout.source, layout.release):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
                else:
                    path.chmod(0o755)
            elif path.relative_to(course).as_posix() not in fresh:
                path.unlink()


def _without_linked_folders(layout: Layout) -> None:
    """Take away links to folders, through which a build would write into the course's own files."""
    for folder in (layout.source, layout.release):
        for path in [folder, *folder.rglob("*")]:
            if path.is_symlink() and path.is_dir():
                path.unlink()


def stale(
    course: Path,
    assignment: str,
    *,
    load: Load | None = None,
    tables: Tables | None = None,
    checks: Path = CHECKS,
) -> list[str]:
    """Return what a build would change, one entry a file: its path and whether it is missing, extra or different."""
    course = course.resolve()
    layout = Layout(course, assignment)
    fresh = built_files(course, assignment, load=load, tables=tables, checks=checks)
    there = {
        (folder / path).relative_to(course).as_posix()
        for folder in (layout.source, layout.release)
        for path in files_below(folder)
    }
    found = [f"{path}: missing" for path in fresh.keys() - there]
    found += [f"{path}: extra" for path in there - fresh.keys()]
    both = fresh.keys() & there
    found += [f"{path}: different" for path in both if not alike((course / path).read_bytes(), fresh[path])]
    return sorted(found)


def built_files(
    course: Path,
    assignment: str,
    *,
    load: Load | None = None,
    tables: Tables | None = None,
    checks: Path = CHECKS,
) -> dict[str, bytes]:
    """Return all files of a fresh build by path below the course folder, without writing any there."""
    course = course.resolve()
    layout = Layout(course, assignment)
    if load is None:
        problems = importlib.import_module("autograder.problems")
        load, tables = problems.load, tables or getattr(problems, "tables", None)
    try:
        source = source_files(layout, load, tables, checks)
        released = release_files(source, assignment, course / CONFIG)
    except BuildError as error:
        raise BuildError(str(error).replace(f"{course}/", "")) from error.__cause__
    both = ((layout.source, source), (layout.release, released))
    return {
        (folder / path).relative_to(course).as_posix(): content
        for folder, files in both
        for path, content in sorted(files.items())
    }
