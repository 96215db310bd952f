"""Reading what a child sent: the form of a reply, its texts, its values; all of it from somebody who may lie."""

from __future__ import annotations

import signal
from typing import Any, get_args

from ...checks import exercise
from ...checks.exercise import Answer
from ..codec.decode import Decoder
from ..codec.encode import Malformed, encode
from ..limits import Status

# How nearly every reply begins.
_RETURNED = encode(("returned", "", "", "", (), ()))
OUTCOMES = frozenset(get_args(exercise.Outcome))
_MOST = 1 << 20
STATUSES = frozenset(get_args(Status))


def texts(value: Any, count: int) -> tuple[str, ...]:
    """Return `value`, a tuple of so many strings; raise Malformed for anything else."""
    if type(value) is not tuple or len(value) != count or not all(type(item) is str for item in value):
        raise Malformed("a reply has another form")
    return value


def numbers(value: Any) -> tuple[int, ...]:
    """Return `value`, a short tuple of whole numbers that count something; raise Malformed for anything else."""
    if (
        type(value) is not tuple
        or len(value) >= 100
        or not all(type(item) is int and 0 <= item < _MOST for item in value)
    ):
        raise Malformed("a reply has another form")
    return value


def answer(decoder: Decoder) -> Answer:
    """Return the answer that a reply holds; raise Malformed when it has another form."""
    try:
        if decoder.skip(_RETURNED):
            value = decoder.answer()
            decoder.end()
            return Answer("returned", value)
        head = decoder.value()
        if type(head) is not tuple or len(head) != 6:
            raise Malformed("a reply has another form")
        outcome, error, detail, unwritten = texts(head[:4], 4)
        if outcome not in OUTCOMES:
            raise Malformed("a reply has another form")
        lines, changed = numbers(head[4]), numbers(head[5])
        value = decoder.answer()
        decoder.end()
    except Malformed:
        raise
    except Exception as error_:
        raise Malformed(type(error_).__name__) from None
    value = value if outcome == "returned" else None
    return Answer(outcome, value, name_of(error), clean(detail), changed, name_of(unwritten), lines)  # type: ignore[arg-type]


def name_of(error: str) -> str:
    """The name of an error in one short line: classes may be called anything, labels of ours and line ends included."""
    return " ".join(clean(error, 200).split())


def clean(text: str, longest: int = 4_000) -> str:
    """Return text from the child without control characters, and no longer than it needs to be."""
    text = text[:longest]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def signal_name(number: int) -> str:
    """Return a signal's name, or its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
