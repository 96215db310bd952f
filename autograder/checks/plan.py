"""What is asked of a function: the calls of all checks in one list, each of those that checks share but once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from .memo import by_identity
from .problem import Call, Exercise
from .strategies import Bank


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


@by_identity(64)
def plan_of(exercise: Exercise, bank: Bank) -> Plan:
    """The plan of an exercise's bank, made once."""
    # Each variable is looked at for itself as well, so that its form is told whatever the checks ask about.
    calls = {(position, 0): Call((name,)) for position, name in enumerate(exercise.variables)}
    order = list(calls)
    asked = []
    places = {}
    for check in exercise.checks:
        start = len(order)
        for example in bank[check.name]:
            before = len(order)
            times: Counter[int] = Counter()
            for call in check.calls(example):
                # Checks share what is the same object; an example that asks twice means two answers.
                key = (id(call), times[id(call)])
                times[id(call)] += 1
                calls[key] = call
                order.append(key)
            asked.append((check.name, example, slice(before, len(order))))
        places[check.name] = slice(start, len(order))
    numbers = {key: number for number, key in enumerate(calls)}
    return Plan(tuple(calls.values()), tuple(numbers[key] for key in order), tuple(asked), places)
