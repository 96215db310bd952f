"""Right implementations of 03_gaussian_kl that differ from the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("gaussian_kl")
def kl_by_ratio(mu: Any, sigma: Any) -> Any:
    return -np.log(sigma) + (np.square(sigma) + np.square(mu)) / 2 - 0.5


@variant("gaussian_kl")
def kl_with_log_of_variance(mu: Any, sigma: Any) -> Any:
    var = np.asarray(sigma) ** 2
    return 0.5 * (np.asarray(mu) ** 2 + var - np.log(var) - 1)


@variant("gaussian_kl")
def kl_by_loop(mu: Any, sigma: Any) -> Any:
    import math

    mu, sigma = np.broadcast_arrays(mu, sigma)
    out = np.zeros(mu.shape)
    for index in np.ndindex(mu.shape):
        m, s = float(mu[index]), float(sigma[index])
        out[index] = 0.5 * (m * m + s * s - 1) - math.log(s)
    return out


@variant("gaussian_kl")
def kl_as_list(mu: Any, sigma: Any) -> Any:
    kl = 0.5 * (np.asarray(mu) ** 2 + np.asarray(sigma) ** 2 - 2 * np.log(sigma) - 1)
    return kl.tolist()


@variant("gaussian_kl")
def kl_in_float32(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.float64(mu), np.float64(sigma)
    return np.float32(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma))


class _Callable:
    def __call__(self, mu: Any, sigma: Any) -> Any:
        return 0.5 * (mu * mu + sigma * sigma - 1) - np.log(sigma)


@variant("kl_shift_spread")
def parts_own_shapes(mu: Any, sigma: Any) -> Any:
    return 0.5 * mu**2, 0.5 * (sigma**2 - 1) - np.log(sigma)


@variant("kl_shift_spread")
def parts_broadcast(mu: Any, sigma: Any) -> Any:
    mu, sigma = np.broadcast_arrays(mu, sigma)
    return [mu * mu / 2, (sigma * sigma - np.log(sigma * sigma) - 1) / 2]


@variant("kl_shift_spread")
def parts_by_subtraction(mu: Any, sigma: Any) -> Any:
    shift = np.square(mu) / 2
    total = shift + np.square(sigma) / 2 - np.log(sigma) - 0.5
    return shift, total - shift


@variant("kl_shift_spread")
def parts_stacked(mu: Any, sigma: Any) -> Any:
    def spread(s: Any) -> Any:
        variance = s**2
        return -0.5 * (1 + np.log(variance) - variance)

    return (np.asarray(mu) ** 2 * 0.5, spread(np.asarray(sigma)))


@variant("kl_shift_spread")
def parts_as_lists(mu: Any, sigma: Any) -> Any:
    return (np.asarray(mu) ** 2 / 2).tolist(), ((np.asarray(sigma) ** 2 - 1) / 2 - np.log(sigma)).tolist()


@variant("kl_from_log_var")
def rows_plain(mu: Any, log_var: Any) -> Any:
    return 0.5 * np.sum(mu**2 + np.exp(log_var) - log_var - 1, axis=1)


@variant("kl_from_log_var")
def rows_expm1(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.expm1(log_var) - log_var + mu * mu).sum(-1)


@variant("kl_from_log_var")
def rows_einsum(mu: Any, log_var: Any) -> Any:
    return 0.5 * (np.einsum("nk,nk->n", mu, mu) + np.einsum("nk->n", np.exp(log_var) - 1.0 - log_var))


@variant("kl_from_log_var")
def rows_minus_form(mu: Any, log_var: Any) -> Any:
    return -0.5 * (1 + log_var - mu**2 - np.exp(log_var)).sum(axis=1)


@variant("kl_from_log_var")
def rows_loop(mu: Any, log_var: Any) -> Any:
    import math

    return [
        sum(0.5 * (m * m + math.exp(lv) - lv - 1) for m, lv in zip(row, widths, strict=True))
        for row, widths in zip(mu, log_var, strict=True)
    ]


@variant("beta_vae_loss")
def loss_plain(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * kl


@variant("beta_vae_loss")
def loss_numpy(reconstruction: Any, kl: Any, beta: Any = 1) -> Any:
    return np.add(reconstruction, beta * np.asarray(kl))


@variant("beta_vae_loss")
def loss_list(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    if np.ndim(kl) == 0:
        return float(reconstruction) + float(beta) * float(kl)
    return [r + beta * k for r, k in zip(reconstruction, kl, strict=True)]


@variant("beta_vae_loss")
def loss_float32(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.float32(reconstruction) + np.float32(beta) * np.float32(kl)


@variant("beta_vae_loss")
def loss_dot(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.tensordot(np.array([1.0, beta]), np.stack([np.asarray(reconstruction), np.asarray(kl)]), axes=1)


@variant("kl_weight")
def ramp_clip(epoch: Any, warmup: Any = 10) -> Any:
    if warmup == 0:
        return np.ones_like(np.asarray(epoch, dtype=float))
    return np.clip(epoch / warmup, 0, 1)


@variant("kl_weight")
def ramp_minmax(epoch: Any, warmup: Any = 10) -> Any:
    if warmup <= 0:
        return 1.0 if np.ndim(epoch) == 0 else np.ones(np.shape(epoch))
    return np.minimum(1.0, np.maximum(0.0, np.asarray(epoch) / warmup))


@variant("kl_weight")
def ramp_where(epoch: Any, warmup: Any = 10) -> Any:
    epoch = np.asarray(epoch, dtype=float)
    return np.where(epoch >= warmup, 1.0, np.where(epoch < 0, 0.0, epoch / max(warmup, 1)))


@variant("kl_weight")
def ramp_interp(epoch: Any, warmup: Any = 10) -> Any:
    return np.interp(epoch, [0, warmup], [0, 1]) if warmup > 0 else epoch * 0 + 1


@variant("kl_weight")
def ramp_scalar(epoch: Any, warmup: Any = 10) -> Any:
    def one(e: Any) -> Any:
        return 1.0 if warmup == 0 else max(0.0, min(1.0, e / warmup))

    return one(epoch) if np.isscalar(epoch) else np.array([one(e) for e in np.ravel(epoch)]).reshape(np.shape(epoch))


@variant("active_units")
def mask_mean(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)
    return (kl > delta).mean(axis=0) >= fraction


@variant("active_units")
def mask_counts(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = 0.5 * (mu**2 + sigma**2 - np.log(sigma**2) - 1)
    return np.sum(kl > delta, axis=0) >= fraction * mu.shape[0]


@variant("active_units")
def mask_list(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    n, k = mu.shape
    mask = []
    for j in range(k):
        kl = [0.5 * (mu[i, j] ** 2 + sigma[i, j] ** 2 - 1) - np.log(sigma[i, j]) for i in range(n)]
        mask.append(bool(sum(value > delta for value in kl) / n >= fraction))
    return mask


@variant("active_units")
def mask_quantile(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = np.sort(0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma), axis=0)[::-1]
    needed = max(int(np.ceil(fraction * len(kl) - 1e-9)), 1)
    return kl[needed - 1] > delta


@variant("active_units")
def mask_not_idle(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    kl = (mu**2 + sigma**2 - 1) / 2 - np.log(sigma)
    idle = np.count_nonzero(kl <= delta, axis=0)
    return ~(idle > (1 - fraction) * len(mu))
