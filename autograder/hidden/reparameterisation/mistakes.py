"""Known mistakes of `reparameterise` in its values, as students and public code make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Call
from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


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


@mistake(
    "reparameterise",
    "sigma is squared",
    "The noise is stretched by the variance. sigma arrives as a standard deviation: look at what z must vary by.",
)
def z_variance(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma**2 * eps


@mistake(
    "reparameterise",
    "the square root of sigma is taken",
    "sigma was read as a variance and its root was taken. It is a standard deviation already.",
)
def z_root(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.sqrt(sigma) * eps


@mistake(
    "reparameterise",
    "sigma read as log sigma",
    "An exponential of sigma was taken, as if a logarithm had arrived. Here sigma itself arrives.",
)
def z_exp(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.exp(sigma) * eps


@mistake(
    "reparameterise",
    "sigma read as a log variance",
    "sigma was treated as a log variance. That is what an encoder may put out; here sigma itself arrives.",
)
def z_exp_half(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.exp(0.5 * sigma) * eps


@mistake(
    "reparameterise",
    "the logarithm of sigma is used",
    "The noise is stretched by a logarithm of sigma. No logarithm is needed when sigma itself arrives.",
)
def z_log(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.log(sigma) * eps


@mistake(
    "reparameterise",
    "softplus of sigma",
    "sigma was made positive by a softplus. It is positive already when it arrives here.",
)
def z_softplus(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + np.log1p(np.exp(sigma)) * eps


@mistake("reparameterise", "mu is missing", "The draws scatter around 0, wherever mu is.")
def z_without_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return sigma * eps + 0 * mu


@mistake(
    "reparameterise", "sigma is missing", "The noise is not stretched: the width of the posterior has no influence."
)
def z_without_sigma(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + eps + 0 * sigma


@mistake(
    "reparameterise",
    "the noise is missing",
    "eps has no influence: sigma was added as it is, so that every draw of one posterior is the same.",
)
def z_without_eps(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma + 0 * eps


@mistake(
    "reparameterise",
    "mu comes back",
    "z is mu itself, whatever the noise. That is the middle of the posterior, not a draw from it.",
)
def z_is_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + 0 * sigma * eps


@mistake(
    "reparameterise",
    "sigma times noise comes back with mu inside the bracket",
    "mu was stretched together with the noise. Only the noise is stretched; mu stays where it is.",
)
def z_bracket(mu: Any, sigma: Any, eps: Any) -> Any:
    return (mu + eps) * sigma


@mistake(
    "reparameterise",
    "mu and sigma are swapped",
    "sigma was used as the middle and mu as the spread. Look at the order of the arguments.",
)
def z_swapped(mu: Any, sigma: Any, eps: Any) -> Any:
    return sigma + mu * eps


@mistake(
    "reparameterise",
    "the product is taken of mu, not of the noise",
    "mu is multiplied by sigma and the noise is only added. Look at which of the two sigma belongs to.",
)
def z_scaled_mu(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu * sigma + eps


@mistake(
    "reparameterise",
    "the noise is taken away",
    "The sign of the noise is turned round. The draws have the right distribution, but not the right value.",
    share=SLIP,
)
def z_minus(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu - sigma * eps


@mistake(
    "reparameterise",
    "the noise is divided by sigma",
    "A wide posterior gives draws that lie close together, and a narrow one scattered draws.",
)
def z_divided(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + eps / sigma


@mistake(
    "reparameterise",
    "the way back is taken",
    "This turns a draw into the noise it came from. Here noise must be turned into a draw.",
)
def z_inverse(mu: Any, sigma: Any, eps: Any) -> Any:
    return (eps - mu) / sigma


@mistake(
    "reparameterise",
    "the size of the noise without its sign",
    "Negative noise was made positive, so that no draw ever lies below mu.",
)
def z_absolute(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.abs(eps)


@mistake(
    "reparameterise",
    "the noise is clipped",
    "Large noise was cut off. Draws far out are rare, but they belong to the distribution.",
)
def z_clipped(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.clip(eps, -1, 1)


@mistake(
    "reparameterise",
    "something is added to sigma",
    "A small number was added to sigma. sigma is never 0 here, and every draw is a little off.",
)
def z_added(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + (sigma + 1e-3) * eps


@mistake("reparameterise", "the noise comes back as well", "A pair came back. Return the draws alone.")
def z_pair(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * eps, eps


@mistake(
    "reparameterise",
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
)
def z_float16(mu: Any, sigma: Any, eps: Any) -> Any:
    return np.float16(mu) + np.float16(sigma) * np.float16(eps)


@mistake(
    "reparameterise",
    "the noise is drawn inside",
    "New noise is drawn at every call and eps is not used, so that the same arguments give different draws. "
    "The randomness comes in as eps.",
    tell=_varies,
)
def z_own_noise(mu: Any, sigma: Any, eps: Any) -> Any:
    return mu + sigma * np.random.standard_normal(np.broadcast_shapes(*map(np.shape, (mu, sigma, eps))))


@mistake(
    "reparameterise",
    "fixed noise is drawn inside",
    "Noise is drawn inside from a fixed seed, and eps is not used. The randomness comes in as eps.",
    tell=_own_fixed_noise,
)
def z_fixed_noise(mu: Any, sigma: Any, eps: Any) -> Any:
    shape = np.broadcast_shapes(*map(np.shape, (mu, sigma, eps)))
    return mu + sigma * np.random.default_rng(0).standard_normal(shape)
