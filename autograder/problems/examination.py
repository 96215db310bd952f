"""An exercise ready to be asked: its checks, its bank of examples, and what recognises its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any, overload

from ..checks import identity_cache
from ..checks.asking import FormedAnswer, ask_and_check_form, plan_of
from ..checks.broken import judged
from ..checks.diagnosis import (
    KnownAnswers,
    NamedMistake,
    Recogniser,
    alike,
    known_answers,
)
from ..checks.examine import run
from ..checks.examples import Bank, Drawn, bank_of, drawn_for
from ..checks.exercise import Answer, Call, Exercise, Mistake
from ..checks.local_subject import LocalSubject
from ..course.own_checks import on_change
from ..hidden.mistakes.catalogue import Function
from ..hidden.mistakes.composition import Compositions, Table
from ..hidden.mistakes.matching import Matching
from ..hidden.mistakes.pairs import Pairs
from ..hidden.served import Served
from .course_cache import Rows, kept
from .mechanisms import OfExercise
from .points import with_points
from .registry import hidden_half, load, mistakes, sums, undoings, variants


@dataclass(frozen=True)
class Examination:
    """One exercise ready to be asked: its checks, its bank of examples, and what recognises its mistakes."""

    exercise: Exercise
    bank: Bank
    mechanisms: Mapping[str, Recogniser]
    composed: Compositions
    seed: int

    def recognise(self, seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        """Name a mistake by the first mechanism that knows it."""
        return self.named_by(seen, failed)[1]

    def named_by(self, seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> tuple[str, NamedMistake | None]:
        """The first mechanism that knows a mistake, and what it says; "" and None where none does."""
        for how, one in self.mechanisms.items():
            try:
                named = one(seen, failed)
            except Exception:
                # A name is an extra: answers that nobody thought of have none. One that is never there is seen in the matrix.
                continue
            if named:
                return how, named
        return "", None


@cache
def examination(stem: str, name: str, seed: int) -> Examination:
    """Draw the bank of an exercise and prepare its recogniser; once a process."""
    exercise = load(stem).exercise(name)
    examples = _bank(exercise, f"{stem}.{name}.examples", seed)

    def keep(make: Callable[[], Any]) -> Any:
        # Variables are quickly answered, and what they hold is more than plain data.
        return make() if exercise.variables else kept(f"{stem}.{name}.known", seed, make)

    catalogue = mistakes(stem, name)
    known = AnswersOfKnown(exercise, catalogue, examples, keep)
    matching = Matching(partial(answers_of, exercise), partial(alike, exercise))
    composed = _compositions(stem, exercise, examples, matching, seed)
    pairs = Pairs(exercise, variants(stem, name), catalogue, matching)
    holds = partial(_holds, exercise, examples)
    of_exercise = OfExercise(exercise, catalogue, known, composed, pairs, sums(stem, name), holds, undoings(stem, name))
    return Examination(exercise, examples, of_exercise.mechanisms(), composed, seed)


def _compositions(stem: str, exercise: Exercise, examples: Bank, matching: Matching, seed: int) -> Compositions:
    """The slips that follow from right variants of an exercise; worked out when first needed, kept with the course."""

    def keep(make: Callable[[], Table]) -> Table:
        found: Table = kept(f"{stem}.{exercise.name}.slips", seed, make)
        return found

    return Compositions(
        exercise,
        variants(stem, exercise.name),
        mistakes(stem, exercise.name),
        plan_of(exercise, examples).calls,
        matching,
        keep,
    )


def _holds(exercise: Exercise, bank: Bank, seen: Sequence[FormedAnswer]) -> bool:
    """Whether all checks that earn points hold with these answers to all calls."""
    given = {id(one.call): one for one in seen}
    plan = plan_of(exercise, bank)
    earning = {check.name: check for check in exercise.checks if check.earns}
    groups = (
        (earning[name], example, [given[id(plan.calls[number])] for number in plan.order[place]])
        for name, example, place in plan.asked
        if name in earning
    )
    return all(judged(exercise, check, example, answers) is None for check, example, answers in groups)


def _bank(exercise: Exercise, name: str, seed: int) -> Bank:
    """The bank of an exercise; what was drawn is kept, and which of it stands where: telling what is simple takes long."""
    made: list[Bank] = []

    def make() -> tuple[Drawn, dict[str, list[tuple[int, int]]]]:
        drawn = drawn_for(exercise.checks, seed)
        made.append(bank_of(exercise.checks, drawn))
        place = {id(example): (row, column) for row, some in drawn.items() for column, example in enumerate(some)}
        tails = {check.name: made[0][check.name][len(check.first) :] for check in exercise.checks}
        return drawn, {check: [place[id(example)] for example in tail] for check, tail in tails.items()}

    drawn, order = kept(name, seed, make)
    if made:
        return made[0]
    bank = {
        check.name: (*check.first, *(drawn[row][column] for row, column in order[check.name]))
        for check in exercise.checks
    }
    for examples in bank.values():
        identity_cache.keep(examples)
    return bank


def work_out(stem: str, name: str, seed: int) -> None:
    """Have examples and the answers of known mistakes of an exercise kept, where a cache is in use: for who grades elsewhere."""
    one = examination(stem, name, seed)
    if not one.exercise.variables:
        known = AnswersOfKnown(one.exercise, mistakes(stem, name), one.bank, lambda make: make())
        kept(f"{stem}.{name}.known", seed, known.rows)
        kept(f"{stem}.{name}.slips", seed, one.composed.worked_out)


@cache
def examination_worth(stem: str, name: str, seed: int, points: float | None) -> Examination:
    """The examination of an exercise that this assignment gives other points than its own; None are its own."""
    plain = examination(stem, name, seed)
    exercise = with_points(plain.exercise, points)
    return plain if exercise is plain.exercise else replace(plain, exercise=exercise)


@cache
def earlier(stem: str, name: str) -> tuple[str, ...]:
    """All exercises that one builds on, directly or through others, in the order of the notebook."""
    declared: Mapping[str, Sequence[str]] = getattr(hidden_half(stem), "BUILDS_ON", {})
    found: set[str] = set()
    new = set(declared.get(name, ()))
    while new:
        found |= new
        new = {below for one in new for below in declared.get(one, ())} - found
    return tuple(one.name for one in load(stem).exercises if one.name in found)


def served(stem: str, names: Iterable[str]) -> dict[str, Served]:
    """Right versions of those exercises that may be asked for values."""
    there: Mapping[str, Served] = getattr(hidden_half(stem), "SERVED", {})
    return {name: there[name] for name in names if name in there}


@cache
def handed_on(stem: str, name: str, seed: int, points: float | None) -> float:
    """The most that an exercise earns which only hands on the answers of a right earlier one: no work of its own."""

    def most() -> float:
        one = examination_worth(stem, name, seed, points)
        there = served(stem, earlier(stem, name)).values()
        verdicts = (run(one.exercise, subject_of(one.exercise, right), one.bank, seed=seed, tries=0) for right in there)
        return max((verdict.points for verdict in verdicts), default=0.0)

    return float(kept(f"{stem}.{name}.handed_on.{points}", seed, most))


class AnswersOfKnown:
    """What each known mistake answers to the questions of a bank, worked out when a submission first fails."""

    def __init__(
        self, exercise: Exercise, known: Sequence[Mistake], examples: Bank, keep: Callable[[Callable[[], Any]], Any]
    ) -> None:
        """Nothing is worked out yet; `keep` makes plain data, or has it from before."""
        self._exercise, self._known, self._keep = exercise, known, keep
        self._plan = plan_of(exercise, examples)

    def __call__(self, calls: Sequence[Call]) -> list[KnownAnswers]:
        """What each mistake answers to these calls, one answer a call; those told otherwise have none."""
        places = self._asked_at(calls)
        if places is None:
            return [known_answers(mistake, self._asked(mistake, calls)) for mistake in self._known]
        return [
            known_answers(mistake, _Some(formed, places if len(formed) else ()))
            for mistake, formed in zip(self._known, self._formed, strict=True)
        ]

    def _asked_at(self, calls: Sequence[Call]) -> Sequence[int] | None:
        """The places of these calls in the plan, told by identity: comparing arrays would cost more than it saves."""
        plan = self._plan
        if len(calls) == len(plan.order) and all(
            call is plan.calls[place] for call, place in zip(calls, plan.order, strict=True)
        ):
            return plan.order
        # An example may ask the same twice, which has two answers.
        places: dict[int, list[int]] = {}
        for place, call in enumerate(plan.calls):
            places.setdefault(id(call), []).append(place)
        found = [some.pop(0) for call in calls if (some := places.get(id(call)))]
        return found if len(found) == len(calls) else None

    @cached_property
    def _formed(self) -> list[_Formed]:
        """The answers of each mistake to the calls of the plan."""
        return [_Formed(self._plan.calls, rows) for rows in self._keep(self.rows)]

    def rows(self) -> list[Rows]:
        """The answers of each mistake to the calls of the plan, as plain data."""
        return [Rows([_row(one) for one in self._asked(mistake, self._plan.calls)]) for mistake in self._known]

    def _asked(self, mistake: Mistake, calls: Sequence[Call]) -> list[FormedAnswer]:
        # What is told by the answers alone is not compared with ours, and draws take long.
        return [] if mistake.tell else answers_of(self._exercise, mistake.function, calls)


def _row(one: FormedAnswer) -> tuple[Any, ...]:
    answer = one.answer
    # Only the value that is compared: the canonical one, or what came back where it has none.
    value = answer.value if one.problem else one.value
    return (answer.outcome, value, answer.error, answer.detail, answer.changed, answer.unwritten, one.problem)


class _Formed:
    """The answers to the calls of a plan; none where there are none.

    Most mistakes are told from a submission by their first answers, so each is formed when it is looked at.
    """

    def __init__(self, calls: Sequence[Call], rows: Rows) -> None:
        self._calls, self._rows = calls, rows
        self._done: dict[int, FormedAnswer] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, place: int) -> FormedAnswer:
        if place not in self._done:
            outcome, value, error, detail, changed, unwritten, problem = self._rows[place]
            answer = Answer(outcome, value, error, detail, tuple(changed), unwritten)
            self._done[place] = FormedAnswer(self._calls[place], answer, None if problem else value, problem)
        return self._done[place]


class _Some(Sequence[FormedAnswer]):
    """The answers at some places of a plan, in another order or more than once."""

    def __init__(self, formed: _Formed, places: Sequence[int]) -> None:
        self._formed, self._places = formed, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> FormedAnswer: ...

    @overload
    def __getitem__(self, place: slice) -> list[FormedAnswer]: ...

    def __getitem__(self, place: int | slice) -> FormedAnswer | list[FormedAnswer]:
        if isinstance(place, slice):
            return [self._formed.at(one) for one in self._places[place]]
        return self._formed.at(self._places[place])


def answers_of(exercise: Exercise, function: Function, calls: Sequence[Call]) -> list[FormedAnswer]:
    """What one of our own functions answers to calls, seen through the exercise's form."""
    return ask_and_check_form(exercise, subject_of(exercise, function), calls)


def subject_of(exercise: Exercise, function: Function) -> LocalSubject:
    """One of our own functions as if a student had written it; for an exercise of variables it returns them by name."""
    return LocalSubject(function() if exercise.variables else {exercise.name: function})


for _remembered in (examination, examination_worth, earlier, handed_on):
    on_change(_remembered.cache_clear)
