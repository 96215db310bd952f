"""Known mistakes of reparameterise_by_hand, as students make them on paper."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3

SAMPLE = "reparameterise_by_hand"


@mistake(SAMPLE, "the sign of eps is lost", "The noise is negative here: its sign belongs in z, and in one derivative.")
def sample_sign() -> Any:
    return {"z": 0.86, "dz_dmu": 1, "dz_dsigma": 0.3}


@mistake(SAMPLE, "the sign of eps is lost in z", "The noise is negative here, so that z lies below the mean.")
def sample_sign_in_z() -> Any:
    return {"z": 0.86, "dz_dmu": 1, "dz_dsigma": -0.3}


@mistake(
    SAMPLE, "the sign of eps is lost in the derivative", "One derivative has lost its sign: the noise is negative here."
)
def sample_sign_in_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 0.3}


@mistake(
    SAMPLE, "dz/dsigma is taken for sigma", "One derivative is what multiplies the noise. Ask what multiplies sigma."
)
def sample_sigma_as_derivative() -> Any:
    return {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 1.2}


@mistake(SAMPLE, "the variance multiplies eps", "The variance stands where the standard deviation belongs.")
def sample_variance() -> Any:
    return {"z": 0.5 + 1.2**2 * -0.3, "dz_dmu": 1, "dz_dsigma": 2 * 1.2 * -0.3}


@mistake(
    SAMPLE, "the variance multiplies eps in z alone", "In z the variance stands where the standard deviation belongs."
)
def sample_variance_in_z() -> Any:
    return {"z": 0.5 + 1.2**2 * -0.3, "dz_dmu": 1, "dz_dsigma": -0.3}


@mistake(SAMPLE, "sigma is read as a variance", "A root was taken of sigma, which is the standard deviation already.")
def sample_root() -> Any:
    return {"z": 0.5 - 0.3 * np.sqrt(1.2), "dz_dmu": 1, "dz_dsigma": -0.3 / (2 * np.sqrt(1.2))}


@mistake(
    SAMPLE,
    "sigma is read as a log-variance",
    "Half of sigma was exponentiated. Here sigma itself is given, not its logarithm.",
)
def sample_log_variance() -> Any:
    return {"z": 0.5 - 0.3 * np.exp(0.6), "dz_dmu": 1, "dz_dsigma": -0.15 * np.exp(0.6)}


@mistake(
    SAMPLE,
    "mu and sigma are swapped",
    "The noise is scaled by the mean and shifted by the width: it is the other way round.",
)
def sample_swapped() -> Any:
    return {"z": 1.2 + 0.5 * -0.3, "dz_dmu": -0.3, "dz_dsigma": 1}


@mistake(SAMPLE, "the derivatives are swapped", "Each derivative stands under the name of the other.", share=SLIP)
def sample_swapped_derivatives() -> Any:
    return {"z": 0.14, "dz_dmu": -0.3, "dz_dsigma": 1}


@mistake(
    SAMPLE,
    "the terms instead of the derivatives",
    "These are the two terms of z. A derivative is what multiplies the variable.",
)
def sample_terms() -> Any:
    return {"z": 0.14, "dz_dmu": 0.5, "dz_dsigma": 1.2 * -0.3}


@mistake(
    SAMPLE,
    "the sample is taken for a constant",
    "Both derivatives are 0, as if z did not depend on them. That it does is the trick.",
)
def sample_constant() -> Any:
    return {"z": 0.14, "dz_dmu": 0, "dz_dsigma": 0}


@mistake(SAMPLE, "the noise is not scaled", "The noise is added as it is; the width has to scale it first.")
def sample_unscaled() -> Any:
    return {"z": 0.5 - 0.3, "dz_dmu": 1, "dz_dsigma": 0}


@mistake(
    SAMPLE, "the noise scales the mean as well", "The noise multiplies the sum of both. The mean is only shifted by it."
)
def sample_scaled_mean() -> Any:
    return {"z": (0.5 + 1.2) * -0.3, "dz_dmu": -0.3, "dz_dsigma": -0.3}
