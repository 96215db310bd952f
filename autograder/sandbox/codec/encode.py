"""Plain data as bytes: nothing is pickled or evaluated, and every size is checked before memory is taken for it."""

from __future__ import annotations

import operator
import struct
import types
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .type_names import describe

_DTYPES = {
    b"?": "|b1", b"b": "|i1", b"h": "<i2", b"i": "<i4", b"q": "<i8", b"B": "|u1", b"H": "<u2", b"I": "<u4",
    b"Q": "<u8", b"e": "<f2", b"f": "<f4", b"d": "<f8", b"F": "<c8", b"D": "<c16",
}  # fmt: skip
_CODES = {text: code for code, text in _DTYPES.items()}
_BY_CODE = {code[0]: np.dtype(text) for code, text in _DTYPES.items()}
_MAX_NDIM = 32
_HEADS = [struct.Struct(f"<ccB{ndim}Q") for ndim in range(_MAX_NDIM + 1)]
_SHAPES = [struct.Struct(f"<{ndim}Q") for ndim in range(_MAX_NDIM + 1)]
_U32 = struct.Struct("<I")
_TAG_U32 = struct.Struct("<cI")
_TAG_INT = struct.Struct("<cq")
_TAG_FLOAT = struct.Struct("<cd")
_TAG_COMPLEX = struct.Struct("<cdd")
_INT = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_MAX_INT_BYTES = 512
_OWN_COPY = 1 << 16
# Hashes of numbers and tuples can be made to collide: keyed collections stay so small that this costs nothing.
_MAX_KEYED = 2_000
_MAX_KEYED_IN_ALL = 10_000
_NUMBER_AS_TEXT = 64


class Bounds(NamedTuple):
    """How large one value may be: bytes, levels of nesting, elements in all collections together."""

    size: int = 64 << 20
    depth: int = 20
    elements: int = 500_000
    text: int = 200_000

    def hold_texts(self, longest: int, items: int) -> bool:
        """Whether so many items fit as numpy would keep them in one array: each in the room of the longest text."""
        return not longest or 4 * max(longest, _NUMBER_AS_TEXT) * items <= self.size


class Seeded(NamedTuple):
    """A Generator on its way: `numpy.random.default_rng(seed)`, shared under `handle`."""

    seed: int
    handle: str


class Unreadable(Exception):
    """A value that is no plain data, or too large; the message names it ("a function")."""


class Malformed(Exception):
    """Bytes that are no value within the bounds."""


class Encoder:
    """Turn one value after another into chunks of bytes, within bounds that hold for all of them together."""

    def __init__(self, bounds: Bounds) -> None:
        """Start with all of `bounds` to spend."""
        self.bounds = bounds
        self.chunks: list[bytes | memoryview] = []
        self.size = 0
        self.elements = 0
        self.keyed = 0
        self.longest = self.items = 0

    def answer(self, value: Any) -> None:
        """Append a value that numpy may be asked to make one array of; raise Unreadable as `add`, and for its texts."""
        self.add(value)
        if not self.bounds.hold_texts(self.longest, self.elements + self.items):
            raise Unreadable("a collection with a very long text in it")

    def add(self, value: Any, depth: int = 0) -> None:
        """Append `value`; raise Unreadable when it is no plain data or breaks a bound."""
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            write(self, value, depth)
            return
        self._unusual(value, kind, depth)

    def _put(self, chunk: bytes | memoryview) -> None:
        self.size += len(chunk)
        if self.size > self.bounds.size:
            raise Unreadable(f"more than {self.bounds.size >> 20} MB of data")
        self.chunks.append(chunk)

    def _none(self, value: None, depth: int) -> None:
        self._put(b"N")

    def _bool(self, value: bool, depth: int) -> None:
        self._put(b"T" if value else b"F")

    def _int(self, value: int, depth: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self._put(_TAG_INT.pack(b"i", value))
            return
        length = value.bit_length() // 8 + 1
        if length > _MAX_INT_BYTES:
            raise Unreadable(f"an integer of {value.bit_length()} bits")
        self._put(_TAG_U32.pack(b"I", length) + value.to_bytes(length, "little", signed=True))

    def _float(self, value: float, depth: int) -> None:
        self._put(_TAG_FLOAT.pack(b"d", value))

    def _complex(self, value: complex, depth: int) -> None:
        self._put(_TAG_COMPLEX.pack(b"c", value.real, value.imag))

    def _str(self, value: str, depth: int) -> None:
        if len(value) > self.bounds.text:
            raise Unreadable(f"a string of {len(value)} characters")
        self.longest = max(self.longest, len(value))
        text = value.encode("utf-8", "replace")
        self._put(_TAG_U32.pack(b"s", len(text)) + text)

    def _seeded(self, value: Seeded, depth: int) -> None:
        self._put(b"r")
        self._int(value.seed, depth)
        self._str(value.handle, depth)

    def _items(self, tag: bytes, items: Any, length: int, depth: int, keyed: bool = False) -> None:
        self.elements += length
        if self.elements > self.bounds.elements:
            raise Unreadable(f"a collection of more than {self.bounds.elements} elements")
        if depth >= self.bounds.depth:
            raise Unreadable(f"a value nested more than {self.bounds.depth} levels deep (or containing itself)")
        if keyed:
            self.keyed += length
            if length > _MAX_KEYED or self.keyed > _MAX_KEYED_IN_ALL:
                raise Unreadable(f"a set or dict of more than {_MAX_KEYED} elements")
        self._put(_TAG_U32.pack(tag, length))
        for item in items:
            self.add(item, depth + 1)

    def _list(self, value: Any, depth: int) -> None:
        self._items(b"l", value, len(value), depth)

    def _tuple(self, value: Any, depth: int) -> None:
        self._items(b"t", value, len(value), depth)

    def _set(self, value: Any, depth: int) -> None:
        plain = [_plain_key(item) for item in value]
        self._items(b"S" if issubclass(type(value), set) else b"Z", plain, len(plain), depth, keyed=True)

    def _dict(self, value: Any, depth: int) -> None:
        flat: list[Any] = []
        for key, item in dict.items(value):
            flat += (_plain_key(key), item)
        self._items(b"D", flat, len(flat), depth, keyed=True)

    def _array(self, value: Any, depth: int) -> None:
        code = _CODES.get(value.dtype.str)
        if code is None:
            value, code = _ordinary(value)
        extent = value.itemsize or 1
        for length in value.shape:
            extent *= length or 1
        if extent > self.bounds.size - self.size or value.ndim > _MAX_NDIM:
            raise Unreadable(f"an array of shape {value.shape}, too large to be read")
        if code == b"U" and value.itemsize > 4 * self.bounds.text:
            raise Unreadable("an array of very long strings")
        self.items += value.size
        if code == b"U":
            self.longest = max(self.longest, value.itemsize // 4)
        head = _HEADS[value.ndim].pack(b"a", code, value.ndim, *value.shape)
        if code == b"U":
            head += _U32.pack(value.dtype.itemsize)
        self._put(head)
        if value.nbytes > _OWN_COPY and value.flags.c_contiguous:
            # Sent from where it lies: whoever encodes sends before anybody can change it.
            self._put(memoryview(value.reshape(-1).view(np.uint8)))
        else:
            self._put(value.tobytes())

    def _unusual(self, value: Any, kind: type, depth: int) -> None:
        if depth > self.bounds.depth:
            raise Unreadable("a value nested too deeply")
        for base, write in _BASES:
            if issubclass(kind, base):
                write(self, value, depth)
                return
        for name, take in _CONVERSIONS:
            if getattr(kind, name, None) is not None and kind not in _NEVER:
                try:
                    plain = take(value)
                except Exception as error:
                    raise Unreadable(f"{describe(value)} that cannot be read ({type(error).__name__})") from None
                _WRITERS[type(plain)](self, plain, depth)
                return
        raise Unreadable(describe(value))


def _plain_key(key: Any) -> Any:
    """Return a key that hashes in C alone; numpy's scalars become Python's."""
    kind = type(key)
    if kind in (str, int, float, bool, type(None), complex):
        return key
    if issubclass(kind, np.generic):
        plain = np.generic.item(key)
        if type(plain) in (str, int, float, bool, complex):
            return plain
    if issubclass(kind, (tuple, frozenset)):
        base: Any = tuple if issubclass(kind, tuple) else frozenset
        return base(_plain_key(item) for item in base.__iter__(key))
    for base in (bool, int, float, str):
        if issubclass(kind, base):
            return base.__str__(key) if base is str else base(key)
    raise Unreadable(f"a set or dict with {describe(key)} as a key")


def _ordinary(value: Any) -> tuple[Any, bytes]:
    """Return an array of an unusual dtype as one of the ordinary dtypes, with its code."""
    dtype = value.dtype
    if dtype.kind == "U":
        return value.astype(dtype.newbyteorder("<")), b"U"
    if dtype.kind == "T":
        return np.asarray(value, dtype=np.str_), b"U"
    if dtype.kind in "biufc":
        size = min(dtype.itemsize, 8 if dtype.kind in "iuf" else 16)
        with np.errstate(all="ignore"):
            plain = value.astype(f"<{dtype.kind}{size}")
        return plain, _CODES[plain.dtype.str]
    raise Unreadable(f"an array of dtype {str(dtype)[:80]}")


def _from_array(value: Any) -> Any:
    array = value.__array__()
    if not issubclass(type(array), np.ndarray):
        raise TypeError
    return np.ndarray.view(array, np.ndarray)


def _as_array(encoder: Encoder, value: Any, depth: int) -> None:
    encoder._array(np.ndarray.view(value, np.ndarray), depth)


def _as_scalar(encoder: Encoder, value: Any, depth: int) -> None:
    if issubclass(type(value), np.str_):
        encoder._str(str.__str__(value), depth)
    elif issubclass(type(value), np.bytes_):
        raise Unreadable("bytes")
    else:
        encoder._array(np.asarray(value), depth)


def _as_range(encoder: Encoder, value: Any, depth: int) -> None:
    if len(value) > encoder.bounds.elements:
        raise Unreadable(f"a range of {len(value)} elements")
    encoder._list(list(value), depth)


_WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    type(None): Encoder._none, bool: Encoder._bool, int: Encoder._int, float: Encoder._float, str: Encoder._str,
    complex: Encoder._complex, list: Encoder._list, tuple: Encoder._tuple, set: Encoder._set, dict: Encoder._dict,
    frozenset: Encoder._set, np.ndarray: Encoder._array, Seeded: Encoder._seeded, range: _as_range,
}  # fmt: skip
_BASES: list[tuple[type, Callable[[Encoder, Any, int], None]]] = [
    (np.ndarray, _as_array),
    (np.generic, _as_scalar),
    (int, lambda encoder, value, depth: encoder._int(int.__index__(value), depth)),
    (float, lambda encoder, value, depth: encoder._float(float.__float__(value), depth)),
    (str, lambda encoder, value, depth: encoder._str(str.__str__(value), depth)),
    (list, lambda encoder, value, depth: encoder._items(b"l", list.__iter__(value), list.__len__(value), depth)),
    (tuple, lambda encoder, value, depth: encoder._items(b"t", tuple.__iter__(value), tuple.__len__(value), depth)),
    (dict, Encoder._dict),
    (set, lambda encoder, value, depth: encoder._set(set(set.__iter__(value)), depth)),
    (frozenset, lambda encoder, value, depth: encoder._set(frozenset(frozenset.__iter__(value)), depth)),
    (type({}.keys()), lambda encoder, value, depth: encoder._list(list(value), depth)),
    (type({}.values()), lambda encoder, value, depth: encoder._list(list(value), depth)),
]
_CONVERSIONS: list[tuple[str, Callable[[Any], Any]]] = [
    ("__array__", _from_array),
    ("__index__", operator.index),
    ("__float__", float),
    ("__complex__", complex),
]
_NEVER = (type, types.FunctionType, types.ModuleType)


def encode(value: Any, bounds: Bounds | None = None) -> bytes:
    """Return `value` as bytes; raise Unreadable when it is no plain data or breaks a bound."""
    encoder = Encoder(bounds or Bounds())
    encoder.add(value)
    return b"".join(encoder.chunks)
