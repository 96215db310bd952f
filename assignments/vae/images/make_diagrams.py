"""Write the diagrams of notebooks 02 and 03; run it from any folder: `python assignments/vae/images/make_diagrams.py`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from make_style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PINK,
    arrow,
    box,
    circle,
    funnel,
    save,
    sheet,
    words,
)


def autoencoder() -> bytes:
    """Input, encoder, bottleneck, decoder, reconstruction, with their shapes."""
    figure, axes = sheet(780, 230)
    box(axes, 75, 125, 90, 150, "$x$", INK, 20)
    funnel(axes, 225, 125, 130, 150, 60, "encoder\n$W_\\mathrm{enc}$", BLUE)
    box(axes, 390, 125, 70, 60, "$z$", GREEN, 20)
    funnel(axes, 555, 125, 130, 60, 150, "decoder\n$W_\\mathrm{dec}$", ORANGE)
    box(axes, 705, 125, 90, 150, "$\\hat x$", INK, 20)
    for start, end in ((120, 160), (290, 355), (425, 490), (620, 660)):
        arrow(axes, (start, 125), (end, 125))
    for x, text in (
        (75, "input\n$d = 784$ pixels"),
        (225, "a matrix $(d, k)$"),
        (390, "embedding\n$k$ numbers"),
        (555, "a matrix $(k, d)$"),
        (705, "reconstruction\n$d$ pixels"),
    ):
        words(axes, x, 25, text, FAINT, 11)
    words(axes, 390, 205, "bottleneck: all that the decoder knows about $x$", GREEN, 11.5)
    return save(figure, "autoencoder")


def training_cycle() -> bytes:
    """Forward pass, loss, gradients, step, and round again."""
    figure, axes = sheet(780, 260)
    top, low = 195, 75
    box(axes, 95, top, 120, 56, "data\n$X$", INK)
    box(axes, 290, top, 130, 56, "encode\n$Z = X\\,W_\\mathrm{enc}$", BLUE)
    box(axes, 490, top, 130, 56, "decode\n$\\hat X = Z\\,W_\\mathrm{dec}$", ORANGE)
    box(axes, 685, top, 130, 56, "loss\n$L_R$", INK)
    for start, end in ((155, 225), (355, 425), (555, 620)):
        arrow(axes, (start, top), (end, top))
    box(axes, 590, low, 200, 56, "gradients\n$\\partial L_R/\\partial W$", PINK)
    box(axes, 290, low, 220, 56, "step\n$W \\leftarrow W - \\eta\\;\\partial L_R/\\partial W$", GREEN)
    arrow(axes, (685, top - 28), (650, low + 28), PINK, dashed=True)
    arrow(axes, (490, low), (400, low), PINK, dashed=True)
    arrow(axes, (290, low + 28), (290, top - 28), GREEN)
    arrow(axes, (350, low + 28), (470, top - 28), GREEN)
    words(axes, 390, 242, "forward pass", FAINT, 11)
    words(axes, 478, 132, "new weights", GREEN, 11, align="left")
    words(axes, 440, 24, "backward pass: first through the decoder, then through the encoder", PINK, 11)
    return save(figure, "training_cycle")


def two_kinds() -> bytes:
    """An autoencoder answers with a point, a VAE with a distribution from which z is drawn."""
    figure, axes = sheet(780, 380)
    for y, title in ((285, "Autoencoder"), (105, "Variational autoencoder")):
        words(axes, 24, y + 74, title, INK, 13, weight="bold", align="left")
        box(axes, 60, y, 64, 84, "$x$", INK, 18)
        funnel(axes, 180, y, 112, 96, 56, "encoder", BLUE)
        funnel(axes, 600, y, 112, 56, 96, "decoder", ORANGE)
        box(axes, 720, y, 64, 84, "$\\hat x$", INK, 18)
        arrow(axes, (92, y), (124, y))
        arrow(axes, (656, y), (688, y))
    axes.plot([20, 760], [200, 200], color=LINE, linewidth=1)
    circle(axes, 390, 285, 56, "$z$", GREEN, 18)
    arrow(axes, (236, 285), (362, 285))
    arrow(axes, (418, 285), (544, 285))
    words(axes, 390, 238, "one point", GREEN, 11)
    box(axes, 300, 128, 56, 40, "$\\mu$", PINK, 16)
    box(axes, 300, 80, 56, 40, "$\\sigma$", PINK, 16)
    arrow(axes, (236, 112), (272, 128))
    arrow(axes, (236, 98), (272, 80))
    grid = np.linspace(-1, 1, 101)
    axes.fill_between(390 + 42 * grid, 80, 80 + 62 * np.exp(-4.5 * grid**2), color="#f6e3ee", linewidth=0, zorder=2)
    axes.plot(390 + 42 * grid, 80 + 62 * np.exp(-4.5 * grid**2), color=PINK, linewidth=1.6, zorder=3)
    arrow(axes, (328, 104), (352, 104))
    arrow(axes, (432, 104), (458, 104))
    circle(axes, 486, 104, 52, "$z$", GREEN, 18)
    arrow(axes, (512, 104), (544, 104))
    words(axes, 390, 62, "$q(z\\,|\\,x)$", PINK, 13)
    words(axes, 486, 62, "a draw", GREEN, 11)
    words(axes, 390, 24, "KL: what it costs that $q(z\\,|\\,x)$ differs from the prior $\\mathcal{N}(0, 1)$", AMBER, 12)
    arrow(axes, (390, 34), (390, 50), AMBER)
    return save(figure, "autoencoder_and_vae")


def elbo() -> bytes:
    """The three terms of the loss: reconstruction, and the KL as shift and spread."""
    figure, axes = sheet(780, 190)
    box(axes, 110, 120, 150, 62, "loss $L$\nof a $\\beta$-VAE", INK)
    words(axes, 212, 120, "=", INK, 18)
    box(axes, 330, 120, 190, 62, "reconstruction $L_R$\n$\\Vert x - \\hat x\\Vert^2$", ORANGE)
    words(axes, 462, 120, "$+\\;\\beta\\,\\times$", INK, 14)
    words(axes, 507, 120, "(", INK, 34)
    box(axes, 566, 120, 104, 62, "shift\n$\\frac{1}{2}\\mu^2$", BLUE)
    words(axes, 633, 120, "+", INK, 18)
    box(axes, 698, 120, 104, 62, "spread\nof $\\sigma$", PINK)
    words(axes, 763, 120, ")", INK, 34)
    words(axes, 330, 50, "wants $\\mu$ where the decoder\nneeds it, and a small $\\sigma$", ORANGE, 11)
    words(axes, 566, 50, "wants $\\mu = 0$", BLUE, 11)
    words(axes, 698, 50, "wants $\\sigma = 1$", PINK, 11)
    words(axes, 632, 170, "$L_\\mathrm{KL}$: the KL divergence", INK, 11.5)
    return save(figure, "elbo_terms")


DIAGRAMS: tuple[Callable[[], bytes], ...] = (autoencoder, training_cycle, two_kinds, elbo)

if __name__ == "__main__":
    for draw in DIAGRAMS:
        draw()
