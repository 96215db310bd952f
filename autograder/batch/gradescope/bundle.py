"""The zip file of an autograder for Gradescope: two scripts, this package, the built notebooks, and what was drawn before.

What must be in it, and where Gradescope puts it: gradescope-autograders.readthedocs.io, Specifications.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

from ...course.built_notebooks import load_sources, not_followed, points_of, written_points_of
from ...course.layout import Layout
from ...course.own_checks import own_files
from ...course.settings import FILE, load_config, note_on_seed
from ...files.atomic import write_atomically
from ...problems import CourseCache, use_built_numbers, use_cache
from ...problems.examination import examination, work_out
from .wheel import NAME, packed, wheel

CONSTRAINTS, CACHE, ABOUT, COURSE = "constraints.txt", "cache", "about.json", "course"
SCRIPTS = ("setup.sh", "run_autograder")
# What a student's code and the grader read of a release: no pictures, no extras.
_NOT_READ = ("images", "extras", "__pycache__")


class BundleError(ValueError):
    """The zip file cannot be made; the message says why and what to do."""


def bundle(layout: Layout, out: Path, walls: str = "") -> list[str]:
    """Write the zip file; return sentences on what an instructor should know. Raises BundleError, ConfigError, NoSources.

    `walls` is the tier to insist on there, empty for the best that holds.
    """
    if out.suffix.lower() != ".zip" or not out.absolute().parent.is_dir():
        raise BundleError(f"{out} must be the name of a zip file in a folder that is there.")
    if not (layout.texts / FILE).is_file():
        raise BundleError(
            f"There is no {layout.texts / FILE}: without it the hidden inputs would be those of seed 0, which everybody "
            "can know. Copy that file from where the notebooks were built."
        )
    config, sources = load_config(layout), load_sources(layout.source)
    points, written = points_of(sources), written_points_of(sources)
    differ = not_followed(config, points, use_built_numbers(layout.source, config), written)
    if differ:
        raise BundleError(
            f"The built notebooks do not follow {FILE} in {', '.join(differ)}: run `autograder build` first."
        )
    name, content = wheel()
    files = {one: _script(one) for one in SCRIPTS}
    files[name] = content
    files[CONSTRAINTS] = _constraints(layout)
    # Not the key of a batch: what was worked out here holds for this very package, whatever the versions there.
    key = hashlib.sha256(content).hexdigest()
    files[ABOUT] = json.dumps({"assignment": layout.assignment, "walls": walls, "key": key}).encode()
    exercises = [(one.stem, exercise) for one in sources for exercise in one.exercises]
    files |= {f"{CACHE}/{one}": made for one, made in _worked_out(exercises, config.seed, key).items()}
    files |= {f"{COURSE}/{inside}": path.read_bytes() for inside, path in sorted(_course(layout).items())}
    write_atomically(out, [packed(files, frozenset(SCRIPTS))])
    words = round(sum(written.values()), 4)
    told = [f"In Gradescope the assignment must have {round(sum(points.values()), 4):g} points for the autograder."]
    if words:
        told.append(f"Answers in words ({words:g} points) are not graded there: add manual questions for them.")
    return [*told, *filter(None, [note_on_seed(config)])]


def _worked_out(exercises: Sequence[tuple[str, str]], seed: int, key: str) -> dict[str, bytes]:
    """What takes seconds and depends on the course alone, as the files of a cache: each submission there is a batch of one."""
    with tempfile.TemporaryDirectory() as folder:
        use_cache(CourseCache(Path(folder), key))
        try:
            # What this process knows already would not be stored.
            examination.cache_clear()
            for stem, name in exercises:
                work_out(stem, name, seed)
        finally:
            use_cache(None)
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def _script(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


def _course(layout: Layout) -> dict[str, Path]:
    """The files of the course that are read there, by their names in the course folder; links become files."""
    found = {f"assignments/{layout.assignment}/{FILE}": layout.texts / FILE}
    for folder, inside in ((layout.source, "source_nbs"), (layout.release, "release")):
        for path in folder.glob("*.ipynb"):
            found[f"{inside}/{layout.assignment}/{path.name}"] = path
        for path in (folder / "data").rglob("*"):
            parts = path.relative_to(folder).parts
            if path.is_file() and not set(parts) & set(_NOT_READ):
                found[f"{inside}/{layout.assignment}/{'/'.join(parts)}"] = path
    own = own_files(layout.course)
    return found | {path.relative_to(layout.course.resolve()).as_posix(): path for path in own}


def _constraints(layout: Layout) -> bytes:
    """The versions to install: those that the course folder lays down, or else those that run here."""
    path = layout.course / CONSTRAINTS
    if path.is_file():
        return path.read_bytes()
    found = {one.name: one.version for one in distributions() if one.name and one.name != NAME}
    # A local version ("+cpu") is in no registry.
    lines = [f"{name}=={version}" for name, version in sorted(found.items()) if "+" not in version]
    return ("\n".join(["# The versions that graded where this was made.", *lines, ""])).encode()
