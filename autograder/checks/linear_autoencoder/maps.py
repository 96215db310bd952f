"""The laws of a product of two matrices, which `encode` and `decode` share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ..examples import arrays
from ..exercise import Call, Check, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import ENTRIES

SQUARE = (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0], [0.5, 2.0]]))
TALL = (np.array([[1.0, 0.0], [0.5, 2.0], [-1.0, 1.0]]), np.array([[1.0], [-2.0]]))


_TIMES = "-3 times the answer before"


def factors(rows: int, inner: int, columns: int) -> st.SearchStrategy[Any]:
    """A matrix (n, inner) and weights (inner, columns), with sizes up to the given ones."""
    sizes = st.tuples(st.integers(1, rows), st.integers(1, inner), st.integers(1, columns))
    return sizes.flatmap(lambda size: st.tuples(arrays(size[:2], ENTRIES), arrays(size[1:], ENTRIES)))


FACTORS = factors(4, 4, 3)


def product_shape(left: Any, right: Any) -> list[tuple[int, ...]]:
    """One row a sample, one column for each column of the weights."""
    return [(left.shape[0], right.shape[1])]


def _zero(example: Any, out: Any) -> Fault | None:
    return None if close(out, np.zeros(out.shape)) else Fault(np.zeros(out.shape), out)


def _as_it_came(example: Any, out: Any) -> Fault | None:
    return None if close(out, example[0]) else Fault(example[0], out, 0, "The weights are the identity matrix here.")


def _in_proportion(example: Any, once: Any, left: Any, right: Any) -> Fault | None:
    if not close(left, -3 * once):
        return implied(
            _TIMES, -3 * once, left, 1, "The first argument became -3 times what it was, so must the answer."
        )
    if not close(right, -3 * once):
        return implied(_TIMES, -3 * once, right, 2, "The weights became -3 times what they were, so must the answer.")
    return None


def _row_by_row(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.concatenate(alone)
    words = "the rows that come out one sample at a time"
    return None if close(together, apart) else implied(words, apart, together)


def _rows_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][i : i + 1].copy(), pair[1])) for i in range(len(pair[0]))]]


def _tripled(pair: Any) -> list[Call]:
    return [Call(pair), Call((-3 * pair[0], pair[1])), Call((pair[0], -3 * pair[1]))]


_CONDUCT = (
    "a product written into X shows elsewhere too, where shapes differ; other changes of the arguments would not."
)


def laws(data: str) -> tuple[Check, ...]:
    """The laws of a product of two matrices; `data` names the left one."""
    identity = (np.array([[1.0, 2.0], [3.0, 4.0], [0.5, -1.0]]), np.eye(2))
    return (
        law(
            "nothing from nothing",
            f"Where `{data}` is 0, the answer is 0.",
            _zero,
            first=[(np.zeros((2, 2)), SQUARE[1])],
        ),
        law(
            "identity",
            f"With the identity matrix as weights, `{data}` comes back as it is.",
            _as_it_came,
            first=[identity],
        ),
        law(
            "in proportion",
            "The answer grows in proportion to either argument.",
            _in_proportion,
            calls=_tripled,
            first=[SQUARE, TALL],
            examples=FACTORS,
            count=6,
        ),
        law(
            "samples apart",
            "A sample's row does not depend on the other samples.",
            _row_by_row,
            calls=_rows_alone,
            first=[SQUARE, TALL],
            examples=FACTORS,
            count=6,
        ),
        replace(conduct(0.25, first=[SQUARE, TALL], examples=FACTORS), why=_CONDUCT),
    )


PROBES = (
    Call((np.array([[0.7, -1.3], [0.4, 2.1]]), np.array([[1.6, -0.3], [0.9, 0.6]]))),
    Call((np.array([[1.1, 0.3], [-0.2, 0.8], [0.5, -1.7]]), np.array([[0.6], [-1.9]]))),
    Call((np.array([[0.3, -0.6, 1.2], [1.4, 0.2, -0.9]]), np.array([[0.5, 1.3], [-0.7, 0.1], [0.8, -1.1]]))),
    Call((np.array([[0.9, -0.4], [-1.2, 0.7]]), np.array([[0.2, -1.4, 0.6], [1.1, 0.3, -0.8]]))),
)
