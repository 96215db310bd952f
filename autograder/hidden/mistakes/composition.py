"""Name what one or two operations on a right function explain: behaviours worked out once, looked up by a number each."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import chain, combinations, islice, product
from types import MappingProxyType
from typing import Any

import numpy as np

from ...checks.asking import FormedAnswer
from ...checks.diagnosis import NamedMistake
from ...checks.exercise import Call, Exercise, Mistake, Rng
from ...checks.judges import contents
from .marks import WHOLE, mark_of
from .matching import Matching
from .merges import Merges
from .operations import (
    Args,
    Function,
    Operation,
    changes,
    composed,
    known,
    on_answers,
    on_arguments,
    on_copies,
    on_source,
)
from .regularities import regularity

Slips = tuple[Operation, ...]
Fits = Callable[[Slips], bool]
"""Says whether a right function with these slips answers as was seen."""
Table = tuple[Any, Any, Any, Any]
"""Sorted marks of behaviours, for each the places of its operations, -1 for none, and what `Merges` found about known mistakes."""

SOMETHING_ELSE = "Something else is wrong as well."

_AMONG, _SAME, _NEAR, _CANDIDATES, _ALIKE = 20, 1e-6, 1e-4, 24, 6
_WHOLE_MOST = 3_000
_OUTER, _INNER, _SMALL, _FEW = 45_000, 12_000, 16, 5
_WORTH = {0: 1.0, 2: 1.0, 3: 1.75, 6: 2.5}


@dataclass(frozen=True)
class Compositions:
    """The slips of an exercise that follow from right functions of it, alone, in pairs, and together with known mistakes.

    `keep` makes plain data, or has it from before.
    """

    exercise: Exercise
    rights: Sequence[Function]
    mistakes: Sequence[Mistake]
    calls: Sequence[Call]
    matching: Matching
    keep: Callable[[Callable[[], Table]], Table]

    def recognise(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """Name what explains every answer: one operation, what all answers have in common, or two operations."""
        if not self._probes or not self._telling(seen):
            return None
        # By the first of these nearly every slip is told apart; the largest questions take longest.
        probes = set(map(id, self._probes))
        ordered = sorted(seen, key=lambda one: (id(one.call) not in probes, _size(one.call)))
        good = [one for one in ordered if not one.problem]
        # Whoever makes a second mistake that gives a bad form in a few questions is told the first one at least.
        some = [good] if len(good) < len(ordered) <= 4 / 3 * len(good) else []
        match, right = self.matching, self.with_slips(())
        ours = cache(lambda slips: match.compared(ordered, self.with_slips(slips)))
        ways: list[Fits] = [
            *(partial(self._answers_exactly, looked) for looked in some),
            lambda slips: match.with_guards(right, ordered, ours(slips)),
        ]
        # A known mistake that explains all answers was named before.
        found = self._explained(ordered, partial(self._answers_exactly, ordered), self._derived) or next(
            (named for fits in ways if (named := self._explained(ordered, fits, self._single))), None
        )
        if found or self._whole:
            return found
        most = self._explained(ordered, lambda slips: match.nearly(ordered, ours(slips)), self._single)
        return most and replace(most, says=f"{most.says} {SOMETHING_ELSE}")

    def _answers_exactly(self, seen: Sequence[FormedAnswer], some: Slips) -> bool:
        return self.matching.exact(seen, self.with_slips(some))

    def _explained(self, seen: Sequence[FormedAnswer], fits: Fits, single: Sequence[Slips]) -> NamedMistake | None:
        """What fits the answers, if they are not right: one of these operations, a regularity, or two operations."""
        if fits(()):
            return None
        if self._whole:
            return self._two(seen, fits)
        return self._only(single, fits) or self._regularity(seen) or self._two(seen, fits)

    def unlisted(self) -> Compositions:
        """The same without the list of mistakes; its table is kept nowhere."""
        return replace(self, mistakes=(), keep=lambda make: make())

    @cached_property
    def _single(self) -> list[Slips]:
        """Operations to be tried one by one; a place in a text says least: such are in the table among others."""
        return sorted(((one,) for one in self.operations if not one.edit), key=_cost)

    @cached_property
    def _derived(self) -> list[Slips]:
        """Those of them that stand in no list."""
        return [some for some in self._single if not any(one.instead for one in some)]

    def _regularity(self, seen: Sequence[FormedAnswer]) -> NamedMistake | None:
        """What holds of all answers beside the right ones."""
        names = self._names
        right = [_quiet(self._right, one.call.args, one.call.kwargs) for one in seen]
        if not names or any(one.problem for one in seen):
            return None
        several = len(names) > 1
        found = [one.value for one in seen]
        if several and not all(isinstance(one, tuple) and len(one) == len(names) for one in [*right, *found]):
            return None
        return regularity(names, right, found)

    def _two(self, seen: Sequence[FormedAnswer], fits: Fits) -> NamedMistake | None:
        """The two operations that fit, if there are not several such pairs of places in the source."""
        given = {id(one.call): one for one in seen}
        if any(id(call) not in given for call in self._probes):
            return None
        with _silence():
            mark = self._mark([given[id(call)].answer.value for call in self._probes])
        if mark is None:
            return None
        marks, places, *_ = self._table
        near = slice(*np.searchsorted(marks, (mark - _NEAR, mark + _NEAR)))
        rows = sorted(places[near].tolist(), key=lambda row: (_cost(self._slips(row)), row))
        found = [self._slips(row) for row in rows[:_CANDIDATES]]
        return self._only(found, fits) or self._only(self._beside(mark, found), fits)

    def _beside(self, mark: float, found: Sequence[Slips]) -> list[Slips]:
        """One operation that does what is seen in the probes, and a known mistake that shows elsewhere only; or two such mistakes."""
        right, elsewhere = self._elsewhere
        if abs(mark - right) <= _NEAR:
            alone, others = [(one,) for one in elsewhere], elsewhere
        else:
            # Beside the first, others too may show in no probe.
            alone, others = [some for some in found if len(some) == 1], self._known
        # In the order in which they stand in the table: what is done to the answer last.
        pairs = [
            (other, one) if one.after else (one, other) for (one,) in alone for other in others if one is not other
        ]
        return sorted((some for some in pairs if _value(self.with_slips, (some,))), key=_cost)

    def _only(self, candidates: Sequence[Slips], fits: Fits) -> NamedMistake | None:
        """The first candidate that fits; None where it says how steps look and others say otherwise."""
        names: dict[frozenset[str], Slips] = {}
        best = (0.0, 0)
        for some in candidates:
            # What is simpler stands first.
            if names and not self._whole and (_cost(some) > best or not any(one.instead or one.edit for one in some)):
                break
            if fits(some):
                best = _cost(some)
                names.setdefault(frozenset(one.name for one in some), some)
        # Of two that say how answers look, both are true; two mistakes or two places in the source are one too many.
        if len(names) == 1:
            (some,) = names.values()
            return NamedMistake(_name(some), _sentence(some), 0.0)
        return self._in_all(list(names.values()))

    def _in_all(self, explaining: Sequence[Slips]) -> NamedMistake | None:
        """The one known mistake that is part of every explanation, if there is one: what else is wrong is open."""
        common = [one for one in explaining[0] if all(one in some for some in explaining)] if explaining else []
        if len(common) != 1 or not common[0].instead:
            return None
        return NamedMistake(common[0].name, f"{common[0].says} {SOMETHING_ELSE}", 0.0)

    @cached_property
    def operations(self) -> Slips:
        """All operations that apply to this exercise, by its parameters and by what it is given and returns."""
        if not self._probes:
            return ()
        right = [_quiet(self._right, args) for args in self._asked]
        found = [*on_answers(self._names, right), *on_arguments(list(self._signature.parameters), self._asked)]
        edits = (one for function in self.rights for one in on_source(function))
        # Too much looks alike in whole numbers: what stands in a text is told there, and nothing else.
        return (*(() if self._whole else found), *known(self._listed), *edits)

    @cached_property
    def _whole(self) -> bool:
        """Whether right answers are whole numbers or yes and no: many of them tell what a few numbers with digits do."""
        with _silence():
            return mark_of([_value(self._right, self._args(call)) for call in self._suitable[:_FEW]]) is None

    @cached_property
    def _known(self) -> list[Operation]:
        """The known mistakes among the operations."""
        return [one for one in self.operations if one.instead]

    @cached_property
    def _listed(self) -> list[Mistake]:
        """The known mistakes that are told by their answers; what is changed in place is named beside them."""
        return [one for one in self.mistakes if one.tell is None and not changes(one.function, self._asked[0])]

    @cached_property
    def _wrongs(self) -> list[Function]:
        """What they were made from, in the same order."""
        return [one.function for one in self._listed]

    @cached_property
    def _merges(self) -> Merges:
        """The known mistakes, two at once."""
        between, carried = ([tuple(one) for one in found.tolist()] for found in self._table[2:])
        return Merges(self.rights, self._wrongs, between, carried)

    @cached_property
    def _elsewhere(self) -> tuple[float, list[Operation]]:
        """The mark of right answers, and the known mistakes that answer alike to the probes: they show in other questions."""
        with _silence():
            right = self._mark_of(self._right)
            marks = [(one, self._mark_of(one.instead)) for one in self._known if one.instead]
        if right is None:
            return np.inf, []
        return right, [one for one, mark in marks if mark is not None and abs(mark - right) <= _NEAR]

    @cached_property
    def _names(self) -> list[str]:
        """The names of the parts of an answer; one where answers have one part."""
        parts = [part.name for part in getattr(self.exercise.form, "parts", ())]
        right = [_quiet(self._right, args) for args in self._asked]
        return parts if all(isinstance(value, tuple) and len(value) == len(parts) for value in right) else parts[:1]

    def worked_out(self) -> Table:
        """The marks of all behaviours that differ from the right one and are no constants; of those alike the simplest few."""
        if not self._probes:
            return np.array([]), np.zeros((0, 2), np.int16), np.zeros((0, 3), np.int16), np.zeros((0, 3), np.int16)
        # Most texts that are not right are told from it by the first question with several numbers.
        right = self.right_answers([*self._probes, *self.calls])
        is_right = partial(self.matching.exact, right)
        with _silence():
            merges = Merges(self.rights, self._wrongs)
            merges.look_between(lambda one: is_right(self._called(one)))
            merges.carry(self._does_as())
            behaviours = [*self._marks(), *self._pairs_of_known(merges)]
        simplest: dict[float, dict[Any, tuple[tuple[float, int], tuple[int, int], float]]] = {}
        for some, mark in behaviours:
            slips = self._slips(some)
            cost = _cost(slips)
            # A known mistake may have several texts, which differ in questions that are no probes.
            which = some if all(one.instead for one in slips) else _name(slips)
            alike = simplest.setdefault(round(mark, 5), {})
            if which not in alike or cost < alike[which][0]:
                alike[which] = cost, some, mark
            if len(alike) > _ALIKE:
                del alike[max(alike, key=lambda one: alike[one][0])]
        found = sorted((mark, some) for alike in simplest.values() for _, some, mark in alike.values())
        places = np.array([some for _, some in found], np.int16).reshape(-1, 2)
        between, carried = (np.array(one, np.int16).reshape(-1, 3) for one in (merges.between, merges.carried))
        return np.array([mark for mark, _ in found]), places, between, carried

    def _does_as(self) -> Callable[[Function, int], bool]:
        """What says whether a function by places does as a known mistake, given by its place: in all questions if it shows in few."""
        _, elsewhere = self._elsewhere
        known = [one.instead for one in self._known if one.instead]
        marks = [self._mark_of(one) for one in known]
        # Among the smallest are those of extreme size; the largest take longest.
        few = sorted(self.calls, key=_size)[:_SMALL]
        answers: dict[int, list[FormedAnswer]] = {}

        def does_as(made: Function, place: int) -> bool:
            mark, found = marks[place], self._mark_of(on_copies(made))
            if mark is None or found is None or abs(found - mark) > _NEAR:
                return False
            if place not in answers:
                asked = self.calls if self._known[place] in elsewhere else few
                answers[place] = self.matching.answers(self._called(known[place]), asked)
            return self.matching.exact(answers[place], self._called(on_copies(made)))

        return does_as

    def _slips(self, places: Sequence[int]) -> Slips:
        return tuple(self.operations[place] for place in places if place >= 0)

    @cached_property
    def _table(self) -> Table:
        return self.keep(self.worked_out)

    def _plain(self, calls: Sequence[Call]) -> list[Function]:
        """The right functions that return numbers, arrays, or tuples of as many as the form has parts: no lists."""
        several = len(getattr(self.exercise.form, "parts", ())) > 1

        def plain(value: Any) -> bool:
            parts = value if several and isinstance(value, tuple) else (value,)
            return (not several or isinstance(value, tuple)) and all(
                isinstance(part, (float, np.ndarray, np.floating)) for part in parts
            )

        return [one for one in self.rights if all(plain(_quiet(one, call.args, call.kwargs)) for call in calls)]

    @cached_property
    def _right(self) -> Function:
        return self._plain(self._suitable[:_AMONG:4])[0]

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self._right)

    @cached_property
    def _probes(self) -> list[Call]:
        """A few calls with several numbers each, of moderate size; none where answers are drawn, many, or no functions'."""
        chosen = self._suitable[:_AMONG:4]
        if len(chosen) < 2 or not self._plain(chosen):
            return []
        if self._whole:
            return self._suitable[:WHOLE]
        # One number of each says little, and is soon computed.
        right = [_quiet(self._right, self._args(call)) for call in chosen]
        several = any(isinstance(value, tuple) or np.ndim(value) for value in right)
        return chosen if several else self._suitable[:_AMONG:3]

    @cached_property
    def _suitable(self) -> list[Call]:
        if self.exercise.variables or self.exercise.many or self.exercise.diagnose:
            return []
        if any(isinstance(one, Rng) for call in self.calls for one in [*call.args, *call.kwargs.values()]):
            return []
        # What is left out may mean anything to who chose another default value.
        given = [call for call in self.calls if not self.left_out(call)]
        fitting = sorted((call for call in given if _size(call) <= 80), key=lambda call: (_special(call), -_size(call)))
        moderate = [call for call in fitting if all(np.max(np.abs(one), initial=0) < 20 for one in call.args)]
        return moderate or fitting

    @cached_property
    def _asked(self) -> list[Args]:
        """The arguments of the probes, by place."""
        return [self._args(call) for call in self._probes]

    def left_out(self, call: Call) -> dict[str, Any]:
        """The parameters that a call leaves to their default values, with these."""
        if not self.rights:
            return {}
        parameters = list(inspect.signature(self.rights[0]).parameters.items())
        return {name: one.default for name, one in parameters[len(call.args) :] if name not in call.kwargs}

    def same(self) -> Sequence[Sequence[Call]]:
        """Calls that ask the same, whether they leave parameters to their default values or give just these."""
        return self._same

    @cached_property
    def _same(self) -> list[list[Call]]:
        groups: dict[Any, list[Call]] = {}
        for call in self.calls if self._probes else ():
            groups.setdefault(contents(self._args(call)), []).append(call)
        return [group for group in groups.values() if len(group) > 1]

    def _args(self, call: Call) -> Args:
        bound = self._signature.bind(*call.args, **call.kwargs)
        bound.apply_defaults()
        return bound.args

    def _marks(self) -> Iterator[tuple[tuple[int, int], float]]:
        asked, operations = self._asked, self.operations

        def answered(*places: int) -> list[Any]:
            function = _value(composed, (self._right, [operations[place] for place in places]))
            return [_value(function, args) for args in asked] if function else []

        def then(change: Callable[[Any, Args], Any], values: Sequence[Any]) -> list[Any]:
            return [_value(change, (value, args)) for value, args in zip(values, asked, strict=True)]

        nothing = self._mark(answered())
        once: dict[int, list[Any]] = {}
        firsts: dict[float, int] = {}
        listed: list[int] = []
        for place in sorted(range(len(operations)), key=lambda place: operations[place].rank):
            values = answered(place)
            mark = self._mark(values)
            if mark is None or (nothing is not None and abs(mark - nothing) <= _SAME):
                continue
            yield (place, -1), mark
            # What two operations do alike is composed once, with the nearer of both.
            if firsts.setdefault(round(mark, 5), place) == place:
                once[place] = values
            elif operations[place].before:
                listed.append(place)
        after = [(place, change) for place in once if (change := operations[place].after)]
        before = [place for place in once if operations[place].before]
        function = [place for place in once if operations[place].instead]
        source = [(place, edit) for place in once if (edit := operations[place].edit)]
        # The likeliest first: there may be too many.
        groups = (function, before, [place for place, _ in after], [place for place, _ in source])
        first_and_last = chain.from_iterable(product(group, after) for group in groups)
        outer = (((one, two), then(change, once[one])) for one, (two, change) in first_and_last if one != two)
        steps = (
            (one, two)
            for (one, edit), (two, other) in combinations(source, 2)
            if edit.source is other.source and edit.place != other.place
        )
        plain = [place for place in before if not operations[place].exchanges]
        arguments = (pair for pair in product(plain, before) if pair[0] != pair[1])
        changed = chain(arguments, product(plain, function), product(before, (place for place, _ in source)), steps)
        inner = ((pair, answered(*pair)) for pair in changed)
        # A known mistake that does the same to an argument may be written in words that another one changes, too.
        again = (pair for pair in product(listed, function) if not operations[pair[0]].exchanges)
        likely, less = islice(outer, _OUTER), islice(inner, _WHOLE_MOST if self._whole else _INNER)
        found = set(firsts)
        last = ((pair, answered(*pair)) for pair in again)
        # One of them alone does the same: the other changes nothing any more. What is said in two ways is said in the first.
        for some, said in ((likely, set(firsts)), (less, set(firsts)), (last, found)):
            for pair, values in some:
                mark = self._mark(values)
                if mark is None or (nothing is not None and abs(mark - nothing) <= _SAME):
                    continue
                if round(mark, 5) not in said:
                    found.add(round(mark, 5))
                    yield pair, mark

    def _pairs_of_known(self, merges: Merges) -> Iterator[tuple[tuple[int, int], float]]:
        """The marks of two known mistakes at once, where they are not those of one alone."""
        first = next((place for place, one in enumerate(self.operations) if one.instead), 0)
        single = (self._right, *(one.instead for one in self._known if one.instead))
        alone = {round(mark, 5) for function in single if (mark := self._mark_of(function)) is not None}
        for one, other in merges.pairs():
            together = _value(merges.together, (one, other))
            found = self._mark_of(on_copies(together)) if together else None
            if found is not None and round(found, 5) not in alone:
                yield (first + one, first + other), found

    @property
    def applies(self) -> bool:
        """Whether there is one right answer to each question, which operations can be done on."""
        return bool(self._probes)

    def right_answers(self, calls: Sequence[Call]) -> list[FormedAnswer]:
        """What a right function answers to calls, in the form of the exercise."""
        return self.matching.answers(self._called(self._right), calls)

    def with_slips(self, some: Sequence[Operation]) -> Function:
        """A right function with these slips, to be called as students' functions are; raises ValueError where they do not fit."""
        known = [self._known.index(one) for one in some if one.instead]
        return self._called(
            on_copies(self._merges.together(*known)) if len(known) == 2 else composed(self._right, some)
        )

    def _called(self, function: Function) -> Function:
        """A function by places as one that is called as students' functions are."""
        return lambda *args, **kwargs: function(*self._args(Call(args, kwargs)))

    def tells(self, function: Function) -> bool:
        """Whether the answers of a function hold anything that could be told apart: numbers with digits, more than one."""
        with _silence():
            return self._mark([_value(function, call.args, call.kwargs) for call in self._probes]) is not None

    def _mark(self, values: Sequence[Any]) -> float | None:
        return mark_of(values, whole=self._whole)

    def _mark_of(self, function: Function) -> float | None:
        """The mark of what a function by places answers to the probes."""
        return self._mark([_value(function, args) for args in self._asked])

    def _telling(self, seen: Sequence[FormedAnswer]) -> bool:
        """Whether half of the questions were answered at least, and the answers hold numbers that tell."""
        returned = [one.answer.value for one in seen if one.answer.outcome == "returned"]
        with _silence():
            return 2 * len(returned) >= len(seen) and self._mark(returned) is not None


def _special(call: Call) -> tuple[bool, bool]:
    """Whether numbers repeat or an axis has length 1, and whether samples are few: a spread may be 0, a step may show nothing."""
    arrays = [np.asarray(one) for one in call.args if np.ndim(one)]
    repeats = any(1 in one.shape or len(np.unique(one)) < one.size for one in arrays)
    return repeats, any(one.ndim == 2 and one.shape[0] <= one.shape[1] for one in arrays[:1])


def _size(call: Call) -> int:
    """How many numbers are given."""
    return sum(np.size(one) for one in call.args)


def _cost(some: Slips) -> tuple[float, int]:
    """How much is said, and how far it is from what is seen: two things that say what happened come before one place in a text."""
    return sum(_WORTH[one.rank] for one in some), sum(one.rank for one in some)


def _name(some: Slips) -> str:
    return " and ".join(dict.fromkeys(one.name for one in some))


def _sentence(some: Slips) -> str:
    return " ".join(dict.fromkeys(one.says for one in some))


def _quiet(function: Function, args: Args, kwargs: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The value, or None where there is none; without warnings."""
    with _silence():
        return _value(function, args, kwargs)


@contextmanager
def _silence() -> Iterator[None]:
    """Let nothing warn of numbers that are no good: slips make many."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _value(function: Function, args: Args, kwargs: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The value, or None where there is none."""
    try:
        return function(*args, **kwargs)
    except Exception:
        # Not every operation fits every argument.
        return None
