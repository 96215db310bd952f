"""Public checks of `active_units`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import conduct, law
from ..relations import implied


def _mask_shape(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> list[tuple[int, ...]]:
    return [(mu.shape[1],)]


def _asleep_awake(example: Any, mask: Any) -> Fault | None:
    right = np.array([False, True])
    return (
        None
        if np.array_equal(mask, right)
        else Fault(
            right, mask, 0, "Dimension 1 is the prior for every sample; dimension 2 is far from it for every sample."
        )
    )


def _columns_apart(example: Any, mask: Any, swapped: Any) -> Fault | None:
    return (
        None
        if np.array_equal(mask[::-1], swapped)
        else implied(
            "the mask before in reverse order",
            mask[::-1],
            swapped,
            1,
            "With its columns in reverse order, the mask must come in reverse order.",
        )
    )


def _reverse_columns(pair: Any) -> list[Call]:
    return [Call(pair), Call((pair[0][:, ::-1].copy(), pair[1][:, ::-1].copy()))]


_ASLEEP_AWAKE = (np.array([[0.0, 2.0], [0.0, -2.0], [0.0, 3.0]]), np.array([[1.0, 0.5], [1.0, 0.5], [1.0, 0.5]]))
_UNEVEN = (np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]), np.ones((4, 2)))
EXERCISE = Exercise(
    name="active_units",
    points=4,
    parameters=("mu", "sigma", "delta", "fraction"),
    form=answer_form.one("mask", _mask_shape, "bool"),
    read="“Exercise 6: active units”",
    checks=(
        law(
            "asleep or awake",
            "A dimension that is the prior is idle; one far from it is active.",
            _asleep_awake,
            first=[_ASLEEP_AWAKE],
        ),
        law(
            "each for itself",
            "Each dimension is judged for itself.",
            _columns_apart,
            calls=_reverse_columns,
            first=[_ASLEEP_AWAKE, _UNEVEN],
        ),
        conduct(0.5, first=[_ASLEEP_AWAKE]),
    ),
    probes=(
        Call(_ASLEEP_AWAKE),
        Call(_UNEVEN),
        Call((*_UNEVEN, 0.01, 0.25)),
        Call((np.zeros((2, 1)), np.array([[1.15], [0.87]]))),
        Call((np.full((2, 1), 0.12), np.ones((2, 1)))),
        Call((np.tril(np.ones((4, 5)), -1)[:, ::-1].copy(), np.ones((4, 5)))),
        Call((np.zeros((3, 4)), np.array([[1.0, 1.4, 1.3, 0.7], [1.0, 1.0, 1.2, 0.6], [1.0, 1.0, 1.0, 0.5]]))),
        Call((np.array([[0.12, 0.5, 0.0], [0.16, 0.0, 0.13]]), np.array([[1.0, 1.0, 1.04], [1.0, 1.0, 0.96]]))),
        Call(
            (np.array([[0.9, 0.2], [0.1, 1.6], [0.3, 0.4]]), np.array([[0.8, 1.0], [1.0, 1.1], [0.95, 1.0]]), 0.1, 0.5)
        ),
        Call((np.array([[0.0, 0.3], [0.0, 0.3]]), np.array([[1.0, 0.5], [1.0, 0.5]]), 0.4, 0.5)),
    ),
)
