"""Hidden checks of `fit_linear_autoencoder`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.betrayed import OTHER_CHANCE
from ...checks.draw_diagnosis import IN_PLACE
from ...checks.exercise import Call, Check
from ...checks.linear_autoencoder.fit_linear_autoencoder import EASY, EDGE, WIDE, mirrored_fit
from ...checks.linear_autoencoder.fit_traits import NAMES
from ..mistakes.catalogue import Catalogue
from . import fit_diagnosis, fit_judging
from .shared import ENDS, HARD, ORDINARY, SLIP, SQUARE

_SHOWS = {name: fit_diagnosis.told(trait) for name, trait in NAMES}


def _fit_check(name: str, must: str, points: float, first: Sequence[Any], examples: Any, count: int) -> Check:
    return Check(
        name, must, fit_judging.asked, fit_judging.judge, tuple(first), examples, count, points, earns=True, hidden=True
    )


CHECKS: tuple[Check, ...] = (
    _fit_check(
        "ordinary data",
        "The loss is at most 1.01 times the best plus 0.001 of the total variance, and the rows "
        "of W_dec span the k directions of greatest variance.",
        2.5,
        [mirrored_fit(EASY, 2)],
        ORDINARY,
        1,
    ),
    _fit_check(
        "one dimension, all dimensions",
        "k = 1 and k = d are no special cases.",
        1.5,
        [mirrored_fit(EASY, 1), mirrored_fit(EDGE, 3)],
        ENDS,
        1,
    ),
    _fit_check(
        "harder data",
        "So it is where variances are equal or very unequal, and for larger data.",
        1.5,
        [SQUARE, mirrored_fit(EDGE, 2), mirrored_fit(WIDE, 5)],
        HARD,
        2,
    ),
)

BUILDS_ON = ("train_step", "loss_gradients", "encode", "decode", "reconstruction_loss")

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("fit_linear_autoencoder")


@variant
def fit_by_directions(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X, full_matrices=False)[2]
    axes = axes[:k]
    W_enc = axes.T
    W_dec = axes
    return W_enc, W_dec


edited = CATALOGUE.edits("fit_linear_autoencoder", fit_by_directions)


def _lie(call: Call, weights: Any, *ways: str) -> bool:
    """Whether the matrices have these shapes: "dk" where the first axis is that of the data, "kd" where it is the latent one."""
    sizes = {"d": call.args[0].shape[1], "k": call.args[1]}
    return [np.shape(part) for part in weights] == [(sizes[way[0]], sizes[way[1]]) for way in ways]


@CATALOGUE.undoes("fit_linear_autoencoder", "the two matrices are swapped or lie on their side")
def _encoder_first(call: Call, weights: Any) -> Any:
    return (weights[1], weights[0]) if _lie(call, weights, "kd", "dk") else None


@CATALOGUE.undoes("fit_linear_autoencoder", "the decoder lies on its side")
def _decoder_upright(call: Call, weights: Any) -> Any:
    return (weights[0], np.transpose(weights[1])) if _lie(call, weights, "dk", "dk") else None


@CATALOGUE.undoes("fit_linear_autoencoder", "the encoder lies on its side")
def _encoder_upright(call: Call, weights: Any) -> Any:
    return (np.transpose(weights[0]), weights[1]) if _lie(call, weights, "kd", "kd") else None


edited(
    "the weakest directions instead of the strongest",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
    ("np.linalg.svd(X, full_matrices=False)[2]", "np.linalg.eigh(X.T @ X)[1].T"),
    also=[[("axes[:k]", "axes[::-1][:k]")]],
)
edited(
    "one latent dimension too few",
    "The matrices have k - 1 latent dimensions. Counting starts at 0: see where your slice ends.",
    ("axes[:k]", "axes[: k - 1]"),
    share=SLIP,
)
edited(
    "one latent dimension too many",
    "The matrices have k + 1 latent dimensions. Counting starts at 0: see where your slice ends.",
    ("axes[:k]", "axes[: k + 1]"),
    share=SLIP,
)
edited(
    "the strongest direction is left out",
    "The first direction was skipped, and k others were kept. Counting starts at 0.",
    ("axes[:k]", "np.roll(axes, -1, axis=0)[:k]"),
    also=[[("axes[:k]", "axes[1 : k + 1]")]],
)
edited(
    "a latent dimension lies idle",
    "One of the k latent dimensions carries nothing.",
    ("    W_enc =", "    axes[-1] = 0.0\n    W_enc ="),
)
edited(
    "all latent dimensions hold the same direction",
    "Only one direction is used, however large k is: the latent dimensions never became different from each other.",
    ("axes[:k]", "np.repeat(axes[:1], k, axis=0)"),
    ("axes.T", "axes.T / k"),
)
edited(
    "the two matrices are swapped or lie on their side",
    "W_enc comes first, of shape (d, k), then W_dec, of shape (k, d).",
    ("return W_enc, W_dec", "return W_dec, W_enc"),
    share=SLIP,
)
edited(
    "the decoder lies on its side",
    "Both matrices have shape (d, k). The decoder goes back from k to d numbers.",
    ("return W_enc, W_dec", "return W_enc, W_dec.T"),
    share=SLIP,
)
edited(
    "the encoder lies on its side",
    "Both matrices have shape (k, d). The encoder goes from d to k numbers.",
    ("return W_enc, W_dec", "return W_enc.T, W_dec"),
    share=SLIP,
)
edited(
    "k has no effect",
    "The matrices have d latent dimensions, whatever k is: there is no bottleneck.",
    ("axes[:k]", "axes"),
)
edited(
    "always two latent dimensions", "The matrices have 2 latent dimensions, whatever k is.", ("axes[:k]", "axes[:2]")
)
edited(
    "the samples' side of the decomposition",
    "The matrices have a row for each sample. The directions wanted are combinations of columns, d numbers each.",
    ("[2]", "[0].T"),
)
edited(
    "the embeddings instead of the encoder",
    "The first matrix has a row for each sample: these are embeddings. The encoder's weights, (d, k), are required.",
    ("axes.T", "X @ axes.T"),
)
edited(
    "the columns are standardised",
    "Every column was divided by its standard deviation first, which turns the directions. X is used as it comes.",
    ("svd(X", "svd(X / X.std(axis=0)"),
)
edited(
    "the samples are scaled to length 1",
    "Every sample was divided by its length first, so that far ones count no more than near ones. X is used as it comes.",
    ("svd(X", "svd(X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-300)"),
)
edited(
    "rows are centred instead of columns",
    "Every sample lost its own mean, which turns the directions. The columns of X are centred already.",
    ("svd(X", "svd(X - X.mean(axis=1, keepdims=True)"),
)
edited(
    "the embeddings are whitened and stay so",
    "The encoder scales every embedding to variance 1, but the decoder does not undo it.",
    ("axes.T", "axes.T / np.linalg.norm(X @ axes.T, axis=0) * np.sqrt(len(X))"),
    also=[[("axes.T", "axes.T / np.linalg.norm(X @ axes.T, axis=0)")]],
)
edited(
    "the reconstruction has the wrong sign",
    "Encoder and decoder hold the right directions with opposite signs, so that X_hat points away from X.",
    ("W_dec = axes", "W_dec = -axes"),
)
edited(
    "the first k columns are kept",
    "k columns of X are passed through as they are. The best k directions are combinations of columns.",
    ("np.linalg.svd(X, full_matrices=False)[2]", "np.eye(X.shape[1])"),
)
edited(
    "the k strongest columns are kept",
    "The columns of greatest variance are passed through. The best k directions are combinations of columns.",
    ("np.linalg.svd(X, full_matrices=False)[2]", "np.eye(X.shape[1])[np.argsort(-X.var(axis=0))]"),
)
edited(
    "the weights stay near zero",
    "X_hat is 0 or nearly so. Started at zero, the weights have no gradient at all; started close to it, they need many steps.",
    ("axes.T", "0 * axes.T"),
    ("W_dec = axes", "W_dec = 0 * axes"),
)


@mistake(
    IN_PLACE,
    "The caller's data are different afterwards: -=, *= or an assignment into X. Work on a copy.",
)
def fit_in_place(X: Any, k: Any, rng: Any) -> Any:
    axes = []
    for _ in range(k):
        axis = np.linalg.svd(X)[2][0]
        X -= np.outer(X @ axis, axis)
        axes.append(axis)
    return np.array(axes).T, np.array(axes)


@mistake(
    "rows instead of columns of the eigenvectors",
    "Eigenvectors are the columns of what np.linalg.eigh returns (the rows of the last result of np.linalg.svd).",
    tell=fit_diagnosis.every(fit_diagnosis.rows_of_eigenvectors),
)
def fit_rows_of_eigenvectors(X: Any, k: Any, rng: Any) -> Any:
    rows = np.linalg.eigh(X.T @ X)[1][:, ::-1][:k]
    return rows.T, rows


@mistake(
    OTHER_CHANCE,
    "Nobody can repeat this fit: it draws from np.random, or from a Generator of its own. Draw from rng alone.",
    tell=fit_diagnosis.other_chance,
)
def fit_global_random(X: Any, k: Any, rng: Any) -> Any:
    W_dec = np.random.standard_normal((k, X.shape[1]))
    for _ in range(400):
        Z = X @ W_dec.T @ np.linalg.inv(W_dec @ W_dec.T)
        W_dec = np.linalg.lstsq(Z, X, rcond=None)[0]
    return W_dec.T @ np.linalg.inv(W_dec @ W_dec.T), W_dec


@mistake(
    "the training runs away",
    "The weights overflowed, or they jump: the steps are too large for these data, or they go uphill. Look at the sign of a step, then at the learning rate.",
    tell=fit_diagnosis.runs_away,
)
def fit_runs_away(X: Any, k: Any, rng: Any) -> Any:
    W_enc, W_dec = rng.standard_normal((X.shape[1], k)), rng.standard_normal((k, X.shape[1]))
    for _ in range(300):
        Z = X @ W_enc
        error = 2 * (Z @ W_dec - X) / len(X)
        W_enc, W_dec = W_enc - 2.0 * X.T @ error @ W_dec.T, W_dec - 2.0 * Z.T @ error
    return W_enc, W_dec


@mistake(
    "the right directions do not undo each other",
    "Encoder and decoder hold the right directions, but the reconstructions have the wrong size: what the one scales the other must undo.",
    tell=_SHOWS["the right directions do not undo each other"],
)
def fit_shrunk(X: Any, k: Any, rng: Any) -> Any:
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    variances = lengths[:k] ** 2 / len(X)
    return axes[:k].T * variances / (variances + 0.5), axes[:k]


@mistake(
    "the decoder does not belong to the encoder",
    "The embeddings hold all that is needed, but the decoder does not make the data of them again.",
    tell=_SHOWS["the decoder does not belong to the encoder"],
)
def fit_other_decoder(X: Any, k: Any, rng: Any) -> Any:
    return np.linalg.svd(X)[2][:k].T, rng.standard_normal((k, X.shape[1]))


@mistake(
    "the encoder does not belong to the decoder",
    "The rows of W_dec are good directions, but the encoder does not find the embeddings that go with them.",
    tell=_SHOWS["the encoder does not belong to the decoder"],
)
def fit_other_encoder(X: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((X.shape[1], k)), np.linalg.svd(X)[2][:k]


@mistake(
    "a projection on other directions",
    "X is projected on k directions, but not on those of greatest variance: random ones, or ones of other data.",
    tell=_SHOWS["a projection on other directions"],
)
def fit_random_projection(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.qr(rng.standard_normal((X.shape[1], k)))[0]
    return axes, axes.T


@mistake(
    "the encoder is at fault",
    "The decoder does what can be done with these embeddings; with another encoder more could be done. Look at how the encoder is trained.",
    tell=_SHOWS["the encoder is at fault"],
)
def fit_decoder_only(X: Any, k: Any, rng: Any) -> Any:
    W_enc = rng.standard_normal((X.shape[1], k))
    return W_enc, np.linalg.lstsq(X @ W_enc, X, rcond=None)[0]


@mistake(
    "the decoder is at fault",
    "The encoder does what can be done with this decoder; with another decoder more could be done. Look at how the decoder is trained.",
    tell=_SHOWS["the decoder is at fault"],
)
def fit_encoder_only(X: Any, k: Any, rng: Any) -> Any:
    W_dec = rng.standard_normal((k, X.shape[1]))
    return np.linalg.pinv(W_dec), W_dec


@mistake(
    "nothing is gained",
    "On most data the loss is hardly smaller than that of a reconstruction by zeros. In a training the weights are where they started, or the steps go uphill. Without a training, encoder and decoder do not undo each other.",
    tell=_SHOWS["nothing is gained"],
)
def fit_untrained(X: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((X.shape[1], k)), rng.standard_normal((k, X.shape[1]))


@mistake(
    "the training stops short of the best fit",
    "The fit gained something, but it is not the best one: it takes too few steps, or its gradients lead elsewhere.",
    tell=_SHOWS["the training stops short of the best fit"],
)
def fit_too_early(X: Any, k: Any, rng: Any) -> Any:
    W_enc, W_dec = 0.1 * rng.standard_normal((X.shape[1], k)), 0.1 * rng.standard_normal((k, X.shape[1]))
    for _ in range(80):
        Z = X @ W_enc
        error = 2 * (Z @ W_dec - X) / len(X)
        W_enc, W_dec = W_enc - 0.05 * X.T @ error @ W_dec.T, W_dec - 0.05 * Z.T @ error
    return W_enc, W_dec


@mistake(
    "embeddings and reconstruction instead of weights",
    "Two things of n rows came back, the embeddings and the reconstruction. The weights that make them are required.",
)
def fit_results(X: Any, k: Any, rng: Any) -> Any:
    V = np.linalg.svd(X)[2][:k]
    return X @ V.T, X @ V.T @ V


edited(
    IN_PLACE,
    "The caller's data are different afterwards: -=, *= or an assignment into X. Work on a copy.",
    ("    return", "    X *= 0.5\n    return"),
)
edited(
    "rows instead of columns of the eigenvectors",
    "Eigenvectors are the columns of what np.linalg.eigh returns (the rows of the last result of np.linalg.svd).",
    ("[2]", "[2].T"),
)
edited(
    "the right directions do not undo each other",
    "Encoder and decoder hold the right directions, but the reconstructions have the wrong size: what the one scales the other must undo.",
    ("axes.T", "axes.T * np.linalg.norm(X @ axes.T, axis=0)"),
)


@variant
def fit_eigh_mixed(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.eigh(np.cov(X.T).reshape(X.shape[1], X.shape[1]))[1][:, ::-1][:, :k]
    mix = rng.normal(size=(k, k)) + 3 * np.eye(k)
    return axes @ mix, np.linalg.inv(mix) @ axes.T


@variant
def fit_least_squares(X: Any, k: Any, rng: Any) -> Any:
    W_dec = rng.standard_normal((k, X.shape[1]))
    for _ in range(600):
        W_dec = np.linalg.qr(W_dec.T)[0].T
        Z = X @ W_dec.T
        W_dec = np.linalg.solve(Z.T @ Z, Z.T @ X)
    return np.linalg.pinv(W_dec), W_dec


@variant
def fit_power_iteration(X: Any, k: Any, rng: Any) -> Any:
    spread = X.T @ X / len(X)
    axes = []
    for _ in range(k):
        axis = rng.standard_normal(len(spread))
        for _ in range(800):
            axis = spread @ axis
            axis = axis / np.linalg.norm(axis)
        spread = spread - (axis @ spread @ axis) * np.outer(axis, axis)
        axes.append(axis)
    return np.array(axes).T.tolist(), np.array(axes).tolist()


@variant
def fit_orthogonal_iteration(X: Any, k: Any, rng: Any) -> Any:
    axes = rng.standard_normal((X.shape[1], k))
    for _ in range(500):
        axes = np.linalg.qr(X.T @ (X @ axes))[0]
    return 5 * axes, axes.T / 5


@variant
def fit_gradient_descent(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    W_enc, W_dec = 0.1 * rng.standard_normal((d, k)), 0.1 * rng.standard_normal((k, d))
    spread = X.T @ X / len(X)
    for _ in range(6000):
        lacking = 2 * spread @ (W_enc @ W_dec - np.eye(d))
        W_enc, W_dec = W_enc - 0.05 * lacking @ W_dec.T, W_dec - 0.05 * W_enc.T @ lacking
    return W_enc, W_dec


@variant
def fit_momentum(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    weights = [0.3 * rng.standard_normal((d, k)), 0.3 * rng.standard_normal((k, d))]
    speed = [np.zeros((d, k)), np.zeros((k, d))]
    for _ in range(2000):
        Z = X @ weights[0]
        error = 2 * (Z @ weights[1] - X) / len(X)
        for place, gradient in enumerate((X.T @ (error @ weights[1].T), Z.T @ error)):
            speed[place] = 0.9 * speed[place] - 0.02 * gradient
            weights[place] = weights[place] + speed[place]
    return weights[0], weights[1]


@variant
def fit_adam(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    weights = np.concatenate([rng.standard_normal(d * k), rng.standard_normal(d * k)]) / np.sqrt(d)
    spread, mean, square = X.T @ X / len(X), np.zeros(2 * d * k), np.zeros(2 * d * k)
    for step in range(1, 4001):
        W_enc, W_dec = weights[: d * k].reshape(d, k), weights[d * k :].reshape(k, d)
        lacking = 2 * spread @ (W_enc @ W_dec - np.eye(d))
        gradient = np.concatenate([(lacking @ W_dec.T).ravel(), (W_enc.T @ lacking).ravel()])
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        rate = 0.02 if step < 3500 else 0.002
        weights = weights - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights[: d * k].reshape(d, k), weights[d * k :].reshape(k, d)


@variant
def fit_oja(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.qr(rng.standard_normal((X.shape[1], k)))[0]
    spread = X.T @ X / len(X)
    for _ in range(2500):
        pulled = spread @ axes
        axes = axes + 0.1 * (pulled - axes @ (axes.T @ pulled))
    return axes, np.linalg.pinv(axes)


@variant
def fit_float32(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X.astype(np.float32), full_matrices=False)[2][:k]
    return axes.T, axes
