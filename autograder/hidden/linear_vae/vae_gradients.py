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
from ..mistakes.conduct import in_place
from ..served import Served
from . import data, oracles
from .shared import SLIP, default

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


@mistake(
    "an argument is changed in place",
    "The gradients are right, but what the caller passed in is different afterwards: -=, *= or an assignment into an argument. Work on a copy.",
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


@mistake(
    "noise of its own",
    "The same arguments gave different gradients: the noise is an argument, and nothing is to be drawn.",
    tell=varies,
)
def gradients_own_noise(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    eps = np.random.standard_normal(np.shape(eps))
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "another beta where none is given",
    "The gradients are right where beta is given. Where it is left out, beta is 1.",
    tell=default(oracles.vae_gradients, 5, within_largest),
)
def gradients_default(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 0.5) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the squared error is halved",
    "The gradients belong to half of the squared error. In this course it has no factor in front.",
    share=SLIP,
)
def gradients_half(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 1 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "averaged over the dimensions as well",
    "The gradients belong to an error that is averaged over the columns too: those are summed.",
    share=SLIP,
)
def gradients_mean_all(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / X.size * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "not averaged over the samples",
    "The gradient of the squared error grows with the number of samples: they are to be averaged.",
    share=SLIP,
)
def gradients_sum(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "nothing is averaged over the samples",
    "All gradients grow with the number of samples: they are to be averaged.",
    share=SLIP,
)
def gradients_sum_all(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * n * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of W_enc is not averaged over the samples",
    "The KL is averaged over the samples, and so is its gradient.",
    share=SLIP,
)
def gradients_kl_sum(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of log_var is summed over the samples",
    "The KL is averaged over the samples, and so is its gradient: log_var is the same for all of them.",
    share=SLIP,
)
def gradients_kl_widths_sum(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * n * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "eps is not used",
    "The gradients are those of a decoder that gets the means alone. The loss with the given draw is asked.",
)
def gradients_no_noise(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, _sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "eps is used forwards only",
    "The draw goes into the reconstruction, but nothing of it comes back to log_var: the widths feel the KL alone.",
)
def gradients_no_way_back(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


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


@mistake(
    "the decoder's gradient goes by the means", "The decoder was given the draw z, and its gradient goes by z as well."
)
def gradients_decoder_means(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, mu.T @ dX_hat


@mistake(
    "the factor one half is missing in the way back to log_var",
    "The gradient that comes to log_var through the draw is twice too large: the width is the exponential of half of log_var.",
    share=SLIP,
)
def gradients_no_half(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the factor one half is missing in the KL's gradient of log_var",
    "The KL pulls at log_var with twice the strength it should have.",
    share=SLIP,
)
def gradients_kl_no_half(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "both factors one half are missing in the gradient of log_var",
    "dlog_var is twice as large as it should be.",
    share=SLIP,
)
def gradients_no_halves(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = np.sum(dz * sigma * eps, axis=0) + beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("both gradients of the KL are twice too large", "The KL has a factor one half in front.", share=SLIP)
def gradients_kl_twice(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + 2 * beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of W_enc is twice too large",
    "The KL has a factor one half in front; the derivative of a square takes it away.",
    share=SLIP,
)
def gradients_kl_means_twice(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + 2 * beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of W_enc is halved",
    "The derivative of a square brings a factor of two, which takes the one half of the KL away.",
    share=SLIP,
)
def gradients_kl_means_half(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + 0.5 * beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the width is missing in the way back to log_var",
    "The further the draw lies from its mean, the more log_var moves it. That distance is width times noise, not the noise alone.",
)
def gradients_no_width(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the gradient of sigma instead of log_var",
    "The draw depends on sigma, and sigma on log_var: the second link of the chain is missing.",
)
def gradients_of_sigma(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = np.sum(dz * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the noise is missing in the way back to log_var", "How much log_var moves a draw goes by its noise, sign included."
)
def gradients_no_eps_back(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the variance takes the place of the standard deviation",
    "The noise was multiplied by exp(log_var), which is the variance.",
)
def gradients_variance(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the variance takes the place of the standard deviation, forwards only",
    "The noise was multiplied by exp(log_var), which is the variance.",
)
def gradients_variance_forwards(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + np.exp(log_var) * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("log_var is taken for a standard deviation", "log_var is the logarithm of a variance, and may be negative.")
def gradients_log_var_sigma(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, log_var
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = np.sum(dz * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the sign of log_var is turned",
    "The posterior is narrow where it should be wide, and wide where it should be narrow.",
)
def gradients_log_var_sign(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(-0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("the KL is missing", "The gradients are those of the squared error alone.")
def gradients_no_kl(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("the KL does not reach W_enc", "The KL depends on the means, and these on W_enc.")
def gradients_no_kl_means(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL does not reach log_var",
    "The KL depends on the widths too: it pulls each variance towards that of the prior.",
)
def gradients_no_kl_widths(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("beta has no effect", "The gradients are the same for every beta.")
def gradients_no_beta(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "beta is missing in the gradient of W_enc", "The KL pulls at W_enc with a strength that does not depend on beta."
)
def gradients_no_beta_means(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "beta is missing in the gradient of log_var",
    "The KL pulls at log_var with a strength that does not depend on beta.",
)
def gradients_no_beta_widths(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("beta is before the squared error", "beta is the weight of the KL, and the squared error has none.")
def gradients_beta_error(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 * beta / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("beta weighs the whole loss", "beta is the weight of the KL alone.")
def gradients_beta_all(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 * beta / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "beta weighs the way back to log_var as well",
    "beta is before the KL alone, not before what comes back through the draw.",
)
def gradients_beta_back(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = beta * 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("half of beta", "The KL counts half as much as it should.", share=SLIP)
def gradients_half_beta(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + 0.5 * beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.25 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL is averaged over the latent dimensions",
    "The KL's gradients were divided by k. It is summed over the latent dimensions.",
    share=SLIP,
)
def gradients_kl_mean(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / mu.size)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1) / log_var.size
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL pulls the widths the wrong way",
    "The KL's part of dlog_var has the wrong sign: a variance above 1 is to shrink.",
)
def gradients_kl_widths_sign(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) - 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("the KL pushes the means away", "The KL's part of dW_enc has the wrong sign: means are pulled towards 0.")
def gradients_kl_means_sign(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz - beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("the KL is subtracted", "Both parts of the KL's gradient have the wrong sign.")
def gradients_minus_kl(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz - beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) - 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL holds a standard deviation instead of a variance",
    "The KL pulls the variance towards 1; the standard deviation was used.",
)
def gradients_kl_sigma(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (sigma - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of log_var lacks its constant",
    "Where the variance is 1 the KL does not pull at log_var. Yours does.",
)
def gradients_no_one(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * np.exp(log_var)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL's gradient of log_var is that of the variance",
    "The KL was differentiated by the variance. By its logarithm, there is one more factor.",
)
def gradients_by_variance(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (1 - np.exp(-log_var))
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the KL goes by the draw instead of the mean",
    "The KL is known exactly: it depends on the means, not on where the draw fell.",
)
def gradients_kl_of_draw(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * z / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the wrong sign", "All gradients point downhill. A gradient points uphill; it is subtracted when a step is taken."
)
def gradients_downhill(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return -dW_enc, -dlog_var, -z.T @ dX_hat


@mistake(
    "the squared error's gradients have the wrong sign",
    "The part of the squared error points downhill: check the order of the difference.",
)
def gradients_error_sign(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (X - z @ W_dec)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the order W_enc, W_dec, log_var",
    "The three came in another order. It is that of the arguments: dW_enc, dlog_var, dW_dec.",
    share=SLIP,
)
def gradients_log_var_last(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, z.T @ dX_hat, dlog_var


@mistake(
    "the order is turned round",
    "The decoder's gradient came first. The order is that of the arguments: dW_enc, dlog_var, dW_dec.",
    share=SLIP,
)
def gradients_turned(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return z.T @ dX_hat, dlog_var, dW_enc


@mistake(
    "log_var comes first",
    "The three came in another order. It is that of the arguments: dW_enc, dlog_var, dW_dec.",
    share=SLIP,
)
def gradients_log_var_first(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dlog_var, dW_enc, z.T @ dX_hat


@mistake(
    "the weights' gradients lie on their side",
    "A gradient has the shape of what it belongs to: these two came transposed.",
    share=SLIP,
)
def gradients_on_side(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc.T, dlog_var, (z.T @ dX_hat).T


@mistake(
    "a gradient of log_var for each sample", "log_var is shared by all samples: what comes back from them is summed."
)
def gradients_each(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * dz * sigma * eps + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake("one number for log_var", "Each latent dimension has its own log variance, and its own gradient.")
def gradients_one_number(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "the way back to log_var is averaged once more",
    "The samples were averaged already when the squared error was: what comes back from them is summed.",
    share=SLIP,
)
def gradients_mean_back(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.mean(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "W_enc gets the gradient of the codes by the draw",
    "The encoder's gradient starts from X; the draw was used in its place.",
)
def gradients_dz(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = (X - X + z @ W_dec).T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, z.T @ dX_hat


@mistake(
    "W_enc and W_dec get the same gradient, transposed",
    "The two matrices have different jobs: each has a gradient of its own.",
)
def gradients_tied(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return dW_enc, dlog_var, dW_enc.T


@mistake("the loss comes back as well", "Four things came back. The three gradients are asked.", share=SLIP)
def gradients_and_loss(X: Any, W_enc: Any, log_var: Any, W_dec: Any, eps: Any, beta: Any = 1.0) -> Any:
    n = len(X)
    mu, sigma = X @ W_enc, np.exp(0.5 * log_var)
    z = mu + sigma * eps
    dX_hat = 2 / n * (z @ W_dec - X)
    dz = dX_hat @ W_dec.T
    dW_enc = X.T @ (dz + beta * mu / n)
    dlog_var = 0.5 * np.sum(dz * sigma * eps, axis=0) + 0.5 * beta * (np.exp(log_var) - 1)
    return np.sum((z @ W_dec - X) ** 2) / n, dW_enc, dlog_var, z.T @ dX_hat


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
