"""Hidden checks of `slerp`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays
from ...checks.exercise import Answer, Call, Check
from ...checks.judges import close
from ...checks.latent_space.shared import INSIDE, LONG, NUMBERS, STEPS, A, B, pairs, with_t
from ...checks.latent_space.slerp import ANGLED, NO_PLANE, UNIT, apart
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..values import values, with_large
from .shared import SLIP, T

_HIGH = st.tuples(arrays((24,), NUMBERS), arrays((24,), NUMBERS)).filter(apart)
COPIES = st.tuples(
    pairs(1).map(lambda two: two[0]), st.sampled_from([0.5, 1.0, 2.0, 3.0]), st.one_of(INSIDE, STEPS)
).map(lambda drawn: (drawn[0], drawn[1] * drawn[0], drawn[2]))
AXES = st.tuples(st.integers(1, 5), st.integers(0, 4), st.sampled_from([-1.0, 1.0]), st.one_of(INSIDE, STEPS)).map(
    lambda drawn: (
        drawn[2] * np.eye(drawn[0])[drawn[1] % drawn[0]],
        -drawn[2] * np.eye(drawn[0])[drawn[1] % drawn[0]],
        drawn[3],
    )
)
# Copies whose cosine comes out above 1, however it is computed: the last digit is rounded up.
_ROUNDED_UP = np.array([0.1, 0.7])
STRAIGHT = [(*two, 0.3) for two in (*NO_PLANE, (_ROUNDED_UP, 3 * _ROUNDED_UP))] + [(*two, T) for two in NO_PLANE[:4]]
# The smallest that is asked: whoever goes straight from a cosine of 0.9995 on, as public code does, is right.
SMALL_ANGLE = (A, 2 * np.array([np.cos(0.06), np.sin(0.06)]), 0.5)

CHECKS: tuple[Check, ...] = (
    values(
        "one t",
        "The point at t is right, within 1e-5 relative.",
        oracles.slerp,
        points=1.5,
        first=[(A, B, 0.25), (*LONG, 0.5)],
        examples=with_t(ANGLED, INSIDE),
    ),
    values(
        "many t",
        "An array of t gives the right points, one a row.",
        oracles.slerp,
        points=1,
        first=[(A, B, T), (*LONG, T), (*LONG, np.array([0.2, 0.9, 0.5]))],
        examples=with_t(ANGLED, STEPS),
    ),
    values(
        "at the ends",
        "At t = 0 and t = 1 the path is at z_a and z_b, within 1e-9.",
        oracles.lerp,
        points=0.5,
        earns=False,
        rtol=0,
        atol=1e-9,
        first=[(*LONG, 0.0), (*LONG, 1.0), (*LONG, np.array([0.0, 1.0]))],
        examples=with_t(ANGLED, st.sampled_from([0.0, 1.0])),
    ),
    values(
        "straight where no plane",
        "Where the vectors are parallel, exactly opposite or zero, the path goes straight.",
        oracles.lerp,
        points=1.25,
        earns=False,
        first=STRAIGHT,
        examples=st.one_of(COPIES, AXES),
        count=14,
    ),
    values(
        "directions and high dimensions",
        "Unit vectors, small angles and vectors of many dimensions are no special cases.",
        oracles.slerp,
        points=0.5,
        first=[(A, np.array([0.6, 0.8]), 0.5), SMALL_ANGLE],
        examples=with_t(st.one_of(UNIT, _HIGH), INSIDE),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.slerp,
    lambda draw: (draw.uniform(-2, 2, 14), draw.uniform(-2, 2, 14), draw.uniform(0, 1, 300)),
    points=0.25,
)

BUILDS_ON = ("lerp",)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("slerp")


@variant
def slerp_by_angle(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    cosine = np.clip(np.dot(z_a, z_b) / lengths, -1, 1) if lengths else 1.0
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return (1 - t) * z_a + t * z_b
    divisor = np.sin(angle)
    return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / divisor


edited = CATALOGUE.edits("slerp", slerp_by_angle)
_UNLOOKED = ("    if np.sin(angle) < 1e-6:\n        return (1 - t) * z_a + t * z_b\n", "")


def _no_path_of_its_own(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all is right where the vectors span a plane, and nothing where they are opposite or zero.

    What comes out there, and between parallel vectors, hangs on the last bit of a cosine.
    """
    plane, apart = [], []
    for call, answer in zip(calls, answers, strict=True):
        z_a, z_b, t = call.args
        lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
        right = close(answer.value, oracles.slerp(*call.args))
        if lengths == 0 or z_a @ z_b <= (1e-12 - 1) * lengths:
            apart.append(right)
        elif z_a @ z_b < (1 - 1e-12) * lengths:
            plane.append((right, np.ndim(t)))
    return not any(apart) and all(right for right, _ in plane) and {axes for _, axes in plane} == {0, 1}


def _in_place(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether arguments were changed and the points are right; which calls show it hangs on the last bit of a length."""
    return any(answer.changed for answer in answers) and all(
        close(answer.value, oracles.slerp(*call.args)) for call, answer in zip(calls, answers, strict=True)
    )


edited(
    "a straight path",
    "This is the straight line. Points between two vectors of length 1 must keep length 1.",
    ("np.sin(angle) < 1e-6", "True"),
)


@mistake(
    "the straight path, scaled to length 1",
    "The points of the straight line were brought to length 1. They do not follow each other at an even pace.",
)
def slerp_normalised_lerp(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    z = (1 - t) * z_a + t * z_b
    length = np.linalg.norm(z, axis=-1, keepdims=True)
    return z / np.where(length > 0, length, 1)


edited(
    "the vectors are scaled to length 1",
    "The path joins the directions of the vectors, and so begins and ends at length 1. Only the angle comes "
    "from the "
    "directions; the vectors stay as they are.",
    (
        "    angle =",
        "    if lengths:\n        z_a, z_b = z_a / np.linalg.norm(z_a), z_b / np.linalg.norm(z_b)\n    angle =",
    ),
    also=[
        [("angle) * z_a", "angle) * z_a / np.linalg.norm(z_a)"), ("angle) * z_b", "angle) * z_b / np.linalg.norm(z_b)")]
    ],
    share=SLIP,
)
edited(
    "the angle without the lengths",
    "The angle was taken from the vectors as they are. Their lengths must be taken out before the arc cosine.",
    (" / lengths, -1, 1) if lengths else 1.0", ", -1, 1)"),
    also=[[(" / lengths, -1, 1)", ", -1, 1)")]],
)
edited(
    "the length is carried over from end to end",
    "The length of the points goes evenly from one end's to the other's. That is another path: here the weights "
    "are "
    "applied to the vectors as they are.",
    ("angle) * z_a", "angle) * z_a / np.linalg.norm(z_a)"),
    ("angle) * z_b", "angle) * z_b / np.linalg.norm(z_b)"),
    ("/ divisor", "/ divisor * ((1 - t) * np.linalg.norm(z_a) + t * np.linalg.norm(z_b))"),
)


@mistake(
    "division by zero where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero it divides by zero, or nearly so. These cases need a path "
    "of their own.",
)
def slerp_unguarded(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    angle = np.arccos(np.dot(z_a / np.linalg.norm(z_a), z_b / np.linalg.norm(z_b)))
    return np.sin((1 - t) * angle) / np.sin(angle) * z_a + np.sin(t * angle) / np.sin(angle) * z_b


edited(
    "a zero vector has no direction",
    "Parallel and opposite vectors are seen to, but a zero vector is divided by its length.",
    (" if lengths else 1.0", ""),
)
edited(
    "opposite vectors are forgotten",
    "Parallel vectors are seen to, but between opposite ones the sine of the angle vanishes as well.",
    ("if np.sin(angle) < 1e-6", "if angle < 1e-6"),
)
edited(
    "the start comes back where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero, the path stays at z_a. It must go straight to z_b.",
    ("return (1 - t) * z_a + t * z_b", "return z_a + 0 * t"),
)
edited(
    "the angle in degrees",
    "The angle was turned into degrees, but the sine needs radians.",
    ("    divisor", "    angle = np.degrees(angle)\n    divisor"),
    also=[[("np.arccos(cosine)", "np.degrees(np.arccos(cosine))")]],
)

edited(
    "t runs backwards",
    "At t = 0 the path is at z_b, and at t = 1 at z_a. It must be the other way round.",
    ("t = np", "t = 1 - np"),
    share=SLIP,
)
edited(
    "the weights of z_a and z_b are exchanged",
    "On the arc, the weights of z_a and z_b changed places: at t = 0 the path is at z_b.",
    ("np.sin((1 - t) * angle) * z_a", "np.sin(t * angle) * z_a"),
    ("np.sin(t * angle) * z_b", "np.sin((1 - t) * angle) * z_b"),
    share=SLIP,
)


@mistake(
    "a quarter circle for every pair",
    "The weights are those of a right angle. The angle between the two vectors has to enter.",
)
def slerp_quarter(z_a: Any, z_b: Any, t: Any) -> Any:
    angle = np.asarray(t)[..., None] * np.pi / 2
    return np.cos(angle) * z_a + np.sin(angle) * z_b


edited(
    "z_b is turned round for obtuse angles",
    "Where the angle is more than 90 degrees, the path leads to the opposite of z_b. That is right for "
    "rotations, where "
    "both mean the same, but not for latent vectors.",
    ("    divisor", "    if cosine < 0:\n        z_b, angle = -z_b, np.pi - angle\n    divisor"),
    also=[[("    angle = ", "    if cosine < 0:\n        z_b, cosine = -z_b, -cosine\n    angle = ")]],
)

edited(
    "the division by the sine is missing",
    "The weights are not divided by the sine of the whole angle, so that the path does not begin at z_a.",
    ("divisor = np.sin(angle)", "divisor = 1.0"),
    share=SLIP,
)
edited(
    "the cosine is taken for the angle",
    "The product of the directions is the cosine of the angle, not the angle itself.",
    ("np.sin(angle) < 1e-6", "abs(cosine) > 1 - 1e-9 or abs(cosine) < 1e-9"),
    ("    divisor", "    angle = cosine\n    divisor"),
    also=[[("np.arccos(cosine)", "cosine")]],
)

edited(
    "the arc sine instead of the arc cosine",
    "The product of the directions is a cosine; its angle was taken as if it were a sine.",
    ("np.sin(angle) < 1e-6", "abs(cosine) > 1 - 1e-9 or abs(cosine) < 1e-9"),
    ("    divisor", "    angle = np.arcsin(cosine)\n    divisor"),
    also=[[("np.arccos(cosine)", "np.arcsin(cosine)")]],
)

edited(
    "an array of t multiplies the vector entry by entry",
    "With an array of t, its numbers met the entries of the vectors. Every t needs a row of its own: give t one "
    "axis more.",
    ("[..., None]", ""),
    also=[[("    divisor", "    t = t[..., 0]\n    divisor")]],
)
edited(
    "steps and dimensions are exchanged",
    "With an array of t, every t must give a row; here it gave a column.",
    ("return (1 - t) * z_a + t * z_b", "return ((1 - t) * z_a + t * z_b).T"),
    ("return (np.sin", "return ((np.sin"),
    ("/ divisor", "/ divisor).T"),
    share=SLIP,
)
edited(
    "a float t gives a table",
    "For a float t one vector (k,) is required, not a table of one row.",
    ("np.asarray(t)[..., None]", "np.atleast_1d(t)[:, None]"),
    share=SLIP,
)


@mistake(
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


edited(
    "something is added to the sine",
    "A small number was added to the sine before the division, so that every point is a little off, the ends too.",
    ("np.linalg.norm(z_b)", "np.linalg.norm(z_b) + 1e-3"),
    ("divisor = np.sin(angle)", "divisor = np.sin(angle) + 1e-3"),
)


@mistake("computed in float16", "Half precision has three digits. Leave the arrays as they come.")
def slerp_float16(z_a: Any, z_b: Any, t: Any) -> Any:
    z_a, z_b, t = np.float16(z_a), np.float16(z_b), np.asarray(t, np.float16)[..., None]
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    angle = np.arccos(np.clip(np.dot(z_a, z_b) / lengths, -1, 1)) if lengths else np.float16(0)
    if np.sin(angle) < 1e-2:
        return (1 - t) * z_a + t * z_b
    return np.float16((np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle))


@mistake(
    "the straight path, scaled to the length of z_a",
    "A straight path pushed out to the sphere runs at an uneven pace, and forgets the length of z_b.",
)
def slerp_pushed(z_a: Any, z_b: Any, t: Any) -> Any:
    s = np.asarray(t)[..., None]
    z = (1 - s) * z_a + s * z_b
    return np.linalg.norm(z_a) * z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12)


edited(
    "cosines instead of sines",
    "The weights are sines of parts of the angle, divided by the sine of the angle.",
    _UNLOOKED,
    ("np.sin((1 - t) * angle)", "np.cos((1 - t) * angle)"),
    ("np.sin(t * angle)", "np.cos(t * angle)"),
    ("divisor = np.sin(angle)", "divisor = 1.0"),
)
edited(
    "one point at a time",
    "`float` takes one number. For an array of t there is a point for each.",
    ("np.asarray(t)[..., None]", "float(t)"),
)
edited(
    "obtuse angles come out acute",
    "An arc sine, or the arc cosine of the product without its sign, never gives more than a right angle. The arc cosine of "
    "the product with its sign does.",
    ("np.arccos(cosine)", "np.arccos(abs(cosine))"),
)
edited(
    "a small number in the denominator",
    "It avoids the division by 0, but moves every point a little, and parallel vectors do not go straight. Treat that case by itself.",
    _UNLOOKED,
    ("divisor = np.sin(angle)", "divisor = np.sin(angle) + 1e-8"),
)


@mistake("z_a and z_b are changed in place", "/= scaled the caller's vectors. Make new arrays for the directions.")
def slerp_ends_in_place(z_a: Any, z_b: Any, t: Any) -> Any:
    z_a /= np.linalg.norm(z_a)
    z_b /= np.linalg.norm(z_b)
    omega, s = np.arccos(np.clip(z_a @ z_b, -1, 1)), np.asarray(t)[..., None]
    if np.sin(omega) < 1e-6:
        return (1 - s) * z_a + s * z_b
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


edited(
    "no path of its own where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero, the sine of the angle is 0, or nearly so, or there is no angle. "
    "Look before you divide: these cases go straight.",
    _UNLOOKED,
    (" if lengths else 1.0", ""),
)
edited(
    "the cosine is not kept between -1 and 1",
    "Rounding carries the cosine of parallel vectors a little past 1, where there is no arc cosine. Keep it inside.",
    ("np.clip(np.dot(z_a, z_b) / lengths, -1, 1)", "np.dot(z_a, z_b) / lengths"),
)
edited(
    "an error where the vectors span no plane",
    "Vectors that are parallel, opposite or zero are refused. They have an answer: the straight path.",
    ("return (1 - t) * z_a + t * z_b", "raise ValueError('The vectors span no plane.')"),
)
edited(
    "a straight path for small angles",
    "Vectors of different directions span a plane, however near they are: go straight only where rounding would show.",
    ("np.sin(angle) < 1e-6", "abs(cosine) > 0.99"),
)
edited(
    "the weights of a turn by a right angle to z_b",
    "A cosine and a sine of one part of the angle lead to z_b only when the angle is a right one.",
    ("np.sin((1 - t) * angle)", "np.cos(t * angle)"),
    ("divisor = np.sin(angle)", "divisor = 1.0"),
)
edited(
    "divided by the angle",
    "The weights are divided by the sine of the angle, not by the angle itself.",
    ("divisor = np.sin(angle)", "divisor = angle"),
)
edited(
    "the angle stands outside the sine",
    "The sine was taken of the share alone and multiplied by the angle. Set brackets: the sine of share times angle.",
    ("np.sin((1 - t) * angle)", "np.sin(1 - t) * angle"),
    ("np.sin(t * angle)", "np.sin(t) * angle"),
)
edited(
    "no path of its own where the vectors span no plane",
    "Where the vectors are parallel, opposite or zero, the sine of the angle is 0, or nearly so, or there is no angle. "
    "Look before you divide: these cases go straight.",
    _UNLOOKED,
    (" if lengths else 1.0", ""),
    tell=_no_path_of_its_own,
)


@variant
def slerp_textbook(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t).reshape(*np.shape(t), 1)
    na, nb = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if na == 0 or nb == 0:
        return (1 - t) * z_a + t * z_b
    cosine = np.dot(z_a / na, z_b / nb)
    if abs(cosine) > 0.9995:
        return (1 - t) * z_a + t * z_b
    omega = np.arccos(cosine)
    return np.sin((1 - t) * omega) / np.sin(omega) * z_a + np.sin(t * omega) / np.sin(omega) * z_b


@variant
def slerp_atan(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    na, nb = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if na * nb > 0:
        u, v = z_a / na, z_b / nb
        omega = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
        if 1e-7 < omega < np.pi - 1e-7:
            return (np.sin(omega - t * omega) * z_a + np.sin(t * omega) * z_b) / np.sin(omega)
    return z_a + t * (z_b - z_a)


@variant
def slerp_loop(z_a: Any, z_b: Any, t: Any) -> Any:
    import math

    def at(one: float) -> list[float]:
        lengths = math.sqrt(sum(a * a for a in z_a)) * math.sqrt(sum(b * b for b in z_b))
        omega = (
            math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(z_a, z_b, strict=True)) / lengths)))
            if lengths
            else 0.0
        )
        if math.sin(omega) < 1e-5:
            first, second = 1 - one, one
        else:
            first, second = math.sin((1 - one) * omega) / math.sin(omega), math.sin(one * omega) / math.sin(omega)
        return [first * a + second * b for a, b in zip(z_a, z_b, strict=True)]

    return at(t) if np.ndim(t) == 0 else [at(one) for one in t]


@variant
def slerp_weights(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t, dtype=float)
    lengths = np.sqrt((z_a @ z_a) * (z_b @ z_b))
    omega = np.arccos(np.clip((z_a @ z_b) / lengths, -1, 1)) if lengths > 0 else 0.0
    so = np.sin(omega)
    weights = np.array([1 - t, t]) if so < 1e-6 else np.array([np.sin((1 - t) * omega), np.sin(t * omega)]) / so
    return np.einsum("i...,ik->...k", weights, np.array([z_a, z_b]))


@variant
def slerp_where(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    cosine = np.dot(z_a, z_b) / (np.linalg.norm(z_a) * np.linalg.norm(z_b))
    omega = np.arccos(cosine)
    if not np.isfinite(omega) or abs(np.sin(omega)) < 1e-7:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * omega) * z_a + np.sin(t * omega) * z_b) / np.sin(omega)
