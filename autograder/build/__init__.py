"""Build the notebooks: assignments + solutions → source_nbs → release, the same bytes for the same input."""

from __future__ import annotations

import importlib
import json
import runpy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..layout import Layout, module_name
from .errors import BuildError
from .files import CHECKS, assignment_files, broken_links, checks_files, files_below, requirements
from .lift import Module
from .notebook import notebook
from .release import CONFIG, release_files, write_files

if TYPE_CHECKING:
    from ..checks.problem import Problem

    Load = Callable[[str], Problem]
    Functions = dict[str, Callable[..., Any]]
    Tables = Callable[[Sequence[str], Functions], Mapping[str, bytes]]

__all__ = ["BuildError", "build", "built_files", "check_built", "stale"]


def build(
    course: Path,
    assignment: str = "vae",
    *,
    load: Load | None = None,
    tables: Tables | None = None,
    checks: Path = CHECKS,
) -> None:
    """Write `source_nbs/<assignment>` and `release/<assignment>` of a course folder.

    `load(stem)` gives the problem of a notebook, `tables(stems, right)` the baked tables by path below `checks/`, made
    with the reference functions by name; without `load` both come from `autograder.problems`. Raises BuildError
    before anything is written.
    """
    course = course.resolve()
    layout = Layout(course, assignment)
    fresh = built_files(course, assignment, load=load, tables=tables, checks=checks)
    write_files(course, fresh)
    for folder in (layout.source, layout.release):
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
                else:
                    path.chmod(0o755)
            elif path.relative_to(course).as_posix() not in fresh:
                path.unlink()


def stale(
    course: Path,
    assignment: str = "vae",
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
    found += [f"{path}: different" for path in fresh.keys() & there if (course / path).read_bytes() != fresh[path]]
    return sorted(found)


check_built = stale


def built_files(
    course: Path,
    assignment: str = "vae",
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
        source = _source_files(layout, load, tables, checks)
        released = release_files(source, assignment, course / CONFIG)
    except BuildError as error:
        raise BuildError(str(error).replace(f"{course}/", "")) from error.__cause__
    both = ((layout.source, source), (layout.release, released))
    return {
        (folder / path).relative_to(course).as_posix(): content
        for folder, files in both
        for path, content in sorted(files.items())
    }


def _source_files(layout: Layout, load: Load, tables: Tables | None, checks: Path) -> dict[str, bytes]:
    stems = layout.stems()
    if not stems:
        raise BuildError(f"{layout.texts}: no texts there; a text is named like 03_gaussian_kl.md.")
    files = checks_files(checks, map(module_name, stems)) | assignment_files(layout)
    files["requirements.txt"] = requirements(layout.course)
    try:
        problems = {stem: load(stem) for stem in stems}
        _no_name_twice(problems)
        for stem in stems:
            place = layout.text(stem).relative_to(layout.course).as_posix()
            text = layout.text(stem).read_text(encoding="utf-8")
            made = notebook(text, place, problems[stem], Module(layout.solution(stem)))
            files[f"{stem}.ipynb"] = made.encode()
        baked = tables(stems, _references(layout, problems)) if tables else {}
    except ValueError as error:
        # The registry's own sentences: a problem without checks, probes that tell too little.
        raise BuildError(str(error)) from error
    files |= {f"checks/{path}": content for path, content in baked.items()}
    for stem in stems:
        cells = json.loads(files[f"{stem}.ipynb"])["cells"]
        words = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        broken = broken_links(words, files)
        if broken:
            raise BuildError(f"{layout.text(stem)}: links to {', '.join(broken)}, which students do not get.")
    return files


def _no_name_twice(problems: Mapping[str, Problem]) -> None:
    owners: dict[str, str] = {}
    for stem, problem in problems.items():
        for exercise in problem.exercises:
            if owners.setdefault(exercise.name, stem) != stem:
                raise BuildError(f"`{exercise.name}` is an exercise of {owners[exercise.name]} and {stem}; rename one.")


def _references(layout: Layout, problems: Mapping[str, Problem]) -> Functions:
    """Run the reference modules by path, so that this package imports none, and return the functions of exercises."""
    found: Functions = {}
    for stem, problem in problems.items():
        names = runpy.run_path(str(layout.solution(stem)))
        found |= {one.name: names[one.name] for one in problem.exercises if callable(names.get(one.name))}
    return found
