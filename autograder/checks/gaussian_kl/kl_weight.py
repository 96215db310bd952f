"""Public checks of `kl_weight`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import conduct, law


def _between(example: Any, beta: Any) -> Fault | None:
    return None if np.all((beta >= 0) & (beta <= 1)) else Fault("between 0 and 1", beta)


def _never_falls(example: Any, beta: Any) -> Fault | None:
    return None if np.all(np.diff(beta) >= -1e-9) else Fault("weights that never fall from epoch to epoch", beta)


def _epoch_shape(epoch: Any, warmup: Any = 10) -> list[tuple[int, ...]]:
    return [np.shape(epoch)]


_EPOCHS = (
    Call((0.0,)),
    Call((5.0,)),
    Call((10.0,)),
    Call((25.0,)),
    Call((-3.0,)),
    Call((np.array([-1.0, 0.0, 2.0, 30.0]),)),
)
EXERCISE = Exercise(
    name="kl_weight",
    points=3,
    parameters=("epoch", "warmup"),
    form=answer_form.one("beta", _epoch_shape),
    read="“Exercise 5: the warm-up”",
    checks=(
        law("between 0 and 1", "The weight never leaves [0, 1].", _between, first=_EPOCHS),
        law(
            "never falls",
            "The weight never falls from one epoch to the next.",
            _never_falls,
            first=[Call((np.arange(-2.0, 14.0),)), Call((np.arange(-2.0, 9.0), 5))],
        ),
        conduct(0.25, first=_EPOCHS),
    ),
    probes=(
        Call((3.0,)),
        Call((np.array([-4.0, 0.0, 1.0, 9.0, 10.0, 11.0, 40.0]),)),
        Call((np.array([-4.0, 0.0, 1.0, 3.0, 4.0, 5.0, 10.0]), 4)),
        Call((2.0, 0)),
        Call((0.0, 0)),
        Call((np.array([0.0, 2.0]), 0)),
        Call((2.5,)),
        Call((0.25, 1)),
    ),
)
