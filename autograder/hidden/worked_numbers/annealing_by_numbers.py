"""Hidden checks of `annealing_by_numbers`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ...checks.worked_numbers.variable_types import Number
from ..mistakes.catalogue import Catalogue
from .shared import right_part, right_values

_NUMBER = Number()

CHECKS: tuple[Check, ...] = (
    right_values("during the ramp", "The losses at epochs 1 and 5 are right.", 0.75, ["annealed_loss"], [1.0, 5.0]),
    right_part(
        "past the ramp",
        "The losses at epochs 10 and 20 are right, and not those of epoch 1.",
        0.5,
        "annealed_loss",
        lambda given, right: (
            _NUMBER.near(given[10.0], right[10.0])
            and _NUMBER.near(given[20.0], right[20.0])
            and not _NUMBER.near(given[1.0], right[10.0])
        ),
        [1.0, 10.0, 20.0],
    ),
    right_values("crossover", "The crossover is right within 2 %.", 0.75, ["crossover_epoch"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("annealing_by_numbers")


@mistake("the ramp is not clamped", "After the end of the ramp the weight goes on growing. It stays at 1 from there.")
def annealing_unclamped() -> Any:
    return {"annealed_loss": {t: 0.4 + t / 10 * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake("the ramp takes 20 epochs", "The weight reaches 1 too late: the ramp is ten epochs long.")
def annealing_twenty() -> Any:
    return {"annealed_loss": {t: 0.4 + t / 20 * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 20 / 3}


@mistake(
    "no annealing at all",
    "At every epoch the KL has its full weight. Asked for is the ramp, and what it spares in the first epochs.",
)
def annealing_without() -> Any:
    return {"annealed_loss": {1: 1.6, 5: 1.6, 10: 1.6, 20: 1.6}, "crossover_epoch": 10 / 3}


@mistake("the reconstruction loss is left out", "These are the weighted KLs alone, without the other term.")
def annealing_only_kl() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake("the ramp weights the reconstruction", "The weight is at the reconstruction. It belongs to the KL.")
def annealing_other_term() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 0.4 + 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake("the ramp runs backwards", "The weight falls from 1 to 0. Annealing begins without the KL.")
def annealing_backwards() -> Any:
    return {"annealed_loss": {t: 0.4 + max(1 - t / 10, 0) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 20 / 3}


@mistake("a step instead of a ramp", "The KL is switched on at once at the end. Its weight grows from epoch to epoch.")
def annealing_step() -> Any:
    return {"annealed_loss": {1: 0.4, 5: 0.4, 10: 1.6, 20: 1.6}, "crossover_epoch": 10}


@mistake("the ramp starts one epoch late", "Each weight is that of the epoch before: the weight is 0 at epoch 0.")
def annealing_late() -> Any:
    return {"annealed_loss": {t: 0.4 + min((t - 1) / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 13 / 3}


@mistake("the ramp starts one epoch early", "Each weight is that of the epoch after: the weight is 0 at epoch 0.")
def annealing_early() -> Any:
    return {"annealed_loss": {t: 0.4 + min((t + 1) / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 7 / 3}


@mistake(
    "the crossover is the whole epoch before",
    "The chapter says “around epoch 3”, but there the weighted KL is still the smaller one. Solve for the epoch, with decimals.",
)
def annealing_three() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 3}


@mistake(
    "the crossover is the whole epoch after",
    "That is the first whole epoch after the crossover. Required is the point where the two are equal, with decimals.",
)
def annealing_four() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 4}


@mistake(
    "the crossover is given as a weight",
    "That is the weight at which the two are equal. Asked for is the epoch that has this weight.",
)
def annealing_weight() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 1 / 3}


@mistake("the ramp weights both terms", "The whole loss was weighted. Only the KL has the weight.")
def annealing_both_terms() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 1.6 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake("the weights instead of the losses", "These are the weights β(t). Put each of them into the loss.")
def annealing_weights() -> Any:
    return {"annealed_loss": {1: 0.1, 5: 0.5, 10: 1.0, 20: 1.0}, "crossover_epoch": 10 / 3}


@mistake(
    "the larger of the two instead of the smaller",
    "The weight is the smaller one of t / 10 and 1, so that it begins at 0 and never exceeds 1.",
)
def annealing_largest() -> Any:
    return {"annealed_loss": {t: 0.4 + max(t / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(
    "the epoch itself is the weight",
    "The epoch was not divided by the length of the ramp, so that the weight is 1 at the first epoch already.",
)
def annealing_undivided() -> Any:
    return {"annealed_loss": {t: 0.4 + t * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 1 / 3}


@mistake(
    "the crossover is upside down",
    "The two terms were divided the wrong way round: past the end of the ramp the weight does not grow any more.",
)
def annealing_upside_down() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 30}


@mistake(
    "the middle of the ramp is taken for the crossover",
    "At half weight the KL is already the larger part. Set the weighted KL equal to the reconstruction loss, and solve.",
)
def annealing_middle() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 5}


@variant
def annealing_literal() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1, 10: 1.6, 20: 1.6}, "crossover_epoch": 3.33}


@variant
def annealing_computed() -> Any:
    return {
        "annealed_loss": {epoch: 0.4 + min(epoch / 10, 1) * 1.2 for epoch in (1, 5, 10, 20)},
        "crossover_epoch": 10 * 0.4 / 1.2,
    }


@variant
def annealing_keys_as_text() -> Any:
    return {"annealed_loss": {"1": 0.52, "5": 1.0, "10": 1.6, "20": 1.6}, "crossover_epoch": "3.3"}


@variant
def annealing_all_epochs() -> Any:
    epochs = np.arange(31)
    losses = 0.4 + np.clip(epochs / 10, 0, 1) * 1.2
    return {
        "annealed_loss": {int(t): loss for t, loss in zip(epochs, losses, strict=True)},
        "crossover_epoch": np.array(10 / 3),
    }


@variant
def annealing_float_keys() -> Any:
    return {
        "annealed_loss": {20.0: [1.6], 10.0: 1.6, 5.0: np.float32(1.0), 1.0: 0.52},
        "crossover_epoch": np.array([3.3333]),
    }


@variant
def annealing_worded_keys() -> Any:
    return {
        "annealed_loss": {"epoch 1": 0.52, "epoch 5": 1.0, "epoch 10": 1.6, "Epoch 20": 1.6},
        "crossover_epoch": 3.35,
    }
