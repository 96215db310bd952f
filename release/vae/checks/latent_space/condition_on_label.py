"""Public checks of `condition_on_label`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from .shared import NUMBERS


def _wider(z: Any, labels: Any, n_classes: int) -> list[tuple[int, ...]]:
    return [(len(z), z.shape[1] + n_classes)]


def _kept(example: Any, z_c: Any) -> Fault | None:
    z = example[0]
    front = z_c[:, : z.shape[1]]
    return None if close(front, z) else Fault(z, front, 0, "These are the first numbers of each row.")


def _one_hot(example: Any, z_c: Any) -> Fault | None:
    tail = z_c[:, example[0].shape[1] :]
    right = np.all((tail == 0) | (tail == 1)) and np.all(tail.sum(axis=1) == 1)
    return (
        None if right else Fault("a single 1 in each row, and 0 elsewhere", tail, 0, "These are the appended numbers.")
    )


def _apart(example: Any, z_c: Any) -> Fault | None:
    tail, labels = z_c[:, example[0].shape[1] :], example[1]
    for i in range(len(labels)):
        for j in range(i):
            if (labels[i] == labels[j]) != close(tail[i], tail[j]):
                told = f"Samples {j + 1} and {i + 1} have the labels {labels[j]} and {labels[i]}."
                return Fault("equal rows for equal labels, and only for those", tail, 0, told)
    return None


def labelled(classes: Any = None) -> Any:
    """(z, labels, n_classes) with labels that need not use every class."""
    sizes = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(2, 6) if classes is None else classes)
    return sizes.flatmap(
        lambda s: st.tuples(
            arrays((s[0], s[1]), NUMBERS),
            st.lists(st.integers(0, s[2] - 1), min_size=s[0], max_size=s[0]).map(lambda one: np.array(one, np.int64)),
            st.just(s[2]),
        )
    )


LABELLED = (np.array([[0.5, -1.5], [2.25, 0.5], [1.0, 0.75]]), np.array([1, 0, 1]), 3)
EXERCISE = Exercise(
    name="condition_on_label",
    points=2,
    parameters=("z", "labels", "n_classes"),
    form=answer_form.one("z_c", _wider),
    read="“Exercise 5: condition on a label”",
    checks=(
        law(
            "z comes first",
            "The latent vectors come first, unchanged.",
            _kept,
            first=[LABELLED],
            examples=labelled(),
        ),
        law(
            "one 1 a row",
            "What is appended to a row is a single 1, and 0 everywhere else.",
            _one_hot,
            first=[LABELLED],
            examples=labelled(),
        ),
        law(
            "labels can be told apart",
            "Equal labels are appended equally, different ones differently.",
            _apart,
            first=[LABELLED],
            examples=labelled(),
        ),
        conduct(0.25, first=[LABELLED], examples=labelled()),
    ),
    probes=(
        Call(LABELLED),
        Call((np.array([[0.3], [-1.2]]), np.array([2, 0]), 5)),
        Call((np.array([[0.3, 1.7]]), np.array([1]), 2)),
        Call((np.array([[0.3, 1.7], [0.4, 2.2], [0.9, 0.1]]), np.array([0, 1, 2]), 3)),
    ),
)
