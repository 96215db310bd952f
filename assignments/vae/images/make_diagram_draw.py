"""Write the diagram of notebook 04; run it from any folder: `python assignments/vae/images/make_diagram_draw.py`."""

from __future__ import annotations

from make_style import BLUE, FAINT, GREEN, INK, ORANGE, PINK, arrow, box, circle, funnel, save, sheet, words


def draw_gradient() -> bytes:
    """The draw of z without and with reparameterisation, and how far the gradient comes back."""
    figure, axes = sheet(780, 430)
    for y, title in (
        (315, "Drawn directly: the gradient stops at the draw"),
        (105, "Reparameterised: the gradient goes on"),
    ):
        words(axes, 24, y + 98, title, INK, 13, weight="bold", align="left")
        funnel(axes, 90, y, 120, 120, 90, "encoder", BLUE)
        circle(axes, 225, y + 36, 46, r"$\mu$", BLUE)
        circle(axes, 225, y - 36, 46, r"$\sigma$", BLUE)
        arrow(axes, (150, y + 20), (202, y + 36))
        arrow(axes, (150, y - 20), (202, y - 36))
        arrow(axes, (248, y + 36), (320, y + 12))
        arrow(axes, (248, y - 36), (320, y - 12))
        circle(axes, 510, y, 46, "$z$", GREEN)
        arrow(axes, (450, y), (487, y))
        funnel(axes, 610, y, 100, 70, 110, "decoder", ORANGE)
        arrow(axes, (533, y), (560, y))
        box(axes, 725, y, 70, 56, "$L$", INK, 18)
        arrow(axes, (660, y), (690, y))
        arrow(axes, (700, y - 40), (462, y - 40), PINK, dashed=True)
        words(axes, 590, y - 66, r"$\partial L/\partial z$", PINK, 12)
    box(axes, 385, 315, 130, 56, "draw\n$z \\sim N(\\mu, \\sigma^2)$", INK)
    words(axes, 385, 255, "no slope", PINK, 12, weight="bold")
    box(axes, 385, 105, 130, 56, "$z = \\mu + \\sigma\\,\\varepsilon$", GREEN)
    circle(axes, 385, 171, 36, r"$\varepsilon$", INK)
    arrow(axes, (385, 153), (385, 133))
    words(axes, 412, 171, "drawn outside", FAINT, 11, align="left")
    arrow(axes, (340, 133), (246, 158), PINK, dashed=True, bend=0.15)
    arrow(axes, (340, 77), (246, 52), PINK, dashed=True, bend=-0.15)
    words(axes, 300, 172, "slope 1", PINK, 11)
    words(axes, 300, 38, "slope $\\varepsilon$", PINK, 11)
    return save(figure, "draw_gradient")


DIAGRAMS = {"draw_gradient": draw_gradient}

if __name__ == "__main__":
    for draw in DIAGRAMS.values():
        draw()
