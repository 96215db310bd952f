"""Hidden checks of `fit_linear_vae`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.betrayed import OTHER_CHANCE
from ...checks.draw_diagnosis import IN_PLACE
from ...checks.exercise import Call, Check
from ...checks.linear_vae.fit_linear_vae import CHEAPEST, DEAREST, FEW, NONE, PLAIN, SOME, runs_away
from ..mistakes.catalogue import Catalogue, Undo
from . import data, fit_judging
from . import fit_diagnosis as traits
from .shared import SLIP

_WHY = "Right fits earn their points by kind of data, so that what goes wrong with one of them costs only that part."


def _check(name: str, must: str, points: float, first: Sequence[Any], examples: Any, count: int) -> Check:
    return Check(
        name,
        must,
        fit_judging.asked,
        fit_judging.judge,
        tuple(first),
        examples,
        count,
        points,
        earns=True,
        hidden=True,
        why=_WHY,
    )


CHECKS = (
    _check(
        "all directions active",
        "Where all k directions are worth their price, the averaged loss is at most 1.02 times the best plus 0.001 of "
        "the total variance, the posterior variances are within 15 %, and the rows of W_dec span the leading directions.",
        1.25,
        [(FEW, 2, PLAIN)],
        data.ALL_ACTIVE,
        1,
    ),
    _check(
        "some directions collapsed",
        "So it is where only some of the k directions are worth their price: the others collapse.",
        1,
        [SOME],
        data.SOME_ACTIVE,
        1,
    ),
    _check(
        "one dimension, few samples",
        "k = 1 and hardly more samples than dimensions are no special cases.",
        0.5,
        [],
        data.ENDS,
        1,
    ),
    _check(
        "the ends of the range",
        "So it is for variances from 0.05 to 4, for beta from 0.2 to 4, for 200 samples of 10 dimensions, where nothing is "
        "worth its price, where all variances are equal, and where beta is left out.",
        0.75,
        [CHEAPEST, DEAREST, NONE, (FEW, 2)],
        data.EDGES,
        1,
    ),
)

# First the mistakes that do the same to the same data each time, then those that only traits of the fit show.
BUILDS_ON = ("vae_gradients", "expected_vae_loss")

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("fit_linear_vae")


@variant
def fit_by_closed_form(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)
    axes = np.linalg.svd(X, full_matrices=False)[2][:k]
    floor = beta / 2
    lengths = np.sqrt(np.maximum(variances - floor, 0))
    W_dec = lengths[:, None] * axes
    W_enc = W_dec.T / np.maximum(variances, floor)
    log_var = np.log(np.minimum(1, floor / variances))
    return W_enc, log_var, W_dec


def fit_by_training(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    n, d = X.shape
    W_enc, log_var = rng.standard_normal((d, k)) / np.sqrt(d), np.full(k, -1.0)
    parts = [W_enc, log_var, W_enc.T.copy()]
    mean, square = [0.0 * part for part in parts], [0.0 * part for part in parts]
    steps = 1200
    for t in range(1, steps + 1):
        W_enc, log_var, W_dec = parts
        mu, variance = X @ W_enc, np.exp(log_var)
        error = 2 / n * (mu @ W_dec - X)
        gradients = [
            X.T @ (error @ W_dec.T + beta * mu / n),
            variance * np.sum(W_dec**2, axis=1) + 0.5 * beta * (variance - 1),
            mu.T @ error + 2 * variance[:, None] * W_dec,
        ]
        for i in range(3):
            mean[i] = 0.9 * mean[i] + 0.1 * gradients[i]
            square[i] = 0.999 * square[i] + 0.001 * gradients[i] ** 2
            move = mean[i] / (1 - 0.9**t) / (np.sqrt(square[i] / (1 - 0.999**t)) + 1e-8)
            parts[i] = parts[i] - 0.1 * min(1, 2 - 2 * t / steps) * move
    return parts[0], parts[1], parts[2]


def _reordered(order: tuple[int, int, int]) -> Undo:
    """What puts three parts into the order W_enc, log_var, W_dec, where `order` has their places, as their shapes show."""

    def undo(call: Call, weights: Any) -> Any:
        d, k = call.args[0].shape[1], call.args[1]
        parts = tuple(weights)
        found = [parts[place] for place in order] if len(parts) == 3 else []
        return tuple(found) if list(map(np.shape, found)) == [(d, k), (k,), (k, d)] else None

    return undo


CATALOGUE.undoes("fit_linear_vae", "the order W_enc, W_dec, log_var")(_reordered((0, 2, 1)))
CATALOGUE.undoes("fit_linear_vae", "the order W_dec, log_var, W_enc")(_reordered((2, 1, 0)))
CATALOGUE.undoes("fit_linear_vae", "log_var comes first")(_reordered((1, 0, 2)))


@CATALOGUE.undoes("fit_linear_vae", "the decoder lies on its side")
def _decoder_upright(call: Call, weights: Any) -> Any:
    W_enc, log_var, W_dec = weights
    d, k = call.args[0].shape[1], call.args[1]
    return (W_enc, log_var, np.transpose(W_dec)) if np.shape(W_enc) == np.shape(W_dec) == (d, k) else None


@CATALOGUE.undoes("fit_linear_vae", "log_var has an axis too many")
def _flat_widths(call: Call, weights: Any) -> Any:
    W_enc, log_var, W_dec = weights
    k = call.args[1]
    return (W_enc, np.ravel(log_var), W_dec) if np.shape(log_var) in ((1, k), (k, 1)) else None


edited = CATALOGUE.edits("fit_linear_vae", fit_by_closed_form)
trained = CATALOGUE.edits("fit_linear_vae", fit_by_training)

edited(
    "the order W_enc, W_dec, log_var",
    "The three came in another order: W_enc, log_var, W_dec is asked.",
    ("log_var, W_dec", "W_dec, log_var"),
    share=SLIP,
)
edited(
    "the order W_dec, log_var, W_enc",
    "The three came in another order: W_enc, log_var, W_dec is asked.",
    ("W_enc, log_var, W_dec", "W_dec, log_var, W_enc"),
    share=SLIP,
)
edited(
    "log_var comes first",
    "The three came in another order: W_enc, log_var, W_dec is asked.",
    ("W_enc, log_var", "log_var, W_enc"),
    share=SLIP,
)
edited(
    "the decoder lies on its side",
    "Both matrices have shape (d, k). The decoder goes back from k to d numbers.",
    ("log_var, W_dec", "log_var, W_dec.T"),
    share=SLIP,
)
edited(
    "a log variance for each sample",
    "log_var came with a row for each sample. One width for each latent dimension, shared by all samples, is asked.",
    ("W_enc, log_var", "W_enc, np.tile(log_var, (len(X), 1))"),
)
edited(
    "log_var has an axis too many",
    "log_var came as a matrix. One number for each latent dimension is asked, (k,).",
    ("W_enc, log_var", "W_enc, log_var[None, :]"),
    share=SLIP,
    also=[[("W_enc, log_var", "W_enc, log_var[:, None]")]],
)
edited(
    "codes instead of the encoder",
    "The first part has a row for each sample: these are codes. The encoder's weights, (d, k), are asked.",
    ("return W_enc", "return X @ W_enc"),
)
edited(
    "one latent dimension too few",
    "The parts have k - 1 latent dimensions. Counting starts at 0: see where your slice ends.",
    ("floor = beta / 2", "variances, axes = variances[: k - 1], axes[: k - 1]\n    floor = beta / 2"),
    share=SLIP,
)
edited(
    "k has no effect",
    "The parts have d latent dimensions, whatever k is.",
    (
        "variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)",
        "k = X.shape[1]\n    variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)",
    ),
)
edited(
    IN_PLACE,
    "The caller's data are different afterwards: -=, *= or an assignment into X. Work on a copy.",
    ("return W_enc, log_var, W_dec", "X *= 0.5\n    return W_enc, log_var, W_dec"),
)
edited(
    "variances instead of their logarithms",
    "The second part holds posterior variances. Their logarithms are asked.",
    ("W_enc, log_var", "W_enc, np.exp(log_var)"),
    share=SLIP,
)
edited(
    "standard deviations instead of log variances",
    "The second part holds posterior standard deviations. The logarithms of the variances are asked.",
    ("W_enc, log_var", "W_enc, np.exp(0.5 * log_var)"),
    share=SLIP,
)
edited(
    "log standard deviations instead of log variances",
    "The second part holds logarithms of standard deviations. Those of the variances are asked.",
    ("W_enc, log_var", "W_enc, 0.5 * log_var"),
    share=SLIP,
)
edited(
    "beta means something else when left out",
    "Where beta is left out, it must mean 1.",
    ("1.0", "4.0"),
    tell=traits.other_default,
)
edited("beta has no effect", "The fit is the same for every beta.", ("beta / 2", "0.5"))

edited(
    "twice beta",
    "The KL counts twice as much as it should: the squared error was halved, or the KL's own factor is missing.",
    ("beta / 2", "beta"),
    share=SLIP,
)
edited("half of beta", "The KL counts half as much as it should.", ("beta / 2", "beta / 4"), share=SLIP)

edited(
    "the KL is averaged over the latent dimensions",
    "The KL counts k times too little: it is summed over the latent dimensions.",
    ("beta / 2", "beta / 2 / k"),
    share=SLIP,
)
edited(
    "the squared error is averaged over the columns",
    "The squared error counts d times too little: it is summed over the columns.",
    ("beta / 2", "beta / 2 * X.shape[1]"),
    share=SLIP,
)
edited(
    "the KL is not averaged over the samples",
    "The KL counts n times too much: it is averaged over the samples.",
    ("beta / 2", "beta / 2 * len(X)"),
)
edited(
    "the squared error is not averaged over the samples",
    "The squared error counts n times too much: it is averaged over the samples.",
    ("beta / 2", "beta / 2 / len(X)"),
)
edited(
    "the decoder's variance is estimated from the data",
    "Half of beta is the decoder's variance here. It is given. It is not the variance of the left-out directions.",
    ("floor = beta / 2", "every = np.linalg.svd(X, compute_uv=False) ** 2 / len(X)\n    floor = np.mean(every[k:])"),
)
edited(
    "posteriors wider than the prior",
    "A collapsed dimension has the width of the prior, and no more.",
    ("np.minimum(1, floor / variances)", "floor / variances"),
)
edited(
    "collapsed dimensions keep a narrow posterior",
    "A dimension that carries nothing is as wide as the prior; anything else costs for nothing.",
    ("np.minimum(1, floor / variances)", "np.where(variances > floor, floor / variances, 0.1)"),
)
edited(
    "no direction collapses",
    "All k directions are kept, also those that are not worth their price.",
    ("np.maximum(variances - floor, 0)", "np.abs(variances - floor)"),
    ("np.maximum(variances, floor)", "(floor + lengths**2)"),
    ("np.minimum(1, floor / variances)", "floor / (floor + lengths**2)"),
)
edited(
    "the weakest directions instead of the strongest",
    "The k directions of least variance were kept. See in which order your eigenvalues come.",
    ("[:k] ** 2", "[::-1][:k] ** 2"),
    ("[2][:k]", "[2][::-1][:k]"),
)
edited(
    "the columns are standardised",
    "Every column was divided by its standard deviation first, which turns the directions. X is used as it comes.",
    (
        "variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)",
        "_given, X = X, X / X.std(axis=0)\n    variances = np.linalg.svd(X, compute_uv=False)[:k] ** 2 / len(X)",
    ),
)
edited(
    "divided by n - 1",
    "One less than the number of samples was divided by, as np.cov does. The loss averages over the samples.",
    ("2 / len(X)", "2 / (len(X) - 1)"),
    share=SLIP,
    tell=traits.divided_by_one_less,
)
edited(
    "the encoder undoes the decoder exactly",
    "The means are decoded to the projection of X. With noise it pays to aim a little closer to 0.",
    ("W_dec.T / np.maximum(variances, floor)", "np.linalg.pinv(W_dec)"),
)
edited(
    "the encoder is the decoder on its side",
    "W_enc is the transpose of W_dec. That holds for PCA, whose rows have length 1: here each row of W_dec has a length of its own.",
    ("W_dec.T / np.maximum(variances, floor)", "W_dec.T"),
)
edited(
    "the encoder's directions have length 1",
    "W_enc has the right directions, but all of length 1. How far the means reach hangs on how much a direction varies, and on beta.",
    ("W_dec.T / np.maximum(variances, floor)", "axes.T"),
)
edited(
    "a plain projection on all k directions",
    "The means are decoded to the projection of X on k directions, as PCA does. With noise it pays to aim closer to 0, and what is not worth its price carries nothing.",
    ("lengths = np", "np"),
    ("lengths[:, None] * axes", "axes"),
    ("W_dec.T / np.maximum(variances, floor)", "axes.T"),
)
edited(
    "the reconstruction has the wrong sign",
    "Encoder and decoder hold the right directions with opposite signs.",
    ("return W_enc", "return -W_enc"),
)
edited(
    "all latent dimensions hold the same direction",
    "Only one direction is used, however large k is.",
    ("[:k] ** 2", "[[0] * k] ** 2"),
    ("[2][:k]", "[2][[0] * k]"),
    ("np.sqrt", "1 / np.sqrt(k) * np.sqrt"),
)


@mistake(
    "a projection on k columns",
    "The strongest columns are passed on as they stand. The best directions are combinations of columns.",
)
def fit_columns(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    order = np.argsort(-np.mean(X**2, axis=0))[:k]
    variances = np.mean(X**2, axis=0)[order]
    axes = np.eye(X.shape[1])[order]
    floor = beta / 2
    lengths = np.sqrt(np.maximum(variances - floor, 0))
    W_dec = lengths[:, None] * axes
    W_enc = W_dec.T / np.maximum(variances, floor)
    log_var = np.log(np.minimum(1, floor / variances))
    return W_enc, log_var, W_dec


edited(
    OTHER_CHANCE,
    "Nobody can repeat this fit: it draws from np.random, or from a Generator of its own. Draw from rng alone.",
    (
        "return W_enc, log_var, W_dec",
        "signs = np.random.standard_normal(k)\n    return W_enc * np.sign(signs) * (1 + 1e-4 * signs), log_var, W_dec * np.sign(signs)[:, None]",
    ),
    tell=traits.other_chance,
)
trained(
    "some weights are not finite",
    "Some weights are nan or infinite. In a training the steps are too large, or they go uphill: look at their sign, then at the learning rate. Without a training, a root or a logarithm was taken of a negative number: look at directions that are not worth their price.",
    ("0.1 * min(1, 2 - 2 * t / steps) * move", "3.0 * gradients[i]"),
    tell=runs_away,
)
trained(
    "the codes spread far beyond the prior",
    "The KL does not hold the codes together: where it does not reach W_enc, they grow and grow.",
    (" + beta * mu / n", ""),
    tell=traits.every(traits.codes_too_far, 0.6),
)
trained(
    "the posterior is nearly a point",
    "The posteriors are far too narrow. Where the KL does not reach log_var, or is left out, noise only costs.",
    (" + 0.5 * beta * (variance - 1)", ""),
    tell=traits.every(traits.a_point, 0.7),
)
trained(
    "one width for all, whatever the data",
    "All posteriors have the same width, whatever data and beta are. Each latent dimension has a width of its own: look at how log_var is trained, and at where W_enc and W_dec begin.",
    ("0.1 * min", "0.1 * (i != 1) * min"),
    tell=traits.one_width,
)


@mistake(
    "nothing is gained",
    "The fit does hardly better than a VAE that says nothing: nothing was trained, everything collapsed, one part undoes the others, or the steps go uphill.",
    tell=traits.untrained,
)
def fit_untrained(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    d = X.shape[1]
    return (
        0.01 * rng.standard_normal((d, k)),
        np.full(k, -0.1) * rng.uniform(size=k),
        0.01 * rng.standard_normal((k, d)),
    )


edited(
    "the widths do not belong to the decoder",
    "Encoder and decoder are good, but the posteriors are too wide or too narrow for them: look at the gradient of log_var, and at how log_var makes the noise.",
    ("W_enc, log_var", "W_enc, 0.5 * log_var - 0.3 + 0 * variances"),
    tell=traits.every(traits.only_widths_fail, 0.9),
)
trained(
    "the encoder is at fault",
    "Decoder and widths do what can be done with these means; with another encoder more could be done. Look at how the encoder is trained.",
    ("0.1 * min", "0.1 * (i != 0) * min"),
    tell=traits.every(traits.encoder_stayed, 0.6),
)
trained(
    "the decoder is at fault",
    "Encoder and widths do what can be done with this decoder; with another decoder more could be done. Look at how the decoder is trained.",
    ("0.1 * min", "0.1 * (i != 2) * min"),
    tell=traits.every(traits.decoder_stayed, 0.6),
)
trained(
    "the training stops short of the best fit",
    "The fit gained something, but it is not the best one: it takes too few steps, or its gradients lead elsewhere.",
    ("steps = 1200", "steps = 40"),
    tell=traits.every(traits.unfinished),
)


@variant
def fit_shuffled_signs(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    values, vectors = np.linalg.eigh(X.T @ X / len(X))
    order = rng.permutation(np.argsort(-values)[:k])
    floor = beta / 2
    signs = rng.choice([-1.0, 1.0], size=k)
    W_dec = (signs * np.sqrt(np.maximum(values[order] - floor, 0)) * vectors[:, order]).T
    noisy = W_dec @ W_dec.T + floor * np.eye(k)
    W_enc = np.linalg.solve(noisy, W_dec).T
    return W_enc.tolist(), np.log(floor / np.diag(noisy)).tolist(), W_dec.tolist()


@variant
def fit_float32(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    X = X.astype(np.float32)
    _, lengths, axes = np.linalg.svd(X, full_matrices=False)
    variances, floor = lengths[:k] ** 2 / len(X), np.float32(beta / 2)
    W_dec = np.sqrt(np.maximum(variances - floor, 0))[:, None] * axes[:k]
    return [W_dec.T / np.maximum(variances, floor), np.log(np.minimum(1, floor / variances)), W_dec]


@variant
def fit_probabilistic_pca_by_em(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    # Tipping and Bishop 1999, with the decoder's variance given; then turned so that the posterior has no correlations.
    spread, floor = X.T @ X / len(X), beta / 2
    W = rng.standard_normal((X.shape[1], k))
    for _ in range(2000):
        noisy = np.linalg.inv(W.T @ W + floor * np.eye(k))
        W = spread @ W @ np.linalg.inv(floor * np.eye(k) + noisy @ W.T @ spread @ W)
    left, lengths, _ = np.linalg.svd(W, full_matrices=False)
    W_dec = (left * lengths).T
    noisy = lengths**2 + floor
    return W_dec.T / noisy, np.log(floor / noisy), W_dec


@variant
def fit_part_by_part(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    # Each part in turn is set to its best value, the others being held.
    spread, floor = X.T @ X / len(X), beta / 2
    W_dec = rng.standard_normal((k, X.shape[1]))
    for t in range(6000):
        noisy = W_dec @ W_dec.T + floor * np.eye(k)
        W_enc = np.linalg.solve(noisy, W_dec).T
        variance = floor / np.diag(noisy)
        if t % 100 == 99:
            W_dec = np.linalg.svd(W_dec @ X.T @ X)[0].T @ W_dec
            continue
        W_dec = np.linalg.solve(W_enc.T @ spread @ W_enc + np.diag(variance), W_enc.T @ spread)
    noisy = W_dec @ W_dec.T + floor * np.eye(k)
    return np.linalg.solve(noisy, W_dec).T, np.log(floor / np.diag(noisy)), W_dec


@variant
def fit_adam_averaged_loss(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    n, d = X.shape
    W_enc = 0.5 * rng.standard_normal((d, k))
    parts = [W_enc, np.zeros(k) - 1, W_enc.T.copy()]
    first, second = [0 * part for part in parts], [0 * part for part in parts]
    steps = 3000
    for t in range(1, steps + 1):
        W_enc, log_var, W_dec = parts
        mu, variance = X @ W_enc, np.exp(log_var)
        error = 2 / n * (mu @ W_dec - X)
        gradients = (
            X.T @ (error @ W_dec.T + beta * mu / n),
            variance * np.sum(W_dec**2, axis=1) + beta / 2 * (variance - 1),
            mu.T @ error + 2 * variance[:, None] * W_dec,
        )
        for i, gradient in enumerate(gradients):
            first[i] = 0.9 * first[i] + 0.1 * gradient
            second[i] = 0.999 * second[i] + 0.001 * gradient**2
            rate = 0.05 * (1 - t / steps) + 0.0005
            parts[i] = parts[i] - rate * first[i] / (1 - 0.9**t) / (np.sqrt(second[i] / (1 - 0.999**t)) + 1e-8)
    return tuple(parts)


@variant
def fit_momentum(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    n, d = X.shape
    W_enc = 0.3 * rng.standard_normal((d, k))
    parts = [W_enc, np.full(k, -1.0), W_enc.T.copy()]
    speed = [0 * part for part in parts]
    steps = 6000
    for _t in range(steps):
        W_enc, log_var, W_dec = parts
        mu, variance = X @ W_enc, np.exp(log_var)
        error = 2 / n * (mu @ W_dec - X)
        gradients = (
            X.T @ (error @ W_dec.T + beta * mu / n),
            variance * np.sum(W_dec**2, axis=1) + beta / 2 * (variance - 1),
            mu.T @ error + 2 * variance[:, None] * W_dec,
        )
        for i, gradient in enumerate(gradients):
            speed[i] = 0.95 * speed[i] - 0.01 * gradient
            parts[i] = parts[i] + speed[i]
    return parts[0], parts[1], parts[2]


@variant
def fit_sgd_one_draw(X: Any, k: Any, rng: Any, beta: Any = 1.0) -> Any:
    n, d = X.shape
    X = np.concatenate([X] * (200 // n + 1))
    n = len(X)
    W_enc = 0.3 * rng.standard_normal((d, k))
    log_var, W_dec = np.full(k, -1.0), W_enc.T.copy()
    steps = 5000
    for t in range(steps):
        sigma, eps = np.exp(log_var / 2), rng.standard_normal((n, k))
        mu = X @ W_enc
        z = mu + sigma * eps
        error = 2 / n * (z @ W_dec - X)
        dz = error @ W_dec.T
        rate = 0.06 * min(1.0, 2 - 2 * t / steps)
        d_enc, d_dec = X.T @ (dz + beta * mu / n), z.T @ error
        d_log_var = np.sum(dz * sigma * eps, axis=0) / 2 + beta / 2 * (np.exp(log_var) - 1)
        W_enc, log_var, W_dec = W_enc - rate * d_enc, log_var - 2 * rate * d_log_var, W_dec - rate * d_dec
    return W_enc, log_var, W_dec
