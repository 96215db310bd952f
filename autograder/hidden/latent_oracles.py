"""Right values of 05_latent_space, written independently of the reference solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def lerp(z_a: Array, z_b: Array, t: Array) -> Array:
    """The straight line from z_a to z_b, as a start and a way."""
    start, way = np.asarray(z_a, np.longdouble), np.subtract(z_b, z_a, dtype=np.longdouble)
    return np.asarray(start + np.multiply.outer(np.asarray(t, np.longdouble), way), dtype=np.float64)


def slerp(z_a: Array, z_b: Array, t: Array) -> Array:
    """Shoemake's path (1985) by its geometry: turn the direction of z_a, and read off the weights of both directions.

    Where the directions span no plane (parallel, opposite or zero vectors): `lerp`.
    """
    a, b = np.asarray(z_a, np.float64), np.asarray(z_b, np.float64)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) == 0:
        return lerp(a, b, t)
    u, v = a / lengths[0], b / lengths[1]
    aside = v - (u @ v) * u
    if np.linalg.norm(aside) < 1e-6:
        return lerp(a, b, t)
    angle = np.arctan2(np.linalg.norm(aside), u @ v)
    turned = np.multiply.outer(np.cos(np.multiply(t, angle)), u)
    turned += np.multiply.outer(np.sin(np.multiply(t, angle)), aside / np.linalg.norm(aside))
    gram = np.array([[1.0, u @ v], [u @ v, 1.0]])
    weights = np.linalg.solve(gram, np.stack([turned @ u, turned @ v]).reshape(2, -1))
    return (weights.T @ np.stack([a, b])).reshape(*np.shape(t), len(a))


def nearest_code(z_e: Array, codebook: Array) -> tuple[Array, Array]:
    """The nearest row of the codebook for each encoding, the first among equals (van den Oord et al. 2017)."""
    found = [min(range(len(codebook)), key=lambda j: (float(np.sum(np.square(z - codebook[j]))), j)) for z in z_e]
    return np.array(found), np.stack([codebook[j] for j in found])


def condition_on_label(z: Array, labels: Array, n_classes: int) -> Array:
    """Latent vectors with a 1 at the label's place among n_classes further numbers (Sohn et al. 2015)."""
    out = np.zeros((len(z), z.shape[1] + n_classes))
    out[:, : z.shape[1]] = z
    out[np.arange(len(z)), z.shape[1] + np.asarray(labels)] = 1.0
    return out
