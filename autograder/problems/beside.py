"""Name mistakes after something else about the answers is taken as right: other parts, their form, default values, chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..checks.asking import FormedAnswer
from ..checks.betrayed import repeats_differ
from ..checks.diagnosis import NamedMistake, named_together
from ..checks.draw_diagnosis import IN_PLACE
from ..checks.exercise import Answer, Call
from ..hidden.mistakes.catalogue import Undo
from ..hidden.mistakes.composition import SOMETHING_ELSE

_CHANGED = NamedMistake(
    IN_PLACE,
    "The caller's array is different after the call. Make a new array: `-=`, `*=` and an assignment into an argument change it.",
    0.0,
)
_ANOTHER_PART = "Another part of the answer is wrong as well."


Naming = Callable[[Sequence[FormedAnswer]], NamedMistake | None]
"""Names the mistake that explains answers altogether."""
Right = Callable[[Sequence[Call]], Sequence[FormedAnswer]]
Alike = Callable[[FormedAnswer, FormedAnswer], bool]


@dataclass(frozen=True)
class InPlace:
    """Arguments that are changed, and what else is wrong; `holds` says whether answers earn all points."""

    name: Naming
    holds: Callable[[Sequence[FormedAnswer]], bool]

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name arguments that are changed in place, and what else is wrong with the values; None where none is changed."""
        if not any(one.answer.changed for one in seen):
            return None
        kept = [replace(one, answer=replace(one.answer, changed=())) for one in seen]
        if self.holds(kept):
            return _CHANGED
        other = self.name(kept)
        return named_together([other, _CHANGED]) if other else _and_more(_CHANGED, SOMETHING_ELSE)


@dataclass(frozen=True)
class OtherForm:
    """Answers in another form, and what else is wrong.

    `undo` has for a mistake of form what puts an answer right in that, or gives None for one that shows something else.
    `form` looks at the form of an answer, and `holds` says whether answers earn all points.
    """

    name: Naming
    holds: Callable[[Sequence[FormedAnswer]], bool]
    undo: Mapping[NamedMistake, Undo]
    form: Callable[[Call, Answer], FormedAnswer]

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name another form of the answers, together with what else is wrong; None where none has it."""
        found = [(mistake, again) for mistake, undo in self.undo.items() if (again := self._all_undone(seen, undo))]
        for mistake, again in found:
            if self.holds(again):
                return mistake
            if other := self.name(again):
                return named_together([other, mistake])
        return _and_more(replace(found[0][0], share=0.0), SOMETHING_ELSE) if len(found) == 1 else None

    def _all_undone(self, seen: Sequence[FormedAnswer], undo: Undo) -> list[FormedAnswer]:
        """All answers with their form made right; none where one shows something else, or none needs it."""
        if any(one.answer.outcome != "returned" for one in seen):
            return []
        try:
            undone = [undo(one.call, one.answer.value) for one in seen]
            # Where two sizes are equal, the form of an answer does not show.
            shows = any(_shapes(value) != _shapes(one.answer.value) for one, value in zip(seen, undone, strict=True))
        except (ValueError, TypeError):
            # Answers that are no arrays at all.
            return []
        if not shows or any(value is None for value in undone):
            return []
        again = [self.form(one.call, replace(one.answer, value=value)) for one, value in zip(seen, undone, strict=True)]
        return [] if any(one.problem for one in again) else again


@dataclass(frozen=True)
class OtherChance:
    """Random numbers from elsewhere, and what else is wrong; `mistake` is what is said of it, where the exercise knows it."""

    name: Naming
    mistake: NamedMistake | None

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name random numbers from elsewhere together with what else is wrong; None where the rng decides, or nothing else is.

        A training that is right but for chance may miss what is asked by little, which has no name.
        """
        if not self.mistake or any(one.problem for one in seen):
            return None
        if not repeats_differ([one.call for one in seen], [one.answer for one in seen]):
            return None
        other = self.name(seen)
        if other == self.mistake:
            return None
        return named_together([other, self.mistake]) if other else self.mistake


@dataclass(frozen=True)
class OtherDefaults:
    """Default values that differ from those asked for, and what else is wrong.

    `right` gives the right answers to calls, or is None where a call has many; `alike` says whether two answers are one.
    `left_out` has the parameters that a call leaves out, with what they must mean then, and `same` has calls that ask
    the same, whether they leave something out or give just that.
    """

    name: Naming
    right: Right | None
    alike: Alike
    left_out: Callable[[Call], Mapping[str, Any]]
    same: Callable[[], Sequence[Sequence[Call]]]

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name default values that differ from those asked for together with what else is wrong; None where nothing else is."""
        left = self._left_otherwise(seen)
        given = [one for one in seen if not self.left_out(one.call)]
        if not left or not self.right or all(map(self.alike, self.right([one.call for one in given]), given)):
            return None
        # Yes and no of a few questions fit too much.
        other = self.name(given) if 2 * len(given) >= len(seen) else None
        default = self._of_defaults(left)
        return named_together([other, default]) if other else _and_more(default, SOMETHING_ELSE)

    def _left_otherwise(self, seen: Sequence[FormedAnswer]) -> list[FormedAnswer]:
        """The answers to calls that leave something out, where they differ from those to calls that give just that.

        Empty where the same call has several answers: chance decides them.
        """
        answers = {id(one.call): one for one in seen}
        found = []
        for asked in self.same():
            here = [answers[id(call)] for call in asked if id(call) in answers]
            left = [one for one in here if self.left_out(one.call)]
            given = [one for one in here if not self.left_out(one.call)]
            if not all(self.alike(some[0], one) for some in (left, given) for one in some):
                return []
            if left and given and not self.alike(given[0], left[0]):
                found.append(left[0])
        return found

    def _of_defaults(self, left: Sequence[FormedAnswer]) -> NamedMistake:
        """What is wrong with default values, by the answers to calls that leave parameters out."""
        wanted = {name: value for one in left for name, value in self.left_out(one.call).items()}
        names, single = sorted(wanted), len(wanted) == 1
        values = " and ".join(str(wanted[name]) for name in names)
        if all(one.answer.error == "TypeError" for one in left):
            which, has = " and ".join(names), "has no default value" if single else "have no default values"
            first = ", ".join(f"{name}={wanted[name]}" for name in names)
            says = f"{which} {has}. Write in the first line: {first}."
            return NamedMistake(f"{which} cannot be left out", says, 0.0)
        which = " or ".join(names)
        says = f"Where {which} {'is' if single else 'are'} left out, {'it' if single else 'they'} must mean {values}."
        return NamedMistake(f"{which} {'means' if single else 'mean'} something else when left out", says, 0.0)


@dataclass(frozen=True)
class Parts:
    """What is wrong in each of several wrong parts.

    `right` gives the right answers to calls, or is None where a call has many; `alike` says whether two answers are one.
    """

    name: Naming
    right: Right | None
    alike: Alike

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name what is wrong in each of several wrong parts; None where one part is wrong, or no part is recognised."""
        if not self.right or not seen or any(one.problem or not isinstance(one.value, tuple) for one in seen):
            return None
        wrong = list(self._wrong_parts(self.right([one.call for one in seen]), seen))
        named = [one for part in wrong if (one := self.name(part)) is not None] if len(wrong) > 1 else []
        if not named:
            return None
        together = named_together(named)
        return together if len(named) == len(wrong) else _and_more(together, _ANOTHER_PART)

    def _wrong_parts(self, right: Sequence[FormedAnswer], seen: Sequence[FormedAnswer]) -> Iterator[list[FormedAnswer]]:
        """For each part that is wrong somewhere, the answers as they would be if it were the only one."""
        for part in range(len(right[0].value)):
            alone = [_with(one, theirs, part) for one, theirs in zip(right, seen, strict=True)]
            if not all(map(self.alike, right, alone)):
                yield alone


def _shapes(value: Any) -> list[tuple[int, ...]]:
    return [np.shape(part) for part in (value if isinstance(value, tuple) else (value,))]


def _and_more(named: NamedMistake, sentence: str) -> NamedMistake:
    return replace(named, says=f"{named.says} {sentence}")


def _with(right: FormedAnswer, seen: FormedAnswer, part: int) -> FormedAnswer:
    """The right answer with one part of another, both as they came and in their canonical form."""
    came = _exchanged(right.answer.value, seen.answer.value, part)
    return replace(seen, value=_exchanged(right.value, seen.value, part), answer=replace(seen.answer, value=came))


def _exchanged(right: Sequence[Any], seen: Sequence[Any], part: int) -> tuple[Any, ...]:
    return (*right[:part], seen[part], *right[part + 1 :])
