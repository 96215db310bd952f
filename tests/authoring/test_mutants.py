"""Mutants of the reference solutions: caught, or accounted for in docs/mutants.md."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.problems import public
from benchmarks.mutants import survivors
from tests.conftest import ROOT

QUICK = [
    (stem, exercise.name) for stem in ("03_gaussian_kl", "04_reparameterisation") for exercise in public(stem).exercises
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("stem", "name"), QUICK)
def test_every_mutant_is_caught_or_accounted_for(stem: str, name: str) -> None:
    """A mechanical change to the reference loses points, or stands in docs/mutants.md with the reason why it is right."""
    page = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8")
    _, count, kept = survivors((stem, name, 0))
    assert count > 4
    assert [what for what in kept if f"`{what}`" not in page] == []


def test_the_command() -> None:
    """`python -m benchmarks.mutants` counts the mutants of what it is given, and ends well when all are accounted for."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mutants", "04_reparameterisation"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of them not accounted for" in done.stdout
