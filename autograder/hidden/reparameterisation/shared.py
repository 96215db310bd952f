"""What hidden checks of several exercises of reparameterisation ask about, and what several of their mistakes share."""

from __future__ import annotations

from typing import Any

from ...checks.examples import hundredths
from ...checks.exercise import Check, Fault
from ...checks.reparameterisation.sample_posterior import calls_of
from ..mistakes.regimes import LOG_VAR_BOUNDS

WIDE = hundredths(-20, 20)


def drawn(name: str, must: str, judge: Any, points: float, examples: Any, count: int = 2) -> Check:
    """A hidden check of random draws that gives points."""

    def seen(example: Any, answers: Any) -> Fault | None:
        fault: Fault | None = judge(example, *[answer.value for answer in answers])
        return fault

    return Check(name, must, calls_of, seen, (), examples, count, points, earns=True, hidden=True)


SLIP = 0.3
IN_PLACE = "The values are right, but the caller's arrays are different afterwards. Make new arrays."
BOUNDED = "Beyond some bound log_var was replaced by the bound, so that extreme posteriors come out wrong. The formula needs none."
HIGHS = LOG_VAR_BOUNDS
LOWS = tuple(-high for high in HIGHS)
