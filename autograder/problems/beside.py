"""Name mistakes after something else about the answers is taken as right: other parts, their form, or arguments that were changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..checks.asking import FormedAnswer
from ..checks.diagnosis import NamedMistake, named_together
from ..checks.draw_diagnosis import IN_PLACE
from ..checks.exercise import Answer, Call
from ..hidden.mistakes.composition import SOMETHING_ELSE

_CHANGED = NamedMistake(
    IN_PLACE,
    "The caller's array is different after the call. Make a new array: `-=`, `*=` and an assignment into an argument change it.",
    0.0,
)
_ANOTHER_PART = "Another part of the answer is wrong as well."


@dataclass(frozen=True)
class Beside:
    """What must be known of an exercise for it.

    `right` gives the right answers to calls, or is None where a call has many; `alike` says whether two answers are one;
    `name` names the mistake that explains answers altogether. `undo` makes answers that came in another form right in
    that, by the name of the mistake, and `form` looks at the form of an answer.
    """

    right: Callable[[Sequence[Call]], Sequence[FormedAnswer]] | None
    alike: Callable[[FormedAnswer, FormedAnswer], bool]
    name: Callable[[Sequence[FormedAnswer]], NamedMistake | None]
    undo: Mapping[NamedMistake, Callable[[Call, Any], Any]]
    form: Callable[[Call, Answer], FormedAnswer]

    def changes(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name arguments that are changed in place, and what else is wrong with the values; None where none is changed."""
        if not any(one.answer.changed for one in seen):
            return None
        kept = [replace(one, answer=replace(one.answer, changed=())) for one in seen]
        if self.right and all(map(self.alike, self.right([one.call for one in seen]), kept)):
            return _CHANGED
        other = self.name(kept)
        if other:
            return named_together([other, _CHANGED])
        return _and_more(_CHANGED, SOMETHING_ELSE) if self.right else _CHANGED

    def forms(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name another form of the answers together with what else is wrong; None where all have a good form, or nothing else is."""
        if not any(one.problem for one in seen) or any(one.answer.outcome != "returned" for one in seen):
            return None
        for mistake, undo in self.undo.items():
            undone = [_undone(one, undo) for one in seen]
            again = [self.form(one.call, answer) for one, answer in zip(seen, undone, strict=True)]
            if not any(one.problem for one in again) and (other := self.name(again)):
                return named_together([other, mistake])
        return None

    def parts(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
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


def _undone(seen: FormedAnswer, undo: Callable[[Call, Any], Any]) -> Answer:
    """The answer with its form made right, or as it came where that cannot be done."""
    try:
        return replace(seen.answer, value=undo(seen.call, seen.answer.value))
    except (ValueError, TypeError):
        return seen.answer


def _and_more(named: NamedMistake, sentence: str) -> NamedMistake:
    return replace(named, says=f"{named.says} {sentence}")


def _with(right: FormedAnswer, seen: FormedAnswer, part: int) -> FormedAnswer:
    """The right answer with one part of another, both as they came and in their canonical form."""
    came = _exchanged(right.answer.value, seen.answer.value, part)
    return replace(seen, value=_exchanged(right.value, seen.value, part), answer=replace(seen.answer, value=came))


def _exchanged(right: Sequence[Any], seen: Sequence[Any], part: int) -> tuple[Any, ...]:
    return (*right[:part], seen[part], *right[part + 1 :])
