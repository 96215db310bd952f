"""Hidden checks of a product of two matrices, which `encode` and `decode` share."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays
from ...checks.exercise import Check
from ...checks.linear_autoencoder.maps import SQUARE, TALL
from ...checks.linear_autoencoder.shared import ENTRIES
from ..values import values, with_large
from .shared import WHOLE


def _sizes(*sizes: tuple[int, int, int], entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    return st.one_of(*[st.tuples(arrays((n, d), entries), arrays((d, k), entries)) for n, d, k in sizes])


def _product(left: Any, right: Any) -> Any:
    return np.einsum("ij,jk->ik", left.astype(np.longdouble), right.astype(np.longdouble)).astype(np.float64)


def checks(name: str, of: str) -> tuple[Check, ...]:
    """The checks of a product, of which `name` is the result and `of` the left factor."""
    one_row = (np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0], [0.5, -1.0], [2.0, 0.5]]))
    small = (np.array([[0.02, 0.03], [-0.01, 0.05], [0.04, 0.01]]), np.array([[0.1, -0.04], [0.05, 0.08]]))
    large = (np.array([[10.0, 9.0], [-7.0, 10.0]]), np.array([[9.0, -6.0, 8.0], [10.0, 8.0, -9.0]]))
    known = (
        values(
            "ordinary inputs",
            f"{name} is right for every sample, within 1e-5 relative.",
            _product,
            points=0.5,
            first=[SQUARE],
            # Without a size of 1: an axis dropped there is a slip of shape, and costs the other shapes alone.
            examples=_sizes((2, 2, 2), (2, 4, 3), (3, 2, 2), (4, 3, 3)),
        ),
        values(
            "small and large values",
            "So it is for numbers well below 0.01 and far above 100.",
            _product,
            points=0.1,
            first=[small, large],
            examples=_sizes((2, 3, 4), (3, 4, 2), entries=WHOLE),
        ),
        values(
            "other shapes",
            f"A single sample, a single column of {of}, and weights wider than high are no special cases.",
            _product,
            points=0.15,
            first=[TALL, one_row],
            examples=_sizes((1, 3, 2), (4, 1, 3), (3, 4, 1), (2, 2, 5), (6, 5, 3), (3, 3, 3)),
        ),
    )
    return with_large(
        known, _product, lambda draw: (draw.uniform(-2, 2, (130, 12)), draw.uniform(-1, 1, (12, 11))), points=0.1
    )
