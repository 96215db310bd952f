"""Right answers to the exercises about the KL divergence and one sample, in the forms that students write."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("kl_by_hand")
def hand_literal() -> Any:
    return {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5), "iii": (0, 0.81, 0.81)}}


@variant("kl_by_hand")
def hand_computed() -> Any:
    def parts(mu: float, sigma: float) -> Any:
        shift, spread = mu**2 / 2, (sigma**2 - np.log(sigma**2) - 1) / 2
        return shift, spread, shift + spread

    return {"kl_settings": {"i": parts(0, 1), "ii": parts(1, 1), "iii": parts(0, 2)}}


@variant("kl_by_hand")
def hand_bracketed_keys() -> Any:
    return {"kl_settings": {"(i)": [0, 0, 0], "(ii)": [0.5, 0, 0.5], "(iii)": [0, 0.807, 0.807]}}


@variant("kl_by_hand")
def hand_capital_keys() -> Any:
    return {
        "kl_settings": {
            "I": np.zeros(3),
            "II": np.array([0.5, 0, 0.5]),
            " III ": np.array([0, 0.8069, 0.8069], np.float32),
        }
    }


@variant("kl_by_hand")
def hand_number_keys() -> Any:
    return {"kl_settings": {3: (0, 1.5 - np.log(2), 1.5 - np.log(2)), 2: (0.5, 0, 0.5), 1: (0, 0, 0)}}


@variant("kl_by_hand")
def hand_named_parts() -> Any:
    return {
        "kl_settings": {
            "i": {"shift": 0, "spread": 0, "total": 0},
            "ii": {"shift": 0.5, "spread": 0, "total": 0.5},
            "iii": {"spread": 0.8069, "shift": 0, "total": 0.8069},
        }
    }


@variant("reparameterise_by_hand")
def sample_literal() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": -0.3}


@variant("reparameterise_by_hand")
def sample_computed() -> Any:
    mu, sigma, eps = 0.5, 1.2, -0.3
    return {"z": mu + sigma * eps, "dz_dmu": 1.0, "dz_dsigma": eps}


@variant("reparameterise_by_hand")
def sample_arrays() -> Any:
    return {"z": np.array(0.14), "dz_dmu": np.array([1]), "dz_dsigma": np.array([[-0.3]])}


@variant("reparameterise_by_hand")
def sample_scalars() -> Any:
    return {"z": np.float32(0.14), "dz_dmu": np.int32(1), "dz_dsigma": np.float64(-0.3)}


@variant("reparameterise_by_hand")
def sample_text() -> Any:
    return {"z": "0.14", "dz_dmu": "1", "dz_dsigma": "−0.3"}


@variant("reparameterise_by_hand")
def sample_differences() -> Any:
    def place(mu: float, sigma: float) -> float:
        return mu + sigma * -0.3

    step = 1e-4
    return {
        "z": [place(0.5, 1.2)],
        "dz_dmu": (place(0.5 + step, 1.2) - place(0.5, 1.2)) / step,
        "dz_dsigma": (place(0.5, 1.2 + step) - place(0.5, 1.2)) / step,
    }


@variant("rank_by_kl")
def rank_literal() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.0333}


@variant("rank_by_kl")
def rank_brackets() -> Any:
    return {"ranking": ["(i)", "(ii)", "(iii)", "(iv)"], "narrow_crossover": 0.0335}


@variant("rank_by_kl")
def rank_array() -> Any:
    return {"ranking": np.array(["I", "II", "III", "IV"]), "narrow_crossover": np.array([0.0333])}


@variant("rank_by_kl")
def rank_computed() -> Any:
    posteriors = {"i": (0, 1), "ii": (0, 0.3), "iii": (1.5, 1), "iv": (0, 3)}
    prices = {name: 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) for name, (mu, sigma) in posteriors.items()}
    sigma = 0.1
    for _ in range(50):
        sigma = np.exp(0.5 * (sigma**2 - 1) - prices["iv"])
    return {"ranking": sorted(prices, key=prices.__getitem__), "narrow_crossover": sigma}


@variant("rank_by_kl")
def rank_one_text() -> Any:
    return {"ranking": "(i) < (ii) < (iii) < (iv)", "narrow_crossover": "0.0333"}


@variant("rank_by_kl")
def rank_numbers() -> Any:
    return {"ranking": [1, 2, 3, 4], "narrow_crossover": np.exp(-3.4014)}


@variant("rank_by_kl")
def rank_searched() -> Any:
    grid = np.linspace(0.001, 0.999, 99801)
    dearer = 0.5 * (grid**2 - 1) - np.log(grid) > 4 - np.log(3)
    return {"ranking": (" i ", "ii", "III", "iv"), "narrow_crossover": grid[dearer].max()}


@variant("per_dimension_kl")
def each_literal() -> Any:
    return {
        "dimension_kl": (1.44, 0, 0.03, 0.42),
        "total_kl": 1.89,
        "dimension_state": ("active", "collapsed", "borderline", "active"),
    }


@variant("per_dimension_kl")
def each_computed() -> Any:
    mu, sigma = np.array([1.5, 0, 0.2, -0.8]), np.array([0.5, 1, 0.9, 0.7])
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2) - 1)
    states = np.where(kl < 0.01, "collapsed", np.where(kl < 0.1, "borderline", "active"))
    return {"dimension_kl": kl, "total_kl": kl.sum(), "dimension_state": states}


@variant("per_dimension_kl")
def each_lists() -> Any:
    return {
        "dimension_kl": [1.4431, 0.0, 0.0304, 0.4217],
        "total_kl": np.float32(1.8952),
        "dimension_state": ["Active", "Collapsed", "Borderline", "Active"],
    }


@variant("per_dimension_kl")
def each_by_number() -> Any:
    return {
        "dimension_kl": {1: 1.443, 2: 0, 3: 0.030, 4: 0.422},
        "total_kl": [1.895],
        "dimension_state": {1: " active", 2: "collapsed ", 3: "BORDERLINE", 4: "active"},
    }


@variant("per_dimension_kl")
def each_column() -> Any:
    return {
        "dimension_kl": np.array([[1.4431], [0], [0.0304], [0.4217]]),
        "total_kl": np.array(1.9),
        "dimension_state": np.array(["active", "collapsed", "borderline", "active"]),
    }


@variant("count_active_units")
def units_sets() -> Any:
    return {"active_dimensions": {1, 3, 5, 7, 8}, "removable_dimensions": {2, 4, 6}}


@variant("count_active_units")
def units_lists() -> Any:
    return {"active_dimensions": [8, 7, 5, 3, 1], "removable_dimensions": (2, 4, 6)}


@variant("count_active_units")
def units_arrays() -> Any:
    return {"active_dimensions": np.array([1, 3, 5, 7, 8]), "removable_dimensions": np.array([2.0, 4.0, 6.0])}


@variant("count_active_units")
def units_computed() -> Any:
    squares = np.array([1.50, 0.01, 0.80, 0.00, 1.20, 0.00, 0.60, 0.70])
    variances = np.array([0.12, 0.97, 0.31, 0.99, 0.18, 1.00, 0.41, 0.95])
    kl = 0.5 * (squares + variances - np.log(variances) - 1)
    return {
        "active_dimensions": set(np.flatnonzero(kl > 0.01) + 1),
        "removable_dimensions": np.flatnonzero(kl <= 0.01) + 1,
    }


@variant("count_active_units")
def units_frozen() -> Any:
    return {"active_dimensions": frozenset({1.0, 3.0, 5.0, 7.0, 8.0}), "removable_dimensions": ["2", "4", "6"]}


@variant("count_active_units")
def units_difference() -> Any:
    active = {1, 3, 5, 7, 8}
    return {"active_dimensions": sorted(active), "removable_dimensions": set(range(1, 9)) - active}
