"""Further mistakes of 05_latent_space, met in submissions that nobody had foreseen: guards that are missing, axes, places."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake("lerp", "z_a grows instead of fading", "The two weights must add up to 1: as t grows, z_a loses its own.")
def lerp_grows(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return (1 + t) * z_a + t * z_b


@mistake("lerp", "only the way, without z_a", "That is how far to go. The path begins at z_a: add the way to it.")
def lerp_way(z_a: Any, z_b: Any, t: Any) -> Any:
    return np.asarray(t)[..., None] * (z_b - z_a)


@mistake(
    "lerp",
    "an axis of length 1 is dropped",
    "For one step or one dimension an axis is missing. An array of t gives (steps, k), whatever these are.",
)
def lerp_squeezed(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.atleast_1d(t)[:, None]
    return np.squeeze((1 - t) * z_a + t * z_b)


@mistake("lerp", "z_b is changed in place", "-= changed the caller's z_b. Make a new array for the way: z_b - z_a.")
def lerp_way_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    z_b -= z_a
    return z_a + np.asarray(t)[..., None] * z_b


@mistake(
    "slerp",
    "no path of its own where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero, the sine of the angle is 0, or nearly so, or there is no angle. "
    "Look before you divide: these cases go straight.",
)
def slerp_unlooked(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / (np.linalg.norm(z_a) * np.linalg.norm(z_b)), -1, 1))
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the cosine is not kept between -1 and 1",
    "Rounding carries the cosine of parallel vectors a little past 1, where there is no arc cosine. Keep it inside.",
)
def slerp_unclipped(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.dot(z_a, z_b) / lengths) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "an error where the vectors span no plane",
    "Vectors that are parallel, opposite or zero are refused. They have an answer: the straight path.",
)
def slerp_refuses(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        raise ValueError("The vectors span no plane.")
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "a straight path for small angles",
    "Vectors of different directions span a plane, however near they are: go straight only where rounding would show.",
)
def slerp_straight_early(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    if abs(cosine) > 0.99:
        return (1 - t) * z_a + t * z_b
    angle = np.arccos(cosine)
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the weights of a turn by a right angle to z_b",
    "A cosine and a sine of one part of the angle lead to z_b only when it stands at a right angle.",
)
def slerp_cosine_and_sine(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return np.cos(t * angle) * z_a + np.sin(t * angle) * z_b


@mistake("slerp", "divided by the angle", "The weights are divided by the sine of the angle, not by the angle itself.")
def slerp_by_angle(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / angle


@mistake(
    "slerp",
    "the angle stands outside the sine",
    "The sine was taken of the share alone and multiplied by the angle. Set brackets: the sine of share times angle.",
)
def slerp_outside(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin(1 - t) * angle * z_a + np.sin(t) * angle * z_b) / np.sin(angle)


@mistake(
    "nearest_code",
    "one place in the whole table of distances",
    "`argmin` without an axis counts through the whole table and gives one number. Each encoding needs its own.",
)
def nearest_in_table(z_e: Any, codebook: Any) -> Any:
    place = np.argmin(((z_e[:, None] - codebook) ** 2).sum(axis=2))
    return place, codebook[place]


@mistake(
    "nearest_code", "distances instead of indices", "The first thing is the distances. Their places are asked for."
)
def nearest_distances(z_e: Any, codebook: Any) -> Any:
    distances = ((z_e[:, None] - codebook) ** 2).sum(axis=2)
    return distances.min(axis=1), codebook[distances.argmin(axis=1)]


@mistake(
    "nearest_code",
    "indices in a column",
    "The indices have an axis too many: (n,) is asked for, not (n, 1).",
    share=SLIP,
)
def nearest_column(z_e: Any, codebook: Any) -> Any:
    indices = ((z_e[:, None] - codebook) ** 2).sum(axis=2).argmin(axis=1)
    return indices[:, None], codebook[indices]


@mistake(
    "nearest_code",
    "computed in float16",
    "Half precision has three digits, too few to tell codes apart that are nearly equally near. Leave the arrays as they come.",
)
def nearest_float16(z_e: Any, codebook: Any) -> Any:
    differences = z_e.astype(np.float16)[:, None] - codebook.astype(np.float16)
    indices = (differences**2).sum(axis=2).argmin(axis=1)
    return indices, codebook[indices]


@mistake(
    "condition_on_label",
    "every row is marked with all labels",
    "Indexing all rows at once marked the labels of all samples in each row. Pair every row with its own label.",
)
def label_all(z: Any, labels: Any, n_classes: Any) -> Any:
    appended = np.zeros((len(z), n_classes))
    appended[:, labels] = 1
    return np.hstack([z, appended])


@mistake(
    "condition_on_label",
    "the place is counted from the first column of all",
    "The 1 was written into z. The place of a label counts from where z ends.",
)
def label_in_z(z: Any, labels: Any, n_classes: Any) -> Any:
    whole = np.hstack([z, np.zeros((len(z), n_classes))])
    whole[np.arange(len(z)), labels] = 1
    return whole
