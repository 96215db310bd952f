"""The repository holds no file of ours a third time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.course.layout import Layout
from tests.conftest import ROOT


def test_nothing_in_the_source_folder_is_a_copy() -> None:
    """Of what git tracks in source_nbs, nothing that is a file holds the bytes of a file of the texts or the checks."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs the repository, not an archive of it")
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modes = {Path(name): about.split()[:2] for about, _, name in (one.partition("\t") for one in listed.splitlines())}
    ours = {
        blob: path
        for path, (mode, blob) in modes.items()
        if mode == "100644" and (path.parts[0] == "assignments" or path.parts[:2] == ("autograder", "checks"))
    }
    copies = [
        f"{path} is a copy of {ours[blob]}: run `autograder build`"
        for path, (mode, blob) in modes.items()
        if path.parts[0] == "source_nbs" and mode != "120000" and blob in ours
    ]
    assert not copies
    links = [ROOT / path for path, (mode, _) in modes.items() if mode == "120000"]
    assert all(path.is_file() for path in links)


def test_the_release_stays_small(committed: Layout) -> None:
    """All files that students get stay together under 3 MB."""
    files = [path for path in committed.release.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 3_000_000
