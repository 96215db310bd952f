"""bubblewrap around the warm process: a read-only system, no network, an empty environment."""

# Links must not be resolved: no pathlib here.
# ruff: noqa: PTH100, PTH112, PTH114, PTH115

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..backend import Start
from ..limits import Refused
from . import root, warm_process
from .interpreter import ADVICE, MERGED, below, interpreter, masks, out_of_sight, place, started
from .requirements import no_platform

DATA = "/release-data"


def missing() -> str:
    """Return what a quick look finds missing for bubblewrap; empty where nothing is."""
    if told := no_platform():
        return told
    if shutil.which("bwrap") is None:
        return f"The sandbox needs bubblewrap (bwrap): install it (Debian, Ubuntu: apt install bubblewrap), {ADVICE}."
    return ""


def start(release: Path, control: int, modules: tuple[str, ...], confinement: str) -> Start:
    """Return how to start the warm process inside bubblewrap; raises Refused."""
    if sentence := missing():
        raise Refused(sentence)
    program = shutil.which("bwrap")
    assert program is not None
    out_of_sight(release)
    folder = release.resolve() / "data"
    data = str(folder) if folder.is_dir() else ""
    command, sources, places = _command(os.path.abspath(program), data, control, modules, confinement)
    if root.is_root():
        root.readable_by_others(data)
        command = root.dropped(command, sources, root.nobody(), attach=True)
    else:
        command = [part.removeprefix("@") for part in command]
    job = {
        "data": DATA if data else "",
        "readable": [*places, *(path for path in MERGED if os.path.isdir(path)), *([DATA] if data else [])],
    }
    return Start(command, _environment(), job)


def _environment() -> dict[str, str]:
    return warm_process.environment(HOME="/tmp", MPLCONFIGDIR="/tmp")


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in reversed(Path(path).parents) if str(parent) != "/"]


def _command(
    program: str, data: str, control: int, modules: tuple[str, ...], confinement: str
) -> tuple[list[str], list[str], list[str]]:
    """Return the command with "@" before each source of a bind, those sources, and where the interpreter's trees are inside."""
    trees, links, extra = interpreter()
    command = [program, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--clearenv"]
    command += ["--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--tmpfs", "/tmp"]
    made: dict[str, None] = {}
    places = [place(path, trees) for path in trees]
    for path in (*places, *(link for _, link in links), "/scratch/x", f"{DATA}/x"):
        made.update(dict.fromkeys(_parents(path)))
    for path in made:
        if path != "/tmp" and not below(path, places):
            command += ["--perms", "0755", "--dir", path]
    sources = []
    for path, inside in zip(trees, places, strict=True):
        sources.append(path)
        command += ["--ro-bind", f"@{path}", inside]
    for path in MERGED:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            sources.append(path)
            command += ["--ro-bind", f"@{path}", path]
    for target, link in links:
        command += ["--symlink", target, link]
    for path in (place(mask, trees) for mask in masks(trees)):
        command += ["--tmpfs", path, "--remount-ro", path]
    if data:
        sources.append(data)
        command += ["--ro-bind", f"@{data}", DATA]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    command += ["--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/", "--"]
    python, folders = started(trees, extra)
    return command + warm_process.command(python, control, confinement, modules, folders), sources, places
