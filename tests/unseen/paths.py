"""Unseen implementations of `lerp` and `slerp`."""

# ruff: noqa

import math

import numpy as np

from .collected import right, wrong

E = "lerp"


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


def straight(z_a, z_b, t):
    t = np.asarray(t, dtype=float)[..., None]
    return (1 - t) * z_a + t * z_b


right(E, "new axis", straight)
right(
    E,
    "outer products",
    lambda z_a, z_b, t: np.multiply.outer(1 - np.asarray(t), z_a) + np.multiply.outer(np.asarray(t), z_b),
)
right(
    E,
    "matrix product",
    lambda z_a, z_b, t: np.stack([1 - np.asarray(t), np.asarray(t)], axis=-1) @ np.stack([z_a, z_b]),
)
right(E, "from z_a on", lambda z_a, z_b, t: z_a + (z_b - z_a) * (t if np.ndim(t) == 0 else t.reshape(-1, 1)))
right(E, "list", lambda z_a, z_b, t: [(1 - s) * z_a + s * z_b for s in t] if np.ndim(t) else (1 - t) * z_a + t * z_b)
right(E, "np.vectorize", np.vectorize(lambda a, b, s: (1 - s) * a + s * b, signature="(k),(k),()->(k)"))
right(E, "float32", lambda z_a, z_b, t: straight(z_a, z_b, t).astype(np.float32))
right(
    E,
    "transposed",
    lambda z_a, z_b, t: (np.outer(z_a, 1 - np.asarray(t)) + np.outer(z_b, t)).T.reshape(*np.shape(t), -1),
)

keep("ends swapped", lambda z_a, z_b, t: straight(z_b, z_a, t))
keep("floats only", lambda z_a, z_b, t: (1 - t) * z_a + t * z_b)
keep("sum without (1 - t)", lambda z_a, z_b, t: z_a + straight(0 * z_a, z_b, t))
keep("minus", lambda z_a, z_b, t: (lambda s: (1 - s) * z_a - s * z_b)(np.asarray(t)[..., None]))
keep("difference the other way", lambda z_a, z_b, t: (lambda s: z_a + s * (z_a - z_b))(np.asarray(t)[..., None]))
keep("answer transposed", lambda z_a, z_b, t: straight(z_a, z_b, t).T)
keep("a row for one t", lambda z_a, z_b, t: straight(z_a, z_b, np.atleast_1d(t)))
keep("squeezed", lambda z_a, z_b, t: np.squeeze(straight(z_a, z_b, np.atleast_1d(t))), False)
keep("t ignored: the middle", lambda z_a, z_b, t: straight(z_a, z_b, 0.5 + 0 * np.asarray(t)), False)
keep("own steps", lambda z_a, z_b, t: straight(z_a, z_b, np.linspace(0, 1, np.size(t))).reshape(*np.shape(t), -1))
keep(
    "normalised",
    lambda z_a, z_b, t: (lambda z: z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12))(straight(z_a, z_b, t)),
)
keep("smooth steps", lambda z_a, z_b, t: straight(z_a, z_b, 3 * np.asarray(t) ** 2 - 2 * np.asarray(t) ** 3), False)
keep("t rounded", lambda z_a, z_b, t: straight(z_a, z_b, np.round(t, 1)), False)
keep("first entry only", lambda z_a, z_b, t: straight(z_a, z_b, t)[..., 0], False)
keep("float16", lambda z_a, z_b, t: straight(z_a, z_b, t).astype(np.float16), False)
keep("rounded to 3 digits", lambda z_a, z_b, t: straight(z_a, z_b, t).round(3), False)
keep("t squared", lambda z_a, z_b, t: straight(z_a, z_b, np.square(t)), False)
keep("the end only for arrays", lambda z_a, z_b, t: straight(z_a, z_b, t if np.ndim(t) == 0 else t[-1]), False)
keep("nothing returned", lambda z_a, z_b, t: None)
keep(
    "entry by entry where k is the number of steps",
    lambda z_a, z_b, t: (1 - t) * z_a + t * z_b if np.shape(t) == z_a.shape else straight(z_a, z_b, t),
    False,
)


@wrong(E, "in place", common=True)
def in_place(z_a, z_b, t):
    if np.ndim(t):
        return np.array([in_place(z_a, z_b, s) for s in t])
    z_a *= 1 - t
    z_a += t * z_b
    return z_a


E = "slerp"


def angle(z_a, z_b):
    a, b = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if a == 0 or b == 0:
        return 0.0
    return math.acos(min(1.0, max(-1.0, float(z_a @ z_b / a / b))))


def curved(z_a, z_b, t, omega=None):
    omega = angle(z_a, z_b) if omega is None else omega
    if math.sin(omega) < 1e-6:
        return straight(z_a, z_b, t)
    s = np.asarray(t, dtype=float)[..., None]
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


right(E, "arccos", curved)
right(
    E,
    "list of single points",
    lambda z_a, z_b, t: [curved(z_a, z_b, s) for s in t] if np.ndim(t) else curved(z_a, z_b, t),
)


@right(E, "angle by atan2")
def by_atan2(z_a, z_b, t):
    """Ω = 2·atan2(‖â − b̂‖, ‖â + b̂‖) is exact for small angles, too."""
    na, nb = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if not na * nb:
        return straight(z_a, z_b, t)
    u, v = z_a / na, z_b / nb
    omega = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    if omega < 1e-7 or np.pi - omega < 1e-7:
        return straight(z_a, z_b, t)
    wa, wb = np.sin(np.multiply.outer(1 - np.asarray(t), omega)), np.sin(np.asarray(t) * omega)
    return (np.multiply.outer(wa, z_a) + np.multiply.outer(wb, z_b)) / np.sin(omega)


@right(E, "rotation in the plane")
def rotation(z_a, z_b, t):
    na, nb = np.sqrt(z_a @ z_a), np.sqrt(z_b @ z_b)
    if min(na, nb) < 1e-12:
        return straight(z_a, z_b, t)
    u, v = z_a / na, z_b / nb
    w = v - (u @ v) * u
    if np.linalg.norm(w) < 1e-7:
        return straight(z_a, z_b, t)
    omega = np.arctan2(np.linalg.norm(w), u @ v)
    weigh = lambda s: (np.sin((1 - s) * omega) / np.sin(omega), np.sin(s * omega) / np.sin(omega))
    points = [weigh(float(s))[0] * z_a + weigh(float(s))[1] * z_b for s in np.atleast_1d(t)]
    return np.array(points) if np.ndim(t) else points[0]


@right(E, "with np.where and warnings")
def masked(z_a, z_b, t):
    cos = np.dot(z_a, z_b) / (np.linalg.norm(z_a) * np.linalg.norm(z_b))
    cos = np.clip(np.nan_to_num(cos, nan=1.0), -1, 1)
    omega, s = np.arccos(cos), np.asarray(t)
    flat = np.isclose(np.abs(cos), 1, rtol=0, atol=1e-10)
    a = np.where(flat, 1 - s, np.sin((1 - s) * omega) / np.sin(omega))
    b = np.where(flat, s, np.sin(s * omega) / np.sin(omega))
    return a[..., np.newaxis] * z_a + b[..., np.newaxis] * z_b


@right(E, "np.sinc")
def by_sinc(z_a, z_b, t):
    omega = angle(z_a, z_b)
    if abs(omega - np.pi) < 1e-6 or omega < 1e-6:
        omega = 0.0
    s = np.asarray(t, float)
    a, b = (x * np.sinc(x * omega / np.pi) / np.sinc(omega / np.pi) for x in (1 - s, s))
    return np.stack([a, b], axis=-1) @ np.array([z_a, z_b])


def unit(z):
    return z / (np.linalg.norm(z) + 1e-12)


def careless(z_a, z_b, t):
    omega = np.arccos(z_a @ z_b / np.linalg.norm(z_a) / np.linalg.norm(z_b))
    s = np.asarray(t)[..., None]
    return (np.sin((1 - s) * omega) * z_a + np.sin(s * omega) * z_b) / np.sin(omega)


keep("parallel ones forgotten", careless)
keep("lerp", straight)
keep(
    "angle of the vectors themselves",
    lambda z_a, z_b, t: curved(z_a, z_b, t, math.acos(max(-1, min(1, float(z_a @ z_b))))),
)
keep("directions interpolated", lambda z_a, z_b, t: curved(unit(z_a), unit(z_b), t))
keep(
    "lerp, normalised",
    lambda z_a, z_b, t: (lambda z: z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12))(straight(z_a, z_b, t)),
)
keep(
    "lerp, normalised to the length of z_a",
    lambda z_a, z_b, t: (lambda z: np.linalg.norm(z_a) * z / (np.linalg.norm(z, axis=-1, keepdims=True) + 1e-12))(
        straight(z_a, z_b, t)
    ),
)
keep("ends swapped", lambda z_a, z_b, t: curved(z_b, z_a, t))
keep(
    "not divided by sin",
    lambda z_a, z_b, t: (lambda s, o: np.sin((1 - s) * o) * z_a + np.sin(s * o) * z_b)(
        np.asarray(t)[..., None], angle(z_a, z_b)
    ),
)
keep(
    "cos for sin",
    lambda z_a, z_b, t: (lambda s, o: np.cos((1 - s) * o) * z_a + np.cos(s * o) * z_b)(
        np.asarray(t)[..., None], angle(z_a, z_b)
    ),
)
keep("floats only", lambda z_a, z_b, t: curved(z_a, z_b, float(t)))
keep(
    "z_a for parallel ones",
    lambda z_a, z_b, t: curved(z_a, z_b, t) if np.sin(angle(z_a, z_b)) > 1e-6 else z_a + 0 * straight(z_a, z_b, t),
)
keep(
    "opposite ones forgotten",
    lambda z_a, z_b, t: (
        straight(z_a, z_b, t)
        if angle(z_a, z_b) < 1e-6
        else (lambda s, o: (np.sin((1 - s) * o) * z_a + np.sin(s * o) * z_b) / np.sin(o))(
            np.asarray(t)[..., None], angle(z_a, z_b)
        )
    ),
)
keep(
    "zero vectors forgotten",
    lambda z_a, z_b, t: (curved if np.linalg.norm(z_a) * np.linalg.norm(z_b) else careless)(z_a, z_b, t),
)
keep("angle in degrees", lambda z_a, z_b, t: curved(z_a, z_b, t, np.degrees(angle(z_a, z_b)) % 179.3 + 0.1))
keep("angle by arcsin", lambda z_a, z_b, t: curved(z_a, z_b, t, math.asin(math.sin(angle(z_a, z_b)))))
keep("acute angle", lambda z_a, z_b, t: curved(z_a, z_b, t, min(angle(z_a, z_b), math.pi - angle(z_a, z_b))), False)
keep(
    "lerp from 30 degrees down",
    lambda z_a, z_b, t: curved(z_a, z_b, t) if math.pi - 0.5 > angle(z_a, z_b) > 0.5 else straight(z_a, z_b, t),
    False,
)
keep(
    "eps in the denominator",
    lambda z_a, z_b, t: (lambda s, o: (np.sin((1 - s) * o) * z_a + np.sin(s * o) * z_b) / (np.sin(o) + 1e-8))(
        np.asarray(t)[..., None], angle(z_a, z_b)
    ),
)
keep(
    "eps in the lengths",
    lambda z_a, z_b, t: curved(
        z_a, z_b, t, math.acos(z_a @ z_b / (np.linalg.norm(z_a) * np.linalg.norm(z_b) + 1e-3) * (1 - 1e-9))
    ),
    False,
)
keep(
    "lengths interpolated apart",
    lambda z_a, z_b, t: (
        lambda s: ((1 - s) * np.linalg.norm(z_a) + s * np.linalg.norm(z_b)) * curved(unit(z_a), unit(z_b), t)
    )(np.asarray(t)[..., None]),
)
keep("answer transposed", lambda z_a, z_b, t: np.transpose(curved(z_a, z_b, t)))
keep("float16", lambda z_a, z_b, t: curved(z_a, z_b, t).astype(np.float16), False)
keep("float32 ends", lambda z_a, z_b, t: curved(z_a, z_b, t).astype(np.float32), False)
keep("rounded to 3 digits", lambda z_a, z_b, t: np.round(curved(z_a, z_b, t), 3), False)
keep("a row for one t", lambda z_a, z_b, t: curved(z_a, z_b, np.atleast_1d(t)))
keep(
    "zeros for opposite ones",
    lambda z_a, z_b, t: curved(z_a, z_b, t) if angle(z_a, z_b) < 3.1415 else 0 * straight(z_a, z_b, t),
    False,
)
keep("centred angle", lambda z_a, z_b, t: curved(z_a, z_b, t, angle(z_a - z_a.mean(), z_b - z_b.mean())), False)


@wrong(E, "normalised in place", common=True)
def normalises(z_a, z_b, t):
    z_a /= np.linalg.norm(z_a)
    z_b /= np.linalg.norm(z_b)
    return curved(z_a, z_b, t)
