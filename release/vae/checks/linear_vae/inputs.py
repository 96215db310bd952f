"""What the exercises of 06_linear_vae are asked about: weights of a linear VAE, clouds of samples, data to fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from ..examples import arrays, hundredths

ENTRIES = hundredths(-3, 3)
LOG_VARS = hundredths(-3, 2)
BETAS = hundredths(0.1, 4)


def weights_of(n: int, d: int, k: int, entries: Any = ENTRIES, log_vars: Any = LOG_VARS) -> st.SearchStrategy[Any]:
    """(X, W_enc, log_var, W_dec) of n samples, d dimensions, k latent dimensions."""
    return st.tuples(arrays((n, d), entries), arrays((d, k), entries), arrays((k,), log_vars), arrays((k, d), entries))


def weights(n: int, d: int, k: int, entries: Any = ENTRIES, log_vars: Any = LOG_VARS) -> st.SearchStrategy[Any]:
    """(X, W_enc, log_var, W_dec) of sizes up to the given ones."""
    sizes = st.tuples(st.integers(1, n), st.integers(1, d), st.integers(1, k))
    return sizes.flatmap(lambda size: weights_of(*size, entries, log_vars))


def with_noise(drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same with the noise of one draw behind them: (X, W_enc, log_var, W_dec, eps)."""
    return drawn.flatmap(
        lambda one: arrays((one[0].shape[0], one[2].size), hundredths(-2, 2)).map(lambda eps: (*one, eps))
    )


ONE_OF_EACH = (np.array([[2.0]]), np.array([[0.5]]), np.array([0.0]), np.array([[1.0]]))
TWO_LATENTS = (
    np.array([[1.0, 0.0], [2.0, -1.0], [-1.0, 3.0]]),
    np.array([[0.5, 0.0], [1.0, -0.5]]),
    np.array([0.0, -1.0]),
    np.array([[1.0, 0.5], [0.0, 2.0]]),
)
WIDER = (
    np.array([[1.0, -1.0, 2.0], [0.5, 0.0, -1.0]]),
    np.array([[1.0, 0.0], [0.5, 1.0], [0.0, -0.5]]),
    np.array([-0.5, 1.0]),
    np.array([[1.0, 0.0, -1.0], [0.5, 2.0, 0.0]]),
)
ONE_NOISE = (*ONE_OF_EACH, np.array([[1.0]]))
TWO_NOISE = (*TWO_LATENTS, np.array([[1.0, -0.5], [0.5, 2.0], [-1.0, 1.0]]))
WIDER_NOISE = (*WIDER, np.array([[1.0, -2.0], [-0.5, 1.5]]))


def centred(n: int, eigenvalues: Sequence[float], seed: int) -> Any:
    """Samples (n, d) of three decimals, with columns of mean 0 and, but for rounding, these eigenvalues of XᵀX/n."""
    d = len(eigenvalues)
    rng = np.random.default_rng(seed)
    cloud = rng.standard_normal((n, d))
    basis = np.linalg.qr(cloud - cloud.mean(axis=0))[0]
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0]
    thousandths = np.round(1000 * (basis * np.sqrt(n * np.asarray(eigenvalues))) @ turn.T)
    # What rounding moved the mean by goes into the last sample: columns of whole thousandths that sum to 0.
    thousandths[-1] -= thousandths.sum(axis=0)
    return thousandths / 1000


CLOUDS = st.tuples(st.integers(3, 6), st.integers(2, 4)).flatmap(
    lambda shape: st.tuples(arrays(shape, ENTRIES), st.integers(1, shape[1]))
)
TRIANGLE = (np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 3.0]]), 1)
BLOCK = (np.array([[3.0, 1.0, 0.0], [1.0, 1.0, 2.0], [2.0, 4.0, 1.0], [0.0, 2.0, 3.0]]), 2)
