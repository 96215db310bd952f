"""Run as a script by root: become an unprivileged user who sees what he must, and start bubblewrap.

An interpreter below a root-only home cannot be reached by the user the sandbox runs as. So the trees are attached
anew in a mount namespace of this process alone; where that is not allowed, they must be reachable as they are.
"""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH102, PTH112, PTH114

from __future__ import annotations

import ctypes
import json
import os
import sys

_NEWNS, _MS_REC, _MS_PRIVATE = 0x00020000, 16384, 1 << 18
_SYS_OPEN_TREE, _SYS_MOVE_MOUNT = 428, 429
_AT_FDCWD, _OPEN_TREE_CLONE, _AT_RECURSIVE, _F_EMPTY_PATH = -100, 1, 0x8000, 4
_PLACES = ("/mnt", "/media", "/srv", "/opt", "/run")


def _check(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attach(sources: list[str]) -> dict[str, str]:
    """Attach each tree below a place that everyone can reach; return where."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = next(path for path in _PLACES if os.path.isdir(path) and not os.path.islink(path))
    _check(libc.unshare(_NEWNS))
    _check(libc.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))
    flags = ctypes.c_uint(_OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC)
    trees = [_check(libc.syscall(ctypes.c_long(_SYS_OPEN_TREE), _AT_FDCWD, path.encode(), flags)) for path in sources]
    _check(libc.mount(b"tmpfs", place.encode(), b"tmpfs", ctypes.c_ulong(0), b"mode=0755,size=64k"))
    found = {}
    for number, (path, tree) in enumerate(zip(sources, trees, strict=True)):
        target = f"{place}/{number}"
        if os.path.isdir(path):
            os.mkdir(target, 0o755)
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        number_ = ctypes.c_uint(_F_EMPTY_PATH)
        _check(libc.syscall(ctypes.c_long(_SYS_MOVE_MOUNT), tree, b"", _AT_FDCWD, target.encode(), number_))
        found[path] = target
    return found


def main() -> None:
    """Read the plan from the command line, and become bubblewrap."""
    plan = json.loads(sys.argv[1])
    found = {}
    try:
        if plan["attach"]:
            found = attach(plan["sources"])
    except (OSError, StopIteration) as error:
        print(f"not attached: {error}", file=sys.stderr, flush=True)
    os.chdir("/")
    os.umask(0o022)
    os.setgroups([])
    os.setresgid(plan["gid"], plan["gid"], plan["gid"])
    os.setresuid(plan["uid"], plan["uid"], plan["uid"])
    for path in plan["sources"]:
        if not os.access(found.get(path, path), os.R_OK | (os.X_OK if os.path.isdir(path) else 0)):
            sys.exit(f"unreachable: {path}")
    command = [
        found[part[1:]] if part[:1] == "@" and part[1:] in found else part.removeprefix("@") for part in plan["command"]
    ]
    try:
        os.execv(command[0], command)
    except OSError:
        sys.exit(f"unreachable: {command[0]}")


if __name__ == "__main__":
    main()
