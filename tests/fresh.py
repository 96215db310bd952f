"""Environments as people make them: new, empty, and filled by pip from the package registry."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What lets a process find this repository, or its environment, although it should not.
TELLTALE = ("PYTHONPATH", "VIRTUAL_ENV", "MPLBACKEND", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def bare(**more: str) -> dict[str, str]:
    """The environment variables of a process that knows nothing of this repository."""
    return {**{name: value for name, value in os.environ.items() if name not in TELLTALE}, **more}


def run(*command: object, folder: Path, seconds: float = 600, **more: str) -> subprocess.CompletedProcess[str]:
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


def installed(folder: Path, *wanted: object) -> Path:
    """Make an environment with what pip is asked for, and return its Python; without a registry the test is skipped, in CI it fails."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "10")
    done = run(*pip, *wanted, folder=ROOT)
    if done.returncode != 0 and "NewConnectionError" in done.stderr and not os.environ.get("CI"):
        pytest.skip("the package registry cannot be reached")
    assert done.returncode == 0, done.stderr[-3000:]
    return python
