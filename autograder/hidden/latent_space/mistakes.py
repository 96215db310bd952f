"""Known mistakes of `lerp` and `slerp`, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "lerp",
    "t runs backwards",
    "At t = 0 the path is at z_b, and at t = 1 at z_a. It must be the other way round.",
    share=SLIP,
)
def lerp_backwards(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return t * z_a + (1 - t) * z_b


@mistake(
    "lerp",
    "the whole of z_b instead of the way to it",
    "t times z_b was added to z_a, which stays whole: at t = 1 the path is not at z_b.",
)
def lerp_added(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_a + np.asarray(t)[..., None] * z_b


@mistake("lerp", "the way has the wrong direction", "The path begins at z_a, but leads away from z_b.")
def lerp_away(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_a + np.asarray(t)[..., None] * (z_a - z_b)


@mistake("lerp", "the way begins at z_b", "The way from z_a to z_b was added to z_b: the path runs beyond its end.")
def lerp_beyond(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_b + np.asarray(t)[..., None] * (z_b - z_a)


@mistake("lerp", "z_a does not fade", "At the end z_a should have no weight any more, but it keeps part of it.")
def lerp_halved(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return (1 - t / 2) * z_a + t * z_b


@mistake("lerp", "always the middle", "Whatever t is, the middle of the two came back.")
def lerp_middle(z_a: Any, z_b: Any, t: Any) -> Any:
    return np.ones_like(np.asarray(t))[..., None] * (z_a + z_b) / 2


@mistake(
    "lerp",
    "an eased instead of an even path",
    "The path starts and stops slowly. Equal steps of t must give equal steps.",
)
def lerp_eased(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    t = t * t * (3 - 2 * t)
    return (1 - t) * z_a + t * z_b


@mistake("lerp", "a path on the sphere", "The points lie on a curve. Here the straight line is asked for.")
def lerp_spherical(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "lerp",
    "an array of t multiplies the vector entry by entry",
    "With an array of t, its numbers met the entries of the vectors. Every t needs a row of its own: give t one "
    "axis more.",
)
def lerp_broadcast(z_a: Any, z_b: Any, t: Any) -> Any:
    return (1 - t) * z_a + t * z_b


@mistake(
    "lerp",
    "steps and dimensions are exchanged",
    "With an array of t, every t must give a row; here it gave a column.",
    share=SLIP,
)
def lerp_columns(z_a: Any, z_b: Any, t: Any) -> Any:
    return ((1 - np.asarray(t)[..., None]) * z_a + np.asarray(t)[..., None] * z_b).T


@mistake(
    "lerp", "a float t gives a table", "For a float t one vector (k,) is asked for, not a table of one row.", share=SLIP
)
def lerp_table(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.atleast_1d(t)[:, None]
    return (1 - t) * z_a + t * z_b


@mistake("lerp", "t cannot be a float", "It runs through t, which does not work when t is a float.")
def lerp_loop(z_a: Any, z_b: Any, t: Any) -> Any:
    return np.array([(1 - one) * z_a + one * z_b for one in t])


@mistake(
    "lerp",
    "an argument is changed in place",
    "z_a was multiplied in place, so that the caller's vector is different afterwards.",
)
def lerp_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    if np.ndim(t):
        return np.stack([(1 - one) * z_a + one * z_b for one in t])
    z_a *= 1 - t
    return z_a + t * z_b


@mistake("lerp", "computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def lerp_float16(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t, np.float16)[..., None]
    return (1 - t) * np.float16(z_a) + t * np.float16(z_b)


@mistake(
    "slerp", "a straight path", "This is the straight line. Points between two vectors of length 1 must keep length 1."
)
def slerp_straight(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return (1 - t) * z_a + t * z_b


@mistake(
    "slerp",
    "the straight path, scaled to length 1",
    "The points of the straight line were brought to length 1. They do not follow each other at an even pace.",
)
def slerp_normalised_lerp(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    z = (1 - t) * z_a + t * z_b
    length = np.linalg.norm(z, axis=-1, keepdims=True)
    return z / np.where(length > 0, length, 1)


@mistake(
    "slerp",
    "the vectors are scaled to length 1",
    "The path joins the directions of the vectors, and so begins and ends at length 1. Only the angle comes "
    "from the "
    "directions; the vectors stay as they are.",
    share=SLIP,
)
def slerp_unit_ends(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a), np.linalg.norm(z_b)
    t = np.asarray(t)[..., None]
    if min(lengths) == 0:
        return (1 - t) * z_a + t * z_b
    a, b = z_a / lengths[0], z_b / lengths[1]
    angle = np.arccos(np.clip(np.dot(a, b), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * a + t * b
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


@mistake(
    "slerp",
    "the angle without the lengths",
    "The angle was taken from the vectors as they are. Their lengths must be taken out before the arc cosine.",
)
def slerp_unnormalised(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.clip(np.dot(z_a, z_b), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the length is carried over from end to end",
    "The length of the points goes evenly from one end's to the other's. That is another path: here the weights "
    "are "
    "applied to the vectors as they are.",
)
def slerp_even_length(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a), np.linalg.norm(z_b)
    t = np.asarray(t)[..., None]
    if min(lengths) == 0:
        return (1 - t) * z_a + t * z_b
    a, b = z_a / lengths[0], z_b / lengths[1]
    angle = np.arccos(np.clip(np.dot(a, b), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    turned = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
    return turned * ((1 - t) * lengths[0] + t * lengths[1])


@mistake(
    "slerp",
    "division by zero where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero it divides by zero, or nearly so. These cases need a path "
    "of their own.",
)
def slerp_unguarded(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.dot(z_a / np.linalg.norm(z_a), z_b / np.linalg.norm(z_b)))
    return np.sin((1 - t) * angle) / np.sin(angle) * z_a + np.sin(t * angle) / np.sin(angle) * z_b


@mistake(
    "slerp",
    "a zero vector has no direction",
    "Parallel and opposite vectors are seen to, but a zero vector is divided by its length.",
)
def slerp_zero(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    cosine = np.dot(z_a / np.linalg.norm(z_a), z_b / np.linalg.norm(z_b))
    if abs(cosine) > 0.9995:
        return (1 - t) * z_a + t * z_b
    angle = np.arccos(cosine)
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "opposite vectors are forgotten",
    "Parallel vectors are seen to, but between opposite ones the sine of the angle vanishes as well.",
)
def slerp_opposite(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    if cosine > 0.9995:
        return (1 - t) * z_a + t * z_b
    angle = np.arccos(cosine)
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "the start comes back where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero, the path stands still at z_a. It must go straight to z_b.",
)
def slerp_stays(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return z_a + 0 * t
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake("slerp", "the angle in degrees", "The angle was turned into degrees, but the sine wants radians.")
def slerp_degrees(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    if abs(cosine) > 1 - 1e-9:
        return (1 - t) * z_a + t * z_b
    angle = np.degrees(np.arccos(cosine))
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


@mistake(
    "slerp",
    "t runs backwards",
    "At t = 0 the path is at z_b, and at t = 1 at z_a. It must be the other way round.",
    share=SLIP,
)
def slerp_backwards(z_a: Any, z_b: Any, t: Any) -> Any:
    t = 1 - np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)
