"""The third tier: Landlock alone, for containers, pods and hosted runners, where no namespace can be had."""

# Links must not be resolved: no pathlib here.
# ruff: noqa: PTH100, PTH118, PTH208

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..backend import Start
from ..limits import Refused
from . import root, warm_process
from .causes import sentence
from .interpreter import ADVICE, MERGED, below, interpreter, masks, out_of_sight
from .requirements import no_landlock, no_platform


class LandlockTier:
    """Every submission reads the interpreter and the data, writes one folder, and starts no process."""

    name = "landlock"
    lacks: tuple[str, ...] = (
        "names and sizes of files, and numbers of processes, on this machine can be asked",
        "the scratch has a watcher in place of a quota",
        "the network is closed by the system call filter alone",
    )
    confinement = "landlock"

    def missing(self) -> str:
        """Return what this machine lacks for the tier."""
        if told := no_platform() or no_landlock():
            return told
        if root.is_root() and (path := root.unreachable(interpreter()[0])):
            return (
                f"The sandbox runs as a user who cannot reach {path}: install Python and this package where everybody may "
                f"read them, or run the grader as an ordinary user, {ADVICE}."
            )
        return ""

    def start(self, release: Path, control: int, modules: tuple[str, ...]) -> Start:
        """Return how to start the warm process as a plain one; raises Refused."""
        if told := self.missing():
            raise Refused(told)
        out_of_sight(release)
        folder = release.resolve() / "data"
        data = str(folder) if folder.is_dir() else ""
        trees, _, extra = interpreter()
        command = warm_process.command(os.path.abspath(sys.executable), control, self.confinement, modules, extra)
        home = os.environ.get("HOME", "/tmp")
        if root.is_root():
            root.readable_by_others(data)
            command = root.dropped(command, [*trees, *([data] if data else [])], root.unused(), attach=False)
            home = "/tmp"
        hidden = masks(trees)
        readable = [part for tree in [*trees, *MERGED] for part in _without(tree, hidden)]
        return Start(
            command,
            warm_process.environment(HOME=home),
            {"data": data, "readable": [*readable, *([data] if data else [])]},
        )

    def refusal(self, told: str) -> str:
        """Return what to do about a start that failed."""
        return sentence(told)


def _without(tree: str, hidden: list[str]) -> list[str]:
    """The parts of a tree that lie beside hidden folders: Landlock adds rights, and takes none back further down."""
    if tree in hidden or not any(below(path, [tree]) for path in hidden):
        return [] if tree in hidden else [tree]
    return [part for name in sorted(os.listdir(tree)) for part in _without(os.path.join(tree, name), hidden)]
