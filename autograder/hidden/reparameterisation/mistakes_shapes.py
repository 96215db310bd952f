"""Known mistakes of `reparameterise` in shapes and manners, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "reparameterise",
    "one number of the noise for every entry",
    "The first number of eps was used everywhere. Every entry has noise of its own.",
)
def z_first_eps(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.ravel(eps)[0] + 0 * eps


@mistake(
    "reparameterise",
    "one row of the noise for every sample",
    "The first row of eps was used for every sample. Every sample has noise of its own.",
)
def z_first_row(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * (np.asarray(eps)[:1] if np.ndim(eps) > 1 else eps) + 0 * eps


@mistake(
    "reparameterise",
    "a dot product instead of products of entries",
    "The products of sigma and eps were added up. Every entry keeps its own product.",
)
def z_dot(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.dot(sigma, eps)


@mistake(
    "reparameterise",
    "summed although asked elementwise",
    "The numbers were added up. Every entry keeps a draw of its own.",
    share=SLIP,
)
def z_summed(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.sum(mu + sigma * eps)


@mistake(
    "reparameterise",
    "averaged over the samples",
    "The draws were averaged over the first axis. Every sample keeps a draw of its own.",
    share=SLIP,
)
def z_averaged(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.mean(np.asarray(mu + sigma * eps), axis=0) if np.ndim(mu + sigma * eps) else mu + sigma * eps


@mistake(
    "reparameterise",
    "floats are refused",
    "It asks for the length of its arguments, which floats have not got. Arithmetic on arrays and floats reads "
    "the same.",
)
def z_loop(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.array([mu[i] + sigma[i] * eps[i] for i in range(len(mu))])


@mistake(
    "reparameterise",
    "mu is changed in place",
    "The noise was added to the caller's mu itself, which is different afterwards. Make a new array.",
)
def z_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(mu) == 0 or np.shape(mu) != np.shape(mu + sigma * eps):
        return mu + sigma * eps
    mu += sigma * eps
    return mu


@mistake(
    "reparameterise",
    "the noise is changed in place",
    "eps was multiplied in place, so that the caller's noise is different afterwards. Make a new array.",
)
def z_eps_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(eps) == 0 or np.shape(eps) != np.shape(mu + sigma * eps):
        return mu + sigma * eps
    eps *= sigma
    return mu + eps
