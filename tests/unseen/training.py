"""Unseen implementations of `beta_vae_loss` and `kl_weight`."""

# ruff: noqa

import functools
import operator

import numpy as np

from .collected import right, wrong

E = "beta_vae_loss"


def keep(what, function, common=True):
    wrong(E, what, function, common=common)


right(E, "one line", lambda reconstruction, kl, beta=1.0: reconstruction + beta * kl)
right(E, "beta is 1, an int", lambda reconstruction, kl, beta=1: np.add(reconstruction, np.multiply(beta, kl)))
right(E, "float32", lambda reconstruction, kl, beta=1.0: np.float32(reconstruction) + np.float32(beta) * np.float32(kl))
right(E, "operators", lambda reconstruction, kl, beta=1.0: operator.add(reconstruction, operator.mul(kl, beta)))
right(
    E,
    "dot of the parts",
    lambda reconstruction, kl, beta=1.0: np.tensordot(np.array([1.0, beta]), np.stack([reconstruction, kl]), axes=1),
)
right(E, "a sum of terms", lambda reconstruction, kl, beta=1.0: sum([reconstruction, kl * beta]))


@right(E, "None as default")
def optional(reconstruction, kl, beta=None):
    beta = 1.0 if beta is None else beta
    return reconstruction + kl * beta


@right(E, "lists")
def by_lists(reconstruction, kl, beta=1.0):
    if np.ndim(reconstruction) == 0:
        return float(reconstruction + beta * kl)
    return [by_lists(r, l, beta) for r, l in zip(reconstruction, kl)]


class Loss:
    beta = 1.0

    def __call__(self, reconstruction, kl, beta=beta):
        out = np.array(reconstruction, dtype=float)
        out += beta * np.asarray(kl)
        return out


right(E, "a class", Loss())

keep("beta is 4 unless given", lambda reconstruction, kl, beta=4.0: reconstruction + beta * kl)
keep("beta is 0 unless given", lambda reconstruction, kl, beta=0.0: reconstruction + beta * kl)
keep("beta is 0.5 unless given", lambda reconstruction, kl, beta=0.5: reconstruction + beta * kl)
keep("no default", lambda reconstruction, kl, beta: reconstruction + beta * kl)
keep("another name for beta", lambda reconstruction, kl, b=1.0: reconstruction + b * kl, False)
keep("beta on the reconstruction", lambda reconstruction, kl, beta=1.0: beta * reconstruction + kl)
keep("beta on both", lambda reconstruction, kl, beta=1.0: beta * (reconstruction + kl))
keep("weights that sum to 1", lambda reconstruction, kl, beta=1.0: (1 - beta) * reconstruction + beta * kl)
keep("beta ignored", lambda reconstruction, kl, beta=1.0: reconstruction + kl)
keep("KL subtracted", lambda reconstruction, kl, beta=1.0: reconstruction - beta * kl)
keep("averaged", lambda reconstruction, kl, beta=1.0: np.mean(reconstruction + beta * kl))
keep("summed", lambda reconstruction, kl, beta=1.0: np.sum(reconstruction + beta * kl))
keep("KL averaged", lambda reconstruction, kl, beta=1.0: reconstruction + beta * np.mean(kl))
keep("product", lambda reconstruction, kl, beta=1.0: reconstruction * beta * kl)
keep("divided by beta", lambda reconstruction, kl, beta=1.0: reconstruction + kl / beta)
keep("divided by 1 + beta", lambda reconstruction, kl, beta=1.0: (reconstruction + beta * kl) / (1 + beta))
keep("floats only", lambda reconstruction, kl, beta=1.0: float(reconstruction) + beta * float(kl))
keep("three things", lambda reconstruction, kl, beta=1.0: (reconstruction + beta * kl, reconstruction, kl))
keep("beta 0 taken for not given", lambda reconstruction, kl, beta=None: reconstruction + (beta or 1.0) * kl)
keep("beta squared", lambda reconstruction, kl, beta=1.0: reconstruction + beta**2 * kl)
keep("beta at most 1", lambda reconstruction, kl, beta=1.0: reconstruction + min(beta, 1.0) * kl)
keep("whole beta", lambda reconstruction, kl, beta=1.0: reconstruction + int(beta) * kl, False)
keep("half of the KL", lambda reconstruction, kl, beta=1.0: reconstruction + 0.5 * beta * kl, False)
keep("free bits", lambda reconstruction, kl, beta=1.0: reconstruction + beta * np.maximum(kl, 0.5), False)
keep("rounded to 3 digits", lambda reconstruction, kl, beta=1.0: np.round(reconstruction + beta * kl, 3), False)
keep("float16", lambda reconstruction, kl, beta=1.0: np.float16(reconstruction + beta * kl), False)
keep("KL only", lambda reconstruction, kl, beta=1.0: beta * kl, False)
keep("arguments in another order", lambda kl, reconstruction, beta=1.0: reconstruction + beta * kl, False)
keep("text", lambda reconstruction, kl, beta=1.0: f"{reconstruction + beta * kl}", False)


@wrong(E, "in place", common=True)
def in_place(reconstruction, kl, beta=1.0):
    reconstruction += beta * kl
    return reconstruction


@wrong(E, "KL scaled in place")
def kl_in_place(reconstruction, kl, beta=1.0):
    kl *= beta
    return reconstruction + kl


@wrong(E, "nothing returned", common=True)
def nothing(reconstruction, kl, beta=1.0):
    total = reconstruction + beta * kl


_last = [1.0]


@wrong(E, "beta remembered from the last call")
def sticky(reconstruction, kl, beta=None):
    if beta is not None:
        _last[0] = beta
    return reconstruction + _last[0] * kl


E = "kl_weight"


@right(E, "clip")
def clipped(epoch, warmup=10):
    if warmup == 0:
        return np.ones_like(epoch, dtype=float)
    return np.clip(epoch / warmup, 0, 1)


@right(E, "errstate and where")
def where(epoch, warmup=10.0):
    with np.errstate(all="ignore"):
        ramp = np.asarray(epoch, float) / np.float64(warmup)
    return np.where(np.asarray(epoch) >= warmup, 1.0, np.maximum(ramp, 0.0))


@right(E, "np.vectorize")
def one_by_one(epoch, warmup=10):
    weigh = lambda e: 1.0 if e >= warmup else max(0.0, e / warmup)
    return np.vectorize(weigh, otypes=[float])(epoch)


@right(E, "interpolation")
def interpolated(epoch, warmup=10):
    return np.interp(epoch, [0, warmup], [0, 1]) if warmup else np.interp(epoch, [0], [1])


@right(E, "lists by recursion")
def lists(epoch, warmup=10):
    if np.ndim(epoch):
        return [lists(e, warmup) for e in epoch]
    if not warmup:
        return 1
    return sorted((0, float(epoch) / warmup, 1))[1]


@right(E, "piecewise, own copy in place")
def piecewise(epoch, warmup=10):
    e = np.array(epoch, dtype=float)
    if warmup > 0:
        e /= warmup
        e[e > 1] = 1
        e[e < 0] = 0
        return e
    e.fill(1)
    return e


@right(E, "float32 minimum and maximum")
def single(epoch, warmup=10):
    steps = warmup if warmup else 1e-30
    with np.errstate(over="ignore"):
        ramp = np.minimum(1, np.float32(np.asarray(epoch) + (warmup == 0)) / np.float32(steps))
    return np.maximum(0, ramp)


@right(E, "masks and partial")
def masks(epoch, warmup=10):
    limit = functools.partial(np.clip, a_min=0.0, a_max=1.0)
    return limit(np.divide(epoch, warmup, out=np.ones(np.shape(epoch)), where=np.full(np.shape(epoch), warmup != 0)))


clip = np.clip
keep(
    "no upper limit",
    lambda epoch, warmup=10: np.maximum(clipped(0 * epoch, warmup) if warmup == 0 else epoch / warmup, 0),
)
keep("no lower limit", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else np.minimum(epoch / warmup, 1))
keep("no limits", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else epoch / warmup)
keep("warmup 0 forgotten", lambda epoch, warmup=10: clip(epoch / warmup, 0, 1))
keep("warmup 0 means 0", lambda epoch, warmup=10: 0 * epoch if warmup == 0 else clip(epoch / warmup, 0, 1))
keep("one number at warmup 0", lambda epoch, warmup=10: 1.0 if warmup == 0 else clip(epoch / warmup, 0, 1))
keep("eps in the denominator", lambda epoch, warmup=10: clip(epoch / (warmup + 1e-8), 0, 1))
keep("warmup at least 1", lambda epoch, warmup=10: clip(epoch / max(warmup, 1), 0, 1))
keep("a step", lambda epoch, warmup=10: np.where(np.asarray(epoch) >= warmup, 1.0, 0.0))
keep("whole division", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else clip(epoch // warmup, 0, 1))
keep("counted from 1", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else clip((epoch + 1) / warmup, 0, 1))
keep("epoch - 1", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else clip((epoch - 1) / warmup, 0, 1))
keep(
    "warmup - 1",
    lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else clip(epoch / (warmup - 1 + 1e-12), 0, 1),
)
keep("warmup + 1", lambda epoch, warmup=10: clip(epoch / (warmup + 1), 0, 1))
keep("sigmoid", lambda epoch, warmup=10: 1 / (1 + np.exp(-(epoch - warmup / 2))))
keep(
    "half a cosine",
    lambda epoch, warmup=10: (
        clipped(epoch, 0) if warmup == 0 else 0.5 * (1 - np.cos(np.pi * clip(epoch / warmup, 0, 1)))
    ),
)
keep("squared", lambda epoch, warmup=10: clipped(epoch, warmup) ** 2, False)
keep("root", lambda epoch, warmup=10: np.sqrt(clipped(epoch, warmup)), False)
keep("default 100", lambda epoch, warmup=100: clipped(epoch, warmup))
keep("default 5", lambda epoch, warmup=5: clipped(epoch, warmup))
keep("no default", lambda epoch, warmup: clipped(epoch, warmup))
keep("always 10", lambda epoch, warmup=10: clip(epoch / 10, 0, 1))
keep("falls", lambda epoch, warmup=10: 1 - clipped(epoch, warmup))
keep("again and again", lambda epoch, warmup=10: clipped(epoch, 0) if warmup == 0 else (epoch % warmup) / warmup)
keep("rounded down to whole epochs", lambda epoch, warmup=10: clipped(np.floor(epoch), warmup), False)
keep("whole weights", lambda epoch, warmup=10: np.asarray(clipped(epoch, warmup)).astype(int), False)
keep("|epoch|", lambda epoch, warmup=10: clipped(np.abs(epoch), warmup), False)
keep("0.99 at most", lambda epoch, warmup=10: np.minimum(clipped(epoch, warmup), 0.99), False)
keep("rounded to 1 digit", lambda epoch, warmup=10: np.round(clipped(epoch, warmup), 1), False)
keep(
    "0 after the warmup",
    lambda epoch, warmup=10: np.where(np.asarray(epoch) > warmup, 0, clipped(epoch, warmup)),
    False,
)
keep(
    "minimum and maximum swapped", lambda epoch, warmup=10: np.minimum(0, np.maximum(1, clipped(epoch, warmup))), False
)
keep(
    "arguments swapped",
    lambda warmup, epoch=10: clipped(epoch, warmup) if np.ndim(warmup) == 0 else clip(epoch / warmup, 0, 1),
    False,
)
keep(
    "warmup 0 gives 1 before the start of an array, nan at 0",
    lambda epoch, warmup=10: np.clip(np.asarray(epoch, float) / warmup, 0, 1),
    False,
)


@wrong(E, "floats only", common=True)
def floats(epoch, warmup=10):
    if warmup == 0:
        return 1.0
    if epoch < 0:
        return 0.0
    if epoch >= warmup:
        return 1.0
    return epoch / warmup


@wrong(E, "min and max of Python", common=True)
def builtin(epoch, warmup=10):
    if warmup == 0:
        return 1.0
    return max(0.0, min(1.0, epoch / warmup))


@wrong(E, "in place", common=True)
def in_place(epoch, warmup=10):
    if warmup == 0:
        return np.ones(np.shape(epoch))
    if np.ndim(epoch) == 0:
        return clip(epoch / warmup, 0, 1)
    epoch /= warmup
    epoch[epoch < 0] = 0
    epoch[epoch > 1] = 1
    return epoch


@wrong(E, "looked up in a table", common=True)
def table(epoch, warmup=10):
    ramp = np.linspace(0, 1, int(warmup) + 1) if warmup else np.array([1.0])
    return ramp[np.clip(epoch, 0, warmup).astype(int) if np.ndim(epoch) else int(max(0, min(epoch, warmup)))]
