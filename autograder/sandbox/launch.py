"""Starting the warm process, inside bubblewrap or plainly: which command, which trees it may see, what is missing."""

# Links must not be resolved: no pathlib here.
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH115, PTH116, PTH118, PTH120

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from .limits import Refused
from .seccomp import known

HERE = Path(__file__).parent
# In the order in which they import one another; they reach the warm process through a pipe, so that no folder of ours
# need be visible in the sandbox.
_RUNTIME = (
    "limits",
    "words",
    "wire",
    "decode",
    "seccomp",
    "walls",
    "stand_ins",
    "cells",
    "watch",
    "passing",
    "child",
    "warm",
)
_PACKAGE = "sandbox_runtime"
MODULES = (
    "numpy.linalg", "numpy.fft", "numpy.testing", "collections", "copy", "csv", "dataclasses", "datetime", "functools",
    "itertools", "json", "math", "numbers", "operator", "pathlib", "random", "statistics", "string", "textwrap", "time",
    "typing", "warnings", "zipfile", "matplotlib.pyplot", "IPython.core.inputtransformer2", "IPython.display",
)  # fmt: skip
_BOOT = f"""
import json, sys, types
package = sys.modules[{_PACKAGE!r}] = types.ModuleType({_PACKAGE!r})
package.__path__ = []
sys.path += json.loads(sys.argv[4])
for name, source in json.loads(sys.stdin.buffer.read()):
    module = types.ModuleType({_PACKAGE!r} + "." + name)
    module.__package__ = {_PACKAGE!r}
    sys.modules[module.__name__] = module
    setattr(package, name, module)
    exec(compile(source, "<sandbox " + name + ">", "exec"), module.__dict__)
control, walled, modules = json.loads(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
sys.argv[1:] = []
sys.modules[{_PACKAGE!r} + ".warm"].main(control, walled, modules)
"""
_SYSTEM = ("/usr", "/etc/fonts", "/etc/alternatives", "/etc/ld.so.cache", "/nix/store")
_MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ADVICE = "or grade with --no-sandbox what you trust"


def runtime() -> bytes:
    """Return the child's modules as JSON: pairs of name and source."""
    return json.dumps([(name, (HERE / f"{name}.py").read_text()) for name in _RUNTIME]).encode()


def environment(walled: bool) -> dict[str, str]:
    """Return the whole environment of the warm process; the same hash seed each time, for the same verdicts."""
    one_thread = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
    )
    given = {
        "PATH": "/usr/bin:/bin", "USER": "student", "LOGNAME": "student", "LANG": "C.UTF-8", "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0", "TZ": "UTC",
    }  # fmt: skip
    # Without walls matplotlib finds its usual cache; the child itself gets another home.
    places = {"HOME": "/tmp", "MPLCONFIGDIR": "/tmp"} if walled else {"HOME": os.environ.get("HOME", "/tmp")}
    return one_thread | given | places


def _below(path: str, roots: list[str]) -> bool:
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in roots)


def _interpreter() -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return the interpreter's trees, symbolic links on the way to it (target, place), and extra import folders."""
    trees = [path for path in _SYSTEM if os.path.exists(path)]
    trees += [path for path in dict.fromkeys((sys.prefix, sys.base_prefix)) if not _below(path, trees)]
    extra = []
    found = importlib.util.find_spec("numpy")
    if found and found.origin:
        site = str(Path(found.origin).parents[1])
        if not _below(site, trees):
            trees.append(site)
        if site not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
            extra.append(site)
    links = []
    step = os.path.abspath(sys.executable)
    while os.path.islink(step):
        target = os.readlink(step)
        if not _below(step, [*trees, *_MERGED]):
            links.append((target, step))
        step = os.path.normpath(os.path.join(os.path.dirname(step), target))
    if not _below(step, [*trees, *_MERGED]):
        trees.append(step)
    return trees, links, extra


def _masks(trees: list[str]) -> list[str]:
    """Return folders of ours that lie inside a visible tree (an install into site-packages, say)."""
    package = HERE.parent
    ours = [package, package.parent / "solutions"]
    if _below(str(package.parent / "pyproject.toml"), trees) and (package.parent / "pyproject.toml").exists():
        ours += [path for path in package.parent.iterdir() if path.is_dir() and not _below(sys.prefix, [str(path)])]
    return [str(path) for path in dict.fromkeys(ours) if path.is_dir() and _below(str(path), trees)]


def _warm(control: int, walled: bool, modules: tuple[str, ...], extra: list[str]) -> list[str]:
    values = [json.dumps(value) for value in (control, walled, list(modules), extra)]
    return [os.path.abspath(sys.executable), "-s", "-P", "-B", "-c", _BOOT, *values]


def _parents(path: str) -> list[str]:
    return [str(parent) for parent in reversed(Path(path).parents) if str(parent) != "/"]


def _bubblewrap(program: str, data: str, control: int, modules: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Return the command with "@" before each source of a bind, those sources, and whether /tmp can be covered."""
    trees, links, extra = _interpreter()
    command = [program, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--clearenv"]
    command += [
        "--die-with-parent",
        "--new-session",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        "--tmpfs",
        "/tmp",
    ]
    made: dict[str, None] = {}
    for path in (*trees, *(place for _, place in links), "/scratch/x", "/release-data/x"):
        made.update(dict.fromkeys(_parents(path)))
    for path in made:
        if path != "/tmp" and not _below(path, trees):
            command += ["--perms", "0755", "--dir", path]
    sources = []
    for path in trees:
        sources.append(path)
        command += ["--ro-bind", f"@{path}", path]
    for path in _MERGED:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            sources.append(path)
            command += ["--ro-bind", f"@{path}", path]
    for target, place in links:
        command += ["--symlink", target, place]
    for path in _masks(trees):
        command += ["--tmpfs", path, "--remount-ro", path]
    if data:
        sources.append(data)
        command += ["--ro-bind", f"@{data}", "/release-data"]
    for name, value in environment(True).items():
        command += ["--setenv", name, value]
    command += ["--chdir", "/", "--remount-ro", "/dev", "--remount-ro", "/", "--"]
    cover_tmp = not any(_below(path, ["/tmp"]) for path in trees)
    return command + _warm(control, True, modules, extra), sources, cover_tmp


def _unprivileged() -> tuple[int, int]:
    """Return the user and group that root becomes before anything of the sandbox starts."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65_534, 65_534
    return (entry.pw_uid, entry.pw_gid) if entry.pw_uid else (65_534, 65_534)


def plan(release: Path, walls: bool, control: int, modules: tuple[str, ...]) -> tuple[list[str], dict[str, Any]]:
    """Return the command of the warm process, and what its jobs must know; raise Refused with what is missing."""
    folder = Path(release).resolve() / "data"
    data = str(folder) if folder.is_dir() else ""
    if not walls:
        _, _, extra = _interpreter()
        return _warm(control, False, modules, extra), {"data": data, "cover_tmp": False}
    if sys.platform != "linux":
        raise Refused(f"The sandbox needs Linux, this is {sys.platform}: grade on Linux, {_ADVICE}.")
    if not known():
        raise Refused(
            f"The sandbox knows the system calls of x86-64 and aarch64, not of {os.uname().machine}: {_ADVICE[3:]}."
        )
    program = shutil.which("bwrap")
    if program is None:
        raise Refused(
            f"The sandbox needs bubblewrap (bwrap): install it (Debian, Ubuntu: apt install bubblewrap), {_ADVICE}."
        )
    _out_of_sight(Path(release))
    command, sources, cover_tmp = _bubblewrap(os.path.abspath(program), data, control, modules)
    if os.geteuid() == 0:
        _readable_by_others(data)
        user, group = _unprivileged()
        given = json.dumps({"command": command, "sources": sources, "uid": user, "gid": group})
        command = [sys.executable, "-I", "-S", str(HERE / "stage.py"), given]
    else:
        command = [part.removeprefix("@") for part in command]
    return command, {"data": data, "cover_tmp": cover_tmp}


def _out_of_sight(release: Path) -> None:
    """Refuse a course below a tree that submissions may read: with it they could read gradebook and submissions."""
    trees = [*_interpreter()[0], *_MERGED]
    for path in (os.path.abspath(release), str(release.resolve())):
        seen = next((tree for tree in trees if _below(path, [tree])), None)
        if seen:
            raise Refused(
                f"Submissions may read all of {seen}, and this course lies in it ({path}): "
                f"move the course folder elsewhere (below a home folder or /srv, say), {_ADVICE}."
            )


def _readable_by_others(data: str) -> None:
    for folder, _, names in os.walk(data):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            if os.path.exists(path) and not os.stat(path).st_mode & 0o004:
                raise Refused(
                    f"The sandbox's unprivileged user cannot read {path}: make it readable (chmod -R a+rX {data})."
                )


def refusal(told: str) -> str:
    """Return what to do about a sandbox that did not start, given what the starting programs said."""
    if "unreachable:" in told:
        path = told.split("unreachable:", 1)[1].split("\n")[0].strip()
        return (
            f"The sandbox's unprivileged user cannot reach {path}: run the grader as an ordinary user, "
            f"or install the environment where everybody may read it, {_ADVICE}."
        )
    if "namespace" in told or "uid map" in told or "unshare" in told or "uid_map" in told:
        return (
            f"The sandbox needs unprivileged user namespaces, which this machine refuses ({told.strip()[-200:]}): "
            "allow them (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces > 0, "
            f"kernel.apparmor_restrict_unprivileged_userns=0; in Docker another seccomp profile), {_ADVICE}."
        )
    return f"The sandbox did not start ({told.strip()[-600:] or 'no reason given'}): see docs/security.md, {_ADVICE}."
