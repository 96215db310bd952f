"""Baked tables: what the right and the mistaken functions answer to fixed calls, as bare numbers in packed JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .asking import FormedAnswer
from .diagnosis import KnownAnswers, NamedMistake, Recogniser, betrayed, diagnosed, gist, recogniser
from .examples import Bank
from .exercise import Answer, Check, Exercise, Fault
from .judges import in_words, room, within
from .python_errors import by_error

SUFFIX = ".json.gz"
SEALED = "sealed"
"""The one entry of a table that holds no numbers in clear: the module of the exercise knows how to read it."""
DIGITS, FEWER, COARSE = 10, 7, 3
_FOLDER = Path(__file__).parent / "tables"


def digits_of(exercise: Exercise) -> int:
    """To how many digits the answers of an exercise are tabled: well beyond what is compared, and no further."""
    if exercise.many:
        return COARSE
    return DIGITS if exercise.tolerance.rtol < 1e-6 else FEWER


def encode(answer: Answer, digits: int = DIGITS) -> dict[str, Any]:
    """An answer of one of our functions as JSON data, floats to so many digits that all machines agree in them.

    Processors add in different orders, so the last digits of a sum, and all of a difference that should be 0, are chance.
    """
    if answer.outcome != "returned":
        told = {"outcome": answer.outcome, "error": answer.error}
        return {**told, "gist": gist(answer.detail)} if answer.outcome == "raised" else told
    told = {"value": _encode(answer.value, digits)}
    return {**told, "changed": list(answer.changed)} if answer.changed else told


def decode(told: dict[str, Any]) -> Answer:
    """The answer that `encode` wrote."""
    if "outcome" in told:
        return Answer(told["outcome"], error=told["error"], detail=told.get("gist", ""))
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


def compact(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table with each answer written once, and its place wherever it is given: most mistakes show on few probes."""
    known: dict[str, int] = {}

    def places(answers: Sequence[Any]) -> list[int]:
        written = [json.dumps(answer, sort_keys=True) for answer in answers]
        return [known.setdefault(one, len(known)) for one in written]

    right = places(table["right"])
    mistakes = [{**row, "answers": places(row["answers"])} for row in table["mistakes"]]
    return {"answers": [json.loads(one) for one in known], "right": right, "mistakes": mistakes}


def expanded(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table that `compact` made smaller."""
    answers = table["answers"]
    rows = [{**row, "answers": [answers[place] for place in row["answers"]]} for row in table["mistakes"]]
    return {"right": [answers[place] for place in table["right"]], "mistakes": rows}


def packed(tables: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The tables of a problem, by exercise, as the content of a file `<module>.json.gz`, without a date in it."""
    small = {name: table if SEALED in table else compact(table) for name, table in tables.items()}
    text = json.dumps(small, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode() + b"\n", mtime=0)


def unpacked(content: bytes) -> dict[str, dict[str, Any]]:
    """The tables that `packed` wrote, by exercise."""
    return {name: _whole(table) for name, table in _parsed(content).items()}


def _parsed(content: bytes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(gzip.decompress(content))
    return found


def _whole(table: dict[str, Any]) -> dict[str, Any]:
    return table if SEALED in table else expanded(table)


def load(module: str, exercise: str, folder: Path = _FOLDER) -> dict[str, Any] | None:
    """The table of an exercise; None where none was baked."""
    path = folder / f"{module}{SUFFIX}"
    table = _parsed(path.read_bytes()).get(exercise) if path.is_file() else None
    # Only the one that is asked for: a check is waited for.
    return None if table is None else _whole(table)


def seen(exercise: Exercise, answers: list[dict[str, Any]]) -> list[FormedAnswer]:
    """Tabled answers to the exercise's probes, looked at as a student's would be."""
    looked = []
    for call, told in zip(exercise.probes, answers, strict=True):
        answer = decode(told)
        if answer.outcome != "returned":
            looked.append(FormedAnswer(call, answer, problem=answer.error))
            continue
        value, problem = exercise.form.normalise(call, answer.value)
        looked.append(FormedAnswer(call, answer, value, problem))
    return looked


def with_table(exercise: Exercise, bank: Bank, table: dict[str, Any]) -> tuple[Exercise, Bank]:
    """The exercise and its bank with one more check: on the probes, the numbers are the tabled ones."""
    if not exercise.probes:
        return exercise, bank
    right = seen(exercise, table["right"])

    must = "On a few fixed inputs the answers do what right ones do."
    if not exercise.many:
        must = f"On a few fixed inputs the numbers are the right ones ({in_words(exercise.tolerance)})."

    def judge(position: int, answers: Any) -> Fault | None:
        exact, value = right[position], answers[0].value
        if exercise.apart:
            return exercise.apart(exact.call, exact.value, value)
        alike = exercise.alike
        if alike(exact.call, exact.value, value) if alike else within(exercise.tolerance, value, exact.value):
            return None
        if exercise.many:
            return Fault("an answer that does the same as a right one", value)
        return Fault(exact.value, value, room=room(exercise.tolerance, exact.value))

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
    """What names a mistake from the answers to the probes, wherever they stand among those that are asked."""
    says = {row["name"]: row["says"] for row in table["mistakes"]}
    if exercise.diagnose:
        return lambda answers, failed: (
            diagnosed(exercise, answers, says) or betrayed(exercise, answers, {}, says) or by_error(answers, failed)
        )
    shown = [row for row in table["mistakes"] if row["answers"]]
    rows = [KnownAnswers(row["name"], row["says"], 0.0, seen(exercise, row["answers"])) for row in shown]
    by_probe = recogniser(exercise, lambda _: rows)
    right = {id(one.call): one.value for one in seen(exercise, table["right"])}

    def recognise(answers: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        # Checks ask the very probes, so that an answer is found by its call.
        by_call = {id(one.call): one for one in answers}
        probed = [by_call[id(probe)] for probe in exercise.probes if id(probe) in by_call]
        if len(probed) < len(exercise.probes):
            return by_error(answers, failed)
        return by_probe(probed, []) or betrayed(exercise, answers, right, says) or by_error(answers, failed)

    return recognise
