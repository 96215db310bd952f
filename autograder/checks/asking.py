"""What is asked of a function, each call that checks share but once, and the answers with their form checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import messages
from .examples import Bank
from .exercise import Answer, Call, Exercise, Subject
from .identity_cache import by_identity


@dataclass(frozen=True)
class FormedAnswer:
    """An answer whose form was checked: `value` is canonical where `problem` is empty."""

    call: Call
    answer: Answer
    value: Any = None
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """What an exercise's bank asks: each call once, the list of all as checks see it, and where in that list they stand.

    `order` says for each place in the list of all which of the calls is meant; `asked` and `places` where those of each
    example and of each check stand.
    """

    calls: tuple[Call, ...]
    order: tuple[int, ...]
    asked: tuple[tuple[str, Any, slice], ...]
    places: dict[str, slice]


def plan_of(exercise: Exercise, bank: Bank) -> Plan:
    """The plan of an exercise's bank, made once, whatever points the exercise has: the same calls are the same objects."""
    return _plan(bank, exercise.variables, *(part for check in exercise.checks for part in (check.name, check.calls)))


@by_identity(4096)
def _plan(bank: Bank, variables: tuple[str, ...], *checks: Any) -> Plan:
    """The plan of a bank for checks, each given as its name and what makes its calls."""
    # Each variable is looked at for itself as well, so that its form is told whatever the checks ask about.
    calls = {(position, 0): Call((name,)) for position, name in enumerate(variables)}
    order = list(calls)
    asked = []
    places = {}
    for name, calls_of in zip(checks[::2], checks[1::2], strict=True):
        start = len(order)
        for example in bank[name]:
            before = len(order)
            times: Counter[int] = Counter()
            for call in calls_of(example):
                # Checks share what is the same object; an example that asks twice means two answers.
                key = (id(call), times[id(call)])
                times[id(call)] += 1
                calls[key] = call
                order.append(key)
            asked.append((name, example, slice(before, len(order))))
        places[name] = slice(start, len(order))
    numbers = {key: number for number, key in enumerate(calls)}
    return Plan(tuple(calls.values()), tuple(numbers[key] for key in order), tuple(asked), places)


def distinct(seen: Sequence[FormedAnswer]) -> list[FormedAnswer]:
    """Each answer once: what several checks share was asked once."""
    return list({id(one): one for one in seen}.values())


def ask_and_check_form(exercise: Exercise, subject: Subject, calls: Sequence[Call]) -> list[FormedAnswer]:
    """Ask all calls at once and look at the form of each answer."""
    answers = _read(subject, calls) if exercise.variables else subject.ask(exercise.name, calls)
    padded = [*answers, *[Answer("skipped")] * (len(calls) - len(answers))]
    return [formed(exercise, call, answer) for call, answer in zip(calls, padded, strict=False)]


def _read(subject: Subject, calls: Sequence[Call]) -> list[Answer]:
    names = list(dict.fromkeys(name for call in calls for name in call.args))
    values = dict.fromkeys(names, Answer("skipped")) | dict(zip(names, subject.read(names), strict=False))
    answers = []
    for call in calls:
        missing = [_named(values[name], name) for name in call.args if values[name].outcome != "returned"]
        answers.append(missing[0] if missing else Answer("returned", {name: values[name].value for name in call.args}))
    return answers


def _named(answer: Answer, name: str) -> Answer:
    """The answer with the variable's name where it is not there, whoever was asked."""
    return replace(answer, detail=name) if answer.outcome == "undefined" else answer


def formed(exercise: Exercise, call: Call, answer: Answer) -> FormedAnswer:
    """An answer with its form checked."""
    if answer.outcome != "returned":
        return FormedAnswer(call, answer, problem=messages.outcome(exercise, answer))
    value, problem = exercise.form.normalise(call, answer.value)
    return FormedAnswer(call, answer, value, problem)
