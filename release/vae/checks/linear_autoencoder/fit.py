"""`fit_linear_autoencoder`: the form of the weights, and that no other way of keeping k numbers does better.

What is compared is always what a fit does to the data, never its weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..forms import shape_words, type_words
from ..judging import again, close
from ..memo import by_identity
from ..problem import Answer, Call, Check, Exercise, Fault, Rng

SAME = 0.05


class Weights:
    """The form of a fit's answer: two matrices of numbers; whether their shapes fit is left to a check."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return ((W_enc, W_dec), "") or (None, sentence)."""
        wanted = "must return 2 things, (W_enc, W_dec)"
        if value is None:
            return None, f"{wanted}, but nothing came back (None): is there a `return`?"
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            return None, f"{wanted}, but returned {type_words(value)}."
        matrices = []
        for name, item in zip(("W_enc", "W_dec"), value, strict=True):
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
    first, second = weights
    for one, other in ((first, second), (second, first)):
        if one.shape[0] == other.shape[1] == X.shape[1] and one.shape[1] == other.shape[0]:
            return X @ (one @ other)
    return None


def _alike(call: Call, one: Any, other: Any) -> bool:
    """Whether two fits have the same shapes and do the same to the data, but for a twentieth of its size."""
    if [part.shape for part in one] != [part.shape for part in other]:
        return False
    ours, theirs = reproduced(call, one), reproduced(call, other)
    if ours is None or theirs is None:
        return True
    return bool(np.linalg.norm(ours - theirs) <= SAME * np.linalg.norm(call.args[0]))


def leftover(call: Call, weights: Any) -> float:
    """How far the data and what the fit makes of them lie apart."""
    return float(np.linalg.norm(call.args[0] - reproduced(call, weights)))


def _shapes(example: Any, answers: Sequence[Answer]) -> Fault | None:
    wrong = misfit(_asked(*example), answers[0].value)
    return Fault("W_enc (d, k) and W_dec (k, d), finite", answers[0].value, 0, wrong) if wrong else None


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
        for other, how in (
            (columns, f"simply keeping {k} of the columns"),
            (before, "the fit with one dimension fewer"),
        ):
            if not left**2 <= 1.01 * other**2 + 0.002 * size**2:
                words = (
                    f"an error no larger than that of {how}, whose length over all samples is {min(other, size):.4g}"
                )
                return Fault(words, left, position, "Returned is the length of X - X_hat over all samples.")
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
        once,
        twice,
        1,
        "Asked twice with the same data and an rng of the same seed, it gave different weights: "
        "some of its random numbers come from elsewhere.",
    )


@by_identity(256)
def _asked(X: Any, k: int) -> Call:
    # The same call each time: a fit takes long, and the checks share it.
    return Call((X, k, Rng(7, f"{k} of {X.shape[1]}")))


def _growing(example: Any) -> list[Call]:
    return [_asked(example[0], k) for k in example[1]]


def _mirrored(*rows: Sequence[float]) -> Any:
    """Samples that come with their negatives, so that every column has mean 0 exactly."""
    return np.concatenate([np.array(rows), -np.array(rows)])


FEW = _mirrored([1.0, 2.0, 0.5], [-0.5, 0.5, 1.5], [0.5, -0.3, 0.2])
_PROBES = (
    _mirrored([1.69, 0.76, -0.82], [-0.55, 0.17, -0.67], [-1.65, 1.02, -0.22]),
    _mirrored(
        [-0.22, 1.27, 0.37, 1.04], [0.17, -1.21, 1.47, -1.06], [0.78, -0.91, -0.35, -1.23], [1.39, 0.18, -0.79, 1.57]
    ),
    _mirrored(
        [0.51, 1.77, -2.11, -1.2, 0.1],
        [-0.14, 1.19, -0.76, 1.23, -0.68],
        [-0.65, 0.49, 0.85, 1.47, -0.12],
        [0.74, 0.13, 0.79, 1.08, -0.81],
        [0.36, 0.05, 0.4, 0.73, 1.51],
    ),
)

FIT_LINEAR_AUTOENCODER = Exercise(
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
            "Keeping k of the columns, or fitting one dimension fewer, is no better than the fit.",
            _growing,
            _no_better_way,
            first=((FEW, (2, 3)),),
        ),
        Check(
            "conduct",
            "X is left unchanged, and the same data with an rng of the same seed give the same weights.",
            lambda example: [_asked(*example), again(_asked(*example))],
            _conduct,
            first=((FEW, 2),),
            points=0.5,
        ),
    ),
    probes=tuple(Call((X, k, Rng(3, "probe"))) for X, k in zip(_PROBES, (1, 2, 3), strict=True)),
    alike=_alike,
    many=True,
)
