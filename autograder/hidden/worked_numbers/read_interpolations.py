"""Hidden checks of `read_interpolations`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import right_part, told_apart

CHECKS: tuple[Check, ...] = (
    right_part("line 1", "Line 1, and no other, has its reading.", 0.3, "reading", told_apart(1.0)),
    right_part("line 2", "Line 2, and no other, has its reading.", 0.3, "reading", told_apart(2.0)),
    right_part("line 3", "Line 3, and no other, has its reading.", 0.4, "reading", told_apart(3.0)),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("read_interpolations")


@mistake(
    "morph and jump are swapped",
    "Lines 1 and 2 are taken for each other: which of them meets something plausible all the way?",
)
def lines_first_two() -> Any:
    return {"reading": {1: "empty gap", 2: "organised", 3: "crosses classes"}}


@mistake(
    "a jump is taken for other classes",
    "Lines 2 and 3 are taken for each other: which of them shows other digits on its way?",
)
def lines_last_two() -> Any:
    return {"reading": {1: "organised", 2: "crosses classes", 3: "empty gap"}}


@mistake(
    "other classes are taken for order",
    "Lines 1 and 3 are taken for each other: which of them shows nothing but a 3 and an 8?",
)
def lines_outer_two() -> Any:
    return {"reading": {1: "crosses classes", 2: "empty gap", 3: "organised"}}


@mistake("the readings are one line too late", "Each reading is that of the line before it.")
def lines_late() -> Any:
    return {"reading": {1: "crosses classes", 2: "organised", 3: "empty gap"}}


@mistake("the readings are one line too early", "Each reading is that of the line after it.")
def lines_early() -> Any:
    return {"reading": {1: "empty gap", 2: "crosses classes", 3: "organised"}}


@mistake("one reading for all", "All three lines got one reading, although they look different.")
def lines_all_organised() -> Any:
    return {"reading": {1: "organised", 2: "organised", 3: "organised"}}


@mistake(
    "only whether it is smooth",
    "What happens between the two digits was not told apart: a gap is one thing, other classes are another.",
)
def lines_smooth_or_gap() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "empty gap"}}


@mistake("line 1 is taken for a gap", "Every picture on its way looks like something: nothing is missing there.")
def lines_first_gap() -> Any:
    return {"reading": {1: "empty gap", 2: "empty gap", 3: "crosses classes"}}


@mistake("line 1 is taken for crossing", "Between the 3 and the 8 it shows no digit of another class.")
def lines_first_crosses() -> Any:
    return {"reading": {1: "crosses classes", 2: "empty gap", 3: "crosses classes"}}


@mistake("line 2 is taken for order", "It jumps from one digit to the other. What lies in between is a smear.")
def lines_jump_organised() -> Any:
    return {"reading": {1: "organised", 2: "organised", 3: "crosses classes"}}


@mistake("line 2 is taken for crossing", "What lies between is a smear, and no digit of another class.")
def lines_jump_crosses() -> Any:
    return {"reading": {1: "organised", 2: "crosses classes", 3: "crosses classes"}}


@mistake("line 3 is taken for order", "Clear digits, but which ones? They belong neither to a 3 nor to an 8.")
def lines_last_organised() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "organised"}}


@mistake("every line is called a gap", "All three lines got one reading: in two of them there is no gap.")
def lines_all_gap() -> Any:
    return {"reading": {1: "empty gap", 2: "empty gap", 3: "empty gap"}}


@mistake("every line is called crossing", "All three lines got one reading: one of them alone shows other digits.")
def lines_all_cross() -> Any:
    return {"reading": {1: "crosses classes", 2: "crosses classes", 3: "crosses classes"}}


@variant
def lines_plain() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "crosses classes"}}


@variant
def lines_text_keys() -> Any:
    return {"reading": {"1": "Organised", "2": "Empty gap", "3": "Crosses classes"}}


@variant
def lines_float_keys() -> Any:
    return {"reading": {1.0: " organised", 2.0: "empty gap ", 3.0: "CROSSES CLASSES"}}


@variant
def lines_spelt() -> Any:
    return {"reading": {"line 1": "organized", "line 2": "empty-gap", "line 3": "crosses_classes"}}


@variant
def lines_numpy() -> Any:
    words = np.array(["organised", "empty gap", "crosses classes"])
    return {"reading": dict(zip(np.arange(1, 4), words, strict=True))}
