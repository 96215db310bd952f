"""A known mistake as the text of a right function, with another text in a few places."""

from __future__ import annotations

import inspect
import linecache
import textwrap
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any


class Edited:
    """A right function with parts of its text exchanged: written and compiled when it is first asked."""

    def __init__(self, right: Callable[..., Any], changes: Sequence[tuple[str, str]]) -> None:
        """Take pairs (text, other text); each text stands in the function once. Nothing is read yet."""
        self.right, self._changes = right, tuple(changes)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Answer as the edited function does."""
        return self.__wrapped__(*args, **kwargs)

    @property
    def source(self) -> str:
        """The edited text; raises ValueError where a text to be exchanged does not stand in the function once."""
        text = textwrap.dedent(inspect.getsource(self.right))
        for old, new in self._changes:
            if text.count(old) != 1:
                raise ValueError(
                    f"{old!r} must stand once in {self.right.__name__}, but stands {text.count(old)} times"
                )
            text = text.replace(old, new)
        return text

    @cached_property
    def __wrapped__(self) -> Callable[..., Any]:
        """The function; its source can be read, as that of any other."""
        text, filename = self.source, f"<{self.right.__name__} edited: {id(self)}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        names: dict[str, Callable[..., Any]] = {}
        exec(compile(text, filename, "exec", dont_inherit=True), self.right.__globals__, names)
        return names[self.right.__name__]
