"""The walls around one child, in order: namespaces, mounts, limits, capabilities, system calls. Linux only."""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH102, PTH112, PTH123

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from typing import Any

from .limits import Limits
from .seccomp import program

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECCOMP = 1, 4, 24, 22
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _CLEAR_ALL = 38, 47, 4
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
DATA = "/release-data"

_libc = ctypes.CDLL(None, use_errno=True)


class WallError(Exception):
    """A wall could not be raised; the message names the call and the errno."""


def _must(result: int, what: str) -> None:
    if result != 0:
        raise WallError(f"{what}: {os.strerror(ctypes.get_errno())}")


def _prctl(option: int, *values: int) -> int:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return int(_libc.prctl(option, *padded))


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent's thread ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory(hidden: bool) -> None:
    """Make this process (un)traceable by others of the same user."""
    _prctl(_PR_SET_DUMPABLE, 0 if hidden else 1)


def separate() -> None:
    """Enter namespaces of its own, under a user id that is not 0 there either; the next fork is their pid 1."""
    user, group = os.getuid(), os.getgid()
    flags = 0
    for flag in _CLONE.values():
        flags |= flag
    _must(_libc.unshare(flags), "unshare(user, pid, mnt, net, ipc, uts)")
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
    result = _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _must(result, f"mount {target}")


def _write(path: str, text: str) -> None:
    """Write a kernel setting where this kernel has it; best effort."""
    with contextlib.suppress(OSError), open(path, "w") as file:
        file.write(text)


def enclose(limits: Limits, cover_tmp: bool) -> None:
    """Give pid 1 a read-only world with one small scratch, and no /proc. Still trusted code."""
    _write("/proc/self/oom_score_adj", "1000")
    _write("/proc/sys/kernel/pid_max", str(max(limits.threads + 300, 301)))
    for kind in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"):
        _write(f"/proc/sys/user/max_{kind}_namespaces", "0")
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    attributes = struct.pack("QQQQ", _MS_RDONLY | _MS_NOSUID, 0, 0, 0)
    result = _libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR), _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes)
    )
    _must(result, "mount_setattr(/, read-only)")
    size = f"size={limits.scratch_mb}m,nr_inodes={limits.files},mode=0755"
    _mount("tmpfs", SCRATCH, "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    for name in ("home", "tmp", "shm"):
        os.mkdir(f"{SCRATCH}/{name}", 0o755)
    if cover_tmp:
        _mount(f"{SCRATCH}/tmp", "/tmp", "", _MS_BIND)
    if os.path.isdir("/dev/shm"):
        _mount(f"{SCRATCH}/shm", "/dev/shm", "", _MS_BIND)
    if os.path.isdir(DATA):
        os.mkdir(f"{HOME}/data", 0o755)
        _mount(DATA, f"{HOME}/data", "", _MS_BIND)
    _mount("tmpfs", "/proc", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, "size=4k,nr_inodes=2,mode=0555")


def bound(limits: Limits, processes: bool) -> None:
    """Set the resource limits, soft and hard alike."""
    cpu = int(limits.submission_seconds) + 2
    wanted = {
        resource.RLIMIT_AS: (_address_space() + limits.memory_mb) << 20,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: limits.file_mb << 20,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if processes:
        wanted[resource.RLIMIT_NPROC] = limits.threads
        wanted[resource.RLIMIT_MEMLOCK] = 1 << 16
        with contextlib.suppress(AttributeError):
            wanted[resource.RLIMIT_MSGQUEUE] = 0
    for name, value in wanted.items():
        ceiling = resource.getrlimit(name)[1]
        least = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        with contextlib.suppress(OSError) if not processes else contextlib.nullcontext():
            resource.setrlimit(name, (least, least))


def _address_space() -> int:
    """Return what the interpreter already maps, in MB: `memory_mb` is what a submission may add to it."""
    global _mapped
    if _mapped is None:
        try:
            with open("/proc/self/statm") as file:
                _mapped = int(file.read().split()[0]) * resource.getpagesize() >> 20
        except OSError:
            _mapped = 1024
    return _mapped


_mapped: int | None = None


def measure() -> None:
    """Remember the interpreter's own address space while /proc is still there."""
    _address_space()


def close_descriptors(keep: set[int]) -> None:
    """Point 0, 1 and 2 at the null device and close everything else but `keep`."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    last = 3
    for number in sorted(keep):
        os.closerange(last, number)
        last = number + 1
    os.closerange(last, 65_536)


def drop() -> None:
    """Give up every capability and every system call that a notebook does not need; there is no way back."""
    last = 0
    while _prctl(_PR_CAPBSET_DROP, last) == 0:
        last += 1
    _prctl(_PR_CAP_AMBIENT, _CLEAR_ALL)
    header = struct.pack("Ii", 0x20080522, 0)
    _must(_libc.capset(header, struct.pack("6I", 0, 0, 0, 0, 0, 0)), "capset")
    _must(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")
    rules = program()
    buffer = ctypes.create_string_buffer(rules, len(rules))
    filter_ = struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(buffer))
    argument: Any = ctypes.create_string_buffer(filter_, len(filter_))
    _must(_prctl(_PR_SET_SECCOMP, 2, ctypes.addressof(argument)), "seccomp")
