"""Hidden checks of `rank_by_kl`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import SLIP, right_values

CHECKS: tuple[Check, ...] = (
    right_values("ranking", "The four posteriors stand in the order of their KL, cheapest first.", 1.5, ["ranking"]),
    right_values("crossover", "The crossover is right within 2 %.", 1.5, ["narrow_crossover"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("rank_by_kl")


@mistake(
    "the order that is printed in the chapter",
    "The chapter's page prints this order too, and the page is wrong. The formula decides. At σ = 0.3 a narrow posterior "
    "is still cheap, because a logarithm grows so slowly: put the numbers in, and see where “ii” falls.",
)
def rank_printed() -> Any:
    return {"ranking": ("i", "iii", "iv", "ii"), "narrow_crossover": 0.0333}


@mistake("the most expensive comes first", "The order is turned round: the cheapest comes first.")
def rank_reversed() -> Any:
    return {"ranking": ("iv", "iii", "ii", "i"), "narrow_crossover": 0.0333}


@mistake(
    "sigma where sigma squared belongs",
    "This is the order when the standard deviation is used in place of the variance. A width of 3 costs more than that.",
)
def rank_sigma() -> Any:
    return {"ranking": ("i", "ii", "iv", "iii"), "narrow_crossover": 0.1786}


@mistake("the shift is not counted", "The means were left out: moving costs as well.")
def rank_spread_only() -> Any:
    return {"ranking": ("i", "iii", "ii", "iv"), "narrow_crossover": 0.0333}


@mistake("ordered by sigma", "This is the order of the widths. The prior's width costs nothing, a narrower one does.")
def rank_by_sigma() -> Any:
    return {"ranking": ("ii", "i", "iii", "iv"), "narrow_crossover": 0.0333}


@mistake(
    "the wide one before the narrow one", "Widening to 3 is taken for cheaper than narrowing to 0.3; compute both."
)
def rank_wide_before_narrow() -> Any:
    return {"ranking": ("i", "iv", "ii", "iii"), "narrow_crossover": 0.0333}


@mistake(
    "the crossover with “iii” instead of “iv”",
    "Below that σ a narrow posterior costs more than the shifted one. Asked for is where it overtakes the wide one, σ = 3.",
)
def rank_other_crossover() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.2009}


@mistake(
    "narrowing by 3 taken for as expensive as widening by 3",
    "One third of the prior's width is far cheaper than three times it: the price is not even in log σ.",
)
def rank_third() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 1 / 3}


@mistake(
    "the variance at the crossover", "That is the variance where the prices meet. Asked for is its root, σ.", share=SLIP
)
def rank_variance() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.03334552**2}


@mistake(
    "log sigma where log variance belongs",
    "The crossover is far too small: the formula takes the logarithm of the variance, which is twice that of σ.",
)
def rank_log_sigma() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.0003702}


@mistake("the logarithm has base 10", "The crossover is far too small: nats need the natural logarithm.")
def rank_log10() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.00009487}


@mistake(
    "the price instead of the sigma", "That is what N(0, 3²) costs. Asked for is the narrow σ that costs the same."
)
def rank_price() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 2.9014}


@mistake(
    "the constant of the narrow price is left out",
    "The crossover solves -log σ = price. The -½ of the spread is missing, which moves it a good deal.",
)
def rank_without_constant() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": np.exp(np.log(3) - 4)}


@mistake("the crossover is rounded too far", "There are too few digits: three are required.")
def rank_coarse() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.03}


@mistake("the wide sigma itself", "That is the width of “iv”. Asked for is the narrow σ, below 1, of the same price.")
def rank_wide() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 3}


@mistake("the sigma of “ii” itself", "At that σ the narrow one is still far cheaper than “iv”: go on narrowing.")
def rank_second() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.3}


@mistake("the logarithm of the crossover", "That is log σ. Asked for is σ: exponentiate.")
def rank_logarithm() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": np.log(0.03334552)}


@variant
def rank_literal() -> Any:
    return {"ranking": ("i", "ii", "iii", "iv"), "narrow_crossover": 0.0333}


@variant
def rank_brackets() -> Any:
    return {"ranking": ["(i)", "(ii)", "(iii)", "(iv)"], "narrow_crossover": 0.0335}


@variant
def rank_array() -> Any:
    return {"ranking": np.array(["I", "II", "III", "IV"]), "narrow_crossover": np.array([0.0333])}


@variant
def rank_computed() -> Any:
    posteriors = {"i": (0, 1), "ii": (0, 0.3), "iii": (1.5, 1), "iv": (0, 3)}
    prices = {name: 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma) for name, (mu, sigma) in posteriors.items()}
    sigma = 0.1
    for _ in range(50):
        sigma = np.exp(0.5 * (sigma**2 - 1) - prices["iv"])
    return {"ranking": sorted(prices, key=prices.__getitem__), "narrow_crossover": sigma}


@variant
def rank_one_text() -> Any:
    return {"ranking": "(i) < (ii) < (iii) < (iv)", "narrow_crossover": "0.0333"}


@variant
def rank_numbers() -> Any:
    return {"ranking": [1, 2, 3, 4], "narrow_crossover": np.exp(-3.4014)}


@variant
def rank_searched() -> Any:
    grid = np.linspace(0.001, 0.999, 99801)
    dearer = 0.5 * (grid**2 - 1) - np.log(grid) > 4 - np.log(3)
    return {"ranking": (" i ", "ii", "III", "iv"), "narrow_crossover": grid[dearer].max()}
