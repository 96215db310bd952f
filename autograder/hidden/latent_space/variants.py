"""Right implementations of 05_latent_space that differ from the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("lerp")
def lerp_by_way(z_a: Any, z_b: Any, t: Any) -> Any:
    return z_a + np.multiply.outer(t, z_b - z_a)


@variant("lerp")
def lerp_cases(z_a: Any, z_b: Any, t: Any) -> Any:
    if np.ndim(t) == 0:
        return (1 - t) * z_a + t * z_b
    return np.array([(1 - one) * z_a + one * z_b for one in t])


@variant("lerp")
def lerp_lists(z_a: Any, z_b: Any, t: Any) -> Any:
    def at(one: float) -> list[float]:
        return [a + one * (b - a) for a, b in zip(z_a.tolist(), z_b.tolist(), strict=True)]

    return at(t) if isinstance(t, float) else [at(one) for one in t]


@variant("lerp")
def lerp_matmul(z_a: Any, z_b: Any, t: Any) -> Any:
    weights = np.stack([1 - np.asarray(t), np.asarray(t)], axis=-1)
    return weights @ np.stack([z_a, z_b])


@variant("lerp")
def lerp_float32(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t, dtype=np.float32)[..., None]
    return (1 - t) * z_a.astype(np.float32) + t * z_b.astype(np.float32)


@variant("slerp")
def slerp_textbook(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t).reshape(*np.shape(t), 1)
    na, nb = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if na == 0 or nb == 0:
        return (1 - t) * z_a + t * z_b
    cosine = np.dot(z_a / na, z_b / nb)
    if abs(cosine) > 0.9995:
        return (1 - t) * z_a + t * z_b
    omega = np.arccos(cosine)
    return np.sin((1 - t) * omega) / np.sin(omega) * z_a + np.sin(t * omega) / np.sin(omega) * z_b


@variant("slerp")
def slerp_atan(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    na, nb = np.linalg.norm(z_a), np.linalg.norm(z_b)
    if na * nb > 0:
        u, v = z_a / na, z_b / nb
        omega = 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
        if 1e-7 < omega < np.pi - 1e-7:
            return (np.sin(omega - t * omega) * z_a + np.sin(t * omega) * z_b) / np.sin(omega)
    return z_a + t * (z_b - z_a)


@variant("slerp")
def slerp_loop(z_a: Any, z_b: Any, t: Any) -> Any:
    import math

    def at(one: float) -> list[float]:
        lengths = math.sqrt(sum(a * a for a in z_a)) * math.sqrt(sum(b * b for b in z_b))
        omega = (
            math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(z_a, z_b, strict=True)) / lengths)))
            if lengths
            else 0.0
        )
        if math.sin(omega) < 1e-5:
            first, second = 1 - one, one
        else:
            first, second = math.sin((1 - one) * omega) / math.sin(omega), math.sin(one * omega) / math.sin(omega)
        return [first * a + second * b for a, b in zip(z_a, z_b, strict=True)]

    return at(t) if np.ndim(t) == 0 else [at(one) for one in t]


@variant("slerp")
def slerp_weights(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t, dtype=float)
    lengths = np.sqrt((z_a @ z_a) * (z_b @ z_b))
    omega = np.arccos(np.clip((z_a @ z_b) / lengths, -1, 1)) if lengths > 0 else 0.0
    so = np.sin(omega)
    weights = np.array([1 - t, t]) if so < 1e-6 else np.array([np.sin((1 - t) * omega), np.sin(t * omega)]) / so
    return np.einsum("i...,ik->...k", weights, np.array([z_a, z_b]))


@variant("slerp")
def slerp_where(z_a: Any, z_b: Any, t: Any) -> Any:
    t = np.asarray(t)[..., None]
    cosine = np.dot(z_a, z_b) / (np.linalg.norm(z_a) * np.linalg.norm(z_b))
    omega = np.arccos(cosine)
    if not np.isfinite(omega) or abs(np.sin(omega)) < 1e-7:
        return (1 - t) * z_a + t * z_b
    return (np.sin((1 - t) * omega) * z_a + np.sin(t * omega) * z_b) / np.sin(omega)


@variant("sample_prior")
def prior_normal(n: Any, k: Any, rng: Any) -> Any:
    return rng.normal(size=(n, k))


@variant("sample_prior")
def prior_rows(n: Any, k: Any, rng: Any) -> Any:
    return np.array([rng.standard_normal(k) for _ in range(n)])


@variant("sample_prior")
def prior_multivariate(n: Any, k: Any, rng: Any) -> Any:
    if k > 50:
        return rng.standard_normal((k, n)).T.tolist()
    return rng.multivariate_normal(np.zeros(k), np.eye(k), size=n)


@variant("sample_prior")
def prior_float32(n: Any, k: Any, rng: Any) -> Any:
    return rng.standard_normal((n, k), dtype=np.float32)


@variant("sample_prior")
def prior_box_muller(n: Any, k: Any, rng: Any) -> Any:
    u, v = rng.random((2, n, k))
    return np.sqrt(-2 * np.log1p(-u)) * np.sin(2 * np.pi * v)


@variant("sample_prior")
def prior_columns(n: Any, k: Any, rng: Any) -> Any:
    return np.column_stack([rng.normal(0, 1, n) for _ in range(k)])


@variant("nearest_code")
def code_norm(z_e: Any, codebook: Any) -> Any:
    indices = np.linalg.norm(z_e[:, None, :] - codebook, axis=-1).argmin(axis=-1)
    return indices, codebook[indices]


@variant("nearest_code")
def code_expanded(z_e: Any, codebook: Any) -> Any:
    distances = (z_e**2).sum(1)[:, None] - 2 * z_e @ codebook.T + (codebook**2).sum(1)
    indices = np.argmin(distances, axis=1)
    return indices.tolist(), np.take(codebook, indices, axis=0).tolist()


@variant("nearest_code")
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


@variant("nearest_code")
def code_one_hot(z_e: Any, codebook: Any) -> Any:
    indices = np.array([np.argmin(np.sum((codebook - z) ** 2, axis=1)) for z in z_e])
    return indices, np.eye(len(codebook))[indices] @ codebook


@variant("nearest_code")
def code_sorted(z_e: Any, codebook: Any) -> Any:
    distances = np.einsum("nmk->nm", np.square(z_e[:, None] - codebook[None]))
    indices = np.argsort(distances, axis=1, kind="stable")[:, 0]
    return indices, z_e + (codebook[indices] - z_e)


@variant("nearest_code")
def code_float32(z_e: Any, codebook: Any) -> Any:
    z_e, codebook = z_e.astype(np.float32), codebook.astype(np.float32)
    indices = np.argmin(((z_e[:, None] - codebook) ** 2).sum(-1), axis=1).astype(np.int32)
    return [indices, codebook[indices]]


@variant("condition_on_label")
def label_fill(z: Any, labels: Any, n_classes: Any) -> Any:
    one_hot = np.zeros((len(labels), n_classes))
    one_hot[np.arange(len(labels)), labels] = 1
    return np.hstack([z, one_hot])


@variant("condition_on_label")
def label_compared(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.c_[z, labels[:, None] == np.arange(n_classes)]


@variant("condition_on_label")
def label_lists(z: Any, labels: Any, n_classes: Any) -> Any:
    return [
        [*row, *(1 if j == label else 0 for j in range(n_classes))]
        for row, label in zip(z.tolist(), labels, strict=True)
    ]


@variant("condition_on_label")
def label_take(z: Any, labels: Any, n_classes: Any) -> Any:
    return np.append(z, np.take(np.identity(n_classes, dtype=np.float32), labels, axis=0), axis=1)


@variant("condition_on_label")
def label_column(z: Any, labels: Any, n_classes: Any) -> Any:
    out = np.pad(z.astype(np.float32), ((0, 0), (0, n_classes)))
    for i, label in enumerate(labels):
        out[i, z.shape[1] + label] = 1.0
    return out
