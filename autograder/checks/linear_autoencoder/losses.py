"""`reconstruction_loss` and `pca_reconstruction_loss`: how they scale, add up, and what leaves them alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import forms
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault
from ..strategies import arrays, shapes
from .maps import ENTRIES

TWINS = shapes(2, 4).flatmap(lambda shape: st.tuples(arrays(shape, ENTRIES), arrays(shape, ENTRIES)))
TWO_ROWS = (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [0.0, 4.0]]))


def _alike(note: str) -> Any:
    def broken(example: Any, once: Any, *others: Any) -> Fault | None:
        for position, other in enumerate(others, start=1):
            # Two answers are compared, each with a rounding of its own.
            if not close(other, once, rtol=2e-5, atol=4e-6):
                return Fault(once, other, position, note)
        return None

    return broken


def _nothing_lost(example: Any, loss: Any) -> Fault | None:
    return None if close(loss, np.zeros(())) else Fault(0.0, loss)


def _positive(example: Any, loss: Any) -> Fault | None:
    return None if loss > 0 else Fault("more than 0: the reconstruction is not perfect", loss)


def _quadratic(example: Any, once: Any, thrice: Any) -> Fault | None:
    note = "All errors became 3 times as large, the loss must become 9 times as large."
    return None if close(thrice, 9 * once) else Fault(9 * once, thrice, 1, note)


def _adds_up(example: Any, together: Any, *columns: Any) -> Fault | None:
    total = np.sum(columns, axis=0)
    note = "Asked one dimension at a time, the losses add up to the expected number."
    return None if close(together, total) else Fault(total, together, 0, note)


def _columns_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][:, [j]], pair[1][:, [j]])) for j in range(pair[0].shape[1])]]


def _thrice(pair: Any) -> list[Call]:
    return [Call(pair), Call((3 * pair[0], 3 * pair[1]))]


def _copies(pair: Any) -> list[Call]:
    return [Call(pair), Call((np.concatenate([pair[0]] * 3), np.concatenate([pair[1]] * 3)))]


def _shift_swap(pair: Any) -> list[Call]:
    return [Call(pair), Call((pair[0] + 1, pair[1] + 1)), Call((pair[1], pair[0]))]


RECONSTRUCTION_LOSS = Exercise(
    name="reconstruction_loss",
    points=3,
    parameters=("X", "X_hat"),
    form=forms.Form((forms.number("loss"),)),
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
            _alike("Every sample is there 3 times now; an average does not change by that."),
            calls=_copies,
            first=[TWO_ROWS],
            examples=TWINS,
            count=6,
        ),
        law(
            "only the difference",
            "Shifting both, or swapping the two, changes nothing.",
            _alike("Both were shifted by 1, or swapped: the errors are as large as before."),
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


def _falls(example: Any, *losses: Any) -> Fault | None:
    for k, (fewer, more) in enumerate(pairwise(losses), start=1):
        if more > fewer * (1 + 1e-5) + 1e-6 or more < -1e-6:
            return Fault("no more than with k one smaller, and at least 0", more, k)
    if not close(losses[-1], np.zeros(())):
        return Fault(0.0, losses[-1], len(losses) - 1, "With k = d nothing is lost.")
    return None


def _all_k(example: Any) -> list[Call]:
    return [Call((example[0], k)) for k in range(example[0].shape[1] + 1)]


def _turned(example: Any) -> list[Call]:
    X, k = example
    return [Call(example), Call((X[:, ::-1].copy(), k)), Call((-X, k)), Call((X[::-1].copy(), k))]


def _shifted(example: Any) -> list[Call]:
    X, k = example
    return [Call(example), Call((X + np.arange(1.0, X.shape[1] + 1), k))]


def _repeated(example: Any) -> list[Call]:
    return [Call(example), Call((np.concatenate([example[0]] * 3), example[1]))]


CLOUDS = st.tuples(st.integers(3, 6), st.integers(2, 4)).flatmap(
    lambda shape: st.tuples(arrays(shape, ENTRIES), st.integers(0, shape[1]))
)
_TRIANGLE = (np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 3.0]]), 1)

PCA_RECONSTRUCTION_LOSS = Exercise(
    name="pca_reconstruction_loss",
    points=3,
    parameters=("X", "k"),
    form=forms.Form((forms.number("loss"),)),
    read="“Exercise 7: what the best possible would be”",
    checks=(
        law(
            "falls with k",
            "More dimensions never lose more, and with k = d nothing is lost.",
            _falls,
            calls=_all_k,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=4,
        ),
        law(
            "wherever the cloud lies",
            "Shifting all samples by the same vector changes nothing.",
            _alike("All samples were shifted by the same vector."),
            calls=_shifted,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        law(
            "however it is turned",
            "Mirroring the data, or reordering columns or samples, changes nothing.",
            _alike("The cloud has the same form as before."),
            calls=_turned,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        law(
            "samples averaged",
            "The same samples three times over give the same loss.",
            _alike("Every sample is there 3 times now; an average does not change by that."),
            calls=_repeated,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        conduct(0.25, first=[_TRIANGLE], examples=CLOUDS),
    ),
    probes=(
        Call(
            (
                np.array(
                    [
                        [0.7, 2.3, 1.1],
                        [1.9, 0.4, 1.6],
                        [0.2, 1.5, 3.3],
                        [2.8, 3.1, 0.5],
                        [1.3, 0.9, 2.0],
                        [0.6, 2.7, 1.4],
                    ]
                ),
                1,
            )
        ),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 1)),
        Call(
            (
                np.array(
                    [
                        [0.5, 1.4, -0.3, 0.8],
                        [1.6, -0.7, 0.9, 0.1],
                        [0.2, 0.6, 1.8, -1.2],
                        [-0.4, 1.1, 0.7, 2.0],
                        [1.3, 0.9, -0.8, 0.6],
                    ]
                ),
                2,
            )
        ),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 0)),
    ),
)
