"""The recipe of the container, carried out without a container: below a folder, with stand-ins for what would change this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.fresh import run

RECIPE = ROOT / "container" / "Containerfile"
# A word that is an absolute path: it is meant inside the container.
_ABSOLUTE = re.compile(r"(?<!\S)/(?=\w)")


@dataclass
class Carried:
    """What came of it: the folder that stands for the container's root, and what the stand-ins were asked for."""

    root: Path
    said: dict[str, list[list[str]]] = field(default_factory=dict)


def instructions(path: Path = RECIPE) -> list[tuple[str, str]]:
    """The instructions of a recipe in order: its word, and the rest on one line."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in whole.splitlines() if line)]


def carried_out(root: Path, context: Path) -> Carried:
    """Do what RUN and COPY say, with files of `context`; a step that fails fails the test, without a registry it is skipped."""
    found = Carried(root)
    programs = root / "stand-ins"
    programs.mkdir(parents=True)
    for name, does in (
        ("apt-get", f'echo "$@" >> {root}/apt-get.said'),
        ("useradd", f'echo "$@" >> {root}/useradd.said'),
        ("python3", f'exec "{sys.executable}" "$@"'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    for word, rest in instructions():
        if word == "COPY":
            *sources, target = rest.split()
            place = root / target.lstrip("/")
            place.mkdir(parents=True, exist_ok=True)
            for source in sources:
                copied = [shutil.copy(path, place) for path in context.glob(source)]
                assert copied, f"nothing to copy for {source}"
        if word == "RUN":
            _carry_out(_ABSOLUTE.sub(f"{root}/", rest), root, f"{programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("apt-get", "useradd"):
        said = root / f"{name}.said"
        found.said[name] = [line.split() for line in said.read_text().splitlines()] if said.exists() else []
    return found


def _carry_out(command: str, root: Path, path: str) -> subprocess.CompletedProcess[str]:
    quiet = {"PIP_QUIET": "1", "PIP_RETRIES": "10", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COMPILE": "1"}
    done = run("/bin/sh", "-ec", command, folder=root, PATH=path, **quiet)
    if done.returncode != 0 and "NewConnectionError" in done.stderr and not os.environ.get("CI"):
        pytest.skip("the package registry cannot be reached")
    assert done.returncode == 0, f"{command}\n{done.stderr[-3000:]}"
    return done
