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
from .beside import InPlace, Naming, OtherChance, OtherDefaults, OtherForm, Parts


@dataclass(frozen=True)
class OfExercise:
    """What is known of an exercise: its mistakes, what they answer, what follows from them, and what undoes them."""

    exercise: Exercise
    catalogue: Sequence[Mistake]
    known: Callable[[Sequence[Call]], Sequence[KnownAnswers]]
    composed: Compositions
    pairs: Pairs
    sums: Sequence[Sum]
    holds: Callable[[Sequence[FormedAnswer]], bool]
    undo: Mapping[str, Undo]

    def mechanisms(self) -> dict[str, Recogniser]:
        """Each mechanism by its name: what explains all answers comes before what is seen in some of them."""
        says = {mistake.name: mistake.says for mistake in self.catalogue}
        listed = {
            "pairs": _once(self.pairs.recognise),
            "catalogue": recogniser(self.exercise, self.known),
            "draws": _once(lambda seen: diagnosed(self.exercise, seen, says)),
        }
        derived = {
            "signs": _once(lambda seen: betrayed(self.exercise, seen, {}, says)),
            "terms": _once(self._by_terms),
            "operations": _once(self.composed.recognise),
        }
        beside = {how: _once(one) for how, one in self._beside([*listed.values(), *derived.values()]).items()}
        # Before what would leave out that an argument was changed: what derives names from values, and traits of fits and draws.
        if self.composed.applies:
            early = {"defaults": beside["defaults"], **listed, "in place": beside["in place"]}
        else:
            early = {"in place": beside["in place"], "other chance": beside["other chance"], **listed}
        seen_in_some = {"checks": recogniser_by_checks(self.exercise, self.known), "errors": by_error}
        return {**early, "other form": beside["other form"], **derived, "parts": beside["parts"], **seen_in_some}

    def _beside(self, others: Sequence[Recogniser]) -> dict[str, Naming]:
        """What names a mistake after something else about the answers is taken as right, by these other mechanisms."""

        def name(seen: Sequence[FormedAnswer]) -> NamedMistake | None:
            return next((named for one in others if (named := one(seen, ()))), None)

        said = {one.name: NamedMistake(one.name, one.says, one.share) for one in self.catalogue}
        undo = {said[mistake]: way for mistake, way in self.undo.items()}
        composed, same = self.composed, partial(alike, self.exercise)
        right = composed.right_answers if composed.applies else None
        return {
            "in place": InPlace(name, self.holds).recognise,
            "other chance": OtherChance(name, said.get(OTHER_CHANCE)).recognise,
            "defaults": OtherDefaults(name, right, same, composed.left_out, composed.same).recognise,
            "other form": OtherForm(name, self.holds, undo, partial(formed, self.exercise)).recognise,
            "parts": Parts(name, right, same).recognise,
        }

    def _by_terms(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Which terms of a sum are wrong, where right answers are one and that explains all answers."""
        return next((named for one in self.sums if (named := one.recognise(seen))), None)


def _once(naming: Naming) -> Recogniser:
    """What names a mistake by all answers, as one that gets each answer once."""
    return lambda seen, failed: naming(distinct(seen))
