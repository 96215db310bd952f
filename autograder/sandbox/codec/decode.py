"""Bytes as plain data again: the side of the wire that believes nothing."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .encode import (
    _BY_CODE,
    _COMPLEX,
    _FLOAT,
    _INT,
    _MAX_INT_BYTES,
    _MAX_KEYED,
    _MAX_KEYED_IN_ALL,
    _MAX_NDIM,
    _SHAPES,
    _U32,
    Bounds,
    Malformed,
    Seeded,
)

_HEAD = 8
_KEYS = (str, int, float, bool, type(None), complex)
_TRUE, _FALSE, _NONE, _ARRAY, _TEXTS = b"TFNaU"
_INTEGER, _LONG, _REAL, _IMAGINARY, _STRING = b"iIdcs"
_LIST, _TUPLE, _SET, _FROZEN, _DICT, _GENERATOR = b"ltSZDr"


class Decoder:
    """Read one value after another from `data`; any violation of form or bounds raises Malformed."""

    def __init__(self, data: bytes | bytearray, bounds: Bounds, seeds: bool = False) -> None:
        """Start at the beginning of `data`; `seeds` allows Generators on their way (requests only)."""
        self.data = data
        self.view = memoryview(data)
        self.at = 0
        self.bounds = bounds
        self.seeds = seeds
        self.elements = 0
        self.keyed = 0
        self.longest = self.items = 0

    def skip(self, known: bytes) -> bool:
        """Pass over bytes that are known to be a value, if they come next; say whether they did."""
        found = self.data.startswith(known, self.at)
        if found:
            self.at += len(known)
        return found

    def _take(self, length: int) -> int:
        start = self.at
        self.at = start + length
        if self.at > len(self.data):
            raise Malformed("the bytes end within a value")
        return start

    def value(self, depth: int = 0) -> Any:
        """Return the next value."""
        tag = self.data[self._take(1)]
        if tag == _ARRAY:
            return self.array()
        if tag == _REAL:
            return _FLOAT.unpack_from(self.data, self._take(8))[0]
        if tag == _INTEGER:
            return _INT.unpack_from(self.data, self._take(8))[0]
        if tag == _STRING:
            return self._text()
        if tag == _NONE:
            return None
        if tag == _TRUE:
            return True
        if tag == _FALSE:
            return False
        if tag == _LONG:
            length = self._length()
            if length > _MAX_INT_BYTES:
                raise Malformed("an integer is too long")
            start = self._take(length)
            return int.from_bytes(self.data[start : self.at], "little", signed=True)
        if tag == _IMAGINARY:
            return complex(*_COMPLEX.unpack_from(self.data, self._take(16)))
        if tag == _GENERATOR and self.seeds:
            seed, handle = self.value(depth + 1), self.value(depth + 1)
            if type(seed) is not int or type(handle) is not str:
                raise Malformed("a Generator needs a seed and a handle")
            return Seeded(seed, handle)
        return self._collection(tag, depth)

    def _length(self) -> int:
        length: int = _U32.unpack_from(self.data, self._take(4))[0]
        return length

    def _text(self) -> str:
        length = self._length()
        if length > 4 * self.bounds.text:
            raise Malformed("a string is too long")
        start = self._take(length)
        text = self.data[start : self.at].decode("utf-8", "replace")
        self.longest = max(self.longest, len(text))
        return text

    def _collection(self, tag: int, depth: int) -> Any:
        if tag not in (_LIST, _TUPLE, _SET, _FROZEN, _DICT):
            raise Malformed("an unknown kind of value")
        length = self._length()
        self.elements += length
        if depth >= self.bounds.depth or length > len(self.data) - self.at or self.elements > self.bounds.elements:
            raise Malformed("a collection is too deep or too large")
        if tag == _LIST:
            return [self.value(depth + 1) for _ in range(length)]
        if tag == _TUPLE:
            return tuple([self.value(depth + 1) for _ in range(length)])
        self.keyed += length
        if length > _MAX_KEYED or self.keyed > _MAX_KEYED_IN_ALL:
            raise Malformed("a set or dict is too large")
        if tag == _DICT:
            if length % 2:
                raise Malformed("a dict has a key without a value")
            return {self._key(depth + 1): self.value(depth + 1) for _ in range(length // 2)}
        keys = [self._key(depth + 1) for _ in range(length)]
        return set(keys) if tag == _SET else frozenset(keys)

    def _key(self, depth: int) -> Any:
        key = self.value(depth)
        _plain(key)
        return key

    def array(self) -> Any:
        """Return the array whose tag was just read, as a fresh writable copy."""
        data = self.data
        start = self._take(2)
        code, ndim = data[start], data[start + 1]
        if ndim > _MAX_NDIM:
            raise Malformed("an array has too many dimensions")
        shape = _SHAPES[ndim].unpack_from(data, self._take(8 * ndim))
        dtype = _BY_CODE.get(code)
        if dtype is None:
            if code != _TEXTS:
                raise Malformed("an array has a dtype that is not allowed")
            width = self._length()
            if width % 4 or width > 4 * self.bounds.text:
                raise Malformed("an array of strings is too wide")
            dtype = np.dtype(f"<U{width // 4}")
        itemsize = max(dtype.itemsize, 1)
        if prod(extent or 1 for extent in shape) * itemsize > self.bounds.size:
            raise Malformed("an array is too large")
        count = prod(shape)
        start = self._take(count * dtype.itemsize)
        self.items += count
        if dtype.kind == "U":
            self.longest = max(self.longest, dtype.itemsize // 4)
        if count == 0 or dtype.itemsize == 0:
            return np.zeros(shape, dtype)
        if dtype.kind == "U":
            points = np.frombuffer(data, "<u4", count * dtype.itemsize // 4, start).copy()
            points[(points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))] = 0xFFFD
            return points.view(dtype).reshape(shape)
        if dtype.kind == "b":
            return np.frombuffer(data, np.uint8, count, start).astype(np.bool_).reshape(shape)
        return np.frombuffer(data, dtype, count, start).reshape(shape).copy()

    def end(self) -> None:
        """Raise Malformed when anything is left."""
        if self.at != len(self.data):
            raise Malformed("bytes are left after the value")

    def answer(self) -> Any:
        """Return the next value, of which numpy may be asked to make one array: its texts must not blow that up."""
        self.longest = self.items = 0
        value = self.value()
        # A few elements are those of the reply's head, which the child did not count.
        if not self.bounds.hold_texts(self.longest, max(0, self.elements + self.items - _HEAD)):
            raise Malformed("a collection has a very long text in it")
        return value


def _plain(key: Any) -> None:
    if type(key) in (tuple, frozenset):
        for item in key:
            _plain(item)
    elif type(key) not in _KEYS:
        raise Malformed("a key of a set or dict is no plain value")


def decode(data: bytes | bytearray, bounds: Bounds | None = None) -> Any:
    """Return the one value that `data` holds; raise Malformed for anything else."""
    decoder = Decoder(data, bounds or Bounds())
    try:
        value = decoder.value()
        decoder.end()
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"the bytes are no value ({type(error).__name__})") from None
    return value
