"""Public checks of `reparameterise`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form, betrayed
from ..answer_form import broadcast
from ..examples import arrays, hundredths, shapes
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import MEANS, NOISE, PAIR, ROWS, each_alone

WIDTHS = hundredths(0.05, 4)


def clear(drawn: Any) -> bool:
    """Whether no noise nearly cancels its mu: float32 could not keep a relative tolerance there."""
    mu, sigma, eps = drawn
    return bool(np.all(np.abs(mu + sigma * eps) >= 0.1 * (np.abs(mu) + np.abs(sigma * eps))))


TRIPLES = shapes(2, 3).flatmap(lambda s: st.tuples(arrays(s, MEANS), arrays(s, WIDTHS), arrays(s, NOISE))).filter(clear)
_FLOATS = ((0.0, 1.0, 1.0), (1.0, 2.0, 1.0), (0.5, 1.2, -0.3), (2.0, 0.5, 2.0))


def _no_noise(example: Any, z: Any) -> Fault | None:
    mu = np.broadcast_to(np.asarray(example[0], np.float64), z.shape)
    return None if close(z, mu) else Fault(mu, z)


def _affine(example: Any, z: Any, doubled: Any, wider: Any, mirrored: Any) -> Fault | None:
    mu = np.broadcast_to(np.asarray(example[0], np.float64), z.shape)
    for place, other, factor, told in (
        (1, doubled, 2, "With twice the noise, z must lie twice as far from mu."),
        (2, wider, 2, "With twice the sigma, z must lie twice as far from mu."),
        (3, mirrored, -1, "With the noise turned round, z must lie as far on the other side of mu."),
    ):
        if not close(other - mu, factor * (z - mu), 1e-4, 1e-4):
            wanted = mu + factor * (z - mu)
            return implied(f"{factor} times as far from mu as before", wanted, other, place, told)
    return None


def _affine_calls(example: Any) -> list[Call]:
    mu, sigma, eps = example
    return [Call(example), Call((mu, sigma, 2 * eps)), Call((mu, 2 * sigma, eps)), Call((mu, sigma, -eps))]


def _elementwise(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.reshape(alone, together.shape)
    words = "the numbers that come out one entry at a time"
    return None if close(together, apart) else implied(words, apart, together)


EXERCISE = Exercise(
    name="reparameterise",
    points=2,
    parameters=("mu", "sigma", "eps"),
    form=answer_form.one("z", broadcast),
    read="“Exercise 1: reparameterise”",
    checks=(
        law(
            "no noise",
            "Without noise (eps = 0) the draw is mu.",
            _no_noise,
            first=[(0.0, 1.0, 0.0), (1.5, 2.0, 0.0), (PAIR[0], PAIR[1], np.zeros(2))],
        ),
        law(
            "straight in the noise",
            "How far z lies from mu grows in proportion to eps, and to sigma.",
            _affine,
            calls=_affine_calls,
            first=[*_FLOATS, PAIR],
            examples=TRIPLES,
        ),
        law(
            "elementwise",
            "Each entry has its own mu, sigma and eps, and does not depend on the others.",
            _elementwise,
            calls=each_alone,
            first=[PAIR, ROWS],
            examples=TRIPLES,
        ),
        conduct(0.25, first=[_FLOATS[1], PAIR], examples=TRIPLES),
    ),
    probes=(
        Call((0.5, 2.2, -0.3)),
        Call(PAIR),
        Call(
            (
                np.array([[0.7, -1.3], [0.2, 2.1]]),
                np.array([[1.6, 0.4], [0.8, 3.0]]),
                np.array([[0.9, -1.2], [2.7, 0.3]]),
            )
        ),
        Call((np.array([[0.5], [-0.25]]), np.array([0.7, 1.9, 2.4]), 1.3)),
        Call((40.0, 0.002, -1.5)),
        Call((np.array([0.3, -0.6]), 0.9, np.array([-5.6, 5.8]))),
    ),
    betrays=betrayed.varying("the noise is drawn inside"),
)
