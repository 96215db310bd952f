"""Hidden checks of `sample_posterior`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks import draw_diagnosis as draws
from ...checks import random_draws
from ...checks.exercise import Call, Check, Fault, Rng
from ...checks.reparameterisation.sample_posterior import MU, SIGMA, alone, follows, independent, posterior_calls
from ..mistakes.catalogue import Catalogue, Function, tells
from .shared import SLIP, drawn

_SEEDS = st.integers(0, 2**31)


def _shuffled(shape: tuple[int, ...], mixed: st.DrawFn) -> tuple[Any, Any]:
    """Means and widths of a shape: well spread sizes in drawn order and with drawn signs, |mu| <= 4 sigma."""
    size = int(np.prod(shape))
    order = mixed(st.permutations(range(size)))
    signs = np.array(mixed(st.lists(st.sampled_from([-1.0, 1.0]), min_size=size, max_size=size)))
    sigma = np.resize(SIGMA.ravel(), size)[order]
    mu = np.resize(np.abs(MU).ravel(), size)[order] * signs
    return mu.reshape(shape), sigma.reshape(shape)


@st.composite
def _many(mixed: st.DrawFn, n_samples: int, count: int) -> Any:
    return posterior_calls(*_shuffled((2, 3), mixed), n_samples, mixed(_SEEDS), f"hidden {n_samples}", count)


@st.composite
def _alone(mixed: st.DrawFn) -> Any:
    return random_draws.calls_alone((*_shuffled((2, 3), mixed), 150), mixed(_SEEDS), "hidden alone")


@st.composite
def _shaped(mixed: st.DrawFn) -> Any:
    """One sample of many entries, many samples of one entry, and shapes between."""
    seed = mixed(_SEEDS)
    # Some very narrow, some very wide: bounds on sigma show, and so does what is added to it.
    asked = (((20, 30), 1, 1.0), ((1,), 1200, 1.0), ((2, 1, 3), 200, 0.004), ((1, 4), 300, 12.0), ((1,), 1, 1.0))
    return [
        Call((*(scale * part for part in _shuffled(shape, mixed)), n_samples, Rng(seed, f"hidden shape {place}")))
        for place, (shape, n_samples, scale) in enumerate(asked)
    ]


def _alone_and_fitting(example: Any, *several: Any) -> Fault | None:
    return alone(example, *several) or follows(example, *several)


def _varied(example: Any, *several: Any) -> Fault | None:
    for place, z in enumerate(several):
        if random_draws.repeated(random_draws.standardised(z, *example[place].args[:2])):
            return Fault("noise of its own for every number", z, place, "Some noise was used more than once.")
    return follows(example, *several)


CHECKS: tuple[Check, ...] = (
    drawn(
        "middle, spread and shape",
        "The draws follow N(mu, sigma²) in every entry.",
        follows,
        1.25,
        _many(5000, 1),
    ),
    drawn(
        "independent",
        "Noise is never shared, repeated or used with the opposite sign, neither within a call nor in the next one.",
        independent,
        1,
        _many(500, 2),
    ),
    drawn("any shape", "One sample, one entry or several axes are no special case.", _varied, 0.5, _shaped()),
    drawn(
        "rng alone",
        "The draws come from the rng that is given, and only from it.",
        _alone_and_fitting,
        1,
        _alone(),
    ),
)

BUILDS_ON = ("reparameterise",)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("sample_posterior")


@CATALOGUE.undoes("sample_posterior", "the samples lie along the last axis")
def _samples_first(call: Call, z: Any) -> Any:
    mu, n = call.args[0], call.args[2]
    return np.moveaxis(np.asarray(z), -1, 0) if np.shape(z) == (*mu.shape, n) else None


@CATALOGUE.undoes("sample_posterior", "the axes of mu are flattened")
def _with_axes_of_mu(call: Call, z: Any) -> Any:
    mu, n = call.args[0], call.args[2]
    return np.reshape(z, (n, *mu.shape)) if np.shape(z) in ((n, mu.size), (n,)) else None


def told(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `sample_posterior` that is recognised by what it does to the draws."""
    tell = tells(name, draws.posterior)
    return CATALOGUE.mistake("sample_posterior", name, says, share=share, tell=tell)


@told(
    "sigma is squared",
    "The draws vary by the variance. sigma is a standard deviation: look at what they must vary by.",
    SLIP,
)
def draws_variance(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma**2, (n_samples, *mu.shape))


@told(
    draws.STANDARDISED,
    "Mean and spread of the noise were made exactly 0 and 1. Those of a sample vary, and the draws must not depend on each other.",
)
def draws_standardised(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((n_samples, *mu.shape))
    if n_samples > 1:
        eps = (eps - eps.mean(axis=0)) / eps.std(axis=0)
    return mu + sigma * eps


@told(
    draws.CENTRED,
    "The mean of the noise was made exactly 0. The mean of a sample varies, and the draws must not depend on each other.",
)
def draws_centred(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((n_samples, *mu.shape))
    return mu + sigma * (eps - eps.mean() if eps.size > 1 else eps)


@mistake(
    "a tuple inside the shape",
    "The shape of mu went in as one entry of another tuple. A shape is one tuple of numbers: join the two.",
)
def draws_nested_shape(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal((n_samples, mu.shape))


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
    "mu and sigma are swapped",
    "sigma was used as the mean and mu as the standard deviation. Look at the order of the arguments.",
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


@told(draws.SHRUNK, "The more draws there are, the closer they lie to mu, as averages do. Every draw is one draw.")
def draws_shrunk(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma / np.sqrt(n_samples) * rng.standard_normal((n_samples, *mu.shape))


@told(draws.NO_NOISE, "Every sample is mu itself: nothing random was added.")
def draws_none(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.repeat(mu[None], n_samples, axis=0)


@told(draws.ONE_FOR_ALL, "A single random number moved every entry of every sample. Each needs noise of its own.")
def draws_one_number(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.repeat((mu + sigma * rng.standard_normal())[None], n_samples, axis=0)


@told(draws.ONE_DRAW, "One draw was made and copied: all samples are equal. Each sample needs noise of its own.")
def draws_copied(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape)] * n_samples)


@told(
    draws.ONE_PER_SAMPLE,
    "One random number moved all entries of a sample together. Each entry needs noise of its own.",
)
def draws_one_per_sample(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal() for _ in range(n_samples)])


@told(draws.ROWS_SHARE, "All rows of mu were given the same noise within a sample. Each entry needs noise of its own.")
def draws_rows_share(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape[-1]) for _ in range(n_samples)])


@told(draws.MIRRORED, "Noise was used twice, once with the opposite sign. Such pairs are not independent draws.")
def draws_mirrored_pairs(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    half = rng.standard_normal(((n_samples + 1) // 2, *mu.shape))
    return mu + sigma * np.concatenate([half, -half])[:n_samples]


@told(
    draws.REUSED,
    "The same noise appears again and again, or rounding made it the same. Each sample and each entry needs noise of its own.",
)
def draws_recycled(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    some = rng.standard_normal((min(n_samples, 100), *mu.shape))
    return mu + sigma * np.resize(some, (n_samples, *mu.shape))


@told(
    draws.NO_RNG,
    "An rng that starts again from the same seed gave other draws: some other source of random numbers, such as `np.random`, was used.",
)
def draws_global(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.random.randn(n_samples, *mu.shape)


@told(
    draws.FIXED,
    "The draws are the same for every rng and in every call: the seed is fixed inside the function, or the first draws are kept.",
)
def draws_fixed(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.random.default_rng(0).standard_normal((n_samples, *mu.shape))


@told(
    draws.REWOUND, "A copy of rng was used, so that rng itself does not move on and the next call gives the same draws."
)
def draws_copy_of_rng(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    import copy

    return mu + sigma * copy.deepcopy(rng).standard_normal((n_samples, *mu.shape))


@told(
    draws.UNIFORM,
    "The noise is spread evenly between two borders. It must follow the bell curve: look at what rng offers.",
)
def draws_uniform(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.random((n_samples, *mu.shape))


@told(
    draws.HEAVY,
    "Draws far out are much too frequent: this noise has about the right mean, but heavier tails than the bell curve.",
)
def draws_laplace(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.laplace(0, np.sqrt(0.5), (n_samples, *mu.shape))


@told(draws.FEW, "The noise takes only a few values, such as -1 and 1. Normal noise takes any value.")
def draws_signs(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.choice([-1.0, 1.0], (n_samples, *mu.shape))


@told(draws.CLIPPED, "Large noise was set back to a border, where draws now pile up. Normal noise has no border.")
def draws_clipped(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.clip(rng.standard_normal((n_samples, *mu.shape)), -2, 2)


@told(
    draws.CUT,
    "No draw lies further out than a border: large noise was drawn again, or only a few uniform numbers were added. Normal noise has no border.",
)
def draws_cut(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    noise = rng.standard_normal((n_samples, *mu.shape))
    while np.any(np.abs(noise) > 3):
        noise = np.where(np.abs(noise) > 3, rng.standard_normal(noise.shape), noise)
    return mu + sigma * noise


@told(draws.POSITIVE, "No draw lies below mu: the noise lost its sign.")
def draws_positive(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * np.abs(rng.standard_normal((n_samples, *mu.shape)))


@told(
    draws.HALF, "Half precision has three digits, so that draws fall on a coarse grid. Leave the arrays as they come."
)
def draws_float16(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.float16(mu + sigma * rng.standard_normal((n_samples, *mu.shape)))


@told(draws.ROUNDED, "The draws have few digits. Look for a step that rounds: normal draws take any value.")
def draws_rounded(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.round(mu + sigma * rng.standard_normal((n_samples, *mu.shape)), 2)


@told(
    draws.IN_PLACE,
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


@mistake(
    "the samples lie along the last axis",
    "The draws are along the last axis. z[i] must be draw i of the whole batch: shape (n_samples, *mu.shape).",
    SLIP,
)
def draws_samples_last(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu[..., None] + sigma[..., None] * rng.standard_normal((*mu.shape, n_samples))


@mistake("the mean of the draws comes back", "The draws were averaged. All of them are required, one after another.")
def draws_averaged(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.mean(mu + sigma * rng.standard_normal((n_samples, *mu.shape)), axis=0)


@mistake("one draw only", "A single draw came back, however many samples were asked for.")
def draws_single(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal(mu.shape)


@mistake("the axes of mu are flattened", "Each sample came as one row of numbers. It must have the shape of mu.", SLIP)
def draws_flat(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu.ravel() + sigma.ravel() * rng.standard_normal((n_samples, mu.size))


@mistake(
    "only the first axis of mu is counted", "The shape was made from the length of mu alone. mu may have several axes."
)
def draws_one_axis(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal((n_samples, len(mu)))


@mistake(
    "rng has no such method",
    "rng is a Generator, the new interface of numpy.random: it has no `randn`. See its "
    "page for "
    "what draws normal numbers.",
)
def draws_randn(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.randn(n_samples, *mu.shape)


@mistake("rng is called like a function", "rng is an object with methods, not a function.")
def draws_called(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng((n_samples, *mu.shape))


@mistake(
    "the samples lie along the last axis",
    "The draws are along the last axis. z[i] must be draw i of the whole batch: shape (n_samples, *mu.shape).",
    SLIP,
)
def drawn_last(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.moveaxis(mu + sigma * rng.standard_normal((n_samples, *mu.shape)), 0, -1)


@mistake(
    "two axes only", "mu.shape[0] and mu.shape[1] suppose two axes. mu may have any shape: (n_samples, *mu.shape)."
)
def drawn_two_axes(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal((n_samples, mu.shape[0], mu.shape[1]))


@mistake(
    "sigma is kept within bounds",
    "Beyond some bound sigma was replaced by the bound. Very narrow and very wide posteriors come out wrong.",
)
def drawn_bounded(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + np.clip(sigma, 1e-2, 10) * rng.standard_normal((n_samples, *mu.shape))


@mistake(
    "only n_samples numbers are drawn",
    "One number was drawn for each sample. Every entry of mu needs one of its own in each: the size is (n_samples, *mu.shape).",
)
def drawn_too_few(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return mu + sigma * rng.standard_normal(n_samples)


@mistake(
    "only n_samples numbers are drawn",
    "One number was drawn for each sample. Every entry of mu needs one of its own in each: the size is (n_samples, *mu.shape).",
)
def drawn_size_alone(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma, n_samples)


@variant
def draws_at_once(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return rng.normal(mu, sigma, size=(n_samples, *mu.shape))


@variant
def draws_by_sample(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.stack([mu + sigma * rng.standard_normal(mu.shape) for _ in range(n_samples)])


@variant
def draws_by_entry(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    z = np.empty((n_samples, *mu.shape))
    for index in np.ndindex(*mu.shape):
        z[(slice(None), *index)] = rng.normal(mu[index], sigma[index], n_samples)
    return z


@variant
def draws_multivariate(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    if mu.size > 50:
        return (mu + sigma * rng.standard_normal((n_samples, *mu.shape))).tolist()
    drawn = rng.multivariate_normal(mu.ravel(), np.diag(sigma.ravel() ** 2), size=n_samples)
    return drawn.reshape(n_samples, *mu.shape)


@variant
def draws_float32(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((n_samples, *mu.shape), dtype=np.float32)
    return np.float32(mu) + np.float32(sigma) * eps


@variant
def draws_spawned(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    child = np.random.default_rng(rng.integers(0, 2**63, size=4))
    return mu + sigma * child.standard_normal((n_samples, *mu.shape))


@variant
def draws_box_muller(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    shape = (n_samples, *mu.shape)
    radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
    return mu + sigma * radius * np.cos(2 * np.pi * rng.random(shape))


@variant
def draws_moved_axis(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    eps = rng.standard_normal((*mu.shape, n_samples))
    return mu + sigma * np.moveaxis(eps, -1, 0)


@variant
def draws_mirrored(mu: Any, sigma: Any, n_samples: Any, rng: Any) -> Any:
    return np.array([mu - sigma * rng.standard_normal(size=mu.shape) for _ in range(n_samples)])
