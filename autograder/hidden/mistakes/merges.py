"""Two wrong functions as one: the changes that each makes to the text of a right one, made together."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from typing import Any

import numpy as np

Function = Callable[..., Any]
Words = tuple[str, ...]
Between = tuple[int, int, int]
"""A right text between two wrong ones: the places of both, and the number of the choice among their differences."""

_WORDS = re.compile(r"\n *|\w+|\s+|[^\w\s]")
_KEPT, _DIFFERENCES, _FOUND = 0.5, 4, 8


@dataclass(frozen=True)
class Change:
    """Other words in place of those from `begin` to `end` of a text."""

    begin: int
    end: int
    words: Words


class Merges:
    """Wrong functions as changes of right ones, so that two of them can be made one.

    What cannot be read, or does not stand alone, is merged with nothing. `between` says where right texts that are in no list
    were found: in one wrong function in some places, and in another in the others.
    """

    def __init__(self, rights: Sequence[Function], wrongs: Sequence[Function], between: Sequence[Between] = ()) -> None:
        """Take right functions, wrong ones, and where more right texts stand between those (see `look_between`)."""
        self.between = list(between)
        self._wrongs = [_words(one) for one in wrongs]
        self._bases = [text for one in rights if (text := _words(one))]
        for one, other, number in between:
            self._bases.append(list(_mixed(self._wrongs[one], self._wrongs[other]))[number])
        self._rows: dict[int, list[frozenset[Change]]] = {}

    def look_between(self, is_right: Callable[[Function], bool]) -> None:
        """Find more right texts between two wrong functions; between two that can be made one already there is no need to look."""
        known = set(self._bases)
        for one, other in combinations([place for place, text in enumerate(self._wrongs) if text], 2):
            if len(self.between) >= _FOUND:
                break
            if self._nearest(one, other) is not None:
                continue
            for number, text in enumerate(_mixed(self._wrongs[one], self._wrongs[other])):
                if text not in known:
                    known.add(text)
                    made = _compiled(text)
                    if made is not None and is_right(made):
                        self.between.append((one, other, number))
                        self._bases.append(text)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The places of every two wrong functions that can be made one."""
        every = combinations(range(len(self._wrongs)), 2)
        return (pair for pair in every if self._nearest(*pair) is not None)

    def together(self, one: int, other: int) -> Function:
        """Two wrong functions, given by their places, as one; raises ValueError where they change the same words."""
        base = self._nearest(one, other)
        made = None
        if base is not None:
            made = _compiled(_changed(self._bases[base], self._changes(one)[base] | self._changes(other)[base]))
        if made is None:
            raise ValueError("these two change the same words")
        return made

    def _nearest(self, one: int, other: int) -> int | None:
        """The right text that both change in places apart from each other, with the fewest changes; None where there is none."""
        fitting = [
            (len(first | second), base)
            for base, (first, second) in enumerate(zip(self._changes(one), self._changes(other), strict=True))
            if first and second and _apart(first | second)
        ]
        return min(fitting)[1] if fitting else None

    def _changes(self, wrong: int) -> list[frozenset[Change]]:
        """What a wrong function changes in each right text; nothing where it is another text altogether."""
        row = self._rows.setdefault(wrong, [])
        # Comparing texts takes long: once each, also where right texts were found meanwhile.
        row += [_changes(base, self._wrongs[wrong]) for base in self._bases[len(row) :]]
        return row


def _words(function: Function) -> Words:
    """The words of a function's text in one layout, spaces included; none where nothing may be changed together with it."""
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return ()
    if not isinstance(definition, ast.FunctionDef) or inspect.unwrap(function).__closure__:
        return ()
    if any(isinstance(node, ast.While) for node in ast.walk(definition)):
        # Two changes of one loop may leave it without an end.
        return ()
    definition.decorator_list, definition.name, definition.returns = [], "wrong", None
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:] or [ast.Pass()]
    return tuple(_WORDS.findall(ast.unparse(definition)))


def _changes(base: Words, words: Words) -> frozenset[Change]:
    blocks = SequenceMatcher(None, base, words, autojunk=False).get_opcodes() if words else []
    kept = sum(end - begin for kind, begin, end, *_ in blocks if kind == "equal")
    if kept < _KEPT * len(base):
        return frozenset()
    return frozenset(
        Change(begin, end, words[first:last]) for kind, begin, end, first, last in blocks if kind != "equal"
    )


def _mixed(one: Words, other: Words) -> Iterator[Words]:
    """One text with some but not all of its differences from another made away, where there are few."""
    changes = sorted(_changes(one, other), key=lambda change: change.begin)
    if len(changes) <= _DIFFERENCES:
        for count in range(1, len(changes)):
            yield from (_changed(one, frozenset(some)) for some in combinations(changes, count))


def _changed(words: Words, changes: Set[Change]) -> Words:
    text = list(words)
    for change in sorted(changes, key=lambda change: change.begin, reverse=True):
        text[change.begin : change.end] = change.words
    return tuple(text)


def _apart(changes: Set[Change]) -> bool:
    """Whether no two changes share a word or begin at one place, where their order would be open."""
    ordered = sorted(changes, key=lambda change: (change.begin, change.end))
    return all(one.end <= other.begin and one.begin < other.begin for one, other in pairwise(ordered))


def _compiled(words: Words) -> Function | None:
    names: dict[str, Any] = {"np": np, "Any": Any}
    try:
        exec(compile("".join(words), "<two slips>", "exec"), names)
    except SyntaxError:
        return None
    made: Function = names["wrong"]
    return made
