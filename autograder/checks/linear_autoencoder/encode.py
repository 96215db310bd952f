"""Public checks of `encode`: its form, its laws, its probes."""

from __future__ import annotations

from .. import answer_form
from ..exercise import Exercise
from .maps import PROBES, laws, product_shape

EXERCISE = Exercise(
    name="encode",
    points=1,
    parameters=("X", "W_enc"),
    form=answer_form.one("Z", product_shape),
    read="“Exercise 1: encode”",
    checks=laws("X"),
    probes=PROBES,
)
