"""Public checks of `beta_vae_loss`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied


def _beta_zero(example: Any, loss: Any) -> Fault | None:
    right = np.asarray(example.args[0], dtype=np.float64)
    return None if close(loss, right) else Fault(right, loss)


def _default_is_one(example: Any, plain: Any, explicit: Any) -> Fault | None:
    return (
        None
        if close(plain, explicit)
        else implied("the loss with beta=1.0", explicit, plain, 0, "Leaving beta out must mean beta = 1.")
    )


def _loss_shape(reconstruction: Any, kl: Any, beta: Any = 1.0) -> list[tuple[int, ...]]:
    return answer_form.broadcast(reconstruction, kl, beta)


EXERCISE = Exercise(
    name="beta_vae_loss",
    points=1,
    parameters=("reconstruction", "kl", "beta"),
    form=answer_form.one("loss", _loss_shape),
    read="“Exercise 4: the loss of a β-VAE”",
    checks=(
        law(
            "beta 0",
            "With beta = 0 only the reconstruction is left.",
            _beta_zero,
            first=[Call((1.0, 2.0, 0.0)), Call((np.array([0.5, 3.0]), np.array([1.0, 2.0]), 0.0))],
        ),
        law(
            "default",
            "beta is 1 unless given.",
            _default_is_one,
            calls=lambda pair: [Call(pair), Call((*pair, 1.0))],
            first=[(1.0, 2.0), (np.array([0.5, 3.0]), np.array([1.0, 2.0]))],
        ),
        conduct(0.25, first=[(1.0, 2.0, 0.5), (np.array([0.5, 3.0]), np.array([1.0, 2.0]), 4.0)]),
    ),
    probes=(
        Call((0.3, 0.7)),
        Call((0.3, 0.7, 0.5)),
        Call((np.array([0.2, 1.7]), np.array([0.9, 0.1]), 4.0)),
        Call((0.3, 0.7), {"beta": 2.5}),
        Call((0.3, 0.7, 0.0)),
        Call((0.3, 0.7, 60.0)),
    ),
)
