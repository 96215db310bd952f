"""What naming without a list and the second look add to a submission; python -m benchmarks.mechanisms [cohort 60].

Each submission of a cohort is graded with all mechanisms and with the list of known mistakes alone, one after the other, in one
bare process. The tables that a course needs once are worked out before.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from autograder.batch.model import BatchSpec
from autograder.batch.run import chosen_walls
from autograder.batch.worker import fill_cache
from autograder.course.settings import load_config
from autograder.grading import examiner
from autograder.problems import Examination

from .batch import Bare, grade, inside, machine
from .cohort import course, fill_course

_examination_worth = examiner.examination_worth


def _by_list(*about: Any) -> Examination:
    """The examination with known mistakes alone to name what went wrong."""
    one = _examination_worth(*about)
    return replace(one, mechanisms={how: one.mechanisms[how] for how in ("catalogue", "signs")})


@contextmanager
def list_alone() -> Iterator[None]:
    """Grade without the mechanisms: no slips, no terms, no second look, no search for the line."""
    with (
        mock.patch.object(examiner, "examination_worth", _by_list),
        mock.patch.object(examiner, "right_versions", return_value={}),
        mock.patch.object(examiner, "searched", return_value=False),
    ):
        yield


def main(size: int = 60) -> None:
    """Measure and print."""
    print(machine())
    os.environ["MPLBACKEND"] = "agg"
    with tempfile.TemporaryDirectory() as folder:
        layout = course(Path(folder) / "course")
        fill_course(layout, size)
        fill_cache(BatchSpec.of(layout, load_config(layout), chosen_walls("")))
        folders = sorted(layout.submitted.iterdir())
        ways = {"list": list_alone, "all": nullcontext}
        spent: dict[str, list[float]] = {how: [] for how in ways}
        with inside(layout.release):
            for turn in range(2):
                for one, (how, way) in product(folders, ways.items()):
                    begun = time.perf_counter()
                    with way():
                        grade(layout, one, Bare)
                    # The first turn works out what the process keeps.
                    spent[how] += [time.perf_counter() - begun] if turn else []
    for what, numbers in (("median", median), ("mean", lambda found: sum(found) / len(found))):
        plain, whole = (1000 * numbers(spent[how]) for how in ("list", "all"))
        print(
            f"{what}: {plain:.0f} ms by the list alone, {whole:.0f} ms with all mechanisms: {whole / plain:.3f} times"
        )
    wrong = [(whole - plain, whole / plain) for plain, whole in zip(spent["list"], spent["all"], strict=True)]
    print(f"of {len(wrong)} submissions {sum(ratio > 1.1 for _, ratio in wrong)} take more than a tenth longer")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
