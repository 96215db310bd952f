"""Public checks of `reparameterise_backward`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form, betrayed
from ..examples import arrays, shapes
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import LOG_VARS, MEANS, NOISE, PAIR, ROWS, each_alone

GRADIENTS = st.one_of(shapes(1, 4), shapes(2, 3), shapes(3, 2)).flatmap(
    lambda s: st.tuples(arrays(s, MEANS), arrays(s, LOG_VARS), arrays(s, NOISE))
)


def _own_shape(dz: Any, log_var: Any, eps: Any) -> list[tuple[int, ...]]:
    return [np.shape(dz)]


def _linear(example: Any, once: Any, twice: Any, other: Any, both: Any) -> Fault | None:
    for name, one, two, three, four in zip(("dmu", "dlog_var"), once, twice, other, both, strict=True):
        if not close(two, 2 * one, 1e-4, 1e-4):
            return implied(
                "twice the gradient before", 2 * one, two, 1, f"With twice the dz, `{name}` must be twice as large."
            )
        if not close(four, one + three, 1e-4, 1e-4):
            return implied(
                "the sum of both gradients before",
                one + three,
                four,
                3,
                f"For the sum of two dz, `{name}` must be the sum of what each gives.",
            )
    return None


def _linear_calls(example: Any) -> list[Call]:
    dz, log_var, eps = example
    other = 1.0 - np.cos(np.arange(dz.size)).reshape(dz.shape)
    return [Call((one, log_var, eps)) for one in (dz, 2 * dz, other, dz + other)]


def _silent(example: Any, gradients: Any) -> Fault | None:
    zeros = np.zeros(gradients[1].shape)
    return None if close(gradients[1], zeros) else Fault(zeros, gradients[1], 0, "This is `dlog_var`.")


def _same_shift(example: Any, plain: Any, other: Any) -> Fault | None:
    told = "`dmu` changed although only log_var and eps did."
    return None if close(other[0], plain[0]) else implied("the `dmu` before", plain[0], other[0], 1, told)


def _apart(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = tuple(np.reshape([one[part] for one in alone], together[0].shape) for part in (0, 1))
    words = "the numbers that come out one entry at a time"
    return None if close(together, apart, 1e-5, 1e-5) else implied(words, apart, together)


EXERCISE = Exercise(
    name="reparameterise_backward",
    points=4,
    parameters=("dz", "log_var", "eps"),
    form=answer_form.Form((answer_form.Part("dmu", _own_shape), answer_form.Part("dlog_var", _own_shape))),
    read="“Exercise 2: the way back”",
    checks=(
        law(
            "linear in dz",
            "Both gradients are linear in dz.",
            _linear,
            calls=_linear_calls,
            first=[PAIR, ROWS],
            examples=GRADIENTS,
        ),
        law(
            "no noise, no pull",
            "Where the noise is 0, the width does not matter: dlog_var is 0 there.",
            _silent,
            first=[(PAIR[0], PAIR[1], np.zeros(2)), (np.ones(3), np.array([-1.0, 0.0, 2.0]), np.zeros(3))],
        ),
        law(
            "dmu knows no width",
            "dmu depends on neither log_var nor eps.",
            _same_shift,
            calls=lambda example: [Call(example), Call((example[0], example[1] + 1.0, example[2] - 2.0))],
            first=[PAIR],
            examples=GRADIENTS,
        ),
        law(
            "elementwise",
            "Each entry has its own gradients, and does not depend on the others.",
            _apart,
            calls=each_alone,
            first=[PAIR, ROWS],
            examples=GRADIENTS,
        ),
        conduct(0.25, first=[PAIR], examples=GRADIENTS),
    ),
    probes=(
        Call((np.array([0.7]), np.array([1.3]), np.array([-0.6]))),
        Call(
            (
                np.array([[0.7, -1.3], [0.2, 2.1]]),
                np.array([[1.6, -0.4], [-0.8, 3.0]]),
                np.array([[0.9, -1.2], [2.7, 0.3]]),
            )
        ),
        Call((np.array([1.5, -0.5]), np.array([-14.0, 15.0]), np.array([1.1, -0.7]))),
    ),
    betrays=betrayed.varying("the noise is drawn anew"),
)
