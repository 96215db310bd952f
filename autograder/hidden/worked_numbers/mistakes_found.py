"""More mistakes of 01_worked_numbers in losses, prices and samples, met in submissions that nobody had foreseen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

LOSS, HAND, BALANCE = "loss_by_numbers", "kl_by_hand", "beta_balance"
SAMPLE, RANK, ANNEALING = "reparameterise_by_hand", "rank_by_kl", "annealing_by_numbers"


@mistake(
    LOSS,
    "the first configuration's KL stands in the second",
    "The second configuration has another mean: compute its KL anew. What does a code cost that is the prior?",
)
def loss_kept_kl() -> Any:
    return {"first_loss": (0.09, 0.5, 0.59), "second_loss": (1.0, 0.5, 1.5)}


@mistake(LOSS, "only the totals", "Each variable holds one number. Three are asked for: both parts, then their sum.")
def loss_only_totals() -> Any:
    return {"first_loss": 0.59, "second_loss": 1.0}


@mistake(LOSS, "the totals are missing", "Each variable holds two numbers. Their sum is asked for as the third.")
def loss_without_totals() -> Any:
    return {"first_loss": (0.09, 0.5), "second_loss": (1.0, 0.0)}


@mistake(LOSS, "the total is the product of the parts", "The parts were multiplied. Both are costs, and costs add up.")
def loss_product() -> Any:
    return {"first_loss": (0.09, 0.5, 0.045), "second_loss": (1.0, 0.0, 0.0)}


@mistake(
    HAND,
    "the one half stands before sigma squared alone",
    "The factor ½ belongs to the whole bracket: to the logarithm and to the constant as well.",
)
def hand_half_of_first() -> Any:
    spread = 0.5 * 4 - np.log(4) - 1
    return {"kl_settings": {"i": (0, -0.5, -0.5), "ii": (0.5, -0.5, 0), "iii": (0, spread, spread)}}


@mistake(HAND, "sigma is not squared", "The logarithm is that of the variance, but beside it sigma itself stands.")
def hand_unsquared() -> Any:
    spread = 0.5 * (2 - np.log(4) - 1)
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(HAND, "rounded to one decimal", "One decimal is too few: give two at least.")
def hand_coarse() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 0.8, 0.8)}}


@mistake(
    HAND,
    "posterior and prior are exchanged",
    "This is the divergence of the prior from the posterior. It goes the other way, and is not the same both ways.",
)
def hand_reverse() -> Any:
    spread = np.log(2) + 1 / 8 - 0.5
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, spread, spread)}}


@mistake(BALANCE, "the weighted KL instead of its share", "These are the parts themselves. Divide each by its total.")
def balance_undivided_share() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 for beta in (0.5, 1, 4)},
    }


@mistake(BALANCE, "the share is upside down", "The whole was divided by the part. A share is the part by the whole.")
def balance_inverse_share() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: total / (beta * 0.5) for beta, total in totals.items()}}


@mistake(
    BALANCE,
    "every share is one of the total at beta 1",
    "The parts were divided by one total throughout. Each share is one of its own beta's total.",
)
def balance_one_total() -> Any:
    return {
        "beta_losses": {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)},
        "kl_share": {beta: beta * 0.5 / 0.59 for beta in (0.5, 1, 4)},
    }


@mistake(SAMPLE, "dz/dmu is taken for 0", "Nudge the mean, and z moves along: that derivative is not 0.")
def sample_fixed_mean() -> Any:
    return {"z": 0.14, "dz_dmu": 0, "dz_dsigma": -0.3}


@mistake(SAMPLE, "dz/dmu is taken for mu", "That is the mean itself. Ask how far z moves when the mean moves by 1.")
def sample_mean_as_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 0.5, "dz_dsigma": -0.3}


@mistake(SAMPLE, "dz/dsigma is taken for 0", "Nudge sigma, and z moves: ask by what sigma is multiplied.")
def sample_fixed_width() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0}


@mistake(SAMPLE, "dz/dsigma is taken for 1", "Only the mean enters z as it is; sigma is multiplied by something.")
def sample_unit_width() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1}


@mistake(SAMPLE, "the term instead of dz/dsigma", "That is the whole term. Its derivative is what multiplies sigma.")
def sample_width_term() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1.2 * -0.3}


@mistake(
    SAMPLE,
    "the derivative by the log-variance",
    "This is how z moves with log σ². Asked for is the derivative by sigma itself.",
)
def sample_log_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0.5 * 1.2 * -0.3}


@mistake(SAMPLE, "sigma is added", "Mean, width and noise were added up. The width multiplies the noise.")
def sample_sum() -> Any:
    return {"z": 0.5 + 1.2 - 0.3, "dz_dmu": 1, "dz_dsigma": 1}


@mistake(
    RANK,
    "the constant of the narrow price is left out",
    "The crossover solves -log σ = price. The -½ of the spread is missing, which moves it a good deal.",
)
def rank_without_constant() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": np.exp(np.log(3) - 4)}


@mistake(RANK, "the crossover is rounded too far", "One digit is too few here: three are asked for.")
def rank_coarse() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.03}


@mistake(
    RANK, "the wide sigma itself", "That is the width of “iv”. Asked for is the narrow σ, below 1, of the same price."
)
def rank_wide() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 3}


@mistake(RANK, "the sigma of “ii” itself", "At that σ the narrow one is still far cheaper than “iv”: go on narrowing.")
def rank_second() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.3}


@mistake(RANK, "the logarithm of the crossover", "That is log σ. Asked for is σ: exponentiate.")
def rank_logarithm() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": np.log(0.03334552)}


@mistake(ANNEALING, "the ramp weights both terms", "The whole loss was weighted. Only the KL has the weight.")
def annealing_both_terms() -> Any:
    return {"annealed_loss": {t: min(t / 10, 1) * 1.6 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(ANNEALING, "the weights instead of the losses", "These are the weights β(t). Put each of them into the loss.")
def annealing_weights() -> Any:
    return {"annealed_loss": {1: 0.1, 5: 0.5, 10: 1.0, 20: 1.0}, "crossover_epoch": 10 / 3}


@mistake(
    ANNEALING,
    "the larger of the two instead of the smaller",
    "The weight is the smaller one of t / 10 and 1, so that it begins at 0 and never exceeds 1.",
)
def annealing_largest() -> Any:
    return {"annealed_loss": {t: 0.4 + max(t / 10, 1) * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 10 / 3}


@mistake(
    ANNEALING,
    "the epoch itself is the weight",
    "The epoch was not divided by the length of the ramp, so that the weight is 1 at the first epoch already.",
)
def annealing_undivided() -> Any:
    return {"annealed_loss": {t: 0.4 + t * 1.2 for t in (1, 5, 10, 20)}, "crossover_epoch": 1 / 3}


@mistake(
    ANNEALING,
    "the crossover is upside down",
    "The two terms were divided the wrong way round: past the end of the ramp the weight does not grow any more.",
)
def annealing_upside_down() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 30}


@mistake(
    ANNEALING,
    "the middle of the ramp is taken for the crossover",
    "At half weight the KL is already the larger part. Set the weighted KL equal to the reconstruction loss, and solve.",
)
def annealing_middle() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 1.6}, "crossover_epoch": 5}
