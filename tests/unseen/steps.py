"""Unseen implementations of `train_step`."""

# ruff: noqa

from collections import namedtuple

import numpy as np

from .collected import right, wrong

E = "train_step"
Weights = namedtuple("Weights", "encoder decoder")


def gradients(X, W_enc, W_dec):
    dX_hat = 2 * (X @ W_enc @ W_dec - X) / len(X)
    return X.T @ dX_hat @ W_dec.T, (X @ W_enc).T @ dX_hat


@right(E, "with a helper")
def helper(X, W_enc, W_dec, learning_rate):
    d_enc, d_dec = gradients(X, W_enc, W_dec)
    return W_enc - learning_rate * d_enc, W_dec - learning_rate * d_dec


@right(E, "copies changed in place")
def copies(X, W_enc, W_dec, learning_rate=0.1):
    A, B = W_enc.copy(), np.array(W_dec)
    g, h = gradients(X, W_enc, W_dec)
    A -= learning_rate * g
    B -= learning_rate * h
    return [A, B]


@right(E, "a named tuple")
def named(X, W_enc, W_dec, learning_rate):
    return Weights(*(W - learning_rate * g for W, g in zip((W_enc, W_dec), gradients(X, W_enc, W_dec))))


@right(E, "by the covariance")
def covariance(X, W_enc, W_dec, learning_rate):
    G = (
        2
        * np.cov(np.r_[X, -X], rowvar=False, bias=True).reshape([X.shape[1]] * 2)
        @ (W_enc @ W_dec - np.identity(X.shape[1]))
    )
    return np.subtract(W_enc, learning_rate * G @ W_dec.T), np.subtract(W_dec, learning_rate * W_enc.T @ G)


@right(E, "loops")
def loops(X, W_enc, W_dec, learning_rate):
    A, B = W_enc.astype(float), W_dec.astype(float)
    for x in X:
        z = [sum(x[j] * W_enc[j, i] for j in range(len(x))) for i in range(W_enc.shape[1])]
        e = [sum(z[i] * W_dec[i, j] for i in range(len(z))) - x[j] for j in range(len(x))]
        for i in range(len(z)):
            back = sum(e[j] * W_dec[i, j] for j in range(len(x)))
            for j in range(len(x)):
                A[j, i] -= learning_rate * 2 / len(X) * x[j] * back
                B[i, j] -= learning_rate * 2 / len(X) * z[i] * e[j]
    return A.tolist(), B.tolist()


class SGD:
    def __init__(self, *params):
        self.params = [p + 0 for p in params]

    def step(self, grads, lr):
        for p, g in zip(self.params, grads):
            p -= lr * g
        return tuple(self.params)


@right(E, "an optimiser class")
def optimiser(X, W_enc, W_dec, learning_rate):
    return SGD(W_enc, W_dec).step(gradients(X, W_enc, W_dec), learning_rate)


@right(E, "sequential, but the decoder's gradient from the old encoder")
def careful(X, W_enc, W_dec, learning_rate):
    Z = X @ W_enc
    R = Z @ W_dec - X
    W_new = W_enc - learning_rate * 2 / X.shape[0] * (X.T @ (R @ W_dec.T))
    return W_new, W_dec - learning_rate * 2 / X.shape[0] * (Z.T @ R)


def moved(change):
    def function(X, W_enc, W_dec, learning_rate):
        return change(X, W_enc, W_dec, learning_rate, *gradients(X, W_enc, W_dec))

    return function


def keep(what, change, common=True):
    wrong(E, what, moved(change), common=common)


keep("uphill", lambda X, A, B, r, g, h: (A + r * g, B + r * h))
keep("encoder only", lambda X, A, B, r, g, h: (A - r * g, B.copy()))
keep("decoder only", lambda X, A, B, r, g, h: (A.copy(), B - r * h))
keep("learning rate ignored", lambda X, A, B, r, g, h: (A - g, B - h))
keep("fixed learning rate", lambda X, A, B, r, g, h: (A - 0.01 * g, B - 0.01 * h))
keep("no 2", lambda X, A, B, r, g, h: (A - r * g / 2, B - r * h / 2))
keep("not divided by n", lambda X, A, B, r, g, h: (A - r * g * len(X), B - r * h * len(X)))
keep("neither 2 nor 1/n", lambda X, A, B, r, g, h: (A - r * g * len(X) / 2, B - r * h * len(X) / 2))
keep("divided by n d", lambda X, A, B, r, g, h: (A - r * g / X.shape[1], B - r * h / X.shape[1]))
keep("swapped", lambda X, A, B, r, g, h: (B - r * h, A - r * g))
keep("gradients returned", lambda X, A, B, r, g, h: (g, h))
keep("steps returned", lambda X, A, B, r, g, h: (-r * g, -r * h))
keep("steps returned, not subtracted", lambda X, A, B, r, g, h: (r * g, r * h))
keep("with a loss", lambda X, A, B, r, g, h: (A - r * g, B - r * h, ((X @ A @ B - X) ** 2).sum() / len(X)))
keep("encoder returned only", lambda X, A, B, r, g, h: A - r * g)
keep("gradients crossed", lambda X, A, B, r, g, h: (A - r * h.T, B - r * g.T))
keep("learning rate on the weights", lambda X, A, B, r, g, h: (r * A - g, r * B - h))
keep("rate on the encoder only", lambda X, A, B, r, g, h: (A - r * g, B - h), False)
keep("rate divided by n", lambda X, A, B, r, g, h: (A - r / len(X) * g, B - r / len(X) * h), False)
keep("rate at most 0.1", lambda X, A, B, r, g, h: (A - min(r, 0.1) * g, B - min(r, 0.1) * h), False)
keep("rate squared", lambda X, A, B, r, g, h: (A - r**2 * g, B - r**2 * h), False)
keep(
    "gradients of length 1",
    lambda X, A, B, r, g, h: (A - r * g / (np.linalg.norm(g) + 1e-9), B - r * h / (np.linalg.norm(h) + 1e-9)),
    False,
)
keep("sign of the gradient", lambda X, A, B, r, g, h: (A - r * np.sign(g), B - r * np.sign(h)), False)
keep("weight decay", lambda X, A, B, r, g, h: (A - r * (g + 0.01 * A), B - r * (h + 0.01 * B)), False)
keep("float16", lambda X, A, B, r, g, h: (np.float16(A - r * g), np.float16(B - r * h)), False)
keep("rounded to 4 digits", lambda X, A, B, r, g, h: (np.round(A - r * g, 4), np.round(B - r * h, 4)), False)
keep("clipped", lambda X, A, B, r, g, h: (A - r * np.clip(g, -5, 5), B - r * np.clip(h, -5, 5)), False)
keep("sign of the decoder's", lambda X, A, B, r, g, h: (A - r * g, B + r * h), False)
keep("transposed", lambda X, A, B, r, g, h: ((A - r * g).T, (B - r * h).T), False)


@wrong(E, "decoder's gradient after the encoder's step", common=True)
def sequential(X, W_enc, W_dec, learning_rate):
    W_enc = W_enc - learning_rate * gradients(X, W_enc, W_dec)[0]
    W_dec = W_dec - learning_rate * gradients(X, W_enc, W_dec)[1]
    return W_enc, W_dec


@wrong(E, "encoder's gradient after the decoder's step", common=True)
def backwards(X, W_enc, W_dec, learning_rate):
    W_dec = W_dec - learning_rate * gradients(X, W_enc, W_dec)[1]
    W_enc = W_enc - learning_rate * gradients(X, W_enc, W_dec)[0]
    return W_enc, W_dec


@wrong(E, "new embedding, old error", common=True)
def half_sequential(X, W_enc, W_dec, learning_rate):
    R = 2 / len(X) * (X @ W_enc @ W_dec - X)
    W_enc = W_enc - learning_rate * X.T @ R @ W_dec.T
    return W_enc, W_dec - learning_rate * (X @ W_enc).T @ R


@wrong(E, "in place", common=True)
def in_place(X, W_enc, W_dec, learning_rate):
    g, h = gradients(X, W_enc, W_dec)
    W_enc -= learning_rate * g
    W_dec -= learning_rate * h
    return W_enc, W_dec


@wrong(E, "in place by another name", common=True)
def alias(X, W_enc, W_dec, learning_rate):
    new_enc, new_dec = W_enc, W_dec
    g, h = gradients(X, W_enc, W_dec)
    new_enc -= learning_rate * g
    new_dec = new_dec - learning_rate * h
    return new_enc, new_dec


@wrong(E, "in place, nothing returned", common=True)
def silent(X, W_enc, W_dec, learning_rate):
    g, h = gradients(X, W_enc, W_dec)
    W_enc -= learning_rate * g
    W_dec -= learning_rate * h


@wrong(E, "in place and one after the other", common=True)
def both(X, W_enc, W_dec, learning_rate):
    W_enc -= learning_rate * gradients(X, W_enc, W_dec)[0]
    W_dec -= learning_rate * gradients(X, W_enc, W_dec)[1]
    return W_enc, W_dec


@wrong(E, "two steps")
def twice(X, W_enc, W_dec, learning_rate):
    return helper(X, *helper(X, W_enc, W_dec, learning_rate), learning_rate)


@wrong(E, "refuses steps that do not help")
def line_search(X, W_enc, W_dec, learning_rate):
    new = helper(X, W_enc, W_dec, learning_rate)
    loss = lambda A, B: ((X @ A @ B - X) ** 2).sum()
    return new if loss(*new) <= loss(W_enc, W_dec) else (W_enc, W_dec)


@wrong(E, "one random sample", common=True)
def stochastic(X, W_enc, W_dec, learning_rate):
    i = np.random.randint(len(X))
    return helper(X[i : i + 1], W_enc, W_dec, learning_rate)


@wrong(E, "sample after sample")
def online(X, W_enc, W_dec, learning_rate):
    for x in X:
        W_enc, W_dec = helper(x[None], W_enc, W_dec, learning_rate / len(X))
    return W_enc, W_dec


_calls = [0]


@wrong(E, "rate falls from call to call")
def decaying(X, W_enc, W_dec, learning_rate):
    _calls[0] += 1
    return helper(X, W_enc, W_dec, learning_rate / (1 + 1e-3 * _calls[0]))
