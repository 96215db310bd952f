"""Hidden checks of `reparameterise_backward`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, shapes
from ...checks.exercise import Answer, Call, Check
from ...checks.judges import close
from ...checks.reparameterisation.reparameterise_backward import GRADIENTS
from ...checks.reparameterisation.shared import LOG_VARS, MEANS, NOISE, PAIR, ROWS
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place
from ..mistakes.regimes import bounded
from ..values import values, with_large
from .shared import BOUNDED, HIGHS, IN_PLACE, LOWS, SLIP, WIDE

_WIDE_GRADIENTS = shapes(1, 3).flatmap(lambda s: st.tuples(arrays(s, MEANS), arrays(s, WIDE), arrays(s, NOISE)))
_DIMENSIONS = st.one_of(shapes(3, 2), shapes(4, 2)).flatmap(
    lambda s: st.tuples(arrays(s, MEANS), arrays(s, LOG_VARS), arrays(s, NOISE))
)
_CUBE = tuple(np.arange(1.0, 9.0).reshape(2, 2, 2) * step - 1 for step in (0.5, 0.3, 0.7))

CHECKS: tuple[Check, ...] = (
    values(
        "dmu",
        "The gradient for mu is right.",
        oracles.reparameterise_backward,
        points=0.5,
        earns=False,
        part=0,
        first=[PAIR],
        examples=GRADIENTS,
    ),
    values(
        "dlog_var",
        "The gradient for log_var is right, within 1e-5 relative.",
        oracles.reparameterise_backward,
        points=1.5,
        part=1,
        first=[(np.array([1.0]), np.array([1.0]), np.array([1.0])), PAIR],
        examples=GRADIENTS,
    ),
    values(
        "both together",
        "Both gradients are right at once, in this order.",
        oracles.reparameterise_backward,
        points=0.75,
        first=[PAIR, ROWS],
        examples=GRADIENTS,
    ),
    values(
        "any number of axes",
        "Both gradients are right for arrays of one axis or of several.",
        oracles.reparameterise_backward,
        points=0.5,
        first=[_CUBE],
        examples=_DIMENSIONS,
    ),
    values(
        "extreme inputs",
        "The gradient for log_var is right for log variances from -20 to 20.",
        oracles.reparameterise_backward,
        points=0.5,
        part=1,
        first=[
            (np.array([1.0]), np.array([20.0]), np.array([1.0])),
            (np.array([2.0, -1.0]), np.array([-20.0, 18.0]), np.array([1.5, 0.5])),
            (np.array([40.0, -70.0]), np.array([0.5, -1.0]), np.array([1.5, -4.5])),
        ],
        examples=_WIDE_GRADIENTS,
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.reparameterise_backward,
    lambda draw: (draw.uniform(-2, 2, (150, 12)), draw.uniform(-2, 2, (150, 12)), draw.uniform(-2, 2, (150, 12))),
    points=0.25,
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("reparameterise_backward")


@variant
def back_link_by_link(dz: Any, log_var: Any, eps: Any) -> Any:
    sigma = np.exp(0.5 * log_var)
    dmu = 1.0 * dz
    dlog_var = 0.5 * dz * eps * sigma
    return dmu, dlog_var


edited = CATALOGUE.edits("reparameterise_backward", back_link_by_link)


def _anew(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether dmu is right, and dlog_var is right for other noise, which is different in every call."""
    factors = []
    if all(
        close(answer.value, oracles.reparameterise_backward(*call.args))
        for call, answer in zip(calls, answers, strict=True)
    ):
        return False
    for call, answer in zip(calls, answers, strict=True):
        dz, log_var, _ = call.args
        if not close(answer.value[0], dz):
            return False
        slope = np.abs(0.5 * dz * np.exp(0.5 * log_var))
        factors.append((answer.value[1] / np.where(slope > 1e-6, slope, np.inf)).ravel())
    noise = np.abs(np.concatenate(factors))
    noise = noise[noise > 0]
    return len(noise) > 50 and len(np.unique(noise.round(9))) > 0.95 * len(noise) and bool(noise.max() < 8)


def _fixed_noise(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether dmu is right, and dlog_var right for other noise, the same wherever the shape is the same."""
    by_shape: dict[tuple[int, ...], np.ndarray] = {}
    compared = 0
    for call, answer in zip(calls, answers, strict=True):
        dz, log_var, _ = call.args
        if not close(answer.value[0], dz):
            return False
        slope = 0.5 * dz * np.exp(0.5 * log_var)
        noise = np.where(np.abs(slope) > 1e-3, answer.value[1] / np.where(slope == 0, 1, slope), np.nan)
        known = by_shape.setdefault(dz.shape, noise)
        both = np.isfinite(known) & np.isfinite(noise)
        if not close(noise[both], known[both], 1e-3, 1e-3):
            return False
        compared += int(both.sum()) if known is not noise else 0
        by_shape[dz.shape] = np.where(np.isfinite(known), known, noise)
    found = np.concatenate([noise.ravel() for noise in by_shape.values()])
    return compared > 20 and len(np.unique(found[np.isfinite(found)].round(6))) > 3


edited(
    "a factor of one half is missing",
    "dlog_var is twice what it should be. sigma is a function of log_var: look at its inner derivative.",
    ("0.5 * dz", "dz"),
    share=SLIP,
)
edited(
    "a factor of one half too many",
    "dlog_var is half of what it should be. Count the inner derivatives once more.",
    ("0.5 * dz", "0.25 * dz"),
    share=SLIP,
)
edited(
    "dz is missing in dlog_var",
    "dlog_var is the slope of z alone. The gradient that arrives from above, dz, has to be passed on.",
    ("0.5 * dz * eps", "0.5 * eps"),
)
edited(
    "dz is missing in both",
    "These are the slopes of z alone. The gradient that arrives from above, dz, has to be passed on.",
    ("0.5 * dz * eps", "0.5 * eps"),
    ("1.0 * dz", "np.ones_like(dz)"),
)
edited(
    "dz is missing in dmu",
    "dmu is 1 everywhere: the slope of z alone. The gradient that arrives from above, dz, has to be passed on.",
    ("1.0 * dz", "np.ones_like(dz)"),
)
edited(
    "eps is missing",
    "dlog_var does not depend on the noise. How far z moves when the width grows depends on where the noise put it.",
    ("dz * eps", "dz"),
)
edited(
    "sigma is missing",
    "dlog_var does not depend on log_var. The exponential does not vanish when it is differentiated.",
    (" * sigma", ""),
)
edited(
    "the gradient for sigma",
    "This is the gradient with respect to sigma. The one with respect to log_var is required: the chain has one more link.",
    ("0.5 * dz * eps * sigma", "dz * eps"),
)
edited(
    "the gradient for the variance",
    "This is the gradient with respect to the variance, or the sign in the exponent is wrong: dlog_var shrinks "
    "where the "
    "posterior widens.",
    ("* sigma", "/ sigma"),
)
edited(
    "the variance where sigma belongs",
    "The whole of log_var is in an exponential, which gives the variance. z moves with sigma.",
    ("np.exp(0.5 * log_var)", "np.exp(log_var)"),
)
edited(
    "log_var read as log sigma",
    "The exponential of log_var was taken for sigma, and differentiated like that. It is the logarithm of the "
    "variance.",
    ("np.exp(0.5 * log_var)", "np.exp(log_var)"),
    ("0.5 * dz", "dz"),
)
edited(
    "log_var read as sigma",
    "log_var was used as if it were sigma itself. An exponential leads from it to the width.",
    ("np.exp(0.5 * log_var)", "log_var"),
)
edited(
    "dlog_var has the wrong sign",
    "dlog_var comes out as the negative of what it should be.",
    ("0.5 * dz", "-0.5 * dz"),
    share=SLIP,
)
edited(
    "both gradients have the wrong sign",
    "Both come out as their negatives. A gradient points uphill; only the step of an optimiser turns it round.",
    ("return dmu, dlog_var", "return -dmu, -dlog_var"),
    share=SLIP,
)
edited(
    "the two gradients are swapped",
    "The first of the two must be the one for mu, the second the one for log_var.",
    ("return dmu, dlog_var", "return dlog_var, dmu"),
    share=SLIP,
)
edited(
    "dmu is stretched by sigma",
    "dmu carries a factor that belongs to the noise. How does z move when mu moves by a little?",
    ("1.0 * dz", "dz * sigma"),
)
edited(
    "dmu is multiplied by the noise",
    "dmu carries the noise as a factor. How does z move when mu moves by a little?",
    ("1.0 * dz", "dz * eps"),
)
edited("dmu is zero", "Nothing is passed on to mu, as if z did not depend on it.", ("1.0 * dz", "np.zeros_like(dz)"))
edited(
    "the gradient of the KL is added",
    "Terms that belong to the KL were added. Here only what arrives as dz is passed back.",
    ("eps * sigma", "eps * sigma + 0.5 * (np.exp(log_var) - 1)"),
)
edited(
    "summed over the samples",
    "The gradients were added up over the first axis. Every entry of mu and log_var has a gradient of its own.",
    ("return dmu, dlog_var", "return dmu.sum(axis=0), dlog_var.sum(axis=0)"),
    share=SLIP,
)
edited(
    "averaged over the samples",
    "The gradients were averaged over the first axis. Every entry of mu and log_var has a gradient of its own.",
    ("return dmu, dlog_var", "return dmu.mean(axis=0), dlog_var.mean(axis=0)"),
    share=SLIP,
)
edited(
    "divided by the number of samples",
    "Both gradients were divided by the number of samples. An average over samples, if any, is in dz already.",
    ("return dmu, dlog_var", "return dmu / len(dz), dlog_var / len(dz)"),
    share=SLIP,
)
edited(
    "one number of the noise for every entry",
    "The first number of eps was used everywhere. Every entry has noise of its own.",
    ("* eps *", "* eps.flat[0] *"),
)
edited(
    "the size of the noise without its sign",
    "Negative noise was made positive. On which side of mu z lies decides the sign of dlog_var.",
    ("* eps *", "* np.abs(eps) *"),
)
edited(
    "the noise is squared",
    "The noise enters twice. It occurs once in z, and so once in its slope.",
    ("* eps *", "* eps**2 *"),
)
edited(
    "log_var is clipped",
    "log_var is pushed into a range before use, so that very narrow or wide posteriors come out wrong.",
    ("np.exp(0.5 * log_var)", "np.exp(0.5 * np.clip(log_var, -10, 10))"),
)
edited(
    "only one gradient",
    "One array came back. Return the pair (dmu, dlog_var).",
    ("return dmu, dlog_var", "return dlog_var"),
)


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


edited(
    "the exponential stands at ½ alone",
    "exp(½) was multiplied by log_var. log_var belongs into the exponent.",
    ("np.exp(0.5 * log_var)", "np.exp(0.5) * log_var"),
    ("0.5 * dz", "dz"),
)
edited(
    "summed over everything",
    "Each gradient was added up to one number. Every entry of mu and log_var has its own.",
    ("return dmu, dlog_var", "return dmu.sum(), dlog_var.sum()"),
    share=SLIP,
)
edited(
    "a third gradient comes back",
    "Three things came back. Return (dmu, dlog_var) alone; the noise needs no gradient.",
    ("return dmu, dlog_var", "return dmu, dlog_var, dz * sigma"),
    share=SLIP,
)


@mistake(
    "the noise is drawn anew",
    "dlog_var belongs to other noise than eps. The way back needs the very noise of the way there.",
    tell=_anew,
)
def back_fresh_noise(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * np.random.standard_normal(dz.shape) * np.exp(0.5 * log_var)


edited(
    "log_var is a factor as well",
    "log_var multiplies the exponential. The inner derivative of ½ log_var is ½ alone.",
    ("0.5 * dz * eps", "0.5 * dz * eps * log_var"),
)
edited("sigma is doubled", "The one half of the inner derivative became a two.", ("0.5 * dz", "2 * dz"))


@mistake(
    "fixed noise on the way back",
    "dlog_var belongs to noise from a fixed seed, and eps is not used. The way back needs the very noise of the way there.",
    tell=_fixed_noise,
)
def back_fixed_noise(dz: Any, log_var: Any, eps: Any) -> Any:
    noise = np.random.default_rng(0).standard_normal(dz.shape)
    return dz, 0.5 * dz * noise * np.exp(0.5 * log_var)


@mistake("log_var is kept within bounds", BOUNDED, tell=bounded(oracles.reparameterise_backward, 1, LOWS, HIGHS))
def back_bounded(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * eps * np.exp(0.5 * np.clip(log_var, -5, 5))


@mistake(
    "dz is kept within bounds",
    "Large gradients were cut off at a bound. What to do about large gradients is for the optimiser to say, not for the chain rule.",
    tell=bounded(
        oracles.reparameterise_backward, 0, (-math.inf, *(-b for b in range(1, 11))), (math.inf, *range(1, 11))
    ),
)
def back_dz_bounded(dz: Any, log_var: Any, eps: Any) -> Any:
    dz = np.clip(dz, -1, 1)
    return dz, 0.5 * dz * eps * np.exp(0.5 * log_var)


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.reparameterise_backward))
def back_eps_in_place(dz: Any, log_var: Any, eps: Any) -> Any:
    eps *= dz
    return dz.copy(), 0.5 * eps * np.exp(0.5 * log_var)


@variant
def back_plain(dz: Any, log_var: Any, eps: Any) -> Any:
    return dz, 0.5 * dz * eps * np.exp(log_var / 2)


@variant
def back_by_sigma(dz: Any, log_var: Any, eps: Any) -> Any:
    sigma = np.sqrt(np.exp(log_var))
    dsigma = dz * eps
    return 1.0 * dz, dsigma * sigma / 2


@variant
def back_list(dz: Any, log_var: Any, eps: Any) -> Any:
    import math

    flat = [d * e * math.exp(v / 2) / 2 for d, v, e in zip(dz.flat, log_var.flat, eps.flat, strict=True)]
    return [dz.tolist(), np.reshape(flat, dz.shape).tolist()]


@variant
def back_float32(dz: Any, log_var: Any, eps: Any) -> Any:
    dz, log_var, eps = np.float32(dz), np.float32(log_var), np.float32(eps)
    return dz, dz * eps * np.exp(log_var * np.float32(0.5)) * np.float32(0.5)


@variant
def back_by_differences(dz: Any, log_var: Any, eps: Any) -> Any:
    def z(shift: float) -> Any:
        return np.exp(0.5 * (log_var + shift)) * eps

    h = 1e-4
    return dz.copy(), dz * (8 * (z(h) - z(-h)) - (z(2 * h) - z(-2 * h))) / (12 * h)


@variant
def back_by_half_log(dz: Any, log_var: Any, eps: Any) -> Any:
    return np.array(dz), dz * eps * np.exp(log_var / 2 - np.log(2))
