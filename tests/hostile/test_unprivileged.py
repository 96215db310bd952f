"""The walls hold as an ordinary user, too: a smaller batch as another user, from an installed wheel, where root runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.specimens import write_submission
from tests import fresh
from tests.hostile.attack import EXERCISE, STEM, Place
from tests.hostile.batch import Graded, blank_notebook, command, copy_course, honest_notebook
from tests.hostile.catalogue import ATTACKS

USER = 65_534
SMALLER = (
    "frame walk", "course by path", "file walk", "gradebook written", "packages written", "mounts", "loopback", "raw sockets",
    "fork bomb", "kill everything", "segfault", "memory bomb", "disk bomb", "forged replies", "text bomb", "signals ignored",
)  # fmt: skip


BECOME = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")


@pytest.fixture
def python(tmp_path: Path) -> Iterator[Path]:
    """The Python of an environment that every user can reach, wherever the repository lies, with the wheel in it."""
    if os.geteuid() != 0:
        pytest.skip("the whole suite runs as an ordinary user already")
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed (util-linux)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield fresh.installed(Path(folder) / "env", fresh.wheel(tmp_path), base=everybodys_python())


def everybodys_python() -> str:
    """The interpreter that runs the tests, or the system's where that one lies in root's own folders."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    for path in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        # Through a shell: setpriv itself still has root's capabilities when it opens what it starts.
        tried = fresh.run(*BECOME, "sh", "-c", 'exec "$0" -c "$1"', path, code, folder=Path("/"))
        if tried.returncode == 0:
            return path
    pytest.skip("an ordinary user cannot reach any Python 3.11 or newer")


def test_the_walls_hold_as_an_ordinary_user(
    python: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Attacks that hope for privileges come to nothing, and an honest student keeps all points."""
    course = copy_course(tmp_path / "course")
    honest = honest_notebook(course)
    for name in SMALLER:
        ATTACKS[name].plant(Place(course / "submitted" / name / "vae", course, 9), honest)
    write_submission(course / "submitted" / "blank" / "vae", {STEM: blank_notebook(course)})
    write_submission(course / "submitted" / "zz-honest" / "vae", {STEM: honest})
    home = tmp_path / "home"
    home.mkdir()
    # pytest keeps its folders to their owner.
    for folder in tmp_path.parents:
        if folder.is_relative_to(tmp_path_factory.getbasetemp().parents[1]) and folder.owner() == "root":
            folder.chmod(folder.stat().st_mode | 0o55)
    subprocess.run(["chown", "-R", f"{USER}:{USER}", str(tmp_path)], check=True)
    _, *arguments = command(course, "--jobs", "2")
    ran = fresh.run(*BECOME, python, *arguments, folder=course, HOME=str(home), TMPDIR=str(home))
    assert ran.returncode == 0, ran.stderr
    graded = Graded(course, 0, ran.stderr, [], 0.0)
    blank = graded.points("blank")
    for name in SMALLER:
        assert graded.points(name)[EXERCISE] == 0, name
        assert all(points <= blank[exercise] for exercise, points in graded.points(name).items()), name
        assert graded.result(name)["state"] in (ATTACKS[name].state, ATTACKS[name].also), name
    assert graded.result("zz-honest")["score"] == graded.result("zz-honest")["max_score"]
