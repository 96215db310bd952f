"""What an assignment makes of a problem: exercises left out, and other points than the problem's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ..checks.exercise import Exercise, Problem
from ..course.settings import FILE, Config


class SettingsError(ValueError):
    """The settings name what the problems do not have, or ask for what cannot be done; the message says which."""


def with_points(exercise: Exercise, points: float | None) -> Exercise:
    """The exercise with other points, shared out among its checks in proportion; None leaves it as it is.

    Shares are whole hundredths that add up exactly (largest remainders, the first check first), so that nothing has to
    be rounded when verdicts are summed. Raises SettingsError where the points are too few to be shared.
    """
    if points is None or points == exercise.points:
        return exercise
    parts = [Fraction(str(check.points)) for check in exercise.checks]
    total, hundredths = sum(parts), round(points * 100)
    if not parts:
        return replace(exercise, points=points)
    if not total:
        raise SettingsError(f"{FILE}: no check of {exercise.name} gives points, so it cannot be worth {points:g}.")
    exact = [part * hundredths / total for part in parts]
    shares = [int(share) for share in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: hundredths - sum(shares)]:
        shares[place] += 1
    checks = tuple(replace(check, points=share / 100) for check, share in zip(exercise.checks, shares, strict=True))
    if points and any(check.earns for check in checks) and not any(check.earns and check.points for check in checks):
        raise SettingsError(
            f"{FILE}: {points:g} points are too few for the checks of {exercise.name}; give more, or 0."
        )
    return replace(exercise, points=points, checks=checks)


def as_assigned(problem: Problem, config: Config) -> Problem:
    """The problem as this assignment asks it; without exercises where all of them are left out."""
    kept = (exercise for exercise in problem.exercises if exercise.name not in config.leave_out)
    return replace(problem, exercises=tuple(with_points(one, config.points.get(one.name)) for one in kept))


def validate_names(config: Config, problems: Iterable[Problem]) -> None:
    """Raise SettingsError where the settings name no exercise, or leave nothing to be graded."""
    known = [exercise.name for problem in problems for exercise in problem.exercises]
    for setting, names in (("leave_out", config.leave_out), ("points", config.points)):
        for name in names:
            if name not in known:
                raise SettingsError(
                    f"{FILE}: {setting} names {name!r}, which is no exercise; there are {', '.join(known)}."
                )
    left = [name for name in known if name not in config.leave_out]
    if known and not left:
        raise SettingsError(f"{FILE}: leave_out leaves nothing to be graded; keep at least one exercise.")
    if left and all(config.points.get(name) == 0 for name in left):
        raise SettingsError(f"{FILE}: every exercise is worth 0 points; give points to at least one.")
