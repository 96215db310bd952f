"""More mistakes of 01_worked_numbers in dimensions, runs and lines, met in submissions that nobody had foreseen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

EACH, UNITS, RUNS, LINES = "per_dimension_kl", "count_active_units", "diagnose_runs", "read_interpolations"


@mistake(EACH, "the logarithm has base 2", "The logarithm is taken to base 2; nats need the natural one.")
def each_log2() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log2(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(EACH, "the logarithm is added", "The logarithm is added where it is taken away.")
def each_log_added() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 + np.log(sigma**2) - 1)
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("borderline", "collapsed", "collapsed", "collapsed"),
    }


@mistake(EACH, "mu enters with its sign", "The means enter as they are, sign and all; the formula squares them.")
def each_signed() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu + sigma**2 - np.log(sigma**2) - 1)
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": ("active", "collapsed", "active", "collapsed")}


@mistake(EACH, "the one half stands before the mean alone", "The factor ½ belongs to the spread as well.")
def each_half_of_first() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * mu**2 + sigma**2 - np.log(sigma**2) - 1
    return {
        "dimension_kl": kl,
        "total_kl": kl.sum(),
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@mistake(UNITS, "dimension 2 is called active", "Dimension 2 costs a little, but less than δ: compute its whole KL.")
def units_two_active() -> Any:
    return {"active_dimensions": {1, 2, 3, 5, 7, 8}, "removable_dimensions": {4, 6}}


@mistake(UNITS, "dimension 2 is in both sets", "Dimension 2 stands in both sets. Compute its whole KL, and decide.")
def units_two_twice() -> Any:
    return {"active_dimensions": {1, 2, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6}}


@mistake(UNITS, "everything is called active", "All eight stand in one set. A KL below δ is idle, and one of 0 surely.")
def units_all_active() -> Any:
    return {"active_dimensions": {1, 2, 3, 4, 5, 6, 7, 8}, "removable_dimensions": set()}


@mistake(UNITS, "how many instead of which", "The dimensions were counted. Asked for are the sets of their numbers.")
def units_counted() -> Any:
    return {"active_dimensions": 5, "removable_dimensions": 3}


@mistake(UNITS, "masks instead of numbers", "Eight times true or false came. Asked for are the numbers j themselves.")
def units_masks() -> Any:
    active = [True, False, True, False, True, False, True, True]
    return {"active_dimensions": active, "removable_dimensions": [not one for one in active]}


@mistake(RUNS, "run A is taken for memorising", "Its KL is practically 0: what can a code hold that costs nothing?")
def runs_a_memorising() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    RUNS, "run A is taken for healthy", "A high reconstruction loss and one blurred picture for all are no health."
)
def runs_a_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "run B is taken for collapsed", "Its KL is high: its code tells a great deal about the input.")
def runs_b_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "posterior collapse", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(
    RUNS, "run B is taken for healthy", "Its reconstructions are sharp. But what do draws from the prior decode to?"
)
def runs_b_healthy() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "healthy", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "run C is taken for collapsed", "A moderate KL is no empty code: its reconstructions are good.")
def runs_c_collapsed() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "run C is taken for memorising", "Its KL is moderate, and what is drawn from the prior looks good.")
def runs_c_memorising() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "all three are called healthy", "One run is. In the others one of the two losses tells what went wrong.")
def runs_all_healthy() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "healthy", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "the diagnoses are one run too late", "Each diagnosis is that of the run before it.")
def runs_late() -> Any:
    return {
        "diagnosis": {"A": "healthy", "B": "posterior collapse", "C": "memorising"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(RUNS, "the diagnoses are one run too early", "Each diagnosis is that of the run after it.")
def runs_early() -> Any:
    return {
        "diagnosis": {"A": "memorising", "B": "healthy", "C": "posterior collapse"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@mistake(LINES, "line 1 is taken for a gap", "Every picture on its way looks like something: nothing is missing there.")
def lines_first_gap() -> Any:
    return {"reading": {1: "empty gap", 2: "empty gap", 3: "crosses classes"}}


@mistake(LINES, "line 1 is taken for crossing", "Between the 3 and the 8 it shows no digit of another class.")
def lines_first_crosses() -> Any:
    return {"reading": {1: "crosses classes", 2: "empty gap", 3: "crosses classes"}}


@mistake(LINES, "line 2 is taken for order", "It jumps from one digit to the other. What lies in between is a smear.")
def lines_jump_organised() -> Any:
    return {"reading": {1: "organised", 2: "organised", 3: "crosses classes"}}


@mistake(LINES, "line 2 is taken for crossing", "What lies between is a smear, and no digit of another class.")
def lines_jump_crosses() -> Any:
    return {"reading": {1: "organised", 2: "crosses classes", 3: "crosses classes"}}


@mistake(LINES, "line 3 is taken for order", "Clear digits, but which ones? They belong neither to a 3 nor to an 8.")
def lines_last_organised() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "organised"}}


@mistake(LINES, "every line is called a gap", "All three lines got one reading: in two of them there is no gap.")
def lines_all_gap() -> Any:
    return {"reading": {1: "empty gap", 2: "empty gap", 3: "empty gap"}}


@mistake(
    LINES, "every line is called crossing", "All three lines got one reading: one of them alone shows other digits."
)
def lines_all_cross() -> Any:
    return {"reading": {1: "crosses classes", 2: "crosses classes", 3: "crosses classes"}}
