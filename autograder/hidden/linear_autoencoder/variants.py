"""Right implementations of 02_linear_autoencoder that differ from the reference; the fit's are in `variants_fit`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
variant = CATALOGUE.variant


@variant("encode")
def codes_einsum(X: Any, W_enc: Any) -> Any:
    return np.einsum("nd,dk->nk", X, W_enc)


@variant("encode")
def codes_loops(X: Any, W_enc: Any) -> Any:
    return [[sum(x * w for x, w in zip(row, column, strict=True)) for column in W_enc.T] for row in X]


@variant("encode")
def codes_dot_rows(X: Any, W_enc: Any) -> Any:
    return np.array([np.dot(row, W_enc) for row in X])


@variant("encode")
def codes_turned_twice(X: Any, W_enc: Any) -> Any:
    return (W_enc.T @ X.T).T


@variant("encode")
def codes_outer_sum(X: Any, W_enc: Any) -> Any:
    Z = np.zeros((X.shape[0], W_enc.shape[1]))
    for j in range(X.shape[1]):
        Z += np.outer(X[:, j], W_enc[j])
    return Z


@variant("encode")
def codes_float32(X: Any, W_enc: Any) -> Any:
    return X.astype(np.float32) @ W_enc.astype(np.float32)


@variant("encode")
def codes_broadcast(X: Any, W_enc: Any) -> Any:
    return np.sum(X[:, :, None] * W_enc[None, :, :], axis=1)


@variant("decode")
def images_einsum(Z: Any, W_dec: Any) -> Any:
    return np.einsum("nk,kd->nd", Z, W_dec)


@variant("decode")
def images_loops(Z: Any, W_dec: Any) -> Any:
    X_hat = np.empty((len(Z), W_dec.shape[1]))
    for i in range(len(Z)):
        for j in range(W_dec.shape[1]):
            X_hat[i, j] = sum(Z[i, a] * W_dec[a, j] for a in range(W_dec.shape[0]))
    return X_hat


@variant("decode")
def images_tensordot(Z: Any, W_dec: Any) -> Any:
    return np.tensordot(Z, W_dec, axes=1)


@variant("decode")
def images_blend(Z: Any, W_dec: Any) -> Any:
    return sum(np.outer(Z[:, a], row) for a, row in enumerate(W_dec))


@variant("decode")
def images_list(Z: Any, W_dec: Any) -> Any:
    return np.matmul(Z, W_dec).tolist()


@variant("decode")
def images_float32(Z: Any, W_dec: Any) -> Any:
    return Z.astype(np.float32) @ W_dec.astype(np.float32)


@variant("reconstruction_loss")
def loss_einsum(X: Any, X_hat: Any) -> Any:
    error = X - X_hat
    return np.einsum("ij,ij->", error, error) / len(X)


@variant("reconstruction_loss")
def loss_loops(X: Any, X_hat: Any) -> Any:
    total = 0.0
    for x, x_hat in zip(X, X_hat, strict=True):
        total += sum((a - b) ** 2 for a, b in zip(x, x_hat, strict=True))
    return float(total / len(X))


@variant("reconstruction_loss")
def loss_mean_times_dimensions(X: Any, X_hat: Any) -> Any:
    return X.shape[1] * np.mean((X - X_hat) ** 2)


@variant("reconstruction_loss")
def loss_norms(X: Any, X_hat: Any) -> Any:
    return np.mean(np.linalg.norm(X_hat - X, axis=1) ** 2)


@variant("reconstruction_loss")
def loss_frobenius(X: Any, X_hat: Any) -> Any:
    return np.linalg.norm(X - X_hat) ** 2 / X.shape[0]


@variant("reconstruction_loss")
def loss_trace(X: Any, X_hat: Any) -> Any:
    error = X - X_hat
    return np.array(np.trace(error.T @ error) / len(X))


@variant("reconstruction_loss")
def loss_float32(X: Any, X_hat: Any) -> Any:
    return np.float32(np.sum(np.mean((X - X_hat) ** 2, axis=0)))


@variant("loss_gradients")
def gradients_of_product(X: Any, W_enc: Any, W_dec: Any) -> Any:
    spread = X.T @ X / len(X)
    lacking = spread @ (W_enc @ W_dec - np.eye(X.shape[1]))
    return 2 * lacking @ W_dec.T, 2 * W_enc.T @ lacking


@variant("loss_gradients")
def gradients_per_sample(X: Any, W_enc: Any, W_dec: Any) -> Any:
    d_enc, d_dec = np.zeros_like(W_enc), np.zeros_like(W_dec)
    for x in X:
        z = x @ W_enc
        error = z @ W_dec - x
        d_dec += np.outer(z, 2 * error)
        d_enc += np.outer(x, W_dec @ (2 * error))
    return [d_enc / len(X), d_dec / len(X)]


@variant("loss_gradients")
def gradients_einsum(X: Any, W_enc: Any, W_dec: Any) -> Any:
    Z = np.einsum("nd,dk->nk", X, W_enc)
    error = 2 / len(X) * (np.einsum("nk,kd->nd", Z, W_dec) - X)
    return np.einsum("ni,nj,kj->ik", X, error, W_dec), np.einsum("nk,nd->kd", Z, error)


@variant("loss_gradients")
def gradients_by_differences(X: Any, W_enc: Any, W_dec: Any) -> Any:
    def loss() -> Any:
        return np.mean(np.sum((X @ weights[0] @ weights[1] - X) ** 2, axis=1))

    step = 1e-3
    weights = [W_enc.copy(), W_dec.copy()]
    gradients = [np.zeros_like(W_enc), np.zeros_like(W_dec)]
    for matrix, gradient in zip(weights, gradients, strict=True):
        for index in np.ndindex(*matrix.shape):
            start = matrix[index]
            matrix[index] = start + step
            above = loss()
            matrix[index] = start - step
            gradient[index] = (above - loss()) / (2 * step)
            matrix[index] = start
    return tuple(gradients)


@variant("loss_gradients")
def gradients_lists(X: Any, W_enc: Any, W_dec: Any) -> Any:
    error = X - X @ W_enc @ W_dec
    return (-2 * (X.T @ error @ W_dec.T) / len(X)).tolist(), (-2 * ((X @ W_enc).T @ error) / len(X)).tolist()


@variant("loss_gradients")
def gradients_float32(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X, W_enc, W_dec = np.float32(X), np.float32(W_enc), np.float32(W_dec)
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    return X.T @ (error @ W_dec.T), Z.T @ error


@variant("train_step")
def step_of_product(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    lacking = 2 * X.T @ (X @ (W_enc @ W_dec) - X) / len(X)
    return W_enc - learning_rate * (lacking @ W_dec.T), W_dec - learning_rate * (W_enc.T @ lacking)


@variant("train_step")
def step_in_place_of_copies(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    new_enc, new_dec = W_enc.copy(), W_dec.copy()
    Z = X @ W_enc
    error = 2 * (Z @ W_dec - X) / len(X)
    new_enc -= learning_rate * X.T @ error @ W_dec.T
    new_dec -= learning_rate * Z.T @ error
    return new_enc, new_dec


@variant("train_step")
def step_per_sample(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    new_enc, new_dec = np.array(W_enc), np.array(W_dec)
    for x in X:
        z = W_enc.T @ x
        error = W_dec.T @ z - x
        new_dec = new_dec - learning_rate * 2 / len(X) * np.outer(z, error)
        new_enc = new_enc - learning_rate * 2 / len(X) * np.outer(x, W_dec @ error)
    return [new_enc, new_dec]


@variant("train_step")
def step_lists(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    downhill = 2 * learning_rate / len(X) * (X - Z @ W_dec)
    return (W_enc + X.T @ downhill @ W_dec.T).tolist(), (W_dec + Z.T @ downhill).tolist()


@variant("train_step")
def step_float32(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    Z = X @ W_enc
    error = 2 * learning_rate * (Z @ W_dec - X) / len(X)
    return np.float32(W_enc - X.T @ error @ W_dec.T), np.float32(W_dec - Z.T @ error)


@variant("train_step")
def step_by_class(X: Any, W_enc: Any, W_dec: Any, learning_rate: Any) -> Any:
    class Model:
        def __init__(self) -> None:
            self.weights = {"enc": W_enc, "dec": W_dec}

        def gradients(self) -> dict[str, Any]:
            Z = X @ self.weights["enc"]
            error = 2 * (Z @ self.weights["dec"] - X) / len(X)
            return {"enc": X.T @ error @ self.weights["dec"].T, "dec": Z.T @ error}

        def step(self) -> None:
            found = self.gradients()
            self.weights = {name: self.weights[name] - learning_rate * found[name] for name in found}

    model = Model()
    model.step()
    return model.weights["enc"], model.weights["dec"]


@variant("pca_reconstruction_loss")
def pca_eigenvalues(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    return np.sum(np.linalg.eigvalsh(centred.T @ centred / len(X))[: X.shape[1] - k])


@variant("pca_reconstruction_loss")
def pca_total_minus_kept(X: Any, k: Any) -> Any:
    centred = X - np.mean(X, axis=0)
    lengths = np.linalg.svd(centred, compute_uv=False)
    return np.sum(centred**2) / len(X) - np.sum(lengths[:k] ** 2) / len(X)


@variant("pca_reconstruction_loss")
def pca_projection(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    return np.mean(np.sum((centred - centred @ axes.T @ axes) ** 2, axis=1))


@variant("pca_reconstruction_loss")
def pca_with_mean_added(X: Any, k: Any) -> Any:
    mean = X.mean(axis=0)
    order = np.linalg.eigh((X - mean).T @ (X - mean))[1][:, ::-1][:, :k]
    X_hat = mean + (X - mean) @ order @ order.T
    return float(np.sum((X - X_hat) ** 2) / len(X))


@variant("pca_reconstruction_loss")
def pca_gram(X: Any, k: Any) -> Any:
    centred = X - X.mean(axis=0)
    values = np.sort(np.linalg.eigvalsh(centred @ centred.T))[::-1]
    return np.sum(np.maximum(values[k:], 0)) / len(X)


@variant("pca_reconstruction_loss")
def pca_deflation(X: Any, k: Any) -> Any:
    left = X - X.mean(axis=0)
    for _ in range(k):
        axis = np.linalg.svd(left)[2][0]
        left = left - np.outer(left @ axis, axis)
    return np.sum(left**2) / len(X)


@variant("pca_reconstruction_loss")
def pca_float32(X: Any, k: Any) -> Any:
    triangle = np.linalg.qr(X - X.mean(axis=0), mode="r")
    return np.float32(np.sum(np.linalg.svd(triangle, compute_uv=False)[k:] ** 2) / len(X))
