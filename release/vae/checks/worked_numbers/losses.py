"""Laws of the exercises about losses: the loss by the numbers, the balance of beta, annealing."""

from __future__ import annotations

import itertools
from typing import Any

from ..exercise import Fault
from .shared import LOOSE, about, exercise, none_negative, parts_add_up, related
from .variable_types import Number, Row, Share, Table

PARTS = ("reconstruction", "kl", "total")
BETAS = (0.5, 1.0, 4.0)
EPOCHS = (1.0, 5.0, 10.0, 20.0)

LOSS_BY_NUMBERS = exercise(
    "loss_by_numbers",
    2,
    {"first_loss": Row(PARTS, Number()), "second_loss": Row(PARTS, Number())},
    "“Exercise 1: the loss by the numbers”",
    (
        about("total", "The total is the sum of its two parts.", ("first_loss", "second_loss"), parts_add_up),
        about(
            "never negative",
            "Neither a squared error nor a KL divergence is below 0.",
            ("first_loss", "second_loss"),
            none_negative,
        ),
    ),
)


def _in_proportion(values: Any) -> Fault | None:
    low, middle, high = (values["beta_losses"][beta] for beta in BETAS)
    implied = middle + (middle - low) * (BETAS[2] - BETAS[1]) / (BETAS[1] - BETAS[0])
    slack = LOOSE * (BETAS[2] - BETAS[0]) / (BETAS[1] - BETAS[0])
    note = f"Your own totals at 0.5 and 1 imply about {implied:.3g} at 4."
    return None if abs(high - implied) <= slack else related("totals on one line in beta", high, note)


def _rising_shares(values: Any) -> Fault | None:
    shares = [values["kl_share"][beta] for beta in BETAS]
    if not all(0 <= share <= 1 for share in shares):
        return Fault("between 0 and 1 (or 0 and 100 per cent)", values["kl_share"])
    return (
        None if shares == sorted(shares) and shares[0] < shares[-1] else Fault("rising with beta", values["kl_share"])
    )


def _one_kl(values: Any) -> Fault | None:
    unweighted = [values["kl_share"][beta] * values["beta_losses"][beta] / beta for beta in BETAS]
    if max(unweighted) - min(unweighted) <= 0.05 * max(map(abs, unweighted)):
        return None
    told = ", ".join(f"{kl:.3g} at {beta:g}" for kl, beta in zip(unweighted, BETAS, strict=True))
    note = f"Your own shares and totals imply a KL of {told}."
    return related("shares and totals with the same KL at every beta", values["kl_share"], note)


BETA_BALANCE = exercise(
    "beta_balance",
    2,
    {"beta_losses": Table(BETAS, Number()), "kl_share": Table(BETAS, Share())},
    "“Exercise 3: the balance that β sets”",
    (
        about(
            "in proportion",
            "The total grows by the same amount for each unit of beta.",
            ("beta_losses",),
            _in_proportion,
        ),
        about("shares", "Shares lie between 0 and 1, and rise with beta.", ("kl_share",), _rising_shares),
        about(
            "one KL",
            "Share times total, divided by beta, is the same KL at every beta.",
            ("beta_losses", "kl_share"),
            _one_kl,
        ),
    ),
)


def _never_falls(values: Any) -> Fault | None:
    losses = list(values["annealed_loss"].values())
    falls = any(after < before - LOOSE for before, after in itertools.pairwise(losses))
    return Fault("a loss that never falls from epoch to epoch", values["annealed_loss"]) if falls else None


def _stands_still(values: Any) -> Fault | None:
    loss = values["annealed_loss"]
    note = f"Your own loss at epoch 10 is {loss[10.0]:.6g}."
    fits = abs(loss[10.0] - loss[20.0]) <= LOOSE
    return None if fits else related("at epoch 20 the same loss as at epoch 10", loss[20.0], note)


def _straight_ramp(values: Any) -> Fault | None:
    loss = values["annealed_loss"]
    implied = loss[1.0] + (loss[5.0] - loss[1.0]) * 9 / 4
    note = f"Your own losses at epochs 1 and 5 imply about {implied:.3g} at 10."
    return None if abs(loss[10.0] - implied) <= 3 * LOOSE else related("a straight ramp", loss[10.0], note)


def _on_the_ramp(values: Any) -> Fault | None:
    epoch = values["crossover_epoch"]
    return None if 0 < epoch < 10 else Fault("an epoch between 0 and 10", epoch)


ANNEALING_BY_NUMBERS = exercise(
    "annealing_by_numbers",
    2,
    {"annealed_loss": Table(EPOCHS, Number()), "crossover_epoch": Number(0.0, 0.02)},
    "“Exercise 8: the warm-up of the KL”",
    (
        about("never falls", "With these two parts the annealed loss never falls.", ("annealed_loss",), _never_falls),
        about(
            "straight",
            "Up to epoch 10 the loss grows by the same amount every epoch.",
            ("annealed_loss",),
            _straight_ramp,
        ),
        about("clamped", "After the ramp nothing changes any more.", ("annealed_loss",), _stands_still),
        about("on the ramp", "The crossover lies on the ramp.", ("crossover_epoch",), _on_the_ramp),
    ),
)
