"""The files beside the notebooks: checks, data, pictures, requirements."""

from __future__ import annotations

import gzip
import posixpath
import re
import tomllib
import zlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from ...course.layout import Layout
from .errors import BuildError

CHECKS = Path(__file__).resolve().parents[2] / "checks"
STUDENT = "student/"
"""The part of the checks that students run; the other folders there are problems."""
# What students get from the assignment's folder, beside the notebooks.
FOLDERS = ("data", "images")
PAGE = "README.md"
STUDENT_PACKAGES = ("numpy", "matplotlib", "hypothesis", "jupyter")
# A script `make_….py` stays with its author; any other module in such a folder is part of what students get.
_LEFTOVER = re.compile(r"(?!__init__\.py)[._].*|.*~|make_.*\.py|.*\.(?:pyc|tmp|bak|orig|swp)")
_GZIP = b"\x1f\x8b"
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|\b(?:src|href)=[\"']([^\"']+)")


def leftover(path: Path | str) -> bool:
    """Return whether a file below a built folder comes from using it: caches, checkpoints, what tools leave."""
    return any(part.startswith(".") or part == "__pycache__" or part.endswith(".pyc") for part in Path(path).parts)


def alike(one: bytes, other: bytes) -> bool:
    """Return whether two files have the same content, which gzip packs in other bytes with another version of zlib."""
    if one == other or not (one.startswith(_GZIP) and other.startswith(_GZIP)):
        return one == other
    try:
        return gzip.decompress(one) == gzip.decompress(other)
    except (OSError, EOFError, zlib.error):
        return False


def files_below(folder: Path) -> list[str]:
    """Return the files below a folder, without leftovers of use, as sorted relative paths."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not leftover(path))


def checks_files(checks: Path, own: Path, problems: Iterable[str]) -> dict[str, bytes]:
    """Return the modules of the students' `checks` package: the core, and of the problems only those named.

    Problems are looked for beside the core and in the course's `own` folder, if it has one.
    """
    wanted = set(problems)
    found = {
        f"checks/{path}": (folder / path).read_bytes()
        for folder in (checks, own)
        for path in files_below(folder)
        if path.endswith(".py")
        and (
            (folder == checks and ("/" not in path or path.startswith(STUDENT)))
            or path.split("/")[0].removesuffix(".py") in wanted
        )
    }
    if not found:
        raise BuildError(f"{checks}: the package of checks is missing; students could not check anything.")
    return found


def assignment_files(layout: Layout) -> dict[str, bytes]:
    """Return data and pictures, without the scripts that made the data."""
    found: dict[str, bytes] = {}
    for folder in FOLDERS:
        found |= _files_of(layout.texts, folder)
    return found


def page_of(layout: Layout, due: str) -> str:
    """Return the students' page, with the date under its title; empty where there is none."""
    path = layout.texts / PAGE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not due or not text:
        return text
    title, _, rest = text.partition("\n") if text.startswith("# ") else ("# Hand in", "", text)
    return f"{title}\n\n**Hand in by {due}.**\n{rest}"


def extra_files(layout: Layout, name: str) -> dict[str, bytes]:
    """Return the files of the folder that belongs to an extra, if it has one."""
    return _files_of(layout.texts, f"extras/{name}")


def _files_of(texts: Path, folder: str) -> dict[str, bytes]:
    """Return the files of a folder by path below the texts, without scripts and what tools leave."""
    return {
        f"{folder}/{path}": (texts / folder / path).read_bytes()
        for path in files_below(texts / folder)
        if not any(_LEFTOVER.fullmatch(part) for part in Path(path).parts)
    }


def requirements(course: Path) -> bytes:
    """Return requirements.txt for students: the packages of `[tool.autograder] student`, in the project's ranges."""
    path = course / "pyproject.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    own = table.get("tool", {}).get("autograder")
    project = table.get("project", {}) if own is not None else {"dependencies": _installed()}
    extras = project.get("optional-dependencies", {})
    known = [*project.get("dependencies", []), *(one for extra in sorted(extras) for one in extras[extra])]
    ranges: dict[str, str] = {}
    for requirement in known:
        ranges.setdefault(_package(requirement), requirement)
    wanted = (own or {}).get("student", STUDENT_PACKAGES)
    lines = [ranges.get(one, one) if _package(one) == one else one for one in wanted]
    return ("\n".join(lines) + "\n").encode()


def _installed() -> list[str]:
    """What this package itself needs, with its ranges, where it is installed; a course folder need not say it again."""
    try:
        return [one for one in requires("vae-autograder") or [] if ";" not in one]
    except PackageNotFoundError:
        return []


def _package(requirement: str) -> str:
    match = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""


def broken_links(markdown: str, files: Iterable[str], folder: str = "") -> list[str]:
    """Return the relative links of a text in `folder` that lead to none of the files, which are named from the top."""
    present = set(files)
    links = (first or second for first, second in _LINK.findall(markdown))
    local = (link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#|/", link))
    return sorted({link for link in local if posixpath.normpath(posixpath.join(folder, link)) not in present})
