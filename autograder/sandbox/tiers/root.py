"""What root does before anything of the sandbox starts: it becomes a user who may do nothing."""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH110, PTH116, PTH118

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from ..limits import Refused
from .warm_process import SANDBOX

_NOBODY = 65_534
# Ids that systems keep for users made up on the spot.
_FREE = range(61_184, 65_519)


def nobody() -> tuple[int, int]:
    """Return the user and group that root becomes before anything of the sandbox starts."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65_534, 65_534
    return (entry.pw_uid, entry.pw_gid) if entry.pw_uid else (65_534, 65_534)


def unused() -> tuple[int, int]:
    """Return a user and a group that own nothing here: without namespaces a shared one could be met by others of it."""
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    number = next((one for one in _FREE if one not in taken), _NOBODY)
    return number, number


def readable_by_others(data: str) -> None:
    """Raise Refused where the user that root becomes cannot read the data."""
    for folder, _, names in os.walk(data):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            if os.path.exists(path) and not os.stat(path).st_mode & 0o004:
                raise Refused(
                    f"The sandbox's unprivileged user cannot read {path}: make it readable (chmod -R a+rX {data})."
                )


def dropped(command: Sequence[str], sources: Sequence[str], user: tuple[int, int], *, attach: bool) -> list[str]:
    """Return the command that becomes `user` first; with `attach` it makes the sources reachable in mounts of its own."""
    given = {"command": list(command), "sources": list(sources), "uid": user[0], "gid": user[1], "attach": attach}
    return [sys.executable, "-I", "-S", str(SANDBOX / "confined" / "drop_root.py"), json.dumps(given)]


def unreachable(paths: Sequence[str]) -> str:
    """Return the first of the paths that not everybody can reach and read; empty where all can."""
    for path in paths:
        steps = [*reversed(Path(path).parents), Path(path)]
        for step in steps:
            needed = 0o001 if step.is_dir() else 0o004
            if not step.stat().st_mode & needed:
                return path
    return ""


def is_root() -> bool:
    """Return whether this process is root."""
    return os.geteuid() == 0
