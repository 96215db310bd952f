"""Hidden checks of `loss_by_numbers`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import SLIP, right_values

CHECKS: tuple[Check, ...] = (
    right_values("first configuration", "All three numbers of the first configuration are right.", 1, ["first_loss"]),
    right_values("second configuration", "All three numbers of the second are right.", 1, ["second_loss"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("loss_by_numbers")


@mistake("the residual is not squared", "The reconstruction loss is the residual itself; the chapter squares it.")
def loss_unsquared() -> Any:
    return {"first_loss": (0.3, 0.5, 0.8), "second_loss": (1.0, 0.0, 1.0)}


@mistake(
    "the squared error is halved",
    "There is a factor ½ before the squared error. In this chapter only the KL has one.",
    share=SLIP,
)
def loss_halved_error() -> Any:
    return {"first_loss": (0.045, 0.5, 0.545), "second_loss": (0.5, 0.0, 0.5)}


@mistake("the KL lost its one half", "The KL is twice what it should be: its factor ½ is missing.", share=SLIP)
def loss_double_kl() -> Any:
    return {"first_loss": (0.09, 1.0, 1.09), "second_loss": (1.0, 0.0, 1.0)}


@mistake("a constant is missing in the KL", "A posterior that is the prior must cost 0: the KL misses its constant.")
def loss_without_constant() -> Any:
    return {"first_loss": (0.09, 1.0, 1.09), "second_loss": (1.0, 0.5, 1.5)}


@mistake("the total leaves the KL out", "The total repeats the reconstruction loss. The KL belongs to it as well.")
def loss_total_reconstruction() -> Any:
    return {"first_loss": (0.09, 0.5, 0.09), "second_loss": (1.0, 0.0, 1.0)}


@mistake("the KL is subtracted", "The total is the difference of the two parts. Both are costs, and costs add up.")
def loss_subtracted() -> Any:
    return {"first_loss": (0.09, 0.5, 0.09 - 0.5), "second_loss": (1.0, 0.0, 1.0)}


@mistake("the KL has the wrong sign", "The KL came out below 0, which no divergence can be: its sign is turned.")
def loss_negative_kl() -> Any:
    return {"first_loss": (0.09, -0.5, -0.41), "second_loss": (1.0, 0.0, 1.0)}


@mistake("the total is the mean of the parts", "The total is half of what it should be: the parts are averaged.")
def loss_averaged() -> Any:
    return {"first_loss": (0.09, 0.5, 0.295), "second_loss": (1.0, 0.0, 0.5)}


@mistake("the KL comes first", "The numbers are in another order: first the reconstruction, then the KL.")
def loss_kl_first() -> Any:
    return {"first_loss": (0.5, 0.09, 0.59), "second_loss": (0.0, 1.0, 1.0)}


@mistake("the total comes first", "The numbers are in another order: the total comes last.")
def loss_total_first() -> Any:
    return {"first_loss": (0.59, 0.09, 0.5), "second_loss": (1.0, 1.0, 0.0)}


@mistake("the two configurations are swapped", "Each variable holds the numbers of the other configuration.")
def loss_swapped() -> Any:
    return {"first_loss": (1.0, 0.0, 1.0), "second_loss": (0.09, 0.5, 0.59)}


@mistake(
    "the input is compared with the mean",
    "The error is that between x and the embedding's mean. Compare x with its reconstruction.",
)
def loss_against_mean() -> Any:
    return {"first_loss": (4.0, 0.5, 4.5), "second_loss": (9.0, 0.0, 9.0)}


@mistake(
    "the first configuration's KL is in the second",
    "The second configuration has another mean: compute its KL anew. What does a code cost that is the prior?",
)
def loss_kept_kl() -> Any:
    return {"first_loss": (0.09, 0.5, 0.59), "second_loss": (1.0, 0.5, 1.5)}


@mistake("only the totals", "Each variable holds one number. Three are required: both parts, then their sum.")
def loss_only_totals() -> Any:
    return {"first_loss": 0.59, "second_loss": 1.0}


@mistake("the totals are missing", "Each variable holds two numbers. Their sum is required as the third.")
def loss_without_totals() -> Any:
    return {"first_loss": (0.09, 0.5), "second_loss": (1.0, 0.0)}


@mistake("the total is the product of the parts", "The parts were multiplied. Both are costs, and costs add up.")
def loss_product() -> Any:
    return {"first_loss": (0.09, 0.5, 0.045), "second_loss": (1.0, 0.0, 0.0)}


@variant
def loss_lists() -> Any:
    return {"first_loss": [0.09, 0.5, 0.59], "second_loss": [1, 0, 1]}


@variant
def loss_computed() -> Any:
    error = (3 - 2.7) ** 2
    kl = 0.5 * (1 + 1 - np.log(1) - 1)
    return {"first_loss": (error, kl, error + kl), "second_loss": ((3 - 2.0) ** 2, 0.0, 1.0)}


@variant
def loss_arrays() -> Any:
    return {"first_loss": np.array([0.09, 0.5, 0.59], np.float32), "second_loss": np.array([[1, 0, 1]])}


@variant
def loss_scalars() -> Any:
    return {"first_loss": (np.float64(0.09), np.array(0.5), np.array([0.59])), "second_loss": (np.int64(1), -0.0, 1)}


@variant
def loss_named() -> Any:
    return {
        "first_loss": {"reconstruction": 0.09, "KL": 0.5, "total": 0.59},
        "second_loss": {"total": "1.00", "kl": "0", "reconstruction": " 1.00 "},
    }


@variant
def loss_rounded() -> Any:
    return {"first_loss": (0.0900001, 0.499999, 0.594), "second_loss": (1.004, 0.0009, 1.0)}
