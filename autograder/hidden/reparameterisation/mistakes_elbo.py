"""Known mistakes of `negative_elbo`, as students and public code make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..catalogue import Catalogue, Function

CATALOGUE = Catalogue()

SLIP = 0.3


def mistake(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `negative_elbo`."""
    return CATALOGUE.mistake("negative_elbo", name, says, share=share)


@mistake(
    "the reconstruction is averaged over the pixels",
    "The squared error is a mean over pixels. It is summed over pixels and averaged over samples alone, or it "
    "will "
    "hardly count beside the KL.",
    SLIP,
)
def elbo_mean_pixels(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean((X - X_hat) ** 2) + beta * np.mean(kl)


@mistake(
    "the KL is averaged over the dimensions",
    "The KL is a mean over latent dimensions. It is summed over them and averaged over samples alone.",
    SLIP,
)
def elbo_mean_dimensions(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * np.mean(kl)


@mistake(
    "both parts are averaged over everything",
    "Both parts are means over samples and dimensions. They are sums over dimensions, averaged over samples.",
    SLIP,
)
def elbo_mean_all(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    return np.mean((X - X_hat) ** 2) + beta * 0.5 * np.mean(mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "summed over the samples",
    "Both parts were added up over the samples. The loss is the average of the samples' losses.",
    SLIP,
)
def elbo_summed(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    return np.sum((X - X_hat) ** 2) + beta * 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)


@mistake(
    "the KL is summed over the samples",
    "The reconstruction is averaged over the samples, the KL added up: its weight grows with the batch.",
    SLIP,
)
def elbo_kl_summed(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1)) + beta * kl


@mistake(
    "the reconstruction is summed over the samples",
    "The KL is averaged over the samples, the reconstruction added up: its weight grows with the batch.",
    SLIP,
)
def elbo_reconstruction_summed(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.sum((X - X_hat) ** 2) + beta * np.mean(kl)


@mistake("a loss for each sample", "One loss a sample came back. Average them to one number.", SLIP)
def elbo_rows(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.sum((X - X_hat) ** 2, axis=1) + beta * kl


@mistake("the parts come back as well", "Several numbers came back. Return the total alone.", SLIP)
def elbo_parts(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    reconstruction = np.mean(np.sum((X - X_hat) ** 2, axis=1))
    kl = np.mean(0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))
    return reconstruction + beta * kl, reconstruction, kl


@mistake(
    "one half on the squared error",
    "The squared error was halved. That is another decoder variance; here it stands unhalved.",
    SLIP,
)
def elbo_half_error(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(0.5 * np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake(
    "beta weighs the reconstruction", "beta stands at the wrong part. A larger beta must make the KL count more.", SLIP
)
def elbo_beta_wrong(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(beta * np.sum((X - X_hat) ** 2, axis=1) + kl)


@mistake("beta weighs both parts", "beta stands before the whole loss. It weighs the KL alone.", SLIP)
def elbo_beta_both(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return beta * np.mean(np.sum((X - X_hat) ** 2, axis=1) + kl)


@mistake("beta is ignored", "beta has no influence, whatever value is asked for.")
def elbo_without_beta(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + kl)


@mistake(
    "a mixture of the two parts", "beta takes from the reconstruction what it gives to the KL. Only the KL is weighed."
)
def elbo_mixture(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean((1 - beta) * np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake(
    "the KL has the wrong sign",
    "The KL is taken away instead of added: this loss would reward posteriors for leaving the prior.",
)
def elbo_kl_sign(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) - beta * kl)


@mistake(
    "the ELBO instead of its negative",
    "This is to be made large; asked for is the loss, which is to be made small. The sign is turned round.",
    SLIP,
)
def elbo_positive(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return -np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake("the KL is missing", "Only the reconstruction came back.")
def elbo_without_kl(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    return np.mean(np.sum((X - X_hat) ** 2, axis=1))


@mistake("the reconstruction is missing", "Only the KL came back.")
def elbo_without_reconstruction(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    return beta * np.mean(0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1))


@mistake("the KL lost its one half", "The KL is twice what it should be; the reconstruction is right.", SLIP)
def elbo_kl_double(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake(
    "the constant of the KL is missing",
    "The KL is too large by the same amount in every dimension: at the prior it must be 0.",
)
def elbo_kl_constant(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake(
    "the constant of the KL is subtracted once",
    "The constant of the KL stands outside the sum. Every latent dimension has one.",
)
def elbo_kl_one_constant(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * (np.sum(mu**2 + np.exp(log_var) - log_var, axis=1) - 1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake("log_var read as log sigma", "exp(log_var) is the variance already; log_var was used as if it were log sigma.")
def elbo_log_sigma(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(2 * log_var) - 2 * log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake("sigma where the variance belongs", "The KL has sigma in a place that needs the variance.")
def elbo_sigma(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(0.5 * log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake("absolute instead of squared error", "The reconstruction adds up absolute errors. They must be squared.")
def elbo_absolute(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum(np.abs(X - X_hat), axis=1) + beta * kl)


@mistake(
    "the length of the error instead of its square",
    "A square root was taken of the summed squared error. The squared error itself is asked for.",
)
def elbo_norm(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.linalg.norm(X - X_hat, axis=1) + beta * kl)


@mistake(
    "log_var is clipped",
    "log_var is pushed into a range before use, so that very narrow or wide posteriors come out wrong.",
)
def elbo_clipped(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    log_var = np.clip(log_var, -10, 10)
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + beta * kl)


@mistake(
    "X_hat is changed in place",
    "The difference was written into the caller's X_hat, which is different afterwards. Make a new array.",
)
def elbo_in_place(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    X_hat -= X
    kl = 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)
    return np.mean(np.sum(X_hat**2, axis=1) + beta * kl)


@mistake(
    "computed in float16", "Half precision has three digits and overflows above 65504. Leave the arrays as they come."
)
def elbo_float16(X: Any, X_hat: Any, mu: Any, log_var: Any, beta: Any = 1.0) -> Any:
    X, X_hat, mu, log_var = (np.float16(array) for array in (X, X_hat, mu, log_var))
    kl = np.float16(0.5) * np.sum(mu**2 + np.exp(log_var) - log_var - np.float16(1), axis=1)
    return np.mean(np.sum((X - X_hat) ** 2, axis=1) + np.float16(beta) * kl)
