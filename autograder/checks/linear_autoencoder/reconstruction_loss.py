"""Public checks of `reconstruction_loss`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays, shapes
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import adding_up, implied
from .shared import ENTRIES, alike

TWINS = shapes(2, 4).flatmap(lambda shape: st.tuples(arrays(shape, ENTRIES), arrays(shape, ENTRIES)))
TWO_ROWS = (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [0.0, 4.0]]))


def _nothing_lost(example: Any, loss: Any) -> Fault | None:
    return None if close(loss, np.zeros(())) else Fault(0.0, loss)


def _positive(example: Any, loss: Any) -> Fault | None:
    return None if loss > 0 else Fault("more than 0: the reconstruction is not perfect", loss)


def _quadratic(example: Any, once: Any, thrice: Any) -> Fault | None:
    note = "All errors became 3 times as large, the loss must become 9 times as large."
    return None if close(thrice, 9 * once) else implied("9 times the loss before", 9 * once, thrice, 1, note)


def _adds_up(example: Any, together: Any, *columns: Any) -> Fault | None:
    total = np.sum(columns, axis=0)
    words = "the sum of the losses of the single dimensions"
    return None if close(together, total) else adding_up(words, "dimension", columns, together)


def _columns_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][:, [j]], pair[1][:, [j]])) for j in range(pair[0].shape[1])]]


def _thrice(pair: Any) -> list[Call]:
    return [Call(pair), Call((3 * pair[0], 3 * pair[1]))]


def _copies(pair: Any) -> list[Call]:
    return [Call(pair), Call((np.concatenate([pair[0]] * 3), np.concatenate([pair[1]] * 3)))]


def _shift_swap(pair: Any) -> list[Call]:
    return [Call(pair), Call((pair[0] + 1, pair[1] + 1)), Call((pair[1], pair[0]))]


EXERCISE = Exercise(
    name="reconstruction_loss",
    points=3,
    parameters=("X", "X_hat"),
    form=answer_form.Form((answer_form.number("loss"),)),
    read="“Exercise 3: the reconstruction loss”",
    checks=(
        law("nothing lost", "A perfect reconstruction costs 0.", _nothing_lost, first=[(TWO_ROWS[0], TWO_ROWS[0])]),
        law(
            "never negative",
            "Any other reconstruction costs more than 0.",
            _positive,
            first=[TWO_ROWS, (TWO_ROWS[0], -TWO_ROWS[0])],
        ),
        law(
            "quadratic",
            "Errors 3 times as large cost 9 times as much.",
            _quadratic,
            calls=_thrice,
            first=[TWO_ROWS],
            examples=TWINS,
            count=6,
        ),
        law(
            "dimensions add up",
            "The loss is the sum of the losses of the single dimensions.",
            _adds_up,
            calls=_columns_alone,
            first=[TWO_ROWS],
            examples=TWINS,
            count=6,
        ),
        law(
            "samples averaged",
            "The same samples three times over cost the same.",
            alike("Every sample is there 3 times now; an average does not change by that."),
            calls=_copies,
            first=[TWO_ROWS],
            examples=TWINS,
            count=6,
        ),
        law(
            "only the difference",
            "Shifting both, or swapping the two, changes nothing.",
            alike("Both were shifted by 1, or swapped: the errors are as large as before."),
            calls=_shift_swap,
            first=[TWO_ROWS],
            examples=TWINS,
            count=6,
        ),
        conduct(0.25, first=[TWO_ROWS], examples=TWINS),
    ),
    probes=(
        Call((np.array([[0.7, -1.3, 0.2], [0.4, 2.1, -0.6]]), np.array([[0.1, -0.8, 1.1], [0.9, 1.7, -0.3]]))),
        Call((np.array([[0.3], [1.2], [-0.7]]), np.array([[0.8], [0.4], [-0.1]]))),
        Call(
            (
                np.array([[0.6, 0.9], [0.2, -0.4], [1.5, 0.3], [-0.5, 0.1]]),
                np.array([[0.2, 0.8], [0.7, -0.1], [1.1, 0.5], [-0.9, 0.6]]),
            )
        ),
    ),
)
