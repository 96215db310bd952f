"""What code behind the walls tries against them, one short cell each; run as a script it says what came of them.

`python -m tests.hostile.walls COURSE TIER ABI`: starts one sandbox, tries everything in it, and prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

from autograder.sandbox import Cell, Limits, Outcome, Sandbox, Session, open_sandbox
from autograder.sandbox.machine import readings
from autograder.sandbox.tiers import best, warm_process

LIMITS = Limits(
    cell_seconds=4, call_seconds=1, submission_seconds=20, memory_mb=256, scratch_mb=16, file_mb=8, files=200, threads=8
)
_CALL = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def _call(expression: str) -> str:
    """A cell that makes a call of the C library, and raises where the kernel refuses it."""
    return f"{_CALL}if libc.{expression} < 0: raise OSError(ctypes.get_errno(), 'refused')"


# @SECRET@ is a file of the course, @COURSE@ its folder, @GRADER@ the number of the grader's process.
REFUSED = {
    "fork": "import os; os.fork()",
    "spawn": "import subprocess; subprocess.run(['/bin/true'])",
    "shell": "import os; assert os.system('true') == 0",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "multiprocessing": "import multiprocessing as m; p = m.Process(target=print); p.start()",
    "tcp": "import socket; socket.create_connection(('127.0.0.1', 80), 1)",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "udp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "datagram pair": "import socket; socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "netlink": "import socket; socket.socket(16, 3, 0)",
    "vsock": "import socket; socket.socket(40, 1, 0)",
    "names": "import socket; socket.gethostbyname('example.org')",
    "write root": "open('/x', 'w')",
    "write usr": "open('/usr/x', 'w')",
    "write packages": "import numpy; open(numpy.__file__, 'a')",
    "write data": "open('data/numbers.txt', 'a')",
    "truncate data": "import os; os.truncate('data/numbers.txt', 0)",
    "new data": "open('data/more.txt', 'w')",
    "replace data": "import os; os.rename(os.path.realpath('data') + '/numbers.txt', 'x')",
    "remove data": "import os; os.unlink('data/numbers.txt')",
    "mark data": "import os; os.chmod('data/numbers.txt', 0o777)",
    "age data": "import os; os.utime('data/numbers.txt', (1, 1))",
    "attribute of data": "import os; os.setxattr('data/numbers.txt', 'user.x', b'1')",
    "write dev": "open('/dev/x', 'w')",
    "write proc": "open('/proc/x', 'w')",
    "kernel setting": "open('/proc/sys/kernel/core_pattern', 'w')",
    "proc self": "open('/proc/self/status')",
    "proc of the grader": "open('/proc/@GRADER@/environ', 'rb')",
    "memory of the grader": "open('/proc/@GRADER@/mem', 'rb')",
    "secret": "open('/release-data/../secret.txt')",
    "secret by path": "open('@SECRET@')",
    "secret by link": "import os; os.symlink('@SECRET@', 'link'); open('link')",
    "secret by hard link": "import os; os.link('@SECRET@', 'hard'); open('hard')",
    "secret copied": "import shutil; shutil.copy('@SECRET@', 'copy')",
    "secret written": "open('@SECRET@', 'r+')",
    "secret replaced": "import os; open('new', 'w').close(); os.rename('new', '@SECRET@')",
    "secret taken": "import os; os.rename('@SECRET@', 'taken')",
    "secret removed": "import os; os.unlink('@SECRET@')",
    "secret truncated": "import os; os.truncate('@SECRET@', 0)",
    "secret marked": "import os; os.chmod('@SECRET@', 0o777)",
    "secret aged": "import os; os.utime('@SECRET@', (1, 1))",
    "course listed": "import os; os.listdir('@COURSE@')",
    "course watched": _call("inotify_init1(0)"),
    "folder in the course": "import os; os.mkdir('@COURSE@/new')",
    "passwords": "open('/etc/shadow')",
    "file too large": "open('big', 'wb').write(b'x' * (9 << 20))",
    "memory": "x = bytearray(1 << 30)",
    "locked memory": _call("mlock(ctypes.create_string_buffer(1 << 22), 1 << 22)"),
    "signal parent": "import os, signal; os.kill(os.getppid() or 2, signal.SIGKILL)",
    "signal the grader": "import os, signal; os.kill(@GRADER@, signal.SIGUSR1)",
    "signal all": "import os, signal; os.kill(-1, signal.SIGKILL)",
    "handle of the grader": "import os; os.pidfd_open(@GRADER@)",
    "priority of the grader": "import os; os.setpriority(os.PRIO_PROCESS, @GRADER@, 19)",
    "cores of the grader": "import os; os.sched_setaffinity(@GRADER@, {0})",
    "schedule of the grader": "import os; os.sched_setscheduler(@GRADER@, os.SCHED_IDLE, os.sched_param(0))",
    "limits of the grader": "import resource as r; r.prlimit(@GRADER@, r.RLIMIT_NOFILE, (9, 9))",
    "traced grader": _call("ptrace(16, @GRADER@, 0, 0)"),
    "events to the grader": "import fcntl; fcntl.fcntl(3, fcntl.F_SETOWN, @GRADER@)",
    "events to a group": "import fcntl, struct; fcntl.ioctl(3, 0x8901, struct.pack('i', -@GRADER@))",
    "memfd": "import os; os.memfd_create('x')",
    "message queue": _call("mq_open(b'/hostile', 0o102, 0o600, None)"),
    "raise limits": "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 40, 1 << 40))",
    "become root": "import os; os.setuid(0)",
    "new groups": "import os; os.setgroups([0])",
    "chroot": "import os; os.chroot('.')",
    "host name": "import socket; socket.sethostname('hostile')",
    "clock": "import time; time.clock_settime(time.CLOCK_REALTIME, 0)",
    "device": "import os, stat; os.mknod('d', 0o666 | stat.S_IFBLK, os.makedev(8, 0))",
    "file lock": "import fcntl; fcntl.flock(open('data/numbers.txt'), fcntl.LOCK_SH)",
    "range lock": "import fcntl; fcntl.lockf(open('data/numbers.txt'), fcntl.LOCK_SH)",
    "lease": "import fcntl; fcntl.fcntl(open('data/numbers.txt'), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "folder watched": "import fcntl, os; fcntl.fcntl(os.open('data', os.O_RDONLY), fcntl.F_NOTIFY, 1 | 1 << 31)",
    "threads": "import threading, time\nfor _ in range(50): threading.Thread(target=time.sleep, args=(1,)).start()",
}
# By the numbers of x86-64.
RAW = {
    "ptrace": 101, "unshare": 272, "mount": 165, "shmget": 29, "bpf": 321, "io_uring_setup": 425, "clone3": 435, "flock": 73,
    "inotify_init1": 294, "userfaultfd": 323, "keyctl": 250, "setns": 308, "vfork": 58, "process_vm_readv": 310,
    "semget": 64, "msgget": 68, "perf_event_open": 298, "fanotify_init": 300, "open_by_handle_at": 304, "quotactl": 179,
    "a call of the future": 999,
}  # fmt: skip
_DENIED = f"""{_CALL}
found = []
for number in {[*RAW.values(), 0x40000000 + 41]}:
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 5)
    found.append((result, ctypes.get_errno()))
"""
_HELD = """
import os, sys
open_ones = []
for number in range(64):
    try: os.fstat(number); open_ones.append(number)
    except OSError: pass
found = {
    'modules': [n for n, m in sys.modules.items() if m and n.split('.')[0] in ('autograder', 'solutions')],
    'environment': sorted(os.environ), 'descriptors': open_ones, 'arguments': sys.argv, 'user': os.getuid(),
    'home': os.listdir('.'),
}
"""
_SEEN = """
import os
def answers(act):
    try: act()
    except OSError as error: return error.errno == 1 or error.errno == 13
    return True
found = {
    'secret': answers(lambda: os.stat('@SECRET@')), 'nothing': answers(lambda: os.stat('@SECRET@.not')),
    'grader': answers(lambda: os.getpgid(@GRADER@)),
}
"""
_BOMBS = {
    "bytes": "for n in range(1000):\n    with open(f'{n}.bin', 'wb') as file: file.write(b'x' * (4 << 20))\n    time.sleep(0.01)",
    "files": "for n in range(100_000): open(f'{n}.txt', 'w').close()\nwhile True: time.sleep(0.1)",
    "folders": "for n in range(100_000):\n    os.mkdir('deeper'); os.chdir('deeper')\nwhile True: time.sleep(0.1)",
}
_KILL = "import os, signal\nfor p in (-1, 0, 1, os.getppid()):\n    try: os.kill(p, signal.SIGKILL)\n    except OSError: pass"
_HONEST = """
import csv, json, shutil, tempfile
import numpy as np
with open('data/numbers.txt') as file: numbers = [int(part) for part in file.read().split()]
np.save('kept.npy', np.arange(6.0)); shutil.copy('kept.npy', 'again.npy')
with tempfile.TemporaryDirectory() as folder: open(folder + '/x', 'w').close()
found = [numbers, float(np.load('again.npy').sum()), float(np.linalg.norm(np.eye(3)))]
"""


def run(session: Session, source: str) -> Outcome:
    """Run one cell."""
    return session.run([Cell("cell", textwrap.dedent(source))])[0]


def tell(session: Session, source: str) -> Any:
    """Run a cell that leaves its finding in `found`."""
    outcome = run(session, source)
    assert outcome.status == "ran", outcome
    return session.read(["found"])[0].value


def filled(source: str, secret: Path) -> str:
    """The source with what an attacker may know: where the course lies, and which process the grader is."""
    known = {"@SECRET@": secret, "@COURSE@": secret.parent, "@GRADER@": os.getpid()}
    for mark, value in known.items():
        source = source.replace(mark, str(value))
    return source


def course(folder: Path) -> Path:
    """A release with data below a folder, and beside it a file that is none of a submission's business."""
    release = folder / "release"
    (release / "data").mkdir(parents=True)
    (release / "data" / "numbers.txt").write_text("1 2 3")
    (folder / "secret.txt").write_text("hidden")
    return release


def _tried(sandbox: Sandbox, secret: Path, mark: str) -> dict[str, Any]:
    found: dict[str, Any] = {"refused": {}, "bombs": {}}
    # In one child, which must outlive them all.
    with sandbox.session() as session:
        for name, source in REFUSED.items():
            outcome = run(session, filled(source, secret))
            found["refused"][name] = [outcome.status, outcome.error, run(session, "x = 1").status]
    with sandbox.session() as session:
        found["honest"] = tell(session, _HONEST)
        found["denied"] = tell(session, _DENIED)
        found["held"] = tell(session, _HELD)
        found["seen"] = tell(session, filled(_SEEN, secret))
    for name, source in _BOMBS.items():
        with sandbox.session() as session:
            found["bombs"][name] = run(session, f"import os, time\nopen({mark!r}, 'w').close()\n{source}").status
    with sandbox.session() as session:
        found["memory bomb"] = run(session, "x = []\nwhile True: x.append(bytearray(1 << 20))").error
        found["after it"] = tell(session, "x = None\nfound = 1")
        found["kill"] = run(session, _KILL).status
        found["segfault"] = run(session, "import ctypes; ctypes.string_at(0)").detail
    found["alive"] = sandbox._host.alive()
    return found


def _milliseconds(sandbox: Sandbox, times: int = 20) -> float:
    """What one submission costs that does nothing: the median of some."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        with sandbox.session() as session:
            run(session, "x = 1")
        took.append(time.perf_counter() - start)
    return round(1000 * sorted(took)[times // 2], 1)


def main(folder: str, tier: str, version: str) -> None:
    """Try everything; `version` is the highest of Landlock that the child shall know of, 0 for any."""
    if int(version):
        whole = json.loads(warm_process.runtime())
        name = "sandbox_runtime.confined.landlock"
        whole[name][0] += f"\nabi = lambda: {int(version)}\n"
        warm_process.runtime = lambda: json.dumps(whole).encode()
    secret = Path(folder) / "secret.txt"
    mark = f"nobody_{os.getpid()}_walls"
    with open_sandbox(Path(folder) / "release", walls=tier, limits=LIMITS, preload=[mark]) as sandbox:
        found = _tried(sandbox, secret, mark) if not os.environ.get("ONLY_WAIT") else {}
        if found:
            found["milliseconds"] = _milliseconds(sandbox)
        else:
            session = sandbox.session()
            session.__enter__()
            print(mark, flush=True)
            session.run([Cell("x", f"open('{mark}', 'w').close()\nimport time\nwhile True: time.sleep(1)")])
    found |= {"tier": tier or best().name, "secret": secret.read_text(), "user": os.getuid()}
    found["doctor"] = {one.name: one.found for one in readings()}
    found["left"] = len([*Path(tempfile.gettempdir()).glob(f"autograder-*/home/{mark}")])
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
