"""How long a student waits for a check: python -m benchmarks.check; milliseconds, the student's own function included.

Right answers are the reference and the right variants, wrong ones the known mistakes. The first check of a process, which draws
the examples, is left out.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from autograder.checks import registry
from autograder.checks.student.student_check import examine
from autograder.problems import mistakes, variants

from .batch import machine


def milliseconds(name: str, function: Any) -> float:
    """How long the check of a function takes."""
    begun = time.perf_counter()
    examine(name, {name: function})
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Measure and print a row for each exercise of functions."""
    print(machine())
    print(f"{'exercise':26}{'right: median':>14}{'slowest':>9}{'wrong: median':>15}{'9 of 10':>9}{'slowest':>9}")
    for stem, problem in registry.modules().items():
        for exercise in problem.exercises:
            if exercise.variables:
                continue
            right = variants(stem, exercise.name)
            milliseconds(exercise.name, right[0])
            good = sorted(milliseconds(exercise.name, one) for one in right)
            bad = sorted(milliseconds(exercise.name, one.function) for one in mistakes(stem, exercise.name))
            tenth = bad[len(bad) * 9 // 10]
            print(f"{exercise.name:26}{median(good):14.0f}{good[-1]:9.0f}{median(bad):15.0f}{tenth:9.0f}{bad[-1]:9.0f}")


if __name__ == "__main__":
    main()
