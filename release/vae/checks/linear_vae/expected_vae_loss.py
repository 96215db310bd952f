"""`expected_vae_loss`: what the noise costs, how beta enters, and what leaves the loss alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form, betrayed
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from .inputs import ONE_OF_EACH, TWO_LATENTS, WIDER, weights

ORDINARY = weights(4, 3, 3)


def _near(one: Any, other: Any, size: Any) -> bool:
    """Whether two numbers made of answers agree, each answer with a rounding of its own; `size` is what they are made of."""
    return bool(abs(one - other) <= 5e-5 * np.max(np.abs(size)) + 1e-5)


def _prior(example: Any, loss: Any) -> Fault | None:
    told = "All samples, means and weights are 0, and the posterior is the prior."
    return None if close(loss, 0.0) else Fault(0.0, loss, 0, told)


def _noise_costs(example: Any, without: Any, with_noise: Any) -> Fault | None:
    if with_noise > without * (1 + 1e-4) + 1e-4:
        return None
    told = f"With beta = 0 and hardly any noise (log_var = -40) you returned {without:.6g}. Noise that is decoded adds an error."
    return Fault("more than without noise", with_noise, 1, told, relates=True)


def _noise_calls(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec = example
    return [Call((X, W_enc, 0 * log_var - 40.0, W_dec, 0.0)), Call((X, W_enc, log_var, W_dec, 0.0))]


def _in_proportion(example: Any, once: Any, twice: Any, thrice: Any) -> Fault | None:
    if _near(thrice - twice, twice - once, (once, twice, thrice)):
        return None
    told = (
        f"With beta = 0, variances 1, 2 and 3 times as large gave {once:.6g}, {twice:.6g} and {thrice:.6g}: "
        f"steps of {twice - once:.6g} and {thrice - twice:.6g}."
    )
    return Fault("equal steps", thrice, 2, told, relates=True)


def _wider(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec = example
    return [Call((X, W_enc, log_var + np.log(times), W_dec, 0.0)) for times in (1, 2, 3)]


def _twice_as_wide(example: Any, once: Any, moved: Any) -> Fault | None:
    if _near(once, moved, (once, moved)):
        return None
    told = (
        f"You returned {once:.6g} before, with beta = 0: log_var grew by log 4, the rows of W_dec were halved, and the "
        "columns of W_enc doubled. Every draw is decoded as before."
    )
    return Fault("no change", moved, 1, told, relates=True)


def _traded(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec = example
    return [Call((X, W_enc, log_var, W_dec, 0.0)), Call((X, 2 * W_enc, log_var + np.log(4), W_dec / 2, 0.0))]


def _dimensions(example: Any, together: Any, *alone: Any) -> Fault | None:
    total = float(np.sum(alone))
    if _near(together, total, (together, *alone)):
        return None
    told = f"All samples are 0 here. One latent dimension at a time, your own answers add up to {total:.6g}."
    return Fault("the sum over the latent dimensions", together, 0, told, relates=True)


def _each_alone(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec = example
    nothing = 0 * X
    parts = [Call((nothing, W_enc[:, [j]], log_var[[j]], W_dec[[j]], 1.5)) for j in range(log_var.size)]
    return [Call((nothing, W_enc, log_var, W_dec, 1.5)), *parts]


def _straight(example: Any, none: Any, plain: Any, one: Any, three: Any) -> Fault | None:
    if not close(plain, one, 2e-5, 4e-6):
        return Fault("the same as with beta=1.0", plain, 1, f"With beta=1.0 you returned {one:.6g}.", relates=True)
    if _near(three - none, 3 * (one - none), (none, one, three)):
        return None
    told = f"For beta = 0, 1 and 3 you returned {none:.6g}, {one:.6g} and {three:.6g}: these do not lie on a straight line."
    return Fault("a straight line in beta", three, 3, told, relates=True)


def _betas(example: Any) -> list[Call]:
    return [Call((*example, 0.0)), Call(example), Call((*example, 1.0)), Call((*example, 3.0))]


def _same(*notes: str) -> Any:
    def broken(example: Any, once: Any, *others: Any) -> Fault | None:
        for place, (other, note) in enumerate(zip(others, notes, strict=True), start=1):
            if not close(other, once, 2e-5, 4e-6):
                return Fault("no change", other, place, f"{note} You returned {once:.6g} before.", relates=True)
        return None

    return broken


def _again(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec = example
    return [
        Call(example),
        Call((np.concatenate([X] * 3), W_enc, log_var, W_dec)),
        Call((X, W_enc[:, ::-1].copy(), log_var[::-1].copy(), W_dec[::-1].copy())),
        Call((X[:, ::-1].copy(), W_enc[::-1].copy(), log_var, W_dec[:, ::-1].copy())),
    ]


EXPECTED_VAE_LOSS = Exercise(
    name="expected_vae_loss",
    points=3,
    parameters=("X", "W_enc", "log_var", "W_dec", "beta"),
    form=answer_form.Form((answer_form.number("loss"),)),
    read="“Exercise 1: the loss without drawing”",
    checks=(
        law(
            "nothing to pay",
            "Where all samples and weights are 0 and log_var is 0, the loss is 0.",
            _prior,
            first=[tuple(0 * part for part in ONE_OF_EACH), tuple(0 * part for part in WIDER)],
        ),
        law(
            "noise costs",
            "Noise that is decoded makes the loss larger.",
            _noise_costs,
            calls=_noise_calls,
            first=[ONE_OF_EACH, TWO_LATENTS],
        ),
        law(
            "noise in proportion",
            "What the noise costs grows in proportion to the posterior variances.",
            _in_proportion,
            calls=_wider,
            first=[ONE_OF_EACH, TWO_LATENTS, WIDER],
            examples=ORDINARY,
        ),
        law(
            "scale of a dimension",
            "With beta = 0 the scale of a latent dimension does not matter, if encoder, width and decoder agree on it.",
            _twice_as_wide,
            calls=_traded,
            first=[ONE_OF_EACH, TWO_LATENTS, WIDER],
            examples=ORDINARY,
        ),
        law(
            "dimensions add up",
            "Where all samples are 0, the loss is the sum of those of the single latent dimensions.",
            _dimensions,
            calls=_each_alone,
            first=[TWO_LATENTS, WIDER],
            examples=ORDINARY,
        ),
        law(
            "straight in beta",
            "The loss is a straight line in beta, and beta is 1 unless given.",
            _straight,
            calls=_betas,
            first=[ONE_OF_EACH, TWO_LATENTS],
            examples=ORDINARY,
        ),
        law(
            "order and copies",
            "Neither giving all samples three times matters, nor the order of the latent dimensions or of the columns.",
            _same(
                "Every sample is there three times now.",
                "The latent dimensions stand in reverse order now.",
                "The columns of X stand in reverse order now, and the weights with them.",
            ),
            calls=_again,
            first=[TWO_LATENTS, WIDER],
            examples=ORDINARY,
        ),
        conduct(0.25, first=[TWO_LATENTS, WIDER], examples=ORDINARY),
    ),
    probes=(
        Call((np.array([[1.3, -0.4]]), np.array([[0.7], [0.2]]), np.array([-0.6]), np.array([[0.9, -1.1]]))),
        Call((*TWO_LATENTS, 0.5)),
        Call(WIDER, {"beta": 2.0}),
        Call((*WIDER, 0.0)),
        Call(
            (
                np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.7], [-0.9, 0.6, 1.4], [0.2, -0.1, 0.5]]),
                np.array([[0.4, -0.8], [0.9, 0.3], [-0.2, 0.6]]),
                np.array([-1.4, 0.7]),
                np.array([[0.8, -0.3, 0.5], [-0.6, 1.2, 0.1]]),
            )
        ),
    ),
    betrays=betrayed.varying("the noise is drawn"),
)
