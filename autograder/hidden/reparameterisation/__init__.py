"""Hidden checks of 04_reparameterisation: values against independent oracles, draws against computed bounds."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks import draws
from ...checks.problem import Call, Check, Fault, Rng
from ...checks.reparameterisation.elbo import BATCH, batches
from ...checks.reparameterisation.noise import GRADIENTS, LOG_VARS, MEANS, NOISE, PAIR, ROWS, TRIPLES, WIDTHS, clear
from ...checks.reparameterisation.sampling import (
    MU,
    SIGMA,
    alone,
    calls_of,
    follows,
    independent,
    posterior_calls,
)
from ...checks.strategies import arrays, hundredths, magnitudes, shapes
from .. import oracles
from ..catalogue import by_regime, joined, values
from . import (
    mistakes,
    mistakes_backward,
    mistakes_elbo,
    mistakes_found,
    mistakes_halves,
    mistakes_sampling,
    mistakes_shapes,
    variants,
)

CATALOGUE = joined(
    mistakes.CATALOGUE,
    mistakes_shapes.CATALOGUE,
    mistakes_backward.CATALOGUE,
    mistakes_sampling.CATALOGUE,
    mistakes_elbo.CATALOGUE,
    mistakes_found.CATALOGUE,
    mistakes_halves.CATALOGUE,
    variants.CATALOGUE,
)

_BROADCAST = st.one_of(
    st.tuples(MEANS, WIDTHS, NOISE),
    st.tuples(arrays((3,), MEANS), WIDTHS, arrays((3,), NOISE)),
    st.tuples(MEANS, WIDTHS, arrays((4,), NOISE)),
    st.tuples(arrays((3, 1), MEANS), arrays((2,), WIDTHS), arrays((3, 2), NOISE)),
    st.tuples(arrays((2,), MEANS), arrays((2,), WIDTHS), arrays((3, 2), NOISE)),
).filter(clear)
_EXTREME = st.tuples(
    arrays((2,), hundredths(-100, 100)), arrays((2,), magnitudes(1e-3, 1e3)), arrays((2,), hundredths(-5, 5))
).filter(clear)

_WIDE = hundredths(-20, 20)
_WIDE_GRADIENTS = shapes(1, 3).flatmap(lambda s: st.tuples(arrays(s, MEANS), arrays(s, _WIDE), arrays(s, NOISE)))
_DIMENSIONS = st.one_of(shapes(3, 2), shapes(4, 2)).flatmap(
    lambda s: st.tuples(arrays(s, MEANS), arrays(s, LOG_VARS), arrays(s, NOISE))
)
_CUBE = tuple(np.arange(1.0, 9.0).reshape(2, 2, 2) * step - 1 for step in (0.5, 0.3, 0.7))

_BETAS = hundredths(0.1, 6)
_SEEDS = st.integers(0, 2**31)


def _shuffled(shape: tuple[int, ...], mixed: st.DrawFn) -> tuple[Any, Any]:
    """Means and widths of a shape: well spread sizes in drawn order and with drawn signs, |mu| <= 4 sigma."""
    size = int(np.prod(shape))
    order = mixed(st.permutations(range(size)))
    signs = np.array(mixed(st.lists(st.sampled_from([-1.0, 1.0]), min_size=size, max_size=size)))
    sigma = np.resize(SIGMA.ravel(), size)[order]
    mu = np.resize(np.abs(MU).ravel(), size)[order] * signs
    return mu.reshape(shape), sigma.reshape(shape)


@st.composite
def _many(mixed: st.DrawFn, n_samples: int, count: int) -> Any:
    return posterior_calls(*_shuffled((2, 3), mixed), n_samples, mixed(_SEEDS), f"hidden {n_samples}", count)


@st.composite
def _alone(mixed: st.DrawFn) -> Any:
    return draws.calls_alone((*_shuffled((2, 3), mixed), 150), mixed(_SEEDS), "hidden alone")


@st.composite
def _shaped(mixed: st.DrawFn) -> Any:
    """One sample of many entries, many samples of one entry, and shapes between."""
    seed = mixed(_SEEDS)
    # Some very narrow, some very wide: bounds on sigma show, and so does what is added to it.
    asked = (((20, 30), 1, 1.0), ((1,), 1200, 1.0), ((2, 1, 3), 200, 0.004), ((1, 4), 300, 12.0), ((1,), 1, 1.0))
    return [
        Call((*(scale * part for part in _shuffled(shape, mixed)), n_samples, Rng(seed, f"hidden shape {place}")))
        for place, (shape, n_samples, scale) in enumerate(asked)
    ]


# Pixels, a mean and a beta as large as they come, each large enough beside the others to show.
_FAR = (
    np.array([[10.0, -9.0], [-10.0, 8.0]]),
    np.array([[-10.0, 9.0], [10.0, -8.0]]),
    np.array([[100.0], [-30.0]]),
    np.array([[0.5], [-1.0]]),
    20.0,
)


def _plain(batch: Any) -> Any:
    """The same with beta = 1 given: another default costs the check of the default alone."""
    return (*batch, 1.0)


def _alone_and_fitting(example: Any, *several: Any) -> Fault | None:
    return alone(example, *several) or follows(example, *several)


def _varied(example: Any, *several: Any) -> Fault | None:
    for place, z in enumerate(several):
        if draws.repeated(draws.standardised(z, *example[place].args[:2])):
            return Fault("noise of its own for every number", z, place, "Some noise was used more than once.")
    return follows(example, *several)


def drawn(name: str, must: str, judge: Any, points: float, examples: Any, count: int = 2) -> Check:
    """A hidden check of random draws that gives points."""

    def seen(example: Any, answers: Any) -> Fault | None:
        fault: Fault | None = judge(example, *[answer.value for answer in answers])
        return fault

    return Check(name, must, calls_of, seen, (), examples, count, points, earns=True, hidden=True)


CHECKS: dict[str, tuple[Check, ...]] = by_regime(
    {
        "reparameterise": (
            values(
                "worked number",
                "The chapter's draw comes out.",
                oracles.reparameterise,
                points=0.25,
                earns=False,
                first=[(0.5, 1.2, -0.3)],
            ),
            values(
                "ordinary inputs",
                "z is right, within 1e-5 relative.",
                oracles.reparameterise,
                points=2,
                first=[(np.array([1.0]), np.array([2.0]), np.array([1.0])), PAIR],
                examples=TRIPLES,
            ),
            values(
                "floats and broadcasting",
                "Floats, and arrays that broadcast, give the same draws.",
                oracles.reparameterise,
                points=1,
                first=[(1.0, 2.0, 1.5), (1.0, 2.0, np.array([-1.0, 0.5]))],
                examples=_BROADCAST,
                count=14,
            ),
            values(
                "extreme inputs",
                "z is right for |mu| up to 100 and sigma from 0.001 to 1000.",
                oracles.reparameterise,
                points=0.5,
                first=[(0.0, 1e3, -2.0), (100.0, 1e-3, 1.0), (-100.0, 1e3, 3.0), (0.0, 1e-3, 4.3215)],
                examples=_EXTREME,
            ),
        ),
        "reparameterise_backward": (
            values(
                "dmu",
                "The gradient for mu is right.",
                oracles.reparameterise_backward,
                points=0.5,
                earns=False,
                part=0,
                first=[PAIR],
                examples=GRADIENTS,
            ),
            values(
                "dlog_var",
                "The gradient for log_var is right, within 1e-5 relative.",
                oracles.reparameterise_backward,
                points=1.5,
                part=1,
                first=[(np.array([1.0]), np.array([1.0]), np.array([1.0])), PAIR],
                examples=GRADIENTS,
            ),
            values(
                "both together",
                "Both gradients are right at once, in this order.",
                oracles.reparameterise_backward,
                points=0.75,
                first=[PAIR, ROWS],
                examples=GRADIENTS,
            ),
            values(
                "any number of axes",
                "Both gradients are right for arrays of one axis or of several.",
                oracles.reparameterise_backward,
                points=0.5,
                first=[_CUBE],
                examples=_DIMENSIONS,
            ),
            values(
                "extreme inputs",
                "The gradient for log_var is right for log variances from -20 to 20.",
                oracles.reparameterise_backward,
                points=0.5,
                part=1,
                first=[
                    (np.array([1.0]), np.array([20.0]), np.array([1.0])),
                    (np.array([2.0, -1.0]), np.array([-20.0, 18.0]), np.array([1.5, 0.5])),
                    (np.array([40.0, -70.0]), np.array([0.5, -1.0]), np.array([1.5, -4.5])),
                ],
                examples=_WIDE_GRADIENTS,
            ),
        ),
        "sample_posterior": (
            drawn(
                "middle, spread and shape",
                "The draws follow N(mu, sigma²) in every entry.",
                follows,
                1.25,
                _many(5000, 1),
            ),
            drawn(
                "independent",
                "Noise is never shared, repeated or turned round, neither within a call nor in the next one.",
                independent,
                1,
                _many(500, 2),
            ),
            drawn("any shape", "One sample, one entry or several axes are no special case.", _varied, 0.5, _shaped()),
            drawn(
                "rng alone",
                "The draws come from the rng that is given, and only from it.",
                _alone_and_fitting,
                1,
                _alone(),
            ),
        ),
        "negative_elbo": (
            values(
                "ordinary inputs",
                "The loss is right, within 1e-5 relative.",
                oracles.negative_elbo,
                points=1,
                first=[(*BATCH, 1.0)],
                examples=batches(LOG_VARS).map(_plain),
            ),
            values(
                "beta",
                "beta weighs the KL, given by place or by name.",
                oracles.negative_elbo,
                points=0.75,
                first=[Call((*BATCH, 0.5)), Call(BATCH, {"beta": 4.0}), Call((*BATCH, 0.0))],
                examples=st.tuples(batches(LOG_VARS), _BETAS).map(lambda drawn: (*drawn[0], drawn[1])),
            ),
            values(
                "one sample, one dimension",
                "A single sample, pixel or latent dimension is no special case.",
                oracles.negative_elbo,
                points=0.25,
                first=[_plain(tuple(np.array([[x]]) for x in (1.0, 0.5, 1.0, 0.7)))],
                examples=batches(LOG_VARS, 1).map(_plain),
            ),
            values(
                "left out",
                "Unless given, beta is 1.",
                oracles.negative_elbo,
                points=0.25,
                first=[BATCH],
                examples=batches(LOG_VARS, 2),
                count=3,
            ),
            values(
                "extreme inputs",
                "The loss is right for log variances from -20 to 20.",
                oracles.negative_elbo,
                points=0.5,
                first=[
                    _plain(tuple(np.array([[x]]) for x in (1.0, 0.5, 1.0, -20.0))),
                    _FAR,
                ],
                examples=batches(_WIDE, 3).map(_plain),
            ),
        ),
    }
)
