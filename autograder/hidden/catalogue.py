"""How hidden checks, known mistakes and right variants are written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..checks.judging import ATOL, RTOL, close, equals, one_call
from ..checks.problem import Answer, Call, Check, Mistake

Function = Callable[..., Any]

_REGIME = "Right values earn their points by regime, so that what goes wrong in one of them costs only that part."


@dataclass
class Catalogue:
    """The known mistakes and right variants of a problem, collected by decorators in the order they are written.

    Each entry is one self-contained function (it may use `np` and nested helpers, nothing else of its module), so that
    its source can stand in a student's answer cell.
    """

    mistakes: list[Mistake] = field(default_factory=list)
    variants: dict[str, list[Function]] = field(default_factory=dict)

    def mistake(
        self,
        exercise: str,
        name: str,
        says: str,
        *,
        share: float = 0.0,
        tell: Callable[[Sequence[Call], Sequence[Answer]], bool] | None = None,
    ) -> Callable[[Function], Function]:
        """Register the decorated function as a known mistake with its name and its sentence to the student."""

        def register(function: Function) -> Function:
            self.mistakes.append(Mistake(exercise, name, says, function, share, tell))
            return function

        return register

    def variant(self, exercise: str) -> Callable[[Function], Function]:
        """Register the decorated function as an honest right implementation that differs from the reference."""

        def register(function: Function) -> Function:
            self.variants.setdefault(exercise, []).append(function)
            return function

        return register


def joined(*parts: Catalogue) -> Catalogue:
    """One catalogue of what several modules of a problem collected."""
    whole = Catalogue()
    for part in parts:
        whole.mistakes += part.mistakes
        for exercise, known in part.variants.items():
            whole.variants.setdefault(exercise, []).extend(known)
    return whole


def by_regime(checks: dict[str, tuple[Check, ...]]) -> dict[str, tuple[Check, ...]]:
    """Give the checks that say no reason to stay the one of all checks of values."""
    return {name: tuple(replace(check, why=check.why or _REGIME) for check in all_) for name, all_ in checks.items()}


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


def imprecise(exact: Function, loose: float, tight: float = RTOL) -> Callable[[Sequence[Call], Sequence[Answer]], bool]:
    """Recognise answers that are right to a few digits only: a float type too small, whatever the order of operations."""

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        pairs = [(answer.value, exact(*call.args, **call.kwargs)) for call, answer in zip(calls, answers, strict=True)]
        return all(close(value, right, loose, loose) for value, right in pairs) and not all(
            close(value, right, tight, 0.1 * tight) for value, right in pairs
        )

    return tell
