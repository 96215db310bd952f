"""No walls at all, on explicit demand: for submissions one trusts."""

# Links must not be resolved: no pathlib here.
# ruff: noqa: PTH100

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..backend import Start
from . import warm_process
from .interpreter import interpreter


class UnconfinedTier:
    """A plain process with limits and a folder of its own."""

    name = "none"
    lacks: tuple[str, ...] = ("a submission can do whatever the grader's user can",)
    confinement = "unconfined"

    def missing(self) -> str:
        """Return what is missing: nothing."""
        return ""

    def start(self, release: Path, control: int, modules: tuple[str, ...]) -> Start:
        """Return how to start the warm process as a plain one."""
        folder = release.resolve() / "data"
        _, _, extra = interpreter()
        command = warm_process.command(os.path.abspath(sys.executable), control, self.confinement, modules, extra)
        # matplotlib finds its usual cache there; the child itself gets another home.
        home = os.environ.get("HOME", "/tmp")
        return Start(command, warm_process.environment(HOME=home), {"data": str(folder) if folder.is_dir() else ""})

    def refusal(self, told: str) -> str:
        """Return what was said."""
        return f"The process for submissions did not start ({told.strip()[-600:] or 'no reason given'})."
