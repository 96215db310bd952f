"""What the student's check says of the chapter's numbers: each variable right or not, and which known slip it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import formatting
from ..asking import FormedAnswer
from ..diagnosis import NamedMistake, Recogniser
from ..exercise import Check, Exercise, Fault
from .locks import RIGHT, opened, places
from .shared import about
from .variable_types import Kind

Counts = tuple[frozenset[int], ...]
"""For each place of a variable the known answers that the answer there counts as."""


def confirmed(exercise: Exercise, kinds: Mapping[str, Kind], sealed: Mapping[str, Any]) -> tuple[Exercise, Recogniser]:
    """The exercise with a check for each of the chapter's variables before all others, and what names known slips.

    `sealed` is the table of the release: a salt, locks, and known slips by the numbers of their answers at each place.
    The checks give no points: the grader knows the right answers, and compares with them.
    """

    def counts(variable: str, value: Any) -> Counts:
        found = places(kinds[variable], value)
        return tuple(opened(sealed["salt"], sealed["locks"], variable, place) for place in found)

    checks = tuple(_confirms(variable, kind, counts) for variable, kind in kinds.items())
    return replace(exercise, checks=(*checks, *exercise.checks)), _slips(kinds, sealed["slips"], counts)


def _confirms(variable: str, kind: Kind, counts: Callable[[str, Any], Counts]) -> Check:
    def broken(values: Mapping[str, Any]) -> Fault | None:
        value = values[variable]
        found = list(zip(places(kind, value), counts(variable, value), strict=True))
        wrong = [place for place, known in found if RIGHT not in known]
        if not wrong:
            return None
        listed = "; ".join(f"{place.where}: {formatting.value(place.value)}" for place in wrong)
        rest = len(found) - len(wrong)
        right = f" The other {rest} are right." if rest > 1 else " The other one is right." if rest else ""
        note = f"Not right: {listed}.{right}" if len(found) > 1 else ""
        return Fault("", value, note=note)

    return about(f"chapter: {variable}", f"`{variable}` is right.", (variable,), broken)


def _slips(
    kinds: Mapping[str, Kind], slips: Sequence[Mapping[str, Any]], counts: Callable[[str, Any], Counts]
) -> Recogniser:
    """What names the slip that the wrong variables of a failed check show, if it is one and the same slip."""

    def fits(slip: Mapping[str, Any], variable: str, found: Counts) -> bool:
        numbers = slip["answers"].get(variable, [RIGHT] * len(found))
        return all(number in known for number, known in zip(numbers, found, strict=True))

    def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        values = {name: value for one in seen if not one.problem for name, value in one.value.items() if name in kinds}
        found = {name: counts(name, value) for name, value in values.items()}
        read = {name for part in failed for one in seen[part] for name in one.call.args}
        wrong = [name for name in found if name in read and not all(RIGHT in known for known in found[name])]
        if not wrong:
            return None
        fitting = [
            slip for slip in slips if all(name in slip["answers"] and fits(slip, name, found[name]) for name in wrong)
        ]
        # Where several slips give the same wrong answer, the variables beside it decide, or none is named.
        if len(fitting) > 1:
            fitting = [slip for slip in fitting if all(fits(slip, name, found[name]) for name in found)]
        return NamedMistake(fitting[0]["name"], fitting[0]["says"], 0.0) if len(fitting) == 1 else None

    return recognise
