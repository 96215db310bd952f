"""Which setting of each exercise is one's own: of the course, of the student, or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .pools import POOLS, Setting

KINDS = ("course", "student", "chapter")
FILE = "numbers.json"
"""The file beside the students' `checks` that says where the numbers come from, and which ones the course has."""

_used: dict[str, Any] = {}


def places(seed: int | str) -> dict[str, int]:
    """Which place of its pool each exercise takes for a seed or a student's number; evenly, and the same everywhere."""
    return {name: _hash(f"{name} {seed}") % len(pool) for name, pool in POOLS.items()}


def chosen(numbers: str, seed: int | str) -> dict[str, Setting]:
    """The settings by exercise for a course seed ("course") or a student's number ("student"); none for "chapter"."""
    if numbers == "chapter":
        return {}
    if numbers == "student" and not int(seed):
        return {name: pool[0] for name, pool in POOLS.items()}
    return {name: POOLS[name][place] for name, place in places(seed).items()}


def choice(numbers: str, seed: int) -> dict[str, Any]:
    """What is known of the numbers once a kind and a seed are chosen: the kind, and places in the pools; never the seed."""
    return {"numbers": numbers, "places": places(seed) if numbers == "course" else {}}


def use(wanted: Mapping[str, Any]) -> bool:
    """Take the numbers of a choice from now on; returns whether that is a change."""
    changed = wanted != _now()
    _used.clear()
    _used.update(wanted)
    return changed


def as_file(numbers: str, seed: int) -> bytes:
    """What the students' folder holds of it."""
    return (json.dumps(choice(numbers, seed), sort_keys=True) + "\n").encode()


def as_data(numbers: str, seed: int) -> bytes:
    """The same for the notebook's own cell, with the questions: it has the folder `data` where it has no checks."""
    return (json.dumps({**choice(numbers, seed), "pools": POOLS}, sort_keys=True) + "\n").encode()


def from_data(content: bytes) -> dict[str, Any]:
    """The choice that `as_data` wrote; raises ValueError where the content is no such thing."""
    told = json.loads(content)
    try:
        choice = {"numbers": told["numbers"], "places": told["places"]}
        known = {name: POOLS[name][place] for name, place in choice["places"].items()}
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError("it holds no choice of numbers") from error
    if choice["numbers"] not in KINDS or (choice["numbers"] == "course" and known.keys() != POOLS.keys()):
        raise ValueError("it holds no choice of numbers")
    return choice


def kind() -> str:
    """Where the numbers come from at present."""
    return str(_now()["numbers"])


def setting(exercise: str, number: Any = 0) -> Setting:
    """The setting of an exercise at present; `number` is the student's and counts with "student" alone."""
    if kind() == "student":
        return chosen("student", number_of(number))[exercise]
    place: int = _now()["places"][exercise]
    return POOLS[exercise][place]


def number_of(value: Any) -> int:
    """The digits of what a student typed as number, as a whole number; 0 where there are none."""
    digits = "".join(letter for letter in str(value)[:40] if letter in "0123456789")
    return int(digits) if digits else 0


def _now() -> Mapping[str, Any]:
    if not _used:
        path = Path(__file__).parent.with_name(FILE)
        if path.is_file():
            _used.update(json.loads(path.read_text(encoding="utf-8")))
        else:
            _used.update(choice("course", 0))
    return _used


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
