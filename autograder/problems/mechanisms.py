"""What names the mistakes of an exercise, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..checks.asking import FormedAnswer, distinct, formed
from ..checks.betrayed import OTHER_CHANCE
from ..checks.diagnosis import (
    KnownAnswers,
    NamedMistake,
    Recogniser,
    alike,
    betrayed,
    diagnosed,
    recogniser,
    recogniser_by_checks,
)
from ..checks.exercise import Call, Exercise, Mistake
from ..checks.python_errors import by_error
from ..hidden.mistakes.catalogue import Undo
from ..hidden.mistakes.composition import Compositions
from ..hidden.mistakes.pairs import Pairs
from ..hidden.mistakes.terms import Sum
from .beside import Beside


@dataclass(frozen=True)
class OfExercise:
    """What is known of an exercise: its mistakes, what they answer, what follows from them, and what undoes them."""

    exercise: Exercise
    catalogue: Sequence[Mistake]
    known: Callable[[Sequence[Call]], Sequence[KnownAnswers]]
    composed: Compositions
    pairs: Pairs
    sums: Sequence[Sum]
    undo: Mapping[str, Undo]

    def mechanisms(self) -> dict[str, Recogniser]:
        """Each mechanism by its name: what explains all answers comes before what is seen in some of them."""
        says = {mistake.name: mistake.says for mistake in self.catalogue}
        listed: dict[str, Recogniser] = {
            "pairs": lambda seen, failed: self.pairs.recognise(distinct(seen)),
            "catalogue": recogniser(self.exercise, self.known),
            "draws": lambda seen, failed: diagnosed(self.exercise, distinct(seen), says),
        }
        derived: dict[str, Recogniser] = {
            "signs": lambda seen, failed: betrayed(self.exercise, distinct(seen), {}, says),
            "terms": lambda seen, failed: self._by_terms(distinct(seen)),
            "operations": lambda seen, failed: self.composed.recognise(distinct(seen)),
        }
        beside = self._beside([*listed.values(), *derived.values()], says)
        changed: dict[str, Recogniser] = {"in place": lambda seen, failed: beside.changes(seen)}
        chance: dict[str, Recogniser] = {"other chance": lambda seen, failed: beside.chance(distinct(seen))}
        default: dict[str, Recogniser] = {"defaults": lambda seen, failed: beside.other_defaults(distinct(seen))}
        form: dict[str, Recogniser] = {"other form": lambda seen, failed: beside.forms(distinct(seen))}
        derived["parts"] = lambda seen, failed: beside.parts(seen)
        # Before what would leave out that an argument was changed: what derives names from values, and traits of fits and draws.
        early = {**default, **listed, **changed} if self.composed.applies else {**changed, **chance, **listed}
        seen_in_some = {"checks": recogniser_by_checks(self.exercise, self.known), "errors": by_error}
        return {**early, **form, **derived, **seen_in_some}

    def _beside(self, others: Sequence[Recogniser], says: Mapping[str, str]) -> Beside:
        """What names a mistake after something else about the answers is taken as right, by these other mechanisms."""

        def whole(seen: Sequence[FormedAnswer]) -> NamedMistake | None:
            return next((named for one in others if (named := one(seen, ()))), None)

        undo = {NamedMistake(name, says[name], 0.0): way for name, way in self.undo.items()}
        right = self.composed.right_answers if self.composed.applies else None
        chance = NamedMistake(OTHER_CHANCE, says[OTHER_CHANCE], 0.0) if OTHER_CHANCE in says else None
        form = partial(formed, self.exercise)
        return Beside(
            right, partial(alike, self.exercise), whole, undo, form, self.composed.left_out, self.composed.same, chance
        )

    def _by_terms(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Which terms of a sum are wrong, where right answers are one and that explains all answers."""
        return next((named for one in self.sums if (named := one.recognise(seen))), None)
