"""Passing arguments to a student's function and telling whether it changed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..codec.decode import Decoder
from ..codec.encode import Bounds, Encoder, Seeded

REQUEST_BOUNDS = Bounds(size=512 << 20, depth=100, elements=50_000_000, text=50_000_000)
SHORT = 1 << 16
_ndarray, _default_rng = np.ndarray, np.random.default_rng


def arguments(
    request: Decoder, shared: dict[Seeded, Any]
) -> tuple[list[Any], dict[str, Any], list[tuple[int, Any, memoryview]]]:
    """Return one call's arguments as fresh copies, and its arrays with their position and bytes as sent."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    given: list[tuple[int, Any, memoryview]] = []
    positional, total = request.value(), request.value()
    for position in range(total):
        name = request.value() if position >= positional else ""
        begin = request.at
        value = request.value()
        if type(value) is _ndarray:
            given.append((position, value, request.view[begin : request.at]))
        elif type(value) is Seeded:
            if value not in shared:
                shared[value] = _default_rng(value.seed)
            value = shared[value]
        if name:
            kwargs[name] = value
        else:
            args.append(value)
    return args, kwargs, given


def differs(array: Any, raw: memoryview) -> bool:
    """Return whether an argument is no longer what was sent: bytes, shape or dtype."""
    try:
        encoder = Encoder(REQUEST_BOUNDS)
        encoder.add(array)
        at = 0
        for chunk in encoder.chunks:
            # Piece by piece: two small copies stay in the processor's cache, two large ones cost more than the call.
            for start in range(0, len(chunk), SHORT):
                piece = bytes(chunk[start : start + SHORT])
                if piece != bytes(raw[at : at + len(piece)]):
                    return True
                at += len(piece)
        return at != len(raw)
    except Exception:
        return True


def merged(parts: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Join what is small, and leave large arrays where they are."""
    small: list[bytes | memoryview] = []
    for part in parts:
        if len(part) <= SHORT:
            small.append(part)
            continue
        yield b"".join(small)
        yield part
        small = []
    yield b"".join(small)
