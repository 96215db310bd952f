"""Known mistakes of `beta_vae_loss` and `kl_weight`, as students and public code make them."""

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
    "kl_weight",
    "epoch is changed in place",
    "The caller's array of epochs is different after the call. Make a new array.",
)
def ramp_in_place(epoch: Any, warmup: Any = 10) -> Any:
    if np.ndim(epoch) == 0 or warmup == 0:
        return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))
    epoch /= warmup
    return np.clip(epoch, 0, 1, out=epoch)
