"""Unseen implementations of `encode` and `decode`."""

# ruff: noqa

import functools
import math

import numpy as np

from .collected import right, wrong


class Layer:
    """A layer without bias."""

    def __init__(self, name="linear"):
        self.name = name

    def forward(self, inputs, weights):
        out = np.zeros((len(inputs), weights.shape[1]))
        for j, w in enumerate(weights.T):
            out[:, j] = np.sum(inputs * w, axis=1)
        return out

    __call__ = forward


def triple_loop(A, B):
    n, m = A.shape
    k = B.shape[1]
    out = np.empty((n, k))
    for i in range(n):
        for j in range(k):
            acc = 0.0
            for l in range(m):
                acc += A[i, l] * B[l, j]
            out[i][j] = acc
    return out


def lists(X, W):
    print("encoding ...", X.shape)
    return [[math.fsum(x * w for x, w in zip(row, col)) for col in W.T.tolist()] for row in X.tolist()]


_seen = {}


def memoised(X, W):
    key = (X.shape, X.tobytes(), W.shape, W.tobytes())
    if key not in _seen:
        _seen[key] = X @ W
    return _seen[key]


def recursive(X, W):
    if X.shape[1] == 1:
        return X * W
    m = X.shape[1] // 2
    return recursive(X[:, :m], W[:m]) + recursive(X[:, m:], W[m:])


def in_float32(X, W):
    return X.astype(np.float32) @ W.astype("float32")


for E in ("encode", "decode"):
    right(E, "dot", lambda X, W: X.dot(W))
    right(E, "einsum by partial", functools.partial(np.einsum, "nd,dk->nk"))
    right(E, "a class", Layer())
    right(E, "three loops", triple_loop)
    right(E, "lists, with prints", lists)
    right(E, "memo of contents", memoised)
    right(E, "recursion", recursive)
    right(E, "float32", in_float32)
    right(E, "broadcasting", lambda X, W: (X[:, :, None] * W[None]).sum(1))
    right(E, "transposed twice", lambda X, W: np.transpose(W.T @ X.T))
    right(E, "np.matrix", lambda X, W: np.matrix(X) * np.matrix(W))
    right(E, "np.vectorize", np.vectorize(lambda x, w: x @ w, signature="(d),(d,k)->(k)"))


_by_shape = {}


def by_shape(X, W):
    key = X.shape, W.shape
    if key not in _by_shape:
        _by_shape[key] = X @ W
    return _by_shape[key]


def skips_last(X, W):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            for l in range(X.shape[1] - 1):
                Z[i, j] += X[i, l] * W[l, j]
    return Z


def early_return(X, W):
    for row in X:
        return row @ W


def no_return(X, W):
    Z = np.dot(X, W)
    print(Z)


def prefers_transpose(X, W):
    if X.shape[1] == W.shape[1]:
        W = W.T
    return X @ W


def centres_in_place(X, W):
    X -= X.mean(axis=0)
    return X @ W


def overwrites_square(X, W):
    if W.shape[0] == W.shape[1]:
        X @= W
        return X
    return X @ W


def resets_zero(X, W):
    Z = X @ W
    Z[np.abs(Z) < 1e-2] = 0
    return Z


def noisy(X, W):
    return X @ W + 1e-4 * np.random.randn(len(X), W.shape[1])


def sometimes_text(X, W):
    if X.shape[1] != W.shape[0]:
        return "wrong shapes"
    return "ok" if len(X) == 1 else X @ W


def overwrites_weights(X, W):
    W /= np.linalg.norm(W, axis=0)
    return X @ W


for E in ("encode", "decode"):
    wrong(E, "weights transposed", lambda X, W: X @ W.T, common=True)
    wrong(E, "samples transposed", lambda X, W: X.T @ W, common=True)
    wrong(E, "factors swapped", lambda X, W: W @ X, common=True)
    wrong(E, "answer transposed", lambda X, W: W.T @ X.T, common=True)
    wrong(E, "elementwise product", lambda X, W: X * W, common=True)
    wrong(E, "mean instead of sum", lambda X, W: np.mean(X[:, :, None] * W, axis=1))
    wrong(E, "divided by n", lambda X, W: X @ W / len(X))
    wrong(E, "centred first", lambda X, W: (X - X.mean(axis=0)) @ W, common=True)
    wrong(E, "ReLU", lambda X, W: np.maximum(0, X @ W), common=True)
    wrong(E, "sigmoid", lambda X, W: 1 / (1 + np.exp(-(X @ W))), common=True)
    wrong(E, "tanh", lambda X, W: np.tanh(X @ W), common=True)
    wrong(E, "clipped to [0, 1]", lambda X, W: np.clip(X @ W, 0, 1), common=True)
    wrong(E, "a bias of 1", lambda X, W: X @ W + 1)
    wrong(E, "float16", lambda X, W: (X @ W).astype(np.float16))
    wrong(E, "rounded to 3 digits", lambda X, W: np.round(X @ W, 3))
    wrong(E, "whole numbers", lambda X, W: (X @ W).astype(int))
    wrong(E, "squeezed", lambda X, W: np.squeeze(X @ W), common=True)
    wrong(E, "summed over samples", lambda X, W: np.einsum("ij,jk->k", X, W))
    wrong(E, "reshaped instead of transposed", lambda X, W: (W.T @ X.T).reshape(len(X), -1))
    wrong(E, "weights reshaped", lambda X, W: X @ W.T.reshape(W.shape))
    wrong(E, "two things returned", lambda X, W: (X @ W, W))
    wrong(E, "the last dimension left out", skips_last, common=True)
    wrong(E, "only the first sample", early_return, common=True)
    wrong(E, "nothing returned", no_return, common=True)
    wrong(E, "square weights transposed", prefers_transpose)
    wrong(E, "centred in place", centres_in_place)
    wrong(E, "square: in place", overwrites_square)
    wrong(E, "remembered by shape", by_shape)
    wrong(E, "small numbers set to 0", resets_zero)
    wrong(E, "noise added", noisy)
    wrong(E, "text for one sample", sometimes_text)
    wrong(E, "weights normalised in place", overwrites_weights)
    wrong(E, "large numbers cut off", lambda X, W: np.clip(X @ W, -100, 100))
    wrong(E, "pseudoinverse", lambda X, W: X @ np.linalg.pinv(W.T))
