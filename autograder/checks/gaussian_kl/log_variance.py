"""Laws of the KL divergence computed from log variances."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import forms
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault
from .shared import LOG_VARS, at_least_zero, zero_at_prior


def _rows(mu: Any, log_var: Any) -> list[tuple[int, ...]]:
    return [(len(mu),)]


def _rows_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][i : i + 1], pair[1][i : i + 1])) for i in range(len(pair[0]))]]


def _row_by_row(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.concatenate(alone)
    return (
        None
        if close(together, apart)
        else Fault(apart, together, 0, "Asked one sample at a time, it gives the expected numbers.")
    )


def _dimensions_add(example: Any, together: Any, *columns: Any) -> Fault | None:
    total = np.sum(columns, axis=0)
    return (
        None
        if close(together, total)
        else Fault(total, together, 0, "Asked one dimension at a time, the parts add up to the expected numbers.")
    )


def _columns_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][:, j : j + 1], pair[1][:, j : j + 1])) for j in range(pair[0].shape[1])]]


def _to_nine_digits(call: Call, kl: Any, other: Any) -> bool:
    return close(other, kl, rtol=1e-9, atol=1e-12)


_TWO_ROWS = (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 1.0]]))

KL_FROM_LOG_VAR = Exercise(
    name="kl_from_log_var",
    points=6,
    parameters=("mu", "log_var"),
    form=forms.one("kl", _rows),
    read="“Exercise 3: from the log-variance, in all dimensions”",
    checks=(
        law(
            "zero at the prior",
            "At mu = 0, log_var = 0 the KL is 0.",
            zero_at_prior,
            first=[(np.zeros((1, 1)), np.zeros((1, 1))), (np.zeros((2, 3)), np.zeros((2, 3)))],
        ),
        law(
            "one number a sample",
            "A sample's KL does not depend on the other samples.",
            _row_by_row,
            calls=_rows_alone,
            first=[_TWO_ROWS],
            examples=LOG_VARS,
        ),
        law(
            "dimensions add up",
            "The KL of a sample is the sum over its dimensions.",
            _dimensions_add,
            calls=_columns_alone,
            first=[_TWO_ROWS],
            examples=LOG_VARS,
        ),
        law("never negative", "A KL divergence is at least 0.", at_least_zero, first=[_TWO_ROWS], examples=LOG_VARS),
        conduct(0.5, first=[_TWO_ROWS], examples=LOG_VARS),
    ),
    probes=(
        Call((np.array([[1.0]]), np.array([[1.0]]))),
        Call((np.array([[0.7, -1.3, 0.2], [0.0, 2.1, -0.4]]), np.array([[0.9, -1.8, 0.3], [-0.4, 1.1, -3.0]]))),
        Call((np.array([[0.3, -0.6]]), np.array([[-800.0, 1.5]]))),
        Call((np.array([[1.5], [0.5]]), np.array([[80.0], [-45.0]]))),
        Call((np.array([[40.0, -0.5]]), np.array([[-12.0, 0.25]]))),
    ),
    alike=_to_nine_digits,
)
