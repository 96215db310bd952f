"""Name two known mistakes at once in a fit: each pair is made and asked, since right fits have no common numbers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...checks.asking import FormedAnswer
from ...checks.diagnosis import NamedMistake, named_together
from ...checks.exercise import Exercise, Mistake
from .matching import Matching
from .merges import Merges
from .operations import Function


@dataclass(frozen=True)
class Pairs:
    """Known mistakes of an exercise whose answers have many right ones, two at once."""

    exercise: Exercise
    rights: Sequence[Function]
    mistakes: Sequence[Mistake]
    matching: Matching

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name the only two that explain every answer; None where one mistake does, or none is there."""
        if not self.exercise.many:
            return None
        # Small data take the shortest, and most pairs are told apart by the first.
        ordered = sorted(seen, key=lambda one: np.size(one.call.args[0]))
        alone = [self.rights[0], *(one.function for one in self._known)]
        if any(self._explains(function, ordered) for function in alone):
            return None
        found = {
            frozenset(one.name for one in pair): pair
            for pair, function in self._pairs
            if self._explains(function, ordered)
        }
        if len(found) != 1:
            return None
        (pair,) = found.values()
        return named_together([NamedMistake(one.name, one.says, 0.0) for one in pair])

    @cached_property
    def _known(self) -> list[Mistake]:
        """Those that do the same to the same data each time."""
        return [one for one in self.mistakes if one.tell is None]

    @cached_property
    def _pairs(self) -> list[tuple[tuple[Mistake, Mistake], Function]]:
        known = self._known
        merges = Merges(self.rights, [one.function for one in known])
        made = []
        for one, other in merges.pairs():
            # Some changes fit together as words, and make no Python.
            with suppress(ValueError):
                made.append(((known[one], known[other]), merges.together(one, other)))
        return [(pair, function) for pair, function in made if pair[0].name != pair[1].name]

    def _explains(self, function: Function, seen: Sequence[FormedAnswer]) -> bool:
        return self.matching.exact(seen, function)
