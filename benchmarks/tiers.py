"""One class graded behind each kind of walls: the same results but for the tier's name, and milliseconds side by side.

    python -m benchmarks.tiers [--cohort 60] [--jobs 2] [--emulated [ENVIRONMENT ...]]

First the tiers that this machine has; with `--emulated` also the environments that the hostile tests emulate (as root), all of
them or those that are named. Prints a table, with what differs below it, and ends with 1 where anything does. Milliseconds are
those of the clock, and ratios are to the first line: they say something on a machine that does nothing else. Everything runs in
temporary course folders.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.layout import Layout
from autograder.sandbox.tiers import WALLS
from tests.hostile.environments import ENVIRONMENTS, OLD_KERNEL, Environment

from .batch import machine
from .cohort import ROOT, course, fill_course

EMULATED = {one.name: one for one in (*ENVIRONMENTS.values(), OLD_KERNEL)}
# What says which walls there were; all else of a result must be alike.
OF_THE_TIER = ("isolation", "isolation_lacks", "key")


@dataclass(frozen=True)
class Graded:
    """What came of the class in one place: where, the tier that was taken, the results by student, and seconds a submission."""

    where: str
    tier: str
    results: dict[str, dict[str, Any]]
    seconds: float


def places(names: list[str] | None) -> list[tuple[str, Environment, tuple[str, ...]]]:
    """Where the class is graded: a name, the environment, and options of the command. No names are all of them, None is none."""
    here = [("this machine", Environment("", one.name), ("--walls", one.name)) for one in WALLS if not one.missing()]
    return here + [(name, EMULATED[name], ()) for name in (names if names is None or names else EMULATED) or ()]


def graded(folder: Path, made: Layout, where: str, environment: Environment, options: tuple[str, ...]) -> Graded:
    """Grade a copy of the course by the real command; what a batch does once is done before the clock starts."""
    folder.mkdir()
    layout = Layout(shutil.copytree(made.course, folder / "course"), made.assignment)
    environment.give(folder)
    students = sorted(path.name for path in layout.submitted.iterdir())
    _grade(folder, layout, environment, *options, "--student", students[0])
    begun = time.perf_counter()
    _grade(folder, layout, environment, *options, "--force")
    seconds = time.perf_counter() - begun
    lines = (layout.results / f"{layout.assignment}.jsonl").read_text(encoding="utf-8").splitlines()
    results = {one["student"]: one for one in map(json.loads, lines)}
    tiers = {one["isolation"] for one in results.values()}
    if sorted(results) != students or tiers != {environment.tier}:
        raise SystemExit(f"{where}: {len(results)} of {len(students)} graded, behind {tiers}, not {environment.tier}.")
    return Graded(where, environment.tier, results, seconds / len(students))


def _grade(folder: Path, layout: Layout, environment: Environment, *options: str) -> None:
    line = [sys.executable, "-m", "autograder", "grade", "--course", layout.course, *options]
    given = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        environment.command(line, folder) if environment.name else list(map(str, line)),
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise SystemExit(f"{environment.name or 'this machine'}, {environment.tier}: {ran.stderr[-2000:]}")


def differences(first: Graded, other: Graded) -> list[str]:
    """A line for each student whose result differs in more than the tier's name: points, and the fields that differ."""
    found = []
    for student, result in first.results.items():
        one, two = (
            {name: value for name, value in each.items() if name not in OF_THE_TIER}
            for each in (result, other.results[student])
        )
        if one != two:
            fields = ", ".join(sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name)))
            points = f"{one['score']:g} and {two['score']:g} points"
            found.append(f"{student}, {first.tier} and {other.tier} ({other.where}): {points}; other {fields}")
    return found


def main() -> int:
    """Grade, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cohort", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--emulated", nargs="*", choices=EMULATED, metavar="ENVIRONMENT")
    options = parser.parse_args()
    print(f"{machine()}\nclass of {options.cohort}, --jobs {options.jobs}")
    heads = f"{'points':>8} {'same results':>13} {'ms each':>8} {'ratio':>6}"
    print(f"{'where':26} {'tier':20} {heads}", flush=True)
    first, told = None, []
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        # Who grades as another user must get to the copies.
        top.chmod(0o755)
        made = course(top / "made")
        fill_course(made, options.cohort)
        for number, (where, environment, more) in enumerate(places(options.emulated)):
            one = graded(top / str(number), made, where, environment, ("--jobs", str(options.jobs), *more))
            shutil.rmtree(top / str(number))
            first = first or one
            differ = differences(first, one)
            told += differ
            same = f"{len(one.results) - len(differ)} of {len(one.results)}"
            points = sum(result["score"] for result in one.results.values())
            clock = f"{1000 * one.seconds:8.0f} {one.seconds / first.seconds:6.2f}"
            print(f"{one.where:26} {one.tier:20} {points:8.1f} {same:>13} {clock}", flush=True)
    if first is None:
        raise SystemExit("No walls can be had here: `autograder doctor` says why.")
    print("\n".join(told) or "No result differs but for the tier's name, what it lacks, and the key.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
