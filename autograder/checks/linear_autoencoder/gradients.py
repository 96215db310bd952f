"""`loss_gradients` and `train_step`: where they vanish, how they scale, and how the two matrices' parts belong together."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import forms
from ..judging import ATOL, RTOL, close, conduct, law
from ..problem import Call, Exercise, Fault
from ..strategies import arrays, hundredths
from .maps import ENTRIES


def problems(n: int, d: int, k: int, entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    """Data (n, d), encoder (d, k) and decoder (k, d), with sizes up to the given ones."""
    sizes = st.tuples(st.integers(1, n), st.integers(1, d), st.integers(1, k))
    return sizes.flatmap(lambda size: of_size(*size, entries))


def of_size(n: int, d: int, k: int, entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    """Data (n, d), encoder (d, k) and decoder (k, d)."""
    return st.tuples(arrays((n, d), entries), arrays((d, k), entries), arrays((k, d), entries))


ORDINARY = problems(4, 4, 3)
ONE_OF_EACH = (np.array([[2.0]]), np.array([[1.0]]), np.array([[0.5]]))
TWO_SAMPLES = (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0], [0.5]]), np.array([[1.0, -1.0]]))
SQUARE = (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([[1.0, 0.5], [0.0, -1.0]]))
PERFECT = (np.array([[1.0, 0.0], [2.0, 0.0], [-4.0, 0.0]]), np.array([[1.0], [0.0]]), np.array([[1.0, 0.0]]))


def within_largest(value: Any, exact: Any) -> bool:
    """Whether every entry is right within 1e-5 of the largest entry of its array; tuples part by part."""
    if isinstance(exact, tuple):
        return all(within_largest(one, other) for one, other in zip(value, exact, strict=True))
    room = RTOL * np.max(np.abs(exact), initial=0.0) + ATOL
    return bool(np.all(np.abs(value - exact) <= room))


def _alike(call: Call, one: Any, other: Any) -> bool:
    return within_largest(other, one)


def weight_shapes(position: int) -> forms.Shapes:
    """The shape of the weights at this place among the arguments."""
    return lambda *args: [args[position].shape]


def _vanish(example: Any, gradients: Any) -> Fault | None:
    zeros = tuple(np.zeros(part.shape) for part in gradients)
    return (
        None
        if close(gradients, zeros)
        else Fault(zeros, gradients, 0, "The reconstruction is perfect here: nothing to gain.")
    )


def _balance(W_enc: Any, W_dec: Any, enc: Any, dec: Any) -> bool:
    """The loss sees only the product of the weights; what trades one matrix for the other must change nothing."""
    left, right = W_enc.T @ enc, dec @ W_dec.T
    room = np.max(np.abs(W_enc).T @ np.abs(enc) + np.abs(dec) @ np.abs(W_dec).T)
    return bool(np.all(np.abs(left - right) <= 1e-5 * room + 1e-5))


def _belong_together(example: Any, gradients: Any) -> Fault | None:
    _, W_enc, W_dec = example
    if _balance(W_enc, W_dec, *gradients):
        return None
    left, right = W_enc.T @ gradients[0], gradients[1] @ W_dec.T
    return Fault(
        left, right, 0, "Expected is W_enc.T @ dW_enc, returned is dW_dec @ W_dec.T, both from your gradients."
    )


def _quadratic(example: Any, once: Any, thrice: Any) -> Fault | None:
    right = tuple(9 * part for part in once)
    note = "The data became 3 times as large, the gradients must become 9 times as large."
    return None if within_largest(thrice, right) else Fault(right, thrice, 1, note)


def _averaged(example: Any, once: Any, copies: Any) -> Fault | None:
    note = "Every sample is there 3 times now; an average does not change by that."
    return None if within_largest(copies, once) else Fault(once, copies, 1, note)


def _thrice(example: Any) -> list[Call]:
    return [Call(example), Call((3 * example[0], *example[1:]))]


def _copies(example: Any) -> list[Call]:
    return [Call(example), Call((np.concatenate([example[0]] * 3), *example[1:]))]


_PROBE_DATA = (
    (np.array([[0.7, -1.3], [0.4, 0.9]]), np.array([[0.6, -0.3], [0.9, 0.5]]), np.array([[1.1, -0.4], [0.3, 0.8]])),
    (np.array([[0.3, -0.6, 1.2], [1.4, 0.2, -0.9]]), np.array([[0.5], [-0.7], [0.8]]), np.array([[0.9, 0.2, -0.6]])),
    (
        np.array([[1.1, 0.3], [-0.2, 0.8], [0.5, -1.7]]),
        np.array([[0.4, -0.9, 0.3], [0.7, 0.2, -1.2]]),
        np.array([[0.8, -0.1], [0.6, 1.3], [-0.5, 0.9]]),
    ),
)

LOSS_GRADIENTS = Exercise(
    name="loss_gradients",
    points=6,
    parameters=("X", "W_enc", "W_dec"),
    form=forms.Form((forms.Part("dW_enc", weight_shapes(1)), forms.Part("dW_dec", weight_shapes(2)))),
    read="“Exercise 4: the gradients”",
    checks=(
        law("nothing to gain", "Where the reconstruction is perfect, both gradients are 0.", _vanish, first=[PERFECT]),
        law(
            "belong together",
            "W_enc.T @ dW_enc equals dW_dec @ W_dec.T, because the loss depends on W_enc @ W_dec alone.",
            _belong_together,
            first=[ONE_OF_EACH, TWO_SAMPLES, SQUARE],
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
        conduct(0.5, first=[TWO_SAMPLES, SQUARE], examples=ORDINARY),
    ),
    probes=tuple(map(Call, (*_PROBE_DATA, (np.full((1, 1), 8.0), np.full((1, 1), 9.0), np.full((1, 1), 3.0))))),
    alike=_alike,
)


def _stays(example: Any, weights: Any) -> Fault | None:
    held = example[1:3]
    return None if close(weights, held) else Fault(held, weights, 0, "There is no step to take here.")


def _in_proportion(example: Any, once: Any, twice: Any) -> Fault | None:
    right = tuple(2 * after - before for after, before in zip(once, example[1:3], strict=True))
    note = "With twice the learning rate, both matrices must move twice as far."
    return None if within_largest(twice, right) else Fault(right, twice, 1, note)


def _steps_together(example: Any, weights: Any) -> Fault | None:
    _, W_enc, W_dec, _ = example
    enc, dec = weights[0] - W_enc, weights[1] - W_dec
    if _balance(W_enc, W_dec, enc, dec):
        return None
    note = (
        "Expected is W_enc.T @ (step of W_enc), returned is (step of W_dec) @ W_dec.T, both from your weights: "
        "the two steps do not belong to the same weights."
    )
    return Fault(W_enc.T @ enc, dec @ W_dec.T, 0, note)


def _twice_the_rate(example: Any) -> list[Call]:
    return [Call(example), Call((*example[:3], 2 * example[3]))]


RATES = hundredths(0.01, 0.3)
STEPS = st.tuples(ORDINARY, RATES).map(lambda drawn: (*drawn[0], drawn[1]))

TRAIN_STEP = Exercise(
    name="train_step",
    points=3,
    parameters=("X", "W_enc", "W_dec", "learning_rate"),
    form=forms.Form((forms.Part("W_enc", weight_shapes(1)), forms.Part("W_dec", weight_shapes(2)))),
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
            first=[(*TWO_SAMPLES, 0.1), (*SQUARE, 0.1)],
            examples=STEPS,
            count=6,
        ),
        law(
            "steps belong together",
            "Both steps are taken from the weights that came in.",
            _steps_together,
            first=[(*TWO_SAMPLES, 0.1), (*SQUARE, 0.1)],
            examples=STEPS,
            count=6,
        ),
        conduct(0.25, first=[(*TWO_SAMPLES, 0.1), (*SQUARE, 0.1)], examples=STEPS),
    ),
    probes=tuple(Call((*data, rate)) for data, rate in zip(_PROBE_DATA, (0.1, 0.3, 0.05), strict=True)),
)
