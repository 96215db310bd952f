"""What an instructor sets in assignments/<assignment>/assignment.toml; which names it may use, the build checks."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..sandbox.limits import Limits
from .layout import Layout

FILE = "assignment.toml"
SHIPPED_SEED = 20260914
NUMBERS = ("course", "student", "chapter")
# Not from the calendar: its names follow the machine's language.
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_QUESTION = re.compile(r"\d\d_[a-z][a-z0-9_]*\.[1-9]\d?")


class ConfigError(ValueError):
    """The assignment's file says something that cannot be used; the message says what and where."""


@dataclass(frozen=True)
class Config:
    """The settings of an assignment; the defaults serve when the file is missing, and leave every problem as it is.

    `leave_out` are exercises that are not asked this time, `points` those whose points are not the problem's own,
    `extras` the ungraded notebooks that go along, `numbers` where the second part of the worked numbers comes from,
    `written` the points of questions that are answered in words, by notebook and number ("03_gaussian_kl.2").
    """

    title: str = "Assignment"
    seed: int = 0
    numbers: str = "course"
    due: datetime | None = None
    leave_out: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    points: Mapping[str, float] = field(default_factory=dict)
    written: Mapping[str, float] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    @property
    def due_utc(self) -> datetime | None:
        """When it is due, in UTC and without a zone, as nbgrader keeps times."""
        if self.due is None or self.due.tzinfo is None:
            return self.due
        return self.due.astimezone(UTC).replace(tzinfo=None)

    @property
    def due_words(self) -> str:
        """When it is due, for people: 1 December 2026, 23:59 (UTC+01:00); empty without a date."""
        if self.due is None:
            return ""
        zone = self.due.isoformat()[-6:] if self.due.utcoffset() else ""
        return f"{self.due.day} {_MONTHS[self.due.month - 1]} {self.due:%Y, %H:%M} (UTC{zone})"


def load_config(layout: Layout) -> Config:
    """Read the settings of an assignment; raises ConfigError for unknown names or values that cannot be used."""
    path = layout.texts / FILE
    if not path.is_file():
        return Config()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no valid TOML: {error}") from error
    known = {
        "title": str,
        "seed": int,
        "numbers": str,
        "due": datetime,
        "leave_out": list,
        "extras": list,
        "points": dict,
        "written": dict,
    }
    known["limits"] = dict
    words = {datetime: "a date and time like 2026-12-01T23:59:00+01:00", list: "a list of names"}
    for name, value in data.items():
        if name not in known:
            raise ConfigError(f"{path}: there is no setting called {name!r}; there are {', '.join(known)}.")
        if type(value) is not known[name]:
            kind = known[name]
            raise ConfigError(f"{path}: {name} must be {words.get(kind, kind.__name__)}, but is {_shown(value)}.")
    if data.get("numbers", NUMBERS[0]) not in NUMBERS:
        listed = ", ".join(f'"{one}"' for one in NUMBERS)
        raise ConfigError(f"{path}: numbers must be one of {listed}, but is {data['numbers']!r}.")
    for name in ("leave_out", "extras"):
        if name in data:
            data[name] = _names(path, name, data[name])
    _look_at_points(path, data.get("points", {}), data.get("leave_out", ()))
    data["written"] = _questions(path, data.get("written", {}))
    return Config(**{**data, "limits": _limits(path, data.get("limits", {}))})


def note_on_seed(config: Config) -> str:
    """Say that the seed is the one everybody can read in this repository; empty where a course has its own."""
    if config.seed != SHIPPED_SEED:
        return ""
    return (
        f"The seed is {config.seed}, as this package ships it, so students can read it and know the hidden inputs. Set a "
        f"number of your own in {FILE}, run `autograder build`, and keep the number from students."
    )


def _shown(value: Any) -> str:
    return str(value) if not isinstance(value, str | int | float | list | dict) else repr(value)


def _names(path: Path, setting: str, values: list[Any]) -> tuple[str, ...]:
    for value in values:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ConfigError(f"{path}: {setting} must be a list of names, but holds {value!r}.")
        if values.count(value) > 1:
            raise ConfigError(f"{path}: {setting} names {value!r} twice; keep one.")
    return tuple(values)


def _look_at_points(path: Path, points: dict[str, Any], left_out: tuple[str, ...]) -> None:
    for name, value in points.items():
        _must_be_points(path, name, value)
        if name in left_out:
            raise ConfigError(f"{path}: {name} has points and is left out as well; take out one of the two.")


def _must_be_points(path: Path, name: str, value: Any) -> None:
    if type(value) not in (int, float) or not 0 <= value < math.inf or round(value, 2) != value:
        raise ConfigError(
            f"{path}: the points of {name} must be a number from 0 up with two decimals at most, but are {value!r}."
        )


def _questions(path: Path, table: dict[str, Any]) -> dict[str, float]:
    """The points by question; without quotation marks TOML reads a name with a point in it as a table in a table."""
    found: dict[str, float] = {}
    for name, value in table.items():
        inner = {f"{name}.{number}": one for number, one in value.items()} if isinstance(value, dict) else {name: value}
        for question, points in inner.items():
            if not _QUESTION.fullmatch(question):
                raise ConfigError(
                    f'{path}: written names a question by its notebook and its place under "Think it over", like '
                    f'"03_gaussian_kl.2", but holds {question!r}.'
                )
            if question in found:
                raise ConfigError(f"{path}: written names {question!r} twice; keep one.")
            _must_be_points(path, question, points)
            found[question] = points
    return found


def _limits(path: Path, limits: dict[str, Any]) -> Limits:
    bounds = {item.name: type(item.default) for item in fields(Limits)}
    for name, value in limits.items():
        if name not in bounds:
            raise ConfigError(f"{path}: there is no limit called {name!r}; there are {', '.join(bounds)}.")
        if (
            type(value) not in (int, float)
            or not 0 < value < math.inf
            or (bounds[name] is int and type(value) is not int)
        ):
            raise ConfigError(f"{path}: the limit {name} must be a positive number, but is {value!r}.")
    return Limits.of(limits)
