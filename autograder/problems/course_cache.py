"""What depends on a course alone, kept in its folder from one batch to the next: bytes under a key, never unpickled."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from ..checks.exercise import Call, Rng
from ..sandbox.codec.decode import decode
from ..sandbox.codec.encode import Bounds, Malformed, Unreadable, encode

_BOUNDS = Bounds(size=256 << 20, depth=60, elements=5_000_000)
_HASH = hashlib.sha256().digest_size
_CALL, _AGAIN, _RNG, _SCALAR, _ROWS, _TASK = "\0call", "\0again", "\0rng", "\0scalar", "\0rows", "\0task"
# What is drawn for some exercises is no call but a description of one, in a class of their hidden halves.
_HIDDEN = f"{__package__.partition('.')[0]}.hidden."
_SCALARS = (bool, int, float, complex, str, type(None))


@dataclass(frozen=True)
class CourseCache:
    """A folder of what was worked out for a course, each thing in a file of its own, valid under one key.

    A file is the hash of key, name and seed, the hash of its content, and the content. Whatever is wrong with one, it counts
    as not there.
    """

    folder: Path
    key: str

    def load(self, name: str, seed: int) -> Any:
        """What was stored under a name for a seed: plain data, calls and seeds; raises LookupError where there is nothing sound."""
        try:
            data = (self.folder / name).read_bytes()
            mark, digest, content = data[:_HASH], data[_HASH : 2 * _HASH], data[2 * _HASH :]
            if mark != self._mark(name, seed) or digest != hashlib.sha256(content).digest():
                raise LookupError(name)
            return _restored(decode(zlib.decompress(content), _BOUNDS), [])
        except (OSError, zlib.error, Malformed, ValueError, TypeError) as error:
            raise LookupError(name) from error

    def store(self, name: str, seed: int, value: Any) -> None:
        """Store a value if it is plain data and the folder can be written: whoever cannot, works it out each time."""
        part = self.folder / f".{name}.{os.getpid()}.part"
        try:
            content = zlib.compress(encode(_plain(value, {}), _BOUNDS), 1)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(self._mark(name, seed) + hashlib.sha256(content).digest() + content)
            part.replace(self.folder / name)
        except (OSError, Unreadable, TypeError):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what writers that were killed left behind; nobody may be writing."""
        for part in self.folder.glob(".*.part"):
            with contextlib.suppress(OSError):
                part.unlink()

    def _mark(self, name: str, seed: int) -> bytes:
        return hashlib.sha256(f"{self.key} {name} {seed}".encode()).digest()


class Rows(Sequence[Any]):
    """Values of which mostly few are asked for: each comes out of the cache when it is."""

    def __init__(self, values: Sequence[Any]) -> None:
        """Hold values as they are."""
        self._known: dict[int, Any] = dict(enumerate(values))
        self._data, self._ends = b"", [0] * (len(values) + 1)

    @classmethod
    def unpacked(cls, data: bytes, ends: Sequence[int]) -> Rows:
        """Values that stand one after the other in the data, up to these ends, of which the first is 0."""
        rows = cls(())
        rows._data, rows._ends = data, list(ends)
        return rows

    def packed(self) -> tuple[bytes, list[int]]:
        """The data and the ends; raises TypeError, Unreadable."""
        parts = [encode(_plain(one, {}), _BOUNDS) for one in self]
        return b"".join(parts), [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends) - 1

    def __getitem__(self, place: Any) -> Any:
        """One of them, always the same object; raises IndexError."""
        number = range(len(self))[place]
        if number not in self._known:
            data = self._data[self._ends[number] : self._ends[number + 1]]
            self._known[number] = _restored(decode(data, _BOUNDS), [])
        return self._known[number]


_in_use: list[CourseCache] = []


def use_cache(cache: CourseCache | None) -> None:
    """Keep what is worked out from now on in this cache, or nowhere."""
    _in_use[:] = [cache] if cache else []


def kept(name: str, seed: int, make: Callable[[], Any]) -> Any:
    """What `make` returns, plain data: from the cache in use where it is there, else made and stored."""
    if not _in_use:
        return make()
    (cache,) = _in_use
    try:
        return cache.load(name, seed)
    except LookupError:
        made = make()
        cache.store(name, seed, made)
        return made


def _plain(value: Any, numbered: dict[int, int]) -> Any:
    """The value without calls and seeds; the same call is written once, since it is asked once. Raises TypeError."""
    if type(value) in _SCALARS or type(value) is np.ndarray:
        return value
    if type(value) in (list, tuple):
        return type(value)(_plain(one, numbered) for one in value)
    if isinstance(value, Mapping):
        return {key: _plain(one, numbered) for key, one in value.items()}
    if isinstance(value, np.generic):
        return (_SCALAR, np.asarray(value))
    if isinstance(value, Rows):
        data, ends = value.packed()
        return (_ROWS, np.frombuffer(data, np.uint8), np.array(ends, np.int64))
    if isinstance(value, Rng):
        return (_RNG, value.seed, value.handle)
    if isinstance(value, Call):
        if id(value) not in numbered:
            written = (_CALL, _plain(value.args, numbered), _plain(value.kwargs, numbered))
            numbered[id(value)] = len(numbered)
            return written
        return (_AGAIN, numbered[id(value)])
    if is_dataclass(value) and _task(type(value).__module__, type(value).__qualname__) is type(value):
        held = tuple(_plain(getattr(value, one.name), numbered) for one in fields(value))
        return (_TASK, type(value).__module__, type(value).__qualname__, held)
    raise TypeError(f"{type(value).__name__} is not kept")


def _restored(value: Any, calls: list[Call]) -> Any:
    if isinstance(value, list):
        return [_restored(one, calls) for one in value]
    if isinstance(value, dict):
        return {key: _restored(one, calls) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        # What is computed from an array depends in its last bits on how the array lies in memory.
        return value.copy()
    if not isinstance(value, tuple):
        return value
    tag = value[0] if value and isinstance(value[0], str) else ""
    if tag == _SCALAR:
        return value[1][()]
    if tag == _ROWS:
        return Rows.unpacked(value[1].tobytes(), value[2].tolist())
    if tag == _RNG:
        return Rng(*value[1:])
    if tag == _AGAIN:
        return calls[value[1]]
    if tag == _CALL:
        calls.append(Call(_restored(value[1], calls), _restored(value[2], calls)))
        return calls[-1]
    if tag == _TASK:
        kind = _task(value[1], value[2])
        if kind is None:
            raise LookupError(f"{value[1]}.{value[2]}")
        return kind(*_restored(value[3], calls))
    return tuple(_restored(one, calls) for one in value)


def _task(module: str, name: str) -> Callable[..., Any] | None:
    """A dataclass of a hidden half that is loaded, by its name; None where there is none: nothing is imported for a file."""
    found = getattr(sys.modules.get(module), name, None) if f"{module}".startswith(_HIDDEN) else None
    return found if isinstance(found, type) and is_dataclass(found) and found.__module__ == module else None
