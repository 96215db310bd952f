"""What this machine gives a grader, what it lacks, and the one command that mends each lack."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .confined.landlock import abi
from .tiers import WALLS

_PACKAGES = ("numpy", "hypothesis", "nbgrader", "jupytext", "matplotlib")
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Reading:
    """One thing looked at: what was found, and what to do about it (empty where nothing need be done)."""

    name: str
    found: str
    mend: str = ""


def readings(*, for_tests: bool = False) -> Iterator[Reading]:
    """Look at this machine, one thing after another; with `for_tests` also at what only the tests of this package need."""
    yield Reading("system", f"{platform.system()} {platform.release()}, {platform.machine()}")
    yield Reading("Python", platform.python_version())
    yield from _tiers()
    yield _bubblewrap()
    yield Reading("Landlock", f"version {abi()}" if sys.platform == "linux" and abi() else "none")
    yield Reading(
        "cgroup", "version 2" if (_CGROUP / "cgroup.controllers").exists() else "none that limits memory as a whole"
    )
    yield Reading("cores", str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()))
    yield Reading("memory", _memory())
    yield from (_package(name) for name in _PACKAGES)
    if for_tests:
        for program, package in (("chromium", "chromium"), ("fc-list", "fontconfig"), ("make", "make")):
            found = shutil.which(program)
            yield Reading(program, found or "not found", "" if found else f"apt install {package}")


def best_tier() -> str:
    """Return the name of the strongest tier of walls that holds here, empty where none does."""
    return next((one.name for one in WALLS if not one.missing()), "")


def _tiers() -> Iterator[Reading]:
    best = best_tier()
    for one in WALLS:
        lack = one.missing()
        if not lack:
            chosen = ", which is used" if one.name == best else ""
            lacking = f" (it lacks: {'; '.join(one.lacks)})" if one.lacks else ""
            yield Reading(f"walls: {one.name}", f"can be had{chosen}{lacking}")
        else:
            yield Reading(f"walls: {one.name}", "cannot be had", lack)


def _bubblewrap() -> Reading:
    program = shutil.which("bwrap")
    if program is None:
        return Reading(
            "bubblewrap", "not found", "apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora)"
        )
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    return Reading("bubblewrap", told.stdout.strip() or program)


def _memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            told = (_CGROUP / name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if told.isdigit():
            total = min(total, int(told))
    return f"{total / 2**30:.1f} GiB"


def _package(name: str) -> Reading:
    try:
        return Reading(name, version(name))
    except PackageNotFoundError:
        return Reading(name, "not installed", f"python -m pip install {name}")
