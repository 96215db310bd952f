"""Seconds a submission, side by side in one run: nbgrader, this grader, and the same work in one bare process.

    python -m benchmarks.batch [--cohort 200] [--sample 6]

Prints a table of seconds a submission and ratios, peak memory, and where the time goes. Everything runs in temporary course
folders.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.batch.model import BatchSpec
from autograder.batch.run import chosen_walls
from autograder.batch.worker import fill_cache
from autograder.checks.exercise import Answer, Call
from autograder.checks.local_subject import LocalSubject
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.course.settings import load_config
from autograder.grading.examiner import Context, grade_submission
from autograder.grading.in_kernel import ServedNamespace
from autograder.output.gradebook import register_assignment
from autograder.sandbox import Cell, Limits, Outcome, open_sandbox
from autograder.submission.reading import read_submission

from .cohort import ROOT, course, fill_course, without_pictures


def command(layout: Layout, *arguments: str) -> tuple[float, int]:
    """Run a module as a command in a course folder: seconds, and the peak memory of its processes in MB."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    program = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL).returncode; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, sys.executable, "-m", *arguments],
        cwd=layout.course,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - begun, int(done.stdout) // 1024


class Bare:
    """The same cells and calls in this very process: no wall, no wire. The floor."""

    alive = True
    limits = Limits()

    def __init__(self) -> None:
        """Begin with an empty namespace."""
        self.fresh()

    def fresh(self) -> None:
        """Begin anew."""
        self.namespace: dict[str, Any] = {"__name__": "__main__"}

    def run(self, cells: Sequence[Cell]) -> list[Outcome]:
        """Run cells by exec."""
        outcomes = []
        for cell in cells:
            try:
                exec(compile(cell.source, cell.label, "exec"), self.namespace)
                outcomes.append(Outcome("ran"))
            except Exception as error:
                outcomes.append(Outcome("raised", type(error).__name__, str(error)))
        return outcomes

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function."""
        return LocalSubject(self.namespace).ask(name, calls)

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables."""
        return LocalSubject(self.namespace).read(names)

    def ask_served(
        self, name: str, calls: Sequence[Call], functions: Mapping[str, Callable[..., Any]]
    ) -> tuple[list[Answer], set[str]]:
        """Call a function while other names stand for functions of ours."""
        subject = ServedNamespace(self.namespace, functions)
        return subject.ask(name, calls), subject.asked

    def hurry(self, seconds: float) -> None:
        """Nothing is bounded."""

    def close(self) -> None:
        """Nothing to end."""


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while: notebooks load data/ from where they are."""
    before = Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))


def floor(layout: Layout, count: int) -> float:
    """Seconds a submission for reading, running and judging in one bare warm process."""
    os.environ["MPLBACKEND"] = "agg"
    folders = sorted(layout.submitted.iterdir())[:count]
    with inside(layout.release):
        grade(layout, folders[0], Bare)
        begun = time.perf_counter()
        for folder in folders:
            grade(layout, folder, Bare)
        return (time.perf_counter() - begun) / len(folders)


def grade(layout: Layout, folder: Path, opener: Callable[[], Any]) -> None:
    """Grade one submission in this process, asked in what `opener` opens."""
    submission = read_submission(folder.name, folder / "vae", load_sources(layout.source))
    grade_submission(submission, lambda files: opener(), Context("vae", load_config(layout).seed), "bench")


class Timed:
    """A session that adds up where its time goes."""

    def __init__(self, session: Any, spent: dict[str, float]) -> None:
        """Watch `session`."""
        self._session, self._spent = session, spent

    @property
    def alive(self) -> bool:
        """As the session says."""
        return bool(self._session.alive)

    @property
    def limits(self) -> Limits:
        """As the session has them."""
        found: Limits = self._session.limits
        return found

    def __getattr__(self, name: str) -> Any:
        """Time the session's method of that name."""
        label = {"run": "student cells", "ask": "calls and wire", "read": "calls and wire"}.get(name, "isolation")

        def timed(*arguments: Any) -> Any:
            begun = time.perf_counter()
            try:
                return getattr(self._session, name)(*arguments)
            finally:
                self._spent[label] += time.perf_counter() - begun

        return timed


def where(layout: Layout, count: int) -> dict[str, float]:
    """Milliseconds a submission by what they are spent on, behind walls."""
    spent: dict[str, float] = defaultdict(float)
    folders = sorted(layout.submitted.iterdir())[:count]
    with open_sandbox(layout.release, walls="namespaces") as sandbox:

        def opener() -> Timed:
            begun = time.perf_counter()
            session = sandbox.session({})
            spent["isolation"] += time.perf_counter() - begun
            return Timed(session, spent)

        grade(layout, folders[0], opener)
        spent.clear()
        begun = time.perf_counter()
        for folder in folders:
            grade(layout, folder, opener)
        total = time.perf_counter() - begun
    spent["reading, judging and explaining"] = total - sum(spent.values())
    return {name: 1000 * seconds / len(folders) for name, seconds in spent.items()}


def machine() -> str:
    """What a measurement was made on, and when."""
    about = (
        f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"
    )
    return f"{about}, nbgrader {version('nbgrader')}, numpy {version('numpy')}, {time.strftime('%Y-%m-%d')}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cohort", type=int, default=200)
    parser.add_argument("--sample", type=int, default=6, help="submissions for nbgrader")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        layout = course(Path(folder) / "course")
        without_pictures(layout)
        fill_course(layout, options.cohort)
        _table(layout, options.cohort, options.sample, Path(folder))
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _nbgrader(layout: Layout, sample: int) -> tuple[float, int]:
    """Seconds a submission of `nbgrader autograde`, its start left out, and its peak memory in MB."""
    fill_course(layout, sample)
    register_assignment(layout, load_sources(layout.source))
    first, _ = command(layout, "nbgrader", "autograde", "vae", "--student", "s000000")
    whole, memory = command(layout, "nbgrader", "autograde", "vae", "--force")
    startup = max(0.0, (first * sample - whole) / (sample - 1)) if sample > 1 else 0.0
    return (whole - startup) / sample, memory


def _table(layout: Layout, cohort: int, sample: int, folder: Path) -> None:
    released = course(folder / "released")
    bare = course(folder / "bare")
    without_pictures(bare)
    rows = [
        ("nbgrader autograde, as released", *_nbgrader(released, sample)),
        ("nbgrader, without pictures", *_nbgrader(bare, sample)),
    ]
    # What depends on the course alone is worked out once a course, by whichever batch comes first.
    begun = time.perf_counter()
    fill_cache(BatchSpec.of(layout, load_config(layout), chosen_walls("")))
    once = time.perf_counter() - begun
    rows.append(("floor: one bare warm process", floor(layout, min(cohort, 60)), 0))
    for jobs in (1, 2):
        seconds, memory = command(layout, "autograder", "grade", "--force", "--jobs", str(jobs))
        rows.append((f"autograder grade --jobs {jobs}", seconds / cohort, memory))
    whole, base, bottom = (row[1] for row in rows[:3])
    print(f"{'cohort of ' + str(cohort):34}{'s/submission':>14}{'nbgrader / this':>17}{'same cells':>12}", end="")
    print(f"{'this / floor':>14}{'peak MB':>9}")
    for name, seconds, memory in rows:
        ratios = f"{whole / seconds:17.1f}{base / seconds:12.1f}{seconds / bottom:14.2f}"
        print(f"{name:34}{seconds:14.3f}{ratios}{memory or '':>9}")
    print(f"once a course: {once:.1f} s")
    print("\nwhere the milliseconds of a submission go, behind walls, one process:")
    for name, milliseconds in sorted(where(layout, min(cohort, 60)).items(), key=lambda pair: -pair[1]):
        print(f"  {name:34}{milliseconds:8.1f}")


if __name__ == "__main__":
    main()
