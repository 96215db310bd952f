"""Public checks of `decode`: its form, its laws, its probes."""

from __future__ import annotations

from .. import answer_form
from ..exercise import Exercise
from .maps import PROBES, laws, product_shape

EXERCISE = Exercise(
    name="decode",
    points=1,
    parameters=("Z", "W_dec"),
    form=answer_form.one("X_hat", product_shape),
    read="“Exercise 2: decode”",
    checks=laws("Z"),
    probes=PROBES,
)
