"""The walls hold wherever graders grade: on every tier, for root and for an ordinary user, each machine emulated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.batch import environment
from tests.hostile.environments import ENVIRONMENTS, OLD_KERNEL, Environment
from tests.hostile.walls import RAW, REFUSED, course

ALL = {**ENVIRONMENTS, OLD_KERNEL.name: OLD_KERNEL}
# What each tier cannot promise; docs/security.md has it in words.
ASKED = {
    "namespaces": {"secret": False, "nothing": False, "grader": False},
    "bubblewrap+landlock": {"secret": False, "nothing": False, "grader": False},
    "landlock": {"secret": True, "nothing": False, "grader": True},
}


@dataclass
class Report:
    """What code behind the walls found in one environment."""

    environment: Environment
    found: dict[str, Any]


def attackers(one: Environment, folder: Path) -> list[str]:
    """The command that tries everything in an environment, in a course below the folder."""
    one.possible()
    place = folder / "course"
    course(place)
    one.give(folder)
    return one.command([sys.executable, "-m", "tests.hostile.walls", place, "", one.abi], folder)


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of such a command, which writes nothing outside the folder."""
    return environment(HOME=str(folder), PYTHONDONTWRITEBYTECODE="1", **more)


@pytest.fixture(scope="module", params=ALL.values(), ids=ALL)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """All attempts in one sandbox, once an environment."""
    folder = tmp_path_factory.mktemp("walls")
    line = attackers(request.param, folder)
    ran = subprocess.run(line, env=surroundings(folder), capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-3_000:]
    return Report(request.param, json.loads(ran.stdout.splitlines()[-1]))


def test_the_best_tier_of_the_machine_is_taken(report: Report) -> None:
    """Doctor and grader name the same tier, that of the environment, for whoever grades there."""
    assert report.found["tier"] == report.environment.tier
    assert report.found["user"] == (report.environment.user or os.geteuid())
    walls = {name: told for name, told in report.found["doctor"].items() if name.startswith("walls: ")}
    assert [name for name, told in walls.items() if "which is used" in told] == [f"walls: {report.environment.tier}"]


def test_every_attempt_is_refused(report: Report) -> None:
    """Each ends in an ordinary error in the student's cell; the same child outlives them all; the course is untouched."""
    tried = report.found["refused"]
    assert tried.keys() == REFUSED.keys()
    assert {name: told for name, told in tried.items() if (told[0], told[2]) != ("raised", "ran")} == {}
    assert report.found["secret"] == "hidden"


def test_raw_system_calls_are_denied(report: Report) -> None:
    """Calls that notebooks never need fail with EPERM or ENOSYS even when made directly."""
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers are those of x86-64")
    denied = report.found["denied"]
    assert len(denied) == len(RAW) + 1
    assert all(result == -1 and errno in (1, 38) for result, errno in denied), denied


def test_honest_code_works(report: Report) -> None:
    """Reading the data, writing and copying files, temporary folders and numpy work on every tier."""
    numbers, total, norm = report.found["honest"]
    assert (numbers, total, round(norm, 6)) == ([1, 2, 3], 15.0, 1.732051)


def test_the_process_holds_nothing_of_ours(report: Report) -> None:
    """Neither modules, environment, descriptors nor arguments tell of the grader, and nobody is root."""
    held = report.found["held"]
    assert (held["modules"], held["descriptors"]) == ([], [0, 1, 2, 3])
    assert held["user"] != 0
    assert not {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"} & set(held["environment"])
    assert not any("/" in item for item in held["arguments"])


def test_what_can_be_asked_is_what_the_page_says(report: Report) -> None:
    """Whether a file of the course or a process exists can be asked with Landlock alone, and nowhere else."""
    assert report.found["seen"] == ASKED[report.environment.tier]


def test_bombs_end_themselves(report: Report) -> None:
    """Bytes, files and folders without end are stopped, by a quota or a watcher; memory raises, and the child goes on."""
    ends = ("raised",) if report.environment.tier == "namespaces" else ("died",)
    assert {kind for kind, told in report.found["bombs"].items() if told not in ends} == set()
    assert (report.found["memory bomb"], report.found["after it"]) == ("MemoryError", 1)


def test_signals_reach_nobody(report: Report) -> None:
    """Killing everything kills nothing, a segfault is named, and the warm process lives on."""
    assert report.found["kill"] == "ran"
    assert "SIGSEGV" in report.found["segfault"]
    assert report.found["alive"]


def test_nothing_is_left_after_closing(report: Report) -> None:
    """A closed sandbox leaves no scratch."""
    assert report.found["left"] == 0


def _eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def _processes(mark: str) -> list[str]:
    """Processes of the sandbox that was started with this name among the modules to preload."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f'"{mark}"'.encode() in (entry / "cmdline").read_bytes():
                    found.append(entry.name)
            except OSError:
                continue
    return found


@pytest.mark.parametrize("name", ["plain machine, root", "Ubuntu 25.04, user", "Docker, root", "Docker, user"])
def test_nothing_is_left_when_the_grader_is_killed(name: str, tmp_path: Path) -> None:
    """SIGKILL of the grader ends the warm process and its children, and removes what they wrote."""
    line = attackers(ENVIRONMENTS[name], tmp_path)
    grader = subprocess.Popen(line, env=surroundings(tmp_path, ONLY_WAIT="1"), stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    mark = grader.stdout.readline().strip()
    scratch = Path(tempfile.gettempdir())
    in_sight = name.startswith("Docker")
    assert not in_sight or _eventually(lambda: bool([*scratch.glob(f"autograder-*/home/{mark}")]))
    assert _processes(mark)
    grader.kill()
    grader.wait()
    grader.stdout.close()
    assert _eventually(lambda: not _processes(mark))
    assert _eventually(lambda: not [*scratch.glob(f"autograder-*/home/{mark}")])
