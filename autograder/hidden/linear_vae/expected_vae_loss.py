"""Hidden checks of `expected_vae_loss`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.betrayed import varies
from ...checks.linear_vae.inputs import ONE_OF_EACH, TWO_LATENTS, WIDER
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..mistakes.terms import Term
from ..oracles import linear_loss
from ..served import Served
from ..values import values
from . import data, oracles
from .shared import SLIP

_ONE_SAMPLE = (np.array([[3.0, -1.0]]), np.array([[0.5], [1.0]]), np.array([-1.0]), np.array([[1.0, 0.5]]))

CHECKS = (
    values(
        "small numbers",
        "The loss is right for small round numbers, within 1e-5 relative.",
        oracles.expected_vae_loss,
        points=1,
        first=[(*TWO_LATENTS, 1.0), (*WIDER, 0.5), data.by_name((*TWO_LATENTS, 2.0)), (*data.big(200, 10, 4, 1), 3.0)],
        examples=data.with_beta(data.ROUND, st.sampled_from([0.5, 1.0, 2.0])),
    ),
    values(
        "ordinary inputs",
        "The loss is right for any numbers, within 1e-5 relative.",
        oracles.expected_vae_loss,
        points=0.75,
        first=[(*data.big(12, 5, 3, 2), 0.731), data.by_name((*data.big(150, 7, 9, 3), 2.345))],
        examples=data.with_beta(data.ORDINARY, data.BETAS),
    ),
    values(
        "one of a kind",
        "One sample, one dimension, one latent dimension, or more latent dimensions than columns are no special cases.",
        oracles.expected_vae_loss,
        points=0.5,
        first=[(*ONE_OF_EACH, 2.0), (*_ONE_SAMPLE, 0.5), (*data.big(1, 10, 1, 4), 1.7), (*data.big(200, 1, 3, 5), 0.4)],
        examples=data.with_beta(data.SHAPES, data.BETAS),
    ),
    values(
        "large inputs",
        "The loss is right for up to 200 samples, entries up to 10, and log variances from -20 to 8.",
        oracles.expected_vae_loss,
        points=0.25,
        first=[(*data.big(200, 10, 10, 6, 10.0, (-20, 8)), 1.0), (*(8 * part for part in WIDER), 4.0)],
        examples=data.with_beta(data.WIDE, data.BETAS),
    ),
    values(
        "beta left out",
        "Where beta is not given, it is 1.",
        oracles.expected_vae_loss,
        points=0.25,
        first=[TWO_LATENTS, data.big(20, 4, 3, 7)],
        examples=data.ORDINARY,
        count=4,
    ),
)

SERVED = Served(oracles.expected_vae_loss, ("n d", "d k", "k", "k d", ""))

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "expected_vae_loss",
    Term("the squared error of the means", lambda X, W_enc, log_var, W_dec, beta=1.0: linear_loss(X, W_enc, W_dec)),
    Term("the error that the noise adds", lambda X, W_enc, log_var, W_dec, beta=1.0: _noise(np.exp(log_var), W_dec)),
    Term("the term in mu²", lambda X, W_enc, log_var, W_dec, beta=1.0: beta * np.sum((X @ W_enc) ** 2) / 2 / len(X)),
    Term("the term in exp(log_var)", lambda X, W_enc, log_var, W_dec, beta=1.0: beta * np.sum(np.exp(log_var)) / 2),
    Term("the term in log_var", lambda X, W_enc, log_var, W_dec, beta=1.0: -beta * np.sum(log_var) / 2),
    Term("the constant term of the KL", lambda X, W_enc, log_var, W_dec, beta=1.0: -beta * len(log_var) / 2),
    tempting=[
        Term(
            "noise of exp(log_var / 2)", lambda X, W_enc, log_var, W_dec, beta=1.0: _noise(np.exp(log_var / 2), W_dec)
        ),
        Term("noise that is not decoded", lambda X, W_enc, log_var, W_dec, beta=1.0: np.sum(np.exp(log_var))),
        Term(
            "noise weighted by beta", lambda X, W_enc, log_var, W_dec, beta=1.0: beta * _noise(np.exp(log_var), W_dec)
        ),
        Term(
            "noise over the samples", lambda X, W_enc, log_var, W_dec, beta=1.0: _noise(np.exp(log_var), W_dec) / len(X)
        ),
        Term(
            "a term in exp(log_var / 2)",
            lambda X, W_enc, log_var, W_dec, beta=1.0: beta * np.sum(np.exp(log_var / 2)) / 2,
        ),
    ],
)


def _noise(variances: Any, W_dec: Any) -> float:
    """What noise of these variances adds to the squared error on average."""
    return float(variances @ np.sum(W_dec**2, axis=1))


mistake, variant = CATALOGUE.of("expected_vae_loss")


def loss_by_parts(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    mu = X @ W_enc
    error = np.sum((X - mu @ W_dec) ** 2) / len(X)
    noise = np.sum(np.exp(log_var) * np.sum(W_dec**2, axis=1))
    kl = 0.5 * np.sum(np.mean(mu**2, axis=0) + np.exp(log_var) - log_var - 1)
    return error + noise + beta * kl


edited = CATALOGUE.edits("expected_vae_loss", loss_by_parts)

edited(
    "an argument is changed in place",
    "What the caller passed in is different afterwards: -=, *= or an assignment into an argument. Work on a copy.",
    ("error = np.sum((X - mu @ W_dec) ** 2) / len(X)", "X -= mu @ W_dec\n    error = np.sum(X**2) / len(X)"),
    tell=in_place(oracles.expected_vae_loss),
)


@mistake(
    "the noise is drawn",
    "The answer changes from call to call or hangs on a draw. The average over the noise is asked, and it can be written down.",
    tell=varies,
)
def loss_drawn(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    mu = X @ W_enc
    z = mu + np.exp(0.5 * log_var) * np.random.default_rng().standard_normal(mu.shape)
    kl = 0.5 * np.sum(np.mean(mu**2, axis=0) + np.exp(log_var) - log_var - 1)
    return np.sum((X - z @ W_dec) ** 2) / len(X) + beta * kl


edited(
    "beta means something else when left out",
    "Where beta is left out, it must mean 1.",
    ("1.0", "0.5"),
    tell=left_out(oracles.expected_vae_loss),
)

edited(
    "the squared error is halved",
    "The error is half as large as it should be. In this course the squared error has no factor in front.",
    ("error + noise", "0.5 * (error + noise)"),
    share=SLIP,
)

edited(
    "the squared error is not averaged over the samples, the noise neither",
    "The squared error grows with the number of samples, what the noise costs included: both are to be averaged.",
    ("error + noise", "len(X) * (error + noise)"),
    share=SLIP,
)

edited(
    "half of the squared error, but not of the noise",
    "The error of the means is halved. In this course the squared error has no factor in front.",
    ("return error", "return 0.5 * error"),
    share=SLIP,
)

edited(
    "the noise's cost is halved",
    "What the noise costs is half as large as it should be: it is part of the squared error, without a factor.",
    ("noise + beta", "0.5 * noise + beta"),
    share=SLIP,
)

edited(
    "the KL is averaged over the latent dimensions",
    "The KL was divided by k. It is summed over the latent dimensions and averaged over the samples.",
    ("0.5 * np.sum", "0.5 * np.mean"),
    share=SLIP,
)

edited(
    "the factor one half of the KL is missing",
    "The KL is twice as large as it should be.",
    ("0.5 * np", "np"),
    share=SLIP,
)

edited(
    "averaged over the dimensions as well",
    "The squared error was divided by the number of columns too: those are summed.",
    ("np.sum((X - mu @ W_dec) ** 2) / len(X)", "np.mean((X - mu @ W_dec) ** 2)"),
    ("noise + beta", "noise / X.shape[1] + beta"),
    share=SLIP,
)

edited(
    "only the error of the means is averaged over the dimensions",
    "The error of the means was divided by the number of columns: those are summed.",
    ("np.sum((X - mu @ W_dec) ** 2) / len(X)", "np.mean((X - mu @ W_dec) ** 2)"),
    share=SLIP,
)

edited(
    "not averaged over the samples",
    "The squared error grows with the number of samples: they are to be averaged.",
    ("((X - mu @ W_dec) ** 2) / len(X)", "((X - mu @ W_dec) ** 2)"),
    share=SLIP,
)

edited(
    "the KL is not averaged over the samples",
    "The KL grows with the number of samples: they are to be averaged.",
    ("np.mean(mu**2, axis=0)", "mu**2"),
    share=SLIP,
)

edited(
    "nothing is averaged over the samples",
    "Error and KL grow with the number of samples: they are to be averaged.",
    ("((X - mu @ W_dec) ** 2) / len(X)", "((X - mu @ W_dec) ** 2)"),
    ("noise + beta * kl", "len(X) * (noise + beta * kl)"),
    share=SLIP,
)

edited(
    "exp(log_var) is taken for a standard deviation",
    "log_var is the logarithm of the variance: its exponential is a variance already and is not squared.",
    ("(log_var) * np", "(2 * log_var) * np"),
    ("(log_var) - log_var", "(2 * log_var) - 2 * log_var"),
)

edited(
    "the noise's cost takes exp(log_var) for a standard deviation",
    "log_var is the logarithm of the variance: its exponential is a variance already and is not squared.",
    ("(log_var) * np", "(2 * log_var) * np"),
)

edited(
    "standard deviations instead of variances",
    "What the noise costs goes by its variances; the standard deviations were used.",
    ("(log_var) * np", "(0.5 * log_var) * np"),
)

edited(
    "the KL holds a standard deviation instead of a variance",
    "One of the terms of the KL is the variance; the standard deviation was used.",
    ("(log_var) - log_var", "(0.5 * log_var) - log_var"),
)

edited(
    "log_var is taken for a standard deviation",
    "log_var is the logarithm of a variance, and may be negative.",
    ("np.exp(log_var) * np", "log_var**2 * np"),
    ("np.exp(log_var) - log_var", "log_var**2 - np.log(log_var**2 + 1e-300)"),
)

edited(
    "log_var is taken for a variance",
    "log_var is the logarithm of a variance, and may be negative.",
    ("np.exp(log_var) * np", "log_var * np"),
    ("np.exp(log_var) - log_var", "log_var - np.log(np.abs(log_var) + 1e-300)"),
)

edited(
    "the noise's cost holds log_var itself",
    "log_var is the logarithm of a variance: what the noise costs goes by the variance.",
    ("np.exp(log_var) * np", "log_var * np"),
)

edited(
    "the sign of log_var is turned",
    "The posterior is narrow where it should be wide, and wide where it should be narrow.",
    ("(log_var) * np", "(-log_var) * np"),
    ("(log_var) - log_var", "(-log_var) + log_var"),
)

edited(
    "the noise costs nothing",
    "The loss is that of the means alone. A draw lies beside its mean, and what is decoded of that adds an error, on average too.",
    ("noise = np", "np"),
    ("noise + beta", "beta"),
)

edited(
    "the noise is not decoded",
    "The variances were added as they are. What counts is the error that they make after the decoder.",
    ("(log_var) * np.sum(W_dec**2, axis=1)", "(log_var)"),
)

edited(
    "columns of W_dec instead of rows",
    "Each latent dimension has a row of W_dec. Its noise comes out along that row.",
    ("axis=1", "axis=0"),
)

edited(
    "lengths of the rows are not squared",
    "What the noise of one dimension costs is a squared error: the length of its row counts squared.",
    ("np.sum(W_dec**2, axis=1)", "np.linalg.norm(W_dec, axis=1)"),
)

edited(
    "the rows are summed before they are squared",
    "The entries of a row were added up first. Squared errors are summed over the columns, each squared for itself.",
    ("(W_dec**2, axis=1)", "(W_dec, axis=1) ** 2"),
)

edited(
    "one width for all dimensions",
    "All variances were multiplied by all rows together. Each latent dimension has its own width and its own row.",
    ("(np.exp(log_var) * np.sum(W_dec**2, axis=1))", "(np.exp(log_var)) * np.sum(W_dec**2)"),
)

edited(
    "the average width for all dimensions",
    "The average variance was used for all rows. Each latent dimension has its own width and its own row.",
    ("np.sum(np.exp(log_var) * np.sum(W_dec**2, axis=1))", "np.mean(np.exp(log_var)) * np.sum(W_dec**2)"),
)

edited(
    "the noise's cost is divided by the samples",
    "Every sample has noise, so its cost is the same for one sample as on average over many.",
    ("(np.exp(log_var) * np.sum(W_dec**2, axis=1))", "(np.exp(log_var) * np.sum(W_dec**2, axis=1)) / len(X)"),
    share=SLIP,
)

edited(
    "the noise's cost is averaged over the latent dimensions",
    "What the noise costs is summed over the latent dimensions.",
    ("noise = np.sum", "noise = np.mean"),
    share=SLIP,
)

edited(
    "the noise's cost is averaged over the columns",
    "What the noise costs is part of the squared error, and summed over the columns.",
    ("np.sum(W_dec**2, axis=1)", "np.mean(W_dec**2, axis=1)"),
    share=SLIP,
)

edited(
    "beta weighs the noise as well",
    "What the noise costs is part of the squared error: beta is before the KL alone.",
    ("noise + beta * kl", "beta * (noise + kl)"),
)

edited(
    "beta is before the squared error",
    "beta is the weight of the KL, and the squared error has none.",
    ("error + noise + beta * kl", "beta * (error + noise) + kl"),
)

edited(
    "beta weighs the whole loss",
    "beta is the weight of the KL alone.",
    ("error + noise + beta * kl", "beta * (error + noise + kl)"),
)

edited("beta has no effect", "The answer is the same for every beta.", ("beta * kl", "kl"))

edited("beta counts twice", "The KL was multiplied by beta twice.", ("beta * kl", "beta**2 * kl"))

edited("half of beta", "The KL counts half as much as it should.", ("beta * kl", "0.5 * beta * kl"), share=SLIP)

edited(
    "the KL is subtracted",
    "The KL is a cost: a posterior far from the prior makes the loss larger.",
    ("noise + beta", "noise - beta"),
)

edited("the KL is missing", "The loss is the squared error alone.", ("kl = 0.5", "0.5"), ("noise + beta * kl", "noise"))

edited(
    "the squared error is missing",
    "The loss is the KL alone.",
    ("error = np", "np"),
    ("noise = np", "np"),
    ("error + noise + beta", "beta"),
)

edited(
    "the KL lacks its constant",
    "Where the posterior is the prior, the KL is 0. Yours is not.",
    ("log_var - 1", "log_var"),
)

edited(
    "the KL does not see the means",
    "A posterior whose mean lies away from 0 costs more.",
    ("np.mean(mu**2, axis=0) + np.exp", "np.exp"),
)

edited(
    "the KL does not see the widths",
    "A posterior that is narrower or wider than the prior costs more.",
    ("(mu**2, axis=0) + np.exp(log_var) - log_var - 1", "(mu**2, axis=0)"),
)

edited("the KL lacks the variance", "One of its terms is the variance itself.", ("+ np.exp(log_var) -", "-"))

edited("the KL lacks the log variance", "One of its terms is the logarithm of the variance.", ("log_var - 1", "1"))

edited(
    "the log variance enters the KL with the wrong sign",
    "A narrow posterior costs more than one as wide as the prior.",
    ("- log_var", "+ log_var"),
)

edited(
    "the means are averaged before they are squared",
    "The KL goes by the squared mean of each sample: square first, then average.",
    ("(mu**2, axis=0)", "(mu, axis=0) ** 2"),
)

edited("the means are not squared in the KL", "The KL goes by the squared means.", ("mu**2", "mu"))

edited(
    "X is centred first",
    "X is used as it comes; nothing has to be centred for the loss of given weights.",
    ("mu = X @ W_enc", "X = X - X.mean(axis=0)\n    mu = X @ W_enc"),
)

edited(
    "the root of the squared error",
    "The squared error is not to be rooted.",
    ("np.sum((X - mu @ W_dec) ** 2) / len(X)", "np.mean(np.linalg.norm(X - mu @ W_dec, axis=1))"),
)

edited(
    "one loss for each sample",
    "One number comes back for each sample: they are to be averaged.",
    ("((X - mu @ W_dec) ** 2) / len(X)", "((X - mu @ W_dec) ** 2, axis=1)"),
    ("np.mean(mu**2, axis=0) + np.exp(log_var) - log_var - 1", "mu**2 + np.exp(log_var) - log_var - 1, axis=1"),
    share=SLIP,
)

edited(
    "one draw fixed for ever: all noise is 1",
    "The draws were replaced by one standard deviation in the same direction for all dimensions. On average the noise of one dimension does not know of the others.",
    ("X - mu", "X - (mu + np.exp(0.5 * log_var))"),
    ("noise = np", "np"),
    ("noise + beta", "beta"),
)


@variant
def loss_traces(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    spread = X.T @ X / len(X)
    left = np.eye(X.shape[1]) - W_enc @ W_dec
    error = np.trace(left.T @ spread @ left)
    noise = np.trace(W_dec.T @ np.diag(np.exp(log_var)) @ W_dec)
    kl = 0.5 * (np.trace(W_enc.T @ spread @ W_enc) + np.sum(np.exp(log_var) - log_var) - len(log_var))
    return np.array(error + noise + beta * kl)


@variant
def loss_einsum(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    mu = np.einsum("nd,dk->nk", X, W_enc)
    sigma = np.exp(0.5 * log_var)
    noise = np.sum((sigma[:, None] * W_dec) ** 2)
    kl = np.mean(np.sum(0.5 * (mu**2 + sigma**2 - np.log(sigma**2) - 1), axis=1))
    return np.mean(np.sum((X - mu @ W_dec) ** 2, axis=1)) + noise + beta * kl


@variant
def loss_loops(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    total = 0.0
    for x in X:
        mu = x @ W_enc
        total += float(np.sum((x - mu @ W_dec) ** 2))
        for j, value in enumerate(log_var):
            total += np.exp(value) * float(W_dec[j] @ W_dec[j])
            total += beta * 0.5 * (mu[j] ** 2 + np.exp(value) - value - 1)
    return total / len(X)


@variant
def loss_float32(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    X, W_enc, log_var, W_dec = (np.float32(part) for part in (X, W_enc, log_var, W_dec))
    mu = X @ W_enc
    error = np.mean(np.sum((X - mu @ W_dec) ** 2, axis=1)) + np.sum(np.exp(log_var) @ W_dec**2)
    return np.float32(error + beta * np.mean(np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)) / 2)


@variant
def loss_by_mean_draws(X: Any, W_enc: Any, log_var: Any, W_dec: Any, beta: Any = 1.0) -> Any:
    mu, sigma = X @ W_enc, np.exp(log_var / 2)

    def drawn(eps: Any) -> Any:
        return np.sum((X - (mu + sigma * eps) @ W_dec) ** 2) / len(X)

    middle = drawn(0.0)
    bends = [(drawn(one) + drawn(-one)) / 2 - middle for one in np.eye(len(sigma))]
    kl = 0.5 * np.sum(np.square(mu) / len(X)) + 0.5 * np.sum(np.exp(log_var) - 1 - log_var)
    return middle + sum(bends) + beta * kl
