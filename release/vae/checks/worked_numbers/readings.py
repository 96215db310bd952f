"""Laws of the remaining exercises: one sample by hand, and what runs and interpolations look like."""

from __future__ import annotations

from typing import Any

from ..exercise import Fault
from .shared import LOOSE, about, all_different, exercise, related
from .variable_types import Number, Table, Word

RUNS = ("A", "B", "C")
LINES = (1.0, 2.0, 3.0)


def _scales(values: Any) -> Fault | None:
    implied = 0.5 * values["dz_dmu"] + 1.2 * values["dz_dsigma"]
    note = f"Your own derivatives imply {implied:.3g}."
    return None if abs(implied - values["z"]) <= LOOSE else related("a z that fits both derivatives", values["z"], note)


REPARAMETERISE_BY_HAND = exercise(
    "reparameterise_by_hand",
    2,
    {"z": Number(), "dz_dmu": Number(), "dz_dsigma": Number()},
    "“Exercise 4: one sample by hand”",
    (
        about(
            "scales",
            "Doubling both mu and sigma doubles z, so mu · dz/dmu + sigma · dz/dsigma is z itself.",
            ("z", "dz_dmu", "dz_dsigma"),
            _scales,
        ),
    ),
)

DIAGNOSE_RUNS = exercise(
    "diagnose_runs",
    1,
    {
        "diagnosis": Table(RUNS, Word(("posterior collapse", "memorising", "healthy"))),
        "remedy": Table(RUNS[:2], Word(("lower beta", "raise beta"))),
    },
    "“Exercise 9: diagnosing three runs”",
    (
        about(
            "three runs, three diagnoses",
            "Each run has a diagnosis of its own.",
            ("diagnosis",),
            lambda values: all_different(values["diagnosis"]),
        ),
    ),
)

READ_INTERPOLATIONS = exercise(
    "read_interpolations",
    1,
    {"reading": Table(LINES, Word(("organised", "empty gap", "crosses classes")))},
    "“Exercise 10: reading three interpolations”",
    (
        about(
            "three lines, three readings",
            "Each interpolation has a reading of its own.",
            ("reading",),
            lambda values: all_different(values["reading"]),
        ),
    ),
)
