"""The files beside the notebooks: checks, data, pictures, requirements."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from ..layout import Layout
from .errors import BuildError

CHECKS = Path(__file__).resolve().parent.parent / "checks"
# What students get from the assignment's folder, beside the notebooks.
FOLDERS = ("data", "images")
PAGES = ("README.md",)
STUDENT_PACKAGES = ("numpy", "matplotlib", "hypothesis", "jupyter")
_LEFTOVER = re.compile(r"[._].*|.*~|.*\.(?:py|pyc|tmp|bak|orig|swp)")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|\b(?:src|href)=[\"']([^\"']+)")


def leftover(path: Path | str) -> bool:
    """Return whether a file below a built folder comes from using it: caches, checkpoints, what tools leave."""
    return any(part.startswith(".") or part == "__pycache__" or part.endswith(".pyc") for part in Path(path).parts)


def files_below(folder: Path) -> list[str]:
    """Return the files below a folder, without leftovers of use, as sorted relative paths."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not leftover(path))


def checks_files(checks: Path, problems: Iterable[str]) -> dict[str, bytes]:
    """Return the modules of the students' `checks` package: the core, and of the problems only those named."""
    wanted = set(problems)
    found = {
        f"checks/{path}": (checks / path).read_bytes()
        for path in files_below(checks)
        if path.endswith(".py") and ("/" not in path or path.split("/")[0] in wanted)
    }
    if not found:
        raise BuildError(f"{checks}: the package of checks is missing; students could not check anything.")
    return found


def assignment_files(layout: Layout) -> dict[str, bytes]:
    """Return data, pictures and the students' page, without the scripts that made the data."""
    found = {page: (layout.texts / page).read_bytes() for page in PAGES if (layout.texts / page).is_file()}
    for folder in FOLDERS:
        for path in files_below(layout.texts / folder):
            if not any(_LEFTOVER.fullmatch(part) for part in Path(path).parts):
                found[f"{folder}/{path}"] = (layout.texts / folder / path).read_bytes()
    return found


def requirements(course: Path) -> bytes:
    """Return requirements.txt for students: the packages of `[tool.autograder] student`, in the project's ranges."""
    path = course / "pyproject.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    project = table.get("project", {})
    extras = project.get("optional-dependencies", {})
    known = [*project.get("dependencies", []), *(one for extra in sorted(extras) for one in extras[extra])]
    ranges: dict[str, str] = {}
    for requirement in known:
        ranges.setdefault(_package(requirement), requirement)
    wanted = table.get("tool", {}).get("autograder", {}).get("student", STUDENT_PACKAGES)
    lines = [ranges.get(one, one) if _package(one) == one else one for one in wanted]
    return ("\n".join(lines) + "\n").encode()


def _package(requirement: str) -> str:
    match = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""


def broken_links(markdown: str, files: Iterable[str]) -> list[str]:
    """Return the relative links of a text that lead to none of the files beside it."""
    present = set(files)
    links = (first or second for first, second in _LINK.findall(markdown))
    local = (link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#|/", link))
    return sorted({link for link in local if link.removeprefix("./") not in present})
