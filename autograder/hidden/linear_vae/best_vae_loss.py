"""Hidden checks of `best_vae_loss`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.exercise import Answer, Call, Check, Fault
from ...checks.identity_cache import of_bank
from ...checks.judges import close, one_call
from ..mistakes.catalogue import Catalogue
from . import data, oracles
from .shared import SLIP, slips_of_spectrum


@of_bank
def _least(example: Any) -> tuple[float, float]:
    """The right loss, and how far an answer may be off beside the relative tolerance."""
    call = one_call(example)[0]
    total = float(oracles.eigenvalues(call.args[0]).sum())
    return oracles.best_vae_loss(*call.args, **call.kwargs), 1e-6 + 1e-9 * total


def _judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
    right, room = _least(example)
    return None if close(answers[0].value, right, atol=room) else Fault(right, answers[0].value)


def _check(name: str, must: str, points: float, first: Sequence[Any], examples: Any, count: int = 8) -> Check:
    return Check(name, must, one_call, _judge, tuple(first), examples, count, points, earns=True, hidden=True)


def _with_beta(clouds: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return data.with_beta(clouds, data.BETAS)


_MANY = data.cloud(200, 10, 21)
_MANY = _MANY - np.round(_MANY.mean(axis=0), 12)

CHECKS = (
    _check(
        "centred data",
        "The loss is right where the columns have mean 0.",
        0.75,
        [(data.CROSS, 1, 1.0), (data.CROSS, 1, 3.0), Call((data.CROSS, 2), {"beta": 0.5}), (_MANY, 4, 0.731)],
        _with_beta(data.CENTRED),
    ),
    _check(
        "data as they come",
        "The loss is right wherever the data lie.",
        0.5,
        [(data.BLOCK, 1, 0.5), (data.cloud(200, 9, 22, 7.0), 5, 1.3)],
        _with_beta(data.SHIFTED),
    ),
    _check(
        "all or nothing",
        "It is right where every direction is worth its price, where none is, and for k = 1 and k = d.",
        0.5,
        [
            (data.CROSS, 2, 0.01),
            (data.CROSS, 1, 60.0),
            (data.CROSS, 2, 60.0),
            (data.cloud(60, 10, 23), 10, 0.2),
            (data.cloud(60, 10, 23), 1, 4.0),
            (np.array([[1.0], [2.0], [4.0]]), 1, 0.4),
        ],
        data.with_beta(data.CENTRED, st.sampled_from([0.013, 0.05, 25.0, 90.0])),
    ),
    _check(
        "few samples",
        "Fewer samples than dimensions are no special case.",
        0.25,
        [(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]), 1, 0.5), (data.cloud(6, 10, 24, 3.0), 8, 0.3)],
        _with_beta(data.FEW),
    ),
    _check(
        "beta left out",
        "Where beta is not given, it is 1.",
        0.25,
        [(data.CROSS, 1), (data.cloud(40, 6, 25), 3)],
        data.CENTRED,
        4,
    ),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("best_vae_loss")


def best_by_eigenvalues(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    variances = np.sort(np.linalg.eigvalsh(centred.T @ centred / len(X)))[::-1].clip(0)
    floor = beta / 2
    kept = variances[:k]
    active = kept[kept > floor]
    return np.sum(floor * (1 + np.log(active / floor))) + np.sum(variances) - np.sum(active)


edited = CATALOGUE.edits("best_vae_loss", best_by_eigenvalues)


slips_of_spectrum(edited, oracles.best_vae_loss, SLIP)

edited("k has no effect", "All d directions were kept, whatever k is.", ("variances[:k]", "variances"))

edited(
    "one latent dimension too few",
    "The loss belongs to k - 1 dimensions. Counting starts at 0: see where your slice ends.",
    ("variances[:k]", "variances[: k - 1]"),
)

edited(
    "one latent dimension too many",
    "The loss belongs to k + 1 dimensions. Counting starts at 0: see where your slice ends.",
    ("variances[:k]", "variances[: k + 1]"),
)

edited(
    "the weakest directions are kept",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
    ("variances[:k]", "variances[::-1][:k]"),
)

edited(
    "no direction ever collapses",
    "The formula of a kept direction was used for all k of them. A direction that is not worth its price is left alone.",
    ("kept[kept > floor]", "np.maximum(kept, 1e-300)"),
    also=[[("kept[kept > floor]", "np.where(kept > 1e-11, kept, np.nan)")]],
)

edited(
    "collapsed directions cost nothing",
    "A collapsed direction keeps its whole variance: that is lost.",
    ("(variances) - np.sum(active)", "(variances[k:])"),
)

edited(
    "collapsed directions cost half of beta",
    "A collapsed direction keeps its whole variance, and that is what is lost.",
    ("np.sum(variances) - np.sum(active)", "floor * np.sum(kept <= floor) + np.sum(variances[k:])"),
)

edited(
    "what lies outside the k directions is forgotten",
    "The directions beyond the first k are lost, whole: their variance is part of the loss.",
    ("(variances)", "(kept)"),
)

edited(
    "only the active directions are counted",
    "Collapsed directions and those beyond the first k are lost: their variance is part of the loss.",
    (
        "(floor * (1 + np.log(active / floor))) + np.sum(variances) - np.sum(active)",
        "(floor * (1 + np.log(active / floor)))",
    ),
)

edited(
    "the loss of PCA",
    "This is what a linear autoencoder loses. A VAE pays for what it keeps as well.",
    (
        "floor = beta / 2\n    kept = variances[:k]\n    active = kept[kept > floor]\n    return np.sum(floor * (1 + np.log(active / floor))) + np.sum(variances) - np.sum(active)",
        "return np.sum(variances[k:])",
    ),
)

edited(
    "the price of the KL is missing",
    "An active direction leaves an error, and costs KL beside it.",
    ("(1 + np.log(active / floor))", "np.ones_like(active)"),
)

edited(
    "the error of active directions is missing",
    "An active direction costs KL, and leaves an error beside it: the noise is decoded.",
    ("(1 + np.log(active / floor))", "np.log(active / floor)"),
)

edited(
    "half of the logarithm", "The logarithm counts half as much as it should.", ("1 + np", "1 + 0.5 * np"), share=SLIP
)

edited("twice the logarithm", "The logarithm counts twice as much as it should.", ("1 + np", "1 + 2 * np"), share=SLIP)

edited(
    "the logarithm has the wrong sign",
    "A stronger direction costs more, not less, because it is told more precisely.",
    ("1 + np", "1 - np"),
)

edited(
    "a logarithm to another base",
    "The KL is in nats: its logarithm is the natural one.",
    ("1 + np.log", "1 + np.log2"),
    share=SLIP,
)

edited(
    "a logarithm to base 10",
    "The KL is in nats: its logarithm is the natural one.",
    ("1 + np.log", "1 + np.log10"),
    share=SLIP,
)

edited(
    "the logarithm of the variance alone",
    "The logarithm is that of a ratio: how far the variance lies above what half of beta pays for.",
    ("active / floor", "active"),
)

edited(
    "beta instead of half of beta in the logarithm",
    "The logarithm holds the ratio to the same number as the rest of the formula.",
    ("active / floor", "active / beta"),
    share=SLIP,
)

edited(
    "beta instead of half of beta in the threshold",
    "A direction is kept when its variance exceeds the number that the formula holds, which is not beta.",
    ("kept > floor", "kept > beta"),
    share=SLIP,
)

edited(
    "a threshold of one",
    "The variance was compared with 1. When a direction is worth its price depends on beta.",
    ("kept > floor", "kept > 1"),
)

edited(
    "the factor before the bracket is missing",
    "Error and logarithm of an active direction are both in units of half of beta.",
    ("floor * (1 + np.log(active / floor))", "1 + np.log(active / floor)"),
)

edited(
    "beta before the bracket",
    "The bracket of an active direction counts half of beta, not beta.",
    ("floor *", "beta *"),
    share=SLIP,
)

edited(
    "minus one in the bracket",
    "One of the two terms in the bracket has the wrong sign.",
    ("1 + np.log(active / floor)", "np.log(active / floor) - 1"),
)

edited(
    "what is saved instead of what is lost",
    "This is by how much the best VAE does better than a collapsed one. Its loss is asked.",
    (
        "(floor * (1 + np.log(active / floor))) + np.sum(variances) - np.sum(active)",
        "(active) - np.sum(floor * (1 + np.log(active / floor)))",
    ),
)


@mistake(
    "a constant of the density is added",
    "The loss of this course is squared error plus KL, without the constant of the Gaussian's density.",
)
def best_constant(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    variances = np.sort(np.linalg.eigvalsh(centred.T @ centred / len(X)))[::-1].clip(0)
    floor = beta / 2
    kept = variances[:k]
    active = kept[kept > floor]
    return (
        X.shape[1] / 2 * np.log(np.pi * beta)
        + np.sum(floor * (1 + np.log(active / floor)))
        + np.sum(variances)
        - np.sum(active)
    )


@variant
def best_eigenvalues(X: Any, k: Any, beta: Any = 1.0) -> Any:
    values = np.sort(np.linalg.eigvalsh(np.cov(X.T, bias=True).reshape(X.shape[1], X.shape[1])))[::-1]
    total = 0.0
    for j, value in enumerate(values):
        worth = j < k and value > beta / 2
        total += beta / 2 * (1 + np.log(value / (beta / 2))) if worth else value
    return total


@variant
def best_as_savings(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - np.mean(X, axis=0)
    ratio = np.maximum(np.linalg.svd(centred, compute_uv=False)[:k] ** 2 / len(X) * 2 / beta, 1.0)
    return np.sum(centred**2) / len(X) - beta / 2 * np.sum(ratio - 1 - np.log(ratio))


@variant
def best_by_weights(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(X))
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    floor = beta / 2
    W_dec = np.sqrt(np.maximum(values - floor, 0))[:, None] * vectors.T
    noisy = W_dec @ W_dec.T + floor * np.eye(len(values))
    mu = centred @ W_dec.T @ np.linalg.inv(noisy)
    variance = floor / np.diag(noisy)
    error = np.mean(np.sum((centred - mu @ W_dec) ** 2, axis=1)) + np.sum(variance[:, None] * W_dec**2)
    kl = 0.5 * np.mean(np.sum(mu**2 + variance - np.log(variance) - 1, axis=1))
    return float(error + beta * kl)


@variant
def best_gram(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    values = np.maximum(np.sort(np.linalg.eigvalsh(centred @ centred.T / len(X)))[::-1], 0)
    floor = beta / 2
    costs = [floor + floor * np.log(value / floor) if value > floor else value for value in values[:k]]
    return np.array(sum(costs) + sum(values[k:]))


@variant
def best_float32(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = (X - X.mean(axis=0)).astype(np.float32)
    values = np.linalg.svd(centred, compute_uv=False) ** 2 / len(X)
    kept = values[:k] > beta / 2
    floor = np.float32(beta / 2)
    paid = floor * (1 + np.log(values[:k][kept] / floor))
    return np.float32(paid.sum() + values[:k][~kept].sum() + values[k:].sum())
