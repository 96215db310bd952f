"""Right values of the settings of one's own, and the likeliest slips there, each a function of the setting."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...checks.worked_numbers.own import MY_BETAS, MY_EPOCHS, MY_LINES, MY_RUNS
from .closed_forms import kl, narrow_as_dear_as, state
from .shared import SLIP

Answers = dict[str, Any]

# What the shipped pictures show; they are named without a word that tells it.
RUNS = {"p": "memorising", "q": "healthy", "r": "posterior collapse"}
LINES = {"p": "crosses classes", "q": "organised", "r": "empty gap"}
REMEDY = {"memorising": "raise beta", "healthy": "keep beta", "posterior collapse": "lower beta"}

Price = Callable[[float, float], float]


def wide_as_dear_as(price: float) -> float:
    """The sigma above 1 whose spread costs so much, by bisection (the spread rises there)."""
    low, high = 1.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if kl(0.0, middle) > price else (middle, high)
    return (low + high) / 2


def right(exercise: str, one: dict[str, Any]) -> Answers:
    """The right variables of an exercise in a setting."""
    return _answers(exercise, one, kl)


def _answers(exercise: str, one: dict[str, Any], price: Price) -> Answers:
    return _BY_EXERCISE[exercise](one, price)


def _loss(one: dict[str, Any], price: Price) -> Answers:
    error, cost = (one["x"] - one["x_hat"]) ** 2, price(one["mu"], one["sigma"])
    return {"my_loss": (error, cost, error + cost), "my_equal_beta": error / cost if cost else math.inf}


def _hand(one: dict[str, Any], price: Price) -> Answers:
    rows = {
        name: (shift := price(mu, 1.0) - price(0.0, 1.0), spread := price(0.0, sigma), shift + spread)
        for name, (mu, sigma) in one["posteriors"].items()
    }
    ends = narrow_as_dear_as(one["price"]), wide_as_dear_as(one["price"])
    return {"my_kl_settings": rows, "my_sigmas_for_price": ends}


def _balance(one: dict[str, Any], price: Price) -> Answers:
    totals = {beta: one["reconstruction"] + beta * one["kl"] for beta in MY_BETAS}
    return {"my_beta_losses": totals, "my_kl_share": {b: b * one["kl"] / total for b, total in totals.items()}}


def _sample(one: dict[str, Any], price: Price) -> Answers:
    return {"my_z": one["mu"] + one["sigma"] * one["eps"], "my_dz_dmu": 1.0, "my_dz_dsigma": one["eps"]}


def _rank(one: dict[str, Any], price: Price) -> Answers:
    posteriors = one["posteriors"]
    order = tuple(sorted(posteriors, key=lambda name: price(*posteriors[name])))
    return {"my_ranking": order, "my_narrow_crossover": narrow_as_dear_as(kl(*posteriors["iv"]))}


def _dimensions(one: dict[str, Any], price: Price) -> Answers:
    prices = tuple(price(*each) for each in one["posterior"])
    return {"my_dimension_kl": prices, "my_total_kl": sum(prices), "my_dimension_state": tuple(map(state, prices))}


def _units(one: dict[str, Any], price: Price) -> Answers:
    pairs = zip(one["mean_squares"], one["variances"], strict=True)
    active = frozenset(j for j, (square, var) in enumerate(pairs, 1) if price(square**0.5, var**0.5) > 0.01)
    return {"my_active_dimensions": active, "my_removable_dimensions": frozenset(range(1, 9)) - active}


def _annealed(one: dict[str, Any], price: Price) -> Answers:
    error, cost, ramp = one["reconstruction"], one["kl"], one["ramp"]
    losses = {epoch: error + min(epoch / ramp, 1.0) * cost for epoch in MY_EPOCHS}
    return {"my_annealed_loss": losses, "my_crossover_epoch": ramp * error / cost}


def _runs(one: dict[str, Any], price: Price) -> Answers:
    words = {run: RUNS[shown] for run, shown in zip(MY_RUNS, one["runs"], strict=True)}
    return {"my_diagnosis": words, "my_remedy": {run: REMEDY[word] for run, word in words.items()}}


def _lines(one: dict[str, Any], price: Price) -> Answers:
    return {"my_reading": {line: LINES[shown] for line, shown in zip(MY_LINES, one["lines"], strict=True)}}


_BY_EXERCISE: dict[str, Callable[[dict[str, Any], Price], Answers]] = {
    "loss_by_numbers": _loss,
    "kl_by_hand": _hand,
    "beta_balance": _balance,
    "reparameterise_by_hand": _sample,
    "rank_by_kl": _rank,
    "per_dimension_kl": _dimensions,
    "count_active_units": _units,
    "annealing_by_numbers": _annealed,
    "diagnose_runs": _runs,
    "read_interpolations": _lines,
}

# Slips of the formula: what a posterior costs by them, and the share that is still given.
_PRICES: tuple[tuple[str, str, float, Price], ...] = (
    (
        "sigma where sigma squared belongs",
        "The formula needs the variance. Here it has the standard deviation.",
        0.0,
        lambda m, s: 0.5 * (m**2 + s - math.log(s) - 1),
    ),
    (
        "log sigma where log variance belongs",
        "The logarithm is that of sigma; the formula takes it of the variance.",
        0.0,
        lambda m, s: 0.5 * (m**2 + s**2 - math.log(s) - 1),
    ),
    (
        "the one half is missing",
        "The numbers are twice what they should be: both parts have a factor ½.",
        SLIP,
        lambda m, s: 2 * kl(m, s),
    ),
    (
        "the logarithm has base 10",
        "The logarithm is taken to base 10; nats need the natural one.",
        0.0,
        lambda m, s: 0.5 * (m**2 + s**2 - math.log10(s**2) - 1),
    ),
    (
        "the logarithm has base 2",
        "The logarithm is taken to base 2; nats need the natural one.",
        0.0,
        lambda m, s: 0.5 * (m**2 + s**2 - math.log2(s**2) - 1),
    ),
    (
        "a constant is missing",
        "The prior itself must cost 0: the spread misses its constant.",
        0.0,
        lambda m, s: kl(m, s) + 0.5,
    ),
    ("the mean is not squared", "The shift holds the square of the mean.", 0.0, lambda m, s: kl(0.0, s) + 0.5 * m),
    (
        "the logarithm is added",
        "The logarithm is added where it is taken away.",
        0.0,
        lambda m, s: 0.5 * (m**2 + s**2 + math.log(s**2) - 1),
    ),
    ("the shift is not counted", "The mean was left out: moving costs as well.", 0.0, lambda m, s: kl(0.0, s)),
    ("the spread is not counted", "The width was left out: it costs as well.", 0.0, lambda m, s: kl(m, 1.0)),
)
_BY_FORMULA = ("loss_by_numbers", "kl_by_hand", "rank_by_kl", "per_dimension_kl", "count_active_units")

Slip = tuple[str, str, float, Answers]


def slips(exercise: str, one: dict[str, Any]) -> list[Slip]:
    """Names, sentences, shares and answers of the likeliest slips in a setting."""
    exact = right(exercise, one)
    found: list[Slip] = []
    if exercise in _BY_FORMULA:
        found += [(name, says, share, _answers(exercise, one, price)) for name, says, share, price in _PRICES]
    more = _MORE.get(exercise)
    return [*found, *(more(one, exact) if more else [])]


def _more_loss(one: dict[str, Any], exact: Answers) -> list[Slip]:
    error, cost, total = exact["my_loss"]
    off = abs(one["x"] - one["x_hat"])
    return [
        (
            "the residual is not squared",
            "The first term is a squared error.",
            0.0,
            {"my_loss": (off, cost, off + cost)},
        ),
        (
            "a factor one half before the squared error",
            "The squared error carries no factor ½ here.",
            SLIP,
            {"my_loss": (error / 2, cost, error / 2 + cost)},
        ),
        ("the order is swapped", "First the reconstruction, then the KL.", SLIP, {"my_loss": (cost, error, total)}),
        ("the total comes first", "The total comes last.", SLIP, {"my_loss": (total, error, cost)}),
        ("beta is upside down", "β weights the KL: solve L_R = β L_KL for β.", 0.0, {"my_equal_beta": cost / error}),
    ]


def _more_hand(one: dict[str, Any], exact: Answers) -> list[Slip]:
    rows, ends = exact["my_kl_settings"], exact["my_sigmas_for_price"]
    swapped = {name: (spread, shift, total) for name, (shift, spread, total) in rows.items()}
    return [
        ("shift and spread are swapped", "First the mean's part, then the width's.", SLIP, {"my_kl_settings": swapped}),
        (
            "the wide one comes first",
            "First the narrow σ, then the wide one.",
            SLIP,
            {"my_sigmas_for_price": ends[::-1]},
        ),
        (
            "variances instead of sigmas",
            "These are the variances. Asked for are their roots, σ.",
            SLIP,
            {"my_sigmas_for_price": tuple(end**2 for end in ends)},
        ),
    ]


def _more_balance(one: dict[str, Any], exact: Answers) -> list[Slip]:
    totals, shares = exact["my_beta_losses"], exact["my_kl_share"]
    error, cost = one["reconstruction"], one["kl"]
    return [
        (
            "the weight is at the other term",
            "β multiplies the KL, and the reconstruction stays as it is.",
            0.0,
            {"my_beta_losses": {b: b * error + cost for b in totals}},
        ),
        ("beta divides", "The KL is multiplied by β.", 0.0, {"my_beta_losses": {b: error + cost / b for b in totals}}),
        (
            "the share without its weight",
            "The part of the KL in the total is β L_KL, so the weight belongs to the share as well.",
            SLIP,
            {"my_kl_share": {b: cost / total for b, total in totals.items()}},
        ),
        (
            "the share of the reconstruction",
            "This is the other part of the total.",
            SLIP,
            {"my_kl_share": {b: 1 - share for b, share in shares.items()}},
        ),
    ]


def _more_sample(one: dict[str, Any], exact: Answers) -> list[Slip]:
    mu, sigma, eps = one["mu"], one["sigma"], one["eps"]
    return [
        ("the noise is subtracted", "The noise is added, with its own sign.", 0.0, {"my_z": mu - sigma * eps}),
        ("the variance multiplies the noise", "σ multiplies the noise, not σ².", 0.0, {"my_z": mu + sigma**2 * eps}),
        ("the sign of the noise is lost", "Mind the sign of ε.", 0.0, {"my_dz_dsigma": -eps}),
        ("the term instead of the derivative", "That is σ ε. Its slope in σ is ε.", 0.0, {"my_dz_dsigma": sigma * eps}),
        ("the mean instead of the derivative", "That is μ. Ask how far z moves with it.", 0.0, {"my_dz_dmu": mu}),
    ]


def _more_rank(one: dict[str, Any], exact: Answers) -> list[Slip]:
    posteriors, crossover = one["posteriors"], exact["my_narrow_crossover"]
    price = kl(*posteriors["iv"])
    return [
        ("the most expensive comes first", "The cheapest comes first.", 0.0, {"my_ranking": exact["my_ranking"][::-1]}),
        (
            "ordered by sigma",
            "This is the order of the widths.",
            0.0,
            {"my_ranking": tuple(sorted(posteriors, key=lambda name: posteriors[name][1]))},
        ),
        (
            "the variance at the crossover",
            "That is the variance where the prices meet. Asked for is its root, σ.",
            SLIP,
            {"my_narrow_crossover": crossover**2},
        ),
        ("the price instead of the sigma", "That is the price of (iv).", 0.0, {"my_narrow_crossover": price}),
        (
            "the constant of the narrow price is left out",
            "The crossover solves ½ (σ² - 1) - log σ = price. The -½ is missing.",
            0.0,
            {"my_narrow_crossover": math.exp(-price)},
        ),
        (
            "narrowing taken for as expensive as widening",
            "One over the wide σ is far cheaper than the wide one.",
            0.0,
            {"my_narrow_crossover": 1 / posteriors["iv"][1]},
        ),
    ]


def _more_dimensions(one: dict[str, Any], exact: Answers) -> list[Slip]:
    total = exact["my_total_kl"]
    return [("the mean instead of the sum", "The dimensions add up.", SLIP, {"my_total_kl": total / 4})]


def _more_units(one: dict[str, Any], exact: Answers) -> list[Slip]:
    active = exact["my_active_dimensions"]
    narrow = frozenset(j for j, var in enumerate(one["variances"], 1) if var < 0.9)
    return [
        (
            "judged by the variance alone",
            "A dimension can be active by its mean alone.",
            0.0,
            {"my_active_dimensions": narrow, "my_removable_dimensions": frozenset(range(1, 9)) - narrow},
        ),
        (
            "the two sets are swapped",
            "Active are those that carry something.",
            SLIP,
            {"my_active_dimensions": frozenset(range(1, 9)) - active, "my_removable_dimensions": active},
        ),
        (
            "counted from 0",
            "The dimensions are numbered from 1.",
            SLIP,
            {"my_active_dimensions": frozenset(j - 1 for j in active)},
        ),
    ]


def _more_annealed(one: dict[str, Any], exact: Answers) -> list[Slip]:
    error, cost, ramp = one["reconstruction"], one["kl"], one["ramp"]
    epoch = exact["my_crossover_epoch"]
    return [
        (
            "the ramp is not clamped",
            "The weight stops at 1.",
            0.0,
            {"my_annealed_loss": {t: error + t / ramp * cost for t in MY_EPOCHS}},
        ),
        (
            "the ramp of the chapter",
            "The ramp has another length here.",
            0.0,
            {
                "my_annealed_loss": {t: error + min(t / 10, 1) * cost for t in MY_EPOCHS},
                "my_crossover_epoch": 10 * error / cost,
            },
        ),
        (
            "off by one epoch",
            "The weight at epoch t is t over the length of the ramp: t = 0 is where it begins.",
            SLIP,
            {"my_annealed_loss": {t: error + min((t - 1) / ramp, 1) * cost for t in MY_EPOCHS}},
        ),
        (
            "the next whole epoch",
            "The crossover lies between two epochs.",
            0.0,
            {"my_crossover_epoch": math.ceil(epoch)},
        ),
        ("the epoch before", "The crossover lies between two epochs.", 0.0, {"my_crossover_epoch": math.floor(epoch)}),
        (
            "the crossover is upside down",
            "Solve β(t) L_KL = L_R for t.",
            0.0,
            {"my_crossover_epoch": ramp * cost / error},
        ),
    ]


def _more_runs(one: dict[str, Any], exact: Answers) -> list[Slip]:
    other = {"lower beta": "raise beta", "raise beta": "lower beta", "keep beta": "keep beta"}
    turned = {run: other[word] for run, word in exact["my_remedy"].items()}
    says = "A larger β pulls codes to the prior. Which of the runs needs that?"
    return [("the remedies are swapped", says, 0.0, {"my_remedy": turned})]


_MORE: dict[str, Callable[[dict[str, Any], Answers], list[Slip]]] = {
    "loss_by_numbers": _more_loss,
    "kl_by_hand": _more_hand,
    "beta_balance": _more_balance,
    "reparameterise_by_hand": _more_sample,
    "rank_by_kl": _more_rank,
    "per_dimension_kl": _more_dimensions,
    "count_active_units": _more_units,
    "annealing_by_numbers": _more_annealed,
    "diagnose_runs": _more_runs,
}
