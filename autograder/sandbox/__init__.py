"""The wall between a grader and the code it grades, which runs in a confined process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .limits import Cell, Infrastructure, Limits, Outcome, Refused

if TYPE_CHECKING:
    from .box import Sandbox
    from .session import Session

__all__ = ["Cell", "Infrastructure", "Limits", "Outcome", "Refused", "Sandbox", "Session", "open_sandbox"]


def open_sandbox(release: Path, *, walls: bool, limits: Limits | None = None, preload: Sequence[str] = ()) -> Sandbox:
    """Start a sandbox that shows `release`/data to its children as ./data; to be used as a context manager.

    `preload` names further modules to import once for all. Raises Refused when a wall cannot be had, Infrastructure
    when the start fails otherwise. Start it from a thread that lives as long as the sandbox: its end ends the sandbox.
    """
    from .box import Sandbox

    return Sandbox(release, walls, limits or Limits(), preload)


def __getattr__(name: str) -> Any:
    if name in ("Sandbox", "Session"):
        from . import box

        return getattr(box, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
