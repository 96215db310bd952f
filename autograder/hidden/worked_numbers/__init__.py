"""Hidden checks of 01_worked_numbers: each variable, or group of entries, against the closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...checks.exercise import Check
from ...checks.worked_numbers import CHAPTER, POINTS, settings
from ..gathering import gathered
from ..values import by_regime
from . import own_checks, sealing

_WARM_UP, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, CHAPTER)

_WARM_UP_SHARE = 0.3


def __getattr__(name: str) -> Any:
    """`CHECKS` follows what the course sets: the chapter's numbers carry all points, or less than a third of them."""
    if name == "CHECKS":
        return {exercise: _checks(exercise, warm_up) for exercise, warm_up in _WARM_UP.items()}
    raise AttributeError(name)


def sealed(exercise: str) -> dict[str, Any]:
    """What the release has of an exercise so that students see whether the chapter's numbers are right: no value told."""
    return sealing.table(exercise, [mistake for mistake in CATALOGUE.mistakes if mistake.exercise == exercise])


def _checks(exercise: str, warm_up: Sequence[Check]) -> tuple[Check, ...]:
    points = POINTS[exercise]
    if settings.kind() == "chapter":
        return _shared_out(warm_up, points)
    part = round(_WARM_UP_SHARE * points, 2)
    own = by_regime({exercise: tuple(own_checks.checks(exercise))})[exercise]
    return (*_shared_out(warm_up, part), *_shared_out(own, round(points - part, 2)))


def _shared_out(checks: Sequence[Check], points: float) -> tuple[Check, ...]:
    """The checks with `points` shared out in whole hundredths, in proportion to their own."""
    total, left = sum(check.points for check in checks), round(points * 100)
    found = []
    for check in checks:
        # What is left goes to what is left, so that the hundredths add up.
        share = round(left * check.points / total)
        total, left = total - check.points, left - share
        found.append(replace(check, points=share / 100))
    return tuple(found)
