"""Reference answers of the notebook `01_worked_numbers`: the chapter's numbers from the closed forms."""

from __future__ import annotations

import numpy as np


def _kl(mu: float, sigma: float) -> float:
    """Return KL(N(μ, σ²) ‖ N(0, 1)) in nats."""
    return 0.5 * (mu**2 + sigma**2 - 1.0) - float(np.log(sigma))


# exercise: loss_by_numbers
# Set first_loss and second_loss, each a tuple (reconstruction, kl, total).
first_loss = ((3.0 - 2.7) ** 2, _kl(1.0, 1.0), (3.0 - 2.7) ** 2 + _kl(1.0, 1.0))
second_loss = ((3.0 - 2.0) ** 2, _kl(0.0, 1.0), (3.0 - 2.0) ** 2 + _kl(0.0, 1.0))

# exercise: kl_by_hand
# Set kl_settings, a dict with the keys "i", "ii", "iii"; each entry is a tuple
# (shift, spread, total).
kl_settings = {
    name: (_kl(mu, 1.0), _kl(0.0, sigma), _kl(mu, sigma))
    for name, mu, sigma in (("i", 0.0, 1.0), ("ii", 1.0, 1.0), ("iii", 0.0, 2.0))
}

# exercise: beta_balance
# Set beta_losses, a dict with the keys 0.5, 1, 4 (the totals), and kl_share, a dict
# with the same keys (fractions).
beta_losses = {beta: 0.09 + beta * 0.5 for beta in (0.5, 1, 4)}
kl_share = {beta: beta * 0.5 / total for beta, total in beta_losses.items()}

# exercise: reparameterise_by_hand
# Set z, dz_dmu and dz_dsigma, three numbers.
z = 0.5 + 1.2 * -0.3
dz_dmu = 1.0
dz_dsigma = -0.3

# exercise: rank_by_kl
# Set ranking, a tuple of "i", "ii", "iii", "iv", cheapest first, and
# narrow_crossover, a number with three digits.
posteriors = {"i": (0.0, 1.0), "ii": (0.0, 0.3), "iii": (1.5, 1.0), "iv": (0.0, 3.0)}
ranking = tuple(sorted(posteriors, key=lambda name: _kl(*posteriors[name])))
narrow_crossover = 0.1
for _ in range(50):
    # At the crossover ½(σ² − 1) − log σ is the price of N(0, 3²); solved for the σ in the logarithm, this converges.
    narrow_crossover = float(np.exp(0.5 * (narrow_crossover**2 - 1.0) - _kl(0.0, 3.0)))

# exercise: per_dimension_kl
# Set dimension_kl (four numbers), total_kl (a number), and dimension_state, four of
# "active", "collapsed", "borderline".
dimension_kl = [_kl(mu, sigma) for mu, sigma in ((1.5, 0.5), (0.0, 1.0), (0.2, 0.9), (-0.8, 0.7))]
total_kl = sum(dimension_kl)
dimension_state = ["collapsed" if kl < 0.01 else "borderline" if kl < 0.1 else "active" for kl in dimension_kl]

# exercise: count_active_units
# Set active_dimensions and removable_dimensions, two sets of numbers j from 1 to 8.
mean_squares = [1.50, 0.01, 0.80, 0.00, 1.20, 0.00, 0.60, 0.70]
variances = [0.12, 0.97, 0.31, 0.99, 0.18, 1.00, 0.41, 0.95]
average_kl = [_kl(square**0.5, var**0.5) for square, var in zip(mean_squares, variances, strict=True)]
active_dimensions = {j for j, kl in enumerate(average_kl, start=1) if kl > 0.01}
removable_dimensions = set(range(1, 9)) - active_dimensions

# exercise: annealing_by_numbers
# Set annealed_loss, a dict with the keys 1, 5, 10, 20, and crossover_epoch, a
# number (not necessarily whole).
annealed_loss = {epoch: 0.4 + min(epoch / 10, 1.0) * 1.2 for epoch in (1, 5, 10, 20)}
crossover_epoch = 10 * 0.4 / 1.2

# exercise: diagnose_runs
# Set diagnosis, a dict with the keys "A", "B", "C", each "posterior collapse",
# "memorising" or "healthy", and remedy, a dict with the keys "A", "B", each "lower
# beta" or "raise beta".
diagnosis = {"A": "posterior collapse", "B": "memorising", "C": "healthy"}
remedy = {"A": "lower beta", "B": "raise beta"}

# exercise: read_interpolations
# Set reading, a dict with the keys 1, 2, 3, each "organised", "empty gap" or
# "crosses classes".
reading = {1: "organised", 2: "empty gap", 3: "crosses classes"}
