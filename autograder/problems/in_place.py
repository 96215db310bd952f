"""Name what is wrong beside arguments that are changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..checks.asking import FormedAnswer
from ..checks.diagnosis import NamedMistake

_NAME = "an argument is changed in place"
_SAYS = "The caller's array is different after the call. Make a new array: `-=`, `*=` and an assignment into an argument change it."
_BESIDE = "Something else is wrong as well."


def named_beside_changes(
    seen: Sequence[FormedAnswer],
    right: Sequence[FormedAnswer],
    alike: Callable[[FormedAnswer, FormedAnswer], bool],
    name: Callable[[Sequence[FormedAnswer]], NamedMistake | None],
) -> NamedMistake | None:
    """Name arguments that are changed in place, and what else is wrong with the values; None where none is changed.

    `right` are the right answers to the same calls, and `name` names the mistake that explains answers altogether.
    """
    if not any(one.answer.changed for one in seen):
        return None
    kept = [replace(one, answer=replace(one.answer, changed=())) for one in seen]
    if all(map(alike, right, kept)):
        return NamedMistake(_NAME, _SAYS, 0.0)
    other = name(kept)
    if other is None:
        return NamedMistake(_NAME, f"{_SAYS} {_BESIDE}", 0.0)
    return NamedMistake(f"{other.name} and {_NAME}", f"{other.says} {_SAYS}", 0.0)
