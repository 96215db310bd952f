"""Environments as people make them: new, empty, and filled by pip from the package registry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What lets a process find this repository, or its environment, although it should not.
TELLTALE = ("PYTHONPATH", "VIRTUAL_ENV", "MPLBACKEND", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def bare(**more: str) -> dict[str, str]:
    """The environment variables of a process that knows nothing of this repository."""
    return {**{name: value for name, value in os.environ.items() if name not in TELLTALE}, **more}


def run(*command: object, folder: Path, seconds: float = 1800, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without anything that would let it find the repository."""
    return subprocess.run(
        [str(one) for one in command],
        cwd=folder,
        env=bare(**more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def installed(folder: Path, *wanted: object, base: str = sys.executable) -> Path:
    """Make an environment with what pip is asked for, and return its Python; without a registry the test is skipped, in CI it fails."""
    made = run(base, "-m", "venv", "--without-pip", folder, folder=ROOT)
    assert made.returncode == 0, made.stderr
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile")
    done = run(*pip, "--disable-pip-version-check", "--retries", "10", *wanted, folder=ROOT)
    if done.returncode != 0 and "NewConnectionError" in done.stderr and not os.environ.get("CI"):
        pytest.skip("the package registry cannot be reached")
    assert done.returncode == 0, done.stderr[-3000:]
    return python


def wheel(folder: Path) -> Path:
    """Build the wheel into a folder, from a copy, so that nothing is left in the repository."""
    source = folder / "source"
    shutil.copytree(ROOT / "autograder", source / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    done = run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", folder, source, folder=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return next(folder.glob("*.whl"))
