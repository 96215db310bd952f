"""Hidden checks of `vae_gradients`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.betrayed import varies
from ...checks.exercise import Answer, Check, Fault
from ...checks.judges import one_call, remembered
from ...checks.linear_vae.inputs import ONE_NOISE, TWO_NOISE, WIDER_NOISE, with_noise
from ...checks.linear_vae.vae_gradients import within_largest
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..served import Served
from . import data, oracles
from .shared import SLIP

_WHY = "Right values earn their points by part and regime, so that what goes wrong in one of them costs only that part."
_oracle = remembered(oracles.vae_gradients)


def _judge(parts: Sequence[int]) -> Any:
    """A judge of some of the three gradients."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        right, value = _oracle(example)[0], answers[0].value
        for part in parts:
            if not within_largest(value[part], right[part]):
                return Fault(right[part], value[part], note=f"This is `{('dW_enc', 'dlog_var', 'dW_dec')[part]}`.")
        return None

    return judge


def _check(name: str, must: str, parts: Sequence[int], points: float, first: Sequence[Any], examples: Any) -> Check:
    return Check(
        name, must, one_call, _judge(parts), tuple(first), examples, 6, points, earns=True, hidden=True, why=_WHY
    )


def _large(drawn: tuple[int, int, int, int]) -> Any:
    return data.noise_for(data.big(*drawn, size=10.0, widths=(-8, 4)), drawn[3])


_FIRST = (
    (*TWO_NOISE, 1.0),
    (*WIDER_NOISE, 0.5),
    data.by_name((*TWO_NOISE, 2.0)),
    (*data.noise_for(data.big(200, 10, 3, 11), 12), 0.731),
)
_ORDINARY = data.with_beta(with_noise(data.ORDINARY).filter(data.sound), data.BETAS)
_SHAPES = data.with_beta(with_noise(data.SHAPES).filter(data.sound), data.BETAS)
_LARGE = data.with_beta(
    st.tuples(st.integers(20, 200), st.integers(1, 10), st.integers(1, 6), st.integers(0, 9999))
    .map(_large)
    .filter(data.sound),
    data.BETAS,
)
_ONE_SAMPLE = (
    np.array([[3.0, -1.0]]),
    np.array([[0.5], [1.0]]),
    np.array([-1.0]),
    np.array([[1.0, 0.5]]),
    np.array([[0.5]]),
)

CHECKS = (
    _check("encoder", "dW_enc is right, within 1e-5 of its largest entry.", (0,), 0.75, _FIRST, _ORDINARY),
    _check("widths", "dlog_var is right, within 1e-5 of its largest entry.", (1,), 1, _FIRST, _ORDINARY),
    _check("decoder", "dW_dec is right, within 1e-5 of its largest entry.", (2,), 0.75, _FIRST, _ORDINARY),
    _check(
        "one of a kind",
        "All three are right for one sample, one dimension, one latent dimension, or a code wider than the data.",
        (0, 1, 2),
        0.5,
        [(*ONE_NOISE, 2.0), (*_ONE_SAMPLE, 0.5), (*data.noise_for(data.big(200, 1, 3, 13), 14), 0.4)],
        _SHAPES,
    ),
    _check(
        "large inputs",
        "All three are right for up to 200 samples and entries up to 10.",
        (0, 1, 2),
        0.25,
        [(*data.noise_for(data.big(200, 10, 6, 15, 10.0), 16), 1.0)],
        _LARGE,
    ),
    _check(
        "beta left out",
        "Where beta is not given, it is 1.",
        (0, 1, 2),
        0.25,
        [TWO_NOISE, data.noise_for(data.big(20, 4, 3, 17), 18)],
        with_noise(data.ORDINARY).filter(data.sound),
    ),
)


def _gradients(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    """The gradients in closed form, as a fit can ask for them thousands of times: the oracle differentiates."""
    n, mu, noise = len(X), X @ W_enc, np.exp(log_var / 2) * eps
    pull = 2 * ((mu + noise) @ W_dec - X) / n
    back = pull @ W_dec.T
    d_log_var = (back * noise).sum(axis=0) / 2 + beta * np.expm1(log_var) / 2
    return X.T @ (back + beta * mu / n), d_log_var, (mu + noise).T @ pull


SERVED = Served(_gradients, ("n d", "d k", "k", "k d", "n k", ""))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("vae_gradients")


def gradients_by_chain_rule(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


edited = CATALOGUE.edits("vae_gradients", gradients_by_chain_rule)


@mistake(
    "an argument is changed in place",
    "What the caller passed in is different afterwards: -=, *= or an assignment into an argument. Work on a copy.",
    tell=in_place(oracles.vae_gradients, within_largest),
)
def gradients_in_place(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    sigma = np.exp(0.5 * log_var)
    eps *= sigma
    n = len(X)
    mu = X @ W_enc
    z = mu + eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


edited(
    "noise of its own",
    "The same arguments gave different gradients: the noise is an argument, and nothing is to be drawn.",
    (
        "mu, sigma = X @ W_enc, np.exp(0.5 * log_var)",
        "eps = np.random.standard_normal(np.shape(eps))\n    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)",
    ),
    tell=varies,
)

edited(
    "beta means something else when left out",
    "Where beta is left out, it must mean 1.",
    ("1.0", "0.5"),
    tell=left_out(oracles.vae_gradients, within_largest),
)

edited(
    "the squared error is halved",
    "The gradients belong to half of the squared error. In this course it has no factor in front.",
    ("2", "1"),
    share=SLIP,
)

edited(
    "averaged over the dimensions as well",
    "The gradients belong to an error that is averaged over the columns too: those are summed.",
    ("2 / n", "2 / X.size"),
    share=SLIP,
)

edited(
    "not averaged over the samples",
    "The gradient of the squared error grows with the number of samples: they are to be averaged.",
    ("/ n *", "*"),
    share=SLIP,
)

edited(
    "nothing is averaged over the samples",
    "All gradients grow with the number of samples: they are to be averaged.",
    ("/ n *", "*"),
    ("mu / n", "mu"),
    ("0.5 * beta", "0.5 * n * beta"),
    share=SLIP,
)

edited(
    "the KL's gradient of W_enc is not averaged over the samples",
    "The KL is averaged over the samples, and so is its gradient.",
    ("mu / n", "mu"),
    share=SLIP,
)

edited(
    "the KL's gradient of log_var is summed over the samples",
    "The KL is averaged over the samples, and so is its gradient: log_var is the same for all of them.",
    ("(np.exp(log_var) - 1)", "n * (np.exp(log_var) - 1)"),
    share=SLIP,
)

edited(
    "the KL's gradient of log_var is averaged once more",
    "The KL is the same for all samples as far as log_var goes: averaging leaves it as it is. Yours is divided by the number of samples.",
    ("(np.exp(log_var) - 1)", "(np.exp(log_var) - 1) / n"),
    share=SLIP,
)

edited(
    "eps is not used",
    "The gradients are those of a decoder that gets the means alone. The loss with the given draw is asked.",
    ("mu, sigma", "mu, _sigma"),
    ("mu + sigma * eps", "mu"),
    ("np.sum(dz * sigma * eps, axis=0) + 0.5 * beta", "beta"),
)

edited(
    "eps is used forwards only",
    "The draw goes into the reconstruction, but nothing of it comes back to log_var: the widths feel the KL alone.",
    ("np.sum(dz * sigma * eps, axis=0) + 0.5 * beta", "beta"),
)


@mistake(
    "the gradient of the averaged loss",
    "The noise was averaged out. Here the gradients of one draw, the one that is given, are asked.",
)
def gradients_averaged(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, variance = X @ W_enc, np.exp(log_var)
    dX_hat = 2 / n * (mu @ W_dec - X)
    dW_enc = X.T @ (dX_hat @ W_dec.T + beta * mu / n)
    dlog_var = variance * np.sum(W_dec**2, axis=1) + 0.5 * beta * (variance - 1)
    return dW_enc, dlog_var, mu.T @ dX_hat + 2 * variance[:, None] * W_dec


edited(
    "the decoder's gradient goes by the means",
    "The decoder was given the draw z, and its gradient goes by z as well.",
    ("z.T", "mu.T"),
)

edited(
    "the factor one half is missing in the way back to log_var",
    "The gradient that comes to log_var through the draw is twice too large: the width is the exponential of half of log_var.",
    ("0.5 * np", "np"),
    share=SLIP,
)

edited(
    "the factor one half is missing in the KL's gradient of log_var",
    "The KL pulls at log_var with twice the strength it should have.",
    ("0.5 * beta", "beta"),
    share=SLIP,
)

edited(
    "both factors one half are missing in the gradient of log_var",
    "dlog_var is twice as large as it should be.",
    ("0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta", "np.sum(dz * sigma * eps, axis=0) + beta"),
    share=SLIP,
)

edited(
    "both gradients of the KL are twice too large",
    "The KL has a factor one half in front.",
    ("beta * mu", "2 * beta * mu"),
    ("0.5 * beta", "beta"),
    share=SLIP,
)

edited(
    "the KL's gradient of W_enc is twice too large",
    "The KL has a factor one half in front; the derivative of a square takes it away.",
    ("beta * mu", "2 * beta * mu"),
    share=SLIP,
)

edited(
    "the KL's gradient of W_enc is halved",
    "The derivative of a square brings a factor of two, which takes the one half of the KL away.",
    ("beta * mu", "0.5 * beta * mu"),
    share=SLIP,
)

edited(
    "the width is missing in the way back to log_var",
    "The further the draw lies from its mean, the more log_var moves it. That distance is width times noise, not the noise alone.",
    ("dz * sigma * eps", "dz * eps"),
)

edited(
    "the gradient of sigma instead of log_var",
    "The draw depends on sigma, and sigma on log_var: the second link of the chain is missing.",
    ("0.5 * np.sum(dz * sigma * eps, axis=0)", "np.sum(dz * eps, axis=0)"),
)

edited(
    "the noise is missing in the way back to log_var",
    "How much log_var moves a draw goes by its noise, sign included.",
    ("dz * sigma * eps", "dz * sigma"),
)

edited(
    "the variance takes the place of the standard deviation",
    "The noise was multiplied by exp(log_var), which is the variance.",
    ("0.5 * log_var", "log_var"),
)

edited(
    "the variance takes the place of the standard deviation, forwards only",
    "The noise was multiplied by exp(log_var), which is the variance.",
    ("mu + sigma", "mu + np.exp(log_var)"),
)

edited(
    "log_var is taken for a standard deviation",
    "log_var is the logarithm of a variance, and may be negative.",
    ("np.exp(0.5 * log_var)", "log_var"),
    ("0.5 * np.sum(dz * sigma * eps, axis=0)", "np.sum(dz * eps, axis=0)"),
)

edited(
    "the sign of log_var is turned",
    "The posterior is narrow where it should be wide, and wide where it should be narrow.",
    ("0.5 * log_var", "-0.5 * log_var"),
)

edited(
    "the KL is missing",
    "The gradients are those of the squared error alone.",
    ("dz + beta * mu / n", "dz"),
    ("(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)", "(dz * sigma * eps, axis=0)"),
)

edited("the KL does not reach W_enc", "The KL depends on the means, and these on W_enc.", ("dz + beta * mu / n", "dz"))

edited(
    "the KL does not reach log_var",
    "The KL depends on the widths too: it pulls each variance towards that of the prior.",
    ("(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)", "(dz * sigma * eps, axis=0)"),
)

edited(
    "beta has no effect",
    "The gradients are the same for every beta.",
    ("beta * mu", "mu"),
    ("beta * (np.exp(log_var) - 1)", "(np.exp(log_var) - 1)"),
)

edited(
    "beta is missing in the gradient of W_enc",
    "The KL pulls at W_enc with a strength that does not depend on beta.",
    ("beta * mu", "mu"),
)

edited(
    "beta is missing in the gradient of log_var",
    "The KL pulls at log_var with a strength that does not depend on beta.",
    ("beta * (np.exp(log_var) - 1)", "(np.exp(log_var) - 1)"),
)

edited(
    "beta is before the squared error",
    "beta is the weight of the KL, and the squared error has none.",
    ("2 / n", "2 * beta / n"),
    ("beta * mu", "mu"),
    ("beta * (np.exp(log_var) - 1)", "(np.exp(log_var) - 1)"),
)

edited("beta weighs the whole loss", "beta is the weight of the KL alone.", ("2 / n", "2 * beta / n"))

edited(
    "beta weighs the way back to log_var as well",
    "beta is before the KL alone, not before what comes back through the draw.",
    ("0.5 * np", "beta * 0.5 * np"),
)

edited(
    "half of beta",
    "The KL counts half as much as it should.",
    ("0.5 * beta", "0.25 * beta"),
    ("beta * mu", "0.5 * beta * mu"),
    share=SLIP,
)

edited(
    "the KL is averaged over the latent dimensions",
    "The KL's gradients were divided by k. It is summed over the latent dimensions.",
    ("mu / n", "mu / mu.size"),
    ("(np.exp(log_var) - 1)", "(np.exp(log_var) - 1) / log_var.size"),
    share=SLIP,
)

edited(
    "the KL pulls the widths the wrong way",
    "The KL's part of dlog_var has the wrong sign: a variance above 1 is to shrink.",
    ("+ 0.5", "- 0.5"),
)

edited(
    "the KL pushes the means away",
    "The KL's part of dW_enc has the wrong sign: means are pulled towards 0.",
    ("dz + beta", "dz - beta"),
)

edited(
    "the KL is subtracted",
    "Both parts of the KL's gradient have the wrong sign.",
    ("dz + beta", "dz - beta"),
    ("+ 0.5", "- 0.5"),
)

edited(
    "the KL holds a standard deviation instead of a variance",
    "The KL pulls the variance towards 1; the standard deviation was used.",
    ("np.exp(log_var)", "sigma"),
)

edited(
    "the KL's gradient of log_var lacks its constant",
    "Where the variance is 1 the KL does not pull at log_var. Yours does.",
    ("(np.exp(log_var) - 1)", "np.exp(log_var)"),
)

edited(
    "the KL's gradient of log_var is that of the variance",
    "The KL was differentiated by the variance. By its logarithm, there is one more factor.",
    ("np.exp(log_var) - 1", "1 - np.exp(-log_var)"),
)

edited(
    "the KL goes by the draw instead of the mean",
    "The KL is known exactly: it depends on the means, not on where the draw fell.",
    ("beta * mu", "beta * z"),
)

edited(
    "the wrong sign",
    "All gradients point downhill. A gradient points uphill; it is subtracted when a step is taken.",
    ("dW_enc, dlog_var, z.T", "-dW_enc, -dlog_var, -z.T"),
)

edited(
    "the squared error's gradients have the wrong sign",
    "The part of the squared error points downhill: check the order of the difference.",
    ("z @ W_dec - X", "X - z @ W_dec"),
)

edited(
    "the order W_enc, W_dec, log_var",
    "The three came in another order. It is that of the arguments: dW_enc, dlog_var, dW_dec.",
    ("dlog_var, z.T @ dX_hat", "z.T @ dX_hat, dlog_var"),
    share=SLIP,
)

edited(
    "the order is turned round",
    "The decoder's gradient came first. The order is that of the arguments: dW_enc, dlog_var, dW_dec.",
    ("dW_enc, dlog_var, z.T @ dX_hat", "z.T @ dX_hat, dlog_var, dW_enc"),
    share=SLIP,
)

edited(
    "log_var comes first",
    "The three came in another order. It is that of the arguments: dW_enc, dlog_var, dW_dec.",
    ("dW_enc, dlog_var", "dlog_var, dW_enc"),
    share=SLIP,
)

edited(
    "the weights' gradients lie on their side",
    "A gradient has the shape of what it belongs to: these two came transposed.",
    ("dW_enc, dlog_var, z.T @ dX_hat", "dW_enc.T, dlog_var, (z.T @ dX_hat).T"),
    share=SLIP,
)

edited(
    "a gradient of log_var for each sample",
    "log_var is shared by all samples: what comes back from them is summed.",
    ("np.sum(dz * sigma * eps, axis=0)", "dz * sigma * eps"),
)

edited(
    "one number for log_var",
    "Each latent dimension has its own log variance, and its own gradient.",
    ("eps, axis=0", "eps"),
)

edited(
    "the way back to log_var is averaged once more",
    "The samples were averaged already when the squared error was: what comes back from them is summed.",
    ("np.sum", "np.mean"),
    share=SLIP,
)

edited(
    "W_enc gets the gradient of the codes by the draw",
    "The encoder's gradient starts from X; the draw was used in its place.",
    ("X.T", "(X - X + z @ W_dec).T"),
)

edited(
    "W_enc and W_dec get the same gradient, transposed",
    "The two matrices have different jobs: each has a gradient of its own.",
    ("z.T @ dX_hat", "dW_enc.T"),
)

edited(
    "the loss comes back as well",
    "Four things came back. The three gradients are asked.",
    ("return dW_enc", "return np.sum((z @ W_dec - X) ** 2) / n, dW_enc"),
    share=SLIP,
)


@variant
def gradients_per_sample(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    d_enc, d_log_var, d_dec = np.zeros_like(W_enc), np.zeros_like(log_var), np.zeros_like(W_dec)
    for x, noise in zip(X, eps, strict=True):
        mu = x @ W_enc
        z = mu + np.exp(log_var / 2) * noise
        error = 2 * (z @ W_dec - x)
        dz = W_dec @ error
        d_enc += np.outer(x, dz + beta * mu)
        d_log_var += dz * noise * np.exp(log_var / 2) / 2 + beta * (np.exp(log_var) - 1) / 2
        d_dec += np.outer(z, error)
    return [d_enc / n, d_log_var / n, d_dec / n]


@variant
def gradients_in_parts(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n, sigma = X.shape[0], np.sqrt(np.exp(log_var))
    mu = X.dot(W_enc)
    z = mu + sigma * eps
    residual = X - z.dot(W_dec)
    back = -2 * residual.dot(W_dec.T)
    d_sigma = np.sum(back * eps, axis=0) / n
    return (
        X.T.dot(back) / n + beta * X.T.dot(mu) / n,
        d_sigma * sigma / 2 + beta * (sigma**2 - 1) / 2,
        -2 * z.T.dot(residual) / n,
    )


@variant
def gradients_einsum(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    z = X @ W_enc + np.exp(0.5 * log_var)[None, :] * eps
    dX_hat = 2 * (z @ W_dec - X) / len(X)
    dz = np.einsum("nd,kd->nk", dX_hat, W_dec)
    dmu = dz + beta * (X @ W_enc) / len(X)
    rows = 0.5 * dz * np.exp(0.5 * log_var) * eps + 0.5 * beta * (np.exp(log_var) - 1) / len(X)
    return np.einsum("nd,nk->dk", X, dmu), rows.sum(axis=0), np.einsum("nk,nd->kd", z, dX_hat)


@variant
def gradients_float32(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    X, W_enc, log_var, W_dec, eps = (np.float32(part) for part in (X, W_enc, log_var, W_dec, eps))
    mu, sigma = X @ W_enc, np.exp(log_var / 2)
    z = mu + sigma * eps
    error = 2 * (z @ W_dec - X) / len(X)
    dz = error @ W_dec.T
    d_log_var = 0.5 * (sigma * np.sum(dz * eps, axis=0) + np.float32(beta) * (np.exp(log_var) - 1))
    return X.T @ (dz + np.float32(beta) * mu / len(X)), d_log_var, z.T @ error


@variant
def gradients_lists(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    mu, noise = X @ W_enc, np.exp(0.5 * log_var) * eps
    error = 2 / len(X) * ((mu + noise) @ W_dec - X)
    dz = error @ W_dec.T
    d_log_var = np.diag(noise.T @ dz) / 2 + beta / 2 * np.expm1(log_var)
    parts = X.T @ dz + beta * (X.T @ X @ W_enc) / len(X), d_log_var, (mu + noise).T @ error
    return tuple(part.tolist() for part in parts)


@variant
def gradients_by_differences(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    def loss() -> Any:
        mu = X @ parts[0]
        z = mu + np.exp(0.5 * parts[1]) * eps
        kl = 0.5 * np.sum(mu**2 + np.exp(parts[1]) - parts[1] - 1)
        return (np.sum((z @ parts[2] - X) ** 2) + beta * kl) / len(X)

    parts = [W_enc.copy(), log_var.copy(), W_dec.copy()]
    gradients = [np.zeros_like(part) for part in parts]
    for part, gradient in zip(parts, gradients, strict=True):
        for index in np.ndindex(*part.shape):
            start, sides = part[index], []
            for step in (2e-4, -2e-4):
                part[index] = start + step
                sides.append(loss())
            gradient[index] = (sides[0] - sides[1]) / 4e-4
            part[index] = start
    return tuple(gradients)
