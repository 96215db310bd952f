"""Locks that tell whether an answer is a known one, and do not tell the known one.

Students hold the checks, so no right answer of 01 may stand in them. The answer at each place of a variable (an entry
of a table, a number of a row, a word) falls into a cell: of numbers a bucket of a coarse grid, of anything else the
value itself. The salted hash of the cell is the name of a lock and the key to it. Inside are the bounds of the answers
that count as the known one, and the number of the known one. So the tolerance is kept to the last digit: hashes of
cells alone would be right only near it, or hundreds for each number. A lock keeps answers from being read by accident;
who tries every cell on purpose finds what the chapter prints.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log
from typing import Any

from .variable_types import Kind, Number, Row, Table

RIGHT = 0
"""The known answer of a place that is right; those of slips are counted from 1."""

Locks = dict[str, list[str]]
"""What each lock holds in hexadecimal digits, by the lock's name."""

# Trying all cells takes a while, and the largest check a few milliseconds.
_ROUNDS = 300
_STEP, _RATIO = 0.02, log(1.04)
_LARGE, _NOWHERE = 1e6, 10**12
_CONTENT = struct.Struct("<ddH")
_NAME_BYTES = 8


@dataclass(frozen=True)
class Place:
    """One number, word, order or set of a variable: where it stands in words, its kind, and what stands there."""

    where: str
    kind: Kind
    value: Any


@dataclass(frozen=True)
class Known:
    """A known answer at a place: its number, and the least and greatest answers that count as it (0, 0 of words)."""

    number: int
    low: float = 0.0
    high: float = 0.0


def places(kind: Kind, value: Any, where: str = "") -> Iterator[Place]:
    """The places of a canonical value, in order."""
    before = f"{where}, " if where else ""
    if isinstance(kind, Table):
        for entry in kind.entries:
            key = f'"{entry}"' if isinstance(entry, str) else f"{entry:g}"
            yield from places(kind.of, value[entry], f"{before}entry {key}")
    elif isinstance(kind, Row):
        for number, (name, one) in enumerate(zip(kind.places, value, strict=True), 1):
            yield from places(kind.of, one, before + (name if isinstance(name, str) else f"number {number}"))
    else:
        yield Place(where, kind, value)


def sealed(salt: str, variable: str, place: Place, known: Iterable[Known]) -> Locks:
    """The locks of all known answers at one place; of words `place` holds the known one itself."""
    contents: dict[str, list[bytes]] = {}
    for one in known:
        for cell in _cells(place, one):
            contents.setdefault(cell, []).append(_CONTENT.pack(one.low, one.high, one.number))
    locks = {}
    for cell, held in contents.items():
        name, key = _name_and_key(salt, variable, place.where, cell)
        locks[name] = [_masked(content, key, position).hex() for position, content in enumerate(held)]
    return locks


def opened(salt: str, locks: Mapping[str, list[str]], variable: str, place: Place) -> frozenset[int]:
    """The numbers of the known answers that the answer at a place counts as; none where it is no known one."""
    name, key = _name_and_key(salt, variable, place.where, _cell(place.kind, place.value))
    found = set()
    for position, held in enumerate(locks.get(name, ())):
        low, high, number = _CONTENT.unpack(_masked(bytes.fromhex(held), key, position))
        if not isinstance(place.kind, Number) or low <= place.value <= high:
            found.add(number)
    return frozenset(found)


def _cells(place: Place, known: Known) -> list[str]:
    """Every cell in which an answer that counts as the known one may fall."""
    if not isinstance(place.kind, Number):
        return [_cell(place.kind, place.value)]
    # On an edge of the grid the last digits decide, and those differ between machines: both cells have the lock then.
    first, last = (_bucket(place.kind, bound) for bound in (known.low - 1e-9, known.high + 1e-9))
    return [str(bucket) for bucket in range(first, last + 1)]


def _cell(kind: Kind, value: Any) -> str:
    if isinstance(kind, Number):
        return str(_bucket(kind, value))
    if isinstance(value, str):
        return value
    return "\n".join(map(str, sorted(value) if isinstance(value, frozenset) else value))


def _bucket(kind: Number, value: float) -> int:
    """The number of the bucket on the grid; where the tolerance is relative, on that of the logarithm."""
    if kind.relative:
        return floor(log(value) / _RATIO) if value > 0 else _NOWHERE
    # What is so large is no known answer, and may be too large for a bucket.
    return floor(value / _STEP) if abs(value) < _LARGE else _NOWHERE


@lru_cache(8192)
def _name_and_key(salt: str, variable: str, where: str, cell: str) -> tuple[str, bytes]:
    text = "\n".join((variable, where, cell)).encode()
    digest = hashlib.pbkdf2_hmac("sha256", text, salt.encode(), _ROUNDS)
    return digest[:_NAME_BYTES].hex(), digest[_NAME_BYTES:]


def _masked(content: bytes, key: bytes, position: int) -> bytes:
    """The content with a stream of the key over it; masked twice it is itself again."""
    stream = hashlib.blake2b(position.to_bytes(2, "big"), key=key, digest_size=len(content)).digest()
    return bytes(one ^ other for one, other in zip(content, stream, strict=True))
