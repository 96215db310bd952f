"""Public checks of `pca_reconstruction_loss`: its form, its laws, its probes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from .shared import ENTRIES, alike


def _falls(example: Any, *losses: Any) -> Fault | None:
    for k, (fewer, more) in enumerate(pairwise(losses), start=1):
        if more < -1e-6:
            return Fault("at least 0", more, k)
        if more > fewer * (1 + 1e-5) + 1e-6:
            told = f"You returned {fewer:.6g} for k = {k - 1}."
            return Fault("no more than with k one smaller", more, k, told, relates=True)
    if not close(losses[-1], np.zeros(())):
        return Fault(0.0, losses[-1], len(losses) - 1, "With k = d nothing is lost.")
    return None


def _all_k(example: Any) -> list[Call]:
    return [Call((example[0], k)) for k in range(example[0].shape[1] + 1)]


def _turned(example: Any) -> list[Call]:
    X, k = example
    return [Call(example), Call((X[:, ::-1].copy(), k)), Call((-X, k)), Call((X[::-1].copy(), k))]


def _shifted(example: Any) -> list[Call]:
    X, k = example
    return [Call(example), Call((X + np.arange(1.0, X.shape[1] + 1), k))]


def _repeated(example: Any) -> list[Call]:
    return [Call(example), Call((np.concatenate([example[0]] * 3), example[1]))]


CLOUDS = st.tuples(st.integers(3, 6), st.integers(2, 4)).flatmap(
    lambda shape: st.tuples(arrays(shape, ENTRIES), st.integers(0, shape[1]))
)
_TRIANGLE = (np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 3.0]]), 1)
EXERCISE = Exercise(
    name="pca_reconstruction_loss",
    points=3,
    parameters=("X", "k"),
    form=answer_form.Form((answer_form.number("loss"),)),
    read="“Exercise 7: what the best possible would be”",
    checks=(
        law(
            "falls with k",
            "More dimensions never lose more, and with k = d nothing is lost.",
            _falls,
            calls=_all_k,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=4,
        ),
        law(
            "wherever the cloud lies",
            "Shifting all samples by the same vector changes nothing.",
            alike("All samples were shifted by the same vector."),
            calls=_shifted,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        law(
            "however it is turned",
            "Mirroring the data, or reordering columns or samples, changes nothing.",
            alike("The cloud has the same form as before."),
            calls=_turned,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        law(
            "samples averaged",
            "The same samples three times over give the same loss.",
            alike("Every sample is there 3 times now; an average does not change by that."),
            calls=_repeated,
            first=[_TRIANGLE],
            examples=CLOUDS,
            count=6,
        ),
        conduct(0.25, first=[_TRIANGLE], examples=CLOUDS),
    ),
    probes=(
        Call(
            (
                np.array(
                    [
                        [0.7, 2.3, 1.1],
                        [1.9, 0.4, 1.6],
                        [0.2, 1.5, 3.3],
                        [2.8, 3.1, 0.5],
                        [1.3, 0.9, 2.0],
                        [0.6, 2.7, 1.4],
                    ]
                ),
                1,
            )
        ),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 1)),
        Call(
            (
                np.array(
                    [
                        [0.5, 1.4, -0.3, 0.8],
                        [1.6, -0.7, 0.9, 0.1],
                        [0.2, 0.6, 1.8, -1.2],
                        [-0.4, 1.1, 0.7, 2.0],
                        [1.3, 0.9, -0.8, 0.6],
                    ]
                ),
                2,
            )
        ),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 0)),
    ),
)
