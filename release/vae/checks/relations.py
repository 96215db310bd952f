"""Laws that relate a student's answers to one another: what they imply is said in words, and never as the expected number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import formatting
from .exercise import Fault

ONE_IS_WRONG = "At least one of these answers is wrong. It need not be the last one."


def implied(words: str, wanted: Any, returned: Any, call: int = 0, note: str = "") -> Fault:
    """The fault of an answer that does not go together with others of the same student.

    `words` say what must hold, `wanted` is what the other answers imply. It is right only if they are.
    """
    told = f"Your own answers to related questions imply {_line(wanted)} here. {ONE_IS_WRONG}"
    return Fault(words, returned, call, f"{note} {told}".strip(), relates=True)


def adding_up(words: str, part: str, alone: Sequence[Any], together: Any) -> Fault:
    """The fault of an answer that is not the sum of the student's own answers for each `part` alone."""
    shown = [f"{part} {place} alone {_line(one)}" for place, one in enumerate(alone[:4], start=1)]
    more = ["and so on"] if len(alone) > 4 else []
    told = f"You returned: {', '.join([*shown, *more])}, all together {_line(together)}. {ONE_IS_WRONG}"
    return Fault(words, together, 0, told, relates=True)


def _line(value: Any) -> str:
    return " ".join(formatting.value(value).split())
