"""The trained models of the notebooks, in numpy alone: embeddings of the 1 000 digits, an encoder, and decoders.

Rows are samples; pixels lie in [0, 1]; sigma is a standard deviation. How the models were trained, and how well they do,
stands in MODEL_CARD.md.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

_HERE = Path(__file__).resolve().parent


def _stored(file: str, *names: str) -> list[np.ndarray]:
    """The arrays of these names from a file beside this one, as float64."""
    path = _HERE / file
    if not path.is_file():
        raise FileNotFoundError(
            f"{file} is missing in the folder data: unpack the notebooks again, with all their folders."
        )
    with np.load(path) as stored:
        missing = [name for name in names if name not in stored]
        if missing:
            known = sorted({"_".join(name.split("_")[:2]) for name in stored})
            raise KeyError(f"{file} holds no {missing[0]}; it is about {', '.join(known)}.")
        return [stored[name].astype(np.float64) for name in names]


def embeddings(kind: str, k: int) -> tuple[np.ndarray, np.ndarray] | np.ndarray:
    """The codes of the 1 000 digits, in their order: (mu, sigma) for "vae" (k = 2, 8, 16, 32), z for "ae" (k = 2, 8, 32).

    All arrays have shape (1000, k).
    """
    if kind == "ae":
        return _stored("embeddings.npz", f"ae_{k}_z")[0]
    mu, sigma = _stored("embeddings.npz", f"{kind}_{k}_mu", f"{kind}_{k}_sigma")
    return mu, sigma


class Decoder:
    """A network from a code to an image: two layers that bend (max(x, 0)), and one whose sigmoid gives pixels."""

    def __init__(self, kind: str, k: int) -> None:
        """Load the weights."""
        self.k = k
        self._decoder = _layers(kind, k, "decoder")

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Images X_hat (n, 784) of codes z (n, k)."""
        # The sigmoid, written so that nothing overflows far out.
        return 0.5 * (1 + np.tanh(0.5 * _forward(z, self._decoder)))


class VAE(Decoder):
    """A variational autoencoder: the decoder, and an encoder to the posterior of each image."""

    def __init__(self, k: int) -> None:
        """Load the weights."""
        super().__init__("vae", k)
        self._encoder = _layers("vae", k, "encoder")

    def encode(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posteriors (mu, log_var) of images X (n, 784), each (n, k); sigma is exp(log_var / 2)."""
        out = _forward(X, self._encoder)
        return out[:, : self.k], out[:, self.k :]


def load_vae(k: int = 16) -> VAE:
    """The variational autoencoder with k = 16: `encode(X)` gives (mu, log_var), `decode(z)` gives images."""
    return VAE(k)


def load_decoder(kind: str, k: int = 2) -> Decoder:
    """A decoder alone: of a plain autoencoder ("ae", k = 2 or 32), or of a VAE ("vae", k = 2 or 16)."""
    return Decoder(kind, k)


def bottleneck() -> dict[str, np.ndarray]:
    """The losses of VAEs that differ in k alone, arrays of one length by name.

    "k", then "training L_R" and "training L_KL" on the digits of the training, "held-out L_R" and "held-out L_KL" on the
    1 000.
    """
    table = _stored("models.npz", "bottleneck")[0]
    names = ("k", "training L_R", "training L_KL", "held-out L_R", "held-out L_KL")
    found = dict(zip(names, table.T, strict=True))
    return found | {"k": found["k"].astype(int)}


def _layers(kind: str, k: int, half: str) -> list[tuple[np.ndarray, np.ndarray]]:
    names = [[f"{kind}_{k}_{half}_{place}_{part}" for part in "Wb"] for place in range(3)]
    return [(W, b) for W, b in (_stored("models.npz", *pair) for pair in names)]


def _forward(x: np.ndarray, layers: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    x = np.atleast_2d(x)
    *bending, (W, b) = layers
    for W_hidden, b_hidden in bending:
        x = np.maximum(x @ W_hidden + b_hidden, 0)
    return x @ W + b
