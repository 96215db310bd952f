"""What an instructor sets in assignments/<assignment>/assignment.toml: title, seed, limits."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, fields

from .layout import Layout
from .sandbox.limits import Limits

FILE = "assignment.toml"


class ConfigError(ValueError):
    """The assignment's file says something that cannot be used; the message says what and where."""


@dataclass(frozen=True)
class Config:
    """The settings of an assignment; the defaults serve when the file is missing."""

    title: str = "Assignment"
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


def load_config(layout: Layout) -> Config:
    """Read the settings of an assignment; raises ConfigError for unknown names or wrong types."""
    path = layout.texts / FILE
    if not path.is_file():
        return Config()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no valid TOML: {error}") from error
    known = {"title": str, "seed": int, "limits": dict}
    for name, value in data.items():
        if name not in known:
            raise ConfigError(f"{path}: there is no setting called {name!r}; there are {', '.join(known)}.")
        if type(value) is not known[name]:
            raise ConfigError(f"{path}: {name} must be {known[name].__name__}, but is {value!r}.")
    limits = data.pop("limits", {})
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
    return Config(**data, limits=Limits.of(limits))
