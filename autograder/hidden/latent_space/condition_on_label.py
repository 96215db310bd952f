"""Hidden checks of `condition_on_label`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.exercise import Check
from ...checks.latent_space.condition_on_label import LABELLED, labelled
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..values import values, with_large
from .shared import SLIP

LONG_TAIL = (np.array([[0.123456, -1.654321], [2.718281, 0.577215]]), np.array([1, 0]), 3)
FAR_LABELS = (np.array([[0.5], [1.5]]), np.array([0, 1]), 6)

CHECKS: tuple[Check, ...] = (
    values(
        "ordinary inputs",
        "The labels are appended one-hot.",
        oracles.condition_on_label,
        points=0.75,
        first=[LABELLED, LONG_TAIL],
        examples=labelled(),
    ),
    values(
        "classes that do not occur",
        "n_classes alone says how many numbers are appended.",
        oracles.condition_on_label,
        points=0.75,
        first=[FAR_LABELS],
        examples=st.tuples(labelled(), st.integers(1, 4)).map(
            lambda drawn: (drawn[0][0], drawn[0][1], drawn[0][2] + drawn[1])
        ),
    ),
    values(
        "one sample, one class",
        "A single sample, dimension or class is no special case.",
        oracles.condition_on_label,
        points=0.25,
        first=[(np.array([[0.5]]), np.array([3]), 4)],
        examples=labelled(st.sampled_from([1, 2])),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.condition_on_label,
    lambda draw: (draw.uniform(-2, 2, (130, 11)), draw.integers(0, 200, 130), 200),
    points=0.2,
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("condition_on_label")


@variant
def label_by_rows(z: Any, labels: Any, n_classes: Any) -> Any:
    table = np.eye(n_classes)
    one_hot = table[labels]
    return np.concatenate([z, one_hot], axis=1)


edited = CATALOGUE.edits("condition_on_label", label_by_rows)


edited(
    "the largest label gives the width",
    "The one-hot part is only as wide as the labels at hand need. n_classes says how wide it must be.",
    ("eye(n_classes)", "eye(labels.max() + 1)"),
)
edited(
    "only the labels that occur count",
    "The one-hot part has a column for every label that occurs. n_classes says how many there must be.",
    ("table[labels]", "(labels[:, None] == np.unique(labels)).astype(float)"),
)
edited(
    "labels count from 1",
    "Every 1 is one place too far to the left, and that of label 0 at the end: labels count from 0.",
    ("[labels]", "[labels - 1]"),
    share=SLIP,
)
edited(
    "every 1 stands one place too far to the right",
    "The 1 of a label is one place too far to the right: labels count from 0.",
    ("[labels]", "[(labels + 1) % n_classes]"),
    share=SLIP,
)
edited(
    "the labels come first",
    "The one-hot labels were put in front. They are appended: z comes first.",
    ("[z, one_hot]", "[one_hot, z]"),
    share=SLIP,
)
edited(
    "the label as a number",
    "The label was appended as one number, as if class 4 were twice class 2. One place a class is required.",
    ("table[labels]", "labels[:, None]"),
)
edited(
    "the label stands where the 1 belongs",
    "The right place is marked, but with the label's number instead of a 1: label 0 leaves no mark at all.",
    ("[labels]", "[labels] * labels[:, None]"),
)
edited(
    "the order of the classes is turned round",
    "The 1 of the first class comes last and that of the last class first.",
    ("[labels]", "[n_classes - 1 - labels]"),
    share=SLIP,
)
edited(
    "-1 instead of 0",
    "The other places hold -1. They must hold 0.",
    ("np.eye(n_classes)", "2 * np.eye(n_classes) - 1"),
    share=SLIP,
)
edited(
    "1 and 0 are exchanged",
    "There is a 0 at the label's place and 1 elsewhere. It must be the other way round.",
    ("np.eye(n_classes)", "1 - np.eye(n_classes)"),
    share=SLIP,
)
edited(
    "one label for all samples",
    "The label of the first sample was appended to all.",
    ("[labels]", "[labels * 0 + labels[0]]"),
)
edited(
    "nothing is marked",
    "Places for the labels were appended, but they are all 0.",
    ("table[labels]", "np.zeros((len(z), n_classes))"),
)
edited(
    "only the labels",
    "The one-hot labels came back alone. They are appended to z.",
    ("np.concatenate([z, one_hot], axis=1)", "one_hot"),
)
edited("appended as rows", "The labels were put below z instead of beside it: look at the axis.", (", axis=1", ""))
edited(
    "z loses its decimals",
    "The latent vectors were turned into whole numbers together with the labels.",
    ("np.concatenate([z, one_hot], axis=1)", "np.concatenate([z, one_hot], axis=1).astype(int)"),
)
edited(
    "computed in float16",
    "Half precision has three digits. Leave the arrays as they come.",
    ("np.concatenate([z, one_hot], axis=1)", "np.concatenate([z, one_hot], axis=1).astype(np.float16)"),
)


@mistake("the labels are changed in place", "The caller's labels were changed. Make a new array.")
def label_in_place(z: Any, labels: Any, n_classes: Any) -> Any:
    labels += z.shape[1]
    out = np.zeros((len(z), z.shape[1] + n_classes))
    out[:, : z.shape[1]] = z
    out[np.arange(len(z)), labels] = 1
    return out


edited(
    "counted from 1, with a column more",
    "There are n_classes + 1 columns, the first of them always 0. Labels count from 0.",
    ("[labels]", "[labels + 1]"),
    ("eye(n_classes)", "eye(n_classes + 1)"),
)
edited(
    "z and labels apart",
    "Two things came back. Append the one-hot labels to z: one array.",
    ("np.concatenate([z, one_hot], axis=1)", "z, one_hot"),
    share=SLIP,
)
edited(
    "the label in every column",
    "The label was repeated. One-hot means a single 1, and 0 elsewhere.",
    ("table[labels]", "np.repeat(labels[:, None], n_classes, axis=1)"),
)
edited(
    "one column too many",
    "There are n_classes + 1 columns, the last of them always 0. Labels count from 0, so that n_classes are enough.",
    ("eye(n_classes)", "eye(n_classes + 1)"),
    share=SLIP,
)
edited(
    "smoothed labels",
    "The label's place holds less than 1, and the others more than 0. One-hot means 1 and 0.",
    ("np.eye(n_classes)", "0.1 + 0.8 * np.eye(n_classes)"),
    also=[
        [("np.eye(n_classes)", "0.9 * np.eye(n_classes) + 0.1 / n_classes")],
        [("np.eye(n_classes)", "np.where(np.eye(n_classes) == 1, 0.9, 0.1 / max(n_classes - 1, 1))")],
    ],
)
edited(
    "always ten classes",
    "Ten numbers were appended, as for digits. n_classes says how many there are.",
    ("eye(n_classes)", "eye(10)"),
)
edited(
    "the first class has no column",
    "One column is missing. Class 0 has a column of its own, like the others.",
    ("[labels]", "[labels][:, 1:]"),
)


edited(
    "every row is marked with all labels",
    "Indexing all rows at once marked the labels of all samples in each row. Pair every row with its own label.",
    ("table[labels]", "np.tile(1.0 * np.isin(np.arange(n_classes), labels), (len(z), 1))"),
)


@mistake(
    "the place is counted from the first column of all",
    "The 1 was written into z. The place of a label counts from where z ends.",
)
def label_in_z(z: Any, labels: Any, n_classes: Any) -> Any:
    whole = np.hstack([z, np.zeros((len(z), n_classes))])
    whole[np.arange(len(z)), labels] = 1
    return whole


@variant
def label_fill(z: Any, labels: Any, n_classes: Any) -> Any:
    one_hot = np.zeros((len(labels), n_classes))
    one_hot[np.arange(len(labels)), labels] = 1
    return np.hstack([z, one_hot])


@variant
def label_compared(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.c_[z, labels[:, None] == np.arange(n_classes)]


@variant
def label_lists(z: Any, labels: Any, n_classes: Any) -> Any:
    return [
        [*row, *(1 if j == label else 0 for j in range(n_classes))]
        for row, label in zip(z.tolist(), labels, strict=True)
    ]


@variant
def label_take(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.append(z, np.take(np.identity(n_classes, dtype=np.float32), labels, axis=0), axis=1)


@variant
def label_column(z: Any, labels: Any, n_classes: Any) -> Any:
    out = np.pad(z.astype(np.float32), ((0, 0), (0, n_classes)))
    for i, label in enumerate(labels):
        out[i, z.shape[1] + label] = 1.0
    return out
