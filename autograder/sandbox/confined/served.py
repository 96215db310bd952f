"""Names that stand for functions of the grader's: each call asks it for the value, and nothing else comes over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ..codec.decode import Decoder
from ..codec.encode import Bounds, Encoder, Unreadable
from ..limits import QUESTION_BYTES

_QUESTION = Bounds(size=QUESTION_BYTES, depth=8, elements=20_000, text=1_000)
_ANSWER = Bounds(size=64 << 20, depth=8, elements=20_000, text=1_000)
_ERRORS: dict[str, type[Exception]] = {"TypeError": TypeError, "ValueError": ValueError}
_thread = threading.get_ident


class Served:
    """Makes such functions; `open` says that a batch of calls runs in which they may be used."""

    def __init__(self, exchange: Callable[[list[bytes | memoryview]], bytes | bytearray]) -> None:
        """Ask through `exchange`, which sends a question and returns the answer, uninterrupted."""
        self.open = False
        self._exchange = exchange
        self._home = _thread()

    def function(self, name: str) -> Callable[..., Any]:
        """Return the function that stands for the grader's `name`."""

        def served(*args: Any, **kwargs: Any) -> Any:
            return self._ask(name, args, kwargs)

        served.__name__ = served.__qualname__ = name
        return served

    def _ask(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        question = Encoder(_QUESTION)
        try:
            # Arguments may run code of their own here, even ask again: nothing is sent until all are bytes.
            question.add((name, args, kwargs))
        except Unreadable as error:
            raise TypeError(f"{name} takes numbers and arrays, but was given {error}") from None
        if not self.open or _thread() != self._home:
            raise RuntimeError(f"`{name}` can be used by the function that is asked alone, while it is asked")
        kind, value = Decoder(self._exchange(question.chunks), _ANSWER).value()
        if kind:
            raise _ERRORS[kind](value)
        return _plain(value)


def _plain(value: Any) -> Any:
    """Numbers as numpy has them, not as arrays without an axis."""
    if type(value) is tuple:
        return tuple(map(_plain, value))
    return value[()] if getattr(value, "ndim", 1) == 0 else value
