"""Hidden checks of 05_latent_space: values against independent oracles, draws against computed bounds."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks import draws
from ...checks.latent_space.codes import CODES, LABELLED, encodings, labelled
from ...checks.latent_space.paths import (
    ANGLED,
    INSIDE,
    LONG,
    NUMBERS,
    STEPS,
    UNIT,
    A,
    B,
    apart,
    pairs,
    with_t,
)
from ...checks.latent_space.prior import alone, asked, in_a_row, independent, standard
from ...checks.problem import Check, Fault
from ...checks.strategies import arrays
from .. import latent_oracles as oracles
from ..catalogue import by_regime, joined, values
from . import (
    examples,
    mistakes,
    mistakes_codes,
    mistakes_found,
    mistakes_labels,
    mistakes_more,
    mistakes_prior,
    mistakes_slerp,
    variants,
)

CATALOGUE = joined(
    mistakes.CATALOGUE,
    mistakes_slerp.CATALOGUE,
    mistakes_prior.CATALOGUE,
    mistakes_codes.CATALOGUE,
    mistakes_labels.CATALOGUE,
    mistakes_found.CATALOGUE,
    mistakes_more.CATALOGUE,
    variants.CATALOGUE,
)

_SEEDS = st.integers(0, 2**31)
_HIGH = st.tuples(arrays((24,), NUMBERS), arrays((24,), NUMBERS)).filter(apart)


def _several(codes: Any) -> Any:
    """Several encodings of several dimensions: an axis of length 1 that gets lost costs the check of these alone."""
    return encodings(codes).filter(lambda drawn: min(drawn[0].shape) > 1)


def _prior(n: int, k: int, handle: str, count: int = 1) -> Any:
    return _SEEDS.map(lambda seed: in_a_row(n, k, seed, f"hidden {handle}", count))


def _shaped(seed: int) -> list[Any]:
    """One row of many numbers, one column, something between, and one number."""
    sizes = ((1, 1200), (1200, 1), (150, 8), (1, 1))
    return [call for n, k in sizes for call in in_a_row(n, k, seed, f"hidden {n} rows of {k}")]


def _any_shape(example: Any, *several: Any) -> Fault | None:
    for place, z in enumerate(several):
        if draws.repeated(z):
            return Fault("a draw of its own for every number", z, place, "Some draws are equal.")
    return standard(example, *several)


def _alone_and_standard(example: Any, *several: Any) -> Fault | None:
    fault = alone(example, *several)
    if fault:
        return fault
    told = draws.misfit(np.concatenate(several[:2]), "The draws")
    return Fault("draws from N(0, I)", several[0], 0, told) if told else None


def drawn(name: str, must: str, judge: Any, points: float, examples: Any) -> Check:
    """A hidden check of random draws that gives points."""

    def seen(example: Any, answers: Any) -> Fault | None:
        fault: Fault | None = judge(example, *[answer.value for answer in answers])
        return fault

    return Check(name, must, asked, seen, (), examples, 2, points, earns=True, hidden=True)


CHECKS: dict[str, tuple[Check, ...]] = by_regime(
    {
        "lerp": (
            values(
                "one t",
                "The point at t is right, within 1e-5 relative.",
                oracles.lerp,
                points=0.75,
                first=[(A, B, 0.25), (*LONG, 0.5)],
                examples=with_t(pairs(2), INSIDE),
            ),
            values(
                "many t",
                "An array of t gives the right points, one a row.",
                oracles.lerp,
                points=0.75,
                first=[(A, B, examples.T), (*LONG, np.array([0.5, 0.1])), (*LONG, np.array([0.2, 0.9, 0.5]))],
                examples=with_t(pairs(2), STEPS),
            ),
            values(
                "one number, one step",
                "A latent space of one dimension and a single step are no special cases.",
                oracles.lerp,
                points=0.25,
                first=[(np.array([1.0]), np.array([-2.0]), 0.25), (A, B, np.array([0.25]))],
                examples=with_t(pairs(1, 1), STEPS),
            ),
        ),
        "slerp": (
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
                first=[(A, B, examples.T), (*LONG, examples.T), (*LONG, np.array([0.2, 0.9, 0.5]))],
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
                first=examples.STRAIGHT,
                examples=st.one_of(examples.COPIES, examples.AXES),
                count=14,
            ),
            values(
                "directions and high dimensions",
                "Unit vectors, small angles and vectors of many dimensions are no special cases.",
                oracles.slerp,
                points=0.5,
                first=[(A, np.array([0.6, 0.8]), 0.5), examples.SMALL_ANGLE],
                examples=with_t(st.one_of(UNIT, _HIGH), INSIDE),
            ),
        ),
        "sample_prior": (
            drawn(
                "middle, spread and shape",
                "The draws follow N(0, 1) in every column.",
                standard,
                0.5,
                _prior(5000, 6, "many"),
            ),
            drawn(
                "independent",
                "No draw is shared, repeated or turned round, neither within a call nor in the next one.",
                independent,
                0.5,
                _prior(500, 6, "two calls", 2),
            ),
            drawn("any shape", "One row or one column is no special case.", _any_shape, 0.25, _SEEDS.map(_shaped)),
            drawn(
                "rng alone",
                "The draws come from the rng that is given, and only from it.",
                _alone_and_standard,
                0.5,
                _SEEDS.map(lambda seed: draws.calls_alone((150, 6), seed, "hidden alone")),
            ),
        ),
        "nearest_code": (
            values(
                "ordinary inputs",
                "The nearest codes, and their places, are right.",
                oracles.nearest_code,
                points=1,
                first=[CODES, examples.METRICS, examples.FINE, examples.MANY, examples.CLOSE],
                examples=_several(st.integers(2, 6)),
            ),
            values(
                "indices",
                "The places of the nearest codes are right.",
                oracles.nearest_code,
                points=0.5,
                part=0,
                first=[CODES, examples.METRICS, examples.MANY],
                examples=_several(st.integers(3, 6)),
            ),
            values(
                "z_q",
                "The nearest codes themselves are right.",
                oracles.nearest_code,
                points=0.5,
                part=1,
                first=[CODES, examples.METRICS, examples.FINE],
                examples=_several(st.integers(3, 6)),
            ),
            values(
                "ties",
                "Among equally near codes the one with the lowest index counts.",
                oracles.nearest_code,
                points=0.5,
                first=examples.TIES,
                examples=examples.WHOLE,
                count=14,
            ),
            values(
                "one code, one dimension",
                "A single code, encoding or dimension is no special case.",
                oracles.nearest_code,
                points=0.25,
                earns=False,
                first=[(np.array([[2.0]]), np.array([[1.0]])), (np.array([[2.0]]), np.array([[0.0], [3.0]]))],
                examples=st.one_of(encodings(st.just(1)), encodings(st.integers(2, 4), 1)),
            ),
        ),
        "condition_on_label": (
            values(
                "ordinary inputs",
                "The labels are appended one-hot.",
                oracles.condition_on_label,
                points=1.25,
                first=[LABELLED, examples.LONG_TAIL],
                examples=labelled(),
            ),
            values(
                "classes that do not occur",
                "n_classes alone says how many numbers are appended.",
                oracles.condition_on_label,
                points=1,
                first=[examples.FAR_LABELS],
                examples=st.tuples(labelled(), st.integers(1, 4)).map(
                    lambda drawn: (drawn[0][0], drawn[0][1], drawn[0][2] + drawn[1])
                ),
            ),
            values(
                "one sample, one class",
                "A single sample, dimension or class is no special case.",
                oracles.condition_on_label,
                points=0.5,
                first=[(np.array([[0.5]]), np.array([3]), 4)],
                examples=labelled(st.sampled_from([1, 2])),
            ),
        ),
    }
)
