"""The wall between a grader and the code it grades, which runs in a confined process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .limits import Cell, Infrastructure, Limits, Outcome, Refused, answer_label

if TYPE_CHECKING:
    from .grader_side.sandbox import Sandbox
    from .grader_side.session import Session

__all__ = [
    "Cell",
    "Infrastructure",
    "Limits",
    "Outcome",
    "Refused",
    "Sandbox",
    "Session",
    "answer_label",
    "open_sandbox",
]


def open_sandbox(
    release: Path, *, walls: str = "", limits: Limits | None = None, preload: Sequence[str] = ()
) -> Sandbox:
    """Start a sandbox that shows `release`/data to its children as ./data; to be used as a context manager.

    `walls` names the tier, "none" for a plain process; without it the best that can be had is taken. `preload` names
    further modules to import once for all. Raises Refused when a wall cannot be had, Infrastructure
    when the start fails otherwise. Start it from a thread that lives as long as the sandbox: its end ends the sandbox.
    """
    from . import tiers
    from .grader_side.sandbox import Sandbox

    backend = tiers.tier(walls) if walls else tiers.best()
    return Sandbox(release, backend, limits or Limits(), preload)


def __getattr__(name: str) -> Any:
    if name in ("Sandbox", "Session"):
        from .grader_side import sandbox

        return getattr(sandbox, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
