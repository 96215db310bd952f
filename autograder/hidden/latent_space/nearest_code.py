"""Hidden checks of `nearest_code`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays
from ...checks.exercise import Call, Check
from ...checks.latent_space.nearest_code import CODES, encodings
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..values import values, with_large
from .shared import SLIP


def _several(codes: Any) -> Any:
    """Several encodings of several dimensions: an axis of length 1 that gets lost costs the check of these alone."""
    return encodings(codes).filter(lambda drawn: min(drawn[0].shape) > 1)


TIES = [
    (np.array([[0.0, 0.0], [2.0, 0.0], [5.0, 5.0]]), np.array([[9.0, 9.0], [1.0, 0.0], [-1.0, 0.0], [3.0, 0.0]])),
    (np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([[5.0, 5.0], [2.0, 2.0], [0.0, 0.0], [2.0, 2.0]])),
    (np.array([[0.0], [4.0]]), np.array([[3.0], [-2.0], [2.0], [5.0]])),
]
WHOLE = st.tuples(st.integers(1, 4), st.integers(2, 6), st.integers(1, 3)).flatmap(
    lambda s: st.tuples(*[arrays(shape, st.integers(-2, 2).map(float)) for shape in ((s[0], s[2]), (s[1], s[2]))])
)
METRICS = (np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.5, 1.5], [0.0, 2.0], [-1.8, -1.1], [3.2, 1.0]]))
# Many digits, and the nearest code behind ten others and by little: rounding, or looking at some codes only, shows.
FINE = (
    np.array([[0.123456, -1.654321], [2.718281, 0.577215]]),
    np.array([[2.345678, 1.414213], [0.314159, -1.732051], [-0.987654, 0.123456]]),
)
MANY = (
    np.array([[0.5, 0.25], [1.5, -1.0]]),
    np.array([*[[3.0 + j, 2.0] for j in range(11)], [0.87, 0.25], [0.5, 0.58], [1.25, -1.25]]),
)
# Half precision cannot tell the two codes apart, single precision can, however the distance is computed.
CLOSE = (np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[2.0, 0.0], [-1.9998, 0.0], [3.0, 0.0]]))

CHECKS: tuple[Check, ...] = (
    values(
        "ordinary inputs",
        "The nearest codes, and their places, are right.",
        oracles.nearest_code,
        points=1.5,
        first=[CODES, METRICS, FINE, MANY, CLOSE],
        examples=_several(st.integers(2, 6)),
    ),
    values(
        "indices",
        "The places of the nearest codes are right.",
        oracles.nearest_code,
        points=0.75,
        part=0,
        first=[CODES, METRICS, MANY],
        examples=_several(st.integers(3, 6)),
    ),
    values(
        "z_q",
        "The nearest codes themselves are right.",
        oracles.nearest_code,
        points=0.5,
        part=1,
        first=[CODES, METRICS, FINE],
        examples=_several(st.integers(3, 6)),
    ),
    values(
        "ties",
        "Among equally near codes the one with the lowest index counts.",
        oracles.nearest_code,
        points=0.75,
        first=TIES,
        examples=WHOLE,
        count=14,
    ),
    values(
        "one code, one dimension",
        "A single code, encoding or dimension is no special case.",
        oracles.nearest_code,
        points=0.25,
        earns=False,
        first=[(np.array([[2.0]]), np.array([[1.0]])), (np.array([[2.0]]), np.array([[0.0], [3.0]]))],
        examples=st.one_of(encodings(st.just(1)), encodings(st.integers(2, 4), 1)),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.nearest_code,
    lambda draw: (draw.uniform(-2, 2, (150, 12)), draw.uniform(-2, 2, (140, 12))),
    points=0.25,
)

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("nearest_code")


@variant
def code_by_distances(z_e: Any, codebook: Any) -> Any:
    distances = np.sum((z_e[:, None] - codebook) ** 2, axis=2)
    indices = np.argmin(distances, axis=1)
    z_q = codebook[indices]
    return indices, z_q


@CATALOGUE.undoes("nearest_code", "the two are swapped")
def _indices_first(call: Call, found: Any) -> Any:
    z_q, indices = found
    return (indices, z_q) if np.ndim(z_q) == 2 and np.ndim(indices) == 1 else None


edited = CATALOGUE.edits("nearest_code", code_by_distances)


edited(
    "the largest product instead of the smallest distance",
    "The code with the largest dot product was taken. A long code wins there even when another one is nearer.",
    ("np.sum((z_e[:, None] - codebook) ** 2, axis=2)", "-z_e @ codebook.T"),
)
edited(
    "the smallest product",
    "The code with the smallest dot product was taken: it points away from the encoding. The nearest one has the smallest distance.",
    ("np.sum((z_e[:, None] - codebook) ** 2, axis=2)", "z_e @ codebook.T"),
)
edited(
    "the most similar direction instead of the smallest distance",
    "The code with the most similar direction was taken. How far apart the two lie counts, not only the angle.",
    (
        "np.sum((z_e[:, None] - codebook) ** 2, axis=2)",
        "-z_e @ codebook.T / np.maximum(np.linalg.norm(z_e, axis=1)[:, None] * np.linalg.norm(codebook, axis=1), 1e-300)",
    ),
)
edited(
    "absolute differences are added",
    "Distances were taken along the axes (city blocks). The Euclidean distance is required.",
    ("(z_e[:, None] - codebook) ** 2", "np.abs(z_e[:, None] - codebook)"),
)
edited(
    "only the largest difference counts",
    "Only the entry with the largest difference was compared. All entries count in the Euclidean distance.",
    ("np.sum(", "np.max("),
    ("(z_e[:, None] - codebook) ** 2", "np.abs(z_e[:, None] - codebook)"),
)
edited(
    "differences cancel",
    "Differences were added with their signs, so that they cancel. Square them first.",
    ("np.sum((z_e[:, None] - codebook) ** 2, axis=2)", "np.sum(z_e[:, None] - codebook, axis=2) ** 2"),
)
edited(
    "only lengths are compared",
    "The lengths of encodings and codes were compared. The length of their difference counts.",
    (
        "np.sum((z_e[:, None] - codebook) ** 2, axis=2)",
        "np.abs(np.linalg.norm(z_e, axis=1)[:, None] - np.linalg.norm(codebook, axis=1))",
    ),
)
edited("the farthest code", "The largest distance was taken, not the smallest.", ("argmin", "argmax"))
edited(
    "the last of equally near codes",
    "Among equally near codes the last was taken. The first counts.",
    ("np.argmin(distances, axis=1)", "len(codebook) - 1 - np.argmin(distances[:, ::-1], axis=1)"),
)
edited(
    "the nearest encoding of each code",
    "For every code the nearest encoding was looked for. It is the other way round: look along which axis you "
    "take the least.",
    ("axis=1", "axis=0"),
    ("codebook[indices]", "z_e[indices]"),
)
edited(
    "one code for all encodings",
    "The same code was taken for every encoding: the one nearest to all together.",
    ("np.argmin(distances, axis=1)", "np.full(len(z_e), np.argmin(np.sum(distances, axis=0)))"),
)
edited(
    "indices count from 1",
    "The indices are too large by one: rows count from 0.",
    ("return indices", "return indices + 1"),
    share=SLIP,
)
edited(
    "the two are swapped",
    "The first thing returned must be the indices, the second the codes.",
    ("return indices, z_q", "return z_q, indices"),
    share=SLIP,
)
edited(
    "distances instead of codes",
    "The second thing is the distances. The codes themselves are required.",
    ("return indices, z_q", "return indices, np.min(distances, axis=1)"),
    share=SLIP,
)
edited(
    "only the indices",
    "One array came back. Return the pair (indices, z_q).",
    ("return indices, z_q", "return indices"),
    share=SLIP,
)
edited(
    "only the codes",
    "One array came back. Return the pair (indices, z_q).",
    ("return indices, z_q", "return z_q"),
    share=SLIP,
)
edited(
    "the encodings come back",
    "z_q is z_e itself. The codes have to take its place.",
    ("codebook[indices]", "z_e.copy()"),
    share=SLIP,
)
edited(
    "what is left over comes back",
    "z_q is the difference between encodings and codes. The codes themselves are required.",
    ("= codebook[indices]", "= z_e - codebook[indices]"),
    also=[[("z_q = codebook[indices]", "z_q = codebook[indices] - z_e")]],
    share=SLIP,
)
edited(
    "one-hot rows instead of indices",
    "The choice came one-hot. A whole number for each encoding is required.",
    ("return indices", "return np.eye(len(codebook))[indices]"),
    share=SLIP,
)


@mistake(
    "encodings are changed in place",
    "The codes were written into the caller's z_e, which is different afterwards. Make a new array.",
)
def code_in_place(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    z_e[:] = codebook[indices]
    return indices, z_e


edited(
    "encodings and codes are paired off",
    "Row was taken against row, which needs as many codes as encodings. Every encoding has to meet every code.",
    ("z_e[:, None]", "z_e"),
    ("axis=2", "axis=1"),
    ("np.argmin(distances, axis=1)", "np.argmin(distances)"),
)
edited(
    "the smallest distance along the wrong axis",
    "The distances were compared along the encodings, so that each code found its encoding. Each encoding must find its code.",
    ("axis=1", "axis=0"),
)
edited(
    "differences with their signs",
    "Differences were added up without squaring them, so that negative ones look near.",
    ("(z_e[:, None] - codebook) ** 2", "z_e[:, None] - codebook"),
)
edited(
    "the product lost its factor of two",
    "Multiplied out, the square of a difference has a product in its middle: see how often it counts.",
    ("np.sum((z_e[:, None] - codebook) ** 2, axis=2)", "np.sum(codebook**2, axis=1) - z_e @ codebook.T"),
)
edited(
    "the last code is never looked at",
    "The loop ends one code too early. `range(m)` ends before m already.",
    ("(z_e[:, None] - codebook)", "(z_e[:, None] - (codebook[:-1] if len(codebook) > 1 else codebook))"),
)
edited(
    "one place in the whole table of distances",
    "`argmin` without an axis counts through the whole table and gives one number. Each encoding needs its own.",
    ("np.argmin(distances, axis=1)", "np.argmin(distances)"),
)
edited(
    "distances instead of indices",
    "The first thing is the distances. Their places are required.",
    ("return indices", "return np.min(distances, axis=1)"),
)
edited(
    "indices in a column",
    "The indices have an axis too many: (n,) is required, not (n, 1).",
    ("return indices", "return indices[:, None]"),
    share=SLIP,
)
edited(
    "computed in float16",
    "Half precision has three digits, too few to tell codes apart that are nearly equally near. Leave the arrays as they come.",
    ("(z_e[:, None] - codebook) ** 2", "(z_e.astype(np.float16)[:, None] - codebook.astype(np.float16)) ** 2"),
)


@variant
def code_norm(z_e: Any, codebook: Any) -> Any:
    indices = np.linalg.norm(z_e[:, None, :] - codebook, axis=-1).argmin(axis=-1)
    return indices, codebook[indices]


@variant
def code_expanded(z_e: Any, codebook: Any) -> Any:
    distances = (z_e**2).sum(1)[:, None] - 2 * z_e @ codebook.T + (codebook**2).sum(1)
    indices = np.argmin(distances, axis=1)
    return indices.tolist(), np.take(codebook, indices, axis=0).tolist()


@variant
def code_loop(z_e: Any, codebook: Any) -> Any:
    indices = []
    for z in z_e:
        best, least = 0, float("inf")
        for j, code in enumerate(codebook):
            distance = sum((a - b) ** 2 for a, b in zip(z, code, strict=True))
            if distance < least:
                best, least = j, distance
        indices.append(best)
    return indices, [codebook[j] for j in indices]


@variant
def code_by_one_hot(z_e: Any, codebook: Any) -> Any:
    indices = np.array([np.argmin(np.sum((codebook - z) ** 2, axis=1)) for z in z_e])
    return indices, np.eye(len(codebook))[indices] @ codebook


@variant
def code_sorted(z_e: Any, codebook: Any) -> Any:
    distances = np.einsum("nmk->nm", np.square(z_e[:, None] - codebook[None]))
    indices = np.argsort(distances, axis=1, kind="stable")[:, 0]
    return indices, z_e + (codebook[indices] - z_e)


@variant
def code_float32(z_e: Any, codebook: Any) -> Any:
    z_e, codebook = z_e.astype(np.float32), codebook.astype(np.float32)
    indices = np.argmin(((z_e[:, None] - codebook) ** 2).sum(-1), axis=1).astype(np.int32)
    return [indices, codebook[indices]]
