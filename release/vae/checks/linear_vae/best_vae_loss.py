"""`best_vae_loss`: how it grows with beta, falls with k, and what leaves it alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from .inputs import BLOCK, CLOUDS, TRIANGLE

HUGE = 1e4
"""A beta at which nothing is worth keeping in any data that is asked about."""


def _no_more(words: str, note: Callable[[int, float, float], str]) -> Any:
    """The losses fall, or stay, from each answer to the next."""

    def broken(example: Any, *losses: Any) -> Fault | None:
        for place, (before, after) in enumerate(pairwise(losses), start=1):
            if after > before + 2e-5 * abs(before) + 2e-6:
                return Fault(words, after, place, note(place, float(before), float(after)), relates=True)
        return None

    return broken


def _same(*notes: str, factor: float = 1.0) -> Any:
    def broken(example: Any, once: Any, *others: Any) -> Fault | None:
        for place, (other, note) in enumerate(zip(others, notes, strict=True), start=1):
            if not close(other, factor * once, 3e-5, 5e-6):
                words = "no change" if factor == 1 else f"{factor:g} times as much"
                return Fault(words, other, place, f"{note} You returned {once:.6g} before.", relates=True)
        return None

    return broken


def shifted(example: Any) -> list[Call]:
    """The data, and the same with every column shifted by a number of its own."""
    X, k = example
    return [Call((X, k, 0.5)), Call((X + np.arange(1.0, X.shape[1] + 1), k, 0.5))]


def turned(example: Any) -> list[Call]:
    """The data, then with columns in reverse order, mirrored, with samples in reverse order, three times over."""
    X, k = example
    other = (X[:, ::-1].copy(), -X, X[::-1].copy(), np.concatenate([X] * 3))
    return [Call((one, k, 0.5)) for one in (X, *other)]


TURNED = (
    "The columns stand in reverse order now.",
    "All samples are mirrored now.",
    "The samples stand in reverse order now.",
    "Every sample is there three times now.",
)

BEST_VAE_LOSS = Exercise(
    name="best_vae_loss",
    points=2.5,
    parameters=("X", "k", "beta"),
    form=answer_form.Form((answer_form.number("loss"),)),
    read="“Exercise 4: where training must end”",
    checks=(
        law(
            "falls with k",
            "One more latent dimension never makes the best loss larger.",
            _no_more(
                "no more than with one dimension fewer",
                lambda place, before, after: (
                    f"You returned {before:.6g} for k = {place} and {after:.6g} for k = {place + 1}."
                ),
            ),
            calls=lambda example: [Call((example[0], k, 0.5)) for k in range(1, example[0].shape[1] + 1)],
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "grows with beta",
            "A larger beta never makes the best loss smaller.",
            _no_more(
                "no more than with the larger beta before",
                lambda _, before, after: (
                    f"You returned {before:.6g} for the larger beta and {after:.6g} for the smaller one."
                ),
            ),
            calls=lambda example: [Call((*example, beta)) for beta in (HUGE, 8.0, 2.0, 1.0, 0.25, 0.01)],
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "nothing is kept",
            "When beta is huge, neither beta nor k matters any more.",
            _same("beta is twice as large now.", "k is 1 now."),
            calls=lambda example: [
                Call((*example, HUGE)),
                Call((*example, 2 * HUGE)),
                Call((example[0], 1, HUGE)),
            ],
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "units",
            "Data 2 times as large and a beta 4 times as large give 4 times the loss.",
            _same("The data are 2 times as large now, and beta 4 times.", factor=4.0),
            calls=lambda example: [Call((*example, 0.5)), Call((2 * example[0], example[1], 2.0))],
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "beta is 1",
            "beta is 1 unless given.",
            _same("beta was left out now."),
            calls=lambda example: [Call((*example, 1.0)), Call(example)],
            first=[TRIANGLE, BLOCK],
        ),
        law(
            "wherever the cloud lies",
            "Shifting all samples by the same vector changes nothing.",
            _same("All samples were shifted by the same vector."),
            calls=shifted,
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "however it is turned",
            "Mirroring, reordering or repeating the data changes nothing.",
            _same(*TURNED),
            calls=turned,
            first=[TRIANGLE, BLOCK],
            examples=CLOUDS,
        ),
        conduct(0.25, first=[TRIANGLE, BLOCK], examples=CLOUDS),
    ),
    probes=(
        Call((np.array([[0.7, 2.3, 1.1], [1.9, 0.4, 1.6], [0.2, 1.5, 3.3], [2.8, 3.1, 0.5], [1.3, 0.9, 2.0]]), 2, 0.4)),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 1)),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 2), {"beta": 1.1}),
        Call(
            (
                np.array(
                    [
                        [0.5, 1.4, -0.3, 0.8],
                        [1.6, -0.7, 0.9, 0.1],
                        [0.2, 0.6, 1.8, -1.2],
                        [-0.4, 1.1, 0.7, 2.0],
                        [1.3, 0.9, -0.8, 0.6],
                    ]
                ),
                3,
                0.2,
            )
        ),
        Call((np.array([[1.2, 0.3], [0.4, 2.2], [2.9, 1.7]]), 2, 9.0)),
        Call(
            (np.array([[0.7, 2.3, 1.1], [1.9, 0.4, 1.6], [0.2, 1.5, 3.3], [2.8, 3.1, 0.5], [1.3, 0.9, 2.0]]), 1, 0.15)
        ),
    ),
)
