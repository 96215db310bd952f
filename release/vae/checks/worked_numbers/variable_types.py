"""How the variables of 01_worked_numbers are read: as they are meant, or with the sentence that says what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Protocol, Self, TypeVar, cast

import numpy as np

from .. import formatting
from ..answer_form import type_words
from ..exercise import Call

Key = str | float
_Read = TypeVar("_Read", bound=Callable[..., Any])

WITHIN = 0.0051
_LONGEST = 60
_MOST = 1000
_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_SPELT = (("memoriz", "memoris"), ("organiz", "organis"), ("β", "beta"))


class Unfit(ValueError):
    """A variable cannot be read as what is asked for: what must hold, and what arrived."""


class Kind(Protocol):
    """What a variable may hold."""

    def read(self, name: str, value: Any) -> Any:
        """Return the canonical value of the variable or entry called `name`; raise Unfit where there is none."""
        ...

    def near(self, one: Any, other: Any) -> bool:
        """Whether two canonical values count as the same answer."""
        ...


class _Number(formatting.AsTyped, float): ...


class _Text(formatting.AsTyped, str): ...


class _Row(formatting.AsTyped, tuple[Any, ...]): ...


class _Set(formatting.AsTyped, frozenset[int]): ...


class _Table(formatting.AsTyped, dict[Key, Any]): ...


_AS_TYPED: dict[type, type[Any]] = {float: _Number, str: _Text, tuple: _Row, frozenset: _Set, dict: _Table}


def _remembering(read: _Read) -> _Read:
    """Let a canonical value be printed as what was typed; it is equal to what it was and computed with as before."""

    @wraps(read)
    def reading(kind: Any, name: str, value: Any) -> Any:
        found = read(kind, name, value)
        if not isinstance(found, formatting.AsTyped):
            found = _AS_TYPED[type(found)](found)
            found.typed = value
        return found

    return cast(_Read, reading)


@dataclass(frozen=True)
class Number:
    """A real number; two of them are the same within `absolute` plus `relative` times the second."""

    absolute: float = WITHIN
    relative: float = 0.0

    @_remembering
    def read(self, name: str, value: Any) -> float:
        """Return a float from a number, an array or list of one number, or a number written as text."""
        plain = _alone(value)
        if isinstance(plain, str):
            plain = _number_in(plain)
        if isinstance(plain, bool) or not isinstance(plain, (int, float)):
            raise Unfit(f"{name} must be a number, but is {_words(value)}.")
        if (isinstance(plain, int) and abs(plain) > 10**300) or not math.isfinite(plain):
            raise Unfit(f"{name} must be a finite number, but is {formatting.value(plain)}.")
        return float(plain)

    def near(self, one: float, other: float) -> bool:
        """Whether two numbers differ by no more than rounding explains."""
        return abs(one - other) <= self.absolute + self.relative * abs(other) + 1e-9


class Share(Number):
    """A fraction of 1, which may be written in per cent: 25, "25 %" and 0.25 are the same."""

    @_remembering
    def read(self, name: str, value: Any) -> float:
        """Return the fraction."""
        plain = _alone(value)
        if isinstance(plain, str) and plain.strip().endswith("%"):
            return super().read(name, plain.strip()[:-1]) / 100
        fraction = super().read(name, value)
        return fraction / 100 if fraction > 1 else fraction


@dataclass(frozen=True)
class Word:
    """One of a few words, whatever the case, the blanks around it and the usual spellings."""

    allowed: tuple[str, ...]

    @_remembering
    def read(self, name: str, value: Any) -> str:
        """Return the word as the text of the notebook spells it."""
        plain = _alone(value)
        word = _plain_word(plain) if isinstance(plain, str) else ""
        if word not in self.allowed:
            raise Unfit(f"{name} must be one of {_listed(self.allowed)}, but is {_words(value)}.")
        return word

    def near(self, one: str, other: str) -> bool:
        """Whether two words are the same."""
        return one == other


@dataclass(frozen=True)
class Table:
    """A dict with certain entries, each of one kind; keys may be text or numbers, and further entries are ignored."""

    entries: tuple[Key, ...]
    of: Kind

    @_remembering
    def read(self, name: str, value: Any) -> dict[Key, Any]:
        """Return the entries in their order."""
        if not isinstance(value, dict):
            raise Unfit(f"{name} must be a dict with the keys {_listed(self.entries)}, but is {_words(value)}.")
        found: dict[Key, Any] = {}
        for raw, entry in value.items():
            key = _key(raw, self.entries)
            if key in found:
                raise Unfit(f"{name} must have one entry for {_quoted(key)}, but has two.")
            if key is not None:
                found[key] = self.of.read(f"{name}, entry {_quoted(key)},", entry)
        for key in self.entries:
            if key not in found:
                raise Unfit(
                    f"{name} must have an entry for each of {_listed(self.entries)}; {_quoted(key)} is missing."
                )
        return {key: found[key] for key in self.entries}

    def near(self, one: dict[Key, Any], other: dict[Key, Any]) -> bool:
        """Whether two tables have the same entries, each the same answer."""
        return one.keys() == other.keys() and all(self.of.near(one[key], other[key]) for key in one)

    def only(self, entries: Sequence[Key]) -> Self:
        """The same table looked at in some entries alone."""
        return replace(self, entries=tuple(entries))


@dataclass(frozen=True)
class Row:
    """Several values of one kind in a given order: a tuple, a list, an array, or a dict by name or place."""

    places: tuple[Key, ...]
    of: Kind

    @_remembering
    def read(self, name: str, value: Any) -> tuple[Any, ...]:
        """Return the values in their order."""
        if isinstance(value, dict):
            return tuple(Table(self.places, self.of).read(name, value).values())
        items = _items(value)
        if items is None or len(items) != len(self.places):
            raise Unfit(f"{name} must be {self._wanted()}, in this order, but is {_words(value)}.")
        return tuple(
            self.of.read(f"{name}, number {place} of {len(items)},", item) for place, item in enumerate(items, 1)
        )

    def near(self, one: Sequence[Any], other: Sequence[Any]) -> bool:
        """Whether two rows hold the same answers."""
        return all(self.of.near(a, b) for a, b in zip(one, other, strict=True))

    def _wanted(self) -> str:
        if isinstance(self.places[0], str):
            return f"({', '.join(map(str, self.places))})"
        return f"{len(self.places)} values, one a dimension"


@dataclass(frozen=True)
class Ranking:
    """All of a few labels in an order: a tuple, a list, an array, or a text with < or commas between them."""

    labels: tuple[str, ...]

    @_remembering
    def read(self, name: str, value: Any) -> tuple[Key | None, ...]:
        """Return the labels in the order given."""
        plain = _alone(value)
        if isinstance(plain, str) and len(plain) <= _LONGEST:
            plain = [part for part in re.split(r"[<,;\s]+", plain) if part]
        items = _items(plain) or []
        order = tuple(_key(item, self.labels) for item in items) if len(items) == len(self.labels) else ()
        if set(order) != set(self.labels):
            raise Unfit(
                f"{name} must hold each of {_listed(self.labels)} once, in order, but is {formatting.value(value)}."
            )
        return order

    def near(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Whether two orders are the same."""
        return one == other


@dataclass(frozen=True)
class Whole:
    """A set of whole numbers: a set, a list, a tuple or an array."""

    @_remembering
    def read(self, name: str, value: Any) -> frozenset[int]:
        """Return the set."""
        items = _items(value, unordered=True)
        if items is None or len(items) > _MOST:
            raise Unfit(f"{name} must be a set of whole numbers, such as {{1, 2}}, but is {_words(value)}.")
        numbers = [Number().read(f"A member of {name}", item) for item in items]
        for number in numbers:
            if number != round(number):
                raise Unfit(f"{name} must hold whole numbers, but holds {number:.6g}.")
        return frozenset(map(round, numbers))

    def near(self, one: frozenset[int], other: frozenset[int]) -> bool:
        """Whether two sets are the same."""
        return one == other


@dataclass(frozen=True)
class Variables:
    """The form of an exercise whose answer is a few variables.

    A call names variables; with `entries` it asks for some entries of a table alone, so that a missing one costs
    no other.
    """

    kinds: Mapping[str, Kind]

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return (canonical values by name, "") or (None, what must hold and what arrived)."""
        try:
            return {name: self.kind(name, call).read(f"`{name}`", value[name]) for name in call.args}, ""
        except Unfit as error:
            return None, str(error)

    def kind(self, name: str, call: Call) -> Kind:
        """What a variable must be for a call."""
        kind = self.kinds[name]
        entries = call.kwargs.get("entries")
        return kind.only(entries) if entries and isinstance(kind, Table) else kind

    def alike(self, call: Call, known: Any, seen: Any) -> bool:
        """Whether two canonical answers to a call are the same but for rounding."""
        return all(self.kinds[name].near(seen[name], known[name]) for name in call.args)


def _alone(value: Any) -> Any:
    """The one item of an array, a numpy number, or a list of one; anything else as it is."""
    if isinstance(value, (np.ndarray, np.generic)) and np.size(value) == 1:
        return value.reshape(-1)[0].item()
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return _alone(value[0])
    return value


def _items(value: Any, *, unordered: bool = False) -> list[Any] | None:
    """The items of a sequence, or of a set where order is not asked for; None where there are none to speak of."""
    if isinstance(value, np.ndarray) and value.ndim and value.size == max(value.shape):
        return list(value.reshape(-1))
    if isinstance(value, (list, tuple)) or (unordered and isinstance(value, (set, frozenset))):
        return list(value)
    # {} is what students write for an empty set.
    return [] if unordered and isinstance(value, dict) and not value else None


def _number_in(text: str) -> float | str:
    """The number that a text spells; the text where it spells none."""
    try:
        return float(text.strip().replace("−", "-")) if len(text) <= _LONGEST else text
    except ValueError:
        return text


def _plain_word(text: str) -> str:
    text = text.strip(" \t\n.'\"")
    word = " ".join(re.split(r"[\s_-]+", text.casefold())) if len(text) <= _LONGEST else ""
    for spelt, ours in _SPELT:
        word = word.replace(spelt, ours)
    return word


def _key(raw: Any, entries: Sequence[Key]) -> Key | None:
    """The entry that a key stands for: "(II)" and 2 for "ii", "0.5" for 0.5; None where it stands for none."""
    raw = _alone(raw)
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        return None
    token = _key_word(raw) if isinstance(raw, str) else f"{raw:.12g}" if abs(raw) < 1e12 else ""
    for entry in entries:
        if isinstance(entry, str) and entry.casefold() in (token, _ROMAN.get(token)):
            return entry
        if not isinstance(entry, str) and isinstance(number := _number_in(token), float) and number == entry:
            return entry
    return None


def _key_word(text: str) -> str:
    """The last word of a key, without brackets: "run A" is a, "β = 0.5" is 0.5."""
    words = re.split(r"[\s=:]+", text[:_LONGEST].strip().rstrip(".:").casefold())
    return words[-1].strip("()").rstrip(".")


def _words(value: Any) -> str:
    """What a value is, with itself where it is short."""
    if value is None:
        return "None"
    if isinstance(value, (str, bool, int, float, complex, np.generic)) and not isinstance(value, bytes):
        return formatting.value(value)
    return type_words(value)


def _quoted(key: Key | None) -> str:
    return f'"{key}"' if isinstance(key, str) else f"{key:g}"


def _listed(keys: Iterable[Key]) -> str:
    return ", ".join(map(_quoted, keys))
