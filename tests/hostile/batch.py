"""One batch of all attacks through the real command, and everything there is to see afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.course.built_notebooks import load_sources

from .attack import EXERCISE, STEM, Attack, Notebook, Place
from .catalogue import KINDS, possible
from .environments import Environment

ROOT = Path(__file__).parents[2]
OUTPUTS = ("results", "feedback", "autograded", "gradebook.db")
MARK = "mark-of-an-honest-student-7f3a"
SECRET = "secret-of-the-environment-7f3a"
# Many times what honest work takes, and attacks that are to come to an end; a third of what "deep recursion" takes to it.
LIMITS = """
[limits]
cell_seconds = 0.4
call_seconds = 0.25
exercise_seconds = 0.5
submission_seconds = 2.0
wall_factor = 2.0
wall_extra = 3.0
grace_seconds = 0.2
memory_mb = 256
scratch_mb = 16
file_mb = 8
files = 500
output_kb = 16
reply_mb = 16
"""
# The attacked exercise, one that is none of the attacker's business, and two of which one builds on the other: every
# submission is graded on every tier.
KEPT = (EXERCISE, "beta_vae_loss", "gaussian_kl", "active_units", "imports")
# What an orphan of the command is left to: whoever reads the last line knows what was left behind.
_REAPER = """
import ctypes, json, os, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL).returncode
def left():
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file: about = file.read().rpartition(")")[2].split()
            if about[1] == str(os.getpid()) and about[0] != "Z":
                with open(f"/proc/{pid}/cmdline") as file: found.append(file.read())
        except OSError: pass
    return found
until = time.monotonic() + 60
while left() and time.monotonic() < until: time.sleep(0.05)
print("LEFT " + json.dumps([code, left()]), file=sys.stderr)
"""


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).removeprefix("test_")


def copy_course(target: Path) -> Path:
    """A course of one notebook with two exercises, whichever others the repository has, with short limits."""
    for name in ("assignments", "source_nbs", "release"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", target)
    for folder in ("source_nbs", "release"):
        for path in (target / folder / "vae").glob("*.ipynb"):
            if path.stem != STEM:
                path.unlink()
                continue
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["cells"] = [cell for cell in notebook["cells"] if _grade_id(cell) in KEPT]
            path.write_text(json.dumps(notebook), encoding="utf-8")
    settings = target / "assignments" / "vae" / "assignment.toml"
    settings.write_text(settings.read_text(encoding="utf-8").split("[limits]")[0] + LIMITS, encoding="utf-8")
    return target


def honest_notebook(course: Path) -> Notebook:
    """The notebook with right answers."""
    notebooks = released(course / "release" / "vae")
    fill(notebooks, reference_answers(course / "source_nbs" / "vae"))
    return notebooks[STEM]


def blank_notebook(course: Path) -> Notebook:
    """The honest notebook with the attacked exercise as it was released, and a mark by which it would be known elsewhere."""
    made = honest_notebook(course)
    stub = released(course / "release" / "vae")[STEM]
    for cell, other in ((one, two) for one in made["cells"] for two in stub["cells"]):
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade_id") == EXERCISE == other["metadata"].get("nbgrader", {}).get("grade_id"):
            cell["source"] = other["source"]
    made["cells"].append({"cell_type": "markdown", "metadata": {}, "source": MARK})
    return made


def fingerprint(course: Path) -> dict[str, str]:
    """Hashes of all that a batch may only read."""
    found = {}
    for folder, folders, names in os.walk(course):
        here = Path(folder)
        folders[:] = [name for name in folders if here != course or name not in OUTPUTS]
        for name in [*names, *folders]:
            path = here / name
            if here == course and name in OUTPUTS:
                continue
            if len(os.fsencode(path)) > 4_000:
                continue
            about = path.lstat()
            told = f"{about.st_mode} {about.st_size}"
            if stat.S_ISREG(about.st_mode) and about.st_size < 1 << 30:
                told += hashlib.sha256(path.read_bytes()).hexdigest()
            found[os.fsencode(path).hex()] = told
    return found


@dataclass
class Graded:
    """A course after the command, and what it said."""

    where: Environment
    course: Path
    code: int
    said: str
    left: list[str]
    seconds: float
    names: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    mounts: tuple[str, str] = ("", "")
    heard: list[bytes] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the results."""
        path = self.course / "results" / "vae.jsonl"
        text = path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else ""
        self.lines = {json.loads(line)["student"]: line for line in text.split("\n") if line}
        self.results = {student: json.loads(line) for student, line in self.lines.items()}

    def result(self, name: str) -> dict[str, Any]:
        """The result of an attack, or of a student by folder name."""
        found: dict[str, Any] = self.results[self.names.get(name, name)]
        return found

    def points(self, name: str) -> dict[str, float]:
        """Points by exercise."""
        return {one["name"]: one["points"] for one in self.result(name)["exercises"]}

    def outputs(self, name: str) -> dict[str, bytes]:
        """Everything that was written about a student, by kind of file."""
        student = self.names.get(name, name)
        found = {"results": self.lines[student].encode("utf-8", "surrogateescape")}
        for folder in ("feedback", "autograded"):
            for path in sorted((self.course / folder / student).rglob("*")):
                if path.is_file():
                    found[f"{folder}/{path.name}"] = path.read_bytes()
        return found


def command(course: Path, *arguments: str) -> list[str]:
    """The command that grades a course."""
    return [sys.executable, "-m", "autograder", "grade", "--course", str(course), *arguments]


def environment(**more: str) -> dict[str, str]:
    """An environment in which the command finds the repository's package."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", **more}


def _mounts() -> str:
    """What is mounted, but for the small disks that other tests fill at the same time."""
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if "size=8192k" not in line)


def grade(where: Environment, course: Path, *arguments: str, **more: Any) -> Graded:
    """Run the command over a course in an environment, with an eye on processes, mounts and files."""
    temporary = course.parent / f"{course.name}-tmp"
    home = course.parent / "home"
    for folder in (temporary, home):
        folder.mkdir()
    where.give(course.parent)
    before, mounts = fingerprint(course), _mounts()
    start = time.monotonic()
    line = where.command(command(course, *arguments), course.parent)
    given = environment(TMPDIR=str(temporary), HOME=str(home), HOSTILE_SECRET=SECRET, PYTHONDONTWRITEBYTECODE="1")
    ran = subprocess.run(
        [sys.executable, "-c", _REAPER, *line], cwd=ROOT, env=given, stderr=subprocess.PIPE, timeout=900, check=False
    )
    seconds = time.monotonic() - start
    said, _, last = ran.stderr.decode("utf-8", "surrogateescape").rpartition("LEFT ")
    code, left = json.loads(last)
    after = fingerprint(course)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    now = _mounts()
    names = [path.name for path in temporary.iterdir()]
    return Graded(
        where, course, code, said, left, seconds, changed=changed, mounts=(mounts, now), temporary=names, **more
    )


def plant(course: Path, port: int, kinds: Mapping[str, Iterable[Attack]]) -> dict[str, str]:
    """Write every possible attack into the course, an honest student first and after each kind; names of folders."""
    honest, names = honest_notebook(course), {}
    submitted = course / "submitted"
    write_submission(submitted / "honest-00" / "vae", {STEM: honest})
    write_submission(submitted / "blank" / "vae", {STEM: blank_notebook(course)})
    for number, attacks in enumerate(kinds.values(), start=1):
        for place, attack in enumerate(attacks):
            if not possible(attack):
                continue
            usual = f"k{number:02}-{place:02}-{attack.name.replace(' ', '-').replace('_', '-')}"
            names[attack.name] = os.fsdecode(attack.folder) or usual
            attack.plant(Place(submitted / names[attack.name] / "vae", course, port), honest)
        write_submission(submitted / f"k{number:02}-zz-honest" / "vae", {STEM: honest})
    return names


def grade_attacks(where: Environment, course: Path, kinds: Mapping[str, Iterable[Attack]] = KINDS) -> Graded:
    """Plant all attacks in a course, grade it once in an environment, and listen on 127.0.0.1 meanwhile."""
    load_sources.cache_clear()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        names = plant(course, server.getsockname()[1], kinds)
        heard: list[bytes] = []
        graded = grade(where, course, "--jobs", "2", "-v", names=names, heard=heard)
        try:
            connection, _ = server.accept()
        except BlockingIOError:
            return graded
        with connection:
            heard.append(b"connected")
    return graded
