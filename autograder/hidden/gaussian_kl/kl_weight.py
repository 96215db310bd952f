"""Hidden checks of `kl_weight`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import hundredths
from ...checks.exercise import Answer, Call, Check
from ...checks.judges import rounded
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..values import values, with_large
from .shared import IN_PLACE

CHECKS: tuple[Check, ...] = (
    values(
        "ramp",
        "Between epoch 0 and the end of the warm-up the weight is the share of the warm-up done.",
        oracles.kl_weight,
        points=1,
        # The last one shows whether the default value is the one that is asked for.
        first=[(1.0, 4), (3.0, 4), (5.0, 20), (7.0, 10)],
        examples=st.integers(2, 30).flatmap(
            lambda warmup: st.tuples(st.integers(1, warmup - 1).map(float), st.just(warmup))
        ),
    ),
    values(
        "before, during and after",
        "Arrays of epochs: 0 before epoch 0, then the ramp, then 1.",
        oracles.kl_weight,
        points=0.75,
        first=[(np.array([-2.0, 5.0, 30.0]), 20)],
        examples=st.tuples(
            st.lists(st.integers(-20, 60).map(float), min_size=1, max_size=5).map(
                lambda epochs: np.array([*epochs, 1.0])
            ),
            st.integers(2, 30),
        ),
    ),
    values(
        "between epochs",
        "Epochs are floats: the ramp rises between two whole ones as well.",
        oracles.kl_weight,
        points=0.25,
        first=[(2.5, 4), (np.array([0.25, 1.5, 3.75]), 8), (0.5, 1), (62.5, 250)],
        examples=st.tuples(hundredths(0.05, 2.95), st.integers(3, 30)),
    ),
    values(
        "left out",
        "Unless given, the warm-up lasts 10 epochs.",
        oracles.kl_weight,
        points=0.25,
        first=[(7.0,), (np.array([-2.0, 5.0, 9.0, 30.0]),)],
    ),
    values(
        "no warm-up",
        "With warmup = 0 the weight is 1 from epoch 0 on.",
        oracles.kl_weight,
        points=0.5,
        earns=False,
        first=[(0.0, 0), (3.0, 0), (np.array([0.0, 1.0, 7.0]), 0)],
    ),
)
CHECKS = with_large(CHECKS, oracles.kl_weight, lambda draw: (draw.uniform(-5, 60, 300), 37), points=0.2)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("kl_weight")


@variant
def ramp_else(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


edited = CATALOGUE.edits("kl_weight", ramp_else)


def _curved(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the weights rise from 0 to 1 over the warm-up, and those in between do not lie on a straight line."""
    # A line that is rounded has steps, and is not curved.
    if all(rounded(answer.value, 2) for answer in answers):
        return False
    bent = False
    for call, answer in zip(calls, answers, strict=True):
        warmup = float(call.args[1]) if len(call.args) > 1 else 10.0
        epoch, weight = np.ravel(call.args[0]), np.ravel(answer.value)
        if warmup == 0:
            continue
        weight = weight[np.argsort(epoch)]
        epoch = np.sort(epoch)
        far = (epoch <= -warmup) | (epoch >= 2 * warmup + 5)
        if np.any(np.diff(weight) < -1e-6) or np.any((weight < 0) | (weight > 1)):
            return False
        if np.any(np.abs(weight - (epoch > 0))[far] > 0.02):
            return False
        inside = (epoch > 0) & (epoch < warmup) & (weight > 0.001) & (weight < 0.999)
        if inside.sum() >= 4:
            line = np.polyval(np.polyfit(epoch[inside], weight[inside], 1), epoch[inside])
            bent |= bool(np.max(np.abs(line - weight[inside])) > 0.015)
    return bent


edited(
    "the ramp is not stopped at 1",
    "After the warm-up the weight goes on growing. It must stay at 1.",
    ("np.clip(epoch / warmup, 0, 1)", "np.maximum(epoch / warmup, 0)"),
)
edited(
    "the ramp is not stopped at 0",
    "Before epoch 0 the weight is negative. It must be 0 there.",
    ("np.clip(epoch / warmup, 0, 1)", "np.minimum(epoch / warmup, 1)"),
)
edited(
    "the ramp is not stopped at either end",
    "The weight leaves [0, 1] before and after the warm-up.",
    ("np.clip(epoch / warmup, 0, 1)", "epoch / warmup + np.zeros(np.shape(epoch))"),
)
edited(
    "one epoch early",
    "The weight is already above 0 at epoch 0 and reaches 1 an epoch too soon: epochs count from 0.",
    ("epoch / warmup", "(epoch + 1) / warmup"),
)
edited(
    "one epoch too long",
    "The weight reaches 1 an epoch too late: after `warmup` epochs the ramp is over.",
    ("epoch / warmup", "epoch / (warmup + 1)"),
)
edited(
    "one epoch too short",
    "The weight reaches 1 an epoch too soon: the ramp lasts `warmup` epochs.",
    ("epoch / warmup", "epoch / (warmup - 1)"),
    ("if warmup", "if warmup > 1"),
    also=[[("epoch / warmup", "epoch / max(warmup - 1, 1)")]],
)
edited("the ramp runs backwards", "The weight falls from 1 to 0. It must rise from 0 to 1.", ("np.clip", "1 - np.clip"))
edited(
    "warmup has no effect",
    "The ramp always lasts 10 epochs, whatever warmup is.",
    ("epoch / warmup", "epoch / 10"),
    (" if warmup else np.ones(np.shape(epoch))", ""),
    also=[[("epoch / warmup", "epoch / 10")]],
)
edited(
    "a warm-up of 0 is forgotten",
    "With warmup = 0 it divides by 0. Treat that case first: without a warm-up the weight is 1 from the start.",
    ("epoch / warmup", "np.divide(epoch, warmup)"),
    (" if warmup else np.ones(np.shape(epoch))", ""),
    also=[[(" if warmup else np.ones(np.shape(epoch))", "")]],
)
edited(
    "no warm-up means weight 0",
    "With warmup = 0 the weight stays at 0. Without a warm-up it is 1 from the start.",
    ("np.ones", "np.zeros"),
)
edited(
    "whole steps instead of a ramp",
    "The weight jumps from 0 to 1. Between, it grows by the same amount each epoch: is a quotient rounded down somewhere?",
    ("epoch / warmup", "np.floor_divide(epoch, warmup)"),
)


@mistake("epoch is changed in place", "The caller's array of epochs is different after the call. Make a new array.")
def ramp_in_place(epoch: Any, warmup: Any = 10) -> Any:
    if np.ndim(epoch) == 0 or warmup == 0:
        return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))
    epoch /= warmup
    return np.clip(epoch, 0, 1, out=epoch)


@mistake(
    "warmup means something else when left out",
    "Where warmup is left out, it must mean 10 epochs.",
    tell=left_out(oracles.kl_weight),
)
def ramp_default(epoch: Any, warmup: Any = 100) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


edited(
    "warmup cannot be left out",
    "warmup has no default value. Give it one in the first line: warmup=10.",
    ("warmup: Any = 10", "warmup: Any"),
)
edited(
    "one weight for many epochs",
    "With warmup = 0 a single 1 came back for an array of epochs. Return as many as there are epochs.",
    ("np.ones(np.shape(epoch))", "1.0"),
)
edited(
    "a warm-up of 0 is only replaced",
    "Another number in the denominator avoids the division by 0, but at epoch 0 the weight is 0 then. It must be 1.",
    ("epoch / warmup", "epoch / (warmup + 1e-8)"),
    (" if warmup else np.ones(np.shape(epoch))", ""),
)
edited(
    "one epoch late",
    "The weight is still 0 at epoch 1: epochs count from 0.",
    ("epoch / warmup", "(epoch - 1) / warmup"),
)
edited(
    "the ramp begins anew",
    "After the warm-up the weight falls back to 0. It must stay at 1.",
    ("np.clip(epoch / warmup, 0, 1)", "(epoch % warmup) / warmup"),
)
edited(
    "one epoch at a time",
    "`if`, `min` and `max` take one number and fail for an array of epochs. Numpy has functions that take both.",
    ("np.clip(epoch / warmup, 0, 1)", "max(0.0, min(1.0, epoch / warmup))"),
    ("np.ones(np.shape(epoch))", "1.0"),
)
edited(
    "fractions of an epoch are cut off",
    "Between two whole epochs the weight stays where it was. Epochs are floats, and the ramp has no steps.",
    ("epoch / warmup", "np.floor(epoch) / warmup"),
)


@mistake(
    "the ramp is curved",
    "The weight rises from 0 to 1, but not in a straight line. The required warm-up is linear.",
    tell=_curved,
)
def ramp_cosine(epoch: Any, warmup: Any = 10) -> Any:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(epoch / warmup, 0, 1)) if warmup else np.ones(np.shape(epoch))


@mistake(
    "`if` asks about many epochs",
    "`if` takes one number and fails for an array of epochs. Numpy has functions for both.",
)
def ramp_if(epoch: Any, warmup: Any = 10) -> Any:
    if epoch < 0:
        return 0.0
    if warmup == 0 or epoch >= warmup:
        return 1.0
    return epoch / warmup


edited(
    "a warm-up of 1 is taken for none",
    "With warmup = 1 the weight still rises, from 0 at epoch 0 to 1 at epoch 1.",
    ("if warmup", "if warmup > 1"),
)
edited(
    "the fraction is upside down",
    "The warm-up was divided by the epoch. The weight must grow with the epoch.",
    ("epoch / warmup", "warmup / np.asarray(epoch)"),
)
edited(
    "the epoch is stopped at 1",
    "The epoch was kept between 0 and 1 before it was divided. What must stay there is the weight.",
    ("np.clip(epoch / warmup, 0, 1)", "np.clip(epoch, 0, 1) / warmup"),
)
edited(
    "a list of numbers and arrays",
    "The smallest of a list is one number, and an array of epochs fits into no list of numbers.",
    ("np.clip(epoch / warmup, 0, 1)", "np.max([0.0, np.min([1.0, epoch / warmup])])"),
)


@mistake(
    "after the warm-up the weight is 0", "Past the end of the warm-up the weight falls back to 0. It must stay at 1."
)
def ramp_falls(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch)
    if warmup == 0:
        return np.ones(epoch.shape)
    return np.where((epoch >= 0) & (epoch <= warmup), epoch / warmup, 0.0)


@mistake(
    "before epoch 0 the weight is 1",
    "Before epoch 0 the weight is 1. It must be 0 there, and begin to rise at epoch 0.",
)
def ramp_one_before(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch)
    if warmup == 0:
        return np.ones(epoch.shape)
    return np.where((epoch >= 0) & (epoch < warmup), epoch / warmup, 1.0)


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.kl_weight))
def ramp_cut_in_place(epoch: Any, warmup: Any = 10) -> Any:
    if np.ndim(epoch):
        epoch[epoch < 0] = 0
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip(epoch / warmup, 0, 1)


@variant
def ramp_clip(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones_like(np.asarray(epoch, dtype=float))
    return np.clip(epoch / warmup, 0, 1)


@variant
def ramp_minmax(epoch: Any, warmup: Any = 10) -> Any:
    if warmup <= 0:
        return 1.0 if np.ndim(epoch) == 0 else np.ones(np.shape(epoch))
    return np.minimum(1.0, np.maximum(0.0, np.asarray(epoch) / warmup))


@variant
def ramp_where(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch, dtype=float)
    return np.where(epoch >= warmup, 1.0, np.where(epoch < 0, 0.0, epoch / max(warmup, 1)))


@variant
def ramp_interp(epoch: Any, warmup: Any = 10) -> Any:
    return np.interp(epoch, [0, warmup], [0, 1]) if warmup > 0 else epoch * 0 + 1


@variant
def ramp_scalar(epoch: Any, warmup: Any = 10) -> Any:
    def one(e: Any) -> Any:
        return 1.0 if warmup == 0 else max(0.0, min(1.0, e / warmup))

    return one(epoch) if np.isscalar(epoch) else np.array([one(e) for e in np.ravel(epoch)]).reshape(np.shape(epoch))
