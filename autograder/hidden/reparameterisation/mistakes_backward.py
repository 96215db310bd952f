"""Known mistakes of `reparameterise_backward`, as students and public code make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..catalogue import Catalogue, Function

CATALOGUE = Catalogue()

SLIP = 0.3


def mistake(name: str, says: str, share: float = 0.0) -> Callable[[Function], Function]:
    """Register a mistake of `reparameterise_backward`."""
    return CATALOGUE.mistake("reparameterise_backward", name, says, share=share)


@mistake(
    "a factor of one half is missing",
    "dlog_var is twice what it should be; dmu is right. sigma is a function of log_var: look at its inner derivative.",
    SLIP,
)
def back_without_half(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), dz * eps * np.exp(0.5 * log_var)


@mistake(
    "a factor of one half too many",
    "dlog_var is half of what it should be; dmu is right. Count the inner derivatives once more.",
    SLIP,
)
def back_quarter(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.25 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "dz is missing in dlog_var",
    "dlog_var is the slope of z alone. The gradient that arrives from above, dz, has to be passed on.",
)
def back_without_dz(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * eps * np.exp(0.5 * log_var)


@mistake(
    "dz is missing in both",
    "These are the slopes of z alone. The gradient that arrives from above, dz, has to be passed on.",
)
def back_slopes(dz: Any, log_var: Any, eps: Any) -> Any:
    return np.ones_like(dz), 0.5 * eps * np.exp(0.5 * log_var)


@mistake(
    "dz is missing in dmu",
    "dmu is 1 everywhere: the slope of z alone. The gradient that arrives from above, dz, has to be passed on.",
)
def back_ones(dz: Any, log_var: Any, eps: Any) -> Any:
    return np.ones_like(dz), 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "eps is missing",
    "dlog_var does not depend on the noise. How far z moves when the width grows depends on where the noise put it.",
)
def back_without_eps(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * np.exp(0.5 * log_var)


@mistake(
    "sigma is missing",
    "dlog_var does not depend on log_var. The exponential does not vanish when it is differentiated.",
)
def back_without_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps


@mistake(
    "the gradient for sigma",
    "This is the gradient with respect to sigma. Asked for is the one with respect to log_var: the chain has one "
    "more link.",
)
def back_wrt_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), dz * eps


@mistake(
    "the gradient for the variance",
    "This is the gradient with respect to the variance, or the sign in the exponent is wrong: dlog_var shrinks "
    "where the "
    "posterior widens.",
)
def back_wrt_variance(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps / np.exp(0.5 * log_var)


@mistake(
    "the variance where sigma belongs",
    "The whole of log_var stands in an exponential, which gives the variance. z moves with sigma.",
)
def back_variance(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps * np.exp(log_var)


@mistake(
    "log_var read as log sigma",
    "The exponential of log_var was taken for sigma, and differentiated like that. It is the logarithm of the "
    "variance.",
)
def back_log_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), dz * eps * np.exp(log_var)


@mistake(
    "log_var read as sigma", "log_var was used as if it were sigma itself. An exponential leads from it to the width."
)
def back_as_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps * log_var


@mistake("dlog_var has the wrong sign", "dlog_var comes out as the negative of what it should be; dmu is right.", SLIP)
def back_negative(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), -0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "both gradients have the wrong sign",
    "Both come out as their negatives. A gradient points uphill; only the step of an optimiser turns it round.",
    SLIP,
)
def back_downhill(dz: Any, log_var: Any, eps: Any) -> Any:
    return -dz, -0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "the two gradients are swapped",
    "The first of the two must be the one for mu, the second the one for log_var.",
    SLIP,
)
def back_swapped(dz: Any, log_var: Any, eps: Any) -> Any:
    return 0.5 * dz * eps * np.exp(0.5 * log_var), dz.copy()


@mistake(
    "dmu is stretched by sigma",
    "dmu carries a factor that belongs to the noise. How does z move when mu moves by a little?",
)
def back_scaled_mu(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz * np.exp(0.5 * log_var), 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "dmu is multiplied by the noise", "dmu carries the noise as a factor. How does z move when mu moves by a little?"
)
def back_noisy_mu(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz * eps, 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake("dmu is zero", "Nothing is passed on to mu, as if z did not depend on it.")
def back_zero_mu(dz: Any, log_var: Any, eps: Any) -> Any:
    return np.zeros_like(dz), 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "the gradient of the KL is added",
    "Terms that belong to the KL were added. Here only what arrives as dz is passed back.",
)
def back_with_kl(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps * np.exp(0.5 * log_var) + 0.5 * (np.exp(log_var) - 1)


@mistake(
    "summed over the samples",
    "The gradients were added up over the first axis. Every entry of mu and log_var has a gradient of its own.",
    SLIP,
)
def back_summed(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.sum(axis=0), (0.5 * dz * eps * np.exp(0.5 * log_var)).sum(axis=0)


@mistake(
    "averaged over the samples",
    "The gradients were averaged over the first axis. Every entry of mu and log_var has a gradient of its own.",
    SLIP,
)
def back_averaged(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.mean(axis=0), (0.5 * dz * eps * np.exp(0.5 * log_var)).mean(axis=0)


@mistake(
    "divided by the number of samples",
    "Both gradients were divided by the number of samples. An average over samples, if any, is in dz already.",
    SLIP,
)
def back_divided(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz / len(dz), 0.5 * dz * eps * np.exp(0.5 * log_var) / len(dz)


@mistake(
    "one number of the noise for every entry",
    "The first number of eps was used everywhere. Every entry has noise of its own.",
)
def back_first_eps(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps.flat[0] * np.exp(0.5 * log_var)


@mistake(
    "the size of the noise without its sign",
    "Negative noise was made positive. On which side of mu z lies decides the sign of dlog_var.",
)
def back_absolute(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * np.abs(eps) * np.exp(0.5 * log_var)


@mistake("the noise is squared", "The noise enters twice. It stands once in z, and so once in its slope.")
def back_squared(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps**2 * np.exp(0.5 * log_var)


@mistake(
    "log_var is clipped",
    "log_var is pushed into a range before use, so that very narrow or wide posteriors come out wrong.",
)
def back_clipped(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz.copy(), 0.5 * dz * eps * np.exp(0.5 * np.clip(log_var, -10, 10))


@mistake("only one gradient", "One array came back. Return the pair (dmu, dlog_var).")
def back_only_one(dz: Any, log_var: Any, eps: Any) -> Any:
    return 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake(
    "dz is changed in place",
    "dz was multiplied in place, so that the caller's array, and with it dmu, is different afterwards.",
)
def back_in_place(dz: Any, log_var: Any, eps: Any) -> Any:
    dmu = dz
    dz *= 0.5 * eps * np.exp(0.5 * log_var)
    return dmu, dz


@mistake(
    "log_var is changed in place",
    "log_var was overwritten in place, so that the caller's array is different afterwards. Make a new array.",
)
def back_log_var_in_place(dz: Any, log_var: Any, eps: Any) -> Any:
    log_var *= 0.5
    np.exp(log_var, out=log_var)
    return dz.copy(), 0.5 * dz * eps * log_var


@mistake(
    "computed in float16", "Half precision has three digits and overflows above 65504. Leave the arrays as they come."
)
def back_float16(dz: Any, log_var: Any, eps: Any) -> Any:
    half = np.float16(dz) * np.float16(eps) * np.float16(0.5) * np.exp(np.float16(0.5) * np.float16(log_var))
    return np.float16(dz), half
