"""Known mistakes of `sample_posterior`, as students and public code make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..catalogue import Catalogue, Function
from . import telling

CATALOGUE = Catalogue()

SLIP = 0.3


def told(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_posterior` that is recognised by what it does to the draws."""
    tell = telling.tells(name, telling.posterior)
    return CATALOGUE.mistake("sample_posterior", name, says, share=share, tell=tell)


def shown(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_posterior` that is recognised by equal answers or errors."""
    return CATALOGUE.mistake("sample_posterior", name, says, share=share)


@told(
    "sigma is squared",
    "The draws vary by the variance. sigma is a standard deviation: look at what they must vary by.",
    SLIP,
)
def draws_variance(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma**2, (n_samples, *mu.shape))


@told(
    "the square root of sigma is taken",
    "sigma was read as a variance and its root was taken. It is a standard deviation.",
    SLIP,
)
def draws_root(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + np.sqrt(sigma) * rng.standard_normal((n_samples, *mu.shape))


@told(
    "sigma read as log sigma",
    "An exponential of sigma was taken, as if a logarithm had arrived. Here sigma itself arrives.",
)
def draws_exp(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + np.exp(sigma) * rng.standard_normal((n_samples, *mu.shape))


@told("sigma read as a log variance", "sigma was treated as a log variance. Here sigma itself arrives.")
def draws_exp_half(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + np.exp(0.5 * sigma) * rng.standard_normal((n_samples, *mu.shape))


@told("the noise is divided by sigma", "Wide posteriors give draws close together, and narrow ones scattered draws.")
def draws_divided(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + rng.standard_normal((n_samples, *mu.shape)) / sigma


@told("sigma is missing", "The noise is not stretched: every entry scatters as widely as every other.")
def draws_without_sigma(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + rng.standard_normal((n_samples, *mu.shape))


@told("mu is missing", "The draws scatter around 0, wherever mu is.")
def draws_without_mu(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return sigma * rng.standard_normal((n_samples, *mu.shape))


@told("standard normal draws come back", "The draws know neither mu nor sigma: they come from the prior.")
def draws_prior(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.standard_normal((n_samples, *mu.shape))


@told(
    "mu and sigma are swapped", "sigma was used as the middle and mu as the spread. Look at the order of the arguments."
)
def draws_swapped(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return sigma + mu * rng.standard_normal((n_samples, *mu.shape))


@told("mu is stretched as well", "mu was multiplied by sigma together with the noise. Only the noise is stretched.")
def draws_bracket(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return (mu + rng.standard_normal((n_samples, *mu.shape))) * sigma


@told(
    "the product is taken of mu, not of the noise",
    "mu is multiplied by sigma, and the noise is only added. Look at which of the two sigma belongs to.",
)
def draws_scaled_mu(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu * sigma + rng.standard_normal((n_samples, *mu.shape))


@told("sigma is added", "sigma was added to mu instead of stretching the noise.")
def draws_sum(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma + rng.standard_normal((n_samples, *mu.shape))


@told(
    telling.SHRUNK, "The draws lie closer to mu the more of them are asked for, as averages do. Every draw is one draw."
)
def draws_shrunk(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma / np.sqrt(n_samples) * rng.standard_normal((n_samples, *mu.shape))


@told(telling.NO_NOISE, "Every sample is mu itself: nothing random was added.")
def draws_none(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.repeat(mu[None], n_samples, axis=0)


@told(telling.ONE_FOR_ALL, "A single random number moved every entry of every sample. Each needs noise of its own.")
def draws_one_number(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.repeat((mu + sigma * rng.standard_normal())[None], n_samples, axis=0)


@told(telling.ONE_DRAW, "One draw was made and copied: all samples are equal. Each sample needs noise of its own.")
def draws_copied(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape)] * n_samples)


@told(
    telling.ONE_PER_SAMPLE,
    "One random number moved all entries of a sample together. Each entry needs noise of its own.",
)
def draws_one_per_sample(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal() for _ in range(n_samples)])


@told(
    telling.ROWS_SHARE, "All rows of mu were given the same noise within a sample. Each entry needs noise of its own."
)
def draws_rows_share(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape[-1]) for _ in range(n_samples)])


@told(telling.MIRRORED, "Noise was used twice, once with its sign turned round. Such pairs are not independent draws.")
def draws_mirrored_pairs(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    half = rng.standard_normal(((n_samples + 1) // 2, *mu.shape))
    return mu + sigma * np.concatenate([half, -half])[:n_samples]


@told(
    telling.REUSED,
    "The same noise appears again and again, or rounding made it the same. Each sample and each entry needs noise of its own.",
)
def draws_recycled(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    some = rng.standard_normal((min(n_samples, 100), *mu.shape))
    return mu + sigma * np.resize(some, (n_samples, *mu.shape))


@told(
    telling.NO_RNG,
    "An rng that starts anew from the same seed gave other draws: some other source of random "
    "numbers, such "
    "as `np.random`, was used.",
)
def draws_global(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.random.randn(n_samples, *mu.shape)


@told(
    telling.FIXED,
    "The draws are the same for every rng and in every call: the seed is fixed inside the function, or the first draws are kept.",
)
def draws_fixed(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.random.default_rng(0).standard_normal((n_samples, *mu.shape))


@told(
    telling.REWOUND, "A copy of rng was used, so that rng itself stands still and the next call gives the same draws."
)
def draws_copy_of_rng(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    import copy

    return mu + sigma * copy.deepcopy(rng).standard_normal((n_samples, *mu.shape))


@told(
    telling.UNIFORM,
    "The noise is spread evenly between two borders. It must follow the bell curve: look at what rng offers.",
)
def draws_uniform(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.random((n_samples, *mu.shape))


@told(
    telling.HEAVY,
    "Draws far out are much too frequent: this noise has about the right middle, but heavier tails "
    "than the "
    "bell curve.",
)
def draws_laplace(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.laplace(0, np.sqrt(0.5), (n_samples, *mu.shape))


@told(telling.FEW, "The noise takes only a few values, such as -1 and 1. Normal noise takes any value.")
def draws_signs(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.choice([-1.0, 1.0], (n_samples, *mu.shape))


@told(telling.CLIPPED, "Large noise was set back to a border, where draws now pile up. Normal noise has no border.")
def draws_clipped(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.clip(rng.standard_normal((n_samples, *mu.shape)), -2, 2)


@told(
    telling.CUT,
    "No draw lies further out than a border: large noise was drawn anew, or only a few uniform numbers were added. Normal noise has no border.",
)
def draws_cut(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    noise = rng.standard_normal((n_samples, *mu.shape))
    while np.any(np.abs(noise) > 3):
        noise = np.where(np.abs(noise) > 3, rng.standard_normal(noise.shape), noise)
    return mu + sigma * noise


@told(telling.POSITIVE, "No draw lies below mu: the noise lost its sign.")
def draws_positive(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.abs(rng.standard_normal((n_samples, *mu.shape)))


@told(
    telling.HALF, "Half precision has three digits, so that draws fall on a coarse grid. Leave the arrays as they come."
)
def draws_float16(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.float16(mu + sigma * rng.standard_normal((n_samples, *mu.shape)))


@told(
    telling.IN_PLACE,
    "The noise was added to the caller's mu or sigma itself, so that the samples walk away and "
    "the caller's "
    "array is different afterwards.",
)
def draws_walking(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    samples = []
    for _ in range(n_samples):
        mu += sigma * rng.standard_normal(mu.shape)
        samples.append(mu.copy())
    return np.stack(samples)


@shown("the samples lie along the last axis", "The samples must lie along the first axis; here they came last.", SLIP)
def draws_samples_last(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu[..., None] + sigma[..., None] * rng.standard_normal((*mu.shape, n_samples))


@shown("the mean of the draws comes back", "The draws were averaged. All of them are asked for, one after another.")
def draws_averaged(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.mean(mu + sigma * rng.standard_normal((n_samples, *mu.shape)), axis=0)


@shown("one draw only", "A single draw came back, however many samples were asked for.")
def draws_single(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal(mu.shape)


@shown("the axes of mu are flattened", "Each sample came as one row of numbers. It must have the shape of mu.", SLIP)
def draws_flat(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu.ravel() + sigma.ravel() * rng.standard_normal((n_samples, mu.size))


@shown(
    "only the first axis of mu is counted", "The shape was made from the length of mu alone. mu may have several axes."
)
def draws_one_axis(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal((n_samples, len(mu)))


@shown(
    "rng has no such method",
    "rng is a Generator, the new interface of numpy.random: it has no `randn`. See its "
    "page for "
    "what draws normal numbers.",
)
def draws_randn(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.randn(n_samples, *mu.shape)


@shown("rng is called like a function", "rng is an object with methods, not a function.")
def draws_called(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng((n_samples, *mu.shape))
