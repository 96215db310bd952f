"""Train the models of the notebooks and write `embeddings.npz` and `models.npz` beside this script.

Run `python make_models.py` (extra `train`: PyTorch on the CPU, under ten minutes on two cores); `--epochs 3` for a trial
that writes elsewhere. MODEL_CARD.md says what is trained, how, and what came out.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from make_digits import Digits, source_digits, split_digits
from torch import Tensor, nn
from tqdm import tqdm

HERE = Path(__file__).resolve().parent
PIXELS, HIDDEN = 784, 128
BATCH = 100
EPOCHS = 100
PEAK_RATE = 4e-3
# ‖x - x̂‖² + beta KL is the negative ELBO for a decoder variance of beta / 2, up to a factor and a constant.
BETA = 0.5
AE, VAE = "ae", "vae"
BOTTLENECKS = (1, 2, 4, 8, 16, 32, 64)
SHIPPED = {AE: (2, 8, 32), VAE: (2, 8, 16, 32)}
WEIGHTS = {(VAE, 16): ("encoder", "decoder"), (VAE, 2): ("decoder",), (AE, 2): ("decoder",), (AE, 32): ("decoder",)}


class Autoencoder(nn.Module):
    """Encoder 784 - 128 - 128 - k (twice for a VAE: mu and log sigma²), decoder k - 128 - 128 - 784, pixels by a sigmoid."""

    def __init__(self, kind: str, k: int) -> None:
        """Make the layers, with PyTorch's own initialisation."""
        super().__init__()
        self.kind, self.k = kind, k
        self.encoder = _layers(PIXELS, 2 * k if kind == VAE else k)
        self.decoder = _layers(k, PIXELS)

    def encode(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return (mu, log_var), each (n, k); an AE has no width, and log_var is empty."""
        out = self.encoder(X)
        return out[:, : self.k], out[:, self.k :]

    def decode(self, z: Tensor) -> Tensor:
        """Return X_hat (n, 784), pixels in [0, 1]."""
        return torch.sigmoid(self.decoder(z))

    def sample(self, mu: Tensor, log_var: Tensor, generator: torch.Generator) -> Tensor:
        """Draw z from the posteriors by reparameterisation; mu itself for an AE."""
        if self.kind == AE:
            return mu
        return mu + torch.exp(log_var / 2) * torch.randn(mu.shape, generator=generator)


def _layers(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)
    )


@dataclass(frozen=True)
class Losses:
    """Reconstruction loss (squared error summed over pixels, averaged over samples) and KL in nats, on one set of digits."""

    reconstruction: float
    kl: float


def pixels(digits: Digits) -> Tensor:
    """The images as pixels in [0, 1], float32."""
    return torch.tensor(digits.X / 255.0, dtype=torch.float32)


def parts(model: Autoencoder, X: Tensor, target: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return (L_R, L_KL) of a batch: summed over pixels and dimensions, averaged over samples."""
    mu, log_var = model.encode(X)
    X_hat = model.decode(model.sample(mu, log_var, generator))
    reconstruction = ((X_hat - target) ** 2).sum(dim=1).mean()
    if model.kind == AE:
        return reconstruction, torch.zeros(())
    return reconstruction, (0.5 * (mu**2 + log_var.exp() - log_var - 1)).sum(dim=1).mean()


def warped(X: Tensor, generator: torch.Generator) -> Tensor:
    """The images slightly turned, stretched, sheared and shifted: 4 000 digits are few."""

    def between(bound: float, *shape: int) -> Tensor:
        return (2 * torch.rand(len(X), *shape, generator=generator) - 1) * bound

    turn, size, shear = between(math.radians(10)), 1 + between(0.1), between(0.15)
    shift = between(1.5 / 14, 2)
    rows = [
        torch.stack([size * turn.cos(), size * (shear - turn.sin()), shift[:, 0]], dim=1),
        torch.stack([size * turn.sin(), size * turn.cos(), shift[:, 1]], dim=1),
    ]
    grid = nn.functional.affine_grid(torch.stack(rows, dim=1), [len(X), 1, 28, 28], align_corners=False)
    moved = nn.functional.grid_sample(X.view(-1, 1, 28, 28), grid, align_corners=False)
    return moved.view(-1, PIXELS).clamp(0, 1)


def train(kind: str, k: int, X: Tensor, epochs: int = EPOCHS) -> Autoencoder:
    """Train one model on images X (n, 784) by Adam; beta ramps up over the first quarter of the epochs (annealing)."""
    torch.manual_seed(1000 + k)
    generator = torch.Generator().manual_seed(k)
    model = Autoencoder(kind, k)
    optimiser = torch.optim.Adam(model.parameters())
    steps = epochs * math.ceil(len(X) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps, pct_start=0.1)
    warmup = max(1, epochs // 4)
    for epoch in tqdm(range(epochs), desc=f"{kind.upper()}, k = {k}", leave=False):
        beta = BETA * min(1.0, (epoch + 1) / warmup)
        for rows in torch.randperm(len(X), generator=generator).split(BATCH):
            batch = warped(X[rows], generator)
            reconstruction, kl = parts(model, batch, batch, generator)
            optimiser.zero_grad()
            (reconstruction + beta * kl).backward()
            optimiser.step()
            schedule.step()
    return as_shipped(model)


def as_shipped(model: Autoencoder) -> Autoencoder:
    """Round the weights to float16, as they are stored: what is measured here is what students have."""
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(weights.half().float())
    return model.eval()


@torch.no_grad()
def measure(model: Autoencoder, X: Tensor) -> Losses:
    """The losses on images X, z being drawn from the posterior as in training."""
    reconstruction, kl = parts(model, X, X, torch.Generator().manual_seed(0))
    return Losses(float(reconstruction), float(kl))


@torch.no_grad()
def codes(model: Autoencoder, X: Tensor) -> dict[str, np.ndarray]:
    """The embeddings of X under their names in `embeddings.npz`, float16: z for an AE, mu and sigma for a VAE."""
    mu, log_var = model.encode(X)
    name = f"{model.kind}_{model.k}"
    found = {f"{name}_z": mu} if model.kind == AE else {f"{name}_mu": mu, f"{name}_sigma": torch.exp(log_var / 2)}
    return {key: value.numpy().astype(np.float16) for key, value in found.items()}


def weights_of(model: Autoencoder, *halves: str) -> Iterator[tuple[str, np.ndarray]]:
    """The weights of the encoder or decoder under their names in `models.npz`, float16: W (inputs, outputs) and b."""
    for half in halves:
        linear = [layer for layer in getattr(model, half) if isinstance(layer, nn.Linear)]
        for place, layer in enumerate(linear):
            name = f"{model.kind}_{model.k}_{half}_{place}"
            yield f"{name}_W", layer.weight.detach().numpy().T.astype(np.float16)
            yield f"{name}_b", layer.bias.detach().numpy().astype(np.float16)


def build(target: Path, epochs: int = EPOCHS, bottlenecks: tuple[int, ...] = BOTTLENECKS) -> None:
    """Train every model and write both files into the folder `target`; prints what was measured."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    shown, training = map(pixels, split_digits(source_digits()))
    embeddings: dict[str, np.ndarray] = {}
    stored: dict[str, np.ndarray] = {}
    curve = []
    tasks = [(AE, k) for k in SHIPPED[AE]] + [(VAE, k) for k in sorted({*bottlenecks, *SHIPPED[VAE]})]
    for kind, k in tasks:
        model = train(kind, k, training, epochs)
        before, after = measure(model, training), measure(model, shown)
        print(
            f"{kind} {k:2}: training L_R {before.reconstruction:.2f} L_KL {before.kl:.2f}, "
            f"the 1 000 L_R {after.reconstruction:.2f} L_KL {after.kl:.2f}"
        )
        if k in SHIPPED[kind]:
            embeddings |= codes(model, shown)
        stored |= dict(weights_of(model, *WEIGHTS.get((kind, k), ())))
        if kind == VAE and k in bottlenecks:
            curve.append([k, before.reconstruction, before.kl, after.reconstruction, after.kl])
        stored[f"{kind}_{k}_losses"] = np.array([before.reconstruction, before.kl, after.reconstruction, after.kl])
    stored["bottleneck"] = np.array(curve)
    np.savez_compressed(target / "embeddings.npz", **embeddings)
    np.savez_compressed(target / "models.npz", **stored)


def main() -> int:
    """Build the files and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help=f"passes over the digits ({EPOCHS})")
    parser.add_argument("--to", type=Path, default=HERE, metavar="DIR", help="where to write (beside this script)")
    options = parser.parse_args()
    build(options.to, options.epochs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
