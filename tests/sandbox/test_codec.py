"""What travels between grader and child: plain data whole, everything else refused, hostile bytes harmless."""

from __future__ import annotations

import contextlib
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.codec.decode import Decoder, decode
from autograder.sandbox.codec.encode import Bounds, Encoder, Malformed, Seeded, Unreadable, encode

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**2000), 2**2000)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
keys = scalars | st.tuples(scalars, scalars) | st.frozensets(scalars, max_size=3)
dtypes = st.sampled_from(["?", "i1", "i4", "i8", "u1", "u2", "u8", "f2", "f4", "f8", "c8", "c16"])
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
@settings(max_examples=150, deadline=None, database=None)
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    """Every plain value survives the way there, with its types."""
    back = decode(encode(value))
    assert back == value
    assert type(back) is type(value)


@given(arrays)
@settings(max_examples=150, deadline=None, database=None)
def test_arrays_come_back_bit_for_bit(array: np.ndarray[Any, Any]) -> None:
    """Shape, dtype and every bit of an array survive, NaNs included, and the copy may be written to."""
    back = decode(encode(array))
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@given(st.binary(max_size=200))
@settings(max_examples=400, deadline=None, database=None)
def test_any_bytes_are_a_value_or_malformed(data: bytes) -> None:
    """Arbitrary bytes never do anything but decode or raise Malformed."""
    with contextlib.suppress(Malformed):
        decode(data)


@given(values | arrays, st.data())
@settings(max_examples=200, deadline=None, database=None)
def test_damaged_values_are_a_value_or_malformed(value: Any, data: st.DataObject) -> None:
    """Cutting or changing bytes of a real value never does anything but decode or raise Malformed."""
    raw = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed):
        decode(bytes(raw[: data.draw(st.integers(0, len(raw)))]))


def _array(code: bytes, *shape: int, body: bytes = b"") -> bytes:
    return b"a" + code + bytes([len(shape)]) + struct.pack(f"<{len(shape)}Q", *shape) + body


@pytest.mark.parametrize(
    "data",
    [
        _array(b"d", 1 << 60),
        _array(b"d", 1 << 62, 1 << 62, 1 << 62),
        _array(b"d", 0, 1 << 62),
        _array(b"d", 5, body=b"\0" * 39),
        _array(b"O", 1, body=b"\0" * 8),
        _array(b"V", 1, body=b"\0" * 8),
        _array(b"d", *[1] * 33, body=b"\0" * 8),
        _array(b"U", 1, body=struct.pack("<I", 3) + b"\0" * 3),
        b"l" + struct.pack("<I", 0xFFFFFFFF),
        b"s" + struct.pack("<I", 0xFFFFFFFF),
        b"I" + struct.pack("<I", 1 << 20) + b"\1" * (1 << 20),
        b"D" + struct.pack("<I", 3) + b"NNN",
        b"S" + struct.pack("<I", 1) + b"l" + struct.pack("<I", 0),
        (b"l" + struct.pack("<I", 1)) * 5_000 + b"N",
        (b"t" + struct.pack("<I", 1)) * 21 + b"N",
        b"S" + struct.pack("<I", 3_000) + b"N" * 3_000,
        b"r" + b"i" + b"\0" * 8 + b"s\0\0\0\0",
        b"NN",
        b"",
        b"c__builtin__\neval\n",
    ],
)
def test_hostile_bytes_are_malformed(data: bytes) -> None:
    """Sizes that lie, dtypes that are not allowed, unhashable keys, depth, Generators and leftovers are all refused."""
    with pytest.raises(Malformed):
        decode(data)


def test_strings_in_arrays_hold_only_characters() -> None:
    """Code points beyond Unicode, and halves of surrogate pairs, become the replacement character."""
    body = struct.pack("<I", 8) + struct.pack("<II", 0x110000, 0xD800)
    assert decode(_array(b"U", 1, body=body)).tolist() == ["\ufffd\ufffd"]


def test_truth_values_are_true_or_false() -> None:
    """A forged byte in a boolean array is True, never a third thing."""
    assert decode(_array(b"?", 2, body=b"\x07\x00")).tobytes() == b"\1\0"


class _Liar:
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.arange(3.0)


class _Array(np.ndarray[Any, Any]):
    def tobytes(self, *_: Any) -> bytes:
        return b"forged"


class _Number:
    def __float__(self) -> float:
        return 2.5


class _Deceiver:
    def __float__(self) -> Any:
        return "2.5"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(1.5), np.array(1.5, np.float32)),
        (np.arange(2).view(_Array), np.arange(2)),
        (np.arange(3, dtype=">f8"), np.arange(3.0)),
        (np.arange(6.0).reshape(2, 3).T, np.arange(6.0).reshape(2, 3).T),
        (np.array([1.5], np.longdouble), np.array([1.5])),
        (np.array(["a", "bcd"]), np.array(["a", "bcd"])),
        (_Liar(), np.arange(3.0)),
    ],
)
def test_things_like_arrays_become_arrays(value: Any, expected: Any) -> None:
    """Scalars of numpy, subclasses, other byte orders and objects with __array__ arrive as ordinary arrays."""
    back = decode(encode(value))
    assert type(back) is np.ndarray
    assert back.dtype == expected.dtype
    np.testing.assert_array_equal(back, expected)


def test_things_like_numbers_and_lists_become_plain() -> None:
    """Objects with __float__, ranges, subclasses of dict and str and numpy's strings arrive as the plain thing."""

    class Words(str):
        __slots__ = ()

    class Table(dict[Any, Any]):
        pass

    assert decode(encode(_Number())) == 2.5
    assert decode(encode(range(3))) == [0, 1, 2]
    assert decode(encode(Table({Words("a"): np.str_("b"), np.int64(3): {1: 2}.keys()}))) == {"a": "b", 3: [1]}


def _deep() -> Any:
    value: Any = []
    value.append(value)
    return value


def _bush() -> Any:
    value: Any = [0]
    for _ in range(19):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: 0, "a function"),
        (math, "a module"),
        (int, "a class"),
        (b"x", "bytes"),
        ((item for item in [1]), "a generator"),
        (zip(()), "an iterator (zip)"),
        (object(), "an object"),
        (np.array([None]), "dtype object"),
        (np.zeros(1, [("a", "f8")]), "dtype [('a'"),
        (np.array([b"x"]), "dtype |S1"),
        (np.datetime64("2020-01-01"), "dtype datetime64"),
        (np.broadcast_to(1.0, (10**5, 10**5)), "shape (100000, 100000)"),
        (np.zeros((0, 10**15)), "too large"),
        (1 << 5000, "an integer of 5001 bits"),
        ("x" * 300_000, "300000 characters"),
        (_deep(), "nested"),
        (_bush(), "elements"),
        ({1: {2: object}}, "a class"),
        (set(range(3000)), "a set or dict of more than"),
        (_Deceiver(), "_Deceiver"),
        (np.add, "a function"),
    ],
)
def test_what_is_no_plain_data_is_named(value: Any, words: str) -> None:
    """What cannot be read is refused with words that say what it was."""
    with pytest.raises(Unreadable) as caught:
        encode(value)
    assert words in str(caught.value)


def test_generators_travel_only_in_requests() -> None:
    """A seed and a handle are read where Generators are allowed, and nowhere else."""
    encoder = Encoder(Bounds())
    encoder.add(Seeded(3, "a"))
    data = b"".join(encoder.chunks)
    assert Decoder(data, Bounds(), seeds=True).value() == Seeded(3, "a")
    with pytest.raises(Malformed):
        decode(data)


BLOWN_UP: list[Any] = [
    ["a" * 100_000] + ["b"] * 200_000,
    [np.array("a" * 100_000)] + [np.array("b")] * 50_000,
    [np.zeros(400_000), np.full(400_000, "a")],
    {"x": ["a" * 100_000], "y": [0.0] * 200_000},
]


@pytest.mark.parametrize("value", BLOWN_UP, ids=["texts", "arrays of texts", "numbers and texts", "dict"])
def test_texts_that_numpy_would_blow_up_are_refused(value: Any) -> None:
    """A few bytes that would take gigabytes as one array of texts leave neither the child nor the wire."""
    bounds = Bounds(size=16 << 20)
    with pytest.raises(Unreadable, match="very long text"):
        Encoder(bounds).answer(value)
    with pytest.raises(Malformed):
        Decoder(encode(value), bounds).answer()


@pytest.mark.parametrize("value", [["healthy"] * 5_000, {"A": "posterior collapse"}, ["a" * 3_000], [np.zeros(10**6)]])
def test_ordinary_texts_pass(value: Any) -> None:
    """Words in collections, one long text and large arrays of numbers are answers like others."""
    Encoder(Bounds(size=16 << 20)).answer(value)
    Decoder(encode(value), Bounds(size=16 << 20)).answer()
