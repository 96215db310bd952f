"""Reference code of the notebook `02_linear_autoencoder`: an encoder, a decoder, training, and PCA to compare with."""

from __future__ import annotations

import numpy as np


def encode(X: np.ndarray, W_enc: np.ndarray) -> np.ndarray:
    """Return the embeddings of the samples.

    X: (n, d), one sample per row.  W_enc: (d, k).
    Returns Z: (n, k), one embedding per row.
    """
    return X @ W_enc


def decode(Z: np.ndarray, W_dec: np.ndarray) -> np.ndarray:
    """Return the reconstructions that belong to the embeddings.

    Z: (n, k), one embedding per row.  W_dec: (k, d).
    Returns X_hat: (n, d), one reconstruction per row.
    """
    return Z @ W_dec


def reconstruction_loss(X: np.ndarray, X_hat: np.ndarray) -> float:
    """Return the squared error, summed over the dimensions and averaged over the samples.

    X, X_hat: (n, d).
    Returns one number (no factor ½).
    """
    return float(np.mean(np.sum((X - X_hat) ** 2, axis=1)))


def loss_gradients(X: np.ndarray, W_enc: np.ndarray, W_dec: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the reconstruction loss with respect to both weight matrices.

    X: (n, d).  W_enc: (d, k).  W_dec: (k, d).
    Returns (dW_enc, dW_dec), of shapes (d, k) and (k, d).
    """
    Z = encode(X, W_enc)
    dX_hat = 2.0 / len(X) * (decode(Z, W_dec) - X)
    dW_dec = Z.T @ dX_hat
    dZ = dX_hat @ W_dec.T
    dW_enc = X.T @ dZ
    return dW_enc, dW_dec


def train_step(
    X: np.ndarray, W_enc: np.ndarray, W_dec: np.ndarray, learning_rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights after one step of gradient descent.

    Both gradients belong to the weights that came in; these stay as they are.
    X: (n, d).  W_enc: (d, k).  W_dec: (k, d).
    Returns (W_enc, W_dec), two new arrays.
    """
    dW_enc, dW_dec = loss_gradients(X, W_enc, W_dec)
    return W_enc - learning_rate * dW_enc, W_dec - learning_rate * dW_dec


def fit_linear_autoencoder(X: np.ndarray, k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Train a linear autoencoder with k latent dimensions until the loss no longer falls.

    X: (n, d), centred: every column has mean 0.  rng: where all random numbers come from.
    Returns (W_enc, W_dec), of shapes (d, k) and (k, d).
    """
    n, d = X.shape
    learning_rate = 0.1 * n / np.linalg.norm(X, 2) ** 2
    # Small problems may be ill conditioned but are cheap; large ones get a few hundred steps.
    max_steps = int(np.clip(160_000_000 // X.size, 100, 6000))
    # Both matrices start small, equal and random: at zero the gradients vanish, and far from it they can blow up.
    W_enc = 0.1 * rng.standard_normal((d, k)) / np.sqrt(d)
    W_dec = W_enc.T
    last_enc, last_dec = W_enc, W_dec
    age = 0
    for _ in range(max_steps):
        momentum = age / (age + 3)
        ahead_enc = W_enc + momentum * (W_enc - last_enc)
        ahead_dec = W_dec + momentum * (W_dec - last_dec)
        last_enc, last_dec = W_enc, W_dec
        W_enc, W_dec = train_step(X, ahead_enc, ahead_dec, learning_rate)
        down_enc, down_dec = W_enc - ahead_enc, W_dec - ahead_dec
        # Momentum that carries us against the gradient overshoots: start it anew (O'Donoghue and Candès, 2015).
        with_gradient = np.vdot(down_enc, W_enc - last_enc) + np.vdot(down_dec, W_dec - last_dec) >= 0
        age = age + 1 if with_gradient else 0
        if max(np.abs(down_enc).max(), np.abs(down_dec).max()) < 1e-9:
            break
    return W_enc, W_dec


def pca_reconstruction_loss(X: np.ndarray, k: int) -> float:
    """Return the least reconstruction loss that any linear autoencoder with k latent dimensions reaches.

    X: (n, d), not centred yet: subtract the column means first.  0 <= k <= d.
    Returns one number, summed over dimensions and averaged over samples.
    """
    singular_values = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    return float(np.sum(singular_values[k:] ** 2) / len(X))
