"""Public checks of `fit_linear_autoencoder`: its form, its laws, its probes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..answer_form import encoder_and_decoder, shape_words, type_words, unpacked
from ..exercise import Answer, Call, Check, Exercise, Fault, Rng
from ..identity_cache import by_identity
from ..judges import again, close
from .fit_traits import Fit, betrayal

SAME = 0.05
MOST, SPARE, SINE = 1.01, 0.001, 0.1
"""What counts as trained: a loss of MOST times the best one plus SPARE of the total variance, and an angle below SINE."""


class Weights:
    """The form of a fit's answer: two matrices of numbers; whether their shapes fit is left to a check."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return ((W_enc, W_dec), "") or (None, sentence)."""
        wanted = "must return 2 things, (W_enc, W_dec)"
        if value is None:
            return None, f"{wanted}, but nothing came back (None): is there a `return`?"
        items = unpacked(value, 2)
        if items is None:
            return None, f"{wanted}, but returned {type_words(value)}."
        matrices = []
        for name, item in zip(("W_enc", "W_dec"), items, strict=True):
            try:
                array = np.asarray(item)
            except (ValueError, TypeError):
                return None, f"`{name}` must be a matrix, but is {type_words(item)}."
            if array.ndim != 2:
                return (
                    None,
                    f"`{name}` must be a matrix, an array of two dimensions, but came as {shape_words(array.shape)}.",
                )
            if array.dtype.kind not in "biuf":
                return None, f"`{name}` must hold real numbers, but holds values of dtype {array.dtype}."
            matrices.append(array.astype(np.float64))
        return tuple(matrices), ""


def misfit(call: Call, weights: Any) -> str:
    """What is wrong with the shapes or the numbers of a fit; empty when nothing is."""
    X, k = call.args[:2]
    d = X.shape[1]
    for name, array, shape in (("W_enc (d, k)", weights[0], (d, k)), ("W_dec (k, d)", weights[1], (k, d))):
        if array.shape != shape:
            return f"`{name}` must be {shape_words(shape)}, but came as {shape_words(array.shape)}."
        if not np.all(np.isfinite(array)):
            return f"`{name}` must be finite, but holds nan or an infinite number: the training ran away."
    return ""


def reproduced(call: Call, weights: Any) -> Any:
    """What the fit makes of its data, whichever way round the matrices came; None where they do not fit together."""
    X = call.args[0]
    found = encoder_and_decoder(X, *weights)
    return None if found is None else X @ (found[0] @ found[1])


def _alike(call: Call, one: Any, other: Any) -> bool:
    """Whether two fits have the same shapes and do the same to the data, but for a twentieth of its size."""
    if [part.shape for part in one] != [part.shape for part in other]:
        return False
    ours, theirs = reproduced(call, one), reproduced(call, other)
    if ours is None or theirs is None:
        return True
    return bool(np.linalg.norm(ours - theirs) <= SAME * np.linalg.norm(call.args[0]))


def _apart(call: Call, right: Any, weights: Any) -> Fault | None:
    """How far what a fit makes of the data lies from what a right one makes of them, in units of the size of the data."""
    if _alike(call, right, weights):
        return None
    wrong = misfit(call, weights)
    if wrong:
        return Fault("W_enc (d, k) and W_dec (k, d), finite", weights, 0, wrong)
    X = call.args[0]
    off = float(np.linalg.norm(reproduced(call, weights) - reproduced(call, right)) / np.linalg.norm(X))
    loss, best = (leftover(call, one) ** 2 / len(X) for one in (weights, right))
    told = (
        "Returned is the length of the difference between your reconstructions and those of a right fit, divided by the "
        f"length of the data. The reconstruction loss of your fit is {loss:.3g}, that of a right one {best:.2g}."
    )
    return Fault(f"at most {SAME:g}", off, 0, told)


def leftover(call: Call, weights: Any) -> float:
    """How far the data and what the fit makes of them lie apart."""
    X = call.args[0]
    W_enc, W_dec = weights
    return float(np.linalg.norm(X - X @ (W_enc @ W_dec)))


def _shapes(example: Any, answers: Sequence[Answer]) -> Fault | None:
    wrong = misfit(_asked(*example), answers[0].value)
    return Fault("W_enc (d, k) and W_dec (k, d), finite", answers[0].value, 0, wrong) if wrong else None


def _lengths(rows: Any) -> Any:
    """The variances along samples at right angles that come with their negatives, largest first."""
    return np.sort(np.sum(rows**2, axis=1))[::-1] / len(rows)


def _most(rows: Any, k: int) -> float:
    """The largest loss that is right, of such samples."""
    lengths = _lengths(rows)
    return float(MOST * lengths[k:].sum() + SPARE * lengths.sum())


def _trained(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """What the statement asks of a fit, on samples at right angles, where the best one keeps the k longest of them."""
    rows, k = example
    call = _asked_of(example)[0]
    wrong = misfit(call, answers[0].value)
    if wrong:
        return Fault("W_enc (d, k) and W_dec (k, d), finite", answers[0].value, 0, wrong)
    lengths, most = _lengths(rows), _most(rows, k)
    loss = leftover(call, answers[0].value) ** 2 / len(call.args[0])
    if not loss <= most:
        told = f"Returned is the reconstruction loss of the fit. The total variance is {lengths.sum():.4g}."
        return Fault(f"at most {most:.4g}", loss, 0, told)
    if k == len(lengths):
        return None
    longest = rows[np.argsort(-np.sum(rows**2, axis=1))[:k]]
    units = longest / np.linalg.norm(longest, axis=1)[:, None]
    basis = np.linalg.qr(answers[0].value[1].T)[0]
    sine = float(np.linalg.norm(units - units @ basis @ basis.T, 2))
    if not sine <= SINE:
        told = (
            "The loss is small enough. Returned is the sine of the largest angle "
            "between the rows of W_dec and the directions of greatest variance."
        )
        return Fault(f"at most {SINE:g}", sine, 0, told)
    return None


def _fit_of(call: Call, weights: Any) -> Fit | None:
    """A fit of samples that come at right angles, each with its negative; of others nobody knows here what is right."""
    X, k = call.args[:2]
    rows = X[: len(X) // 2]
    squares = rows @ rows.T
    mirrored = len(X) == 2 * len(rows) and np.array_equal(X[len(rows) :], -rows)
    if not mirrored or misfit(call, weights) or np.any(np.abs(squares - np.diag(np.diag(squares))) > 1e-9):
        return None
    # Of equally long samples, which are kept is open.
    if 0 < k < len(rows) and np.isclose(*_lengths(rows)[k - 1 : k + 1]):
        return None
    return Fit(call, weights, _most(rows, k), _trained((rows, k), [Answer("returned", weights)]) is None)


def _no_better_way(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """Keeping any k columns is one linear autoencoder, doing with k - 1 another: the best one is at least as good."""
    before = np.inf
    for position, (call, answer) in enumerate(zip(_growing(example), answers, strict=True)):
        X, k = call.args[:2]
        wrong = misfit(call, answer.value)
        if wrong:
            return Fault("W_enc (d, k) and W_dec (k, d), finite", answer.value, position, wrong)
        left, size = leftover(call, answer.value), float(np.linalg.norm(X))
        columns = float(np.linalg.norm(np.sort(np.linalg.norm(X, axis=0))[: X.shape[1] - k]))
        loss, told = left**2 / len(X), "Returned is the reconstruction loss of the fit."
        kept, fewer = ((1.01 * other**2 + 0.002 * size**2) / len(X) for other in (columns, before))
        if not loss <= kept:
            told = f"{told} That of simply keeping {k} of the columns is {columns**2 / len(X):.4g}."
            return Fault(f"at most {kept:.4g}", loss, position, told)
        if not loss <= fewer:
            told = f"{told} That of your fit with one dimension fewer is {before**2 / len(X):.4g}."
            return Fault("no more than with one dimension fewer", loss, position, told, relates=True)
        before = left
    return None


def _conduct(example: Any, answers: Sequence[Answer]) -> Fault | None:
    for position, answer in enumerate(answers):
        if answer.changed:
            return Fault(
                "its arguments left as they were", answer.value, position, "It changed its arguments in place."
            )
    once, twice = answers[0].value, answers[1].value
    if close(twice, once) or not all(np.all(np.isfinite(part)) for part in (*once, *twice)):
        return None
    return Fault(
        "the same weights as the first time",
        twice,
        1,
        "Asked twice with the same data and an rng of the same seed, it gave different weights: "
        "some of its random numbers come from elsewhere.",
    )


@by_identity(256)
def _asked(X: Any, k: int) -> Call:
    # The same call each time: a fit takes long, and the checks share it.
    return Call((X, k, Rng(7, f"{k} of {X.shape[1]}")))


@by_identity(64)
def mirrored_fit(rows: Any, k: int) -> Call:
    """The call for samples that come with their negatives, the same each time: the value checks of grading share it."""
    return Call((np.concatenate([rows, -rows]), k, Rng(7, f"{k} of {np.abs(rows).sum():.4g}")))


def _asked_of(example: Any) -> list[Call]:
    return [mirrored_fit(*example)]


def _growing(example: Any) -> list[Call]:
    return [_asked(example[0], k) for k in example[1]]


def _mirrored(*rows: Sequence[float]) -> Any:
    """Samples that come with their negatives, so that every column has mean 0 exactly."""
    return np.concatenate([np.array(rows), -np.array(rows)])


FEW = _mirrored([1.0, 2.0, 0.5], [-0.5, 0.5, 1.5], [0.5, -0.3, 0.2])
# Rows at right angles, whose squared lengths over 3 are the eigenvalues: 2.98, 0.068, 0.05, the edge of what is promised.
EDGE = np.array([[0.996, 1.992, 1.992], [0.3, 0.15, -0.3], [0.2584, -0.2584, 0.1292]])
EASY = np.array([[0.8, 1.6, 1.6], [1.2, 0.6, -1.2], [0.6, -0.6, 0.3]])
_TWO = np.array([[1.0, 1.0], [1.0, -1.0]])
# Eight directions at right angles: weights drawn for so many are longer, and steps that are too large show.
WIDE = np.kron(np.kron(_TWO, _TWO), _TWO) * np.sqrt([[2.99], [2.6], [2.2], [1.8], [1.4], [0.3], [0.1], [0.051]])
_PROBES = (
    _mirrored([1.69, 0.76, -0.82], [-0.55, 0.17, -0.67], [-1.65, 1.02, -0.22]),
    _mirrored(
        [-0.22, 1.27, 0.37, 1.04], [0.17, -1.21, 1.47, -1.06], [0.78, -0.91, -0.35, -1.23], [1.39, 0.18, -0.79, 1.57]
    ),
    _mirrored(
        [0.51, 1.79, -2.08, -1.22, 0.1],
        [-0.13, 1.15, -0.8, 1.26, -0.68],
        [-0.66, 0.53, 0.89, 1.44, -0.12],
        [0.74, 0.14, 0.8, 1.07, -0.81],
        [0.36, 0.04, 0.39, 0.74, 1.51],
    ),
)
EXERCISE = Exercise(
    name="fit_linear_autoencoder",
    points=6,
    parameters=("X", "k", "rng"),
    form=Weights(),
    read="“Exercise 6: train it”",
    checks=(
        Check(
            "shapes",
            "W_enc has shape (d, k), W_dec has shape (k, d), and all their numbers are finite.",
            lambda example: [_asked(*example)],
            _shapes,
            first=((FEW, 2),),
        ),
        Check(
            "no better way",
            "The fit is at least as good as keeping k of the columns, and as a fit with one dimension fewer.",
            _growing,
            _no_better_way,
            first=((FEW, (2, 3)),),
        ),
        Check(
            "every kind of data",
            "The loss and the span are what the statement asks for, on easy data and on the hardest.",
            _asked_of,
            _trained,
            first=((EASY, 1), (EASY, 2), (EDGE, 3), (EDGE, 2), (WIDE, 5)),
        ),
        Check(
            "conduct",
            "The function does not change X, and the same data with an rng of the same seed give the same weights.",
            lambda example: [_asked(*example), again(_asked(*example))],
            _conduct,
            first=((FEW, 2),),
            points=0.5,
        ),
    ),
    probes=tuple(Call((X, k, Rng(3, "probe"))) for X, k in zip(_PROBES, (1, 2, 3), strict=True)),
    alike=_alike,
    many=True,
    apart=_apart,
    betrays=betrayal(_fit_of),
)
