"""Known mistakes of loss_by_numbers, beta_balance and annealing_by_numbers, as students make them on paper."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3

LOSS, BALANCE, ANNEALING = "loss_by_numbers", "beta_balance", "annealing_by_numbers"


@mistake(LOSS, "the residual is not squared", "The reconstruction loss is the residual itself; the chapter squares it.")
def loss_unsquared() -> Any:
    return {"first_loss": (0.3, 0.5, 0.8), "second_loss": (1.0, 0.0, 1.0)}


@mistake(
    LOSS,
    "the squared error is halved",
    "A factor ½ stands before the squared error. In this chapter only the KL has one.",
    share=SLIP,
)
def loss_halved_error() -> Any:
    return {"first_loss": (0.045, 0.5, 0.545), "second_loss": (0.5, 0.0, 0.5)}


@mistake(LOSS, "the KL lost its one half", "The KL is twice what it should be: its factor ½ is missing.", share=SLIP)
def loss_double_kl() -> Any:
    return {"first_loss": (0.09, 1.0, 1.09), "second_loss": (1.0, 0.0, 1.0)}


@mistake(
    LOSS, "a constant is missing in the KL", "A posterior that is the prior must cost 0: the KL misses its constant."
)
def loss_without_constant() -> Any:
    return {"first_loss": (0.09, 1.0, 1.09), "second_loss": (1.0, 0.5, 1.5)}


@mistake(
    LOSS, "the total leaves the KL out", "The total repeats the reconstruction loss. The KL belongs to it as well."
)
def loss_total_reconstruction() -> Any:
    return {"first_loss": (0.09, 0.5, 0.09), "second_loss": (1.0, 0.0, 1.0)}


@mistake(
    LOSS, "the KL is subtracted", "The total is the difference of the two parts. Both are costs, and costs add up."
)
def loss_subtracted() -> Any:
    return {"first_loss": (0.09, 0.5, 0.09 - 0.5), "second_loss": (1.0, 0.0, 1.0)}


@mistake(LOSS, "the KL has the wrong sign", "The KL came out below 0, which no divergence can be: its sign is turned.")
def loss_negative_kl() -> Any:
    return {"first_loss": (0.09, -0.5, -0.41), "second_loss": (1.0, 0.0, 1.0)}


@mistake(LOSS, "the total is the mean of the parts", "The total is half of what it should be: the parts are averaged.")
def loss_averaged() -> Any:
    return {"first_loss": (0.09, 0.5, 0.295), "second_loss": (1.0, 0.0, 0.5)}


@mistake(LOSS, "the KL stands first", "The numbers are in another order: first the reconstruction, then the KL.")
def loss_kl_first() -> Any:
    return {"first_loss": (0.5, 0.09, 0.59), "second_loss": (0.0, 1.0, 1.0)}


@mistake(LOSS, "the total stands first", "The numbers are in another order: the total comes last.")
def loss_total_first() -> Any:
    return {"first_loss": (0.59, 0.09, 0.5), "second_loss": (1.0, 1.0, 0.0)}


@mistake(LOSS, "the two configurations are swapped", "Each variable holds the numbers of the other configuration.")
def loss_swapped() -> Any:
    return {"first_loss": (1.0, 0.0, 1.0), "second_loss": (0.09, 0.5, 0.59)}


@mistake(
    LOSS,
    "the input is compared with the mean",
    "The error is that between x and the embedding's mean. Compare x with its reconstruction.",
)
def loss_against_mean() -> Any:
    return {"first_loss": (4.0, 0.5, 4.5), "second_loss": (9.0, 0.0, 9.0)}


@mistake(
    BALANCE, "beta weights the reconstruction", "The weight stands at the reconstruction loss; it belongs to the KL."
)
def balance_other_term() -> Any:
    totals = {beta: beta * 0.09 + 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / total for beta, total in totals.items()}}


@mistake(BALANCE, "beta weights both terms", "Both terms are weighted, so that the balance does not change at all.")
def balance_both_terms() -> Any:
    return {
        "beta_losses": {beta: beta * (0.09 + 0.5) for beta in (0.5, 1, 4)},
        "kl_share": dict.fromkeys((0.5, 1, 4), 0.5 / (0.09 + 0.5)),
    }


@mistake(BALANCE, "beta divides the KL", "The KL is divided by beta: a large beta must make it count more, not less.")
def balance_divided() -> Any:
    totals = {beta: 0.09 + 0.5 / beta for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / beta / total for beta, total in totals.items()}}


@mistake(BALANCE, "beta is squared", "The weight enters twice: beta itself multiplies the KL, not its square.")
def balance_squared() -> Any:
    totals = {beta: 0.09 + beta * beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * beta * 0.5 / total for beta, total in totals.items()}}


@mistake(
    BALANCE,
    "the reconstruction loss is left out",
    "The totals are the weighted KL alone. The reconstruction loss belongs to them.",
)
def balance_only_kl() -> Any:
    return {
        "beta_losses": {beta: beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / (0.09 + beta * 0.5) for beta in (0.5, 1, 4)},
    }


@mistake(
    BALANCE,
    "beta moves weight from one term to the other",
    "The reconstruction loss lost weight as the KL gained it. In a β-VAE its weight stays 1.",
)
def balance_mixed() -> Any:
    totals = {beta: (1 - beta) * 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * 0.5 / total for beta, total in totals.items()}}


@mistake(
    BALANCE, "the share is that of the reconstruction", "These are the shares of the other term: asked for is the KL's."
)
def balance_other_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.09 / total for beta, total in totals.items()}}


@mistake(
    BALANCE,
    "the share leaves the weight out",
    "The unweighted KL is set against the total. What counts in the total is the weighted KL.",
)
def balance_unweighted_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: 0.5 / total for beta, total in totals.items()}}


@mistake(
    BALANCE,
    "the KL is compared with the reconstruction",
    "These are ratios of the two terms. A share is a part of the whole, so divide by the total.",
)
def balance_odds() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / 0.09 for beta in (0.5, 1, 4)},
    }


@mistake(BALANCE, "one share for every beta", "The share at beta 1 is repeated. It depends on beta, as the totals do.")
def balance_one_share() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {0.5: 0.847, 1: 0.847, 4: 0.847},
    }


@mistake(
    ANNEALING,
    "the ramp is not clamped",
    "After the end of the ramp the weight goes on growing. It stays at 1 from there.",
)
def annealing_unclamped() -> Any:
    return {"annealed_loss": {t: 0.4 + t / 10 * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(ANNEALING, "the ramp takes 20 epochs", "The weight reaches 1 too late: the ramp is ten epochs long.")
def annealing_twenty() -> Any:
    return {"annealed_loss": {t: 0.4 + t / 20 * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 20 / 3}


@mistake(
    ANNEALING,
    "no annealing at all",
    "At every epoch the KL has its full weight. Asked for is the ramp, and what it spares in the first epochs.",
)
def annealing_without() -> Any:
    return {"annealed_loss": {1: 1.6, 5: 1.6, 10: 1.6, 20: 1.6}, "crossover_epoch": 10 / 3}


@mistake(ANNEALING, "the reconstruction loss is left out", "These are the weighted KLs alone, without the other term.")
def annealing_only_kl() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(
    ANNEALING, "the ramp weights the reconstruction", "The weight stands at the reconstruction; it belongs to the KL."
)
def annealing_other_term() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 0.4 + 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(ANNEALING, "the ramp runs backwards", "The weight falls from 1 to 0. Annealing begins without the KL.")
def annealing_backwards() -> Any:
    return {"annealed_loss": {t: 0.4 + max(1 - t / 10, 0) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 20 / 3}


@mistake(
    ANNEALING,
    "a step instead of a ramp",
    "The KL is switched on at once at the end. Its weight grows from epoch to epoch.",
)
def annealing_step() -> Any:
    return {"annealed_loss": {1: 0.4, 5: 0.4, 10: 1.6, 20: 1.6}, "crossover_epoch": 10}


@mistake(
    ANNEALING, "the ramp starts one epoch late", "Each weight is that of the epoch before: the weight is 0 at epoch 0."
)
def annealing_late() -> Any:
    return {"annealed_loss": {t: 0.4 + min((t - 1) / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 13 / 3}


@mistake(
    ANNEALING, "the ramp starts one epoch early", "Each weight is that of the epoch after: the weight is 0 at epoch 0."
)
def annealing_early() -> Any:
    return {"annealed_loss": {t: 0.4 + min((t + 1) / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 7 / 3}


@mistake(
    ANNEALING,
    "the crossover is the whole epoch before",
    "The chapter says “around epoch 3”, but there the weighted KL is still the smaller one. Solve for the epoch, with decimals.",
)
def annealing_three() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 3}


@mistake(
    ANNEALING,
    "the crossover is the whole epoch after",
    "That is the first whole epoch past the crossover, well seen; asked for is where the two are equal, with decimals.",
)
def annealing_four() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 4}


@mistake(
    ANNEALING,
    "the crossover is given as a weight",
    "That is the weight at which the two are equal. Asked for is the epoch that has this weight.",
)
def annealing_weight() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 1 / 3}
