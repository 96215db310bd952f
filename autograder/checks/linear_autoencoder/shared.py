"""What several exercises of linear_autoencoder are asked about, and laws that hold in several."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays, hundredths
from ..exercise import Fault
from ..judges import ATOL, RTOL, close
from ..relations import implied

ENTRIES = hundredths(-2, 2)


def alike(note: str) -> Any:
    """A judge: all answers must equal the first; `note` says why."""

    def broken(example: Any, once: Any, *others: Any) -> Fault | None:
        for position, other in enumerate(others, start=1):
            # Two answers are compared, each with a rounding of its own.
            if not close(other, once, rtol=2e-5, atol=4e-6):
                return implied("the same answer as before", once, other, position, note)
        return None

    return broken


def problems(n: int, d: int, k: int, entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    """Data (n, d), encoder (d, k) and decoder (k, d), with sizes up to the given ones."""
    sizes = st.tuples(st.integers(1, n), st.integers(1, d), st.integers(1, k))
    return sizes.flatmap(lambda size: of_size(*size, entries))


def of_size(n: int, d: int, k: int, entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    """Data (n, d), encoder (d, k) and decoder (k, d)."""
    return st.tuples(arrays((n, d), entries), arrays((d, k), entries), arrays((k, d), entries))


ORDINARY = problems(4, 4, 3)
TWO_SAMPLES = (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0], [0.5]]), np.array([[1.0, -1.0]]))
SQUARE_PROBLEM = (
    np.array([[1.0, 2.0], [0.0, 1.0]]),
    np.array([[1.0, -1.0], [0.5, 2.0]]),
    np.array([[1.0, 0.5], [0.0, -1.0]]),
)
PERFECT = (np.array([[1.0, 0.0], [2.0, 0.0], [-4.0, 0.0]]), np.array([[1.0], [0.0]]), np.array([[1.0, 0.0]]))


def within_largest(value: Any, exact: Any) -> bool:
    """Whether every entry is right within 1e-5 of the largest entry of its array; tuples part by part."""
    if isinstance(exact, tuple):
        return all(within_largest(one, other) for one, other in zip(value, exact, strict=True))
    room = RTOL * np.max(np.abs(exact), initial=0.0) + ATOL
    return bool(np.all(np.abs(value - exact) <= room))


def weight_shapes(position: int) -> answer_form.Shapes:
    """The shape of the weights at this place among the arguments."""
    return lambda *args: [args[position].shape]


def balance(W_enc: Any, W_dec: Any, enc: Any, dec: Any) -> bool:
    """The loss sees only the product of the weights; what trades one matrix for the other must change nothing."""
    left, right = W_enc.T @ enc, dec @ W_dec.T
    room = np.max(np.abs(W_enc).T @ np.abs(enc) + np.abs(dec) @ np.abs(W_dec).T)
    return bool(np.all(np.abs(left - right) <= 1e-5 * room + 1e-5))


FOUR_SAMPLES = (
    np.array([[0.4, 1.1], [-0.9, 0.6], [1.7, -0.2], [0.3, -1.4]]),
    np.array([[0.7, -0.2], [0.4, 1.1]]),
    np.array([[0.5, 0.8], [-0.6, 0.9]]),
)
PROBE_DATA = (
    (np.array([[0.7, -1.3], [0.4, 0.9]]), np.array([[0.6, -0.3], [0.9, 0.5]]), np.array([[1.1, -0.4], [0.3, 0.8]])),
    (np.array([[0.3, -0.6, 1.2], [1.4, 0.2, -0.9]]), np.array([[0.5], [-0.7], [0.8]]), np.array([[0.9, 0.2, -0.6]])),
    (
        np.array([[1.1, 0.3], [-0.2, 0.8], [0.5, -1.7]]),
        np.array([[0.4, -0.9, 0.3], [0.7, 0.2, -1.2]]),
        np.array([[0.8, -0.1], [0.6, 1.3], [-0.5, 0.9]]),
    ),
)
