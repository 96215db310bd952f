"""What holds of z = f(mu, sigma, eps) and of its gradients, whatever the numbers are."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import forms
from ..forms import broadcast
from ..judging import close, conduct, law
from ..problem import Call, Exercise, Fault
from ..strategies import arrays, hundredths, shapes

MEANS = hundredths(-3, 3)
WIDTHS = hundredths(0.05, 4)
NOISE = hundredths(-3, 3)
LOG_VARS = hundredths(-4, 4)


def clear(drawn: Any) -> bool:
    """Whether no noise nearly cancels its mu: float32 could not keep a relative tolerance there."""
    mu, sigma, eps = drawn
    return bool(np.all(np.abs(mu + sigma * eps) >= 0.1 * (np.abs(mu) + np.abs(sigma * eps))))


TRIPLES = shapes(2, 3).flatmap(lambda s: st.tuples(arrays(s, MEANS), arrays(s, WIDTHS), arrays(s, NOISE))).filter(clear)
GRADIENTS = st.one_of(shapes(1, 4), shapes(2, 3), shapes(3, 2)).flatmap(
    lambda s: st.tuples(arrays(s, MEANS), arrays(s, LOG_VARS), arrays(s, NOISE))
)
_FLOATS = ((0.0, 1.0, 1.0), (1.0, 2.0, 1.0), (0.5, 1.2, -0.3), (2.0, 0.5, 2.0))
PAIR = (np.array([1.0, 0.0]), np.array([2.0, 0.5]), np.array([1.0, -2.0]))
ROWS = (np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([[2.0, 0.5], [0.3, 1.0]]), np.array([[1.0, -2.0], [0.5, 3.0]]))


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
            return Fault(mu + factor * (z - mu), other, place, told)
    return None


def _affine_calls(example: Any) -> list[Call]:
    mu, sigma, eps = example
    return [Call(example), Call((mu, sigma, 2 * eps)), Call((mu, 2 * sigma, eps)), Call((mu, sigma, -eps))]


def _elementwise(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = np.reshape(alone, together.shape)
    told = "Asked one entry at a time, it gives the expected numbers."
    return None if close(together, apart) else Fault(apart, together, 0, told)


def _each_alone(example: Any) -> list[Call]:
    entries = zip(*map(np.ravel, example), strict=True)
    return [Call(example), *[Call(tuple(np.array([number]) for number in one)) for one in entries]]


REPARAMETERISE = Exercise(
    name="reparameterise",
    points=4,
    parameters=("mu", "sigma", "eps"),
    form=forms.one("z", broadcast),
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
            "Each entry has its own mu, sigma and eps, whatever stands beside it.",
            _elementwise,
            calls=_each_alone,
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
    ),
)


def _own_shape(dz: Any, log_var: Any, eps: Any) -> list[tuple[int, ...]]:
    return [np.shape(dz)]


def _linear(example: Any, once: Any, twice: Any, other: Any, both: Any) -> Fault | None:
    for name, one, two, three, four in zip(("dmu", "dlog_var"), once, twice, other, both, strict=True):
        if not close(two, 2 * one, 1e-4, 1e-4):
            return Fault(2 * one, two, 1, f"With twice the dz, `{name}` must be twice as large.")
        if not close(four, one + three, 1e-4, 1e-4):
            return Fault(one + three, four, 3, f"For the sum of two dz, `{name}` must be the sum of what each gives.")
    return None


def _linear_calls(example: Any) -> list[Call]:
    dz, log_var, eps = example
    other = 1.0 - np.cos(np.arange(dz.size)).reshape(dz.shape)
    return [Call((one, log_var, eps)) for one in (dz, 2 * dz, other, dz + other)]


def _silent(example: Any, gradients: Any) -> Fault | None:
    zeros = np.zeros(gradients[1].shape)
    return None if close(gradients[1], zeros) else Fault(zeros, gradients[1], 0, "This is `dlog_var`.")


def _same_shift(example: Any, plain: Any, other: Any) -> Fault | None:
    told = "`dmu` changed although only log_var and eps did."
    return None if close(other[0], plain[0]) else Fault(plain[0], other[0], 1, told)


def _apart(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = tuple(np.reshape([one[part] for one in alone], together[0].shape) for part in (0, 1))
    told = "Asked one entry at a time, it gives the expected numbers."
    return None if close(together, apart, 1e-5, 1e-5) else Fault(apart, together, 0, told)


REPARAMETERISE_BACKWARD = Exercise(
    name="reparameterise_backward",
    points=4,
    parameters=("dz", "log_var", "eps"),
    form=forms.Form((forms.Part("dmu", _own_shape), forms.Part("dlog_var", _own_shape))),
    read="“Exercise 2: the way back”",
    checks=(
        law(
            "linear in dz",
            "Both gradients are linear in dz.",
            _linear,
            calls=_linear_calls,
            first=[PAIR, ROWS],
            examples=GRADIENTS,
        ),
        law(
            "no noise, no pull",
            "Where the noise is 0, the width does not matter: dlog_var is 0 there.",
            _silent,
            first=[(PAIR[0], PAIR[1], np.zeros(2)), (np.ones(3), np.array([-1.0, 0.0, 2.0]), np.zeros(3))],
        ),
        law(
            "dmu knows no width",
            "dmu depends on neither log_var nor eps.",
            _same_shift,
            calls=lambda example: [Call(example), Call((example[0], example[1] + 1.0, example[2] - 2.0))],
            first=[PAIR],
            examples=GRADIENTS,
        ),
        law(
            "elementwise",
            "Each entry has its own gradients, whatever stands beside it.",
            _apart,
            calls=_each_alone,
            first=[PAIR, ROWS],
            examples=GRADIENTS,
        ),
        conduct(0.25, first=[PAIR], examples=GRADIENTS),
    ),
    probes=(
        Call((np.array([0.7]), np.array([1.3]), np.array([-0.6]))),
        Call(
            (
                np.array([[0.7, -1.3], [0.2, 2.1]]),
                np.array([[1.6, -0.4], [-0.8, 3.0]]),
                np.array([[0.9, -1.2], [2.7, 0.3]]),
            )
        ),
        Call((np.array([1.5, -0.5]), np.array([-14.0, 15.0]), np.array([1.1, -0.7]))),
    ),
)
