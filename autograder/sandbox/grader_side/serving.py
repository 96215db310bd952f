"""Answers to what a child asks while it is asked: values of functions that it does not have, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import process_time
from typing import Any

from ..codec.decode import Decoder
from ..codec.encode import Bounds, Encoder, Malformed, Unreadable
from ..limits import QUESTION_BYTES, Limits
from .channel import Forged

_QUESTION = Bounds(size=QUESTION_BYTES, depth=8, elements=20_000, text=1_000)
_ANSWER = Bounds(size=64 << 20, depth=8, elements=20_000, text=1_000)
_REFUSALS = (TypeError, ValueError, ArithmeticError)
"""What a right function says of arguments that it is not made for; `LinAlgError` is a ValueError."""


class Serving:
    """The functions that one batch of calls may ask for values, and what is left of calls, bytes and seconds for them.

    `asked` are the names that were asked. Nothing that a child sends is taken for more than plain arguments.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]], limits: Limits) -> None:
        """Begin with all that may be spent."""
        self.asked: set[str] = set()
        self.names = tuple(functions)
        self._functions = functions
        self._calls = limits.served_calls
        self._bytes = limits.served_mb << 20
        self._seconds = limits.served_seconds

    def answer(self, question: bytes | bytearray) -> Encoder:
        """Return the answer to one question; raises Forged for what is none, and when all is spent."""
        begun = process_time()
        try:
            decoder = Decoder(question, _QUESTION)
            name, args, kwargs = decoder.value()
            decoder.end()
        except Exception:
            raise Forged from None
        self._calls -= 1
        self._bytes -= len(question)
        known = type(name) is str and name in self._functions
        if not known or type(args) is not tuple or type(kwargs) is not dict or min(self._calls, self._bytes) < 0:
            raise Forged
        self.asked.add(name)
        encoder = self._encoded(name, args, kwargs)
        self._bytes -= encoder.size
        self._seconds -= process_time() - begun
        if self._seconds < 0:
            raise Forged
        return encoder

    def _encoded(self, name: str, args: tuple[Any, ...], kwargs: dict[Any, Any]) -> Encoder:
        encoder = Encoder(_ANSWER)
        try:
            encoder.add(("", self._functions[name](*args, **kwargs)))
        except _REFUSALS as error:
            kind = "ValueError" if isinstance(error, (ValueError, ArithmeticError)) else "TypeError"
            encoder = Encoder(_ANSWER)
            encoder.add((kind, f"{name}: {error}"[:300]))
        except (Unreadable, Malformed):
            raise Forged from None
        return encoder
