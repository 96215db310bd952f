"""Hidden checks of `negative_elbo`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import hundredths
from ...checks.exercise import Answer, Call, Check
from ...checks.judges import close
from ...checks.reparameterisation.negative_elbo import BATCH, batches
from ...checks.reparameterisation.shared import LOG_VARS
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..mistakes.regimes import bounded, with_something_added
from ..mistakes.terms import Term
from ..values import values, with_large
from .shared import BOUNDED, HIGHS, IN_PLACE, LOWS, SLIP, WIDE

_BETAS = hundredths(0.1, 6)
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


CHECKS: tuple[Check, ...] = (
    values(
        "ordinary inputs",
        "The loss is right, within 1e-5 relative.",
        oracles.negative_elbo,
        points=2,
        first=[(*BATCH, 1.0)],
        examples=batches(LOG_VARS).map(_plain),
    ),
    values(
        "beta",
        "beta weighs the KL, given by place or by name.",
        oracles.negative_elbo,
        points=1.5,
        first=[Call((*BATCH, 0.5)), Call(BATCH, {"beta": 4.0}), Call((*BATCH, 0.0))],
        examples=st.tuples(batches(LOG_VARS), _BETAS).map(lambda drawn: (*drawn[0], drawn[1])),
    ),
    values(
        "one sample, one dimension",
        "A single sample, pixel or latent dimension is no special case.",
        oracles.negative_elbo,
        points=0.5,
        first=[_plain(tuple(np.array([[x]]) for x in (1.0, 0.5, 1.0, 0.7)))],
        examples=batches(LOG_VARS, 1).map(_plain),
    ),
    values(
        "left out",
        "Unless given, beta is 1.",
        oracles.negative_elbo,
        points=0.5,
        first=[BATCH],
        examples=batches(LOG_VARS, 2),
        count=3,
    ),
    values(
        "extreme inputs",
        "The loss is right for log variances from -20 to 20.",
        oracles.negative_elbo,
        points=1.25,
        first=[
            _plain(tuple(np.array([[x]]) for x in (1.0, 0.5, 1.0, -20.0))),
            _FAR,
        ],
        examples=batches(WIDE, 3).map(_plain),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.negative_elbo,
    lambda draw: (
        draw.uniform(-2, 2, (130, 14)),
        draw.uniform(-2, 2, (130, 14)),
        draw.uniform(-2, 2, (130, 11)),
        draw.uniform(-2, 2, (130, 11)),
        draw.uniform(0.1, 5),
    ),
    points=0.25,
)

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "negative_elbo",
    Term("the squared error", lambda X, X_hat, mu, log_var, beta=1.0: _error(X, X_hat)),
    Term("the weighted KL", lambda X, X_hat, mu, log_var, beta=1.0: beta * _kl(mu, log_var)),
    tempting=[
        Term("the KL without beta", lambda X, X_hat, mu, log_var, beta=1.0: _kl(mu, log_var)),
        Term("the weighted squared error", lambda X, X_hat, mu, log_var, beta=1.0: beta * _error(X, X_hat)),
        Term(
            "the squared error averaged over the columns",
            lambda X, X_hat, mu, log_var, beta=1.0: _error(X, X_hat) / X.shape[1],
        ),
        Term(
            "the squared error added up over the samples",
            lambda X, X_hat, mu, log_var, beta=1.0: _error(X, X_hat) * len(X),
        ),
        Term(
            "the KL averaged over the latent dimensions",
            lambda X, X_hat, mu, log_var, beta=1.0: beta * _kl(mu, log_var) / mu.shape[1],
        ),
        Term(
            "the KL added up over the samples",
            lambda X, X_hat, mu, log_var, beta=1.0: beta * _kl(mu, log_var) * len(X),
        ),
    ],
)
CATALOGUE.sum(
    "negative_elbo",
    Term("the squared error", lambda X, X_hat, mu, log_var, beta=1.0: _error(X, X_hat)),
    Term("the term in mu²", lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(mu**2) / 2 / len(X)),
    Term(
        "the term in exp(log_var)", lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(np.exp(log_var)) / 2 / len(X)
    ),
    Term("the term in log_var", lambda X, X_hat, mu, log_var, beta=1.0: -beta * np.sum(log_var) / 2 / len(X)),
    Term("the constant term of the KL", lambda X, X_hat, mu, log_var, beta=1.0: -beta * mu.shape[1] / 2),
    tempting=[
        Term("a term in mu", lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(mu) / 2 / len(X)),
        Term(
            "a term in exp(log_var / 2)",
            lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(np.exp(log_var / 2)) / 2 / len(X),
        ),
        Term(
            "a term in exp(2 log_var)",
            lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(np.exp(2 * log_var)) / 2 / len(X),
        ),
        Term("a term in log_var²", lambda X, X_hat, mu, log_var, beta=1.0: beta * np.sum(log_var**2) / 2 / len(X)),
    ],
)


def _error(X: Any, X_hat: Any) -> float:
    """The squared error, summed over the columns and averaged over the samples."""
    return oracles.reconstruction_loss(X, X_hat)


def _kl(mu: Any, log_var: Any) -> float:
    """The KL, summed over the latent dimensions and averaged over the samples."""
    return float(np.mean(oracles.kl_from_log_var(mu, log_var)))


mistake, variant = CATALOGUE.of("negative_elbo")


@variant
def elbo_by_parts(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    error = np.sum((X - X_hat) ** 2, axis=1)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    reconstruction, divergence = np.mean(error), np.mean(kl)
    return reconstruction + beta * divergence


edited = CATALOGUE.edits("negative_elbo", elbo_by_parts)


def _constants(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all losses are too large by the same number for each pixel."""
    over = [
        (answer.value - oracles.negative_elbo(*call.args, **call.kwargs)) / call.args[0].shape[1]
        for call, answer in zip(calls, answers, strict=True)
    ]
    room = [2e-5 * abs(float(answer.value)) + 1e-5 for answer in answers]
    return abs(over[0]) > 0.01 and all(abs(one - over[0]) <= most for one, most in zip(over, room, strict=True))


def _cross_entropies(X: Any, X_hat: Any) -> list[Any]:
    """The binary cross-entropies that programs have in use: with logits, or kept from log(0) in one way or another."""
    found = [np.sum(np.logaddexp(0, X_hat) - X * X_hat)]
    for eps in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3):
        inside = np.clip(X_hat, eps, 1 - eps)
        found.append(-np.sum(X * np.log(inside) + (1 - X) * np.log(1 - inside)))
    return found


def _cross_entropy(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the KL is right, and one of the cross-entropies stands where the squared error belongs, in every answer."""
    fitting: set[int] | None = None
    for call, answer in zip(calls, answers, strict=True):
        X, X_hat, mu, log_var = call.args[:4]
        beta = call.args[4] if len(call.args) > 4 else call.kwargs.get("beta", 1.0)
        kl = beta * oracles.kl_from_log_var(mu, log_var).mean()
        each = _cross_entropies(X, X_hat)
        here = {
            place
            for place, total in enumerate(each)
            for size in (len(X), X.size)
            if close(answer.value, kl + total / size, 1e-4, 1e-4)
        }
        fitting = here if fitting is None else fitting & here
    return bool(fitting)


_MEANS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, math.inf)


def _elbo_added(eps: float, power: int, call: Call) -> Any:
    X, X_hat, mu, log_var = call.args[:4]
    added = 0.5 * log_var - np.log(np.exp(power / 2 * log_var) + eps) / power
    beta = call.args[4] if len(call.args) > 4 else call.kwargs.get("beta", 1.0)
    return oracles.negative_elbo(X, X_hat, mu, log_var, beta) + beta * added.sum() / len(X)


edited(
    "the reconstruction is averaged over the pixels",
    "The squared error is a mean over pixels. It is summed over pixels and averaged over samples alone, or it "
    "will "
    "hardly count beside the KL.",
    ("np.sum((X - X_hat) ** 2, axis=1)", "np.mean((X - X_hat) ** 2, axis=1)"),
    share=SLIP,
)
edited(
    "the KL is averaged over the dimensions",
    "The KL is a mean over latent dimensions. It is summed over them and averaged over samples alone.",
    ("0.5 * np.sum(mu", "0.5 * np.mean(mu"),
    share=SLIP,
)
edited(
    "both parts are averaged over everything",
    "Both parts are means over samples and dimensions. They are sums over dimensions, averaged over samples.",
    ("np.sum((X - X_hat) ** 2, axis=1)", "np.mean((X - X_hat) ** 2, axis=1)"),
    ("0.5 * np.sum(mu", "0.5 * np.mean(mu"),
    share=SLIP,
)
edited(
    "summed over the samples",
    "Both parts were added up over the samples. The loss is the average of the samples' losses.",
    ("np.mean(error)", "np.sum(error)"),
    ("np.mean(kl)", "np.sum(kl)"),
    share=SLIP,
)
edited(
    "the KL is summed over the samples",
    "The reconstruction is averaged over the samples, the KL added up: its weight grows with the batch.",
    ("np.mean(kl)", "np.sum(kl)"),
    share=SLIP,
)
edited(
    "the reconstruction is summed over the samples",
    "The KL is averaged over the samples, the reconstruction added up: its weight grows with the batch.",
    ("np.mean(error)", "np.sum(error)"),
    share=SLIP,
)
edited(
    "a loss for each sample",
    "One loss a sample came back. Average them to one number.",
    ("np.mean(error)", "error"),
    ("np.mean(kl)", "kl"),
    share=SLIP,
)
edited(
    "the parts come back as well",
    "Several numbers came back. Return the total alone.",
    (
        "return reconstruction + beta * divergence",
        "return reconstruction + beta * divergence, reconstruction, divergence",
    ),
    share=SLIP,
)
edited(
    "one half on the squared error",
    "The squared error was halved. That is another decoder variance; here it is not halved.",
    ("error = ", "error = 0.5 * "),
    share=SLIP,
)
edited(
    "beta weighs the reconstruction",
    "beta multiplies the wrong part. A larger beta must make the KL count more.",
    ("return reconstruction + beta * divergence", "return beta * reconstruction + divergence"),
    share=SLIP,
)
edited(
    "beta weighs both parts",
    "beta multiplies the whole loss. It must weigh the KL alone.",
    ("return reconstruction + beta * divergence", "return beta * (reconstruction + divergence)"),
    share=SLIP,
)
edited("beta is ignored", "beta has no influence, whatever its value is.", ("beta * divergence", "divergence"))
edited(
    "beta is squared",
    "The KL is weighed by the square of beta. Look for a second place where beta is a factor.",
    ("beta *", "beta**2 *"),
)
edited(
    "a mixture of the two parts",
    "beta takes from the reconstruction what it gives to the KL. Only the KL is weighed.",
    ("return rec", "return (1 - beta) * rec"),
)
edited(
    "the KL has the wrong sign",
    "The KL is taken away instead of added: this loss would reward posteriors for leaving the prior.",
    ("+ beta", "- beta"),
)
edited(
    "the ELBO instead of its negative",
    "This is the ELBO, which training makes large. The loss is what training makes small: the sign is wrong.",
    ("return reconstruction + beta * divergence", "return -(reconstruction + beta * divergence)"),
    share=SLIP,
)
edited("the KL is missing", "Only the reconstruction came back.", (" + beta * divergence", ""))
edited("the reconstruction is missing", "Only the KL came back.", ("reconstruction + beta", "beta"))


edited(
    "the KL lost its shift",
    "The KL goes by the width alone. How far the mean lies from 0 costs as well.",
    ("np.sum(mu**2 + np.exp", "np.sum(np.exp"),
)
edited("the KL lost its one half", "The KL is twice what it should be.", ("0.5 * np.sum(mu", "np.sum(mu"), share=SLIP)
edited(
    "the constant of the KL is missing",
    "The KL is too large by the same amount in every dimension: at the prior it must be 0.",
    (" - 1,", ","),
)
edited(
    "the constant of the KL is subtracted once",
    "The constant of the KL is outside the sum. Every latent dimension has one.",
    (
        "np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)",
        "(np.sum(mu**2 + np.exp(log_var) - log_var, axis=1) - 1)",
    ),
)
edited(
    "log_var read as log sigma",
    "exp(log_var) is the variance already; log_var was used as if it were log sigma.",
    ("np.exp(log_var) - log_var", "np.exp(2 * log_var) - 2 * log_var"),
)
edited(
    "sigma where the variance belongs",
    "The KL has sigma in a place that needs the variance.",
    ("np.exp(log_var)", "np.exp(0.5 * log_var)"),
)
edited(
    "absolute instead of squared error",
    "The reconstruction adds up absolute errors. They must be squared.",
    ("(X - X_hat) ** 2", "np.abs(X - X_hat)"),
)
edited(
    "the length of the error instead of its square",
    "A square root was taken of the summed squared error. The squared error itself is required.",
    ("np.mean(error)", "np.mean(np.sqrt(error))"),
)
edited(
    "log_var is clipped",
    "log_var is pushed into a range before use, so that very narrow or wide posteriors come out wrong.",
    ("    kl =", "    log_var = np.clip(log_var, -10, 10)\n    kl ="),
)
edited(
    "X_hat is changed in place",
    "The difference was written into the caller's X_hat, which is different afterwards. Make a new array.",
    ("error = np.sum((X - X_hat) ** 2", "X_hat -= X\n    error = np.sum(X_hat**2"),
)


@mistake(
    "computed in float16", "Half precision has three digits and overflows above 65504. Leave the arrays as they come."
)
def elbo_float16(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    X, X_hat, mu, log_var = (np.float16(array) for array in (X, X_hat, mu, log_var))
    kl = np.float16(0.5) * np.sum(mu**2 + np.exp(log_var) - log_var - np.float16(1), axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + np.float16(beta) * kl)


@mistake(
    "binary cross-entropy instead of the squared error",
    "The pixels are compared by a binary cross-entropy, as for black and white pictures. Here the squared error is asked for.",
    tell=_cross_entropy,
)
def elbo_cross_entropy(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    inside = np.clip(X_hat, 1e-7, 1 - 1e-7)
    entropy = -np.sum(X * np.log(inside) + (1 - X) * np.log(1 - inside), axis=1)
    return np.mean(entropy + beta * 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))


edited(
    "log_var read as sigma",
    "log_var was used as a standard deviation. It is the logarithm of the variance.",
    ("np.exp(log_var) - log_var", "log_var**2 - np.log(log_var**2)"),
)
edited(
    "half of log_var where all of it belongs",
    "The term beside the exponential is half of what it should be: log_var is the logarithm of the variance.",
    ("- log_var", "- 0.5 * log_var"),
)
edited("mu is not squared", "mu enters with its sign. It must enter by its square.", ("mu**2", "mu"))


@mistake(
    "constants of the Gaussian are added",
    "The loss is too large by the same number for each pixel. The constant of the decoder's Gaussian is left out here.",
    tell=_constants,
)
def elbo_constants(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl) + 0.5 * X.shape[1] * np.log(2 * np.pi)


@mistake(
    "beta means something else when left out",
    "Where beta is left out, it must mean 1.",
    tell=left_out(oracles.negative_elbo),
)
def elbo_default(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 4.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


edited(
    "beta cannot be left out",
    "beta has no default value. Give it one in the first line: beta=1.0.",
    ("beta: Any = 1.0", "beta: Any"),
)
edited(
    "beta = 0 is taken for not given",
    "With beta = 0 the KL still counts: `beta or 1.0` and `if beta` take 0 for nothing. Ask `beta is None`, or give a default value.",
    ("beta: Any = 1.0", "beta: Any = None"),
    ("beta *", "(beta or 1.0) *"),
)
edited(
    "the axes are exchanged",
    "It was summed over the samples and averaged over the dimensions. Sum over axis 1, average over axis 0.",
    ("** 2, axis=1", "** 2, axis=0"),
    ("- 1, axis=1", "- 1, axis=0"),
    share=SLIP,
)
edited(
    "X is changed in place",
    "-= changed the caller's X. Make a new array: X - X_hat.",
    ("error = np.sum((X - X_hat) ** 2", "X -= X_hat\n    error = np.sum(X**2"),
)
edited(
    "pixels averaged, samples summed",
    "The squared error was averaged over everything, the KL summed over the samples as well.",
    ("np.sum((X - X_hat) ** 2, axis=1)", "np.mean((X - X_hat) ** 2, axis=1)"),
    ("np.mean(kl)", "np.sum(kl)"),
    share=SLIP,
)
edited(
    "log_var read as the variance",
    "A logarithm was taken of log_var, which may be negative. It is a logarithm already.",
    ("np.exp(log_var) - log_var", "log_var - np.log(log_var)"),
)
edited(
    "log_var lost its one half",
    "log_var is taken away whole; the one half before the bracket belongs to it as well.",
    ("- log_var", "- 2 * log_var"),
)
edited(
    "log_var with the wrong sign",
    "log_var is added where it must be taken away: narrow posteriors must cost more.",
    ("- log_var", "+ log_var"),
)
edited(
    "the KL the other way round",
    "This is the KL of the prior from the posterior: the order of the two matters.",
    ("mu**2 + np.exp(log_var) - log_var - 1", "log_var + (1 + mu**2) * np.exp(-log_var) - 1"),
)
edited(
    "the error is averaged over the wrong axis",
    "The squared error was summed over the samples and averaged over the pixels.",
    ("** 2, axis=1", "** 2, axis=0"),
    share=SLIP,
)
edited(
    "the KL is averaged over the wrong axis",
    "The KL was summed over the samples and averaged over the dimensions.",
    ("- 1, axis=1", "- 1, axis=0"),
    share=SLIP,
)
edited(
    "the loss of a decoder with variance 1",
    "The squared error was halved and a constant added: that is the decoder variance 1. Here it is ½.",
    ("error = np.sum((X - X_hat) ** 2,", "error = 0.5 * np.sum((X - X_hat) ** 2 + np.log(2 * np.pi),"),
)
edited(
    "the root of the average error",
    "A root was taken of the averaged squared error. The squared error itself is required.",
    ("np.mean(error)", "np.sqrt(np.mean(error))"),
)
edited(
    "divided by one sample less",
    "It was divided by n - 1. The average over samples divides by n.",
    ("np.mean(error)", "np.sum(error) / max(len(X) - 1, 1)"),
    ("np.mean(kl)", "np.sum(kl) / max(len(X) - 1, 1)"),
    share=SLIP,
)


@mistake(
    "something is added in the logarithm",
    "A small number was added before a logarithm was taken, so narrow posteriors come out wrong. Use log_var itself.",
    tell=with_something_added(_elbo_added, oracles.negative_elbo),
)
def elbo_eps(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    variance = np.exp(log_var)
    kl = 0.5 * np.sum(mu**2 + variance - np.log(variance + 1e-6) - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@mistake("log_var is kept within bounds", BOUNDED, tell=bounded(oracles.negative_elbo, 3, LOWS, HIGHS))
def elbo_bounded(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    log_var = np.clip(log_var, -30, 5)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@mistake(
    "mu is kept within bounds",
    "Beyond some bound mu was replaced by the bound. Means far from 0 are expensive, and must be.",
    tell=bounded(oracles.negative_elbo, 2, [-bound for bound in _MEANS], _MEANS),
)
def elbo_mu_bounded(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    mu = np.clip(mu, -10, 10)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.negative_elbo))
def elbo_mu_in_place(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    mu **= 2
    kl = 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@variant
def elbo_plain(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    reconstruction = ((X - X_hat) ** 2).sum(axis=1).mean()
    kl = (-0.5 * (1 + log_var - mu**2 - np.exp(log_var))).sum(axis=1).mean()
    return reconstruction + beta * kl


@variant
def elbo_by_sum(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    n = X.shape[0]
    return (np.sum(np.square(X_hat - X)) + beta * np.sum(mu**2 + np.exp(log_var) - log_var - 1) / 2) / n


@variant
def elbo_by_sigma(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    def kl(m: Any, s: Any) -> Any:
        return 0.5 * (m**2 + s**2 - 1) - np.log(s)

    return np.mean(np.linalg.norm(X - X_hat, axis=1) ** 2) + beta * np.mean(kl(mu, np.exp(0.5 * log_var)).sum(axis=1))


@variant
def elbo_loop(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    import math

    total = 0.0
    for i in range(len(X)):
        total += sum((a - b) ** 2 for a, b in zip(X[i], X_hat[i], strict=True))
        total += beta * sum((m * m + math.exp(v) - v - 1) / 2 for m, v in zip(mu[i], log_var[i], strict=True))
    return total / len(X)


@variant
def elbo_einsum(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    r = X - X_hat
    kl = 0.5 * (np.einsum("nk,nk->n", mu, mu) + np.expm1(log_var).sum(1) - log_var.sum(1))
    return np.array((np.einsum("nd,nd->n", r, r) + beta * kl).mean())


@variant
def elbo_float32(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    X, X_hat, mu, log_var = (np.float32(array) for array in (X, X_hat, mu, log_var))
    kl = np.float32(0.5) * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + np.float32(beta) * kl)
