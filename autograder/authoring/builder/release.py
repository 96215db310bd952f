"""The students' folder, made by nbgrader's own generate_assignment in a course folder that lasts only for the build."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ...course.layout import CONFIG
from ...course.links import is_text_of_a_link
from .errors import BuildError
from .files import alike, files_below
from .solution_source import MARKS

OURS = Path(__file__).with_name(CONFIG)
"""The settings that this project brings along; nbgrader runs the file, nothing imports it."""


def release_files(source: Mapping[str, bytes], assignment: str, config: Path) -> dict[str, bytes]:
    """Return what nbgrader releases from the files of a source folder, by relative path.

    `config` is the course's nbgrader_config.py; no gradebook is opened. Raises BuildError with nbgrader's
    own words where it refuses a notebook.
    """
    if not config.is_file():
        raise BuildError(
            f"{config}: missing; copy the one of the project into the course folder; `autograder new` brings it along."
        )
    if is_text_of_a_link(config):
        raise BuildError(
            f"{config}: holds the path of a link, as git writes it where it makes no links: run `autograder build`."
        )
    with tempfile.TemporaryDirectory(prefix="autograder-build-") as folder, _unchanged():
        root = Path(folder).resolve()
        write_files(root / "source_nbs" / assignment, source)
        _generate(root, assignment, config)
        made = root / "release" / assignment
        found = {path: (made / path).read_bytes() for path in files_below(made)}
    if found.keys() != source.keys():
        odd = ", ".join(sorted(found.keys() ^ source.keys()))
        raise BuildError(f"nbgrader does not release the same files: {odd}; rename them, or see {config}.")
    for path, content in found.items():
        marked = [mark for mark in MARKS if mark.encode() in content] if path.endswith(".ipynb") else []
        if marked:
            raise BuildError(f"{path}: `{marked[0]}` would be released; {config} must keep nbgrader's own marks.")
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder with the usual modes, and nothing that is there already with the same content."""
    for name, content in files.items():
        path = folder / name
        if path.is_symlink():
            path.unlink()
        if not path.is_file() or not alike(path.read_bytes(), content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        path.chmod(0o644)


@contextmanager
def _unchanged() -> Iterator[None]:
    """Put the working directory and the environment back, whatever nbgrader does to them."""
    where, environment = Path.cwd(), dict(os.environ)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.chdir(where)
        os.environ.clear()
        os.environ.update(environment)


def _generate(root: Path, assignment: str, config: Path) -> None:
    try:
        from nbgrader.converters import GenerateAssignment
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.preprocessors import SaveCells
        from nbgrader.utils import capture_log
        from traitlets.config.loader import PyFileConfigLoader
    except ImportError as error:
        raise BuildError(f"Building needs nbgrader ({error}); install it with `pip install nbgrader`.") from error
    settings = PyFileConfigLoader(config.name, path=str(config.resolve().parent)).load_config()
    settings.CourseDirectory.root = str(root)
    settings.CourseDirectory.db_url = "sqlite://"
    settings.CourseDirectory.source_directory = "source_nbs"
    settings.CourseDirectory.release_directory = "release"
    courses = CourseDirectory(config=settings, assignment_id=assignment)
    app = GenerateAssignment(coursedir=courses, config=settings)
    # A gradebook adds nothing to the notebooks, costs a process (alembic), and a build shall not touch the course's.
    app.no_database = True
    app.preprocessors = [one for one in app.preprocessors if one is not SaveCells]
    level, propagate = app.log.level, app.log.propagate
    app.log.setLevel("INFO")
    app.log.propagate = False
    try:
        result = capture_log(app)
    finally:
        app.log.setLevel(level)
        app.log.propagate = propagate
    if not result["success"]:
        raise BuildError(_refusal(assignment, f"{result.get('log', '')}\n{result.get('error', '')}"))


def _refusal(assignment: str, log: str) -> str:
    """Say from nbgrader's log which notebook it refused and why: its last conversion, its first exception."""
    notebooks = re.findall(r"Converting notebook \S*?([^/\s]+\.ipynb)", log)
    reasons = re.findall(r"Traceback[^\n]*\n(?:[ \t]+[^\n]*\n)*?\s*([A-Za-z_][\w.]*: [^\n]+)\n", log)
    where = f"{assignment}/{notebooks[-1]}" if notebooks else assignment
    return f"nbgrader did not make the release of {where}: {reasons[0] if reasons else log.strip()}"
