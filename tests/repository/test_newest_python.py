"""Which newer Python .ci/run tests with, too: the newest that is on the machine, whatever else is called python there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.scripts import module_of

SCRIPT = ROOT / ".ci" / "newest_python.py"
newest_python = module_of(SCRIPT)


def fake(folder: Path, name: str, does: str) -> Path:
    """A program that answers as a Python of some version would, or does something else."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    (folder / name).chmod(0o755)
    return folder / name


def test_the_newest_is_taken_wherever_it_is(tmp_path: Path) -> None:
    """Versions are compared as numbers; the search path and the folders of pyenv, uv and GitHub's runners are looked through."""
    fake(tmp_path / "path", "python3.9", "echo 3.9.18")
    fake(tmp_path / "path", "python3.12", "echo 3.12.1")
    places = {
        "pyenv": fake(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin", "python3.13", "echo 3.13.0"),
        "uv": fake(tmp_path / "home" / ".local/share/uv/python/cpython-3.14/bin", "python3.14", "echo 3.14.2"),
        "tools": fake(tmp_path / "tools" / "Python" / "3.15.10" / "x64" / "bin", "python3.15", "echo 3.15.10"),
    }
    where = {"PATH": f"/no/such/folder{os.pathsep}{tmp_path / 'path'}"}
    found = [newest_python.newest(newest_python.candidates(where), (3, 11))]
    for variable, folder in (("PYENV_ROOT", "pyenv"), ("HOME", "home"), ("RUNNER_TOOL_CACHE", "tools")):
        where[variable] = str(tmp_path / folder)
        found.append(newest_python.newest(newest_python.candidates(where), (3, 11)))
    assert found == [tmp_path / "path" / "python3.12", *places.values()]


@pytest.mark.parametrize(
    "does",
    ["echo 3.11.9", "exit 127", "echo 3.14.0; exit 1", "echo no version", "kill -9 $$", ""],
    ids=["the same minor", "a shim without one", "unfinished", "chatter", "killed", "silent"],
)
def test_what_tests_cannot_run_with_is_passed_over(tmp_path: Path, does: str) -> None:
    """The version that the tests run with anyway, what fails, and what gives no version are not the newest Python."""
    fake(tmp_path, "python3.14", does)
    fake(tmp_path, "python3.14-config", "echo 3.14.0")
    (tmp_path / "python3.15").write_text("no program")
    assert newest_python.newest(newest_python.candidates({"PATH": str(tmp_path)}), (3, 11)) is None


def test_a_real_one_says_its_version() -> None:
    """What is asked of a Python is answered by a real one."""
    assert newest_python.version(Path(sys.executable)) == sys.version_info[:3]


def test_what_ci_reads(tmp_path: Path) -> None:
    """The script prints the path and nothing else; where there is none, nothing at all."""
    above = f"{sys.version_info[0]}.{sys.version_info[1] + 1}"
    only = {"PATH": str(tmp_path)}
    assert subprocess.run([sys.executable, SCRIPT], env=only, capture_output=True, check=True).stdout == b""
    program = fake(tmp_path, f"python{above}", f"echo {above}.0")
    done = subprocess.run([sys.executable, SCRIPT], env=only, capture_output=True, check=True)
    assert done.stdout.decode() == str(program)
