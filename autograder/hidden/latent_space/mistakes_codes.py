"""Known mistakes of `nearest_code`, as students and public code make them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "nearest_code",
    "the largest product instead of the smallest distance",
    "The code with the largest dot product was taken. A long code wins there even when another one is nearer.",
)
def code_dot(z_e: Any, codebook: Any) -> Any:
    indices = np.argmax(z_e @ codebook.T, axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "the most similar direction instead of the smallest distance",
    "The code with the most similar direction was taken. How far apart the two lie counts, not only the angle.",
)
def code_cosine(z_e: Any, codebook: Any) -> Any:
    lengths = np.linalg.norm(z_e, axis=1)[:, None] * np.linalg.norm(codebook, axis=1)
    indices = np.argmax(z_e @ codebook.T / np.where(lengths > 0, lengths, 1), axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "absolute differences are added",
    "Distances were taken along the axes (city blocks). The Euclidean distance is asked for.",
)
def code_l1(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.abs(z_e[:, None] - codebook).sum(axis=2), axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "only the largest difference counts",
    "Only the entry with the largest difference was compared. All entries count in the Euclidean distance.",
)
def code_largest(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.abs(z_e[:, None] - codebook).max(axis=2), axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "differences cancel",
    "Differences were added with their signs, so that they cancel. Square them first.",
)
def code_signed(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin((z_e[:, None] - codebook).sum(axis=2) ** 2, axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "only lengths are compared",
    "The lengths of encodings and codes were compared. The length of their difference counts.",
)
def code_lengths(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.abs(np.linalg.norm(z_e, axis=1)[:, None] - np.linalg.norm(codebook, axis=1)), axis=1)
    return indices, codebook[indices]


@mistake("nearest_code", "the farthest code", "The largest distance was taken, not the smallest.")
def code_farthest(z_e: Any, codebook: Any) -> Any:
    indices = np.argmax(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code", "the last of equally near codes", "Among equally near codes the last was taken. The first counts."
)
def code_last(z_e: Any, codebook: Any) -> Any:
    distances = np.sum((z_e[:, None] - codebook) ** 2, axis=2)
    indices = len(codebook) - 1 - np.argmin(distances[:, ::-1], axis=1)
    return indices, codebook[indices]


@mistake(
    "nearest_code",
    "the nearest encoding of each code",
    "For every code the nearest encoding was looked for. It is the other way round: look along which axis you "
    "take the least.",
)
def code_axis(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=0)
    return indices, z_e[indices]


@mistake(
    "nearest_code",
    "one code for all encodings",
    "The same code was taken for every encoding: the one nearest to all together.",
)
def code_one(z_e: Any, codebook: Any) -> Any:
    best = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=(0, 2)))
    indices = np.full(len(z_e), best)
    return indices, codebook[indices]


@mistake("nearest_code", "indices count from 1", "The indices are too large by one: rows count from 0.", share=SLIP)
def code_from_one(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    return indices + 1, codebook[indices]


@mistake(
    "nearest_code",
    "the two are swapped",
    "The first thing returned must be the indices, the second the codes.",
    share=SLIP,
)
def code_swapped(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    return codebook[indices], indices


@mistake(
    "nearest_code",
    "distances instead of codes",
    "The second thing is the distances. The codes themselves are asked for.",
    share=SLIP,
)
def code_distances(z_e: Any, codebook: Any) -> Any:
    distances = np.sum((z_e[:, None] - codebook) ** 2, axis=2)
    return np.argmin(distances, axis=1), distances.min(axis=1)


@mistake("nearest_code", "only the indices", "One array came back. Return the pair (indices, z_q).", share=SLIP)
def code_indices(z_e: Any, codebook: Any) -> Any:
    return np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)


@mistake("nearest_code", "only the codes", "One array came back. Return the pair (indices, z_q).", share=SLIP)
def code_rows(z_e: Any, codebook: Any) -> Any:
    return codebook[np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)]


@mistake("nearest_code", "the encodings come back", "z_q is z_e itself. The codes have to take its place.", share=SLIP)
def code_unchanged(z_e: Any, codebook: Any) -> Any:
    return np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1), z_e.copy()


@mistake(
    "nearest_code",
    "what is left over comes back",
    "z_q is the difference between encodings and codes. The codes themselves are asked for.",
    share=SLIP,
)
def code_rest(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    return indices, z_e - codebook[indices]


@mistake(
    "nearest_code",
    "one-hot rows instead of indices",
    "The choice came one-hot. A whole number for each encoding is asked for.",
    share=SLIP,
)
def code_one_hot(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    return np.eye(len(codebook))[indices], codebook[indices]


@mistake(
    "nearest_code",
    "encodings are changed in place",
    "The codes were written into the caller's z_e, which is different afterwards. Make a new array.",
)
def code_in_place(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e[:, None] - codebook) ** 2, axis=2), axis=1)
    z_e[:] = codebook[indices]
    return indices, z_e


@mistake(
    "nearest_code",
    "encodings and codes are paired off",
    "Row was taken against row, which needs as many codes as encodings. Every encoding has to meet every code.",
)
def code_paired(z_e: Any, codebook: Any) -> Any:
    indices = np.argmin(np.sum((z_e - codebook) ** 2, axis=1))
    return indices, codebook[indices]
