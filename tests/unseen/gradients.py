"""Unseen implementations of `loss_gradients`."""

# ruff: noqa

import numpy as np

from .collected import right, wrong

E = "loss_gradients"


@right(E, "step by step")
def steps(X, W_enc, W_dec):
    Z = X @ W_enc
    X_hat = Z @ W_dec
    dX_hat = 2 / len(X) * (X_hat - X)
    dW_dec = Z.T @ dX_hat
    dZ = dX_hat @ W_dec.T
    return X.T @ dZ, dW_dec


@right(E, "by the covariance")
def covariance(X, W_enc, W_dec):
    S = X.T @ X / X.shape[0]
    G = 2 * S @ (W_enc @ W_dec - np.eye(len(S)))
    return [G @ W_dec.T, W_enc.T @ G]


@right(E, "einsum")
def einsum(X, W_enc, W_dec):
    R = X - np.einsum("nd,dk,ke->ne", X, W_enc, W_dec)
    n = R.shape[0]
    return -2 * np.einsum("nd,ne,ke->kd", X, R, W_dec).T / n, -2 * np.einsum("nd,dk,ne->ke", X, W_enc, R) / n


@right(E, "sample by sample")
def samples(X, W_enc, W_dec):
    g, h = np.zeros_like(W_enc), np.zeros_like(W_dec)
    for x in X:
        e = 2 * (x @ W_enc @ W_dec - x)
        g += np.outer(x, W_dec @ e)
        h += np.outer(x @ W_enc, e)
    return g / len(X), h / len(X)


@right(E, "measured: the loss is quadratic in each weight")
def measured(X, W_enc, W_dec):
    def loss(A, B):
        return ((X @ A @ B - X) ** 2).sum() / len(X)

    found = []
    for which in (0, 1):
        W = [W_enc, W_dec][which]
        g = np.zeros(W.shape)
        for place in np.ndindex(*W.shape):
            up, down = W.copy(), W.copy()
            up[place] += 1
            down[place] -= 1
            g[place] = (
                (loss(up, W_dec) - loss(down, W_dec)) / 2 if which == 0 else (loss(W_enc, up) - loss(W_enc, down)) / 2
            )
        found.append(g)
    return tuple(found)


@right(E, "complex step")
def complex_step(X, W_enc, W_dec):
    def loss(A, B):
        return np.sum((X @ A @ B - X) ** 2) / len(X)

    def slope(W, at):
        g = np.empty(W.shape)
        for i in range(W.size):
            moved = W.astype(complex)
            moved.flat[i] += 1e-30j
            g.flat[i] = at(moved).imag / 1e-30
        return g

    return slope(W_enc, lambda A: loss(A, W_dec)), slope(W_dec, lambda B: loss(W_enc, B))


@right(E, "float32")
def in_float32(X, W_enc, W_dec):
    X, A, B = (one.astype(np.float32) for one in (X, W_enc, W_dec))
    R = np.float32(2 / len(X)) * (X @ A @ B - X)
    return X.T @ (R @ B.T), (X @ A).T @ R


class Chain:
    def __call__(self, X, W_enc, W_dec):
        self.X, self.A, self.B = X, W_enc, W_dec
        self.Z = X @ self.A
        self.back = (self.Z @ self.B - X) * 2.0 / X.shape[0]
        return self.encoder().tolist(), self.decoder().tolist()

    def encoder(self):
        return np.tensordot(self.X, self.back @ self.B.T, axes=(0, 0))

    def decoder(self):
        return np.matmul(np.swapaxes(self.Z, 0, 1), self.back)


right(E, "a class that returns lists", Chain())


def parts(X, W_enc, W_dec):
    Z = X @ W_enc
    return Z, Z @ W_dec - X, len(X)


def plain(X, W_enc, W_dec):
    return steps(X, W_enc, W_dec)


def scaled(enc, dec=None):
    def function(X, W_enc, W_dec):
        a, b = plain(X, W_enc, W_dec)
        shape = X.shape
        return enc(a, shape), (dec or enc)(b, shape)

    return function


def same(g, shape):
    return g


wrong(E, "no 2", scaled(lambda g, s: g / 2), common=True)
wrong(E, "not divided by n", scaled(lambda g, s: g * s[0]), common=True)
wrong(E, "divided by n d", scaled(lambda g, s: g / s[1]), common=True)
wrong(E, "divided by d instead of n", scaled(lambda g, s: g * s[0] / s[1]), common=True)
wrong(E, "sign", scaled(lambda g, s: -g), common=True)
wrong(E, "sign of the encoder's", scaled(lambda g, s: -g, same), common=True)
wrong(E, "sign of the decoder's", scaled(same, lambda g, s: -g), common=True)
wrong(E, "no 2 in the encoder's", scaled(lambda g, s: g / 2, same), common=True)
wrong(E, "no 2 in the decoder's", scaled(same, lambda g, s: g / 2), common=True)
wrong(E, "decoder's not divided by n", scaled(same, lambda g, s: g * s[0]), common=True)
wrong(E, "neither 2 nor 1/n", scaled(lambda g, s: g * s[0] / 2), common=True)
wrong(E, "n - 1", scaled(lambda g, s: g * s[0] / (s[0] - 1)))
wrong(E, "divided by n twice", scaled(lambda g, s: g / s[0]))
wrong(E, "both transposed", scaled(lambda g, s: g.T), common=True)
wrong(E, "clipped to [-1, 1]", scaled(lambda g, s: np.clip(g, -1, 1)))
wrong(E, "clipped to length 5", scaled(lambda g, s: g * min(1, 5 / (np.linalg.norm(g) + 1e-12))))
wrong(E, "normalised", scaled(lambda g, s: g / (np.linalg.norm(g) + 1e-12)))
wrong(E, "float16", scaled(lambda g, s: g.astype(np.float16)))
wrong(E, "rounded to 2 digits", scaled(lambda g, s: g.round(2)))
wrong(E, "small entries set to 0", scaled(lambda g, s: np.where(abs(g) < 1e-1, 0, g)))
wrong(E, "decoder's transposed", scaled(same, lambda g, s: g.T), common=True)
wrong(E, "as text keys", lambda *a: dict(zip(("dW_enc", "dW_dec"), plain(*a))))
wrong(E, "swapped", lambda *a: plain(*a)[::-1], common=True)
wrong(E, "with the loss", lambda *a: (*plain(*a), ((a[0] @ a[1] @ a[2] - a[0]) ** 2).sum() / len(a[0])), common=True)
wrong(E, "encoder's only", lambda *a: plain(*a)[0], common=True)
wrong(E, "weight decay", lambda X, A, B: (plain(X, A, B)[0] + 0.02 * A, plain(X, A, B)[1] + 0.02 * B))


@wrong(E, "encoder weights on the way back", common=True)
def wrong_weights(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ R @ W_enc, 2 / n * Z.T @ R


@wrong(E, "X where Z belongs", common=True)
def x_for_z(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ R @ W_dec.T, 2 / n * X.T @ R


@wrong(E, "Z where X belongs", common=True)
def z_for_x(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * Z.T @ R @ W_dec.T, 2 / n * Z.T @ R


@wrong(E, "reconstruction where X belongs", common=True)
def hat_for_x(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * (Z @ W_dec).T @ R @ W_dec.T, 2 / n * Z.T @ R


@wrong(E, "residual forgotten in the encoder's", common=True)
def no_residual(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ (Z @ W_dec) @ W_dec.T, 2 / n * Z.T @ R


@wrong(E, "way through the decoder forgotten", common=True)
def no_decoder(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ Z, 2 / n * Z.T @ R


@wrong(E, "decoder reshaped instead of transposed")
def reshaped(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ (R @ W_dec.reshape(W_enc.shape)), 2 / n * Z.T @ R


@wrong(E, "gradient of the absolute error", common=True)
def absolute(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    R = np.sign(R)
    return X.T @ R @ W_dec.T / n, Z.T @ R / n


@wrong(E, "gradient of the root", common=True)
def root(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    L = np.sqrt((R**2).sum() / n) + 1e-12
    return X.T @ R @ W_dec.T / n / L, Z.T @ R / n / L


@wrong(E, "first sample only", common=True)
def first(X, W_enc, W_dec):
    return plain(X[:1], W_enc, W_dec)


@wrong(E, "measured with too long a step", common=True)
def forward(X, W_enc, W_dec):
    def loss(A, B):
        return ((X @ A @ B - X) ** 2).sum() / len(X)

    now, h, out = loss(W_enc, W_dec), 1e-3, []
    for which, W in enumerate((W_enc, W_dec)):
        g = np.zeros(W.shape)
        for place in np.ndindex(W.shape):
            moved = W.copy()
            moved[place] += h
            g[place] = ((loss(moved, W_dec) if which == 0 else loss(W_enc, moved)) - now) / h
        out.append(g)
    return tuple(out)


@wrong(E, "tied weights")
def tied(X, W_enc, W_dec):
    a, b = plain(X, W_enc, W_dec)
    return a + b.T, b + a.T


@wrong(E, "centres X in place")
def centring(X, W_enc, W_dec):
    X -= X.mean(0)
    return plain(X, W_enc, W_dec)


@wrong(E, "residual in place, right values", common=True)
def in_place(X, W_enc, W_dec):
    Z, Y = X @ W_enc, X.copy()
    X -= Z @ W_dec
    return -2 / len(X) * Y.T @ X @ W_dec.T, -2 / len(X) * Z.T @ X


@wrong(E, "pseudoinverse for the transpose")
def pinv(X, W_enc, W_dec):
    Z, R, n = parts(X, W_enc, W_dec)
    return 2 / n * X.T @ R @ np.linalg.pinv(W_dec), 2 / n * Z.T @ R


_velocity = {}


@wrong(E, "momentum kept between calls")
def momentum(X, W_enc, W_dec):
    key = (W_enc.shape, W_dec.shape)
    old = _velocity.get(key, (np.zeros(W_enc.shape), np.zeros(W_dec.shape)))
    _velocity[key] = tuple(0.9 * v + g for v, g in zip(old, plain(X, W_enc, W_dec)))
    return _velocity[key]
