"""Right answers to the exercises about losses, runs and interpolations, in the forms that students write."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("loss_by_numbers")
def loss_lists() -> Any:
    return {"first_loss": [0.09, 0.5, 0.59], "second_loss": [1, 0, 1]}


@variant("loss_by_numbers")
def loss_computed() -> Any:
    error = (3 - 2.7) ** 2
    kl = 0.5 * (1 + 1 - np.log(1) - 1)
    return {"first_loss": (error, kl, error + kl), "second_loss": ((3 - 2.0) ** 2, 0.0, 1.0)}


@variant("loss_by_numbers")
def loss_arrays() -> Any:
    return {"first_loss": np.array([0.09, 0.5, 0.59], np.float32), "second_loss": np.array([[1, 0, 1]])}


@variant("loss_by_numbers")
def loss_scalars() -> Any:
    return {"first_loss": (np.float64(0.09), np.array(0.5), np.array([0.59])), "second_loss": (np.int64(1), -0.0, 1)}


@variant("loss_by_numbers")
def loss_named() -> Any:
    return {
        "first_loss": {"reconstruction": 0.09, "KL": 0.5, "total": 0.59},
        "second_loss": {"total": "1.00", "kl": "0", "reconstruction": " 1.00 "},
    }


@variant("loss_by_numbers")
def loss_rounded() -> Any:
    return {"first_loss": (0.0900001, 0.499999, 0.594), "second_loss": (1.004, 0.0009, 1.0)}


@variant("beta_balance")
def balance_computed() -> Any:
    totals = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
    return {"beta_losses": totals, "kl_share": {beta: beta * 0.5 / total for beta, total in totals.items()}}


@variant("beta_balance")
def balance_as_printed() -> Any:
    return {"beta_losses": {0.5: 0.34, 1: 0.59, 4: 2.09}, "kl_share": {0.5: 73, 1: 85, 4: 96}}


@variant("beta_balance")
def balance_percent() -> Any:
    return {
        "beta_losses": {"0.5": 0.34, "1": 0.59, "4": 2.09},
        "kl_share": {"0.5": 73.5, "1": 84.7, "4": 95.7},
    }


@variant("beta_balance")
def balance_text() -> Any:
    return {
        "beta_losses": {"β = 0.5": "0.34", "β = 1": "0.59", "β = 4": "2.09"},
        "kl_share": {0.5: "73 %", 1.0: "84.7%", 4.0: "95.7 %"},
    }


@variant("beta_balance")
def balance_numpy() -> Any:
    betas = np.array([0.5, 1, 4])
    totals = 0.09 + betas * 0.5
    return {
        "beta_losses": dict(zip(betas, totals, strict=True)),
        "kl_share": dict(zip(betas, 0.5 * betas / totals, strict=True)),
    }


@variant("beta_balance")
def balance_with_more() -> Any:
    return {
        "beta_losses": {0: 0.09, 0.5: 0.34, 1: 0.59, 2: 1.09, 4: 2.09},
        "kl_share": {0.5: 0.73, 1: np.float32(0.847), 4: np.array([0.957])},
    }


@variant("annealing_by_numbers")
def annealing_literal() -> Any:
    return {"annealed_loss": {1: 0.52, 5: 1, 10: 1.6, 20: 1.6}, "crossover_epoch": 3.33}


@variant("annealing_by_numbers")
def annealing_computed() -> Any:
    return {
        "annealed_loss": {epoch: 0.4 + min(epoch / 10, 1) * 1.2 for epoch in (1, 5, 10, 20)},
        "crossover_epoch": 10 * 0.4 / 1.2,
    }


@variant("annealing_by_numbers")
def annealing_keys_as_text() -> Any:
    return {"annealed_loss": {"1": 0.52, "5": 1.0, "10": 1.6, "20": 1.6}, "crossover_epoch": "3.3"}


@variant("annealing_by_numbers")
def annealing_all_epochs() -> Any:
    epochs = np.arange(31)
    losses = 0.4 + np.clip(epochs / 10, 0, 1) * 1.2
    return {
        "annealed_loss": {int(t): loss for t, loss in zip(epochs, losses, strict=True)},
        "crossover_epoch": np.array(10 / 3),
    }


@variant("annealing_by_numbers")
def annealing_float_keys() -> Any:
    return {
        "annealed_loss": {20.0: [1.6], 10.0: 1.6, 5.0: np.float32(1.0), 1.0: 0.52},
        "crossover_epoch": np.array([3.3333]),
    }


@variant("annealing_by_numbers")
def annealing_worded_keys() -> Any:
    return {
        "annealed_loss": {"epoch 1": 0.52, "epoch 5": 1.0, "epoch 10": 1.6, "Epoch 20": 1.6},
        "crossover_epoch": 3.35,
    }


@variant("diagnose_runs")
def runs_plain() -> Any:
    return {
        "diagnosis": {"A": "posterior collapse", "B": "memorising", "C": "healthy"},
        "remedy": {"A": "lower beta", "B": "raise beta"},
    }


@variant("diagnose_runs")
def runs_capitals() -> Any:
    return {
        "diagnosis": {"a": "Posterior Collapse", "b": "MEMORISING", "c": " Healthy "},
        "remedy": {"a": "Lower beta ", "b": " RAISE BETA"},
    }


@variant("diagnose_runs")
def runs_spelt() -> Any:
    return {
        "diagnosis": {"run A": "posterior-collapse", "run B": "memorizing", "run C": "healthy."},
        "remedy": {"Run A": "lower β", "Run B": "raise_beta"},
    }


@variant("diagnose_runs")
def runs_other_order() -> Any:
    return {
        "diagnosis": {"C": "healthy", "B": "memorising", "A": "posterior  collapse"},
        "remedy": {"B": "raise beta", "A": "lower beta"},
    }


@variant("diagnose_runs")
def runs_with_more() -> Any:
    return {
        "diagnosis": {"(A)": ["posterior collapse"], "(B)": np.array("memorising"), "(C)": np.str_("healthy")},
        "remedy": {"A": "lower beta", "B": "raise beta", "C": "nothing to do"},
    }


@variant("read_interpolations")
def lines_plain() -> Any:
    return {"reading": {1: "organised", 2: "empty gap", 3: "crosses classes"}}


@variant("read_interpolations")
def lines_text_keys() -> Any:
    return {"reading": {"1": "Organised", "2": "Empty gap", "3": "Crosses classes"}}


@variant("read_interpolations")
def lines_float_keys() -> Any:
    return {"reading": {1.0: " organised", 2.0: "empty gap ", 3.0: "CROSSES CLASSES"}}


@variant("read_interpolations")
def lines_spelt() -> Any:
    return {"reading": {"line 1": "organized", "line 2": "empty-gap", "line 3": "crosses_classes"}}


@variant("read_interpolations")
def lines_numpy() -> Any:
    words = np.array(["organised", "empty gap", "crosses classes"])
    return {"reading": dict(zip(np.arange(1, 4), words, strict=True))}
