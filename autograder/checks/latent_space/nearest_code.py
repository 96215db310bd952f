"""Public checks of `nearest_code`: its form, its laws, its probes."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from .. import answer_form
from ..examples import arrays
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law
from ..relations import implied
from .shared import NUMBERS


def clear(drawn: Any) -> bool:
    """Whether every encoding has a nearest code by a margin that no rounding bridges."""
    distances = np.sort(np.sum((drawn[0][:, None] - drawn[1]) ** 2, axis=2), axis=1)
    return distances.shape[1] == 1 or bool(np.all(distances[:, 1] - distances[:, 0] >= 0.02))


def encodings(codes: Any, largest: int = 4) -> Any:
    """(z_e, codebook) with a drawn number of codes."""
    sizes = st.tuples(st.integers(1, 5), codes, st.integers(1, largest))
    return sizes.flatmap(lambda s: st.tuples(arrays((s[0], s[2]), NUMBERS), arrays((s[1], s[2]), NUMBERS))).filter(
        clear
    )


ENCODED = encodings(st.integers(2, 5))
CODES = (np.array([[0.9, 0.2], [-1.1, 0.4], [2.2, 2.1]]), np.array([[0.0, 3.0], [1.0, 0.0], [-1.0, 0.0], [2.0, 2.5]]))


def _one_a_row(z_e: Any, codebook: Any) -> list[tuple[int, ...]]:
    return [(len(z_e),)]


def _as_encoded(z_e: Any, codebook: Any) -> list[tuple[int, ...]]:
    return [np.shape(z_e)]


def _belongs(example: Any, found: Any) -> Fault | None:
    indices, z_q = found
    codebook = example[1]
    if np.any((indices < 0) | (indices >= len(codebook))):
        return Fault(f"rows from 0 to {len(codebook) - 1}", indices, 0, "This is `indices`.")
    rows = codebook[indices]
    return None if close(z_q, rows) else implied("the rows that `indices` names", rows, z_q, 0, "This is `z_q`.")


def _again_the_same(example: Any, found: Any) -> Fault | None:
    right = (np.arange(len(example[1])), example[1])
    return None if close(found, right) else Fault(right, found, 0, "Each encoding lies exactly on a code.")


def _codes_themselves(example: Any) -> list[Call]:
    return [Call((example[1].copy(), example[1]))]


def _moved(example: Any, found: Any, other: Any) -> Fault | None:
    told = "Encodings and codes were moved together: the same codes must be the nearest."
    return None if np.array_equal(found[0], other[0]) else implied("the indices before", found[0], other[0], 1, told)


def _move(example: Any) -> list[Call]:
    return [Call(example), Call((example[0] + 5.0, example[1] + 5.0))]


def _row_by_row(example: Any, together: Any, *alone: Any) -> Fault | None:
    apart = tuple(np.concatenate([one[part] for one in alone]) for part in (0, 1))
    words = "the codes that come out one encoding at a time"
    return None if close(together, apart) else implied(words, apart, together)


def _rows(example: Any) -> list[Call]:
    return [Call(example), *[Call((row[None].copy(), example[1])) for row in example[0]]]


EXERCISE = Exercise(
    name="nearest_code",
    points=4,
    parameters=("z_e", "codebook"),
    form=answer_form.Form((answer_form.Part("indices", _one_a_row, "integer"), answer_form.Part("z_q", _as_encoded))),
    read="“Exercise 4: the nearest code”",
    checks=(
        law(
            "z_q belongs to indices",
            "z_q holds the rows of the codebook that indices names.",
            _belongs,
            first=[CODES],
            examples=ENCODED,
        ),
        law("codes stay", "A code is its own nearest code.", _again_the_same, calls=_codes_themselves, first=[CODES]),
        law(
            "moved together",
            "Moving encodings and codes together changes no choice.",
            _moved,
            calls=_move,
            first=[CODES],
            examples=ENCODED,
        ),
        law(
            "each for itself",
            "Each encoding finds its code for itself.",
            _row_by_row,
            calls=_rows,
            first=[CODES],
            examples=ENCODED,
        ),
        conduct(0.25, first=[CODES], examples=ENCODED),
    ),
    probes=(
        Call(CODES),
        Call(
            (
                np.array([[0.7, -1.3, 0.2], [1.9, 1.2, -0.6]]),
                np.array([[2.0, 2.0, 2.0], [1.3, -0.4, 0.9], [1.1, -1.6, -0.5], [3.4, 1.1, -0.7]]),
            )
        ),
        Call(
            (np.array([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]]), np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 0.0], [0.0, 1.0]]))
        ),
        Call((np.array([[0.2], [0.9]]), np.array([[1.2], [0.1], [-0.4]]))),
        Call((np.array([[0.0]]), np.array([[2.0], [-1.9998]]))),
        Call((np.array([[0.0, 0.0], [0.4, 0.3]]), np.array([[0.0, 2.2], [1.5, 1.5]]))),
        Call((np.array([[0.1, 0.2], [0.4, 0.0]]), np.array([[1.5, 1.6], [0.0, 2.1]]))),
    ),
)
