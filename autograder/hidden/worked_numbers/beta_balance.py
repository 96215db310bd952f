"""Hidden checks of `beta_balance`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import right_values

CHECKS: tuple[Check, ...] = (
    right_values("totals up to 1", "The totals at beta 0.5 and 1 are right.", 0.5, ["beta_losses"], [0.5, 1.0]),
    right_values("totals from 1", "The totals at beta 1 and 4 are right.", 0.5, ["beta_losses"], [1.0, 4.0]),
    right_values("shares up to 1", "The KL's shares at beta 0.5 and 1 are right.", 0.5, ["kl_share"], [0.5, 1.0]),
    right_values("shares from 1", "The KL's shares at beta 1 and 4 are right.", 0.5, ["kl_share"], [1.0, 4.0]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("beta_balance")


@mistake("beta weights the reconstruction", "The weight is at the reconstruction loss. It belongs to the KL.")
def balance_other_term() -> Any:
    totals = {beta: beta * 0.09 + 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / total for beta, total in totals.items()}}


@mistake("beta weights both terms", "Both terms are weighted, so that the balance does not change at all.")
def balance_both_terms() -> Any:
    return {
        "beta_losses": {beta: beta * (0.09 + 0.5) for beta in (0.5, 1, 4)},
        "kl_share": dict.fromkeys((0.5, 1, 4), 0.5 / (0.09 + 0.5)),
    }


@mistake("beta divides the KL", "The KL is divided by beta: a large beta must make it count more, not less.")
def balance_divided() -> Any:
    totals = {beta: 0.09 + 0.5 / beta for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / beta / total for beta, total in totals.items()}}


@mistake("beta is squared", "The weight enters twice: beta itself multiplies the KL, not its square.")
def balance_squared() -> Any:
    totals = {beta: 0.09 + beta * beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * beta * 0.5 / total for beta, total in totals.items()}}


@mistake(
    "the reconstruction loss is left out",
    "The totals are the weighted KL alone. The reconstruction loss belongs to them.",
)
def balance_only_kl() -> Any:
    return {
        "beta_losses": {beta: beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / (0.09 + beta * 0.5) for beta in (0.5, 1, 4)},
    }


@mistake(
    "beta moves weight from one term to the other",
    "The reconstruction loss lost weight as the KL gained it. In a β-VAE its weight stays 1.",
)
def balance_mixed() -> Any:
    totals = {beta: (1 - beta) * 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * 0.5 / total for beta, total in totals.items()}}


@mistake(
    "the share is that of the reconstruction",
    "These are the shares of the other term. Required is the share of the KL.",
)
def balance_other_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.09 / total for beta, total in totals.items()}}


@mistake(
    "the share leaves the weight out",
    "The unweighted KL is set against the total. What counts in the total is the weighted KL.",
)
def balance_unweighted_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / total for beta, total in totals.items()}}


@mistake(
    "the KL is compared with the reconstruction",
    "These are ratios of the two terms. A share is a part of the whole, so divide by the total.",
)
def balance_odds() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / 0.09 for beta in (0.5, 1, 4)},
    }


@mistake("one share for every beta", "The share at beta 1 is repeated. It depends on beta, as the totals do.")
def balance_one_share() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {0.5: 0.847, 1: 0.847, 4: 0.847},
    }


@mistake("the weighted KL instead of its share", "These are the parts themselves. Divide each by its total.")
def balance_undivided_share() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 for beta in (0.5, 1, 4)},
    }


@mistake("the share is upside down", "The whole was divided by the part. A share is the part by the whole.")
def balance_inverse_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: total / (beta * 0.5) for beta, total in totals.items()}}


@mistake(
    "every share is one of the total at beta 1",
    "The parts were divided by one total throughout. Each share is one of its own beta's total.",
)
def balance_one_total() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / 0.59 for beta in (0.5, 1, 4)},
    }


@variant
def balance_computed() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * 0.5 / total for beta, total in totals.items()}}


@variant
def balance_as_printed() -> Any:
    return {"beta_losses": {0.5: 0.34, 1: 0.59, 4: 2.09}, "kl_share": {0.5: 73, 1: 85, 4: 96}}


@variant
def balance_percent() -> Any:
    return {
        "beta_losses": {"0.5": 0.34, "1": 0.59, "4": 2.09},
        "kl_share": {"0.5": 73.5, "1": 84.7, "4": 95.7},
    }


@variant
def balance_text() -> Any:
    return {
        "beta_losses": {"β = 0.5": "0.34", "β = 1": "0.59", "β = 4": "2.09"},
        "kl_share": {0.5: "73 %", 1.0: "84.7%", 4.0: "95.7 %"},
    }


@variant
def balance_numpy() -> Any:
    betas = np.array([0.5, 1, 4])
    totals = 0.09 + betas * 0.5
    return {
        "beta_losses": dict(zip(betas, totals, strict=True)),
        "kl_share": dict(zip(betas, 0.5 * betas / totals, strict=True)),
    }


@variant
def balance_with_more() -> Any:
    return {
        "beta_losses": {0: 0.09, 0.5: 0.34, 1: 0.59, 2: 1.09, 4: 2.09},
        "kl_share": {0.5: 0.73, 1: np.float32(0.847), 4: np.array([0.957])},
    }
