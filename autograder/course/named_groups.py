"""The names that a lecturer gave to groups of equal wrong answers: assignments/<assignment>/names.toml."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files.atomic import write_atomically
from .layout import Layout

FILE = "names.toml"
VERSION = 1
_GROUP = re.compile(r"[0-9a-f]{10}")
_MOST = {"exercise": 100, "name": 100, "says": 1000}
_HEAD = "# Names of groups in the class report. `autograder name` writes this file; it may be edited by hand.\n"


class NamesError(ValueError):
    """A name or the file of names cannot be used; the message says what must hold, what arrived and what to do."""


@dataclass(frozen=True)
class GroupName:
    """What a group is called: its exercise, the name of the mistake, and the sentence that students read."""

    exercise: str
    name: str
    says: str


def names_path(layout: Layout) -> Path:
    """Where the names of an assignment stand."""
    return layout.texts / FILE


def load_names(layout: Layout) -> dict[str, GroupName]:
    """The names by group, none where there is no file; raises NamesError where it cannot be used."""
    path = names_path(layout)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NamesError(
            f"{path} must be valid TOML, but is not: {error}. Mend that line, or take the file away."
        ) from error
    if data.get("version") != VERSION:
        raise NamesError(
            f"{path}: version must be {VERSION}, but is {data.get('version')!r}. Write `version = {VERSION}` at its top, or use "
            "the autograder that wrote it."
        )
    groups = data.get("groups", {})
    unknown = sorted(set(data) - {"version", "groups"})
    if unknown or not isinstance(groups, dict):
        raise NamesError(
            f"{path} must hold version and tables [groups.GROUP] alone, but has {unknown or groups!r}. Take it out."
        )
    return {group: _entry(path, group, table) for group, table in groups.items()}


def _entry(path: Path, group: str, table: Any) -> GroupName:
    if not _GROUP.fullmatch(group):
        raise NamesError(
            f"{path}: a group must be ten digits and letters of the class report, but is {group!r}. Correct it."
        )
    if not isinstance(table, dict) or set(table) != set(_MOST):
        raise NamesError(f"{path}: [groups.{group}] must have exercise, name and says, but is {table!r}. Correct it.")
    try:
        return group_name(table["exercise"], table["name"], table["says"])
    except NamesError as error:
        raise NamesError(f"{path}: [groups.{group}]: {error}") from error


def group_name(exercise: Any, name: Any, says: Any) -> GroupName:
    """A name that can be shown; raises NamesError where it is none."""
    for part, text in (("exercise", exercise), ("name", name), ("says", says)):
        if not isinstance(text, str) or not text.strip() or not text.isprintable() or len(text) > _MOST[part]:
            words = {"exercise": "exercise", "name": "name", "says": "sentence"}[part]
            raise NamesError(
                f"The {words} must be one line of text with 1 to {_MOST[part]} characters, but is {text!r}. Give another one."
            )
    return GroupName(exercise, name.strip(), says.strip())


def save_names(layout: Layout, names: Mapping[str, GroupName]) -> None:
    """Write the file whole; raises OSError."""
    parts = [_HEAD, f"version = {VERSION}\n"]
    for group, one in sorted(names.items(), key=lambda item: (item[1].exercise, item[0])):
        parts.append(f"\n[groups.{group}]\n")
        # A JSON text of printable characters is a TOML text, too.
        parts += [f"{part} = {json.dumps(getattr(one, part), ensure_ascii=False)}\n" for part in _MOST]
    write_atomically(names_path(layout), ["".join(parts).encode()])
