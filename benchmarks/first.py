"""What a teacher waits for: one new submission in a graded course, and a whole class; python -m benchmarks.first [class 30] [times 3].

Beside them, the same minute: `python -c "import nbgrader.api"`, which is what writing one grade by nbgrader begins with. Seconds that
pass depend on what else the machine does, so the seconds of computing stand beside them: of the command and its workers. What
students' functions compute behind walls is not among them: the kernel ends those processes, and nobody is told.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from autograder.course.layout import Layout

from .batch import machine
from .cohort import ROOT, course, fill_course


def main(size: int = 30, times: int = 3) -> None:
    """Measure and print."""
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    tell("python -c 'import nbgrader.api'", [run("-c", "import nbgrader.api") for _ in range(times)])
    with tempfile.TemporaryDirectory() as folder:
        layout = course(Path(folder) / "course")
        fill_course(layout, size)
        grade = ("-m", "autograder", "grade", "--jobs", "2", "--course", str(layout.course))
        tell(f"a class of {size}, two jobs, the course's first batch", [run(*grade)])
        tell(f"a class of {size}, two jobs, graded again (--force)", [run(*grade, "--force")])
        tell("nothing to do", [run(*grade) for _ in range(times)])
        for student, what in (("s000000", "right"), ("s000005", "with mistakes in three exercises")):
            found = []
            for turn in range(times):
                change(layout, student, turn)
                found.append(run(*grade))
            tell(f"one new submission, {what}", found)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def change(layout: Layout, student: str, turn: int) -> None:
    """Hand in again, with a remark more."""
    path = min((layout.submitted / student / layout.assignment).glob("*.ipynb"))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": f"again{turn}", "metadata": {}, "source": "Again."})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run(*words: str) -> tuple[float, float]:
    """Run Python with these arguments: seconds that pass, and seconds of computing."""
    before, begun = computing(), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.exit(done.stderr)
    return seconds, computing() - before


def computing() -> float:
    """Seconds that the processes below this one have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(what: str, found: list[tuple[float, float]]) -> None:
    """Print one row: the median of what was measured."""
    seconds, computed = (median(one[way] for one in found) for way in (0, 1))
    print(f"{what:<58} {seconds:6.2f} s, {computed:6.2f} s of computing", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
