"""Hidden checks of values: answers against an oracle, by regime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ..checks.exercise import Check
from ..checks.hypothesis_internals import require
from ..checks.judges import ATOL, RTOL, equals, one_call

Function = Callable[..., Any]

# What is graded must be the same on every machine.
require()

_REGIME = "Right values earn their points by regime, so that what goes wrong in one of them costs only that part."


def by_regime(checks: dict[str, tuple[Check, ...]]) -> dict[str, tuple[Check, ...]]:
    """Give the checks that say no reason to stay the one of all checks of values."""
    return {name: tuple(replace(check, why=check.why or _REGIME) for check in all_) for name, all_ in checks.items()}


MANY = "More than a hundred samples, more than ten columns, numbers with many digits: the same holds."


def drawn_with(make: Callable[[np.random.Generator], tuple[Any, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Arguments that `make` draws with a Generator: for arrays too large for hypothesis to draw them entry by entry."""
    return st.integers(0, 2**32 - 1).map(lambda seed: make(np.random.default_rng(seed)))


def with_large(
    checks: tuple[Check, ...],
    exact: Function,
    make: Callable[[np.random.Generator], tuple[Any, ...]],
    *,
    points: float,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> tuple[Check, ...]:
    """The checks and one more, about large inputs with many digits; its points come from the first check that earns.

    `make` returns the arguments for a Generator. Answers that are right for a few round numbers only lose these points.
    """
    payer = next(position for position, check in enumerate(checks) if check.earns)
    paid = replace(checks[payer], points=round(checks[payer].points - points, 2))
    more = values(
        "large inputs",
        MANY,
        exact,
        points=points,
        examples=drawn_with(make),
        count=2,
        rtol=rtol,
        atol=atol,
    )
    return (*checks[:payer], paid, *checks[payer + 1 :], more)


def values(
    name: str,
    must: str,
    exact: Function,
    *,
    points: float,
    first: Sequence[Any] = (),
    examples: Any = None,
    count: int = 10,
    earns: bool = True,
    rtol: float = RTOL,
    atol: float = ATOL,
    part: int | None = None,
) -> Check:
    """A hidden check of values (or of one part) against an oracle; an example is a tuple of arguments or a Call."""
    judge = equals(exact, rtol, atol, part)
    return Check(
        name, must, one_call, judge, tuple(first), examples, count, points, earns=earns, hidden=True, why=_REGIME
    )
