"""More mistakes in the losses, weights and masks of 03_gaussian_kl: defaults, arrays, fractions, averages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from .. import oracles
from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3
_DELTAS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_FRACTIONS = (0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0)


def _split(
    calls: Sequence[Call], answers: Sequence[Answer], most: int
) -> tuple[list[tuple[Any, Any]], list[tuple[Any, Any]]]:
    """Calls with all arguments given and calls that leave some out, each with its answer."""
    pairs = [(call, answer.value) for call, answer in zip(calls, answers, strict=True)]
    return [p for p in pairs if len(p[0].args) + len(p[0].kwargs) == most], [
        p for p in pairs if len(p[0].args) + len(p[0].kwargs) < most
    ]


def _beta_default(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all is right but what leaves beta out, which is right for one other beta."""
    given, left = _split(calls, answers, 3)
    if not left or not all(close(value, oracles.beta_vae_loss(*c.args[:3], **c.kwargs)) for c, value in given):
        return False
    reconstruction, kl, value = max(
        (tuple(float(np.ravel(part)[0]) for part in (*c.args, value)) for c, value in left), key=lambda found: found[1]
    )
    if kl < 1e-3:
        return False
    beta = (value - reconstruction) / kl
    return abs(beta - 1) > 1e-3 and all(
        close(value, oracles.beta_vae_loss(c.args[0], c.args[1], beta)) for c, value in left
    )


def _warmup_default(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all is right but what leaves warmup out, which is right for one other length."""
    given, left = _split(calls, answers, 2)
    if not left or not all(close(value, oracles.kl_weight(*c.args)) for c, value in given):
        return False
    return any(
        all(close(value, oracles.kl_weight(c.args[0], warmup)) for c, value in left)
        for warmup in (*range(10), *range(11, 101), 200, 500, 1000)
    )


def _mask_default(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether all is right but what leaves delta or fraction out, which is right for other values of these."""
    given, left = _split(calls, answers, 4)
    if not left or not all(np.array_equal(value, oracles.active_units(*c.args)) for c, value in given):
        return False
    wrong = [not np.array_equal(value, oracles.active_units(*c.args, **c.kwargs)) for c, value in left]

    def fits(delta: float, fraction: float) -> bool:
        return all(
            np.array_equal(value, oracles.active_units(*c.args, *(delta, fraction)[len(c.args) - 2 :]))
            for c, value in left
        )

    return any(wrong) and any(fits(delta, fraction) for delta in _DELTAS for fraction in _FRACTIONS)


def _curved(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the weights rise from 0 to 1 over the warm-up, and those in between do not lie on a straight line."""
    bent = False
    for call, answer in zip(calls, answers, strict=True):
        warmup = float(call.args[1]) if len(call.args) > 1 else 10.0
        epoch, weight = np.ravel(call.args[0]), np.ravel(answer.value)
        if warmup == 0:
            continue
        weight = weight[np.argsort(epoch)]
        epoch = np.sort(epoch)
        far = (epoch <= -warmup) | (epoch >= 2 * warmup + 5)
        if np.any(np.diff(weight) < -1e-6) or np.any((weight < 0) | (weight > 1)):
            return False
        if np.any(np.abs(weight - (epoch > 0))[far] > 0.02):
            return False
        inside = (epoch > 0) & (epoch < warmup) & (weight > 0.001) & (weight < 0.999)
        if inside.sum() >= 4:
            line = np.polyval(np.polyfit(epoch[inside], weight[inside], 1), epoch[inside])
            bent |= bool(np.max(np.abs(line - weight[inside])) > 0.015)
    return bent


@mistake(
    "beta_vae_loss",
    "beta means something else when left out",
    "With beta given the loss is right; left out, beta must mean 1, the plain VAE.",
    tell=_beta_default,
)
def loss_default_four(reconstruction: Any, kl: Any, beta: Any = 4.0) -> Any:
    return reconstruction + beta * kl


@mistake(
    "beta_vae_loss", "beta cannot be left out", "beta has no default value. Give it one in the first line: beta=1.0."
)
def loss_without_default(reconstruction: Any, kl: Any, beta: Any) -> Any:
    return reconstruction + beta * kl


@mistake(
    "beta_vae_loss",
    "beta = 0 is taken for not given",
    "With beta = 0 the KL still counts: `beta or 1.0` and `if beta` take 0 for nothing. Ask `beta is None`, or give a default value.",
)
def loss_beta_or_one(reconstruction: Any, kl: Any, beta: Any = None) -> Any:
    return reconstruction + (beta or 1.0) * kl


@mistake(
    "beta_vae_loss", "the KL is averaged", "The KL was averaged first. Each pair keeps a loss of its own.", share=SLIP
)
def loss_kl_averaged(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * np.mean(kl)


@mistake("beta_vae_loss", "a product instead of a sum", "The two parts were multiplied. They are added.")
def loss_product(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction * beta * kl


@mistake(
    "beta_vae_loss",
    "divided by the sum of the weights",
    "The loss was divided by 1 + beta. It is a sum, not an average.",
)
def loss_weighted_mean(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (reconstruction + beta * kl) / (1 + beta)


@mistake("beta_vae_loss", "one loss at a time", "`float` takes one number. Leave it out, and arrays work as well.")
def loss_floats(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return float(reconstruction) + beta * float(kl)


@mistake("beta_vae_loss", "the parts come back as well", "Three things came back. Return the loss alone.")
def loss_with_parts(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * kl, reconstruction, kl


@mistake("beta_vae_loss", "beta is squared", "The KL is multiplied by beta twice.")
def loss_beta_squared(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta**2 * kl


@mistake("beta_vae_loss", "beta is at most 1", "A beta above 1 has the effect of 1. In a beta-VAE it may be larger.")
def loss_beta_capped(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + np.minimum(beta, 1.0) * kl


@mistake(
    "kl_weight",
    "warmup means something else when left out",
    "With warmup given the weight is right; left out, it must mean 10 epochs.",
    tell=_warmup_default,
)
def ramp_default(epoch: Any, warmup: Any = 100) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake(
    "kl_weight", "warmup cannot be left out", "warmup has no default value. Give it one in the first line: warmup=10."
)
def ramp_without_default(epoch: Any, warmup: Any) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake(
    "kl_weight",
    "a warm-up of 0 is forgotten",
    "With warmup = 0 the division fails. Treat that case first: without a warm-up the weight is 1 from the start.",
)
def ramp_zero_forgotten(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / warmup, 0, 1)


@mistake(
    "kl_weight",
    "one weight for many epochs",
    "With warmup = 0 a single 1 came back for an array of epochs. Return as many as there are epochs.",
)
def ramp_zero_scalar(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / warmup, 0, 1) if warmup else 1.0


@mistake(
    "kl_weight",
    "a warm-up of 0 is only replaced",
    "Another number in the denominator avoids the division by 0, but at epoch 0 the weight is 0 then. It must be 1.",
)
def ramp_eps(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(epoch / (warmup + 1e-8), 0, 1)


@mistake(
    "kl_weight",
    "one epoch late",
    "The weight is still 0 at epoch 1: epochs count from 0.",
)
def ramp_counted_from_one(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip((epoch - 1) / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake(
    "kl_weight",
    "the ramp begins anew",
    "After the warm-up the weight falls back to 0. It must stay at 1.",
)
def ramp_again(epoch: Any, warmup: Any = 10) -> Any:
    return (epoch % warmup) / warmup if warmup else np.ones(np.shape(epoch))


@mistake(
    "kl_weight",
    "one epoch at a time",
    "`if`, `min` and `max` take one number and fail for an array of epochs. Numpy has functions that take both.",
)
def ramp_floats(epoch: Any, warmup: Any = 10) -> Any:
    return max(0.0, min(1.0, epoch / warmup)) if warmup else 1.0


@mistake(
    "kl_weight",
    "fractions of an epoch are cut off",
    "Between two whole epochs the weight stays where it was. Epochs are floats, and the ramp has no steps.",
)
def ramp_whole_epochs(epoch: Any, warmup: Any = 10) -> Any:
    return np.clip(np.floor(epoch) / warmup, 0, 1) if warmup else np.ones(np.shape(epoch))


@mistake(
    "kl_weight",
    "the ramp is curved",
    "The weight rises from 0 to 1, but not in a straight line. The warm-up asked for is linear.",
    tell=_curved,
)
def ramp_cosine(epoch: Any, warmup: Any = 10) -> Any:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(epoch / warmup, 0, 1)) if warmup else np.ones(np.shape(epoch))


@mistake(
    "active_units",
    "delta or fraction mean something else when left out",
    "With both given the mask is right; left out, delta must mean 0.01 and fraction 0.5.",
    tell=_mask_default,
)
def mask_default(mu: Any, sigma: Any, delta: Any = 0.1, fraction: Any = 0.5) -> Any:
    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) > delta).mean(axis=0) >= fraction
