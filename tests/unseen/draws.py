"""Unseen implementations of `sample_posterior` and `sample_prior`."""

# ruff: noqa

import copy
import math
from statistics import NormalDist

import numpy as np

from .collected import right, wrong


def box_muller(shape, rng):
    u, v = 1 - rng.random(shape), rng.random(shape)
    return np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)


def inverse(shape, rng):
    size = math.prod(shape)
    inv = NormalDist().inv_cdf
    return np.array([inv(min(max(p, 1e-16), 1 - 1e-16)) for p in rng.random(size)]).reshape(shape)


def loop(shape, rng):
    out = np.empty(shape)
    for place in np.ndindex(*shape):
        out[place] = rng.normal()
    return out


def by_cholesky(shape, rng):
    k = math.prod(shape[1:])
    return rng.multivariate_normal(np.zeros(k), np.eye(k), size=shape[0]).reshape(shape)


def single(shape, rng):
    return rng.standard_normal(shape, dtype=np.float32)


RIGHT = {
    "standard_normal": lambda shape, rng: rng.standard_normal(shape),
    "normal": lambda shape, rng: rng.normal(0.0, 1.0, size=shape),
    "numbers one by one": loop,
    "multivariate_normal": by_cholesky,
    "float32": single,
    "Box-Muller": box_muller,
    "inverse distribution function": inverse,
    "samples one by one into a list": lambda shape, rng: [
        rng.standard_normal(shape[1:]).tolist() for _ in range(shape[0])
    ],
    "a child of the rng": lambda shape, rng: rng.spawn(1)[0].standard_normal(shape),
    "a generator seeded by the rng": lambda shape, rng: np.random.default_rng(int(rng.integers(2**62))).normal(
        size=shape
    ),
}
for what, noise in RIGHT.items():
    right("sample_prior", what, lambda n, k, rng, noise=noise: noise((n, k), rng))
    right(
        "sample_posterior",
        what,
        lambda mu, sigma, n_samples, rng, noise=noise: mu + sigma * np.asarray(noise((n_samples, *mu.shape), rng)),
    )
right(
    "sample_posterior",
    "normal with mu and sigma",
    lambda mu, sigma, n_samples, rng: rng.normal(mu, sigma, size=(n_samples,) + mu.shape),
)
right(
    "sample_posterior",
    "stacked",
    lambda mu, sigma, n_samples, rng: np.stack([rng.normal(mu, sigma) for _ in range(n_samples)]),
)

_kept = {}


def by_shape(shape, rng):
    return _kept.setdefault(shape, rng.standard_normal(shape))


def antithetic(shape, rng):
    half = rng.standard_normal(((shape[0] + 1) // 2, *shape[1:]))
    return np.concatenate([half, -half])[: shape[0]]


def tiled(shape, rng):
    few = rng.standard_normal((max(1, shape[0] // 2), *shape[1:]))
    return np.concatenate([few, few, few])[: shape[0]]


def global_seeded(shape, rng):
    np.random.seed(42)
    return np.random.standard_normal(shape)


def one_per_sample(shape, rng):
    return rng.standard_normal((shape[0],) + (1,) * (len(shape) - 1)) * np.ones(shape)


def one_per_row(shape, rng):
    return rng.standard_normal((*shape[:-1], 1)) * np.ones(shape)


def one_batch(shape, rng):
    return np.ones(shape) * rng.standard_normal(shape[1:])


def walk(shape, rng):
    return np.cumsum(rng.standard_normal(shape), axis=0) / np.sqrt(np.arange(1, shape[0] + 1)).reshape(
        -1, *[1] * (len(shape) - 1)
    )


def truncated(shape, rng):
    u = rng.standard_normal(shape)
    return np.clip(u, -2, 2)


def redrawn(shape, rng):
    u = rng.standard_normal(shape)
    return np.where(abs(u) > 2, rng.standard_normal(shape) / 2, u)


WRONG = {
    "global random numbers": (lambda shape, rng: np.random.standard_normal(shape), True),
    "global random numbers, seeded": (global_seeded, True),
    "own rng with a fixed seed": (lambda shape, rng: np.random.default_rng(0).standard_normal(shape), True),
    "own rng without a seed": (lambda shape, rng: np.random.default_rng().standard_normal(shape), True),
    "uniform from 0 to 1": (lambda shape, rng: rng.random(shape), True),
    "uniform from -1 to 1": (lambda shape, rng: rng.uniform(-1, 1, shape), True),
    "uniform of the right spread": (lambda shape, rng: rng.uniform(-(3**0.5), 3**0.5, shape), False),
    "Laplace of the right spread": (lambda shape, rng: rng.laplace(0, 0.5**0.5, shape), False),
    "logistic of the right spread": (lambda shape, rng: rng.logistic(0, 3**0.5 / np.pi, shape), False),
    "Student's t": (lambda shape, rng: rng.standard_t(5, shape) * 0.6**0.5, False),
    "random signs": (lambda shape, rng: rng.choice([-1.0, 1.0], size=shape), False),
    "sum of three uniforms": (lambda shape, rng: rng.uniform(-1, 1, (3, *shape)).sum(0), False),
    "|noise|": (lambda shape, rng: np.abs(rng.standard_normal(shape)), False),
    "spread 0.5": (lambda shape, rng: 0.5 * rng.standard_normal(shape), False),
    "middle 0.1": (lambda shape, rng: 0.1 + rng.standard_normal(shape), False),
    "all zeros": (lambda shape, rng: np.zeros(shape), True),
    "one number for all": (lambda shape, rng: rng.standard_normal() * np.ones(shape), True),
    "one number for each sample": (one_per_sample, True),
    "one number for each row": (one_per_row, False),
    "one batch for all samples": (one_batch, True),
    "copy of the rng": (lambda shape, rng: copy.deepcopy(rng).standard_normal(shape), True),
    "remembered by shape": (by_shape, False),
    "antithetic pairs": (antithetic, False),
    "half of the samples repeated": (tiled, False),
    "clipped at 2": (truncated, False),
    "redrawn where large": (redrawn, False),
    "a random walk": (walk, False),
    "sorted": (lambda shape, rng: np.sort(rng.standard_normal(shape), axis=0), False),
    "rounded to 1 digit": (lambda shape, rng: rng.standard_normal(shape).round(1), False),
    "scaled to mean 0 and spread 1": (
        lambda shape, rng: (lambda u: (u - u.mean()) / u.std())(rng.standard_normal(shape)),
        False,
    ),
}
for what, (noise, common) in WRONG.items():
    wrong(
        "sample_posterior",
        what,
        lambda mu, sigma, n_samples, rng, noise=noise: mu + sigma * noise((n_samples, *mu.shape), rng),
        common=common,
    )
    if what != "one number for each row":
        wrong("sample_prior", what, lambda n, k, rng, noise=noise: noise((n, k), rng), common=common)


def prior(what, function, common=True):
    wrong("sample_prior", what, function, common=common)


prior("shape (k, n)", lambda n, k, rng: rng.standard_normal((k, n)))
prior("flat", lambda n, k, rng: rng.standard_normal(n * k))
prior("k forgotten", lambda n, k, rng: rng.standard_normal(n))
prior("n forgotten", lambda n, k, rng: rng.standard_normal(k))
prior("squeezed", lambda n, k, rng: np.squeeze(rng.standard_normal((n, k))), False)
prior("n by n", lambda n, k, rng: rng.standard_normal((n, n)), False)
prior("arguments of normal", lambda n, k, rng: rng.normal(n, k))
prior(
    "on the shell",
    lambda n, k, rng: (lambda z: z / np.linalg.norm(z, axis=1, keepdims=True) * k**0.5)(rng.standard_normal((n, k))),
)
prior(
    "on the unit sphere",
    lambda n, k, rng: (lambda z: z / np.linalg.norm(z, axis=1, keepdims=True))(rng.standard_normal((n, k))),
)
prior("nothing returned", lambda n, k, rng: None)


def posterior(what, function, common=True):
    wrong("sample_posterior", what, function, common=common)


def eps(mu, n, rng):
    return rng.standard_normal((n, *mu.shape))


posterior("variance for sigma", lambda mu, sigma, n_samples, rng: mu + sigma**2 * eps(mu, n_samples, rng))
posterior(
    "sigma taken for the variance", lambda mu, sigma, n_samples, rng: mu + np.sqrt(sigma) * eps(mu, n_samples, rng)
)
posterior(
    "sigma taken for log sigma²", lambda mu, sigma, n_samples, rng: mu + np.exp(sigma / 2) * eps(mu, n_samples, rng)
)
posterior("sigma forgotten", lambda mu, sigma, n_samples, rng: mu + eps(mu, n_samples, rng))
posterior("mu forgotten", lambda mu, sigma, n_samples, rng: sigma * eps(mu, n_samples, rng))
posterior("bracket", lambda mu, sigma, n_samples, rng: (mu + sigma) * eps(mu, n_samples, rng), False)
posterior("samples last", lambda mu, sigma, n_samples, rng: np.moveaxis(mu + sigma * eps(mu, n_samples, rng), 0, -1))
posterior("one sample only", lambda mu, sigma, n_samples, rng: rng.normal(mu, sigma))
posterior("n_samples numbers", lambda mu, sigma, n_samples, rng: rng.normal(mu.mean(), sigma.mean(), n_samples), False)
posterior(
    "averaged over samples", lambda mu, sigma, n_samples, rng: (mu + sigma * eps(mu, n_samples, rng)).mean(0), False
)
posterior(
    "flat entries",
    lambda mu, sigma, n_samples, rng: (mu + sigma * eps(mu, n_samples, rng)).reshape(n_samples, -1),
    False,
)
posterior(
    "first sample is the mean",
    lambda mu, sigma, n_samples, rng: np.concatenate([mu[None], mu + sigma * eps(mu, n_samples - 1, rng)]),
    False,
)
posterior("one sigma for all", lambda mu, sigma, n_samples, rng: mu + sigma.mean() * eps(mu, n_samples, rng), False)
posterior("squeezed", lambda mu, sigma, n_samples, rng: np.squeeze(mu + sigma * eps(mu, n_samples, rng)), False)
posterior("float16", lambda mu, sigma, n_samples, rng: np.float16(mu + sigma * eps(mu, n_samples, rng)), False)
posterior(
    "two-dimensional only",
    lambda mu, sigma, n_samples, rng: mu + sigma * rng.standard_normal((n_samples, mu.shape[0], mu.shape[1])),
)


@wrong("sample_posterior", "in place", common=True)
def in_place(mu, sigma, n_samples, rng):
    out = []
    for _ in range(n_samples):
        mu += sigma * rng.standard_normal(mu.shape)
        out.append(mu.copy())
    return np.array(out)


@wrong("sample_posterior", "right draws, sigma changed in place")
def changes(mu, sigma, n_samples, rng):
    z = mu + sigma * eps(mu, n_samples, rng)
    sigma *= sigma
    return z
