"""Folders that are made anew each time: only where it was us who made them."""

from __future__ import annotations

import shutil
from pathlib import Path

MARK = ".made-by-autograder"


def fresh_folder(folder: Path) -> None:
    """Make a folder of ours, or empty it; raises ValueError where somebody else keeps things there."""
    if folder.exists() and not (folder / MARK).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(
            f"{folder} is there already, and was not made by this command: move it away, or give it another name."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made anew by each run: keep nothing of yours here.\n", encoding="utf-8")
