"""The benchmarks run, on one notebook and tiny cohorts: what they print is looked at here, its numbers are not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from autograder.checks import registry
from autograder.sandbox.machine import best_tier
from autograder.sandbox.tiers import WALLS
from benchmarks.tiers import Graded, differences
from tests.conftest import ROOT, needs_bubblewrap

pytestmark = pytest.mark.slow


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
    said = benchmark("first", "6", "1")
    for name in ("import nbgrader.api", "a class of 6", "nothing to do", "one new submission"):
        assert re.search(rf"(?m)^.*{re.escape(name)}.* \d+\.\d\d s, +\d+\.\d\d s of computing$", said), name


def test_the_writer() -> None:
    """Every size asked for has its rows, each with milliseconds a submission and the peak of memory."""
    said = benchmark("writer", "3", "5")
    assert re.findall(r"(?m)^(\d+) verdicts;", said) == ["3", "5"]
    for name in ("pages and log", "results", "gradebook, all new", "without nbgrader", "read the log at the start"):
        assert len(re.findall(rf"(?m)^.*{name}.* ms computing, .* peak \d+ MB$", said)) == 2, name


def test_what_the_mechanisms_cost() -> None:
    """Median and mean stand for the list alone and for all mechanisms, with their ratio."""
    said = benchmark("mechanisms", "3")
    for what in ("median", "mean"):
        assert re.search(rf"(?m)^{what}: \d+ ms by the list alone, \d+ ms with all mechanisms: \d\.\d+ times$", said), (
            said
        )


def test_how_long_a_check_takes() -> None:
    """Every exercise of functions has a row with the times of right and of wrong answers."""
    said = benchmark("check")
    rows = re.findall(r"(?m)^(\w+)(?: +\d+){5}$", said)
    assert {"gaussian_kl", "fit_linear_vae", "slerp"} <= set(rows)
    assert len(rows) == sum(not one.variables for problem in registry.modules().values() for one in problem.exercises)


def test_costs_of_the_stations() -> None:
    """Every station of docs/scaling.md is measured."""
    said = benchmark("scale", "2", "3")
    for station in ("draw the examples", "grade", "cluster", "log", "results", "gradebook"):
        assert station in said, station


def test_every_tier_gives_the_same_results() -> None:
    """Each tier of the machine has a line, and no result differs; it would end with 1 if one did."""
    said = benchmark("tiers", "--cohort", "3")
    best = best_tier()
    assert re.search(rf"(?m)^this machine +{re.escape(best)} +\d+\.\d +3 of 3 +\d+ +1\.00$", said), said
    assert said.count("3 of 3") == sum(not one.missing() for one in WALLS)
    assert "No result differs" in said


def test_a_tier_that_loses_points_is_named() -> None:
    """Other points behind other walls are told by student, with what differs; the tier's name, its lacks and the key may differ."""
    alike = {"score": 3.0, "state": "graded", "isolation": "namespaces", "isolation_lacks": [], "key": "a"}
    walls = {"isolation": "landlock", "isolation_lacks": ["paths"], "key": "b"}
    first = Graded("here", "namespaces", {"ann": alike, "bob": alike}, 1.0)
    other = Graded("there", "landlock", {"ann": alike | walls, "bob": alike | walls | {"score": 2.5}}, 1.0)
    assert differences(first, other) == ["bob, namespaces and landlock (there): 3 and 2.5 points; other score"]
