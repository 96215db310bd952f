"""Public checks of `kl_from_log_var`: its form, its laws, its probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays, hundredths, shapes
from ..exercise import Answer, Call, Exercise, Fault, Tolerance
from ..judges import close, conduct, law, within
from ..relations import adding_up, implied
from .shared import SHIFTS, at_least_zero, zero_at_prior

LOG_VARS = shapes(2, 3).flatmap(lambda shape: st.tuples(arrays(shape, SHIFTS), arrays(shape, hundredths(-4, 2))))


def _rows(mu: Any, log_var: Any) -> list[tuple[int, ...]]:
    return [(len(mu),)]


def _rows_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][i : i + 1], pair[1][i : i + 1])) for i in range(len(pair[0]))]]


def _row_by_row(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.concatenate(alone)
    return (
        None if close(together, apart) else implied("the numbers that come out one sample at a time", apart, together)
    )


def _dimensions_add(example: Any, together: Any, *columns: Any) -> Fault | None:
    total = np.sum(columns, axis=0)
    return (
        None
        if close(together, total)
        else adding_up("the sum over the single dimensions", "dimension", columns, together)
    )


def _columns_alone(pair: Any) -> list[Call]:
    return [Call(pair), *[Call((pair[0][:, j : j + 1], pair[1][:, j : j + 1])) for j in range(pair[0].shape[1])]]


NINE_DIGITS = Tolerance(1e-9, 1e-12)


def _to_nine_digits(call: Call, kl: Any, other: Any) -> bool:
    return within(NINE_DIGITS, other, kl)


_TWO_ROWS = (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 1.0]]))


def _logarithm_of_log_var(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
    """The name of the mistake where just those samples have no finite KL in which log_var has no logarithm."""
    without = [np.any(call.args[1] <= 0, axis=1) for call in calls]
    lost = [~np.isfinite(np.asarray(answer.value, dtype=float)) for answer in answers]
    alike = all(np.array_equal(one, other) for one, other in zip(without, lost, strict=True))
    return "the logarithm of log_var" if alike and not all(map(np.all, without)) else ""


EXERCISE = Exercise(
    name="kl_from_log_var",
    points=5,
    parameters=("mu", "log_var"),
    form=answer_form.one("kl", _rows),
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
    tolerance=NINE_DIGITS,
    betrays=_logarithm_of_log_var,
)
