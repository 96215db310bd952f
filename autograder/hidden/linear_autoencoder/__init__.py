"""Hidden checks of 02_linear_autoencoder: values by regime, and fits by what they do to the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.judging import close, one_call, remembered
from ...checks.linear_autoencoder import gradients as public
from ...checks.linear_autoencoder.losses import TWINS, TWO_ROWS
from ...checks.linear_autoencoder.maps import ENTRIES
from ...checks.memo import of_bank
from ...checks.problem import Answer, Check, Fault
from ...checks.strategies import arrays, hundredths
from .. import oracles
from ..catalogue import Function, values
from . import data, fit_judging, maps
from .known import CATALOGUE, FOLLOWS

__all__ = ["CATALOGUE", "CHECKS", "FOLLOWS"]

# What the kill matrix asks of a check that is never the only one to catch a mistake.
_REGIME = "right values earn their points by regime, so that what goes wrong in one of them costs only that part."


def _within_largest(exact: Function, part: int) -> Any:
    """A judge of one of two gradients: within 1e-5 of its largest entry."""
    oracle = remembered(exact)

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        right, value = oracle(example)[0][part], answers[0].value[part]
        return None if public.within_largest(value, right) else Fault(right, value)

    return judge


def _gradient(name: str, must: str, part: int, points: float, first: Sequence[Any], examples: Any) -> Check:
    judge = _within_largest(oracles.loss_gradients, part)
    return Check(name, must, one_call, judge, tuple(first), examples, 10, points, earns=True, hidden=True)


_WIDE = (
    np.array([[1.0, 2.0, -1.0]]),
    np.array([[0.5, 1.0], [-1.0, 0.5], [1.0, 0.0]]),
    np.array([[1.0, 0.0, 0.5], [-0.5, 1.0, 1.0]]),
)
_SMALL = (0.1 * data.THREE_SAMPLES[0], *data.THREE_SAMPLES[1:])
_THREE_LARGE = tuple(8 * part for part in data.THREE_SAMPLES)
_SHAPES = st.one_of(
    *[public.of_size(*size) for size in ((1, 3, 2), (5, 1, 2), (4, 3, 1), (2, 2, 4), (7, 4, 2), (3, 3, 3))]
)
_LARGE_FIRST = (np.array([[10.0, -7.0]]), np.array([[9.0], [4.0]]), np.array([[-8.0, 10.0]]))
_LARGE = public.problems(4, 4, 3, maps.WHOLE)
_RATES = st.tuples(_SHAPES, st.sampled_from([0.001, 0.02, 0.25])).map(lambda drawn: (*drawn[0], drawn[1]))


@of_bank
def _least(example: Any) -> tuple[float, float]:
    """The right loss, and how far an answer may be off beside the relative tolerance."""
    X, k = example
    return oracles.pca_reconstruction_loss(X, k), 1e-6 + 1e-9 * oracles.pca_reconstruction_loss(X, 0)


def _pca(example: Any, answers: Sequence[Answer]) -> Fault | None:
    right, room = _least(example)
    return None if close(answers[0].value, right, atol=room) else Fault(right, answers[0].value)


def _pca_check(name: str, must: str, points: float, first: Sequence[Any], examples: Any) -> Check:
    return Check(name, must, one_call, _pca, tuple(first), examples, 10, points, earns=True, hidden=True)


def _clouds(rows: tuple[int, int], columns: tuple[int, int], entries: Any = ENTRIES) -> st.SearchStrategy[Any]:
    return st.tuples(st.integers(*rows), st.integers(*columns)).flatmap(lambda shape: arrays(shape, entries))


def _with_k(clouds: st.SearchStrategy[Any], *, inside: bool = True) -> st.SearchStrategy[Any]:
    def of(X: Any) -> st.SearchStrategy[Any]:
        ks = st.integers(1, X.shape[1] - 1) if inside else st.sampled_from([0, X.shape[1]])
        return st.tuples(st.just(X), ks)

    return clouds.flatmap(of)


_CENTRED = _clouds((2, 4), (2, 4)).map(lambda half: np.concatenate([half, -half]))
_SHIFTED = _clouds((6, 9), (2, 4)).flatmap(
    lambda X: arrays((1, X.shape[1]), hundredths(-7, 7)).map(lambda mean: X + mean)
)


def _fit_check(name: str, must: str, points: float, first: Sequence[Any], examples: Any, count: int) -> Check:
    return Check(
        name, must, fit_judging.asked, fit_judging.judge, tuple(first), examples, count, points, earns=True, hidden=True
    )


_BY_REGIME: dict[str, tuple[Check, ...]] = {
    "encode": maps.checks("The embedding", "X"),
    "decode": maps.checks("The reconstruction", "Z"),
    "reconstruction_loss": (
        values(
            "ordinary inputs",
            "The loss is right, within 1e-5 relative.",
            oracles.reconstruction_loss,
            points=1.5,
            first=[TWO_ROWS, data.NEARLY],
            examples=TWINS,
        ),
        values(
            "one sample, one dimension",
            "A single sample or a single dimension is no special case.",
            oracles.reconstruction_loss,
            points=0.5,
            first=[(np.array([[3.0]]), np.array([[2.7]]))],
            examples=st.sampled_from([(1, 1), (1, 4), (5, 1)]).flatmap(
                lambda shape: st.tuples(arrays(shape, ENTRIES), arrays(shape, ENTRIES))
            ),
        ),
        values(
            "large values",
            "The loss is right for entries up to 10 and for many samples.",
            oracles.reconstruction_loss,
            points=0.75,
            first=[(np.array([[10.0, -10.0], [9.0, 8.0]]), np.array([[-10.0, 10.0], [-9.0, 7.0]]))],
            examples=st.tuples(st.integers(2, 40), st.integers(2, 8)).flatmap(
                lambda shape: st.tuples(arrays(shape, maps.WHOLE), arrays(shape, maps.WHOLE))
            ),
        ),
    ),
    "loss_gradients": (
        _gradient(
            "encoder",
            "The encoder's gradient is right, within 1e-5 of its largest entry.",
            0,
            1.75,
            [public.ONE_OF_EACH, public.TWO_SAMPLES, public.SQUARE, data.THREE_SAMPLES, _SMALL],
            public.ORDINARY,
        ),
        _gradient(
            "decoder",
            "The decoder's gradient is right, within 1e-5 of its largest entry.",
            1,
            1.25,
            [public.ONE_OF_EACH, public.TWO_SAMPLES, public.SQUARE, data.THREE_SAMPLES, _SMALL],
            public.ORDINARY,
        ),
        _gradient(
            "encoder, other shapes",
            "So it is for one sample, one dimension, or a code wider than the data.",
            0,
            0.5,
            [_WIDE, data.THREE_SAMPLES],
            _SHAPES,
        ),
        _gradient(
            "decoder, other shapes",
            "So it is for one sample, one dimension, or a code wider than the data.",
            1,
            0.5,
            [_WIDE, data.THREE_SAMPLES],
            _SHAPES,
        ),
        _gradient(
            "encoder, large values", "So it is for entries up to 10.", 0, 0.75, [_LARGE_FIRST, _THREE_LARGE], _LARGE
        ),
        _gradient(
            "decoder, large values", "So it is for entries up to 10.", 1, 0.75, [_LARGE_FIRST, _THREE_LARGE], _LARGE
        ),
    ),
    "train_step": (
        values(
            "encoder",
            "W_enc is right after the step, within 1e-5 relative.",
            oracles.train_step,
            points=1,
            part=0,
            first=[(*public.ONE_OF_EACH, 0.1), (*public.TWO_SAMPLES, 0.1)],
            examples=public.STEPS,
        ),
        values(
            "decoder",
            "W_dec is right after the step, within 1e-5 relative.",
            oracles.train_step,
            points=1,
            part=1,
            first=[(*public.ONE_OF_EACH, 0.1), (*public.TWO_SAMPLES, 0.1)],
            examples=public.STEPS,
        ),
        values(
            "other shapes and rates",
            "Both are right for other shapes, and for learning rates from 0.001 to 1.",
            oracles.train_step,
            points=0.75,
            first=[(*_WIDE, 0.5), (*public.SQUARE, 1.0)],
            examples=_RATES,
        ),
    ),
    "fit_linear_autoencoder": (
        _fit_check(
            "ordinary data",
            "The loss is at most 1.01 times the best plus 0.001 of the total variance, and the rows "
            "of W_dec span the k directions of greatest variance.",
            2.5,
            [(data.THREE, 2)],
            data.ORDINARY,
            2,
        ),
        _fit_check(
            "one dimension, all dimensions",
            "k = 1 and k = d are no special cases.",
            1.5,
            [(data.THREE, 1), (data.THREE, 3)],
            data.ENDS,
            1,
        ),
        _fit_check(
            "harder data",
            "So it is where variances are equal or very unequal, and for larger data.",
            1.5,
            [(data.SQUARE, 1), (data.FAINT, 2), (data.SIX_WAYS, 5)],
            data.HARD,
            2,
        ),
    ),
    "pca_reconstruction_loss": (
        _pca_check(
            "centred data",
            "The loss is right where the columns have mean 0.",
            1.25,
            [data.CROSS, data.FLAT],
            _with_k(_CENTRED),
        ),
        _pca_check(
            "data as they come",
            "The loss is right wherever the data lie.",
            0.75,
            [(data.BLOCK, 1), (data.SIX, 4), (data.SIX, 5)],
            _with_k(_SHIFTED),
        ),
        _pca_check(
            "no component, all components",
            "k = 0 and k = d are no special cases.",
            0.5,
            [(data.BLOCK, 0), (data.BLOCK, 3)],
            _with_k(_clouds((3, 5), (1, 3)), inside=False),
        ),
        _pca_check(
            "few samples",
            "Fewer samples than dimensions are no special case.",
            0.25,
            [(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]), 1), (data.BLOCK[:2], 0)],
            _with_k(_clouds((2, 3), (3, 5), hundredths(-1, 1))),
        ),
    ),
}

CHECKS = {name: tuple(replace(check, why=_REGIME) for check in checks) for name, checks in _BY_REGIME.items()}
