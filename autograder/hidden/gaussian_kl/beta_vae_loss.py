"""Hidden checks of `beta_vae_loss`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays, hundredths, shapes
from ...checks.exercise import Call, Check
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..mistakes.conduct import in_place, left_out
from ..mistakes.terms import Term
from ..values import values, with_large
from .shared import IN_PLACE, SLIP

LOSSES = shapes(1, 4).flatmap(lambda shape: st.tuples(arrays(shape, hundredths(0, 9)), arrays(shape, hundredths(0, 9))))
BETAS = hundredths(0.1, 6)

CHECKS: tuple[Check, ...] = (
    values(
        "arrays",
        "One loss for each pair of reconstruction and KL.",
        oracles.beta_vae_loss,
        points=0.45,
        first=[(np.array([1.0]), np.array([2.0]), 0.5)],
        examples=st.tuples(LOSSES, BETAS).map(lambda drawn: (*drawn[0], drawn[1])),
    ),
    values(
        "floats",
        "Floats work as arrays do, with beta given by place, by name, or left out.",
        oracles.beta_vae_loss,
        points=0.3,
        first=[
            (1.0, 2.0),
            (1.0, 2.0, 3.0),
            Call((1.0, 2.0), {"beta": 0.5}),
            (1.0, 2.0, 0.0),
            (150.0, 250.0, 40.0),
            (1.0, 2.0, 0.01),
        ],
        examples=st.tuples(hundredths(0.1, 9), hundredths(0.1, 9), BETAS),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.beta_vae_loss,
    lambda draw: (draw.uniform(0, 50, 300), draw.uniform(0, 9, 300), draw.uniform(0.1, 5)),
    points=0.1,
)

CATALOGUE = Catalogue()
CATALOGUE.sum(
    "beta_vae_loss",
    Term("the reconstruction", lambda reconstruction, kl, beta=1.0: reconstruction),
    Term("the weighted KL", lambda reconstruction, kl, beta=1.0: np.multiply(beta, kl)),
    tempting=[
        Term("the KL without beta", lambda reconstruction, kl, beta=1.0: kl),
        Term("the weighted reconstruction", lambda reconstruction, kl, beta=1.0: np.multiply(beta, reconstruction)),
        Term("the KL with beta squared", lambda reconstruction, kl, beta=1.0: np.multiply(np.square(beta), kl)),
        Term("beta", lambda reconstruction, kl, beta=1.0: beta),
    ],
)
mistake, variant = CATALOGUE.of("beta_vae_loss")


@mistake("beta weighs the reconstruction", "beta multiplies the reconstruction. It is the weight of the KL term.")
def loss_beta_on_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * reconstruction + kl


@mistake("beta weighs both terms", "beta multiplies the whole sum. It is the weight of the KL term alone.")
def loss_beta_on_both(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * (reconstruction + kl)


@mistake("beta has no effect", "beta is taken but not used.")
def loss_without_beta(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + kl


@mistake("the KL is subtracted", "The KL is taken away from the loss. It is a cost and must be added.")
def loss_minus(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction - beta * kl


@mistake(
    "a weighted average instead of a sum",
    "The reconstruction is weighed by 1 - beta. In the beta-VAE loss its weight is always 1.",
)
def loss_convex(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (1 - beta) * reconstruction + beta * kl


@mistake("divided by beta", "The KL is divided by beta; beta is its factor.")
def loss_divided(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + kl / beta


@mistake(
    "the losses are summed up",
    "One number came back for several losses. Each pair keeps a loss of its own.",
    share=SLIP,
)
def loss_summed(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.sum(reconstruction + beta * kl)


@mistake(
    "the losses are averaged",
    "One average came back for several losses. Each pair keeps a loss of its own.",
    share=SLIP,
)
def loss_averaged(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.mean(reconstruction + beta * kl)


@mistake("the reconstruction is changed in place", "+= changed the caller's array. Make a new one.")
def loss_in_place(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    reconstruction += beta * kl
    return reconstruction


@mistake(
    "beta means something else when left out",
    "Where beta is left out, it must mean 1, the plain VAE.",
    tell=left_out(oracles.beta_vae_loss),
)
def loss_default_four(reconstruction: Any, kl: Any, beta: Any = 4.0) -> Any:
    return reconstruction + beta * kl


@mistake("beta cannot be left out", "beta has no default value. Give it one in the first line: beta=1.0.")
def loss_without_default(reconstruction: Any, kl: Any, beta: Any) -> Any:
    return reconstruction + beta * kl


@mistake(
    "beta = 0 is taken for not given",
    "With beta = 0 the KL still counts: `beta or 1.0` and `if beta` take 0 for nothing. Ask `beta is None`, or give a default value.",
)
def loss_beta_or_one(reconstruction: Any, kl: Any, beta: Any = None) -> Any:
    return reconstruction + (beta or 1.0) * kl


@mistake("the KL is averaged", "The KL was averaged first. Each pair keeps a loss of its own.", share=SLIP)
def loss_kl_averaged(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * np.mean(kl)


@mistake("a product instead of a sum", "The two parts were multiplied. They are added.")
def loss_product(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction * beta * kl


@mistake("divided by the sum of the weights", "The loss was divided by 1 + beta. It is a sum, not an average.")
def loss_weighted_mean(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (reconstruction + beta * kl) / (1 + beta)


@mistake("one loss at a time", "`float` takes one number. Leave it out, and arrays work as well.")
def loss_floats(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return float(reconstruction) + beta * float(kl)


@mistake("the parts come back as well", "Three things came back. Return the loss alone.")
def loss_with_parts(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * kl, reconstruction, kl


@mistake("beta is squared", "The KL is multiplied by beta twice.")
def loss_beta_squared(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta**2 * kl


@mistake("beta is at most 1", "A beta above 1 has the effect of 1. In a beta-VAE it may be larger.")
def loss_beta_capped(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + np.minimum(beta, 1.0) * kl


@mistake(
    "a large beta is cut off", "Beyond some bound beta was replaced by the bound. beta may be as large as one likes."
)
def loss_beta_bounded(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + np.minimum(beta, 10.0) * kl


@mistake(
    "the reconstruction is subtracted", "The reconstruction has the wrong sign. Both parts are costs and are added."
)
def loss_minus_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * kl - reconstruction


@mistake("both parts are subtracted", "The whole loss has the wrong sign. Both parts are costs and are added.", SLIP)
def loss_negative(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return -reconstruction - beta * kl


@mistake(
    "one half on the reconstruction", "The reconstruction was halved. Use it as it is; beta alone sets the balance."
)
def loss_half_reconstruction(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return 0.5 * reconstruction + beta * kl


@mistake("one half on the KL", "The KL was halved. It holds its one half already.")
def loss_half_kl(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + 0.5 * beta * kl


@mistake(
    "the bracket is wrong",
    "beta was added to the reconstruction, and the KL multiplied by both. beta multiplies the KL.",
)
def loss_bracket(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return (reconstruction + beta) * kl


@mistake("everything is added up", "beta was added. It is the factor of the KL.")
def loss_all_added(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta + kl


@mistake("the reconstruction is missing", "Only the weighted KL came back. The reconstruction is added to it.")
def loss_kl_only(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return beta * kl


@mistake("the parts come back first", "Three things came back, the total last. Return the loss alone.")
def loss_parts_first(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction, beta * kl, reconstruction + beta * kl


@mistake("an argument is changed in place", IN_PLACE, tell=in_place(oracles.beta_vae_loss))
def loss_kl_in_place(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    kl *= beta
    return reconstruction + kl


@variant
def loss_plain(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return reconstruction + beta * kl


@variant
def loss_numpy(reconstruction: Any, kl: Any, beta: Any = 1) -> Any:
    return np.add(reconstruction, beta * np.asarray(kl))


@variant
def loss_list(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    if np.ndim(kl) == 0:
        return float(reconstruction) + float(beta) * float(kl)
    return [r + beta * k for r, k in zip(reconstruction, kl, strict=True)]


@variant
def loss_float32(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.float32(reconstruction) + np.float32(beta) * np.float32(kl)


@variant
def loss_dot(reconstruction: Any, kl: Any, beta: Any = 1.0) -> Any:
    return np.tensordot(np.array([1.0, beta]), np.stack([np.asarray(reconstruction), np.asarray(kl)]), axes=1)
