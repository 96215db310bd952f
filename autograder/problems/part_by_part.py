"""Name the mistakes of an answer of several parts one part at a time, the others being taken as right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..checks.asking import FormedAnswer
from ..checks.diagnosis import NamedMistake

Alike = Callable[[FormedAnswer, FormedAnswer], bool]

_BESIDE = "Another part of the answer is wrong as well."


def named_by_parts(
    seen: Sequence[FormedAnswer],
    right: Sequence[FormedAnswer],
    alike: Alike,
    name: Callable[[Sequence[FormedAnswer]], NamedMistake | None],
) -> NamedMistake | None:
    """Name what is wrong in each of several wrong parts; None where one part is wrong, or no part is recognised.

    `right` are the right answers to the same calls, and `name` names the mistake that explains answers altogether.
    """
    if not seen or any(one.problem or not isinstance(one.value, tuple) for one in seen):
        return None
    wrong = list(_wrong_parts(seen, right, alike))
    if len(wrong) < 2:
        return None
    named = [one for part in wrong if (one := name(part)) is not None]
    if not named:
        return None
    says = [one.says for one in named] + ([_BESIDE] if len(named) < len(wrong) else [])
    return NamedMistake(_joined([one.name for one in named], " and "), _joined(says, " "), 0.0)


def _wrong_parts(
    seen: Sequence[FormedAnswer], right: Sequence[FormedAnswer], alike: Alike
) -> Iterator[list[FormedAnswer]]:
    """For each part that is wrong somewhere, the answers as they would be if it were the only one."""
    for part in range(len(right[0].value)):
        alone = [_with(one, theirs, part) for one, theirs in zip(right, seen, strict=True)]
        if not all(map(alike, right, alone)):
            yield alone


def _with(right: FormedAnswer, seen: FormedAnswer, part: int) -> FormedAnswer:
    """The right answer with one part of another, both as they came and in their canonical form."""
    came = _exchanged(right.answer.value, seen.answer.value, part)
    return replace(seen, value=_exchanged(right.value, seen.value, part), answer=replace(seen.answer, value=came))


def _exchanged(right: Sequence[Any], seen: Sequence[Any], part: int) -> tuple[Any, ...]:
    return (*right[:part], seen[part], *right[part + 1 :])


def _joined(words: Sequence[str], between: str) -> str:
    return between.join(dict.fromkeys(words))
