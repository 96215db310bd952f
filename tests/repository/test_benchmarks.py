"""The benchmarks run, on one notebook and tiny cohorts: what they print is looked at here, its numbers are not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT, needs_bubblewrap


@pytest.fixture(autouse=True)
def _walls() -> None:
    needs_bubblewrap()


def benchmark(name: str, *arguments: str) -> str:
    """Run a benchmark as it is typed, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BENCH_NOTEBOOKS": "03_gaussian_kl"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_side_by_side() -> None:
    """nbgrader, the floor and this grader stand in one table, with where the time goes below it."""
    said = benchmark("batch", "--cohort", "2", "--sample", "1")
    for name in ("nbgrader autograde, as released", "nbgrader, without pictures", "floor", "--jobs 1", "--jobs 2"):
        assert re.search(rf"(?m)^.*{re.escape(name)}.* \d+\.\d+ ", said), name
    for name in ("student cells", "calls and wire", "isolation", "reading, judging and explaining"):
        assert re.search(rf"(?m)^  {re.escape(name)} +\d", said), name


def test_in_step_with_the_cohort() -> None:
    """Every size asked for has a line with seconds and memory."""
    said = benchmark("linear", "2", "3")
    assert [int(size) for size in re.findall(r"cohort of (\d+): \d+\.\d s", said)] == [2, 3]


def test_the_first_submission() -> None:
    """One new submission and a whole class stand beside the import of nbgrader, in seconds that pass and of computing."""
    said = benchmark("first", "2", "1")
    for name in ("import nbgrader.api", "a class of 2", "nothing to do", "one new submission"):
        assert re.search(rf"(?m)^.*{re.escape(name)}.* \d+\.\d\d s, +\d+\.\d\d s of computing$", said), name


def test_the_writer() -> None:
    """Every size asked for has its rows, each with milliseconds a submission and the peak of memory."""
    said = benchmark("writer", "3", "5")
    assert re.findall(r"(?m)^(\d+) verdicts;", said) == ["3", "5"]
    for name in ("pages and log", "results", "gradebook, all new", "without nbgrader", "read the log at the start"):
        assert len(re.findall(rf"(?m)^.*{name}.* ms computing, .* peak \d+ MB$", said)) == 2, name


def test_costs_of_the_stations() -> None:
    """Every station of docs/scaling.md is measured."""
    said = benchmark("scale", "2", "3")
    for station in ("draw the examples", "grade", "cluster", "log", "results", "gradebook"):
        assert station in said, station
