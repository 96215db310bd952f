"""The system calls a notebook does not need, as a seccomp program; no library is asked."""

from __future__ import annotations

import errno
import functools
import os
import struct

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# name: (x86-64, aarch64); None where the architecture has no such call.
_DENIED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "shmdt": (67, 197), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "perf_event_open": (298, 241), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "setns": (308, 268), "unshare": (272, 97), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "acct": (163, 89),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18), "syslog": (103, 116), "fanotify_init": (300, 262), "pidfd_getfd": (438, 438),
    "kcmp": (312, 272), "personality": (135, 92), "modify_ldt": (154, None), "iopl": (172, None),
    "ioperm": (173, None), "vhangup": (153, 58), "uselib": (134, None), "fork": (57, None), "vfork": (58, None),
    "execve": (59, 221), "execveat": (322, 281), "vmsplice": (278, 75), "flock": (73, 32), "inotify_init": (253, None),
    "inotify_init1": (294, 26),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKETPAIR, _FCNTL = (56, 220), (435, 435), (53, 199), (72, 25)
# Get, set and wait for a lock, of a process and of an open file: two submissions could talk by locks on one data file.
_LOCKS = (5, 6, 7, 36, 37, 38)
_CLONE_THREAD, _AF_UNIX, _X32 = 0x00010000, 1, 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24


def known() -> bool:
    """Return whether this machine's system calls are known here."""
    return os.uname().machine in _ARCH


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


@functools.cache
def program() -> bytes:
    """Return the filter: EPERM for what is denied, ENOSYS for clone3, clone for threads, local socketpairs, no locks."""
    machine = os.uname().machine
    column = 0 if machine == "x86_64" else 1
    lines = [_line(_LOAD, _ARCHITECTURE), _line(_EQUAL, _ARCH[machine], 1, 0), _line(_RETURN, _KILL)]
    lines.append(_line(_LOAD, _NUMBER))
    if machine == "x86_64":
        lines += [_line(_AT_LEAST, _X32, 0, 1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
    lines += [_line(_EQUAL, _CLONE3[column], 0, 1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, _ERRNO | errno.EPERM)]
    lines += [_line(_EQUAL, _FCNTL[column], 0, 2 + 2 * len(_LOCKS)), _line(_LOAD, _SECOND_ARGUMENT)]
    for lock in _LOCKS:
        lines += [_line(_EQUAL, lock, 0, 1), _line(_RETURN, _ERRNO | errno.EPERM)]
    lines += [
        _line(_RETURN, _ALLOW),
        _line(_EQUAL, _CLONE[column], 0, 4),
        _line(_LOAD, _FIRST_ARGUMENT),
        _line(_ANY_BIT, _CLONE_THREAD, 0, 1),
        _line(_RETURN, _ALLOW),
        _line(_RETURN, _ERRNO | errno.EPERM),
        _line(_EQUAL, _SOCKETPAIR[column], 0, 4),
        _line(_LOAD, _FIRST_ARGUMENT),
        _line(_EQUAL, _AF_UNIX, 0, 1),
        _line(_RETURN, _ALLOW),
        _line(_RETURN, _ERRNO | errno.EPERM),
        _line(_RETURN, _ALLOW),
    ]
    return b"".join(lines)
