"""Hidden checks of `diagnose_runs`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import right_part, right_values, told_apart

CHECKS: tuple[Check, ...] = (
    right_part("run A", "Run A, and no other, has its diagnosis.", 0.3, "diagnosis", told_apart("A")),
    right_part("run B", "Run B, and no other, has its diagnosis.", 0.3, "diagnosis", told_apart("B")),
    right_values("remedies", "Each of the two runs gets what helps it.", 0.4, ["remedy"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("diagnose_runs")


@mistake(
    "A and B are swapped", "A KL near 0 means that the code says nothing about the input: which of the two is that?"
)
def runs_swapped() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    "A and B are swapped, with their remedies",
    "Runs A and B were taken for each other throughout: look at their KL again.",
)
def runs_swapped_throughout() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "lower beta"},
    }


@mistake(
    "the remedies are swapped",
    "Each remedy makes its run worse: a KL near 0 is a sign of too much pressure, not of too little.",
)
def runs_swapped_remedies() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "lower beta"},
    }


@mistake(
    "beta is raised in both",
    "More weight on the KL helps where the prior is ignored, and hurts where nothing else is left.",
)
def runs_raise_both() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "raise beta", "B": "raise beta"},
    }


@mistake(
    "beta is lowered in both",
    "Less weight on the KL helps where the code is empty, and hurts where the prior is ignored.",
)
def runs_lower_both() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "lower beta"},
    }


@mistake(
    "sharp pictures are taken for health",
    "Runs B and C are taken for each other. Sharpness is not enough: look at what the prior decodes to.",
)
def runs_sharp_is_healthy() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "healthy", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    "a small KL is taken for health",
    "Runs A and C are taken for each other. A KL near 0 with a high reconstruction loss is no good sign.",
)
def runs_small_kl_is_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "memorising", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("one diagnosis for all", "All three runs got one diagnosis, although their losses differ.")
def runs_all_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "posterior collapse", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run A is taken for memorising", "Its KL is practically 0: what can a code hold that costs nothing?")
def runs_a_memorising() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run A is taken for healthy", "A high reconstruction loss and one blurred picture for all are no health.")
def runs_a_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run B is taken for collapsed", "Its KL is high: its code tells a great deal about the input.")
def runs_b_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run B is taken for healthy", "Its reconstructions are sharp. But what do draws from the prior decode to?")
def runs_b_healthy() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "healthy", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run C is taken for collapsed", "A moderate KL is no empty code: its reconstructions are good.")
def runs_c_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("run C is taken for memorising", "Its KL is moderate, and what is drawn from the prior looks good.")
def runs_c_memorising() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("all three are called healthy", "One run is. In the others one of the two losses tells what went wrong.")
def runs_all_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "healthy", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("the diagnoses are one run too late", "Each diagnosis is that of the run before it.")
def runs_late() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "posterior collapse", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake("the diagnoses are one run too early", "Each diagnosis is that of the run after it.")
def runs_early() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "healthy", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@variant
def runs_plain() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@variant
def runs_capitals() -> Any:
    return {
        "diagnosis": {"a": "Posterior Collapse", "b": "MEMORISING", "c": " Healthy "},
        "remedy": {"a": "Lower beta ", "b": " RAISE BETA"},
    }


@variant
def runs_spelt() -> Any:
    return {
        "diagnosis": {"run A": "posterior-collapse", "run B": "memorizing", "run C": "healthy."},
        "remedy": {"Run A": "lower β", "Run B": "raise_beta"},
    }


@variant
def runs_other_order() -> Any:
    return {
        "diagnosis": {"C": "healthy", "B": "memorising", "A": "posterior  collapse"},
        "remedy": {"B": "raise beta", "A": "lower beta"},
    }


@variant
def runs_with_more() -> Any:
    return {
        "diagnosis": {"(A)": ["posterior collapse"], "(B)": np.array("memorising"), "(C)": np.str_("healthy")},
        "remedy": {"A": "lower beta", "B": "raise beta", "C": "nothing to do"},
    }
