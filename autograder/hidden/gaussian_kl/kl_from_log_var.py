"""Hidden checks of `kl_from_log_var`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths
from ...checks.exercise import Answer, Call, Check, Fault
from ...checks.gaussian_kl.shared import SHIFTS
from ...checks.judges import close
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import imprecise, in_place
from ..mistakes.regimes import LOG_VAR_BOUNDS, bounded, with_something_added
from ..mistakes.terms import Term
from ..values import values, with_large
from .shared import IN_PLACE, SLIP

# So close to the prior that a series cut short shows within nine digits.
NEAR_PRIOR = (np.array([[0.0, 0.001], [0.0, -0.002]]), np.array([[0.008, -0.005], [-0.003, 0.006]]))
NEARER_PRIOR = (np.zeros((2, 2)), np.array([[9e-4, -7e-4], [8e-4, 0.0]]))
SEVERAL = st.tuples(st.integers(2, 4), st.integers(2, 4))
WIDE_LOG_VARS = SEVERAL.flatmap(
    lambda shape: st.tuples(arrays(shape, hundredths(-3, 3)), arrays(shape, hundredths(-800, 80)))
)
ORDINARY_LOG_VARS = SEVERAL.flatmap(lambda shape: st.tuples(arrays(shape, SHIFTS), arrays(shape, hundredths(-5, 3))))


def _shown(check: Check) -> Check:
    """The same check, which adds the difference to what it tells when returned and expected would print alike."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        fault = check.judge(example, answers)
        if fault is None or not close(fault.returned, fault.expected, 1e-5, 1e-7):
            return fault
        off = float(np.max(np.abs(np.subtract(fault.returned, fault.expected))))
        return replace(fault, note=f"It is off by {off:.2g}, which the digits above do not show.")

    return replace(check, judge=judge)


CHECKS: tuple[Check, ...] = tuple(
    _shown(check)
    for check in (
        values(
            "ordinary inputs",
            "The KL of each sample in nats, within 1e-9 relative.",
            oracles.kl_from_log_var,
            points=2.25,
            rtol=1e-9,
            atol=1e-12,
            first=[
                (np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])),
                (np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])),
                NEAR_PRIOR,
                NEARER_PRIOR,
            ],
            examples=ORDINARY_LOG_VARS,
        ),
        values(
            "extreme inputs",
            "It stays right and finite for log variances from -800 to 80.",
            oracles.kl_from_log_var,
            points=1.25,
            rtol=1e-9,
            atol=1e-12,
            first=[
                (np.array([[1.0], [0.0]]), np.array([[-800.0], [80.0]])),
                (np.array([[100.0, -60.0], [-100.0, 0.5]]), np.array([[0.5, -1.0], [2.0, -0.5]])),
            ],
            examples=WIDE_LOG_VARS,
        ),
        values(
            "one column, one row",
            "One dimension or one sample is no special case.",
            oracles.kl_from_log_var,
            points=1,
            rtol=1e-9,
            atol=1e-12,
            first=[(np.array([[1.0]]), np.array([[1.0]])), (np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))],
            examples=st.one_of(
                st.tuples(arrays((1, 3), SHIFTS), arrays((1, 3), hundredths(-5, 3))),
                st.tuples(arrays((4, 1), SHIFTS), arrays((4, 1), hundredths(-5, 3))),
            ),
        ),
    )
)
CHECKS = with_large(
    CHECKS,
    oracles.kl_from_log_var,
    lambda draw: (draw.uniform(-2, 2, (130, 12)), draw.uniform(-2, 2, (130, 12))),
    points=0.25,
    rtol=1e-9,
    atol=1e-12,
)

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "kl_from_log_var",
    Term("the term in mu²", lambda mu, log_var: np.sum(mu**2, axis=1) / 2),
    Term("the term in exp(log_var)", lambda mu, log_var: np.sum(np.exp(log_var), axis=1) / 2),
    Term("the term in log_var", lambda mu, log_var: -np.sum(log_var, axis=1) / 2),
    Term("the constant term", lambda mu, log_var: np.full(len(mu), -mu.shape[1] / 2)),
    tempting=[
        Term("a term in mu", lambda mu, log_var: np.sum(mu, axis=1) / 2),
        Term("a term in |mu|", lambda mu, log_var: np.sum(np.abs(mu), axis=1) / 2),
        Term("a term in exp(log_var / 2)", lambda mu, log_var: np.sum(np.exp(log_var / 2), axis=1) / 2),
        Term("a term in exp(2 log_var)", lambda mu, log_var: np.sum(np.exp(2 * log_var), axis=1) / 2),
        Term("a term in exp(-log_var)", lambda mu, log_var: np.sum(np.exp(-log_var), axis=1) / 2),
        Term("a term in log_var²", lambda mu, log_var: np.sum(log_var**2, axis=1) / 2),
        Term("a constant that does not grow with the dimensions", lambda mu, log_var: np.full(len(mu), -0.5)),
    ],
)
mistake, variant = CATALOGUE.of("kl_from_log_var")

_MEANS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, math.inf)


def _rows_added(eps: float, power: int, call: Call) -> Any:
    mu, log_var = call.args
    widths = np.exp(log_var * power / 2)
    return 0.5 * np.sum(mu**2 + np.expm1(log_var) - 2 / power * np.log(widths + eps), axis=1)


@mistake(
    "log_var read as log sigma",
    "exp(log_var) is the variance already; it was squared once more, as if log_var were log sigma.",
)
def rows_log_sigma(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(2 * log_var) - 2 * log_var - 1, axis=1)


@mistake("sigma where the variance belongs", "exp(log_var / 2) is sigma; the KL needs the variance there.")
def rows_sigma(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(0.5 * log_var) - log_var - 1, axis=1)


@mistake(
    "half of log_var where all of it belongs",
    "The term beside the exponential is half of what it should be: log_var is the logarithm of the variance.",
)
def rows_half_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - 0.5 * log_var - 1, axis=1)


@mistake(
    "log_var read as the variance",
    "log_var was used as if it were the variance itself. Take its exponential where the variance is meant.",
)
def rows_as_variance(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + log_var - np.log(np.abs(log_var) + 1e-300) - 1, axis=1)


@mistake(
    "log_var read as sigma",
    "log_var was used as if it were the standard deviation. Its exponential is the variance, the square of that.",
)
def rows_as_sigma(mu: Any, log_var: Any) -> Any:
    with np.errstate(divide="ignore"):
        return 0.5 * np.sum(mu**2 + log_var**2 - np.log(log_var**2) - 1, axis=1)


@mistake("averaged over the dimensions", "The dimensions were averaged. The KL of a sample is their sum.", share=SLIP)
def rows_mean(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake("summed over samples and dimensions", "Everything was added up. Each sample keeps one number.", share=SLIP)
def rows_all(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)


@mistake("averaged over the samples as well", "The samples were averaged. Each sample keeps one number.", share=SLIP)
def rows_batch_mean(mu: Any, log_var: Any) -> Any:
    return np.mean(0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))


@mistake(
    "summed over the wrong axis",
    "The samples were added up, the dimensions kept. Rows are samples: the sum runs along each row.",
    share=SLIP,
)
def rows_wrong_axis(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=0)


@mistake(
    "not summed over the dimensions",
    "There is one number per sample and dimension; add the dimensions of each sample.",
    share=SLIP,
)
def rows_elementwise(mu: Any, log_var: Any) -> Any:
    return 0.5 * (mu**2 + np.exp(log_var) - log_var - 1)


@mistake("the axis is kept", "The result has shape (n, 1); one number a sample means shape (n,).", share=SLIP)
def rows_keepdims(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1, keepdims=True)


@mistake("a factor of one half is missing", "Every value is twice what it should be.", share=SLIP)
def rows_without_half(mu: Any, log_var: Any) -> Any:
    return np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "the constant is missing", "Each dimension adds the same amount too much, and the prior itself costs something."
)
def rows_without_constant(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var, axis=1)


@mistake(
    "the constant is taken away once a sample",
    "The constant belongs to every dimension; here it was subtracted once, after the sum.",
)
def rows_constant_once(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.sum(mu**2 + np.exp(log_var) - log_var, axis=1) - 1)


@mistake(
    "log_var with the wrong sign",
    "log_var is added where it must be taken away: narrow posteriors must cost more, not less.",
)
def rows_plus_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) + log_var - 1, axis=1)


@mistake("the sign is turned round", "Every value is the negative of what it should be.", share=SLIP)
def rows_negative(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1)


@mistake("the KL the other way round", "This is KL(prior || posterior): the order of the two distributions matters.")
def rows_reversed(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(log_var + (1 + mu**2) * np.exp(-log_var) - 1, axis=1)


@mistake(
    "log_var recovered from the variance",
    "exp and then log loses log_var where the variance is too small for a float: -800 comes back as -inf. Use log_var itself.",
)
def rows_through_sigma(mu: Any, log_var: Any) -> Any:
    variance = np.exp(log_var)
    return 0.5 * np.sum(mu**2 + variance - np.log(variance) - 1, axis=1)


@mistake(
    "a small number added to the variance",
    "Something is added before the logarithm is taken, so narrow posteriors come out wrong. log_var needs no such help.",
)
def rows_eps(mu: Any, log_var: Any) -> Any:
    variance = np.exp(log_var)
    return 0.5 * np.sum(mu**2 + variance - np.log(variance + 1e-8) - 1, axis=1)


@mistake("log_var is clipped", "log_var is pushed into a range before use, so that extreme posteriors come out wrong.")
def rows_clipped(mu: Any, log_var: Any) -> Any:
    log_var = np.clip(log_var, -10, 10)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "about seven digits are right",
    "float32, or rounding, loses the rest. This KL is required in float64, to nine digits. Leave the arrays as they come.",
    tell=imprecise(oracles.kl_from_log_var, 1e-4, 1e-9),
)
def rows_float32(mu: Any, log_var: Any) -> Any:
    mu, log_var = mu.astype(np.float32), log_var.astype(np.float32)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake("log_var is changed in place", "log_var is different after the call. Make a new array.")
def rows_in_place(mu: Any, log_var: Any) -> Any:
    kl = mu**2 - log_var - 1
    np.exp(log_var, out=log_var)
    return 0.5 * np.sum(kl + log_var, axis=1)


@mistake(
    "averaged over samples and dimensions",
    "Everything was averaged. Each sample keeps one number, the sum over its dimensions.",
    share=SLIP,
)
def rows_mean_all(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "a single sample loses its axis",
    "For one sample a bare number came back. One number a sample means shape (n,), which is (1,) there.",
)
def rows_squeezed(mu: Any, log_var: Any) -> Any:
    return np.squeeze(0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1))


@mistake("the variance is squared", "exp(log_var) is the variance already; it was squared once more.")
def rows_variance_squared(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) ** 2 - log_var - 1, axis=1)


@mistake(
    "the logarithm of log_var",
    "A logarithm was taken of log_var, which may be negative. log_var is a logarithm already.",
)
def rows_log_of_log(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + log_var - np.log(log_var) - 1, axis=1)


@mistake("mu is not squared", "mu enters with its sign. It must enter by its square.")
def rows_plain_mu(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu + np.exp(log_var) - log_var - 1, axis=1)


@mistake(
    "log_var is kept within bounds",
    "Beyond some bound log_var was replaced by the bound, so that extreme posteriors come out wrong. The formula needs no bounds.",
    tell=bounded(oracles.kl_from_log_var, 1, [-bound for bound in LOG_VAR_BOUNDS], LOG_VAR_BOUNDS, 0.0, 1e-9, 1e-12),
)
def rows_bounded(mu: Any, log_var: Any) -> Any:
    log_var = np.clip(log_var, -30, 20)
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake("only the first sample", "The loop returned in its first round. Collect all samples' numbers.")
def rows_first(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu[0] ** 2 + np.exp(log_var[0]) - log_var[0] - 1)


@mistake(
    "log_var lost its one half", "log_var is taken away whole; the one half before the bracket belongs to it as well."
)
def rows_log_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(0.5 * (mu**2 + np.exp(log_var) - 1) - log_var, axis=1)


@mistake("the constant has the wrong sign", "The constant was added, so that even the prior costs something.")
def rows_plus_one(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var + 1, axis=1)


@mistake("the spread lost its one half", "The part of log_var is twice what it should be.")
def rows_spread_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(0.5 * mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@mistake("the shift lost its one half", "The part of mu is twice what it should be.")
def rows_shift_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(mu**2 + 0.5 * (np.exp(log_var) - log_var - 1), axis=1)


@mistake(
    "averaged over the wrong axis",
    "The samples were averaged, one number a dimension. Sum over each sample's dimensions.",
)
def rows_mean_zero(mu: Any, log_var: Any) -> Any:
    return np.mean(0.5 * (mu**2 + np.exp(log_var) - log_var - 1), axis=0)


@mistake(
    "something is added in the logarithm",
    "sigma was formed, something was added, and its logarithm taken: narrow posteriors come out wrong. Use log_var itself.",
    tell=with_something_added(_rows_added, oracles.kl_from_log_var, 1e-9, 1e-12),
)
def rows_eps_in_log(mu: Any, log_var: Any) -> Any:
    sigma = np.exp(0.5 * log_var)
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma + 1e-10), axis=1)


@mistake(
    "an argument is changed in place",
    IN_PLACE,
    tell=in_place(oracles.kl_from_log_var, partial(close, rtol=1e-9, atol=1e-12)),
)
def rows_mu_in_place(mu: Any, log_var: Any) -> Any:
    mu **= 2
    return 0.5 * np.sum(mu + np.expm1(log_var) - log_var, axis=1)


@mistake(
    "mu is kept within bounds",
    "Beyond some bound mu was replaced by the bound. Means far from 0 are expensive, and must be.",
    tell=bounded(oracles.kl_from_log_var, 0, [-bound for bound in _MEANS], _MEANS, 0.0, 1e-9, 1e-12),
)
def rows_mu_bounded(mu: Any, log_var: Any) -> Any:
    mu = np.clip(mu, -10, 10)
    return 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)


@variant
def rows_plain(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@variant
def rows_expm1(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.expm1(log_var) - log_var + mu * mu).sum(-1)


@variant
def rows_einsum(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.einsum("nk,nk->n", mu, mu) + np.einsum("nk->n", np.exp(log_var) - 1.0 - log_var))


@variant
def rows_minus_form(mu: Any, log_var: Any) -> Any:
    return -0.5 * (1 + log_var - mu**2 - np.exp(log_var)).sum(axis=1)


@variant
def rows_loop(mu: Any, log_var: Any) -> Any:
    import math

    return [
        sum(0.5 * (m * m + math.exp(lv) - lv - 1) for m, lv in zip(row, widths, strict=True))
        for row, widths in zip(mu, log_var, strict=True)
    ]
