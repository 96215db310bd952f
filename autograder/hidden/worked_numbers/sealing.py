"""Right answers and known slips of the chapter's numbers behind locks, for the students' own check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...checks.exercise import Mistake
from ...checks.worked_numbers import CHAPTER
from ...checks.worked_numbers.locks import RIGHT as RIGHT_NUMBER
from ...checks.worked_numbers.locks import Known, Locks, Place, places, sealed
from ...checks.worked_numbers.variable_types import Kind, Number, Unfit
from .closed_forms import AS_PRINTED, PRINTED, RIGHT

# The slack of `Number.near`.
_SLACK = 1e-9
# Bounds have so many decimals that all machines agree in them.
_DECIMALS = 11


def table(exercise: str, mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """The sealed table of an exercise: its salt, its locks, and its slips by the numbers of their answers."""
    kinds: Mapping[str, Kind] = CHAPTER.exercise(exercise).form.kinds  # type: ignore[attr-defined]
    salt, locks = f"01 {exercise}", Locks()
    wrong = {mistake.name: _wrong(mistake, kinds) for mistake in mistakes}
    numbers: dict[str, dict[str, list[int]]] = {name: {} for name in wrong}
    for variable, kind in kinds.items():
        known = [_Numbered(place, printed) for place, printed in zip(*_right(variable, kind), strict=True)]
        for name, answers in wrong.items():
            if variable in answers:
                given = places(kind, answers[variable])
                numbers[name][variable] = [one.number_of(place) for one, place in zip(known, given, strict=True)]
        for one in known:
            locks.update(one.locks(salt, variable))
    slips = [
        {"name": one.name, "says": one.says, "answers": numbers[one.name]} for one in mistakes if numbers[one.name]
    ]
    return {"salt": salt, "locks": dict(sorted(locks.items())), "slips": slips}


def _right(variable: str, kind: Kind) -> tuple[list[Place], list[float | None]]:
    """The places of the right answer, and what the chapter prints at each where that is another number."""
    exact, printed = RIGHT[variable], PRINTED.get(variable)
    if isinstance(printed, Mapping):
        whole = list(places(kind, {**exact, **printed}))
    else:
        whole = list(places(kind, exact if printed is None else printed))
    found = list(places(kind, exact))
    return found, [p.value if p.value != e.value else None for p, e in zip(whole, found, strict=True)]


def _wrong(mistake: Mistake, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The variables that a known slip sets in good form and otherwise than right."""
    given, found = mistake.function(), {}
    for variable, kind in kinds.items():
        try:
            value = kind.read(variable, given[variable])
        except (Unfit, KeyError):
            continue
        if not kind.near(value, RIGHT[variable]):
            found[variable] = value
    return found


@dataclass
class _Numbered:
    """The known answers at one place, each with its number: the right one first."""

    right: Place
    printed: float | None
    wrong: list[Any] = field(default_factory=list)

    def number_of(self, place: Place) -> int:
        """The number of an answer at this place; two that count as each other have one number."""
        if self._near(place.value, self.right.value):
            return RIGHT_NUMBER
        if place.value not in self.wrong:
            self.wrong.append(place.value)
        return self.wrong.index(place.value) + 1

    def locks(self, salt: str, variable: str) -> Locks:
        """The locks of all known answers at this place."""
        answers = list(enumerate([self.right.value, *self.wrong]))
        if not isinstance(self.right.kind, Number):
            found = Locks()
            for number, value in answers:
                place = Place(self.right.where, self.right.kind, value)
                found |= sealed(salt, variable, place, [Known(number)])
            return found
        known = [_around(number, value, self.right.kind) for number, value in answers]
        if self.printed is not None:
            known.append(Known(RIGHT_NUMBER, self.printed - AS_PRINTED, self.printed + AS_PRINTED))
        return sealed(salt, variable, self.right, known)

    def _near(self, one: Any, other: Any) -> bool:
        return self.right.kind.near(one, other) or one == self.printed


def _around(number: int, value: float, kind: Number) -> Known:
    """A known number with the bounds within which an answer counts as it."""
    reach = kind.absolute + kind.relative * abs(value) + _SLACK
    return Known(number, round(value - reach, _DECIMALS), round(value + reach, _DECIMALS))
