"""Reference answers of the notebook `01_worked_numbers`: both parts, from the closed forms."""

from __future__ import annotations

import numpy as np

# In the notebook a setup cell has the settings that count there; these are the first of each pool.
own: dict[str, dict] = {
    "loss_by_numbers": {"x": 2.9, "mu": 1.2, "sigma": 0.6, "x_hat": 3.6},
    "kl_by_hand": {"posteriors": {"i": (1.0, 0.4), "ii": (-0.6, 2.1), "iii": (0.4, 0.3)}, "price": 0.2},
    "beta_balance": {"reconstruction": 1.44, "kl": 0.52},
    "reparameterise_by_hand": {"mu": -1.7, "sigma": 1.2, "eps": 1.5},
    "rank_by_kl": {"posteriors": {"i": (0.0, 0.27), "ii": (1.8, 1.0), "iii": (0.7, 1.7), "iv": (0.0, 2.8)}},
    "per_dimension_kl": {"posterior": ((-1.4, 0.5), (0.3, 0.9), (-0.1, 1.0), (-0.6, 0.7))},
    "count_active_units": {
        "mean_squares": (0.87, 0.5, 0.003, 0.015, 1.22, 0.003, 0.99, 0.98),
        "variances": (0.3, 0.96, 0.98, 1.01, 0.19, 0.98, 0.22, 0.31),
    },
    "annealing_by_numbers": {"reconstruction": 0.91, "kl": 2.11, "ramp": 20},
    "diagnose_runs": {"runs": ("p", "q", "r")},
    "read_interpolations": {"lines": ("p", "q", "r")},
}


def _kl(mu: float, sigma: float) -> float:
    """Return KL(N(μ, σ²) ‖ N(0, 1)) in nats."""
    return 0.5 * (mu**2 + sigma**2 - 1.0) - float(np.log(sigma))


# exercise: loss_by_numbers
# Set first_loss and second_loss, each a tuple (reconstruction, kl, total).
# Your own numbers: set my_loss and my_equal_beta.
first_loss = ((3.0 - 2.7) ** 2, _kl(1.0, 1.0), (3.0 - 2.7) ** 2 + _kl(1.0, 1.0))
second_loss = ((3.0 - 2.0) ** 2, _kl(0.0, 1.0), (3.0 - 2.0) ** 2 + _kl(0.0, 1.0))
_one = own["loss_by_numbers"]
_error, _cost = (_one["x"] - _one["x_hat"]) ** 2, _kl(_one["mu"], _one["sigma"])
my_loss = (_error, _cost, _error + _cost)
my_equal_beta = _error / _cost


# exercise: kl_by_hand
# Set kl_settings, a dict with the keys "i", "ii", "iii"; each entry is a tuple
# (shift, spread, total).
# Your own numbers: set my_kl_settings and my_sigmas_for_price, a tuple (narrow, wide).
kl_settings = {
    name: (_kl(mu, 1.0), _kl(0.0, sigma), _kl(mu, sigma))
    for name, mu, sigma in (("i", 0.0, 1.0), ("ii", 1.0, 1.0), ("iii", 0.0, 2.0))
}
my_kl_settings = {
    name: (_kl(mu, 1.0), _kl(0.0, sigma), _kl(mu, sigma))
    for name, (mu, sigma) in own["kl_by_hand"]["posteriors"].items()
}
_price = own["kl_by_hand"]["price"]
_narrow, _wide = 0.1, 5.0
for _ in range(200):
    # Where the spread is the price: solved for the sigma in the logarithm below 1, for the other one above.
    _narrow = float(np.exp(0.5 * (_narrow**2 - 1.0) - _price))
    _wide = float(np.sqrt(1.0 + 2.0 * (_price + np.log(_wide))))
my_sigmas_for_price = (_narrow, _wide)


# exercise: beta_balance
# Set beta_losses, a dict with the keys 0.5, 1, 4 (the totals), and kl_share, a dict
# with the same keys (fractions).
# Your own numbers: set my_beta_losses and my_kl_share, with the keys 0.25, 2, 6.
beta_losses = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
kl_share = {beta: beta * 0.5 / total for beta, total in beta_losses.items()}
_error, _cost = own["beta_balance"]["reconstruction"], own["beta_balance"]["kl"]
my_beta_losses = {beta: _error + beta * _cost for beta in (0.25, 2, 6)}
my_kl_share = {beta: beta * _cost / total for beta, total in my_beta_losses.items()}


# exercise: reparameterise_by_hand
# Set z, dz_dmu and dz_dsigma, three numbers.
# Your own numbers: set my_z, my_dz_dmu and my_dz_dsigma.
z = 0.5 + 1.2 * -0.3
dz_dmu = 1.0
dz_dsigma = -0.3
_one = own["reparameterise_by_hand"]
my_z = _one["mu"] + _one["sigma"] * _one["eps"]
my_dz_dmu = 1.0
my_dz_dsigma = _one["eps"]


# exercise: rank_by_kl
# Set ranking, a tuple of "i", "ii", "iii", "iv", cheapest first, and
# narrow_crossover, a number with three digits.
# Your own numbers: set my_ranking and my_narrow_crossover.
posteriors = {"i": (0.0, 1.0), "ii": (0.0, 0.3), "iii": (1.5, 1.0), "iv": (0.0, 3.0)}
ranking = tuple(sorted(posteriors, key=lambda name: _kl(*posteriors[name])))
narrow_crossover = 0.1
for _ in range(50):
    # At the crossover ½(σ² − 1) − log σ is the price of N(0, 3²); solved for the σ in the logarithm, this converges.
    narrow_crossover = float(np.exp(0.5 * (narrow_crossover**2 - 1.0) - _kl(0.0, 3.0)))
_own_posteriors = own["rank_by_kl"]["posteriors"]
my_ranking = tuple(sorted(_own_posteriors, key=lambda name: _kl(*_own_posteriors[name])))
my_narrow_crossover = 0.1
for _ in range(50):
    my_narrow_crossover = float(np.exp(0.5 * (my_narrow_crossover**2 - 1.0) - _kl(*_own_posteriors["iv"])))


# exercise: per_dimension_kl
# Set dimension_kl (four numbers), total_kl (a number), and dimension_state, four of
# "active", "collapsed", "borderline".
# Your own numbers: set my_dimension_kl, my_total_kl and my_dimension_state.
dimension_kl = [_kl(mu, sigma) for mu, sigma in ((1.5, 0.5), (0.0, 1.0), (0.2, 0.9), (-0.8, 0.7))]
total_kl = sum(dimension_kl)
dimension_state = ["collapsed" if kl < 0.01 else "borderline" if kl < 0.1 else "active" for kl in dimension_kl]
my_dimension_kl = [_kl(mu, sigma) for mu, sigma in own["per_dimension_kl"]["posterior"]]
my_total_kl = sum(my_dimension_kl)
my_dimension_state = ["collapsed" if kl < 0.01 else "borderline" if kl < 0.1 else "active" for kl in my_dimension_kl]


# exercise: count_active_units
# Set active_dimensions and removable_dimensions, two sets of numbers j from 1 to 8.
# Your own numbers: set my_active_dimensions and my_removable_dimensions.
mean_squares = [1.50, 0.01, 0.80, 0.00, 1.20, 0.00, 0.60, 0.70]
variances = [0.12, 0.97, 0.31, 0.99, 0.18, 1.00, 0.41, 0.95]
average_kl = [_kl(square**0.5, var**0.5) for square, var in zip(mean_squares, variances, strict=True)]
active_dimensions = {j for j, kl in enumerate(average_kl, start=1) if kl > 0.01}
removable_dimensions = set(range(1, 9)) - active_dimensions
_pairs = zip(own["count_active_units"]["mean_squares"], own["count_active_units"]["variances"], strict=True)
my_active_dimensions = {j for j, (square, var) in enumerate(_pairs, start=1) if _kl(square**0.5, var**0.5) > 0.01}
my_removable_dimensions = set(range(1, 9)) - my_active_dimensions


# exercise: annealing_by_numbers
# Set annealed_loss, a dict with the keys 1, 5, 10, 20, and crossover_epoch, a
# number (not necessarily whole).
# Your own numbers: set my_annealed_loss, with the keys 3, 9, 12, 40, and my_crossover_epoch.
annealed_loss = {epoch: 0.4 + min(epoch / 10, 1.0) * 1.2 for epoch in (1, 5, 10, 20)}
crossover_epoch = 10 * 0.4 / 1.2
_error, _cost = own["annealing_by_numbers"]["reconstruction"], own["annealing_by_numbers"]["kl"]
_ramp = own["annealing_by_numbers"]["ramp"]
my_annealed_loss = {epoch: _error + min(epoch / _ramp, 1.0) * _cost for epoch in (3, 9, 12, 40)}
my_crossover_epoch = _ramp * _error / _cost


# exercise: diagnose_runs
# Set diagnosis, a dict with the keys "A", "B", "C", each "posterior collapse",
# "memorising" or "healthy", and remedy, a dict with the keys "A", "B", each "lower
# beta" or "raise beta".
# Your own numbers: set my_diagnosis and my_remedy, with the keys "D", "E", "F".
diagnosis = {"A": "posterior collapse", "B": "memorising", "C": "healthy"}
remedy = {"A": "lower beta", "B": "raise beta"}
_seen = {"p": "memorising", "q": "healthy", "r": "posterior collapse"}
_helps = {"memorising": "raise beta", "healthy": "keep beta", "posterior collapse": "lower beta"}
my_diagnosis = {run: _seen[shown] for run, shown in zip("DEF", own["diagnose_runs"]["runs"], strict=True)}
my_remedy = {run: _helps[word] for run, word in my_diagnosis.items()}


# exercise: read_interpolations
# Set reading, a dict with the keys 1, 2, 3, each "organised", "empty gap" or
# "crosses classes".
# Your own numbers: set my_reading, with the keys 4, 5, 6.
reading = {1: "organised", 2: "empty gap", 3: "crosses classes"}
_shows = {"p": "crosses classes", "q": "organised", "r": "empty gap"}
my_reading = {line: _shows[shown] for line, shown in zip((4, 5, 6), own["read_interpolations"]["lines"], strict=True)}
