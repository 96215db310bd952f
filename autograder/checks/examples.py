"""Examples: hypothesis strategies of short numbers, banks drawn once by seed, and the search for a smaller one."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
import numpy as np
from hypothesis import HealthCheck, Phase
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.extra import numpy as hnp

from .exercise import Call, Check
from .hypothesis_internals import alike_everywhere
from .identity_cache import keep
from .judges import one_call

Bank = dict[str, tuple[Any, ...]]

# Otherwise a folder named .hypothesis appears wherever a student or a grader happens to work.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")


def hundredths(low: float, high: float, step: float = 0.01) -> st.SearchStrategy[float]:
    """Floats with two decimals between `low` and `high`: short to read, and shrinking to 0."""
    scale = round(1 / step)
    return st.integers(round(low * scale), round(high * scale)).map(lambda whole: whole / scale)


def magnitudes(low: float, high: float) -> st.SearchStrategy[float]:
    """Positive floats spread evenly in size between `low` and `high`, rounded to three digits."""
    ends = np.log10([low, high])
    exponents = st.integers(round(ends[0] * 100), round(ends[1] * 100))
    return exponents.map(lambda exponent: float(f"{min(max(10 ** (exponent / 100), low), high):.3g}"))


def arrays(shape: Any, elements: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Arrays of float64 of a shape (a tuple or a strategy of tuples), each element drawn for itself."""
    return hnp.arrays(np.float64, shape, elements=elements, fill=st.nothing())


def shapes(dims: int, largest: int = 4) -> st.SearchStrategy[Any]:
    """Shapes of `dims` dimensions, each from 1 to `largest`."""
    return st.tuples(*[st.integers(1, largest)] * dims)


def _settings(count: int, *phases: Phase) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def draw(strategy: Any, count: int, seed: int) -> list[Any]:
    """Draw `count` examples or fewer; the same seed gives the same examples under the same versions."""
    drawn: list[Any] = []

    @hypothesis.seed(seed)
    @_settings(count, Phase.generate)
    @hypothesis.given(strategy)
    def collect(example: Any) -> None:
        drawn.append(example)

    with alike_everywhere():
        collect()
    return drawn


Drawn = dict[int, list[Any]]
"""What was drawn for the checks at these positions; others have the same as one of those."""


def drawn_for(checks: Sequence[Check], seed: int) -> Drawn:
    """Draw for every check; those that draw as many calls from the same strategy get the same ones, so that each is asked once."""
    return {
        position: [] if check.examples is None else draw(check.examples, check.count, seed * 1009 + position)
        for position, check in _drawing(checks).items()
    }


def bank(checks: Sequence[Check], seed: int) -> Bank:
    """The examples of every check by its name, the hand-picked ones and those drawn with a seed."""
    return bank_of(checks, drawn_for(checks, seed))


def bank_of(checks: Sequence[Check], drawn: Drawn) -> Bank:
    """The examples of every check by its name: the hand-picked ones, then the drawn ones, simplest first."""
    places = {_kind(position, check): position for position, check in _drawing(checks).items()}
    examples: Bank = {}
    for position, check in enumerate(checks):
        more = sorted(drawn[places[_kind(position, check)]], key=lambda example: size(check.calls(example)))
        examples[check.name] = (*check.first, *more)
        keep(examples[check.name])
    return examples


def _kind(position: int, check: Check) -> tuple[int, ...]:
    return (id(check.examples), check.count) if check.calls is one_call else (position,)


def _drawing(checks: Sequence[Check]) -> dict[int, Check]:
    """The checks that are drawn for, by position: the first of each kind."""
    first: dict[tuple[int, ...], tuple[int, Check]] = {}
    for position, check in enumerate(checks):
        first.setdefault(_kind(position, check), (position, check))
    return dict(first.values())


def size(calls: Iterable[Call]) -> tuple[int, int]:
    """How much a reader must take in: how many numbers, then how many characters."""
    count = length = 0
    for call in calls:
        for argument in (*call.args, *call.kwargs.values()):
            count += int(np.size(argument)) if isinstance(argument, (np.ndarray, float, int)) else 1
            length += len(str(argument))
    return count, length


class _Enough(BaseException):
    """The budget is spent; no subclass of Exception, so that the search does not take it for a failure."""


def smaller(strategy: Any, fails: Callable[[Any], bool], seed: int, tries: int) -> Any | None:
    """The simplest example found that fails, asking at most `tries` times; None when none was found."""
    best: list[Any] = []
    left = tries

    def failing(example: Any) -> bool:
        nonlocal left
        if left == 0:
            raise _Enough
        left -= 1
        broken = fails(example)
        if broken:
            best[:] = [example]
        return broken

    ends = (_Enough, hypothesis.errors.NoSuchExample, hypothesis.errors.Flaky)
    with contextlib.suppress(*ends), alike_everywhere():
        hypothesis.find(
            strategy,
            failing,
            settings=_settings(tries, Phase.generate, Phase.shrink),
            random=random.Random(seed),
        )
    return best[0] if best else None
