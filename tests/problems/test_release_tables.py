"""Tables of the release are the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables
from autograder.checks.exercise import Mistake
from autograder.problems import release_tables
from solutions import linear_autoencoder as solution

STEM, NAME = "02_linear_autoencoder", "fit_linear_autoencoder"


def settles(X: Any, k: int, rng: Any) -> Any:
    """Weights that hang on the data, and hardly on their last digit."""
    W_enc = np.full((X.shape[1], k), np.mean(X**2))
    return W_enc, W_enc.T


def swings(X: Any, k: int, rng: Any) -> Any:
    """Weights that swing to and fro for ever, as those of some trainings do: the logistic map."""
    W_enc, _ = settles(X, k, rng)
    W_enc = W_enc % 1
    for _ in range(200):
        W_enc = 4 * W_enc * (1 - W_enc)
    return W_enc, W_enc.T


def test_what_hangs_on_the_last_digit_is_not_tabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that never settles has its sentence in the table, and no numbers: each machine would write others."""
    known = [
        Mistake(NAME, function.__name__, "Not so.", function, tell=lambda calls, answers: True)
        for function in (settles, swings)
    ]
    monkeypatch.setattr(release_tables, "mistakes", lambda stem, name: known if name == NAME else [])
    right = {exercise.name: getattr(solution, exercise.name) for exercise in problems.public(STEM).exercises}
    (content,) = problems.tables([STEM], right).values()
    rows = {row["name"]: row["answers"] for row in answer_tables.unpacked(content)[NAME]["mistakes"]}
    assert rows["swings"] == []
    assert len(rows["settles"]) == len(problems.public(STEM).exercise(NAME).probes)
