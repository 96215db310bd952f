"""Say by how much a value is off where six printed digits do not show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...checks.judging import close
from ...checks.problem import Answer, Check, Fault


def shown(check: Check) -> Check:
    """The same check, which adds the difference to what it tells when returned and expected would print alike."""

    def judge(example: Any, answers: Sequence[Answer]) -> Fault | None:
        fault = check.judge(example, answers)
        if fault is None or not close(fault.returned, fault.expected, 1e-5, 1e-7):
            return fault
        off = float(np.max(np.abs(np.subtract(fault.returned, fault.expected))))
        return replace(fault, note=f"It is off by {off:.2g}, which the digits above do not show.")

    return replace(check, judge=judge)
