"""Public checks of `loss_gradients`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form, betrayed
from ..exercise import Call, Exercise, Fault, Tolerance
from ..judges import close, conduct, law, within
from ..relations import ONE_IS_WRONG, implied
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

TOLERANCE = Tolerance(of_largest=True)
ONE_OF_EACH = (np.array([[2.0]]), np.array([[1.0]]), np.array([[0.5]]))


def _alike(call: Call, one: Any, other: Any) -> bool:
    return within(TOLERANCE, other, one)


def _vanish(example: Any, gradients: Any) -> Fault | None:
    zeros = tuple(np.zeros(part.shape) for part in gradients)
    return (
        None
        if close(gradients, zeros)
        else Fault(zeros, gradients, 0, "The reconstruction is perfect here: nothing to gain.")
    )


def _belong_together(example: Any, gradients: Any) -> Fault | None:
    _, W_enc, W_dec = example
    if balance(W_enc, W_dec, *gradients):
        return None
    left, right = W_enc.T @ gradients[0], gradients[1] @ W_dec.T
    off = float(np.max(np.abs(left - right)))
    told = f"From your own gradients, W_enc.T @ dW_enc and dW_dec @ W_dec.T differ by up to {off:.4g}. {ONE_IS_WRONG}"
    return Fault("gradients that go together", gradients, 0, told, relates=True)


def _quadratic(example: Any, once: Any, thrice: Any) -> Fault | None:
    right = tuple(9 * part for part in once)
    note = "The data became 3 times as large, the gradients must become 9 times as large."
    return None if within_largest(thrice, right) else implied("9 times the gradients before", right, thrice, 1, note)


def _averaged(example: Any, once: Any, copies: Any) -> Fault | None:
    note = "Every sample is there 3 times now; an average does not change by that."
    return None if within_largest(copies, once) else implied("the gradients before", once, copies, 1, note)


def _thrice(example: Any) -> list[Call]:
    return [Call(example), Call((3 * example[0], *example[1:]))]


def _copies(example: Any) -> list[Call]:
    return [Call(example), Call((np.concatenate([example[0]] * 3), *example[1:]))]


EXERCISE = Exercise(
    name="loss_gradients",
    points=7,
    parameters=("X", "W_enc", "W_dec"),
    form=answer_form.Form((answer_form.Part("dW_enc", weight_shapes(1)), answer_form.Part("dW_dec", weight_shapes(2)))),
    read="“Exercise 4: the gradients”",
    checks=(
        law("nothing to gain", "Where the reconstruction is perfect, both gradients are 0.", _vanish, first=[PERFECT]),
        law(
            "belong together",
            "W_enc.T @ dW_enc equals dW_dec @ W_dec.T, because the loss depends on W_enc @ W_dec alone.",
            _belong_together,
            first=[ONE_OF_EACH, TWO_SAMPLES, SQUARE_PROBLEM],
            examples=ORDINARY,
            count=6,
        ),
        law(
            "quadratic",
            "Data 3 times as large give gradients 9 times as large.",
            _quadratic,
            calls=_thrice,
            first=[TWO_SAMPLES],
            examples=ORDINARY,
            count=6,
        ),
        law(
            "samples averaged",
            "The same samples three times over give the same gradients.",
            _averaged,
            calls=_copies,
            first=[TWO_SAMPLES],
            examples=ORDINARY,
            count=6,
        ),
        conduct(0.5, first=[TWO_SAMPLES, SQUARE_PROBLEM], examples=ORDINARY),
    ),
    probes=tuple(
        map(Call, (*PROBE_DATA, FOUR_SAMPLES, (np.full((1, 1), 8.0), np.full((1, 1), 9.0), np.full((1, 1), 3.0))))
    ),
    alike=_alike,
    tolerance=TOLERANCE,
    betrays=betrayed.other_order({"the two gradients are swapped": (1, 0)}),
)
