"""Run a command as other machines would let it run: `python emulation.py PLAN COMMAND ...`, with the plan as JSON.

`show`: folders that everybody shall reach, although they may lie in a folder of root's. `namespaces`: "docker" refuses
what Docker's default profile refuses, and leaves root its fourteen capabilities; "ubuntu" lets bubblewrap start and its
children make no namespaces; "none" sets max_user_namespaces to 0. `user`: whom root becomes at the end.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

# What Docker's default profile refuses without further capabilities; by name: (x86-64, aarch64).
DOCKER = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "bpf": (321, 280),
    "perf_event_open": (298, 241), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "quotactl": (179, 60), "kexec_load": (246, 104), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "acct": (163, 89), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "kcmp": (312, 272), "vhangup": (153, 58), "syslog": (103, 116), "fanotify_init": (300, 262),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
}  # fmt: skip
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_UNSHARE, _CLONE, _CLONE3 = (272, 97), (56, 220), (435, 435)
_NEW_NAMESPACES, _NEW_PID, _NEW_NS, _NEW_USER = 0x7E020000, 0x20000000, 0x00020000, 0x10000000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
# The fourteen capabilities that Docker leaves to root.
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
_BIND, _REC, _PRIVATE = 4096, 16384, 1 << 18

libc = ctypes.CDLL(None, use_errno=True)


def must(result: int, what: str) -> None:
    """Raise OSError where a call did not succeed: an emulation that is none would prove nothing."""
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _filter(lines: list[bytes]) -> None:
    machine = os.uname().machine
    start = [_line(_LOAD, 4), _line(_EQUAL, ARCHITECTURE[machine], 1, 0), _line(_RETURN, _ALLOW), _line(_LOAD, 0)]
    whole = [*start, *lines, _line(_RETURN, _ALLOW)]
    program = b"".join(whole)
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(whole), ctypes.addressof(buffer)), 16)
    # Without "no new privileges", as in a container: that takes root; an ordinary user must promise it.
    if os.geteuid() != 0:
        must(libc.prctl(38, ctypes.c_ulong(1), 0, 0, 0), "no_new_privs")
    must(libc.prctl(22, ctypes.c_ulong(2), ctypes.byref(filter_), 0, 0), "seccomp")


def _if_any(numbers: tuple[int, int], bits: int) -> list[bytes]:
    """Refuse a call whose first argument has one of the bits."""
    number = numbers[0 if os.uname().machine == "x86_64" else 1]
    refused = _line(_RETURN, _ERRNO | errno.EPERM)
    return [
        _line(_EQUAL, number, 0, 4),
        _line(_LOAD, 16),
        _line(_ANY_BIT, bits, 0, 1),
        refused,
        _line(_RETURN, _ALLOW),
    ]


def docker() -> None:
    """Refuse what Docker's default profile refuses, and give up the capabilities that it takes from root."""
    column = 0 if os.uname().machine == "x86_64" else 1
    lines = []
    for numbers in DOCKER.values():
        lines += [_line(_EQUAL, numbers[column], 0, 1), _line(_RETURN, _ERRNO | errno.EPERM)]
    lines += [_line(_EQUAL, _CLONE3[column], 0, 1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
    _filter([*lines, *_if_any(_CLONE, _NEW_NAMESPACES)])
    if os.geteuid() == 0:
        for capability in range(64):
            if capability not in KEPT:
                libc.prctl(24, ctypes.c_ulong(capability), 0, 0, 0)


def ubuntu() -> None:
    """Let bubblewrap make its namespaces, and refuse those that its children ask for."""
    _filter(_if_any(_UNSHARE, _NEW_PID))


def no_namespaces() -> None:
    """Enter a user namespace of the same users in which no further one can be made."""
    asked, answered = os.pipe(), os.pipe()
    parent = os.getpid()
    helper = os.fork() if os.geteuid() == 0 else 0
    if os.geteuid() == 0 and helper == 0:
        # Only from outside may all users be mapped.
        os.read(asked[0], 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{parent}/{name}").write_text("0 0 4294967295")
        os.write(answered[1], b"x")
        os._exit(0)
    user, group = os.getuid(), os.getgid()
    must(libc.unshare(_NEW_USER), "unshare(user)")
    if helper:
        os.write(asked[1], b"x")
        os.read(answered[0], 1)
        os.waitpid(helper, 0)
    else:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    for descriptor in (*asked, *answered):
        os.close(descriptor)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def show(paths: list[str]) -> None:
    """Let everybody reach these folders, in a mount namespace of this process; whatever else hides them stays hidden."""
    covered: dict[Path, list[Path]] = {}
    for path in map(Path, paths):
        shut = next((one for one in [*reversed(path.parents), path] if not one.stat().st_mode & 0o001), None)
        if shut == path:
            raise PermissionError(f"{path} is closed itself: chmod o+rx")
        if shut is not None:
            covered.setdefault(shut, []).append(path)
    if not covered:
        return
    here = Path.cwd()
    must(libc.unshare(_NEW_NS), "unshare(mount)")
    must(libc.mount(b"none", b"/", None, ctypes.c_ulong(_REC | _PRIVATE), None), "mount /")
    for shut, below in covered.items():
        handles = [os.open(path, os.O_PATH) for path in below]
        must(libc.mount(b"tmpfs", bytes(shut), b"tmpfs", ctypes.c_ulong(0), b"mode=0755,size=64k"), f"mount {shut}")
        for path, handle in zip(below, handles, strict=True):
            path.mkdir(parents=True, exist_ok=True)
            source = f"/proc/self/fd/{handle}".encode()
            must(libc.mount(source, bytes(path), None, ctypes.c_ulong(_BIND | _REC), None), f"mount {path}")
            os.close(handle)
    os.chdir(here if here.exists() else "/")


def become(user: int) -> None:
    """Become that user, who has no groups beside his own."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def confine(plan: dict[str, Any]) -> None:
    """Carry out the plan on this process and on all that it starts."""
    os.umask(0o022)
    if plan.get("show"):
        show(plan["show"])
    if plan.get("namespaces"):
        {"docker": docker, "ubuntu": ubuntu, "none": no_namespaces}[plan["namespaces"]]()
    if plan.get("user"):
        become(plan["user"])


if __name__ == "__main__":
    confine(json.loads(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
