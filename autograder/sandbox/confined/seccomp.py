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
# Get, set and wait for a lock, of a process and of an open file, a lease, a notification (F_SETLEASE, F_NOTIFY): two
# submissions could talk by them over one data file.
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1026)
_CLONE_THREAD, _AF_UNIX, _X32 = 0x00010000, 1, 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_AND, _GREATER = 0x54, 0x25


# The last call that the kernel had when this list was made: what came later is answered as an older kernel would.
_HIGHEST = 469
# Beside those above, where no namespace stands between a child and others of its user.
_DENIED_BESIDE: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "truncate": (76, 45),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122), "sched_setattr": (314, 274),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "connect": (42, 203), "bind": (49, 200),
    "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "mq_unlink": (241, 181), "open_tree_attr": (467, 467),
}  # fmt: skip
_KILL_CALL, _TGKILL, _PRLIMIT, _PRCTL, _IOCTL = (62, 129), (234, 131), (302, 261), (157, 167), (16, 29)
# Who is told of a descriptor's events, and by which signal: signals to others by another way.
_OWNERS = (8, 10, 15)
_PR_SET_PDEATHSIG, _TIOCSTI, _FIOSETOWN, _SIOCSPGRP = 1, 0x5412, 0x8901, 0x8902
_SOCK_STREAM, _TYPE = 1, 0xF


def known() -> bool:
    """Return whether this machine's system calls are known here."""
    return os.uname().machine in _ARCH


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _start(machine: str) -> list[bytes]:
    """Kill a foreign architecture, refuse the calls of x32, and load the number of the call."""
    lines = [_line(_LOAD, _ARCHITECTURE), _line(_EQUAL, _ARCH[machine], 1, 0), _line(_RETURN, _KILL)]
    lines.append(_line(_LOAD, _NUMBER))
    if machine == "x86_64":
        lines += [_line(_AT_LEAST, _X32, 0, 1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
    return lines


def _by_argument(number: int, place: int, values: tuple[int, ...], listed: int, other: int) -> list[bytes]:
    """For one call: `listed` where an argument is one of the values, otherwise `other`."""
    lines = [_line(_EQUAL, number, 0, 2 + 2 * len(values)), _line(_LOAD, place)]
    for value in values:
        lines += [_line(_EQUAL, value, 0, 1), _line(_RETURN, listed)]
    return [*lines, _line(_RETURN, other)]


def stricter(pid: int) -> bytes:
    """Return the filter that stands in for namespaces: nothing is done to other processes, or to files by their names."""
    machine = os.uname().machine
    column = 0 if machine == "x86_64" else 1
    refused = _ERRNO | errno.EPERM
    lines = _start(machine)
    for numbers in _DENIED_BESIDE.values():
        if (number := numbers[column]) is not None:
            lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, refused)]
    lines += _by_argument(_KILL_CALL[column], _FIRST_ARGUMENT, (pid,), _ALLOW, refused)
    lines += _by_argument(_TGKILL[column], _FIRST_ARGUMENT, (pid,), _ALLOW, refused)
    lines += _by_argument(_PRLIMIT[column], _FIRST_ARGUMENT, (0, pid), _ALLOW, refused)
    lines += _by_argument(_PRCTL[column], _FIRST_ARGUMENT, (_PR_SET_PDEATHSIG,), refused, _ALLOW)
    lines += _by_argument(_FCNTL[column], _SECOND_ARGUMENT, _OWNERS, refused, _ALLOW)
    lines += _by_argument(_IOCTL[column], _SECOND_ARGUMENT, (_TIOCSTI, _FIOSETOWN, _SIOCSPGRP), refused, _ALLOW)
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


@functools.cache
def program() -> bytes:
    """Return the filter: EPERM for what is denied, ENOSYS for clone3, clone for threads, local socketpairs, no locks."""
    machine = os.uname().machine
    column = 0 if machine == "x86_64" else 1
    lines = [*_start(machine), _line(_GREATER, _HIGHEST, 0, 1), _line(_RETURN, _ERRNO | errno.ENOSYS)]
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
        # A pair of datagram sockets could be sent to any socket of this machine that has a name.
        _line(_EQUAL, _SOCKETPAIR[column], 0, 7),
        _line(_LOAD, _FIRST_ARGUMENT),
        _line(_EQUAL, _AF_UNIX, 0, 4),
        _line(_LOAD, _SECOND_ARGUMENT),
        _line(_AND, _TYPE),
        _line(_EQUAL, _SOCK_STREAM, 0, 1),
        _line(_RETURN, _ALLOW),
        _line(_RETURN, _ERRNO | errno.EPERM),
        _line(_RETURN, _ALLOW),
    ]
    return b"".join(lines)
