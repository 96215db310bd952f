"""Hidden checks of `reparameterise_by_hand`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check
from ..mistakes.catalogue import Catalogue
from .shared import SLIP, right_values

CHECKS: tuple[Check, ...] = (
    right_values("the sample", "`z` is right.", 1, ["z"]),
    right_values("the derivatives", "Both derivatives of z are right.", 1, ["dz_dmu", "dz_dsigma"]),
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("reparameterise_by_hand")


@mistake("the sign of eps is lost", "The noise is negative here: its sign belongs in z, and in one derivative.")
def sample_sign() -> Any:
    return {"z": 0.86, "dz_dmu": 1, "dz_dsigma": 0.3}


@mistake("the sign of eps is lost in z", "The noise is negative here, so that z lies below the mean.")
def sample_sign_in_z() -> Any:
    return {"z": 0.86, "dz_dmu": 1, "dz_dsigma": -0.3}


@mistake("the sign of eps is lost in the derivative", "One derivative has lost its sign: the noise is negative here.")
def sample_sign_in_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0.3}


@mistake("dz/dsigma is taken for sigma", "One derivative is what multiplies the noise. Ask what multiplies sigma.")
def sample_sigma_as_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1.2}


@mistake("the variance multiplies eps", "The variance is used where the standard deviation belongs.")
def sample_variance() -> Any:
    return {"z": 0.5 + 1.2**2 * -0.3, "dz_dmu": 1, "dz_dsigma": 2 * 1.2 * -0.3}


@mistake("the variance multiplies eps in z alone", "In z the variance is used where the standard deviation belongs.")
def sample_variance_in_z() -> Any:
    return {"z": 0.5 + 1.2**2 * -0.3, "dz_dmu": 1, "dz_dsigma": -0.3}


@mistake("sigma is read as a variance", "A root was taken of sigma, which is the standard deviation already.")
def sample_root() -> Any:
    return {"z": 0.5 - 0.3 * np.sqrt(1.2), "dz_dmu": 1, "dz_dsigma": -0.3 / (2 * np.sqrt(1.2))}


@mistake(
    "sigma is read as a log-variance", "Half of sigma was exponentiated. Here sigma itself is given, not its logarithm."
)
def sample_log_variance() -> Any:
    return {"z": 0.5 - 0.3 * np.exp(0.6), "dz_dmu": 1, "dz_dsigma": -0.15 * np.exp(0.6)}


@mistake(
    "mu and sigma are swapped", "The noise is scaled by the mean and shifted by the width: it is the other way round."
)
def sample_swapped() -> Any:
    return {"z": 1.2 + 0.5 * -0.3, "dz_dmu": -0.3, "dz_dsigma": 1}


@mistake("the derivatives are swapped", "Each derivative has the name of the other.", share=SLIP)
def sample_swapped_derivatives() -> Any:
    return {"z": 0.14, "dz_dmu": -0.3, "dz_dsigma": 1}


@mistake(
    "the terms instead of the derivatives",
    "These are the two terms of z. A derivative is what multiplies the variable.",
)
def sample_terms() -> Any:
    return {"z": 0.14, "dz_dmu": 0.5, "dz_dsigma": 1.2 * -0.3}


@mistake(
    "the sample is taken for a constant",
    "Both derivatives are 0, as if z did not depend on them. That it does is the trick.",
)
def sample_constant() -> Any:
    return {"z": 0.14, "dz_dmu": 0, "dz_dsigma": 0}


@mistake("the noise is not scaled", "The noise is added as it is; the width has to scale it first.")
def sample_unscaled() -> Any:
    return {"z": 0.5 - 0.3, "dz_dmu": 1, "dz_dsigma": 0}


@mistake("the noise scales the mean as well", "The noise multiplies the sum of both. The mean is only shifted by it.")
def sample_scaled_mean() -> Any:
    return {"z": (0.5 + 1.2) * -0.3, "dz_dmu": -0.3, "dz_dsigma": -0.3}


@mistake("dz/dmu is taken for 0", "Nudge the mean, and z moves along: that derivative is not 0.")
def sample_fixed_mean() -> Any:
    return {"z": 0.14, "dz_dmu": 0, "dz_dsigma": -0.3}


@mistake("dz/dmu is taken for mu", "That is the mean itself. Ask how far z moves when the mean moves by 1.")
def sample_mean_as_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 0.5, "dz_dsigma": -0.3}


@mistake("dz/dsigma is taken for 0", "Nudge sigma, and z moves: ask by what sigma is multiplied.")
def sample_fixed_width() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0}


@mistake("dz/dsigma is taken for 1", "Only the mean enters z as it is; sigma is multiplied by something.")
def sample_unit_width() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1}


@mistake("the term instead of dz/dsigma", "That is the whole term. Its derivative is what multiplies sigma.")
def sample_width_term() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1.2 * -0.3}


@mistake(
    "the derivative by the log-variance",
    "This is how z moves with log σ². Asked for is the derivative by sigma itself.",
)
def sample_log_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0.5 * 1.2 * -0.3}


@mistake("sigma is added", "Mean, width and noise were added up. The width multiplies the noise.")
def sample_sum() -> Any:
    return {"z": 0.5 + 1.2 - 0.3, "dz_dmu": 1, "dz_dsigma": 1}


@variant
def sample_literal() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": -0.3}


@variant
def sample_computed() -> Any:
    mu, sigma, eps = 0.5, 1.2, -0.3
    return {"z": mu + sigma * eps, "dz_dmu": 1.0, "dz_dsigma": eps}


@variant
def sample_arrays() -> Any:
    return {"z": np.array(0.14), "dz_dmu": np.array([1]), "dz_dsigma": np.array([[-0.3]])}


@variant
def sample_scalars() -> Any:
    return {"z": np.float32(0.14), "dz_dmu": np.int32(1), "dz_dsigma": np.float64(-0.3)}


@variant
def sample_text() -> Any:
    return {"z": "0.14", "dz_dmu": "1", "dz_dsigma": "−0.3"}


@variant
def sample_differences() -> Any:
    def place(mu: float, sigma: float) -> float:
        return mu + sigma * -0.3

    step = 1e-4
    return {
        "z": [place(0.5, 1.2)],
        "dz_dmu": (place(0.5 + step, 1.2) - place(0.5, 1.2)) / step,
        "dz_dsigma": (place(0.5, 1.2 + step) - place(0.5, 1.2)) / step,
    }
