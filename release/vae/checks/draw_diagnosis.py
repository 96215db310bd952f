"""Tell from draws alone what went wrong with them, however the rng was used: one thing, or two independent ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import random_draws
from .exercise import Answer, Call, Rng
from .identity_cache import latest
from .judges import rounded

Array = Any
_NEAR, _LOOSE, _DIGITS = 0.12, 0.4, 3
Drawn = Mapping[str, Sequence[tuple[Call, Array]]]
"""Calls with their answers, by the handle of the rng that they were given."""

IN_PLACE = "an argument is changed in place"
NO_NOISE = "no noise"
ONE_FOR_ALL = "one number of noise for everything"
ONE_DRAW = "one draw for all samples"
ONE_PER_SAMPLE = "one number of noise for each sample"
ROWS_SHARE = "the rows share their noise"
MIRRORED = "every draw comes with its mirror image"
REUSED = "noise is used more than once"
NO_RNG = "the random numbers do not come from rng"
FIXED = "a generator of its own with a fixed seed"
REWOUND = "rng does not move on"
HALF, ROUNDED = "computed in float16", "the draws are rounded"
FEW = "only a few different values of noise"
CLIPPED = "the noise is clipped"
CUT = "large noise is thrown away"
POSITIVE = "the noise is never negative"
UNIFORM = "uniform instead of normal noise"
HEAVY = "noise with heavy tails"
SHRUNK = "the spread of an average of the samples"
UNIT_ROWS, SHELL = "every row has length 1", "every row has the length √k"
SCALED, MOVED = "the spread is not 1", "the middle is not 0"
STANDARDISED, CENTRED = "the draws are standardised", "the draws are centred"
DIVIDED = "divided by the number of dimensions or its root"

_SOURCES = (NO_RNG, FIXED, REWOUND)
NO_MU = "mu is missing"
_OF_SIGMA = (
    "sigma is squared", "the square root of sigma is taken", "sigma read as log sigma", "sigma read as a log variance",
    "the noise is divided by sigma",
)  # fmt: skip
_SCALES: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "right": (lambda mu, sigma: mu, lambda mu, sigma: sigma),
    "sigma is squared": (lambda mu, sigma: mu, lambda mu, sigma: sigma**2),
    "the square root of sigma is taken": (lambda mu, sigma: mu, lambda mu, sigma: np.sqrt(sigma)),
    "sigma read as log sigma": (lambda mu, sigma: mu, lambda mu, sigma: np.exp(sigma)),
    "sigma read as a log variance": (lambda mu, sigma: mu, lambda mu, sigma: np.exp(sigma / 2)),
    "the noise is divided by sigma": (lambda mu, sigma: mu, lambda mu, sigma: 1 / sigma),
    "sigma is missing": (lambda mu, sigma: mu, lambda mu, sigma: np.ones(sigma.shape)),
    NO_MU: (lambda mu, sigma: 0 * mu, lambda mu, sigma: sigma),
    "standard normal draws come back": (lambda mu, sigma: 0 * mu, lambda mu, sigma: np.ones(sigma.shape)),
    "mu and sigma are swapped": (lambda mu, sigma: sigma, lambda mu, sigma: np.abs(mu)),
    "mu is stretched as well": (lambda mu, sigma: mu * sigma, lambda mu, sigma: sigma),
    "the product is taken of mu, not of the noise": (
        lambda mu, sigma: mu * sigma,
        lambda mu, sigma: np.ones(sigma.shape),
    ),
    "sigma is added": (lambda mu, sigma: mu + sigma, lambda mu, sigma: np.ones(sigma.shape)),
}


@latest
def posterior(calls: Sequence[Call], answers: Sequence[Answer]) -> tuple[str, ...]:
    """The diagnosis of what `sample_posterior` answered to the public calls, one name or two; empty where none fits."""
    found = by_handle(calls, answers)
    mu, sigma = next(call.args[:2] for call, _ in found["follows"])
    if any(answer.changed for answer in answers):
        return (IN_PLACE,)
    z = found["follows"][0][1]
    return _of_two(z, mu, sigma, found) or _tuple(diagnosis(z, mu, sigma, alone_of(found)))


def _of_two(z: Array, mu: Array, sigma: Array, drawn: Drawn) -> tuple[str, ...]:
    """Where the noise comes from, or who shares it, together with what was made of mu and sigma; empty where that is not both wrong."""
    if constant := _constant((z - mu) / sigma):
        return _of_one_draw(drawn) if constant == ONE_DRAW else ()
    source, placed = _source(alone_of(drawn)), _placed(z, mu, sigma)
    if source and placed:
        return placed, source
    if not placed:
        return _widened_without_mu(z, mu, sigma) or _placed_and_shaped(z, mu, sigma)
    if placed not in _SCALES:
        return ()
    middle, width = _SCALES[placed]
    noise = (z - middle(mu, sigma)) / width(mu, sigma)
    who = _shared(noise) or _used_again(z, noise)
    return (placed, who) if who else ()


def _of_one_draw(drawn: Drawn) -> tuple[str, ...]:
    """What was made of mu and sigma where each call has one draw for all samples; empty where several things fit, or none."""
    firsts = [(value[0], *call.args[:2]) for some in drawn.values() for call, value in some]
    if not all(_same(value, value[0]) for some in drawn.values() for _, value in some):
        return ()

    def fits(name: str) -> bool:
        middle, width = _SCALES[name]
        noise = np.concatenate([np.ravel((one - middle(mu, sigma)) / width(mu, sigma)) for one, mu, sigma in firsts])
        return bool(abs(noise.mean()) < _NEAR and abs(noise.std() - 1) < _NEAR)

    found = [name for name in _SCALES if fits(name)]
    return (found[0], ONE_DRAW) if len(found) == 1 and found[0] != "right" else ()


def _widened_without_mu(z: Array, mu: Array, sigma: Array) -> tuple[str, ...]:
    """What was made of sigma where mu is missing as well; empty where none fits."""
    widths = ((name, _SCALES[name][1](mu, sigma)) for name in _OF_SIGMA)
    return next(((NO_MU, name) for name, wide in widths if _lies(z, 0 * mu, wide)), ())


def _placed_and_shaped(z: Array, mu: Array, sigma: Array) -> tuple[str, ...]:
    """What was made of mu and sigma, and which other noise it was made with; empty where none fits."""
    for name, (middle, width) in _SCALES.items():
        shape = _of_one_shape((z - middle(mu, sigma)) / width(mu, sigma), len(z)) if name != "right" else ""
        # Entries of several widths that are mixed up have heavy tails as well.
        if shape and shape != HEAVY:
            return name, shape
    return ()


def _tuple(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


@latest
def prior(calls: Sequence[Call], answers: Sequence[Answer]) -> tuple[str, ...]:
    """The diagnosis of what `sample_prior` answered to the public calls, one name or two; empty where none fits."""
    found = by_handle(calls, answers)
    z = found["follows"][0][1]
    lengths = np.linalg.norm(z, axis=1)
    if np.ptp(lengths) < 1e-4 and np.ptp(z, axis=0).max() > 1e-4:
        at = abs(lengths[0] - np.array([1.0, np.sqrt(z.shape[1])])) < 1e-4
        where = (UNIT_ROWS,) if at[0] else (SHELL,) if at[1] else ()
        return (*where, *_tuple(_source(alone_of(found)))) if where else ()
    k = z.shape[1]
    folded = z.reshape(len(z), 2, -1)
    none, one = np.zeros((2, k // 2)), np.ones((2, k // 2))
    about = diagnosis(folded, none, one, alone_of(found))
    if about in _SOURCES:
        shape = _placed(folded, none, one)
        return *_of_prior(shape, z), about
    if about in (ONE_PER_SAMPLE, ROWS_SHARE, MIRRORED, REUSED):
        return *_placed_around_zero(z), about
    if about == ONE_DRAW:
        rows = np.concatenate([value[0] for some in found.values() for _, value in some])
        return *_placed_around_zero(rows[:, None], _LOOSE), about
    return _of_prior(about, z)


def _of_prior(about: str, z: Array) -> tuple[str, ...]:
    """The diagnosis, or where draws lie: names of what mu and sigma do to draws are of no use where there are none."""
    if about and about not in _SCALES:
        return (about,)
    return _placed_around_zero(z)


def _placed_around_zero(z: Array, room: float = 0.2) -> tuple[str, ...]:
    middle, spread, k = float(z.mean()), float(z.std()), z.shape[1]
    moved, scaled = abs(middle) > room * spread, abs(spread - 1) > room
    if not moved and k > 1 and _near(spread * np.sqrt(k), k):
        return (DIVIDED,)
    return tuple(name for name, there in ((MOVED, moved), (SCALED, scaled)) if there)


def _near(factor: float, k: int) -> bool:
    return bool(min(abs(factor - 1), abs(factor * np.sqrt(k) - 1)) < 0.1)


def by_handle(calls: Sequence[Call], answers: Sequence[Answer]) -> dict[str, list[tuple[Call, Array]]]:
    """Calls with their answers by the handle of the rng they were given."""
    found: dict[str, list[tuple[Call, Array]]] = {}
    for call, answer in zip(calls, answers, strict=True):
        handle = next(argument.handle for argument in call.args if isinstance(argument, Rng))
        found.setdefault(handle, []).append((call, answer.value))
    return found


def alone_of(found: Drawn) -> list[Array]:
    """The answers to the public calls of `draws.calls_alone`, in their order."""
    return [value for handle in ("alone", "alone anew", "alone other") for _, value in found[handle]]


def diagnosis(z: Array, mu: Array, sigma: Array, alone: Sequence[Array]) -> str:
    """What is wrong with draws z of shape (n, *mu.shape), mu having two axes; "" where nothing known fits."""
    noise = (z - mu) / sigma
    return (
        _constant(noise)
        or _source(alone)
        or _shared(noise)
        or (_coarse(z) if np.ptp(noise) > 0 and _many(noise) else "")
        or _used_again(z, noise)
        or _exact(noise.reshape(len(noise), -1))
        or _placed(z, mu, sigma)
    )


def _same(one: Array, other: Array) -> bool:
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-5))


def _constant(noise: Array) -> str:
    if not _same(noise, noise[:1]):
        return ""
    if _same(noise, 0):
        return NO_NOISE
    return ONE_FOR_ALL if _same(noise, noise.flat[0]) else ONE_DRAW


def _source(alone: Sequence[Array]) -> str:
    first, second, anew, _, other = alone
    if _same(first, second):
        return FIXED if _same(first, other) else REWOUND
    return "" if _same(first, anew) else NO_RNG


def _shared(noise: Array) -> str:
    if _same(noise, noise[:, :1, :1]):
        return ONE_PER_SAMPLE
    return ROWS_SHARE if _same(noise, noise[:, :1]) else ""


def _many(noise: Array) -> bool:
    return np.unique(np.round(noise, 6)).size > 20


def _coarse(z: Array) -> str:
    """What put draws on a grid, on which some of them meet."""
    if np.array_equal(z, z.astype(np.float16)):
        return HALF
    return ROUNDED if rounded(z, _DIGITS) else ""


def _used_again(z: Array, noise: Array) -> str:
    if not random_draws.repeated(noise):
        return ""
    if not _many(noise):
        return FEW
    # On a grid numbers meet that were drawn apart.
    if rounded(z, _DIGITS) or rounded(noise, _DIGITS):
        return ROUNDED
    mirrored = random_draws.coincidences(noise) < noise.size / 20
    return MIRRORED if mirrored else REUSED


def _exact(noise: Array) -> str:
    if not random_draws.centred(noise):
        return ""
    off = min(np.abs(noise.std(axis=0) - 1).max(), abs(noise.std() - 1) * 1e3)
    return STANDARDISED if off < 1e-3 else CENTRED


def _placed(z: Array, mu: Array, sigma: Array) -> str:
    for name, (middle, width) in _SCALES.items():
        if _lies(z, middle(mu, sigma), width(mu, sigma)):
            return _shaped((z - mu) / sigma, len(z)) if name == "right" else name
    return _of_one_shape((z - mu) / sigma, len(z))


def _lies(z: Array, at: Array, wide: Array) -> bool:
    """Whether draws lie around a middle with a width, as far as chance lets tell."""
    mean, spread = z.mean(axis=0), z.std(axis=0)
    return bool(np.all(np.abs(mean - at) <= _NEAR * wide) and np.all(np.abs(spread / wide - 1) <= _NEAR))


def _of_one_shape(noise: Array, n: int) -> str:
    """Which known shape noise has, if it is distributed alike in all entries."""
    middles, widths = noise.mean(axis=0), noise.std(axis=0)
    alike = np.ptp(middles) <= 3 * _NEAR * widths.max() and widths.max() <= (1 + 3 * _NEAR) * widths.min()
    return _shaped(noise, n) if alike else ""


def _shaped(noise: Array, n: int) -> str:
    """Which known shape noise has that is the same in all entries, up to one factor."""
    spread = float(noise.std())
    ordered = np.sort(noise, axis=None)
    standard = (ordered - ordered.mean()) / spread
    if np.count_nonzero(np.abs(noise) >= np.abs(noise).max() - 1e-6) > 20:
        return CLIPPED
    if random_draws.distance(ordered, np.clip((ordered - ordered[0]) / np.ptp(ordered), 0, 1)) < 0.02:
        return UNIFORM
    if ordered[0] >= 0:
        return POSITIVE
    if np.mean(standard**4) > 3.5:
        return HEAVY
    if ordered[-1] <= 3.2 and ordered[0] >= -3.2 and spread > 0.8:
        return CUT
    return SHRUNK if abs(spread * np.sqrt(n) - 1) < _NEAR else ""
