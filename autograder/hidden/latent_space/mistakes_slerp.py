"""More known mistakes of `slerp`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import latent_oracles
from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


def _in_place(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether arguments were changed and the points are right; which calls show it hangs on the last bit of a length."""
    return any(answer.changed for answer in answers) and all(
        close(answer.value, latent_oracles.slerp(*call.args)) for call, answer in zip(calls, answers, strict=True)
    )


@mistake(
    "slerp",
    "a quarter circle for every pair",
    "The weights are those of a right angle. The angle between the two vectors has to enter.",
)
def slerp_quarter(z_a: Any, z_b: Any, t: Any) -> Any:
    angle = np.asarray(t)[..., None] * np.pi / 2
    return np.cos(angle) * z_a + np.sin(angle) * z_b


@mistake(
    "slerp",
    "z_b is turned round for obtuse angles",
    "Where the angle is more than 90 degrees, the path leads to the opposite of z_b. That is right for "
    "rotations, where "
    "both mean the same, but not for latent vectors.",
)
def slerp_shorter(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    if abs(cosine) > 1 - 1e-9:
        return (1 - t) * z_a + t * z_b
    if cosine < 0:
        z_b, cosine = -z_b, -cosine
    angle = np.arccos(cosine)
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the division by the sine is missing",
    "The weights are not divided by the sine of the whole angle, so that the path does not begin at z_a.",
    share=SLIP,
)
def slerp_undivided(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b


@mistake(
    "slerp",
    "the cosine is taken for the angle",
    "The product of the directions is the cosine of the angle, not the angle itself.",
)
def slerp_cosine(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    if abs(angle) > 1 - 1e-9 or abs(angle) < 1e-9:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the arc sine instead of the arc cosine",
    "The product of the directions is a cosine; its angle was taken as if it were a sine.",
)
def slerp_arcsine(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    angle = np.arcsin(cosine)
    if abs(cosine) > 1 - 1e-9 or abs(np.sin(angle)) < 1e-9:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "an array of t multiplies the vector entry by entry",
    "With an array of t, its numbers met the entries of the vectors. Every t needs a row of its own: give t one "
    "axis more.",
)
def slerp_broadcast(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "steps and dimensions are exchanged",
    "With an array of t, every t must give a row; here it gave a column.",
    share=SLIP,
)
def slerp_columns(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return ((1 - t) * z_a + t * z_b).T
    return ((np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)).T


@mistake(
    "slerp",
    "a float t gives a table",
    "For a float t one vector (k,) is asked for, not a table of one row.",
    share=SLIP,
)
def slerp_table(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.atleast_1d(t)[:, None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "an argument is changed in place",
    "The vectors were divided by their lengths in place, so that the caller's vectors are different afterwards.",
    tell=_in_place,
)
def slerp_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if min(lengths) == 0:
        return (1 - t) * z_a + t * z_b
    a, b = z_a.copy(), z_b.copy()
    z_a /= lengths[0]
    z_b /= lengths[1]
    angle = np.arccos(np.clip(np.dot(z_a, z_b), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * a + t * b
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


@mistake(
    "slerp",
    "something is added to the sine",
    "A small number was added to the sine before the division, so that every point is a little off, the ends too.",
)
def slerp_added(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b) + 1e-3
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / (np.sin(angle) + 1e-3)


@mistake("slerp", "computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def slerp_float16(z_a: Any, z_b: Any, t: Any) -> Any:
    z_a, z_b, t = np.float16(z_a), np.float16(z_b), np.asarray(t, np.float16)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else np.float16(0)
    if np.sin(angle) < 1e-2:
        return (1 - t) * z_a + t * z_b
    return np.float16((np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle))
