"""More mistakes of 05_latent_space, met in submissions that nobody had foreseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..catalogue import Catalogue, Function

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake("lerp", "z_b is taken away", "t times z_b was subtracted. The two weighted vectors are added.")
def lerp_minus(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return (1 - t) * z_a - t * z_b


@mistake(
    "lerp",
    "evenly spread steps instead of t",
    "Only the number of steps was taken from t, and np.linspace made steps of its own. t says where the points lie.",
)
def lerp_linspace(z_a: Any, z_b: Any, t: Any) -> Any:
    s = np.linspace(0, 1, np.size(t)).reshape(np.shape(t))[..., None]
    return (1 - s) * z_a + s * z_b


@mistake(
    "lerp", "points scaled to length 1", "Every point was divided by its length. A straight path keeps its lengths."
)
def lerp_normalised(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    z = (1 - t) * z_a + t * z_b
    return z / np.linalg.norm(z, axis=-1, keepdims=True)


@mistake(
    "lerp",
    "z_a is changed in place",
    "*= or += changed the caller's z_a, and the next point began there. Make new arrays.",
)
def lerp_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    def point(s: Any) -> Any:
        nonlocal z_a
        z_a *= 1 - s
        z_a += s * z_b
        return z_a

    return np.array([point(s) for s in t]) if np.ndim(t) else point(t)


def _slerp(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    return mistake("slerp", name, says, share=share)


@_slerp(
    "the straight path, scaled to the length of z_a",
    "A straight path pushed out to the sphere runs at an uneven pace, and forgets the length of z_b.",
)
def slerp_pushed(z_a: Any, z_b: Any, t: Any) -> Any:
    s = np.asarray(t)[..., None]
    z = (1 - s) * z_a + s * z_b
    return np.linalg.norm(z_a) * z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12)


@_slerp("cosines instead of sines", "The weights are sines of parts of the angle, divided by the sine of the angle.")
def slerp_cosines(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    omega = np.arccos(np.clip(z_a @ z_b / lengths, -1, 1)) if lengths else 0.0
    s = np.asarray(t)[..., None]
    return np.cos((1 - s) * omega) * z_a + np.cos(s * omega) * z_b


@_slerp("one point at a time", "`float` takes one number. For an array of t there is a point for each.")
def slerp_floats(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    omega, s = np.arccos(np.clip(z_a @ z_b / lengths, -1, 1)) if lengths else 0.0, float(t)
    if np.sin(omega) < 1e-6:
        return (1 - s) * z_a + s * z_b
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


@_slerp(
    "obtuse angles come out acute",
    "An arc sine, or the arc cosine of the product without its sign, never gives more than a right angle. The arc cosine of "
    "the product with its sign does.",
)
def slerp_arcsine(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(z_a @ z_b / lengths, -1, 1) if lengths else 1.0
    omega, s = np.arcsin(np.sqrt(1 - cosine**2)), np.asarray(t)[..., None]
    if np.sin(omega) < 1e-6:
        return (1 - s) * z_a + s * z_b
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


@_slerp(
    "a small number in the denominator",
    "It avoids the division by 0, but moves every point a little, and parallel vectors do not go straight. Treat that case by itself.",
)
def slerp_eps(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    omega = np.arccos(np.clip(z_a @ z_b / lengths, -1, 1)) if lengths else 0.0
    s = np.asarray(t)[..., None]
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / (np.sin(omega) + 1e-8)


@_slerp("z_a and z_b are changed in place", "/= scaled the caller's vectors. Make new arrays for the directions.")
def slerp_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    z_a /= np.linalg.norm(z_a)
    z_b /= np.linalg.norm(z_b)
    omega, s = np.arccos(np.clip(z_a @ z_b, -1, 1)), np.asarray(t)[..., None]
    if np.sin(omega) < 1e-6:
        return (1 - s) * z_a + s * z_b
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


@mistake("sample_prior", "one number a row", "k is not used: n numbers came back. Ask the rng for the shape (n, k).")
def prior_column(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal(n)


@mistake(
    "sample_prior",
    "every row has the length √k",
    "The draws were pushed onto the shell. Draws of N(0, I) lie near it, not on it: their lengths differ.",
)
def prior_shell(n: Any, k: Any, rng: Any) -> Any:
    z = rng.standard_normal((n, k))
    return np.sqrt(k) * z / np.linalg.norm(z, axis=1, keepdims=True)


@mistake(
    "nearest_code",
    "the smallest distance along the wrong axis",
    "The distances were compared along the encodings, so that each code found its encoding. Each encoding must find its code.",
)
def nearest_encoding(z_e: Any, codebook: Any) -> Any:
    indices = ((z_e[:, None] - codebook) ** 2).sum(axis=2).argmin(axis=0)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "differences with their signs",
    "Differences were added up without squaring them, so that negative ones look near.",
)
def nearest_signed(z_e: Any, codebook: Any) -> Any:
    indices = (z_e[:, None] - codebook).sum(axis=2).argmin(axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "the product lost its factor of two",
    "Multiplied out, the square has twice the product in its middle: |e|² - 2 z·e.",
)
def nearest_half_product(z_e: Any, codebook: Any) -> Any:
    indices = ((codebook**2).sum(axis=1) - z_e @ codebook.T).argmin(axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "the last code is never looked at",
    "The loop ends one code too early. `range(m)` ends before m already.",
)
def nearest_but_last(z_e: Any, codebook: Any) -> Any:
    looked = codebook[:-1] if len(codebook) > 1 else codebook
    indices = ((z_e[:, None] - looked) ** 2).sum(axis=2).argmin(axis=1)
    return indices, codebook[indices]


@mistake(
    "condition_on_label",
    "counted from 1, with a column more",
    "There are n_classes + 1 columns, the first of them always 0. Labels count from 0.",
)
def label_one_more(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.hstack([z, np.eye(n_classes + 1)[labels + 1]])


@mistake(
    "condition_on_label",
    "z and labels apart",
    "Two things came back. Append the one-hot labels to z: one array.",
    share=SLIP,
)
def label_apart(z: Any, labels: Any, n_classes: Any) -> Any:
    return z, np.eye(n_classes)[labels]


@mistake(
    "condition_on_label",
    "the label in every column",
    "The label was repeated. One-hot means a single 1, and 0 elsewhere.",
)
def label_repeated(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.hstack([z, np.repeat(labels[:, None], n_classes, axis=1)])


@mistake(
    "condition_on_label",
    "always ten classes",
    "Ten numbers were appended, as for digits. n_classes says how many there are.",
)
def label_ten(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.hstack([z, np.eye(10)[labels]])


@mistake(
    "condition_on_label",
    "the first class has no column",
    "One column is missing. Class 0 has a column of its own, like the others.",
)
def label_without_first(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.hstack([z, np.eye(n_classes)[labels][:, 1:]])
