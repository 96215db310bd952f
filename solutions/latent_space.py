"""Reference code of the notebook `05_latent_space`: paths, samples, codes and labels in latent space."""

from __future__ import annotations

import numpy as np


def lerp(z_a: np.ndarray, z_b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Return points on the straight line from z_a (t = 0) to z_b (t = 1).

    z_a, z_b: (k,).  t: a float from 0 to 1, or an array (steps,) of them.
    Returns (k,) for a float, (steps, k) for an array.
    """
    share: np.ndarray = np.asarray(t)[..., None]
    path: np.ndarray = (1.0 - share) * z_a + share * z_b
    return path


def slerp(z_a: np.ndarray, z_b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """Return points on the spherical path from z_a (t = 0) to z_b (t = 1), after Shoemake (1985).

    The angle is the one between the directions of z_a and z_b; the weights are applied to the vectors as they are.
    Where there is no such path (the vectors are parallel, exactly opposite, or one is zero): `lerp`.
    z_a, z_b: (k,).  t: a float from 0 to 1, or an array (steps,) of them.
    Returns (k,) for a float, (steps, k) for an array.
    """
    lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
    if lengths == 0.0:
        return lerp(z_a, z_b, t)
    angle = np.arccos(np.clip(z_a @ z_b / lengths, -1.0, 1.0))
    # Rounding leaves parallel vectors an angle of about 1e-8 and makes sin(pi) a little more than 0.
    if np.sin(angle) < 1e-6:
        return lerp(z_a, z_b, t)
    share: np.ndarray = np.asarray(t)[..., None]
    path: np.ndarray = (np.sin((1.0 - share) * angle) * z_a + np.sin(share * angle) * z_b) / np.sin(angle)
    return path


def sample_prior(n: int, k: int, rng: np.random.Generator) -> np.ndarray:
    """Draw n latent vectors from the prior N(0, I).

    rng: the only source of random numbers.
    Returns (n, k), one vector per row.
    """
    return rng.standard_normal((n, k))


def nearest_code(z_e: np.ndarray, codebook: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Replace each encoding by the codebook entry nearest to it (Euclidean distance), as a VQ-VAE does.

    z_e: (n, k), encodings.  codebook: (m, k), one code per row.  Among equally near codes the first counts.
    Returns (indices, z_q): the rows chosen, (n,) whole numbers from 0, and these codes themselves, (n, k).
    """
    distances = np.sum((z_e[:, None, :] - codebook[None, :, :]) ** 2, axis=2)
    indices = np.argmin(distances, axis=1)
    return indices, codebook[indices]


def condition_on_label(z: np.ndarray, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Append each sample's label, one-hot, to its latent vector: the input of a conditional VAE's decoder.

    z: (n, k).  labels: (n,), whole numbers from 0 to n_classes - 1.
    Returns (n, k + n_classes).
    """
    return np.concatenate([z, np.eye(n_classes)[labels]], axis=1)
