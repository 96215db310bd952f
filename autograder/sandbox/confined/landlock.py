"""Landlock around a child, where namespaces cannot be had: files by rules, everything else by the system call filter.

What it leaves open: names and sizes of files can be asked (`stat`). See docs/security.md.
"""

# Paths of the kernel: no pathlib here.
# ruff: noqa: PTH102, PTH112, PTH118, PTH211

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from ..limits import Limits
from . import kernel
from .kernel import WallError, libc, must
from .seccomp import program, stricter

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FIRST = (1 << 13) - 1
_TCP = 3
_SCOPES = 3
_DEEPEST = 64
# What may be read and written whatever the release says: devices without a memory.
_DEVICES = {
    "/dev/null": _READ_FILE | _WRITE_FILE | _TRUNCATE,
    "/dev/zero": _READ_FILE,
    "/dev/urandom": _READ_FILE,
    "/dev/random": _READ_FILE,
}


def abi() -> int:
    """Return the version of Landlock that this kernel has, 0 where it has none or refuses it; found by the call alone."""
    return max(0, int(libc.syscall(ctypes.c_long(_CREATE), None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))))


def _files(version: int) -> int:
    """Every right on files that this version can take away."""
    return (
        _FIRST
        | (_REFER if version >= 2 else 0)
        | (_TRUNCATE if version >= 3 else 0)
        | (_IOCTL_DEV if version >= 5 else 0)
    )


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Take from this process all files but these, TCP, and signals and abstract sockets to others; raises WallError."""
    version = abi()
    if not version:
        raise WallError("Landlock cannot be had here")
    handled = _files(version)
    rules = struct.pack("QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(ctypes.c_long(_CREATE), rules, ctypes.c_size_t(size), ctypes.c_uint(0))
    if ruleset < 0:
        raise WallError(f"landlock_create_ruleset: {os.strerror(ctypes.get_errno())}")
    try:
        for path in readable:
            _allow(ruleset, path, _EXECUTE | _READ_FILE | _READ_DIR)
        for path in writable:
            _allow(ruleset, path, handled & ~(_EXECUTE | _IOCTL_DEV))
        for path, rights in _DEVICES.items():
            _allow(ruleset, path, rights & handled)
        must(libc.syscall(ctypes.c_long(_RESTRICT), ruleset, ctypes.c_uint(0)), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not os.path.isdir(path):
            rights &= _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = struct.pack("=Qi", rights, place)
        must(
            libc.syscall(ctypes.c_long(_ADD), ruleset, _PATH_BENEATH, rule, ctypes.c_uint(0)),
            f"Landlock rule for {path}",
        )
    finally:
        os.close(place)


def _leave(*_: object) -> NoReturn:
    # To the end of the block that cleans; its last act is to end this process.
    raise SystemExit


class Landlock:
    """The child reads the interpreter and the data, writes one scratch, starts no process, and meets no other."""

    alone = False

    def __init__(self) -> None:
        """Make nothing yet."""
        self.scratch = ""

    def prepare(self, job: Mapping[str, Any]) -> None:
        """Make the scratch; the process that watches over the child ends with the warm one, and removes it then."""
        signal.signal(signal.SIGTERM, _leave)
        kernel.die_with_parent(signal.SIGTERM)
        self.scratch = tempfile.mkdtemp(prefix="autograder-")
        for name in ("home", "tmp"):
            os.mkdir(os.path.join(self.scratch, name), 0o700)
        if job["data"]:
            os.symlink(job["data"], os.path.join(self.scratch, "home", "data"))

    def enclose(self, limits: Limits, job: Mapping[str, Any]) -> str:
        """Name the child's places; return its home."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._readable = list(job["readable"])
        # Marks on files cannot be set here; honest code sets them in passing when it copies a file.
        shutil.copymode = shutil.copystat = lambda *_, **__: None
        home, tmp = os.path.join(self.scratch, "home"), os.path.join(self.scratch, "tmp")
        os.environ.update(HOME=home, TMPDIR=tmp, MPLCONFIGDIR=tmp)
        return home

    def seal(self, limits: Limits) -> None:
        """Set the limits, give up capabilities, close the files, then the system calls; nothing can be undone."""
        kernel.bound(limits, required=True, counted=False)
        kernel.drop_capabilities()
        restrict(self._readable, [self.scratch])
        # The stricter filter first: afterwards no filter can be added that would widen it.
        kernel.filter_calls(stricter(os.getpid()))
        kernel.filter_calls(program())

    def overdrawn(self, limits: Limits) -> bool:
        """Return whether the scratch holds more bytes or files than it may: it has no quota of its own."""
        size = count = 0
        for folder, folders, names in os.walk(self.scratch):
            count += len(folders) + len(names)
            # Paths that are too long cannot be looked into.
            if folder.count("/") - self.scratch.count("/") > _DEEPEST:
                return True
            for name in names:
                with contextlib.suppress(OSError):
                    size += os.lstat(os.path.join(folder, name)).st_blocks * 512
            if size > limits.scratch_mb << 20 or count > limits.files:
                return True
        return False

    def clean(self) -> None:
        """Remove the scratch, whatever was made of it."""
        if not self.scratch:
            return
        shutil.rmtree(self.scratch, ignore_errors=True)
        if os.path.lexists(self.scratch):
            # Folders too deep for a path.
            subprocess.run(["/bin/rm", "-rf", self.scratch], check=False, stderr=subprocess.DEVNULL)
