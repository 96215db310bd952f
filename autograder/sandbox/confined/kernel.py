"""Calls of the kernel that every tier needs: limits, descriptors, capabilities, the filter of system calls."""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH123

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from typing import Any

from ..limits import Limits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECCOMP = 1, 4, 24, 22
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _CLEAR_ALL = 38, 47, 4

libc = ctypes.CDLL(None, use_errno=True)


class WallError(Exception):
    """A wall could not be raised; the message names the call and the errno."""


def must(result: int, what: str) -> None:
    """Raise WallError, with the reason of the kernel, where a call did not succeed."""
    if result != 0:
        raise WallError(f"{what}: {os.strerror(ctypes.get_errno())}")


def _prctl(option: int, *values: int) -> int:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return int(libc.prctl(option, *padded))


def die_with_parent(told: signal.Signals = signal.SIGKILL) -> None:
    """Let the kernel end this process, by this signal, when its parent's thread ends."""
    _prctl(_PR_SET_PDEATHSIG, told)


def hide_memory(hidden: bool) -> None:
    """Make this process (un)traceable by others of the same user."""
    _prctl(_PR_SET_DUMPABLE, 0 if hidden else 1)


def bound(limits: Limits, *, required: bool, counted: bool) -> None:
    """Set the resource limits, soft and hard alike; `counted`: nobody else's processes count as this user's.

    Raises OSError where one cannot be set that is `required`.
    """
    cpu = int(limits.submission_seconds) + 2
    wanted = {
        resource.RLIMIT_AS: (_address_space() + limits.memory_mb) << 20,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: limits.file_mb << 20,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if counted:
        wanted[resource.RLIMIT_NPROC] = limits.threads
    if required:
        wanted[resource.RLIMIT_MEMLOCK] = 1 << 16
        with contextlib.suppress(AttributeError):
            wanted[resource.RLIMIT_MSGQUEUE] = 0
    for name, value in wanted.items():
        ceiling = resource.getrlimit(name)[1]
        least = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        with contextlib.nullcontext() if required else contextlib.suppress(OSError):
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


def drop_capabilities() -> None:
    """Give up every capability, and with it every way to get one; there is no way back."""
    last = 0
    while _prctl(_PR_CAPBSET_DROP, last) == 0:
        last += 1
    _prctl(_PR_CAP_AMBIENT, _CLEAR_ALL)
    header = struct.pack("Ii", 0x20080522, 0)
    must(libc.capset(header, struct.pack("6I", 0, 0, 0, 0, 0, 0)), "capset")
    must(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")


def filter_calls(program: bytes) -> None:
    """Let a seccomp program decide about every further system call of this process."""
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    argument: Any = ctypes.create_string_buffer(filter_, len(filter_))
    must(_prctl(_PR_SET_SECCOMP, 2, ctypes.addressof(argument)), "seccomp")
