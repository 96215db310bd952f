"""No walls: a plain process in a folder of its own, for what one trusts."""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH101, PTH118, PTH211

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from typing import Any

from ..limits import Limits
from . import kernel


class Unconfined:
    """Limits and an own folder, nothing else; without walls a notebook's shell commands work, so it may start processes."""

    alone = False

    def __init__(self) -> None:
        """Make nothing yet."""
        self.home = ""

    def prepare(self, job: Mapping[str, Any]) -> None:
        """Make the child's folder, with the release's data in it."""
        self.home = tempfile.mkdtemp(prefix="autograder-")
        os.chmod(self.home, 0o755)
        if job["data"]:
            os.symlink(job["data"], os.path.join(self.home, "data"))

    def enclose(self, limits: Limits, job: Mapping[str, Any]) -> str:
        """Return the child's home."""
        os.environ.update(HOME=self.home, TMPDIR=self.home)
        return self.home

    def seal(self, limits: Limits) -> None:
        """Set the limits as far as they can be set."""
        kernel.bound(limits, required=False, counted=False)

    def overdrawn(self, limits: Limits) -> bool:
        """Return whether the scratch holds more than it may: nobody looks."""
        return False

    def clean(self) -> None:
        """Remove the child's folder."""
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)
