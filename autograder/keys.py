"""The key of a verdict: a hash of everything it depends on."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .config import Config
from .layout import Layout

_PACKAGE = Path(__file__).parent


@cache
def grader_version() -> str:
    """Hash of the grader's own code and of the versions of what draws and computes."""
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    versions = [platform.python_version(), version("numpy"), version("hypothesis")]
    total.update(" ".join(versions).encode())
    return total.hexdigest()


def base_key(layout: Layout, config: Config, isolation: str) -> str:
    """Hash of what all verdicts of a batch share: grader, built notebooks and data, seed, limits, isolation."""
    total = hashlib.sha256(grader_version().encode())
    for path in sorted(
        path for path in layout.source.rglob("*") if path.is_file() and path.suffix in (".ipynb", ".npz")
    ):
        total.update(path.relative_to(layout.source).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    shared: dict[str, Any] = {"seed": config.seed, "limits": config.limits.plain(), "isolation": isolation}
    total.update(json.dumps(shared, sort_keys=True).encode())
    return total.hexdigest()


def verdict_key(base: str, digest: str) -> str:
    """The key of one submission's verdict."""
    return hashlib.sha256(f"{base} {digest}".encode()).hexdigest()
