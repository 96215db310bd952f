"""Public checks of `train_step`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import hundredths
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import (
    FOUR_SAMPLES,
    ORDINARY,
    PERFECT,
    PROBE_DATA,
    SQUARE_PROBLEM,
    TWO_SAMPLES,
    balance,
    weight_shapes,
    within_largest,
)


def _stays(example: Any, weights: Any) -> Fault | None:
    held = example[1:3]
    return None if close(weights, held) else Fault(held, weights, 0, "There is no step to take here.")


def _in_proportion(example: Any, once: Any, twice: Any) -> Fault | None:
    right = tuple(2 * after - before for after, before in zip(once, example[1:3], strict=True))
    note = "With twice the learning rate, both matrices must move twice as far."
    return None if within_largest(twice, right) else implied("steps twice as long as before", right, twice, 1, note)


def _steps_together(example: Any, weights: Any) -> Fault | None:
    _, W_enc, W_dec, _ = example
    enc, dec = weights[0] - W_enc, weights[1] - W_dec
    if balance(W_enc, W_dec, enc, dec):
        return None
    off = float(np.max(np.abs(W_enc.T @ enc - dec @ W_dec.T)))
    note = (
        f"Going by your own weights, W_enc.T @ (step of W_enc) and (step of W_dec) @ W_dec.T differ by up to {off:.4g}: "
        "the two steps do not belong to the same weights."
    )
    return Fault("two steps from the weights that came in", weights, 0, note, relates=True)


def _twice_the_rate(example: Any) -> list[Call]:
    return [Call(example), Call((*example[:3], 2 * example[3]))]


RATES = hundredths(0.01, 0.3)
STEPS = st.tuples(ORDINARY, RATES).map(lambda drawn: (*drawn[0], drawn[1]))
EXERCISE = Exercise(
    name="train_step",
    points=3,
    parameters=("X", "W_enc", "W_dec", "learning_rate"),
    form=answer_form.Form((answer_form.Part("W_enc", weight_shapes(1)), answer_form.Part("W_dec", weight_shapes(2)))),
    read="“Exercise 5: one step”",
    checks=(
        law(
            "no step",
            "With learning rate 0, or where the reconstruction is perfect, the weights stay.",
            _stays,
            first=[(*TWO_SAMPLES, 0.0), (*PERFECT, 0.1)],
        ),
        law(
            "in proportion",
            "Twice the learning rate moves the weights twice as far.",
            _in_proportion,
            calls=_twice_the_rate,
            first=[(*TWO_SAMPLES, 0.1), (*SQUARE_PROBLEM, 0.1)],
            examples=STEPS,
            count=6,
        ),
        law(
            "steps belong together",
            "Both steps are taken from the weights that came in.",
            _steps_together,
            first=[(*TWO_SAMPLES, 0.1), (*SQUARE_PROBLEM, 0.1)],
            examples=STEPS,
            count=6,
        ),
        conduct(0.25, first=[(*TWO_SAMPLES, 0.1), (*SQUARE_PROBLEM, 0.1)], examples=STEPS),
    ),
    probes=tuple(
        Call((*data, rate)) for data, rate in zip((*PROBE_DATA, FOUR_SAMPLES), (0.1, 0.3, 0.05, 0.2), strict=True)
    ),
)
