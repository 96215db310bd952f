"""Public checks of `negative_elbo`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays, hundredths
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import LOG_VARS, MEANS


def _at_prior(example: Any, loss: Any) -> Fault | None:
    told = "The reconstruction is perfect, and the posterior is the prior."
    return None if close(loss, 0.0) else Fault(0.0, loss, 0, told)


def _straight(example: Any, none: Any, plain: Any, one: Any, three: Any, seven: Any) -> Fault | None:
    if not close(plain, one):
        return implied("the loss with beta=1.0", one, plain, 1, "Leaving beta out must mean beta = 1.")
    for place, beta, loss in ((3, 3, three), (4, 7, seven)):
        right = none + beta * (one - none)
        if not close(loss, right, 1e-4, 1e-4):
            return implied(
                "a straight line in beta",
                right,
                loss,
                place,
                "Going by beta = 0 and 1, the loss is no straight line in beta.",
            )
    return None


def _without_kl(example: Any, loss: Any, other: Any) -> Fault | None:
    told = "With beta = 0, mu and log_var must not matter."
    return None if close(other, loss) else implied("the loss before", loss, other, 1, told)


def _twofold(example: Any, loss: Any, doubled: Any, turned: Any) -> Fault | None:
    for place, other, told in (
        (1, doubled, "Every sample was given twice: the average over samples must stay."),
        (2, turned, "The samples came in reverse order: the average over samples must stay."),
    ):
        if not close(other, loss):
            return implied("the loss before", loss, other, place, told)
    return None


def _rows_again(example: Any) -> list[Call]:
    doubled, turned = ([change(one) for one in example] for change in (lambda a: np.repeat(a, 2, axis=0), np.flipud))
    return [Call(example), Call(tuple(doubled)), Call(tuple(map(np.copy, turned)))]


def _bounded(example: Any, loss: Any) -> Fault | None:
    return None if loss >= -1e-6 else Fault("at least 0", loss)


def _batch(drawn: tuple[int, int, int], log_vars: Any) -> Any:
    n, d, k = drawn
    pixels = arrays((n, d), hundredths(-3, 3))
    return st.tuples(pixels, pixels, arrays((n, k), MEANS), arrays((n, k), log_vars))


def batches(log_vars: Any, largest: int = 4) -> Any:
    """(X, X_hat, mu, log_var) of n samples, d pixels, k latent dimensions."""
    return st.tuples(*[st.integers(1, largest)] * 3).flatmap(lambda drawn: _batch(drawn, log_vars))


BATCH = (
    np.array([[1.0, 0.0, 2.0], [0.5, 1.0, 0.0]]),
    np.array([[0.5, 0.0, 1.0], [0.0, 2.0, 0.5]]),
    np.array([[1.0, -0.5], [0.0, 2.0]]),
    np.array([[0.7, -1.0], [0.0, 1.2]]),
)
EXERCISE = Exercise(
    name="negative_elbo",
    points=6,
    parameters=("X", "X_hat", "mu", "log_var", "beta"),
    form=answer_form.Form((answer_form.number("loss"),)),
    read="“Exercise 4: the negative ELBO”",
    checks=(
        law(
            "nothing to pay",
            "Where X_hat = X, mu = 0 and log_var = 0, the loss is 0.",
            _at_prior,
            first=[(BATCH[0], BATCH[0], np.zeros((2, 2)), np.zeros((2, 2)))],
        ),
        law(
            "straight in beta",
            "The loss is a straight line in beta, and beta is 1 unless given.",
            _straight,
            calls=lambda one: [Call((*one, 0.0)), Call(one), *[Call((*one, beta)) for beta in (1.0, 3.0, 7.0)]],
            first=[BATCH],
            examples=batches(LOG_VARS, 3),
        ),
        law(
            "beta 0",
            "With beta = 0 the posterior does not matter.",
            _without_kl,
            calls=lambda one: [Call((*one, 0.0)), Call((*one[:2], one[2] + 1.0, one[3] - 2.0, 0.0))],
            first=[BATCH],
        ),
        law(
            "average over samples",
            "Neither the order of the samples matters nor giving all of them twice.",
            _twofold,
            calls=_rows_again,
            first=[BATCH],
            examples=batches(LOG_VARS, 3),
        ),
        law(
            "never negative",
            "Neither part of the loss is ever below 0.",
            _bounded,
            first=[BATCH],
            examples=batches(LOG_VARS, 3),
        ),
        conduct(0.25, first=[BATCH], examples=batches(LOG_VARS, 2)),
    ),
    probes=(
        Call(BATCH),
        Call(BATCH, {"beta": 2.5}),
        Call((*BATCH, 0.25)),
        Call((*BATCH, 0.0)),
        Call(
            (
                np.array([[0.3], [1.1], [0.2]]),
                np.array([[0.9], [0.6], [-0.7]]),
                np.array([[0.4, -1.2], [0.0, 0.3], [1.7, 0.9]]),
                np.array([[-1.1, 0.6], [2.3, 14.0], [0.2, -15.0]]),
                0.7,
            )
        ),
    ),
)
