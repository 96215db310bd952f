"""Baked tables: what the right and the mistaken functions answer to fixed calls, as bare numbers in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .judging import close
from .problem import Answer, Check, Exercise, Fault
from .recognition import Behaviour, recogniser
from .running import Recogniser, Seen
from .strategies import Bank

DIGITS, COARSE = 10, 3
_EQUAL = ("On a few fixed inputs the numbers are the right ones (within 1e-5 relative).", "")
_ALIKE = ("On a few fixed inputs the answers do what the right ones do.", "an answer that does the same as a right one")
_FOLDER = Path(__file__).parent / "tables"


def encode(answer: Answer, digits: int = DIGITS) -> dict[str, Any]:
    """An answer of one of our functions as JSON data, floats to so many digits that all machines agree in them.

    Processors add in different orders, so the last digits of a sum, and all of a difference that should be 0, are chance.
    """
    if answer.outcome != "returned":
        return {"outcome": answer.outcome, "error": answer.error}
    told = {"value": _encode(answer.value, digits)}
    return {**told, "changed": list(answer.changed)} if answer.changed else told


def decode(told: dict[str, Any]) -> Answer:
    """The answer that `encode` wrote."""
    if "outcome" in told:
        return Answer(told["outcome"], error=told["error"])
    return Answer("returned", _decode(told["value"]), changed=tuple(told.get("changed", ())))


def _encode(value: Any, digits: int) -> Any:
    if isinstance(value, (tuple, list)):
        return {"tuple": [_encode(item, digits) for item in value]}
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        return {"array": [_round(item, digits) for item in array.ravel().tolist()], "shape": list(array.shape)}
    if isinstance(value, dict):
        raise TypeError("A table holds no dicts: leave this mistake to `tell`, or let it return a tuple.")
    return _round(value, digits)


def _round(value: Any, digits: int) -> Any:
    if not isinstance(value, float) or not np.isfinite(value):
        return value
    # Adding 0.0 turns -0.0 into 0.0.
    return float(f"{round(value, digits + 1):.{digits}g}") + 0.0


def _decode(told: Any) -> Any:
    if isinstance(told, dict) and "tuple" in told:
        return tuple(_decode(item) for item in told["tuple"])
    if isinstance(told, dict):
        return np.array(told["array"]).reshape(told["shape"])
    return told


def load(module: str, exercise: str, folder: Path = _FOLDER) -> dict[str, Any] | None:
    """The table of an exercise; None where none was baked."""
    path = folder / f"{module}.json"
    if not path.is_file():
        return None
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table.get(exercise)


def seen(exercise: Exercise, answers: list[dict[str, Any]]) -> list[Seen]:
    """Tabled answers to the exercise's probes, looked at as a student's would be."""
    looked = []
    for call, told in zip(exercise.probes, answers, strict=True):
        answer = decode(told)
        if answer.outcome != "returned":
            looked.append(Seen(call, answer, problem=answer.error))
            continue
        value, problem = exercise.form.normalise(call, answer.value)
        looked.append(Seen(call, answer, value, problem))
    return looked


def with_table(exercise: Exercise, bank: Bank, table: dict[str, Any]) -> tuple[Exercise, Bank]:
    """The exercise and its bank with one more check: on the probes, the numbers are the tabled ones."""
    right = seen(exercise, table["right"])

    must, expected = _ALIKE if exercise.many else _EQUAL

    def judge(position: int, answers: Any) -> Fault | None:
        exact = right[position]
        value = answers[0].value
        held = exercise.alike(exact.call, exact.value, value) if exercise.alike else close(value, exact.value)
        return None if held else Fault(expected or exact.value, value)

    check = Check(
        name="worked values",
        must=must,
        calls=lambda position: [exercise.probes[position]],
        judge=judge,
        first=tuple(range(len(exercise.probes))),
    )
    extended = replace(exercise, checks=(*exercise.checks, check))
    return extended, {**bank, check.name: check.first}


def table_recogniser(exercise: Exercise, table: dict[str, Any]) -> Recogniser:
    """What names a mistake from the answers to the probes, the last calls of an exercise made by `with_table`."""
    rows = [Behaviour(row["name"], row["says"], 0.0, seen(exercise, row["answers"])) for row in table["mistakes"]]
    by_probe = recogniser(exercise, lambda _: rows)
    count = len(exercise.probes)
    return lambda all_seen, failed: by_probe(all_seen[-count:], [])
