"""Namespaces of a child's own: no other process, no network, a read-only world with one small scratch."""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH102, PTH112, PTH123

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Mapping
from typing import Any

from ..limits import Limits
from . import kernel
from .kernel import WallError, libc, must
from .seccomp import program

_CLONE = {
    "user": 0x10000000,
    "pid": 0x20000000,
    "mnt": 0x00020000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
}
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_AT_FDCWD, _AT_RECURSIVE, _SYS_MOUNT_SETATTR = -100, 0x8000, 442
_INNER_ID = 1000
SCRATCH = "/scratch"
HOME = f"{SCRATCH}/home"


class Namespaces:
    """The child is pid 1 of namespaces of its own: its end is the end of all that it started."""

    alone = True

    def prepare(self, job: Mapping[str, Any]) -> None:
        """Enter the namespaces; the next fork is their pid 1."""
        kernel.die_with_parent()
        kernel.hide_memory(False)
        _separate()
        kernel.die_with_parent()

    def enclose(self, limits: Limits, job: Mapping[str, Any]) -> str:
        """Give pid 1 a read-only world, an empty scratch and no /proc; return its home."""
        _enclose(limits, job)
        os.environ.update(HOME=HOME, TMPDIR=f"{SCRATCH}/tmp", MPLCONFIGDIR=f"{SCRATCH}/tmp")
        return HOME

    def seal(self, limits: Limits) -> None:
        """Set the limits, then give up capabilities and the system calls that a notebook does not need."""
        kernel.bound(limits, required=True, counted=True)
        kernel.drop_capabilities()
        kernel.filter_calls(program())

    def overdrawn(self, limits: Limits) -> bool:
        """Return whether the scratch holds more than it may: its file system sees to that."""
        return False

    def clean(self) -> None:
        """Remove what `prepare` made: the kernel does."""


def _separate() -> None:
    """Enter namespaces of its own, under a user id that is not 0 there either; the next fork is their pid 1."""
    user, group = os.getuid(), os.getgid()
    flags = 0
    for flag in _CLONE.values():
        flags |= flag
    must(libc.unshare(flags), "unshare(user, pid, mnt, net, ipc, uts)")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INNER_ID} {user} 1"),
        ("gid_map", f"{_INNER_ID} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        except OSError as error:
            raise WallError(f"writing {name}: {error.strerror}") from None


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    result = libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    must(result, f"mount {target}")


def _write(path: str, text: str) -> None:
    """Write a kernel setting where this kernel has it; best effort."""
    with contextlib.suppress(OSError), open(path, "w") as file:
        file.write(text)


def _enclose(limits: Limits, job: Mapping[str, Any]) -> None:
    """Give pid 1 a read-only world with one small scratch, and no /proc. Still trusted code."""
    _write("/proc/self/oom_score_adj", "1000")
    _write("/proc/sys/kernel/pid_max", str(max(limits.threads + 300, 301)))
    for kind in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"):
        _write(f"/proc/sys/user/max_{kind}_namespaces", "0")
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    attributes = struct.pack("QQQQ", _MS_RDONLY | _MS_NOSUID, 0, 0, 0)
    result = libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR), _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes)
    )
    must(result, "mount_setattr(/, read-only)")
    size = f"size={limits.scratch_mb}m,nr_inodes={limits.files},mode=0755"
    _mount("tmpfs", SCRATCH, "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    for name in ("home", "tmp", "shm"):
        os.mkdir(f"{SCRATCH}/{name}", 0o755)
    _mount(f"{SCRATCH}/tmp", "/tmp", "", _MS_BIND)
    if os.path.isdir("/dev/shm"):
        _mount(f"{SCRATCH}/shm", "/dev/shm", "", _MS_BIND)
    if job["data"]:
        os.mkdir(f"{HOME}/data", 0o755)
        _mount(job["data"], f"{HOME}/data", "", _MS_BIND)
    _mount("tmpfs", "/proc", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, "size=4k,nr_inodes=2,mode=0555")
