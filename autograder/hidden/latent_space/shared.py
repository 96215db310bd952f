"""What hidden checks of several exercises of latent_space ask about, and what several of their mistakes share."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.exercise import Check, Fault
from ...checks.latent_space.sample_prior import asked


def drawn(name: str, must: str, judge: Any, points: float, examples: Any) -> Check:
    """A hidden check of random draws that gives points."""

    def seen(example: Any, answers: Any) -> Fault | None:
        fault: Fault | None = judge(example, *[answer.value for answer in answers])
        return fault

    return Check(name, must, asked, seen, (), examples, 2, points, earns=True, hidden=True)


T = np.array([0.0, 0.2, 0.7, 1.0])
SLIP = 0.3
