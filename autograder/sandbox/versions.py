"""The installed versions beside those that the tests ran with (constraints.txt, of which the package has its part)."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .machine import Reading

SHIPPED = Path(__file__).parents[1] / "constraints.txt"
_NAME = "versions"
_PINNED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([0-9][^\s;#,\\]*)\s*(?:[;#\\].*)?")
_SHOWN = 4


def compared(course: Path) -> Reading:
    """Compare what is installed with the lock; a course folder that has a constraints.txt of its own knows better."""
    try:
        lock, where = pinned(SHIPPED.read_text(encoding="utf-8")), SHIPPED
        own = course / SHIPPED.name
        if own.is_file():
            # Of the course's file what the package needs: the rest is the course's own matter.
            lines = pinned(own.read_text(encoding="utf-8"))
            lock, where = {name: lines.get(name, tested) for name, tested in lock.items()}, own.absolute()
    except (OSError, UnicodeDecodeError) as error:
        return Reading(_NAME, f"not compared: constraints.txt cannot be read ({type(error).__name__})")
    there = {name: found for name in lock if (found := _installed(name))}
    other = [name for name, found in there.items() if _plain(found) != _plain(lock[name])]
    if not other:
        return Reading(_NAME, f"all {len(there)} are those of the tests")
    parts = [f"{name} {there[name]} (tests: {lock[name]})" for name in other[:_SHOWN]]
    if len(other) > _SHOWN:
        parts.append(f"{len(other) - _SHOWN} more")
    return Reading(_NAME, f"not those of the tests: {', '.join(parts)}", _mend(other, lock, where))


def pinned(text: str) -> dict[str, str]:
    """The versions by name of a file of constraints; lines that give no single version say nothing."""
    found = (_PINNED.fullmatch(line) for line in text.splitlines())
    return {_canonical(one[1]): one[2] for one in found if one and "*" not in one[2]}


def _mend(names: list[str], lock: Mapping[str, str], where: Path) -> str:
    # Whatever else the file pins is left to pip only where one of these needs it.
    pip = [sys.executable, "-m", "pip", "install", "--constraint", str(where)]
    return shlex.join([*pip, *(f"{name}=={lock[name]}" for name in names)])


def _installed(name: str) -> str:
    try:
        # A package whose metadata were damaged has none.
        return version(name) or ""
    except PackageNotFoundError:
        return ""


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _plain(told: str) -> str:
    """A version without the name of its build and without zeros that do not count: 2026.08.0+cpu is 2026.8.0."""
    return re.sub(r"(?<![0-9a-z])0+(?=\d)", "", told.lower().partition("+")[0])
