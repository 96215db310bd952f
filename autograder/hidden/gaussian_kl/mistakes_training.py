"""Known mistakes of beta_vae_loss, kl_weight and active_units, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "beta_vae_loss",
    "beta weighs the reconstruction",
    "beta multiplies the reconstruction. It is the weight of the KL term.",
)
def loss_beta_on_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * reconstruction + kl


@mistake(
    "beta_vae_loss", "beta weighs both terms", "beta multiplies the whole sum. It is the weight of the KL term alone."
)
def loss_beta_on_both(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * (reconstruction + kl)


@mistake("beta_vae_loss", "beta has no effect", "beta is taken but not used.")
def loss_without_beta(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + kl


@mistake("beta_vae_loss", "the KL is subtracted", "The KL is taken away from the loss. It is a cost and must be added.")
def loss_minus(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction - beta * kl


@mistake(
    "beta_vae_loss",
    "a weighted average instead of a sum",
    "The reconstruction is weighed by 1 - beta. In the beta-VAE loss its weight is always 1.",
)
def loss_convex(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (1 - beta) * reconstruction + beta * kl


@mistake("beta_vae_loss", "divided by beta", "The KL is divided by beta; beta is its factor.")
def loss_divided(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + kl / beta


@mistake(
    "beta_vae_loss",
    "the losses are summed up",
    "One number came back for several losses. Each pair keeps a loss of its own.",
    share=SLIP,
)
def loss_summed(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.sum(reconstruction + beta * kl)


@mistake(
    "beta_vae_loss",
    "the losses are averaged",
    "One average came back for several losses. Each pair keeps a loss of its own.",
    share=SLIP,
)
def loss_averaged(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.mean(reconstruction + beta * kl)


@mistake("beta_vae_loss", "another default for beta", "Left out, beta must mean 1, the plain VAE.")
def loss_default(reconstruction: Any, kl: Any, beta: Any = 0.5) -> Any:
    return reconstruction + beta * kl


@mistake("beta_vae_loss", "the reconstruction is changed in place", "+= changed the caller's array. Make a new one.")
def loss_in_place(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    reconstruction += beta * kl
    return reconstruction


@mistake(
    "kl_weight", "the ramp is not stopped at 1", "After the warm-up the weight goes on growing. It must stay at 1."
)
def ramp_unclamped_above(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.maximum(epoch / warmup, 0)


@mistake("kl_weight", "the ramp is not stopped at 0", "Before epoch 0 the weight is negative. It must be 0 there.")
def ramp_unclamped_below(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.minimum(epoch / warmup, 1)


@mistake("kl_weight", "the ramp is not stopped at either end", "The weight leaves [0, 1] before and after the warm-up.")
def ramp_unclamped(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return epoch / warmup + np.zeros(np.shape(epoch))


@mistake(
    "kl_weight",
    "one epoch early",
    "The weight is already above 0 at epoch 0 and reaches 1 an epoch too soon: epochs count from 0.",
)
def ramp_early(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones(np.shape(epoch))
    return np.clip((epoch + 1) / warmup, 0, 1)


@mistake(
    "kl_weight", "one epoch too long", "The weight reaches 1 an epoch too late: after `warmup` epochs the ramp is over."
)
def ramp_late(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / (warmup + 1), 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake("kl_weight", "one epoch too short", "The weight reaches 1 an epoch too soon: the ramp lasts `warmup` epochs.")
def ramp_short(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / (warmup - 1), 0, 1) if warmup > 1 else np.ones(np.shape(epoch))


@mistake("kl_weight", "the ramp runs backwards", "The weight falls from 1 to 0. It must rise from 0 to 1.")
def ramp_backwards(epoch: Any, warmup: Any = 10) -> Any:
    return 1 - np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake("kl_weight", "warmup has no effect", "The ramp always lasts 10 epochs, whatever warmup is.")
def ramp_fixed(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / 10, 0, 1)


@mistake(
    "kl_weight",
    "no warm-up divides by zero",
    "With warmup = 0 the ramp divides by 0. Without a warm-up the weight is 1 from the start.",
)
def ramp_zero_division(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(np.divide(epoch, warmup), 0, 1)


@mistake(
    "kl_weight",
    "no warm-up means weight 0",
    "With warmup = 0 the weight stays at 0. Without a warm-up it is 1 from the start.",
)
def ramp_zero_off(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else np.zeros(np.shape(epoch))


@mistake("kl_weight", "whole steps instead of a ramp", "The weight jumps from 0 to 1: the division was rounded down.")
def ramp_integer(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(np.floor_divide(epoch, warmup), 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake(
    "active_units",
    "the average KL is compared with delta",
    "The KL was averaged over the samples before comparing. Compare every sample, then count how many are above.",
)
def mask_mean_kl(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return kl.mean(axis=0) > delta


@mistake(
    "active_units",
    "more than the fraction instead of at least",
    "A dimension with exactly the asked fraction of samples above delta counts as active.",
)
def mask_strict(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) > fraction


@mistake(
    "active_units",
    "any one sample is enough",
    "One sample above delta made the dimension active; it takes the asked fraction of them.",
)
def mask_any(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).any(axis=0)


@mistake(
    "active_units",
    "every sample is required",
    "All samples had to be above delta; the asked fraction of them is enough.",
)
def mask_all(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).all(axis=0)


@mistake(
    "active_units",
    "idle and active are swapped",
    "The mask marks the collapsed dimensions. True must mean active.",
    share=SLIP,
)
def mask_inverted(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return ~((kl > delta).mean(axis=0) >= fraction)


@mistake(
    "active_units",
    "counted along the wrong axis",
    "There is one answer per sample. Rows are samples, so the count runs down each column.",
)
def mask_axis(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=1) >= fraction


@mistake("active_units", "delta has no effect", "The threshold is always 0.01, whatever delta is.")
def mask_fixed_delta(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > 0.01).mean(axis=0) >= fraction


@mistake("active_units", "fraction has no effect", "Half of the samples are always enough, whatever fraction is.")
def mask_fixed_fraction(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) >= 0.5


@mistake(
    "active_units",
    "judged by the variance of the means",
    "The spread of the means was compared with delta. The chapter's rule asks for the KL of each sample.",
)
def mask_variance(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return mu.var(axis=0) > delta


@mistake(
    "active_units",
    "judged by the width alone",
    "Only sigma was looked at. A dimension whose means are spread out is active although its sigma is near 1.",
)
def mask_width(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (sigma**2 - 1) - np.log(sigma) + 0 * mu
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "numbers of the dimensions instead of a mask",
    "The numbers of the active dimensions came back. Return one True or False for each dimension.",
)
def mask_indices(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return np.flatnonzero((kl > delta).mean(axis=0) >= fraction)


@mistake(
    "active_units",
    "how many instead of which",
    "The number of active dimensions came back. Return one True or False for each dimension.",
)
def mask_count(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return int(np.sum((kl > delta).mean(axis=0) >= fraction))


@mistake("active_units", "the KL lost its one half", "The KL compared with delta is twice what it should be.")
def mask_double_kl(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = mu**2 + sigma**2 - 1 - 2 * np.log(sigma)
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "sigma where the variance belongs",
    "The KL compared with delta uses sigma where the variance belongs.",
)
def mask_sigma_for_variance(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma - np.log(sigma) - 1)
    return (kl > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "log sigma where log variance belongs",
    "The KL compared with delta uses the logarithm of sigma where that of the variance belongs.",
)
def mask_log_sigma(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma) - 1)
    return (kl > delta).mean(axis=0) >= fraction


@mistake("active_units", "the shift alone", "Only mu was looked at. A dimension can be active by its width as well.")
def mask_shift_alone(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return (0.5 * mu**2 > delta).mean(axis=0) >= fraction


@mistake(
    "active_units",
    "the KL summed over the dimensions",
    "The KL of all dimensions together was compared with delta. Each dimension has its own.",
)
def mask_summed(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)).sum(axis=1, keepdims=True) + 0 * mu
    return (kl > delta).mean(axis=0) >= fraction
