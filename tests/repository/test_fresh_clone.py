"""The README's commands, typed by a stranger in a folder that has just been cloned."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.helpers.fresh import run

pytestmark = pytest.mark.slow


def test_make_demo_in_a_fresh_clone(tmp_path: Path) -> None:
    """`make demo` makes its environment, grades its class of 24, and names pages that are there; nothing tracked changes.

    There, in a temporary folder, what was built is current, and tests pass that once depended on the place.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and (ROOT / name).exists()]
    clone = tmp_path / "clone"
    for name in names:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, clone / name, follow_symlinks=False)
    done = run("make", "demo", f"PYTHON={sys.executable}", folder=clone, PIP_NO_COMPILE="1")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "24 graded now." in done.stdout + done.stderr
    pages = re.findall(r"\S+\.html", done.stdout)
    assert pages
    assert all((clone / page).is_file() for page in pages), pages
    assert run(clone / ".venv/bin/autograder", "build", "--check", folder=clone).returncode == 0
    # What once depended on where the repository lies.
    wanted = "scratch or sheet or link or copy"
    files = ("sandbox/test_walls", "assignments/test_extras", "authoring/test_links", "repository/test_one_copy")
    tests = [f"tests/{name}.py" for name in files]
    tested = run(clone / ".venv/bin/python", "-m", "pytest", "-q", "-k", wanted, *tests, folder=clone)
    assert tested.returncode == 0, tested.stdout[-3000:]
    changed = [name for name in names if (clone / name).read_bytes() != (ROOT / name).read_bytes()]
    assert changed == []
