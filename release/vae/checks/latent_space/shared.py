"""What several exercises of latent_space are asked about, and laws that hold in several."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ..examples import arrays, hundredths
from ..exercise import Call, Fault
from ..judges import close
from ..relations import implied

NUMBERS = hundredths(-3, 3)
INSIDE = hundredths(0.05, 0.95)
STEPS = st.lists(hundredths(0, 1), min_size=1, max_size=5).map(lambda steps: np.array([*steps, 0.35]))


def pairs(smallest: int = 1, largest: int = 5) -> Any:
    """Two latent vectors of one length."""
    return st.integers(smallest, largest).flatmap(lambda k: st.tuples(arrays((k,), NUMBERS), arrays((k,), NUMBERS)))


def with_t(two: Any, t: Any) -> Any:
    """The arguments (z_a, z_b, t)."""
    return st.tuples(two, t).map(lambda drawn: (*drawn[0], drawn[1]))


A, B = np.array([1.0, 0.0]), np.array([0.0, 1.0])
LONG = (np.array([3.0, 0.0, 0.5]), np.array([0.5, 1.0, -1.0]))


def points(z_a: Any, z_b: Any, t: Any) -> list[tuple[int, ...]]:
    """The shape of a path's answer: one point, or one a row."""
    return [(*np.shape(t), len(z_a))]


def ends(example: Any, start: Any, end: Any, both: Any) -> Fault | None:
    """Judge of the two ends: the path must begin at z_a and end at z_b."""
    for place, z, right in ((0, start, example[0]), (1, end, example[1]), (2, both, np.stack(example[:2]))):
        if not close(z, right, 1e-9, 1e-9):
            told = f"The path must begin at z_a and end at z_b; it misses by {np.max(np.abs(z - right)):.2g}."
            return Fault(right, z, place, told, room=np.full(np.shape(right), 1e-9))
    return None


def end_calls(example: Any) -> list[Call]:
    """The calls at t = 0, at t = 1, and at both."""
    return [Call((*example[:2], t)) for t in (0.0, 1.0, np.array([0.0, 1.0]))]


def there_and_back(example: Any, there: Any, back: Any) -> Fault | None:
    """Judge of the way back: it must be the way there."""
    told = "Walked from z_b to z_a, the path must be the same."
    return None if close(back, there) else implied("the same point as on the way there", there, back, 1, told)


def back_calls(example: Any) -> list[Call]:
    """The way there and the way back, at the same point."""
    z_a, z_b, t = example
    return [Call(example), Call((z_b, z_a, 1.0 - t))]


def one_by_one(example: Any, together: Any, *alone: Any) -> Fault | None:
    """Judge of many t: one at a time must give the same points."""
    words = "the points that come out one t at a time"
    return None if close(together, np.stack(alone)) else implied(words, np.stack(alone), together)


def t_calls(example: Any) -> list[Call]:
    """All t at once, then one at a time."""
    return [Call(example), *[Call((*example[:2], float(t))) for t in example[2]]]


def even(example: Any, path: Any) -> Fault | None:
    """Judge of even steps of t: neighbouring points must be equally far apart."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    told = "The steps between neighbouring points should be equally long."
    return None if close(steps, np.full(4, steps.mean()), 1e-4, 1e-4) else Fault("equal steps", path, 0, told)


def even_calls(example: Any) -> list[Call]:
    """The call for five even steps."""
    return [Call((*example[:2], np.array([0.0, 0.25, 0.5, 0.75, 1.0])))]


T = (0.25, np.array([0.0, 0.3, 0.5, 1.0]))
