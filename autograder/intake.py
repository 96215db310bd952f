"""What a submission's folder holds, told apart without reading its notebooks."""

from __future__ import annotations

from pathlib import Path

from .submission import _contents, _digest, _listing


def digest_of(folder: Path) -> str:
    """The digest that `read_submission` gives a folder, at a tenth of the price; raises OSError."""
    return _digest(_contents(_listing(folder)))
