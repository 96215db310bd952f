"""The trees that Python needs: what a submission may read, and what of ours lies in them."""

# Links must not be resolved: no pathlib here.
# ruff: noqa: PTH100, PTH110, PTH114, PTH115, PTH118, PTH120

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

from ..limits import Refused
from .warm_process import SANDBOX

SYSTEM = ("/usr", "/etc/fonts", "/etc/alternatives", "/etc/ld.so.cache", "/nix/store")
# Folders of its own that bubblewrap has there: what lies in them outside is put elsewhere inside.
_COVERED = ("/tmp", "/dev", "/proc", "/scratch", "/release-data")
_MOVED = "/environment"
MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ADVICE = "or grade with --no-sandbox what you trust"


def below(path: str, roots: list[str]) -> bool:
    """Return whether a path is one of the roots or lies in one."""
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots)


def interpreter() -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return the interpreter's trees, symbolic links on the way to it (target, place), and extra import folders."""
    trees = [path for path in SYSTEM if os.path.exists(path)]
    trees += [path for path in dict.fromkeys((sys.prefix, sys.base_prefix)) if not below(path, trees)]
    extra = []
    found = importlib.util.find_spec("numpy")
    if found and found.origin:
        site = str(Path(found.origin).parents[1])
        if not below(site, trees):
            trees.append(site)
        if site not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
            extra.append(site)
    links = []
    step = os.path.abspath(sys.executable)
    while os.path.islink(step):
        target = os.readlink(step)
        if not below(step, [*trees, *MERGED]):
            links.append((target, step))
        step = os.path.normpath(os.path.join(os.path.dirname(step), target))
    if not below(step, [*trees, *MERGED]):
        trees.append(step)
    return trees, links, extra


def place(path: str, trees: list[str]) -> str:
    """Where in bubblewrap something of a tree is: in its own place, or beside those that a submission has for itself.

    What a submission sees of /tmp must not depend on where the environment lies, an environment below /tmp included.
    """
    for number, tree in enumerate(trees):
        if below(tree, list(_COVERED)) and below(path, [tree]):
            return os.path.normpath(os.path.join(_MOVED, str(number), os.path.relpath(path, tree)))
    return path


def started(trees: list[str], extra: list[str]) -> tuple[str, list[str]]:
    """Return the interpreter to start in bubblewrap, and the import folders that it would not find by itself."""
    program = os.path.abspath(sys.executable)
    if place(sys.base_prefix, trees) != sys.base_prefix:
        # An environment names its interpreter by path; one that was moved is started itself.
        program = os.path.realpath(program)
        extra = list(dict.fromkeys([*extra, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]))
    return place(program, trees), [place(path, trees) for path in extra]


def masks(trees: list[str]) -> list[str]:
    """Return folders of ours that lie inside a visible tree (an install into site-packages, say)."""
    package = SANDBOX.parent
    ours = [package, package.parent / "solutions"]
    if below(str(package.parent / "pyproject.toml"), trees) and (package.parent / "pyproject.toml").exists():
        ours += [path for path in package.parent.iterdir() if path.is_dir() and not below(sys.prefix, [str(path)])]
    return [str(path) for path in dict.fromkeys(ours) if path.is_dir() and below(str(path), trees)]


def out_of_sight(release: Path) -> None:
    """Refuse a course below a tree that submissions may read: with it they could read gradebook and submissions."""
    trees = [*interpreter()[0], *MERGED]
    for path in (os.path.abspath(release), str(release.resolve())):
        seen = next((tree for tree in trees if below(path, [tree])), None)
        if seen:
            raise Refused(
                f"Submissions may read all of {seen}, and this course lies in it ({path}): "
                f"move the course folder elsewhere (below a home folder or /srv, say), {ADVICE}."
            )
