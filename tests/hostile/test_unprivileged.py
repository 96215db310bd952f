"""The walls hold as an ordinary user, too: a smaller batch as another user where root runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.specimens import write_submission
from tests.hostile.attack import EXERCISE, STEM, Place
from tests.hostile.batch import ROOT, Graded, blank_notebook, command, copy_course, environment, honest_notebook
from tests.hostile.catalogue import ATTACKS

USER = 65_534
SMALLER = (
    "frame walk", "course by path", "file walk", "gradebook written", "packages written", "mounts", "loopback", "raw sockets",
    "fork bomb", "kill everything", "segfault", "memory bomb", "disk bomb", "forged replies", "text bomb", "signals ignored",
)  # fmt: skip


def test_the_walls_hold_as_an_ordinary_user(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Attacks that hope for privileges come to nothing, and an honest student keeps all points."""
    if os.geteuid() != 0:
        pytest.skip("the whole suite runs as an ordinary user already")
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed (util-linux)")
    # Through a shell: setpriv itself still has root's capabilities when it opens what it starts.
    shell = ["sh", "-c", 'exec "$0" -c "import numpy"', sys.executable]
    tried = subprocess.run([*become, *shell], cwd="/", env=environment(), capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"an ordinary user cannot reach {sys.executable}, or the folder it is linked to")
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
    env = environment(HOME=str(home), TMPDIR=str(home), PYTHONDONTWRITEBYTECODE="1")
    ran = subprocess.run(
        [*become, *command(course, "--jobs", "2")], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    graded = Graded(course, 0, ran.stderr, [], 0.0)
    blank = graded.points("blank")
    for name in SMALLER:
        assert graded.points(name)[EXERCISE] == 0, name
        assert all(points <= blank[exercise] for exercise, points in graded.points(name).items()), name
        assert graded.result(name)["state"] in (ATTACKS[name].state, ATTACKS[name].also), name
    assert graded.result("zz-honest")["score"] == graded.result("zz-honest")["max_score"]
