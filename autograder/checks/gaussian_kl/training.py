"""Laws of the beta-VAE loss, of the KL warm-up and of active units."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import forms
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault


def _beta_zero(example: Any, loss: Any) -> Fault | None:
    right = np.asarray(example.args[0], dtype=np.float64)
    return None if close(loss, right) else Fault(right, loss)


def _default_is_one(example: Any, plain: Any, explicit: Any) -> Fault | None:
    return None if close(plain, explicit) else Fault(explicit, plain, 0, "Leaving beta out must mean beta = 1.")


def _loss_shape(reconstruction: Any, kl: Any, beta: Any = 1.0) -> list[tuple[int, ...]]:
    return forms.broadcast(reconstruction, kl, beta)


BETA_VAE_LOSS = Exercise(
    name="beta_vae_loss",
    points=2,
    parameters=("reconstruction", "kl", "beta"),
    form=forms.one("loss", _loss_shape),
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

KL_WEIGHT = Exercise(
    name="kl_weight",
    points=3,
    parameters=("epoch", "warmup"),
    form=forms.one("beta", _epoch_shape),
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
        else Fault(mask[::-1], swapped, 1, "With its columns in reverse order, the mask must come in reverse order.")
    )


def _reverse_columns(pair: Any) -> list[Call]:
    return [Call(pair), Call((pair[0][:, ::-1].copy(), pair[1][:, ::-1].copy()))]


_ASLEEP_AWAKE = (np.array([[0.0, 2.0], [0.0, -2.0], [0.0, 3.0]]), np.array([[1.0, 0.5], [1.0, 0.5], [1.0, 0.5]]))
_UNEVEN = (np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]]), np.ones((4, 2)))

ACTIVE_UNITS = Exercise(
    name="active_units",
    points=4,
    parameters=("mu", "sigma", "delta", "fraction"),
    form=forms.one("mask", _mask_shape, "bool"),
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
