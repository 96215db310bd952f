"""Right implementations of `fit_linear_autoencoder`, by every road that leads there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("fit_linear_autoencoder")
def fit_svd(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X, full_matrices=False)[2][:k]
    return axes.T, axes


@variant("fit_linear_autoencoder")
def fit_eigh_mixed(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.eigh(np.cov(X.T).reshape(X.shape[1], X.shape[1]))[1][:, ::-1][:, :k]
    mix = rng.normal(size=(k, k)) + 3 * np.eye(k)
    return axes @ mix, np.linalg.inv(mix) @ axes.T


@variant("fit_linear_autoencoder")
def fit_least_squares(X: Any, k: Any, rng: Any) -> Any:
    W_dec = rng.standard_normal((k, X.shape[1]))
    for _ in range(600):
        W_dec = np.linalg.qr(W_dec.T)[0].T
        Z = X @ W_dec.T
        W_dec = np.linalg.solve(Z.T @ Z, Z.T @ X)
    return np.linalg.pinv(W_dec), W_dec


@variant("fit_linear_autoencoder")
def fit_power_iteration(X: Any, k: Any, rng: Any) -> Any:
    spread = X.T @ X / len(X)
    axes = []
    for _ in range(k):
        axis = rng.standard_normal(len(spread))
        for _ in range(800):
            axis = spread @ axis
            axis = axis / np.linalg.norm(axis)
        spread = spread - (axis @ spread @ axis) * np.outer(axis, axis)
        axes.append(axis)
    return np.array(axes).T.tolist(), np.array(axes).tolist()


@variant("fit_linear_autoencoder")
def fit_orthogonal_iteration(X: Any, k: Any, rng: Any) -> Any:
    axes = rng.standard_normal((X.shape[1], k))
    for _ in range(500):
        axes = np.linalg.qr(X.T @ (X @ axes))[0]
    return 5 * axes, axes.T / 5


@variant("fit_linear_autoencoder")
def fit_gradient_descent(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    W_enc, W_dec = 0.1 * rng.standard_normal((d, k)), 0.1 * rng.standard_normal((k, d))
    spread = X.T @ X / len(X)
    for _ in range(6000):
        lacking = 2 * spread @ (W_enc @ W_dec - np.eye(d))
        W_enc, W_dec = W_enc - 0.05 * lacking @ W_dec.T, W_dec - 0.05 * W_enc.T @ lacking
    return W_enc, W_dec


@variant("fit_linear_autoencoder")
def fit_momentum(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    weights = [0.3 * rng.standard_normal((d, k)), 0.3 * rng.standard_normal((k, d))]
    speed = [np.zeros((d, k)), np.zeros((k, d))]
    for _ in range(2000):
        Z = X @ weights[0]
        error = 2 * (Z @ weights[1] - X) / len(X)
        for place, gradient in enumerate((X.T @ (error @ weights[1].T), Z.T @ error)):
            speed[place] = 0.9 * speed[place] - 0.02 * gradient
            weights[place] = weights[place] + speed[place]
    return weights[0], weights[1]


@variant("fit_linear_autoencoder")
def fit_adam(X: Any, k: Any, rng: Any) -> Any:
    d = X.shape[1]
    weights = np.concatenate([rng.standard_normal(d * k), rng.standard_normal(d * k)]) / np.sqrt(d)
    spread, mean, square = X.T @ X / len(X), np.zeros(2 * d * k), np.zeros(2 * d * k)
    for step in range(1, 4001):
        W_enc, W_dec = weights[: d * k].reshape(d, k), weights[d * k :].reshape(k, d)
        lacking = 2 * spread @ (W_enc @ W_dec - np.eye(d))
        gradient = np.concatenate([(lacking @ W_dec.T).ravel(), (W_enc.T @ lacking).ravel()])
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        rate = 0.02 if step < 2000 else 0.002
        weights = weights - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights[: d * k].reshape(d, k), weights[d * k :].reshape(k, d)


@variant("fit_linear_autoencoder")
def fit_oja(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.qr(rng.standard_normal((X.shape[1], k)))[0]
    spread = X.T @ X / len(X)
    for _ in range(2500):
        pulled = spread @ axes
        axes = axes + 0.1 * (pulled - axes @ (axes.T @ pulled))
    return axes, np.linalg.pinv(axes)


@variant("fit_linear_autoencoder")
def fit_float32(X: Any, k: Any, rng: Any) -> Any:
    axes = np.linalg.svd(X.astype(np.float32), full_matrices=False)[2][:k]
    return axes.T, axes
