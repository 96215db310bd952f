"""Known mistakes of `condition_on_label`, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "condition_on_label",
    "the largest label gives the width",
    "The one-hot part is only as wide as the labels at hand need. n_classes says how wide it must be.",
)
def label_largest(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(labels.max() + 1)[labels]], axis=1)


@mistake(
    "condition_on_label",
    "only the labels that occur count",
    "The one-hot part has a column for every label that occurs. n_classes says how many there must be.",
)
def label_unique(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, (labels[:, None] == np.unique(labels)).astype(float)], axis=1)


@mistake(
    "condition_on_label",
    "labels count from 1",
    "Every 1 stands one place too far to the left, and that of label 0 at the end: labels count from 0.",
    share=SLIP,
)
def label_from_one(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[labels - 1]], axis=1)


@mistake(
    "condition_on_label",
    "every 1 stands one place too far to the right",
    "The 1 of a label stands one place too far to the right: labels count from 0.",
    share=SLIP,
)
def label_shifted(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[(labels + 1) % n_classes]], axis=1)


@mistake(
    "condition_on_label",
    "the labels come first",
    "The one-hot labels were put in front. They are appended: z comes first.",
    share=SLIP,
)
def label_first(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([np.eye(n_classes)[labels], z], axis=1)


@mistake(
    "condition_on_label",
    "the label as a number",
    "The label was appended as one number, as if class 4 were twice class 2. One place a class is asked for.",
)
def label_number(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, labels[:, None]], axis=1)


@mistake(
    "condition_on_label",
    "the label stands where the 1 belongs",
    "The right place is marked, but with the label's number instead of a 1: label 0 leaves no mark at all.",
)
def label_marked(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[labels] * labels[:, None]], axis=1)


@mistake(
    "condition_on_label",
    "the order of the classes is turned round",
    "The 1 of the first class stands last and that of the last class first.",
    share=SLIP,
)
def label_reversed(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[n_classes - 1 - labels]], axis=1)


@mistake("condition_on_label", "-1 instead of 0", "The other places hold -1. They must hold 0.", share=SLIP)
def label_signs(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, 2 * np.eye(n_classes)[labels] - 1], axis=1)


@mistake(
    "condition_on_label",
    "1 and 0 are exchanged",
    "There is a 0 at the label's place and 1 elsewhere. It must be the other way round.",
    share=SLIP,
)
def label_inverted(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, 1 - np.eye(n_classes)[labels]], axis=1)


@mistake("condition_on_label", "one label for all samples", "The label of the first sample was appended to all.")
def label_same(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.tile(np.eye(n_classes)[labels[0]], (len(z), 1))], axis=1)


@mistake("condition_on_label", "nothing is marked", "Places for the labels were appended, but they are all 0.")
def label_zeros(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.zeros((len(z), n_classes))], axis=1)


@mistake("condition_on_label", "only the labels", "The one-hot labels came back alone. They are appended to z.")
def label_only(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.eye(n_classes)[labels]


@mistake(
    "condition_on_label", "appended as rows", "The labels were put below z instead of beside it: look at the axis."
)
def label_rows(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[labels]])


@mistake(
    "condition_on_label",
    "z loses its decimals",
    "The latent vectors were turned into whole numbers together with the labels.",
)
def label_whole(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[labels]], axis=1).astype(int)


@mistake("condition_on_label", "computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def label_float16(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.concatenate([z, np.eye(n_classes)[labels]], axis=1).astype(np.float16)


@mistake("condition_on_label", "the labels are changed in place", "The caller's labels were changed. Make a new array.")
def label_in_place(z: Any, labels: Any, n_classes: Any) -> Any:
    labels += z.shape[1]
    out = np.zeros((len(z), z.shape[1] + n_classes))
    out[:, : z.shape[1]] = z
    out[np.arange(len(z)), labels] = 1
    return out
