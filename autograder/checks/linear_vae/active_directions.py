"""`active_directions`: a whole number that grows with k, falls with beta, and does not depend on where the cloud lies."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .. import answer_form
from ..exercise import Call, Exercise, Fault
from ..judges import conduct, law
from .best_vae_loss import HUGE, TURNED, shifted, turned
from .inputs import BLOCK, CLOUDS, TRIANGLE

# Variances of 4.5, 0.98 and 0.49, none of them close to half of a beta that is asked about.
STEPS = (np.array([[3.0, 0.0, 0.7], [-3.0, 0.0, 0.7], [0.0, 1.4, -0.7], [0.0, -1.4, -0.7]]), 3)
_FIVE = np.array(
    [
        [0.5, 1.4, -0.3, 0.8],
        [1.6, -0.7, 0.9, 0.1],
        [0.2, 0.6, 1.8, -1.2],
        [-0.4, 1.1, 0.7, 2.0],
        [1.3, 0.9, -0.8, 0.6],
    ]
)
_SIX = np.array(
    [
        [3.1, 0.2, 1.3, 0.4],
        [-2.7, 0.9, -1.1, 0.3],
        [0.6, -2.2, 1.9, -0.8],
        [-0.5, 1.6, -1.4, 1.2],
        [0.3, -0.4, -0.6, -1.1],
        [2.4, 1.7, 0.8, 0.9],
    ]
)
FAR = (0.01, 1.0, 1000.0)


def _in_range(example: Any, *counts: Any) -> Fault | None:
    for place, count in enumerate(counts):
        if not 0 <= count <= example[1]:
            return Fault(f"a number from 0 to k = {example[1]}", count, place)
    return None


def _steps(falling: bool) -> Any:
    def broken(example: Any, *counts: Any) -> Fault | None:
        for place, (before, after) in enumerate(pairwise(counts), start=1):
            if (after > before) if falling else not before <= after <= before + 1:
                words = "no more than for the smaller beta" if falling else "the same as for k one smaller, or one more"
                return Fault(words, after, place, f"You returned {before} before.", relates=True)
        return None

    return broken


def _all_k(example: Any) -> list[Call]:
    return [Call((example[0], k, 0.5)) for k in range(1, example[0].shape[1] + 1)]


def _nothing(example: Any, count: Any) -> Fault | None:
    told = "At so large a beta nothing is worth its price."
    return None if count == 0 else Fault(0, count, 0, told)


def _same(*notes: str) -> Any:
    def broken(example: Any, once: Any, *others: Any) -> Fault | None:
        for place, (other, note) in enumerate(zip(others, notes, strict=True), start=1):
            if other != once:
                return Fault("no change", other, place, f"{note} You returned {once} before.", relates=True)
        return None

    return broken


ACTIVE_DIRECTIONS = Exercise(
    name="active_directions",
    points=1.5,
    parameters=("X", "k", "beta"),
    form=answer_form.one("count", lambda *_, **__: [()], "integer"),
    read="“Exercise 5: count what is used”",
    checks=(
        law(
            "between 0 and k",
            "The answer lies between 0 and k.",
            _in_range,
            calls=lambda example: [Call((*example, beta)) for beta in FAR],
            first=[STEPS, TRIANGLE, BLOCK],
        ),
        law(
            "grows with k",
            "One more latent dimension adds one active direction or none.",
            _steps(falling=False),
            calls=_all_k,
            first=[STEPS, BLOCK],
        ),
        law(
            "falls with beta",
            "A larger beta never makes more directions active.",
            _steps(falling=True),
            calls=lambda example: [Call((*example, beta)) for beta in (0.01, 0.3, 1.5, 6.0, 30.0)],
            first=[STEPS, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "nothing is kept",
            "When beta is huge, no direction is active.",
            _nothing,
            calls=lambda example: [Call((*example, HUGE))],
            first=[STEPS, BLOCK],
            examples=CLOUDS,
        ),
        law(
            "beta is 1",
            "beta is 1 unless given.",
            _same("beta was left out now."),
            calls=lambda example: [Call((*example, 1.0)), Call(example)],
            first=[STEPS],
        ),
        law(
            "wherever the cloud lies",
            "Shifting all samples by the same vector changes nothing.",
            _same("All samples were shifted by the same vector."),
            calls=shifted,
            first=[STEPS, BLOCK],
        ),
        law(
            "however it is turned",
            "Mirroring, reordering or repeating the data changes nothing.",
            _same(*TURNED),
            calls=turned,
            first=[STEPS, BLOCK],
        ),
        conduct(0.25, first=[STEPS, BLOCK]),
    ),
    probes=(
        Call((_FIVE, 3, 1.7)),
        Call((_SIX, 4, 0.11)),
        Call((_SIX, 4), {"beta": 0.8}),
        Call((_SIX, 1, 3.1)),
        Call((_SIX, 4, 0.33)),
        Call((np.array([[3.0], [-3.0], [3.0], [-3.0]]), 1, 18.0)),
        Call((np.array([[0.7, 2.3, 1.1], [1.9, 0.4, 1.6], [0.2, 1.5, 3.3], [2.8, 3.1, 0.5], [1.3, 0.9, 2.0]]), 3)),
        Call((_FIVE, 4)),
    ),
)
