"""Hidden checks of `reparameterise`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths, magnitudes
from ...checks.exercise import Answer, Call, Check
from ...checks.judges import close
from ...checks.reparameterisation.reparameterise import TRIPLES, WIDTHS, clear
from ...checks.reparameterisation.shared import MEANS, NOISE, PAIR
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place
from ..mistakes.regimes import bounded
from ..mistakes.terms import Term
from ..served import Served
from ..values import values, with_large
from .shared import IN_PLACE, SLIP

_BROADCAST = st.one_of(
    st.tuples(MEANS, WIDTHS, NOISE),
    st.tuples(arrays((3,), MEANS), WIDTHS, arrays((3,), NOISE)),
    st.tuples(MEANS, WIDTHS, arrays((4,), NOISE)),
    st.tuples(arrays((3, 1), MEANS), arrays((2,), WIDTHS), arrays((3, 2), NOISE)),
    st.tuples(arrays((2,), MEANS), arrays((2,), WIDTHS), arrays((3, 2), NOISE)),
).filter(clear)
_EXTREME = st.tuples(
    arrays((2,), hundredths(-100, 100)), arrays((2,), magnitudes(1e-3, 1e3)), arrays((2,), hundredths(-5, 5))
).filter(clear)

CHECKS: tuple[Check, ...] = (
    values(
        "worked number",
        "The chapter's draw comes out.",
        oracles.reparameterise,
        points=0.25,
        earns=False,
        first=[(0.5, 1.2, -0.3)],
    ),
    values(
        "ordinary inputs",
        "z is right, within 1e-5 relative.",
        oracles.reparameterise,
        points=0.75,
        first=[(np.array([1.0]), np.array([2.0]), np.array([1.0])), PAIR],
        examples=TRIPLES,
    ),
    values(
        "floats and broadcasting",
        "Floats, and arrays that broadcast, give the same draws.",
        oracles.reparameterise,
        points=0.5,
        first=[(1.0, 2.0, 1.5), (1.0, 2.0, np.array([-1.0, 0.5]))],
        examples=_BROADCAST,
        count=14,
    ),
    values(
        "extreme inputs",
        "z is right for |mu| up to 100 and sigma from 0.001 to 1000.",
        oracles.reparameterise,
        points=0.25,
        first=[(0.0, 1e3, -2.0), (100.0, 1e-3, 1.0), (-100.0, 1e3, 3.0), (0.0, 1e-3, 4.3215)],
        examples=_EXTREME,
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.reparameterise,
    lambda draw: (draw.uniform(-2, 2, (150, 12)), draw.uniform(0.2, 3, (150, 12)), draw.uniform(-2, 2, (150, 12))),
    points=0.2,
)

SERVED = Served(oracles.reparameterise, ("...", "...", "..."))

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "reparameterise",
    Term("mu", lambda mu, sigma, eps: mu),
    Term("sigma times eps", lambda mu, sigma, eps: np.multiply(sigma, eps)),
    tempting=[
        Term("eps alone", lambda mu, sigma, eps: eps),
        Term("sigma alone", lambda mu, sigma, eps: sigma),
        Term("sigma² times eps", lambda mu, sigma, eps: np.square(sigma) * eps),
        Term("eps over sigma", lambda mu, sigma, eps: np.divide(eps, sigma)),
        Term("sigma times eps²", lambda mu, sigma, eps: sigma * np.square(eps)),
        Term("mu times eps", lambda mu, sigma, eps: np.multiply(mu, eps)),
        Term("mu times sigma", lambda mu, sigma, eps: np.multiply(mu, sigma)),
    ],
)
mistake, variant = CATALOGUE.of("reparameterise")


def _grouped(calls: Sequence[Call], answers: Sequence[Answer], places: tuple[int, ...]) -> list[list[int]]:
    """The places of calls that agree in the arguments at `places` and in the shape of the answer."""
    groups: dict[bytes, list[int]] = {}
    for position, call in enumerate(calls):
        parts = [np.asarray(call.args[place], np.float64) for place in places]
        key = b"|".join(str(part.shape).encode() + part.tobytes() for part in parts)
        groups.setdefault(key + str(np.shape(answers[position].value)).encode(), []).append(position)
    return [group for group in groups.values() if len(group) > 1]


def _varies(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether the same arguments never give the same answer twice."""
    groups = _grouped(calls, answers, (0, 1, 2))
    return bool(groups) and not any(close(answers[g[1]].value, answers[g[0]].value) for g in groups)


def _own_fixed_noise(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
    """Whether z never depends on eps, but on noise that is the same in every call."""
    if any(not close(answers[g[0]].value, answers[p].value) for g in _grouped(calls, answers, (0, 1)) for p in g[1:]):
        return False
    noise = {
        round(float(np.ravel((answer.value - call.args[0]) / call.args[1])[0]), 4)
        for call, answer in zip(calls, answers, strict=True)
        if np.shape(answer.value) == (2,) and np.min(call.args[1]) > 0.05 and np.max(np.abs(call.args[0])) < 5
    }
    return len(noise) == 1 and not noise & {0.0, 1.0, -1.0}


_SIGMA_LOWS = (-math.inf, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
_SIGMA_HIGHS = (math.inf, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


@mistake(
    "sigma is squared",
    "The noise is stretched by the variance. sigma arrives as a standard deviation: look at what z must vary by.",
)
def z_variance(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma**2 * eps


@mistake(
    "the square root of sigma is taken",
    "sigma was read as a variance and its root was taken. It is a standard deviation already.",
)
def z_root(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.sqrt(sigma) * eps


@mistake(
    "sigma read as log sigma",
    "An exponential of sigma was taken, as if a logarithm had arrived. Here sigma itself arrives.",
)
def z_exp(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.exp(sigma) * eps


@mistake(
    "sigma read as a log variance",
    "sigma was treated as a log variance. That is what an encoder may output; here sigma itself arrives.",
)
def z_exp_half(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.exp(0.5 * sigma) * eps


@mistake(
    "the logarithm of sigma is used",
    "The noise is stretched by a logarithm of sigma. No logarithm is needed when sigma itself arrives.",
)
def z_log(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.log(sigma) * eps


@mistake("softplus of sigma", "sigma was made positive by a softplus. It is positive already when it arrives here.")
def z_softplus(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.log1p(np.exp(sigma)) * eps


@mistake("mu is missing", "The draws scatter around 0, wherever mu is.")
def z_without_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return sigma * eps + 0 * mu


@mistake("sigma is missing", "The noise is not stretched: the width of the posterior has no influence.")
def z_without_sigma(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + eps + 0 * sigma


@mistake(
    "the noise is missing",
    "eps has no influence: sigma was added as it is, so that every draw of one posterior is the same.",
)
def z_without_eps(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma + 0 * eps


@mistake("mu comes back", "z is mu itself, whatever the noise. That is the mean of the posterior, not a draw from it.")
def z_is_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + 0 * sigma * eps


@mistake(
    "sigma times noise comes back with mu inside the bracket",
    "mu was stretched together with the noise. Only the noise is stretched; mu stays where it is.",
)
def z_bracket(mu: Any, sigma: Any, eps: Any) -> Any:
    return (mu + eps) * sigma


@mistake(
    "mu and sigma are swapped",
    "sigma was used as the mean and mu as the standard deviation. Look at the order of the arguments.",
)
def z_swapped(mu: Any, sigma: Any, eps: Any) -> Any:
    return sigma + mu * eps


@mistake(
    "the product is taken of mu, not of the noise",
    "mu is multiplied by sigma and the noise is only added. Look at which of the two sigma belongs to.",
)
def z_scaled_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu * sigma + eps


@mistake(
    "the noise is taken away",
    "The sign of the noise is wrong. That alone changes no distribution, but every value.",
    share=SLIP,
)
def z_minus(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu - sigma * eps


@mistake(
    "the noise is divided by sigma",
    "A wide posterior gives draws that lie close together, and a narrow one scattered draws.",
)
def z_divided(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + eps / sigma


@mistake(
    "the way back is taken", "This turns a draw into the noise it came from. Here noise must be turned into a draw."
)
def z_inverse(mu: Any, sigma: Any, eps: Any) -> Any:
    return (eps - mu) / sigma


@mistake(
    "the size of the noise without its sign", "Negative noise was made positive, so that no draw ever lies below mu."
)
def z_absolute(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.abs(eps)


@mistake(
    "the noise is clipped", "Large noise was cut off. Draws far out are rare, but they belong to the distribution."
)
def z_clipped(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.clip(eps, -1, 1)


@mistake(
    "something is added to sigma",
    "A small number was added to sigma. sigma is never 0 here, and every draw is a little off.",
)
def z_added(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + (sigma + 1e-3) * eps


@mistake("the noise comes back as well", "A pair came back. Return the draws alone.")
def z_pair(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * eps, eps


@mistake(
    "computed in float16", "Half precision has three digits and overflows above 65504. Leave the arrays as they come."
)
def z_float16(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.float16(mu) + np.float16(sigma) * np.float16(eps)


@mistake(
    "the noise is drawn inside",
    "New noise is drawn at every call and eps is not used, so that the same arguments give different draws. "
    "The randomness comes in as eps.",
    tell=_varies,
)
def z_own_noise(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.random.standard_normal(np.broadcast_shapes(*map(np.shape, (mu, sigma, eps))))


@mistake(
    "fixed noise is drawn inside",
    "Noise is drawn inside from a fixed seed, and eps is not used. The randomness comes in as eps.",
    tell=_own_fixed_noise,
)
def z_fixed_noise(mu: Any, sigma: Any, eps: Any) -> Any:
    shape = np.broadcast_shapes(*map(np.shape, (mu, sigma, eps)))
    return mu + sigma * np.random.default_rng(0).standard_normal(shape)


@mistake(
    "one number of the noise for every entry",
    "The first number of eps was used everywhere. Every entry has noise of its own.",
)
def z_first_eps(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.ravel(eps)[0] + 0 * eps


@mistake(
    "one row of the noise for every sample",
    "The first row of eps was used for every sample. Every sample has noise of its own.",
)
def z_first_row(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * (np.asarray(eps)[:1] if np.ndim(eps) > 1 else eps) + 0 * eps


@mistake(
    "a dot product instead of products of entries",
    "The products of sigma and eps were added up. Every entry keeps its own product.",
)
def z_dot(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.dot(sigma, eps)


@mistake(
    "summed although asked elementwise", "The numbers were added up. Every entry keeps a draw of its own.", share=SLIP
)
def z_summed(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.sum(mu + sigma * eps)


@mistake(
    "averaged over the samples",
    "The draws were averaged over the first axis. Every sample keeps a draw of its own.",
    share=SLIP,
)
def z_averaged(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.mean(np.asarray(mu + sigma * eps), axis=0) if np.ndim(mu + sigma * eps) else mu + sigma * eps


@mistake(
    "floats are refused",
    "It asks for the length of its arguments, which floats do not have. Arithmetic on arrays and floats reads the same.",
)
def z_loop(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.array([mu[i] + sigma[i] * eps[i] for i in range(len(mu))])


@mistake(
    "mu is changed in place",
    "The noise was added to the caller's mu itself, which is different afterwards. Make a new array.",
)
def z_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(mu) == 0 or np.shape(mu) != np.shape(mu + sigma * eps):
        return mu + sigma * eps
    mu += sigma * eps
    return mu


@mistake(
    "the noise is changed in place",
    "eps was multiplied in place, so that the caller's noise is different afterwards. Make a new array.",
)
def z_eps_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(eps) == 0 or np.shape(eps) != np.shape(mu + sigma * eps):
        return mu + sigma * eps
    eps *= sigma
    return mu + eps


@mistake("everything is added up", "sigma was added. It is the factor of the noise.")
def z_sum(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma + eps


@mistake("mu is multiplied by the noise as well", "The bracket is wrong: mu is outside the product.")
def z_sum_in_bracket(mu: Any, sigma: Any, eps: Any) -> Any:
    return (mu + sigma) * eps


@mistake(
    "averaged although asked elementwise", "The numbers were averaged. Every entry keeps a draw of its own.", share=SLIP
)
def z_noise_averaged(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.mean(mu + sigma * eps)


@mistake(
    "a matrix product instead of products of entries",
    "`@` is a matrix product. The circled dot of the formula multiplies entry by entry, which is `*`.",
)
def z_matmul(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma @ eps


@mistake("one draw at a time", "`float` takes one number. Leave it out, and arrays work as well.")
def z_floats(mu: Any, sigma: Any, eps: Any) -> Any:
    return float(mu) + float(sigma) * float(eps)


@mistake("eps is changed in place", "*= and += changed the caller's array. Make a new one.")
def z_noise_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    eps *= sigma
    eps += mu
    return eps


@mistake(
    "mu is overwritten by +=",
    "+= changes the caller's mu, and fails where the noise has another shape. Make a new array.",
)
def z_plus_equals(mu: Any, sigma: Any, eps: Any) -> Any:
    mu += sigma * eps
    return mu


@mistake(
    "the result has the shape of mu alone",
    "The result was written into an array like mu. It has the broadcast shape of all three.",
)
def z_like_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    z = np.zeros_like(mu)
    z[...] = mu + sigma * eps
    return z


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.reparameterise))
def z_argument_in_place(mu: Any, sigma: Any, eps: Any) -> Any:
    if np.ndim(sigma) == 0 or np.shape(sigma) != np.shape(sigma * eps):
        return mu + sigma * eps
    sigma *= eps
    return mu + sigma


@mistake(
    "sigma is kept within bounds",
    "Beyond some bound sigma was replaced by the bound. Narrow and wide posteriors come out wrong.",
    tell=bounded(oracles.reparameterise, 1, _SIGMA_LOWS, _SIGMA_HIGHS, 1.0),
)
def z_bounded(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.clip(sigma, 1e-2, 10) * eps


@mistake(
    "the noise is kept within bounds",
    "Large noise was cut off at a bound. Draws far out are rare, but they belong to the distribution.",
    tell=bounded(
        oracles.reparameterise,
        2,
        (-math.inf, *(-b / 2 for b in range(1, 11))),
        (math.inf, *(b / 2 for b in range(1, 11))),
    ),
)
def z_noise_bounded(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.clip(eps, -3, 3)


@variant
def z_plain(mu: Any, sigma: Any, eps: Any) -> Any:
    return eps * sigma + mu


@variant
def z_as_list(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.add(mu, np.multiply(sigma, eps)).tolist()


@variant
def z_float32(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.float32(mu) + np.float32(sigma) * np.float32(eps)


@variant
def z_one_by_one(mu: Any, sigma: Any, eps: Any) -> Any:
    mu, sigma, eps = np.broadcast_arrays(mu, sigma, eps)
    z = np.empty(mu.shape)
    for index in np.ndindex(*mu.shape):
        z[index] = mu[index] + sigma[index] * eps[index]
    return z


@variant
def z_einsum(mu: Any, sigma: Any, eps: Any) -> Any:
    mu, sigma, eps = np.broadcast_arrays(mu, sigma, eps)
    return mu + np.einsum("...,...->...", sigma, eps)


@variant
def z_by_log_var(mu: Any, sigma: Any, eps: Any) -> Any:
    log_var = 2 * np.log(sigma)
    return mu + np.exp(log_var / 2) * eps
