"""Mistakes in rows, losses, weights and masks of 03_gaussian_kl: halves, axes, single numbers, manners."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue, Function
from ..tells import bounded, in_place, with_something_added

CATALOGUE = Catalogue()

SLIP = 0.3
_MEANS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, math.inf)
_IN_PLACE = "The values are right, but the caller's arrays are different afterwards. Make new arrays."
_Decorator = Callable[[Function], Function]


def _rows(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("kl_from_log_var", name, says, share=share, tell=tell)


def _loss(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("beta_vae_loss", name, says, share=share, tell=tell)


def _ramp(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("kl_weight", name, says, share=share, tell=tell)


def _mask(name: str, says: str, share: float = 0.0, tell: Any = None) -> _Decorator:
    return CATALOGUE.mistake("active_units", name, says, share=share, tell=tell)


def _rows_added(eps: float, power: int, call: Call) -> Any:
    mu, log_var = call.args
    widths = np.exp(log_var * power / 2)
    return 0.5 * np.sum(mu**2 + np.expm1(log_var) - 2 / power * np.log(widths + eps), axis=1)


def _masks_in_place(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all masks are right, although some call changed an argument."""
    return any(answer.changed for answer in answers) and all(
        np.array_equal(answer.value, oracles.active_units(*call.args, **call.kwargs))
        for call, answer in zip(calls, answers, strict=True)
    )


@_rows(
    "log_var lost its one half", "log_var is taken away whole; the one half before the bracket belongs to it as well."
)
def rows_log_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(0.5 * (mu**2 + np.exp(log_var) - 1) - log_var, axis=1)


@_rows("the constant has the wrong sign", "The constant was added, so that even the prior costs something.")
def rows_plus_one(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var + 1, axis=1)


@_rows("the spread lost its one half", "The part of log_var is twice what it should be; that of mu is right.")
def rows_spread_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(0.5 * mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@_rows("the shift lost its one half", "The part of mu is twice what it should be; that of log_var is right.")
def rows_shift_whole(mu: Any, log_var: Any) -> Any:
    return np.sum(mu**2 + 0.5 * (np.exp(log_var) - log_var - 1), axis=1)


@_rows(
    "averaged over the wrong axis",
    "The samples were averaged, one number a dimension. Sum over each sample's dimensions.",
)
def rows_mean_zero(mu: Any, log_var: Any) -> Any:
    return np.mean(0.5 * (mu**2 + np.exp(log_var) - log_var - 1), axis=0)


@_rows(
    "something is added in the logarithm",
    "sigma was formed, something was added, and its logarithm taken: narrow posteriors come out wrong. Use log_var itself.",
    tell=with_something_added(_rows_added, oracles.kl_from_log_var, 1e-9, 1e-12),
)
def rows_eps_in_log(mu: Any, log_var: Any) -> Any:
    sigma = np.exp(0.5 * log_var)
    return np.sum(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma + 1e-10), axis=1)


@_rows("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.kl_from_log_var, 1e-9, 1e-12))
def rows_mu_in_place(mu: Any, log_var: Any) -> Any:
    mu **= 2
    return 0.5 * np.sum(mu + np.expm1(log_var) - log_var, axis=1)


@_rows(
    "mu is kept within bounds",
    "Beyond some bound mu was replaced by the bound. Means far from 0 are dear, and must be.",
    tell=bounded(oracles.kl_from_log_var, 0, [-bound for bound in _MEANS], _MEANS, 0.0, 1e-9, 1e-12),
)
def rows_mu_bounded(mu: Any, log_var: Any) -> Any:
    mu = np.clip(mu, -10, 10)
    return 0.5 * np.sum(mu**2 + np.expm1(log_var) - log_var, axis=1)


@_loss(
    "a large beta is cut off", "Beyond some bound beta was replaced by the bound. beta may be as large as one likes."
)
def loss_beta_bounded(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + np.minimum(beta, 10.0) * kl


@_loss("the reconstruction is subtracted", "The reconstruction has the wrong sign. Both parts are costs and are added.")
def loss_minus_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * kl - reconstruction


@_loss("both parts are subtracted", "The whole loss has the wrong sign. Both parts are costs and are added.", SLIP)
def loss_negative(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return -reconstruction - beta * kl


@_loss(
    "one half on the reconstruction", "The reconstruction was halved. It stands as it is; beta alone sets the balance."
)
def loss_half_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return 0.5 * reconstruction + beta * kl


@_loss("one half on the KL", "The KL was halved. It holds its one half already.")
def loss_half_kl(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + 0.5 * beta * kl


@_loss(
    "the bracket is wrong",
    "beta was added to the reconstruction, and the KL multiplied by both. beta multiplies the KL.",
)
def loss_bracket(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (reconstruction + beta) * kl


@_loss("everything is added up", "beta was added. It is the factor of the KL.")
def loss_all_added(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta + kl


@_loss("the reconstruction is missing", "Only the weighted KL came back. The reconstruction is added to it.")
def loss_kl_only(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * kl


@_loss("the parts come back first", "Three things came back, the total last. Return the loss alone.")
def loss_parts_first(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction, beta * kl, reconstruction + beta * kl


@_loss("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.beta_vae_loss))
def loss_kl_in_place(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    kl *= beta
    return reconstruction + kl


@_ramp(
    "`if` asks about many epochs",
    "`if` takes one number and fails for an array of epochs. Numpy has functions for both.",
)
def ramp_if(epoch: Any, warmup: Any = 10) -> Any:
    if epoch < 0:
        return 0.0
    if warmup == 0 or epoch >= warmup:
        return 1.0
    return epoch / warmup


@_ramp("a warm-up of 1 is taken for none", "With warmup = 1 the weight still rises, from 0 at epoch 0 to 1 at epoch 1.")
def ramp_one_is_none(epoch: Any, warmup: Any = 10) -> Any:
    if warmup <= 1:
        return np.ones(np.shape(epoch))
    return np.clip(epoch / warmup, 0, 1)


@_ramp("the fraction is upside down", "The warm-up was divided by the epoch. The weight must grow with the epoch.")
def ramp_upside_down(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip(warmup / np.asarray(epoch), 0, 1)


@_ramp(
    "the epoch is stopped at 1",
    "The epoch was kept between 0 and 1 before it was divided. What must stay there is the weight.",
)
def ramp_epoch_stopped(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip(epoch, 0, 1) / warmup


@_ramp(
    "a list of numbers and arrays",
    "The smallest of a list is one number, and an array of epochs fits into no list of numbers.",
)
def ramp_listed(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.max([0.0, np.min([1.0, epoch / warmup])])


@_ramp(
    "after the warm-up the weight is 0", "Past the end of the warm-up the weight falls back to 0. It must stay at 1."
)
def ramp_falls(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch)
    if warmup == 0:
        return np.ones(epoch.shape)
    return np.where((epoch >= 0) & (epoch <= warmup), epoch / warmup, 0.0)


@_ramp(
    "before epoch 0 the weight is 1",
    "Before epoch 0 the weight is 1. It must be 0 there, and begin to rise at epoch 0.",
)
def ramp_one_before(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch)
    if warmup == 0:
        return np.ones(epoch.shape)
    return np.where((epoch >= 0) & (epoch < warmup), epoch / warmup, 1.0)


@_ramp("an argument is changed in place", _IN_PLACE, tell=in_place(oracles.kl_weight))
def ramp_cut_in_place(epoch: Any, warmup: Any = 10) -> Any:
    if np.ndim(epoch):
        epoch[epoch < 0] = 0
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip(epoch / warmup, 0, 1)


@_mask(
    "sigma read as a log variance", "The KL compared with delta has sigma in an exponent. It is the standard deviation."
)
def mask_sigma_as_log(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + np.exp(sigma) - sigma - 1)
    return (kl > delta).mean(axis=0) >= fraction


@_mask("the KL the other way round", "The KL compared with delta is that of the prior from the posterior.")
def mask_reversed(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = np.log(sigma) + (1 + mu**2) / (2 * sigma**2) - 0.5
    return (kl > delta).mean(axis=0) >= fraction


@_mask(
    "the sum is divided by the number of dimensions",
    "The samples above delta were counted, but divided by k. Divide by n.",
)
def mask_by_k(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).sum(axis=0) / mu.shape[1] >= fraction


@_mask(
    "the average KL is compared with fraction",
    "The KL was averaged and compared with fraction. Compare each KL with delta, and count.",
)
def mask_mean_fraction(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return kl.mean(axis=0) >= fraction


@_mask(
    "delta and fraction cannot be left out",
    "delta and fraction have no default values. Give them some in the first line.",
)
def mask_without_defaults(mu: Any, sigma: Any, delta: Any, fraction: Any) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) >= fraction


@_mask("the axis is kept", "The mask has two axes, (1, k). One True or False for each dimension means shape (k,).")
def mask_axis_kept(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0, keepdims=True) >= fraction


@_mask("an argument is changed in place", _IN_PLACE, tell=_masks_in_place)
def mask_in_place(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    sigma **= 2
    return (0.5 * (mu**2 + sigma - np.log(sigma) - 1) > delta).mean(axis=0) >= fraction
