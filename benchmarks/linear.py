"""Whether time grows in step with the cohort, and memory not at all: the same mix of submissions in cohorts of several sizes.

python -m benchmarks.linear [100 1000 5000]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .batch import command, machine
from .cohort import course, fill_course


def main() -> None:
    """Measure and print."""
    print(machine())
    for size in map(int, sys.argv[1:] or ["100", "1000", "5000"]):
        with tempfile.TemporaryDirectory() as folder:
            layout = course(Path(folder) / "course")
            fill_course(layout, size)
            seconds, memory = command(layout, "autograder", "grade", "--jobs", "2")
        each = f"{1000 * seconds / size:.0f} ms a submission"
        print(f"cohort of {size}: {seconds:.1f} s, {each}, peak memory {memory} MB", flush=True)


if __name__ == "__main__":
    main()
