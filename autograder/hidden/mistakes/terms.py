"""Which term of a sum is wrong: answers fitted to the terms of the right one and to tempting wrong ones (Shapiro 2005)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from ...checks.asking import FormedAnswer
from ...checks.diagnosis import NamedMistake

Array = Any
_CALLS, _ENTRIES = 120, 24
_RESIDUAL, _SIMPLE = 1e-6, 1e-4
_COUNTS = sorted({sign * Fraction(one, two) for sign in (1, -1) for one in range(5) for two in (1, 2, 4)})
_WORDS = {
    Fraction(0): "is missing",
    Fraction(-1): "has the wrong sign",
    Fraction(1, 2): "counts half",
    Fraction(2): "counts twice",
}
_LOOK = "Compare the terms of your sum, one by one, with those of the text."


@dataclass(frozen=True)
class Term:
    """One summand: what it is called ("the term in mu²"), and its value, right factor included, for an exercise's arguments."""

    name: str
    value: Callable[..., Array]


@dataclass(frozen=True)
class Sum:
    """An exercise whose right answer is a sum: its terms, and tempting ones that do not belong to it."""

    terms: tuple[Term, ...]
    tempting: tuple[Term, ...] = ()

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name one or two terms that count otherwise than they should, where that explains every answer; else None."""
        rows = _rows((*self.terms, *self.tempting), [one for one in seen if not one.problem][:_CALLS], len(seen))
        if rows is None:
            return None
        matrix, answers = rows
        right = len(self.terms)
        for more in range(3):
            found = {
                words
                for extra in combinations(range(right, matrix.shape[1]), more)
                if (counts := _counts(matrix[:, [*range(right), *extra]], answers)) is not None
                and (
                    words := self._words(
                        counts[:right], [self.tempting[place - right] for place in extra], counts[right:]
                    )
                )
            }
            # Two explanations explain nothing.
            if found:
                name = found.pop()
                return None if found else NamedMistake(name, _LOOK, 0.0)
        return None

    def _words(self, counts: Sequence[Fraction], extra: Sequence[Term], added: Sequence[Fraction]) -> str:
        """What is wrong in words; empty where nothing is, or too much to be a slip."""
        # Who keeps no term of the sum has another thing in mind than a slip.
        if not all(added) or not any(counts):
            return ""
        if not extra and len(set(counts)) == 1 and counts[0] not in (0, 1):
            return f"the whole sum {_counted(counts[0])}"
        wrong = [(term, count) for term, count in zip(self.terms, counts, strict=True) if count != 1]
        missing = [term for term, count in wrong if count == 0]
        instead = list(zip(extra, missing, added, strict=False))
        if not 1 <= len(wrong) + len(extra) - len(instead) <= 2:
            return ""
        swapped = [other for _, other, _ in instead]
        said = [f"{one.name} stands where {other.name} belongs{_also(count)}" for one, other, count in instead]
        said += [f"{term.name} {_counted(count)}" for term, count in wrong if term not in swapped]
        return " and ".join([*said, *(f"{term.name} is added" for term in extra[len(instead) :])])


def _also(count: Fraction) -> str:
    """How often what stands in the place of a term counts, where that is otherwise than once."""
    return "" if count == 1 else ", with the wrong sign" if count == -1 else f", and {_counted(count)}"


def _counted(count: Fraction) -> str:
    return _WORDS.get(count, f"counts {float(count):g} times")


def _rows(terms: Sequence[Term], seen: Sequence[FormedAnswer], asked: int) -> tuple[Array, Array] | None:
    """The terms' values and the answers, entry by entry, each row divided by its largest term; None where too few are good."""
    if 2 * len(seen) < asked:
        return None
    blocks = [block for one in seen for block in _block(terms, one)]
    if not blocks:
        return None
    rows = np.concatenate(blocks)
    rows = rows[np.all(np.isfinite(rows), axis=1)]
    largest = np.abs(rows[:, :-1]).max(axis=1, initial=0.0)
    rows = rows[largest > 0] / largest[largest > 0, None]
    return (rows[:, :-1], rows[:, -1]) if len(rows) >= 3 * len(terms) else None


def _block(terms: Sequence[Term], one: FormedAnswer) -> Iterator[Array]:
    value = np.asarray(one.value, float)
    with np.errstate(all="ignore"):
        columns = [np.broadcast_to(term.value(*one.call.args, **one.call.kwargs), value.shape) for term in terms]
    table = np.stack([*map(np.ravel, columns), value.ravel()], axis=1).astype(float)
    if len(table):
        yield table[np.linspace(0, len(table) - 1, min(len(table), _ENTRIES)).astype(int)]


def _counts(matrix: Array, answers: Array) -> list[Fraction] | None:
    """How often each term counts, where these terms make up the answers and each counts a simple number of times."""
    found, _, rank, _ = np.linalg.lstsq(matrix, answers, rcond=1e-9)
    if rank < matrix.shape[1] or np.abs(matrix @ found - answers).max() > _RESIDUAL:
        return None
    simple = np.array(_COUNTS, float)
    places = np.abs(found[:, None] - simple).argmin(axis=1)
    return [_COUNTS[place] for place in places] if np.abs(found - simple[places]).max() <= _SIMPLE else None
