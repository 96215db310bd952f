"""What betrays a wrong fit whose numbers depend on chance, asked about fits of any data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...checks.betrayed import repeats_differ
from ...checks.exercise import Answer, Call
from ...checks.identity_cache import latest
from ...checks.judges import close
from ...checks.linear_autoencoder import fit_traits
from ...checks.linear_autoencoder.fit_linear_autoencoder import misfit
from ...checks.linear_autoencoder.fit_traits import Fit, Trait, projects, runs_away
from ..mistakes.catalogue import Tell
from .fit_judging import bound, fault_of

__all__ = ["every", "fits", "other_chance", "rows_of_eigenvectors", "runs_away", "told"]


@latest
def fits(calls: Sequence[Call], answers: Sequence[Answer]) -> list[Fit] | None:
    """All answers as fits; None when one of them is out of shape or not finite."""
    if any(misfit(call, answer.value) for call, answer in zip(calls, answers, strict=True)):
        return None
    return [
        Fit(call, answer.value, bound(*call.args[:2]), fault_of(call, answer.value) is None)
        for call, answer in zip(calls, answers, strict=True)
    ]


def told(trait: Trait) -> Tell:
    """A tell that fits where the fits show a trait."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        found = fits(calls, answers)
        return found is not None and trait(found)

    return tell


def every(trait: Callable[[Fit], bool]) -> Tell:
    """A tell that fits where all fits show a trait, and one is wrong."""
    return told(fit_traits.every(trait))


def other_chance(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether every fit is right, but the same question got two answers."""
    found = fits(calls, answers)
    return found is not None and all(fit.right for fit in found) and repeats_differ(calls, answers)


def rows_of_eigenvectors(fit: Fit) -> bool:
    """A projection on rows of the matrix whose columns are the eigenvectors, up to their signs and order."""
    if not projects(fit):
        return False
    k = fit.call.args[1]
    ascending = np.linalg.eigh(fit.X.T @ fit.X)[1]
    ours = np.abs(fit.weights[1])
    candidates = (columns[part] for columns in (ascending, ascending[:, ::-1]) for part in (slice(k), slice(-k, None)))
    ordered = (rows for candidate in candidates for rows in (candidate, candidate[::-1]))
    return any(close(ours, np.abs(rows), atol=1e-4) for rows in ordered)
