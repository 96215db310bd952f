"""`vae_gradients`: where they vanish, how the noise goes through them, and how the three belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form, betrayed
from ..exercise import Call, Exercise, Fault, Tolerance
from ..judges import ATOL, RTOL, close, conduct, law, within
from .inputs import ONE_NOISE, TWO_NOISE, WIDER_NOISE, weights, with_noise

ORDINARY = with_noise(weights(4, 3, 3))
TOLERANCE = Tolerance(of_largest=True)
NAMES = ("dW_enc", "dlog_var", "dW_dec")


def within_largest(value: Any, exact: Any, times: float = 1.0) -> bool:
    """Whether every entry is right within 1e-5 of the largest entry of its array; tuples part by part."""
    if isinstance(exact, tuple):
        return all(within_largest(one, other, times) for one, other in zip(value, exact, strict=True))
    room = times * (RTOL * np.max(np.abs(exact), initial=0.0) + ATOL)
    return bool(np.all(np.abs(value - exact) <= room))


def _alike(call: Call, one: Any, other: Any) -> bool:
    return within(TOLERANCE, other, one)


def _compared(wanted: Any, got: Any, place: int, note: str, parts: Any = (0, 1, 2)) -> Fault | None:
    """The fault where a gradient is not what the student's own other answers imply; these go into the note."""
    size = max(float(np.max(np.abs(part))) for part in (*wanted, *got))
    for part in parts:
        if not np.all(np.abs(got[part] - wanted[part]) <= 5e-5 * size + 1e-5):
            off = float(np.max(np.abs(got[part] - wanted[part])))
            told = f"{note} `{NAMES[part]}` differs by up to {off:.3g} from what your own answers imply."
            return Fault("what must hold, see below", got, place, told, relates=True)
    return None


def _vanish(example: Any, gradients: Any) -> Fault | None:
    zeros = tuple(np.zeros(part.shape) for part in gradients)
    told = "The samples and all weights are 0, and the posterior is the prior: nothing is to be gained."
    return None if close(gradients, zeros) else Fault(zeros, gradients, 0, told)


def _no_dice(example: Any, gradients: Any) -> Fault | None:
    zeros = np.zeros(gradients[1].shape)
    told = "This is `dlog_var`. With beta = 0 and eps = 0 the width goes into nothing."
    return None if close(gradients[1], zeros) else Fault(zeros, gradients[1], 0, told)


def _quiet(example: Any) -> list[Call]:
    return [Call((*example[:4], 0 * example[4], 0.0))]


def _width_times_noise(example: Any, once: Any, other: Any) -> Fault | None:
    note = "With beta = 0, log_var grew by log 4 and eps was halved: every draw z stays where it was, and so do all gradients."
    return _compared(once, other, 1, note)


def _traded(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec, eps = example
    return [Call((*example, 0.0)), Call((X, W_enc, log_var + np.log(4), W_dec, eps / 2, 0.0))]


def _belong_together(example: Any, gradients: Any) -> Fault | None:
    _, W_enc, _, W_dec, _ = example
    before = np.sum(W_enc * gradients[0], axis=0) + 2 * gradients[1]
    behind = np.sum(W_dec * gradients[2], axis=1)
    size = (
        np.sum(np.abs(W_enc * gradients[0]), axis=0)
        + 2 * np.abs(gradients[1])
        + np.sum(np.abs(W_dec * gradients[2]), axis=1)
    )
    if np.all(np.abs(before - behind) <= 5e-5 * np.max(size) + 1e-4):
        return None
    j = int(np.argmax(np.abs(before - behind)))
    told = (
        f"With beta = 0. Your own answers give, for latent dimension {j + 1}, {before[j]:.6g} on the encoder's side "
        f"(column of W_enc times column of dW_enc, plus twice dlog_var) and {behind[j]:.6g} on the decoder's side (row of "
        "W_dec times row of dW_dec). To widen a code is to strengthen its row."
    )
    return Fault("the same on both sides", gradients, 0, told, relates=True)


def _straight(example: Any, none: Any, plain: Any, one: Any, three: Any) -> Fault | None:
    unlike = _compared(one, plain, 1, "Leaving beta out must mean beta = 1.")
    if unlike:
        return unlike
    line = tuple(first + 3 * (second - first) for first, second in zip(none, one, strict=True))
    return _compared(line, three, 3, "Going by beta = 0 and 1, the gradients are no straight line in beta.")


def _betas(example: Any) -> list[Call]:
    return [Call((*example, 0.0)), Call(example), Call((*example, 1.0)), Call((*example, 3.0))]


def _decoder_free(example: Any, one: Any, other: Any) -> Fault | None:
    note = "The KL does not know the decoder: its gradient does not depend on beta."
    return _compared(one, other, 1, note, parts=(2,))


def _averaged(example: Any, once: Any, copies: Any) -> Fault | None:
    note = "Every sample is there 3 times now, with its noise; an average does not change by that."
    return _compared(once, copies, 1, note)


def _copies(example: Any) -> list[Call]:
    X, W_enc, log_var, W_dec, eps = example
    return [Call(example), Call((np.concatenate([X] * 3), W_enc, log_var, W_dec, np.concatenate([eps] * 3)))]


def _shape(place: int) -> answer_form.Shapes:
    """The shape of the argument at this place."""
    return lambda *args, **_: [args[place].shape]


VAE_GRADIENTS = Exercise(
    name="vae_gradients",
    points=4,
    parameters=("X", "W_enc", "log_var", "W_dec", "eps", "beta"),
    form=answer_form.Form(tuple(answer_form.Part(name, _shape(place)) for place, name in enumerate(NAMES, start=1))),
    read="“Exercise 2: gradients through the draw”",
    checks=(
        law(
            "nothing to gain",
            "Where all samples and weights are 0 and log_var is 0, all three gradients are 0.",
            _vanish,
            first=[(*[0 * part for part in one[:4]], one[4]) for one in (ONE_NOISE, WIDER_NOISE)],
        ),
        law(
            "no noise",
            "With beta = 0 and without noise the gradient of log_var is 0.",
            _no_dice,
            calls=_quiet,
            first=[ONE_NOISE, TWO_NOISE],
        ),
        law(
            "width times noise",
            "With beta = 0 only the product of width and noise matters.",
            _width_times_noise,
            calls=_traded,
            first=[ONE_NOISE, TWO_NOISE, WIDER_NOISE],
            examples=ORDINARY,
        ),
        law(
            "belong together",
            "With beta = 0, what is gained by stretching a code is gained by stretching its row of W_dec.",
            _belong_together,
            calls=lambda example: [Call((*example, 0.0))],
            first=[ONE_NOISE, TWO_NOISE, WIDER_NOISE],
            examples=ORDINARY,
        ),
        law(
            "straight in beta",
            "The gradients are straight lines in beta, and beta is 1 unless given.",
            _straight,
            calls=_betas,
            first=[ONE_NOISE, TWO_NOISE],
            examples=ORDINARY,
        ),
        law(
            "decoder and beta",
            "The gradient of W_dec does not depend on beta.",
            _decoder_free,
            calls=lambda example: [Call((*example, 0.0)), Call((*example, 4.0))],
            first=[ONE_NOISE, TWO_NOISE],
        ),
        law(
            "samples averaged",
            "The same samples three times over give the same gradients.",
            _averaged,
            calls=_copies,
            first=[TWO_NOISE, WIDER_NOISE],
            examples=ORDINARY,
        ),
        conduct(0.5, first=[TWO_NOISE, WIDER_NOISE], examples=ORDINARY),
    ),
    probes=(
        Call((*WIDER_NOISE, 0.5)),
        Call(TWO_NOISE),
        Call(WIDER_NOISE, {"beta": 2.5}),
        Call(
            (
                np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.7], [-0.9, 0.6, 1.4], [0.2, -0.1, 0.5]]),
                np.array([[0.4], [0.9], [-0.2]]),
                np.array([-1.4]),
                np.array([[0.8, -0.3, 0.5]]),
                np.array([[0.3], [-1.1], [0.6], [1.7]]),
                1.5,
            )
        ),
        Call((*TWO_NOISE, 0.0)),
    ),
    alike=_alike,
    tolerance=TOLERANCE,
    betrays=betrayed.first_of(
        betrayed.other_order(
            {
                "the order W_enc, W_dec, log_var": (0, 2, 1),
                "the order is turned round": (2, 1, 0),
                "log_var comes first": (1, 0, 2),
            }
        ),
        betrayed.varying("noise of its own"),
    ),
)
