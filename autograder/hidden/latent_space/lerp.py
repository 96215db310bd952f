"""Hidden checks of `lerp`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ...checks.latent_space.shared import INSIDE, LONG, STEPS, A, B, pairs, with_t
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..served import Served
from ..values import values, with_large
from .shared import SLIP, T

CHECKS: tuple[Check, ...] = (
    values(
        "one t",
        "The point at t is right, within 1e-5 relative.",
        oracles.lerp,
        points=0.3,
        first=[(A, B, 0.25), (*LONG, 0.5)],
        examples=with_t(pairs(2), INSIDE),
    ),
    values(
        "many t",
        "An array of t gives the right points, one a row.",
        oracles.lerp,
        points=0.35,
        first=[(A, B, T), (*LONG, np.array([0.5, 0.1])), (*LONG, np.array([0.2, 0.9, 0.5]))],
        examples=with_t(pairs(2), STEPS),
    ),
    values(
        "one number, one step",
        "A latent space of one dimension and a single step are no special cases.",
        oracles.lerp,
        points=0.1,
        first=[(np.array([1.0]), np.array([-2.0]), 0.25), (A, B, np.array([0.25]))],
        examples=with_t(pairs(1, 1), STEPS),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.lerp,
    lambda draw: (draw.uniform(-2, 2, 14), draw.uniform(-2, 2, 14), draw.uniform(0, 1, 300)),
    points=0.1,
)

SERVED = Served(oracles.lerp, ("k", "k", "..."))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("lerp")


@variant
def lerp_weights(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    return (1 - t) * z_a + t * z_b


edited = CATALOGUE.edits("lerp", lerp_weights)


edited(
    "t runs backwards",
    "At t = 0 the path is at z_b, and at t = 1 at z_a. It must be the other way round.",
    ("t = np", "t = 1 - np"),
    share=SLIP,
)
edited(
    "the whole of z_b instead of the way to it",
    "t times z_b was added to z_a, which stays whole: at t = 1 the path is not at z_b.",
    ("(1 - t) * z_a", "z_a"),
)
edited(
    "the way has the wrong direction",
    "The path begins at z_a, but leads away from z_b.",
    ("1 - t", "1 + t"),
    ("+ t *", "- t *"),
)


@mistake("the way begins at z_b", "The way from z_a to z_b was added to z_b: the path runs beyond its end.")
def lerp_beyond(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_b + np.asarray(t)[..., None] * (z_b - z_a)


edited(
    "z_a does not fade",
    "At the end z_a should have no weight any more, but it keeps part of it.",
    ("1 - t", "1 - t / 2"),
)
edited(
    "always the middle",
    "Whatever t is, the middle of the two came back.",
    ("np.asarray(t)[..., None]", "np.full(np.shape(t), 0.5)[..., None]"),
)
edited(
    "an eased instead of an even path",
    "The path starts and stops slowly. Equal steps of t must give equal steps.",
    ("    return", "    t = t * t * (3 - 2 * t)\n    return"),
    also=[[("    return", "    t = 0.5 - 0.5 * np.cos(np.pi * t)\n    return")]],
)


@mistake("a path on the sphere", "The points lie on a curve. Here the straight line is required.")
def lerp_spherical(z_a: Any, z_b: Any, t: Any) -> Any:
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)


edited(
    "an array of t multiplies the vector entry by entry",
    "With an array of t, its numbers met the entries of the vectors. Every t needs a row of its own: give t one "
    "axis more.",
    ("[..., None]", ""),
)
edited(
    "steps and dimensions are exchanged",
    "With an array of t, every t must give a row; here it gave a column.",
    ("return (1 - t) * z_a + t * z_b", "return ((1 - t) * z_a + t * z_b).T"),
    share=SLIP,
)
edited(
    "a float t gives a table",
    "For a float t one vector (k,) is required, not a table of one row.",
    ("np.asarray(t)[..., None]", "np.atleast_1d(t)[:, None]"),
    share=SLIP,
)


@mistake("t cannot be a float", "It runs through t, which does not work when t is a float.")
def lerp_loop(z_a: Any, z_b: Any, t: Any) -> Any:
    return np.array([(1 - one) * z_a + one * z_b for one in t])


@mistake(
    "an argument is changed in place",
    "z_a was multiplied in place, so that the caller's vector is different afterwards.",
)
def lerp_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    if np.ndim(t):
        return np.stack([(1 - one) * z_a + one * z_b for one in t])
    z_a *= 1 - t
    return z_a + t * z_b


edited(
    "computed in float16",
    "Half precision has three digits. Leave the arrays as they come.",
    ("np.asarray(t)", "np.asarray(t, np.float16)"),
    ("* z_a", "* np.float16(z_a)"),
    ("* z_b", "* np.float16(z_b)"),
)
edited("z_b is taken away", "t times z_b was subtracted. The two weighted vectors are added.", ("+ t *", "- t *"))
edited(
    "evenly spread steps instead of t",
    "Only the number of steps was taken from t, and np.linspace made steps of its own. t says where the points lie.",
    ("np.asarray(t)", "np.linspace(0, 1, np.size(t)).reshape(np.shape(t))"),
    also=[[("np.asarray(t)", "(np.linspace(0, 1, len(t)) if np.ndim(t) else np.asarray(t))")]],
)
edited(
    "points scaled to length 1",
    "Every point was divided by its length. A straight path keeps its lengths.",
    ("return (1", "z = (1"),
    ("t * z_b", "t * z_b\n    return z / np.linalg.norm(z, axis=-1, keepdims=True)"),
)


@mistake(
    "z_a is changed in place", "*= or += changed the caller's z_a, and the next point began there. Make new arrays."
)
def lerp_end_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    def point(s: Any) -> Any:
        nonlocal z_a
        z_a *= 1 - s
        z_a += s * z_b
        return z_a

    return np.array([point(s) for s in t]) if np.ndim(t) else point(t)


edited(
    "z_a grows instead of fading",
    "The two weights must add up to 1: as t grows, z_a loses its own.",
    ("1 - t", "1 + t"),
)
edited(
    "only the way, without z_a", "That is how far to go. The path begins at z_a: add the way to it.", ("(1 - t)", "-t")
)
edited(
    "an axis of length 1 is dropped",
    "For one step or one dimension an axis is missing. An array of t gives (steps, k), whatever these are.",
    ("np.asarray(t)[..., None]", "np.atleast_1d(t)[:, None]"),
    ("return (1 - t) * z_a + t * z_b", "return np.squeeze((1 - t) * z_a + t * z_b)"),
)


@mistake("z_b is changed in place", "-= changed the caller's z_b. Make a new array for the way: z_b - z_a.")
def lerp_way_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    z_b -= z_a
    return z_a + np.asarray(t)[..., None] * z_b


@variant
def lerp_by_way(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_a + np.multiply.outer(t, z_b - z_a)


@variant
def lerp_cases(z_a: Any, z_b: Any, t: Any) -> Any:
    if np.ndim(t) == 0:
        return (1 - t) * z_a + t * z_b
    return np.array([(1 - one) * z_a + one * z_b for one in t])


@variant
def lerp_lists(z_a: Any, z_b: Any, t: Any) -> Any:
    def at(one: float) -> list[float]:
        return [a + one * (b - a) for a, b in zip(z_a.tolist(), z_b.tolist(), strict=True)]

    return at(t) if isinstance(t, float) else [at(one) for one in t]


@variant
def lerp_matmul(z_a: Any, z_b: Any, t: Any) -> Any:
    weights = np.stack([1 - np.asarray(t), np.asarray(t)], axis=-1)
    return weights @ np.stack([z_a, z_b])


@variant
def lerp_float32(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t, dtype=np.float32)[..., None]
    return (1 - t) * z_a.astype(np.float32) + t * z_b.astype(np.float32)
