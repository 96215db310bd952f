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
Carried = tuple[int, int, int]
"""A wrong function whose changes of one right text make another right text wrong in the same way: its place, those of both texts."""

_WORDS = re.compile(r"\n *|\w+|\s+|[^\w\s]")
_BETWEEN = "\0"
_KEPT, _DIFFERENCES, _FOUND = 0.5, 4, 8
_CONTEXTS = tuple((before, after) for most in (6, 4, 3, 2, 1) for before, after in ((most, most), (most, 0), (0, most)))


@dataclass(frozen=True)
class Change:
    """Other words in place of those from `begin` to `end` of a text."""

    begin: int
    end: int
    words: Words


class Merges:
    """Wrong functions as changes of right ones, so that two of them can be made one.

    What cannot be read, or does not stand alone, is merged with nothing. `between` says where right texts that are in no list
    were found: in one wrong function in some places, and in another in the others. `carried` says which changes of a right
    text can be made in another one as well.
    """

    def __init__(
        self,
        rights: Sequence[Function],
        wrongs: Sequence[Function],
        between: Sequence[Between] = (),
        carried: Sequence[Carried] = (),
    ) -> None:
        """Take right functions, wrong ones, and what was found about them (see `look_between` and `carry`)."""
        self.between, self.carried = list(between), list(carried)
        self._wrongs = [_words(one) for one in wrongs]
        self._bases = [text for one in rights if (text := _words(one))]
        for one, other, number in between:
            self._bases.append(list(_mixed(self._wrongs[one], self._wrongs[other]))[number])
        self._rows: dict[int, list[frozenset[Change]]] = {}
        self._moved = {(wrong, other) for wrong, _, other in carried}
        for wrong, base, other in carried:
            moved = _moved(self._changes(wrong)[base], self._bases[base], self._bases[other])
            self._changes(wrong)[other] = moved

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

    def carry(self, does_as: Callable[[Function, int], bool]) -> None:
        """Make the changes of each wrong function in other right texts too, where the outcome does as the wrong function."""
        for wrong in range(len(self._wrongs)):
            row = self._changes(wrong)
            homes = sorted((base for base, some in enumerate(row) if some), key=lambda base: (_length(row[base]), base))
            own = {base: row[base] for base in homes}
            for other, text in enumerate(self._bases):
                for base in homes:
                    # What is known of it there already is as short.
                    if base == other or (own.get(other) and _length(own[other]) <= _length(own[base])):
                        break
                    moved = _moved(own[base], self._bases[base], text)
                    made = _compiled(_changed(text, moved)) if moved and moved != own.get(other) else None
                    if made is not None and does_as(made, wrong):
                        self.carried.append((wrong, base, other))
                        self._moved.add((wrong, other))
                        row[other] = moved
                        break

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
        """The right text that both change in places apart from each other, with the fewest changes; None where there is none.

        Changes that stand in the list come before those that were carried over, which were compared in few questions.
        """
        moved = self._moved
        fitting = [
            (((one, base) in moved) + ((other, base) in moved), len(first | second), base)
            for base, (first, second) in enumerate(zip(self._changes(one), self._changes(other), strict=True))
            if first and second and _apart(first | second)
        ]
        return min(fitting)[2] if fitting else None

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


def _length(changes: Set[Change]) -> int:
    """How many words are taken away or come."""
    return sum(change.end - change.begin + len(change.words) for change in changes)


def _moved(changes: Set[Change], base: Words, other: Words) -> frozenset[Change]:
    """The same changes in another text, each where the words around it stand once; none where one has no such place."""
    text = _joined(other)
    found = {_moved_one(change, base, text) for change in changes}
    moved = frozenset(change for change in found if change)
    return moved if None not in found and _apart(moved) else frozenset()


def _moved_one(change: Change, base: Words, text: str) -> Change | None:
    length = change.end - change.begin
    for before, after in (*_CONTEXTS, (0, 0)) if length else _CONTEXTS:
        begin = max(change.begin - before, 0)
        around = _joined(base[begin : change.end + after])
        found = text.find(around)
        if found >= 0 and text.find(around, found + 1) < 0:
            place = text.count(_BETWEEN, 0, found) + change.begin - begin
            return Change(place, place + length, change.words)
    return None


def _joined(words: Words) -> str:
    """The words with a sign before and after each, so that whole words are found, and where they stand can be counted."""
    return _BETWEEN + _BETWEEN.join(words) + _BETWEEN


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
    except Exception:
        # A text that is no Python, or a default value in its first line that has no value.
        return None
    made: Function | None = names.get("wrong")
    return made
