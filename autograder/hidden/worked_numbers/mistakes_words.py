"""Known mistakes of diagnose_runs and read_interpolations: words under the wrong name."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

RUNS, LINES = "diagnose_runs", "read_interpolations"


@mistake(
    RUNS,
    "A and B are swapped",
    "A KL near 0 means that the code says nothing about the input: which of the two is that?",
)
def runs_swapped() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    RUNS,
    "A and B are swapped, with their remedies",
    "Runs A and B were taken for each other throughout: look at their KL again.",
)
def runs_swapped_throughout() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "lower beta"},
    }


@mistake(
    RUNS,
    "the remedies are swapped",
    "Each remedy makes its run worse: a KL near 0 is a sign of too much pressure, not of too little.",
)
def runs_swapped_remedies() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "lower beta"},
    }


@mistake(
    RUNS,
    "beta is raised in both",
    "More weight on the KL helps where the prior is ignored, and hurts where nothing else is left.",
)
def runs_raise_both() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "raise beta"},
    }


@mistake(
    RUNS,
    "beta is lowered in both",
    "Less weight on the KL helps where the code is empty, and hurts where the prior is ignored.",
)
def runs_lower_both() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "lower beta"},
    }


@mistake(
    RUNS,
    "sharp pictures are taken for health",
    "Runs B and C are taken for each other. Sharpness is not enough: look at what the prior decodes to.",
)
def runs_sharp_is_healthy() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "healthy", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    RUNS,
    "a small KL is taken for health",
    "Runs A and C are taken for each other. A KL near 0 with a high reconstruction loss is no good sign.",
)
def runs_small_kl_is_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "memorising", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "one diagnosis for all", "All three runs got one diagnosis, although their losses differ.")
def runs_all_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "posterior collapse", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    LINES,
    "morph and jump are swapped",
    "Lines 1 and 2 are taken for each other: which of them meets something plausible all the way?",
)
def lines_first_two() -> Any:
    return {"reading": {1: "empty gap", 2: "organised", 3: "crosses classes"}}


@mistake(
    LINES,
    "a jump is taken for other classes",
    "Lines 2 and 3 are taken for each other: which of them shows other digits on its way?",
)
def lines_last_two() -> Any:
    return {"reading": {1: "organised", 2: "crosses classes", 3: "empty gap"}}


@mistake(
    LINES,
    "other classes are taken for order",
    "Lines 1 and 3 are taken for each other: which of them shows nothing but a 3 and an 8?",
)
def lines_outer_two() -> Any:
    return {"reading": {1: "crosses classes", 2: "empty gap", 3: "organised"}}


@mistake(LINES, "the readings are one line too late", "Each reading is that of the line before it.")
def lines_late() -> Any:
    return {"reading": {1: "crosses classes", 2: "organised", 3: "empty gap"}}


@mistake(LINES, "the readings are one line too early", "Each reading is that of the line after it.")
def lines_early() -> Any:
    return {"reading": {1: "empty gap", 2: "crosses classes", 3: "organised"}}


@mistake(LINES, "one reading for all", "All three lines got one reading, although they look different.")
def lines_all_organised() -> Any:
    return {"reading": {1: "organised", 2: "organised", 3: "organised"}}


@mistake(
    LINES,
    "only whether it is smooth",
    "What happens between the two digits was not told apart: a gap is one thing, other classes are another.",
)
def lines_smooth_or_gap() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "empty gap"}}
