"""The models that the notebooks show: files that match their card, and the phenomena of the chapter, measured."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers.scripts import module_of

DATA = Path(__file__).resolve().parents[2] / "assignments" / "vae" / "data"
CARD = (DATA / "MODEL_CARD.md").read_text(encoding="utf-8")
DELTA, FRACTION = 0.01, 0.5
Array = Any


models = module_of(DATA / "models.py")


@pytest.fixture(scope="module")
def digits() -> tuple[Array, Array]:
    """Pixels in [0, 1] and labels of the 1 000 digits."""
    with np.load(DATA / "digits.npz") as stored:
        return stored["X"] / 255.0, stored["y"].astype(int)


def kl(mu: Array, sigma: Array) -> Array:
    """The KL of each sample and dimension, in nats."""
    return 0.5 * (mu**2 + sigma**2 - 2 * np.log(sigma) - 1)


def active(k: int) -> int:
    """How many dimensions of the VAE are active in the sense of the exercise."""
    return int((np.mean(kl(*models.embeddings("vae", k)) > DELTA, axis=0) >= FRACTION).sum())


@pytest.mark.parametrize("name", ["embeddings.npz", "models.npz"])
def test_files_are_the_documented_ones(name: str) -> None:
    """The arrays have the checksum on the card, hold plain numbers only, and are loaded without pickles."""
    total = hashlib.sha256()
    with np.load(DATA / name, allow_pickle=False) as stored:
        for key in sorted(stored):
            assert stored[key].dtype.kind == "f"
            assert np.all(np.isfinite(stored[key]))
            total.update(key.encode() + stored[key].tobytes())
    assert f"| `{name}` | `{total.hexdigest()}` |" in CARD


def test_all_data_are_small() -> None:
    """What is copied for every student stays under 2.5 MB."""
    assert sum(path.stat().st_size for path in DATA.glob("*.npz")) < 2_500_000


def test_the_card_tells_the_measured_losses() -> None:
    """Every row of losses on the card is what the training script measured and stored."""
    rows = re.findall(r"\| (AE|VAE) \| (\d+) \| ([\d.]+) \| ([\d.]+|–) \| ([\d.]+) \| ([\d.]+|–) \| (\d+|–) \|", CARD)
    told = {(kind.lower(), int(k)): numbers for kind, k, *numbers in rows}
    with np.load(DATA / "models.npz") as stored:
        known = {tuple(name.split("_")[:2]): stored[name] for name in stored if name.endswith("_losses")}
    assert {(kind, str(k)) for kind, k in told} == set(known)
    for (kind, k), losses in known.items():
        *numbers, units = told[kind, int(k)]
        assert [one for one in numbers if one != "–"] == [f"{one:.2f}" for one in losses if kind == "vae" or one]
        if int(k) in (2, 8, 16, 32) and kind == "vae":
            assert int(units) == active(int(k))


def test_what_is_shipped_is_what_was_measured(digits: tuple[Array, Array]) -> None:
    """Embeddings and weights give the stored losses again: the files belong together."""
    X, _ = digits
    with np.load(DATA / "models.npz") as stored:
        losses = {name: stored[name] for name in stored if name.endswith("_losses")}
    z = models.embeddings("ae", 2)
    assert np.isclose(
        np.mean(np.sum((models.load_decoder("ae").decode(z) - X) ** 2, axis=1)), losses["ae_2_losses"][2], rtol=2e-3
    )
    for k in (2, 8, 16, 32):
        assert np.isclose(kl(*models.embeddings("vae", k)).sum(axis=1).mean(), losses[f"vae_{k}_losses"][3], rtol=2e-3)
    vae = models.load_vae()
    mu, log_var = vae.encode(X)
    stored_mu, stored_sigma = models.embeddings("vae", 16)
    np.testing.assert_allclose(mu, stored_mu, atol=4e-3)
    np.testing.assert_allclose(np.exp(log_var / 2), stored_sigma, rtol=4e-3)
    draws = mu + np.exp(log_var / 2) * np.random.default_rng(0).standard_normal(mu.shape)
    assert np.isclose(np.mean(np.sum((vae.decode(draws) - X) ** 2, axis=1)), losses["vae_16_losses"][2], rtol=0.02)


def test_missing_parts_are_named(tmp_path: Path) -> None:
    """What is not shipped, and a file that is not there, are named."""
    with pytest.raises(KeyError, match=r"embeddings.npz holds no ae_5_z; it is about ae_2, "):
        models.embeddings("ae", 5)
    alone = tmp_path / "models.py"
    alone.write_bytes((DATA / "models.py").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", "import models as m; m.load_vae()"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "models.npz is missing in the folder data: unpack the notebooks again" in done.stderr


def test_the_vae_lies_near_the_prior_and_the_autoencoder_does_not() -> None:
    """At k = 2 the VAE's codes have the spread of N(0, I); the AE's are several times wider, and elsewhere."""
    z = models.embeddings("ae", 2)
    mu, sigma = models.embeddings("vae", 2)
    aggregate = np.sqrt(mu.var(axis=0) + np.mean(sigma**2, axis=0))
    assert np.all(np.abs(aggregate - 1) < 0.25)
    assert np.all(np.abs(mu.mean(axis=0)) < 0.25)
    assert np.mean(np.linalg.norm(mu, axis=1) <= 2) > 0.75
    assert np.all(z.std(axis=0) > 2)
    assert np.mean(np.linalg.norm(z, axis=1) <= 2) < 0.4


def test_active_units_saturate() -> None:
    """All dimensions are active at k = 2, and clearly fewer than 32 at k = 32: the data set the count."""
    counts = [active(k) for k in (2, 8, 32)]
    assert counts[0] == 2
    assert 6 <= counts[1] <= 8
    assert counts[1] <= counts[2] <= 20


def test_the_kl_is_uneven_over_dimensions() -> None:
    """At k = 16 some dimensions carry more than a nat and others have collapsed."""
    each = kl(*models.embeddings("vae", 16)).mean(axis=0)
    assert each.max() > 1
    assert each.min() < DELTA


def test_paths_are_smooth(digits: tuple[Array, Array]) -> None:
    """From each 0 to the next 1, every step of ten changes the picture far less than the whole way does."""
    X, y = digits
    vae = models.load_vae()
    mu, _ = vae.encode(X)
    for start, end in zip(np.flatnonzero(y == 0)[:20], np.flatnonzero(y == 1)[:20], strict=True):
        images = vae.decode(np.linspace(mu[start], mu[end], 11))
        steps = np.linalg.norm(np.diff(images, axis=0), axis=1)
        assert steps.max() < 0.4 * np.linalg.norm(images[-1] - images[0])


def recognised(images: Array, X: Array, y: Array) -> float:
    """The share of images that lie as near to a real digit as real digits do, and whose five nearest agree on the label."""
    far = ((images[:, None] - X) ** 2).sum(axis=2)
    nearest = np.argsort(far, axis=1)[:, :5]
    agreeing = np.array([np.bincount(labels, minlength=10).max() for labels in y[nearest]])
    return float(np.mean((agreeing >= 4) & (far.min(axis=1) < 40)))


def test_samples_from_the_prior_are_digits_for_the_vae_alone(digits: tuple[Array, Array]) -> None:
    """Decoded draws of N(0, I) are recognised about half the time (real digits: 0.7; chance: below 0.01), the AE's seldom."""
    X, y = digits
    rng = np.random.default_rng(1)
    real = recognised(X[:200], X[200:], y[200:])
    plane = recognised(models.load_decoder("vae").decode(rng.standard_normal((300, 2))), X, y)
    wide = recognised(models.load_vae().decode(rng.standard_normal((300, 16))), X, y)
    codes = models.embeddings("ae", 32)
    decoder = models.load_decoder("ae", 32)
    prior = recognised(decoder.decode(rng.standard_normal((300, 32))), X, y)
    between = recognised(decoder.decode(rng.uniform(codes.min(axis=0), codes.max(axis=0), (300, 32))), X, y)
    assert real > 0.6
    assert min(plane, wide) > 0.35
    assert wide > 1.4 * max(prior, between)


@pytest.mark.slow
def test_a_short_training_runs(tmp_path: Path) -> None:
    """The script trains and writes both files, with the shapes of the shipped ones; twice the same."""
    if importlib.util.find_spec("torch") is None:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is not installed")
        pytest.skip("needs PyTorch: pip install '.[train]'")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        script = [sys.executable, str(DATA / "make_models.py"), "--epochs", "1", "--to", str(tmp_path / name)]
        subprocess.run(script, check=True, capture_output=True)
    for file in ("embeddings.npz", "models.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        with np.load(tmp_path / "one" / file) as trial, np.load(DATA / file) as shipped:
            assert set(trial) == set(shipped)
            assert all(trial[name].shape == shipped[name].shape for name in trial if name != "bottleneck")
